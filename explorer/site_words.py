"""The mix of a site in words: which chips, what limits it, what more would bring."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from breakeven.explorer import site_empty
from breakeven.explorer.words import money, power_text, quantity_text
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario
from breakeven.models.study import Finding

FULL = 0.9995  # share of a cap from which it is used up
CALM = 5e-4  # share of the value below which nothing is said to change


def fleet(scenario: Scenario, results: Results) -> list[str]:
    """Sentences on the steady mix of the options."""
    found = results.studies["fleet"]
    aim = scenario.studied["fleet"].aim  # type: ignore[attr-defined]
    if not np.isfinite(found[aim]):
        return [_nothing(scenario, results, found)]
    if (found["count"] < 0.5).all():
        return list(site_empty.sentences(scenario, results, found, aim))
    return [
        *_answer(scenario, results, found, aim),
        *_caps(scenario, results, found, aim),
        *_rules(results, found, aim),
    ]


def ramp(scenario: Scenario, results: Results) -> list[str]:
    """Sentences on the way to the fleet."""
    found = results.studies["ramp"]
    aim = scenario.studied["fleet"].aim  # type: ignore[attr-defined]
    value, plain = float(found[aim]), float(found[f"plain_{aim}"])
    if not math.isfinite(value) or value == 0.0:
        return []
    quarters = int(np.isfinite(found["cap"]).sum())
    over = f"over {quarters} quarters"
    worth = " in present value" if aim == "margin" else ""
    said = (
        f"On the way there it {_verb(aim)} {_amount(results, aim, value)}{worth} {over}"
    )
    lost = plain - value
    if lost > CALM * abs(plain):
        said += f", {_amount(results, aim, lost)} less than if nothing went wrong"
    return [f"{said}."]


def _verb(aim: str) -> str:
    return {"margin": "earns", "work": "makes"}[aim]


def _amount(results: Results, aim: str, value: float) -> str:
    """An amount of the aim: dollars, or work."""
    if aim == "margin":
        return money(value)
    if results.work_unit == "core-hour":
        return f"{quantity_text(value)} core-hours"
    return f"{quantity_text(value * 1e6)} tokens"


def _nothing(scenario: Scenario, results: Results, found: Finding) -> str:
    """Why there is no mix."""
    rival = results.labels[-1]
    if not np.isfinite(results.cost_per_token[-1]):
        aim = scenario.studied["fleet"].aim  # type: ignore[attr-defined]
        if aim == "margin":
            return f"Work has no price: {rival} cannot do it, or costs what is unknown."
    rented = {
        key: groups.option.label
        for (key, groups), only in zip(
            scenario.options.items(), found["power_only"], strict=True
        )
        if not np.isfinite(only)
    }
    who = " and ".join(rented.values()) or "a chip"
    key = next(iter(rented), next(iter(scenario.options)))
    return (
        f"Nothing limits {who}: what is rented takes neither the site's power nor its "
        "budget. To get a mix, set how many chips each vendor delivers "
        f"({key}.allocation.supply) or how much work can be sold (fleet.demand), or "
        f"buy a chip instead of renting it ({key}.acquisition = buy)."
    )


def _answer(
    scenario: Scenario, results: Results, found: Finding, aim: str
) -> Iterator[str]:
    caps = scenario.studied["fleet"]
    site = f"{power_text(caps.power_cap)} and {money(caps.budget * 1e9)}"  # type: ignore[attr-defined]
    count = found["count"]
    shares = found["power"] / max(found["power"].sum(), 1e-12)
    mix = [
        f"{quantity_text(n)} {label}" + (f" ({share:.0%} of the power)" if some else "")
        for n, label, share in zip(count, results.labels, shares, strict=True)
        if (some := 0.0005 < share < FULL) or n >= 0.5
    ]
    value = float(found[aim])
    said = f"The best use of {site} is {' and '.join(mix)}: it {_verb(aim)} "
    said += f"{_amount(results, aim, value)} a year{_price(scenario, results, found)}"
    alone = found[f"alone_{aim}"]
    if np.isfinite(alone).any() and len(mix) > 1:
        best = int(np.nanargmax(alone))
        more = value / float(alone[best]) - 1.0 if alone[best] > 0 else math.inf
        if math.isfinite(more) and more > CALM:
            said += f", {more:.1%} more than {results.labels[best]} alone"
    yield f"{said}."
    none = [label for n, label in zip(count, results.labels, strict=True) if n < 0.5]
    if none:
        others = [
            f"{label} alone {_amount(results, aim, float(one))}"
            for label, one, n in zip(results.labels, alone, count, strict=True)
            if n < 0.5 and np.isfinite(one)
        ]
        extra = f" ({', '.join(others)} a year)" if others else ""
        yield f"No {' and no '.join(none)} is in it{extra}."


def _caps(
    scenario: Scenario, results: Results, found: Finding, aim: str
) -> Iterator[str]:
    """What binds, and what one more of it is worth."""
    suffix = "worth" if aim == "margin" else "work"
    watt = float(found[f"power_{suffix}"])
    dollar = float(found[f"budget_{suffix}"]) / 1e3
    value = abs(float(found[aim]))
    caps = scenario.studied["fleet"]
    if watt > 1e-9 * value:
        yield f"One more MW {_verb(aim)} {_amount(results, aim, watt)} a year."
    elif found["power_share"] < FULL:
        left = (1.0 - float(found["power_share"])) * caps.power_cap  # type: ignore[attr-defined]
        yield f"One more MW is worth nothing: {power_text(left)} is left."
    if dollar > 1e-12 * value:
        yield (
            f"One more million dollars {_verb(aim)} {_amount(results, aim, dollar)} a "
            "year."
        )
    elif found["budget_share"] < FULL:
        left = (1.0 - float(found["budget_share"])) * caps.budget * 1e9  # type: ignore[attr-defined]
        yield f"One more dollar is worth nothing: {money(left)} of the budget is left."
    yield from _demand(scenario, results, found, aim)
    chip = np.nan_to_num(found[f"supply_{suffix}"])
    if chip.max() > 1e-12 * value:
        k = int(chip.argmax())
        yield (
            f"One more {results.labels[k]} to be had {_verb(aim)} "
            f"{_amount(results, aim, float(chip[k]))} a year."
        )


def _demand(
    scenario: Scenario, results: Results, found: Finding, aim: str
) -> Iterator[str]:
    """What one more unit of demand is worth, where the demand binds."""
    if scenario.studied["fleet"].demand is None:  # type: ignore[attr-defined]
        return
    suffix = "worth" if aim == "margin" else "work"
    worth = float(found[f"demand_{suffix}"])
    if not worth * float(found["work"]) > CALM * abs(float(found[aim])):
        yield "The demand does not limit the mix: it sells all that it makes."
    elif aim == "margin":
        yield (
            "The demand limits the mix: all that can be sold is made. "
            f"{_unit(results)} more to be sold earns {money(worth)}."
        )
    else:
        yield "The demand limits the mix: all that can be sold is made."


def _unit(results: Results) -> str:
    """One unit of work as a price counts it."""
    core = results.work_unit == "core-hour"
    return "A core-hour" if core else "A million tokens"


def _price(scenario: Scenario, results: Results, found: Finding) -> str:
    """The price of work behind what is earned."""
    if scenario.studied["fleet"].aim != "margin":  # type: ignore[attr-defined]
        return ""
    ratio = scenario.studied["fleet"].price_ratio  # type: ignore[attr-defined]
    unit = _unit(results).split(" ", 1)[1]
    return (
        f" at {money(float(found['price']))} per {unit}, {quantity_text(ratio)} times "
        f"what that costs on {results.labels[-1]}"
    )


def _rules(results: Results, found: Finding, aim: str) -> Iterator[str]:
    """What rules on shares cost, and what has gone wrong."""
    value = float(found[aim])
    cost = float(found[f"free_{aim}"]) - value
    if cost > CALM * abs(value):
        yield f"The rules on shares cost {_amount(results, aim, cost)} a year."
    lost = float(found[f"plain_{aim}"]) - value
    if lost > CALM * abs(value):
        yield f"What goes wrong costs {_amount(results, aim, lost)} a year."
