"""What a snapshot can be checked by: worked cost, inputs and sources, the scenario."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

from breakeven.explorer.export import to_toml
from breakeven.models.results import Results, limit_name
from breakeven.models.scenario import Scenario
from breakeven.models.trace import worked_cost

_TABLE = ("Input", "Value", "Range", "Status", "Source")


@dataclass(frozen=True)
class Sheet:
    """What stands on the page beside the numbers that move."""

    scenario: Scenario
    results: Results
    version: str
    today: date
    titles: dict[str, str]
    panels: dict[str, str]
    answers: dict[str, str]
    accuracy: str
    messages: tuple[str, ...]


def _number(value: float) -> str:
    if value and not 1e-3 <= abs(value) < 1e15:
        return f"{value:.4g}"
    return f"{value:,.5g}" if abs(value) < 1e5 else f"{value:,.0f}"


def _row(row: dict[str, Any]) -> str:
    value, unit = row["value"], row["unit"]
    said = "not published"
    if value is not None:
        text = _number(value) if isinstance(value, float) else str(value)
        shown = "" if unit in ("1", "choice") else unit
        said = f'{escape(text)} <span class="unit">{escape(shown)}</span>'
    ends = [row["low"], row["high"]]
    span = " to ".join(_number(end) for end in ends) if None not in ends else ""
    source = escape(row["source"])
    if re.match("https?://", row["url"]):
        href = escape(row["url"])
        source = f'<a href="{href}" target="_blank" rel="noopener">{source}</a>'
    when = f" <code>{escape(row['date'])}</code>" if row["date"] else ""
    note = f"<br><small>{escape(row['note'])}</small>" if row["note"] else ""
    status = escape(row["status"])
    badge = escape(row["status"].split(",")[0])
    return (
        f'<tr><td title="{escape(row["doc"])}">{escape(row["label"])}<br>'
        f"<code>{escape(row['name'])}</code></td>"
        f'<td class="v">{said}</td><td class="r">{escape(span)}</td>'
        f'<td><span class="badge {badge}">{status}</span></td>'
        f"<td>{source}{when}{note}</td></tr>"
    )


def _inputs(rows: list[dict[str, Any]]) -> str:
    """Every input with value, unit, range, status, source and note."""
    body, group = [], None
    for row in rows:
        if row["group"] != group:
            group = row["group"]
            head = f'<th colspan="5" scope="rowgroup">{escape(group)}</th>'
            body.append(f'<tr class="head">{head}</tr>')
        body.append(_row(row))
    head = "".join(f'<th scope="col">{name}</th>' for name in _TABLE)
    return (
        '<div class="evidence"><div class="scroll" tabindex="0"><table><thead><tr>'
        f"{head}</tr></thead><tbody>{''.join(body)}</tbody></table></div></div>"
    )


def _worked(sheet: Sheet) -> str:
    """The levelised cost of each option, step by step."""
    found = []
    for place, (key, groups) in enumerate(sheet.scenario.options.items()):
        unit = sheet.results.unit("token_rate")
        steps = [
            ("Throughput of a busy chip", "", sheet.results.token_rate[place], unit)
        ]
        if sheet.results.feasible[place]:
            steps += [
                (step.label, f"{step.formula} = {step.numbers}", step.value, step.unit)
                for step in worked_cost(sheet.scenario, sheet.results, key)
            ]
        else:
            why = limit_name(sheet.results.limited_by[place])
            steps += [("No cost can be given", why, float("nan"), "")]
        items = "".join(
            f"<li><b>{escape(f'{value:.6g} {name}' if value == value else '')}</b>"
            f"{escape(label)}<small>{escape(formula)}</small></li>"
            for label, formula, value, name in steps
        )
        label = escape(groups.option.label)
        chain = f'<h4>{label}</h4><ol class="trace">{items}</ol>'
        found.append(f'<div class="o{place}">{chain}</div>')
    return f'<div class="worked">{"".join(found)}</div>'


def evidence(sheet: Sheet, rows: list[dict[str, Any]]) -> str:
    """Worked cost, every input with its source, and the scenario to open again."""
    name = escape(sheet.scenario.name)
    return (
        '<div class="flow"><section class="box-card wide long"><h3>The levelised cost, '
        "by hand<small>At the inputs of the export; each step can be redone on "
        f"paper.</small></h3>{_worked(sheet)}</section>"
        '<section class="box-card wide long"><h3>Every input and its source<small>As '
        f'exported.</small></h3><div id="ledger">{_inputs(rows)}</div></section>'
        '<section class="box-card wide long toml-card"><h3>Open it again<small>Save '
        f"this text as {name}.toml: <code>breakeven evaluate {name}.toml</code> gives "
        f"these numbers, <code>breakeven export {name}.toml -o page.html</code> this "
        "page.</small></h3>"
        '<p id="moved-line" class="js" hidden>With the sliders as they stand, add '
        '<code class="set" id="moved"></code></p>'
        '<p class="js"><button type="button" class="do" id="copy">Copy</button>'
        '<button type="button" class="do" id="save">Save</button></p>'
        f'<pre class="toml" id="toml">{escape(to_toml(sheet.scenario))}</pre>'
        "</section></div>"
    )
