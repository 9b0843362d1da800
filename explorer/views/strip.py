"""The answers on top of the page: sentences chosen by a code, and figures."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from breakeven.explorer.odds import Ranges, odds_sentence
from breakeven.explorer.views.base import Entry, Feed, present
from breakeven.models.results import (
    NO_LAYOUT,
    UNPRICED,
    UNPUBLISHED,
    Results,
    limit_name,
)
from breakeven.models.scenario import Scenario
from breakeven.models.throughput import LIMITS

SENTENCES = 3
OVERTAKES, NEVER, ALWAYS, OWN_FAILS, RIVAL_FAILS = range(5)
NO_ONE_OFF, UNKNOWN = -1.0, -2.0


def limits() -> dict[str, str]:
    """Name of every code of what limits an option."""
    codes = [NO_LAYOUT, UNPRICED, UNPUBLISHED, *range(len(LIMITS))]
    return {str(code): limit_name(code) for code in codes}


_REASONS = {
    "memory capacity": "the model does not fit in its memory",
    "TTFT limit": "no layout reaches the first token in time",
    "TPOT limit": "no layout is as fast as each user expects",
    "unpublished figure": "a figure it needs has not been published",
    "no such layout": "the layout asked for does not exist for this work",
    "no price": "it has no price when acquired this way",
}


def reasons() -> dict[str, str]:
    """Half a sentence for every code: why an option has no cost."""
    return {code: _REASONS.get(name, name) for code, name in limits().items()}


def verdict(results: Results, option: int, horizon: float) -> NDArray[np.float64]:
    """Code and numbers of the sentence on one option against the reference. [mixed].

    Draws, if there are any, stand last.
    """
    last = len(results.options) - 1
    month, cost = results.breakeven_month[option], results.cost_per_token[option]
    against = results.cost_per_token[last]
    own, rival = np.isfinite(cost), np.isfinite(against)
    code = np.where(np.isnan(month), NEVER, np.where(month == 0, ALWAYS, OVERTAKES))
    code = np.where(own, np.where(rival, code, RIVAL_FAILS), OWN_FAILS)
    limit = np.where(own, results.limited_by[last], results.limited_by[option])
    costs = np.where(own & rival, np.where(cost <= against, 1.0, 2.0), 0.0)
    share = np.abs(cost / against - 1)
    count = results.count[option]
    said = (code, month, count, limit, horizon, costs, cost, share)
    return np.stack(np.broadcast_arrays(*said)).astype(float)


_NAMES = ["month", "count", "limit", "horizon", "costs", "cost", "share"]


def entries(results: Results) -> list[Entry]:
    """Layout of the strip: sentences, second line, figures."""
    last = len(results.options) - 1
    life = f"Over its life {{label0}} costs {{cost:usd}} per {results.work_label}"
    because = {
        "kind": "words",
        "element": "strip/because",
        "render": "sentence",
        "names": ["cost", "share"],
        "sentences": {
            "0": "No cost can be given for both options with these inputs.",
            "1": f"{life}, {{share:percent}} less than {{label{last}}}.",
            "2": f"{life}, {{share:percent}} more than {{label{last}}}.",
        },
    }
    figures = {
        "kind": "words",
        "element": "strip/figures",
        "render": "figures",
        "figures": _figures(results),
    }
    return [*(_sentence(option, last) for option in range(last)), because, figures]


def _sentence(option: int, last: int) -> Entry:
    """Entry of the sentence on one option against the last."""
    own, rival = f"{{label{option}}}", f"{{label{last}}}"
    at, within = "at {count:number} chips.", "within {horizon:months}"
    return {
        "kind": "words",
        "element": f"strip/sentence{option}",
        "render": "sentence",
        "names": _NAMES,
        "reasons": reasons(),
        "sentences": {
            str(OVERTAKES): f"{own} overtakes {rival} after {{month:months}} {at}",
            str(NEVER): f"{own} does not overtake {rival} {within} {at}",
            str(ALWAYS): f"{own} is cheaper than {rival} from the first month {at}",
            str(OWN_FAILS): f"{own} cannot be compared: {{limit:reason}}.",
            str(RIVAL_FAILS): f"{rival} cannot be compared: {{limit:reason}}.",
        },
    }


def _figures(results: Results) -> list[Entry]:
    every = range(len(results.options))
    rivals = range(len(results.options) - 1)
    reference = results.labels[-1]

    def each(options: range, kind: str, **more: object) -> list[Entry]:
        return [{"option": i, "format": kind, **more} for i in options]

    return [
        {
            "title": "Cost",
            "unit": "per " + results.work_label.replace("million ", "M "),
            "values": each(every, "usd", none="no cost"),
        },
        {
            "title": "Cost ratio",
            "unit": f"to {reference}",
            "values": each(rivals, "ratio"),
        },
        {
            "title": "Break-even volume",
            "unit": "chips",
            "values": each(
                rivals,
                "number",
                none="never",
                words={str(int(NO_ONE_OFF)): "any", str(int(UNKNOWN)): "–"},
            ),
        },
        {"title": "Paid up front", "unit": "whole fleet", "values": each(every, "usd")},
        {"title": "Site power", "unit": "at the limit", "values": each(every, "mw")},
    ]


def arrays(scenario: Scenario, results: Results) -> list[NDArray[np.float64]]:
    """Numbers of the strip, in the order of :func:`entries`."""
    horizon = float(scenario.finance.horizon or 0.0)
    last = len(results.options) - 1
    lines = [verdict(results, option, horizon) for option in range(last)]
    cost = results.cost_per_token
    volume = np.where(
        (results.one_off[:last] == 0) & (cost[:last] <= cost[last]),
        NO_ONE_OFF,
        results.breakeven_volume[:last],
    )
    volume = np.where(np.isfinite(cost[:last] / cost[last]), volume, UNKNOWN)
    figures = np.concatenate(
        [
            cost,
            cost[:last] / cost[last],
            volume,
            results.capex,
            results.site_power,
        ]
    )
    return [
        *lines,
        lines[0][5:8],
        figures,
    ]


def ranges(scenario: Scenario, results: Results, found: Ranges) -> Feed:
    """P10 to P90 of each figure, and the odds in a sentence for each option."""
    spread, last = found.spread, len(results.options) - 1
    ends = np.hstack(
        [
            spread.cost_per_token[::2],
            spread.ratio[::2, :last],
            spread.breakeven_volume[::2, :last],
            found.capex[::2],
            found.site_power[::2],
        ]
    )
    spans = {
        "kind": "words",
        "element": "strip/figures",
        "render": "spans",
        "figures": _figures(results),
    }
    lost = spread.infeasible[-1] >= 1
    said = [
        odds_sentence(scenario, verdict, results)
        for verdict in found.verdicts
        if not (lost or verdict.infeasible >= 1 or spread.count == 1)
    ]
    odds = {
        "kind": "words",
        "element": "strip/odds",
        "render": "sentence",
        "names": [],
        "sentences": {"0": " ".join(said)},
    }
    return [(spans, [ends.T]), (odds, [np.zeros(1)])]


def followers(scenario: Scenario, results: Results) -> dict[str, float]:
    """Counts that follow from the sizing rule rather than from a control. [chip]."""
    if scenario.sizing == "fixed":
        return {}
    now = present(results)
    leads = scenario.anchor if scenario.sizing == "match" else ""
    return {
        f"{key}.count": float(now.count[i])
        for i, key in enumerate(scenario.options)
        if key != leads and now.count[i] == now.count[i]
    }
