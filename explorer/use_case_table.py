"""The matrix of chips and workloads as HTML: winners first, then every chip."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from html import escape

import numpy as np

from breakeven import presets
from breakeven.explorer.use_cases import WORKLOADS, Row
from breakeven.explorer.words import money, quantity_text
from breakeven.models.scenario import Scenario

WAYS = {
    "build": "own chip at cost",
    "buy": "bought",
    "commit_3yr": "rented, 3 years",
    "commit_1yr": "rented, 1 year",
    "rent": "rented on demand",
}
KINDS = {"asic": "Custom silicon", "gpu": "GPUs", "cpu": "CPUs"}
# Classes of shade: within so many times of the cheapest.
SHADES = (1.15, 1.5, 2.5)


def html(scenario: Scenario, rows: Sequence[Row]) -> str:
    """Both tables, with a word on what they hold."""
    shown = [row for row in rows if np.isfinite(row.cost[:, 0]).any()]
    mine = scenario.presets.get("workload", "")
    return _winners(shown, mine) + _matrix(scenario, shown, mine) + _absent(rows)


def titles() -> list[str]:
    """Short names of the workloads as a reader knows them."""
    names = [presets.label("workloads", name).label for name in WORKLOADS]
    return [name.partition(" (")[0].removesuffix(" automation") for name in names]


def _winners(rows: Sequence[Row], mine: str) -> str:
    """Per workload: the cheapest chip, the cheapest measured one, the most frugal."""
    body = []
    for w, (name, title) in enumerate(zip(WORKLOADS, titles(), strict=True)):
        measured = [row for row in rows if row.measured]
        cells = [
            _best(rows, lambda row, w=w: row.cost[w, 0], _cost(w)),
            _best(measured, lambda row, w=w: row.cost[w, 0], _cost(w)),
            _best(rows, lambda row, w=w: -row.energy[w], _frugal(w)),
        ]
        own = ' class="own"' if name == mine else ""
        said = "".join(f"<td>{cell}</td>" for cell in cells)
        body.append(f'<tr{own}><th scope="row">{escape(title)}</th>{said}</tr>')
    heads = (
        "Use case",
        "Cheapest",
        "Cheapest that was measured",
        "Most tokens per joule",
    )
    head = "".join(f'<th scope="col">{text}</th>' for text in heads)
    return (
        '<div class="scroll"><table class="cases winners"><caption>Which hardware for '
        f"which use case</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(body)}</tbody></table></div>"
    )


def _best(
    rows: Sequence[Row], by: Callable[[Row], float], said: Callable[[Row], str]
) -> str:
    """The row that is best, in words."""
    known = [row for row in rows if math.isfinite(by(row))]
    if not known:
        return "none can do it"
    return said(min(known, key=by))


def _cost(w: int) -> Callable[[Row], str]:
    return lambda row: (
        f"{_name(row)} <b>{money(float(row.cost[w, 0]))}</b> a task "
        f"<small>{_span(row, w)}</small>"
    )


def _frugal(w: int) -> Callable[[Row], str]:
    return lambda row: f"{_name(row)} <b>{quantity_text(float(row.energy[w]))}</b>"


def _name(row: Row) -> str:
    """Name of a chip, marked when nobody has measured it."""
    mark = "" if row.measured else ' <abbr title="not measured">n.m.</abbr>'
    return f"{escape(row.label)}{mark}"


def _span(row: Row, w: int) -> str:
    """Ends of the interval of a cost."""
    low, high = (float(row.cost[w, i]) for i in (1, 2))
    return f"{money(low, 2)}–{money(high, 2)}"


def _matrix(scenario: Scenario, rows: Sequence[Row], mine: str) -> str:
    """Every chip that has a cost, the cheapest of its kind first."""
    best = np.array([[row.cost[w, 0] for w in range(len(WORKLOADS))] for row in rows])
    best = np.where(np.isfinite(best), best, np.inf).min(axis=0)
    used = {groups.chip_name: i for i, groups in enumerate(scenario.options.values())}
    heads = "".join(
        f'<th scope="col"{" class=own" if name == mine else ""}>{escape(title)}</th>'
        for name, title in zip(WORKLOADS, titles(), strict=True)
    )
    body = []
    for kind, title in KINDS.items():
        group = [row for row in rows if row.kind == kind]
        group.sort(key=lambda row: float(np.nanmean(np.log(row.cost[:, 0] / best))))
        body.append(
            f'<tr class="head"><th colspan="{len(WORKLOADS) + 1}">{title}</th></tr>'
        )
        body += [_line(row, best, used.get(row.chip)) for row in group]
    return (
        '<div class="scroll" tabindex="0"><table class="cases matrix"><caption>'
        "Cost of a task, its "
        "interval, and output tokens per joule of the facility</caption><thead><tr>"
        f'<th scope="col">Chip</th>{heads}</tr></thead><tbody>{"".join(body)}</tbody>'
        "</table></div>"
    )


def _line(row: Row, best: np.ndarray, option: int | None) -> str:
    """One chip."""
    own = "" if option is None else f' class="o o{option}"'
    way = WAYS.get(row.way, row.way)
    cells = "".join(_cell(row, w, float(best[w])) for w in range(len(WORKLOADS)))
    return (
        f'<tr><th scope="row"><span{own}>{_name(row)}</span><small>{way}</small></th>'
        f"{cells}</tr>"
    )


def _cell(row: Row, w: int, best: float) -> str:
    """One chip for one workload: cost, interval, tokens per joule, or why not."""
    cost = float(row.cost[w, 0])
    if not math.isfinite(cost):
        return f'<td class="none"><small>{escape(row.reasons[w])}</small></td>'
    shade = next((i for i, most in enumerate(SHADES) if cost <= most * best), 3)
    energy = quantity_text(float(row.energy[w]), 2)
    return (
        f'<td class="s{shade}"><b>{money(cost, 2)}</b>'
        f"<small>{_span(row, w)}</small><small>{energy} tok/J</small></td>"
    )


def _absent(rows: Sequence[Row]) -> str:
    """Chips that no workload has a cost on, with the reason of the first."""
    said = [
        f"{escape(row.label)} ({escape(next(filter(None, row.reasons), 'no cost'))})"
        for row in rows
        if not np.isfinite(row.cost[:, 0]).any()
    ]
    return f"<p class='absent'>Without any cost: {', '.join(said)}.</p>" if said else ""
