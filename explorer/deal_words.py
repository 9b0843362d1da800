"""What a deal's headline implies, and where it contradicts itself, in words."""

from __future__ import annotations

import math
from collections.abc import Callable

from breakeven import presets
from breakeven.explorer.words import money, quantity_text
from breakeven.models.deal_study import ABOVE, BELOW, MIDDLE_ABOVE
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario
from breakeven.models.study import Finding

Text = Callable[[float], str]


_AGREED = "The known terms do not contradict each other."
_SILENT = "Too little is disclosed to hold one term against another."


def text_of(scenario: Scenario, detail: str) -> str:
    """A text fact of the scenario's deal, empty where there is none."""
    deal = scenario.presets.get("deal", "")
    found = presets.details("deals", deal) if deal else ()
    return next((d.text for d in found if d.detail == detail), "")


def span(finding: Finding, name: str, text: Text = quantity_text) -> str:
    """A term with its range: "30 M (20 M to 50 M)"; "not disclosed" without one."""
    low, middle, high = (float(v) for v in finding[name][:3])
    if not math.isfinite(middle):
        return "not disclosed"
    if low == high:
        return text(middle)
    return f"{text(middle)} ({text(low)} to {text(high)})"


def billions(value: float) -> str:
    """USD from a number of billions."""
    return money(value * 1e9)


def megawatts(value: float) -> str:
    """Power from a number of megawatts."""
    if value >= 1000:
        return f"{quantity_text(value / 1000)} GW"
    return f"{quantity_text(value)} MW"


def times(ratio: float) -> str:
    """A ratio as a share or a multiple."""
    if ratio < 1:
        return f"{quantity_text(100 * ratio, 2)} % of"
    return f"{quantity_text(ratio, 2)} times"


def said(scenario: Scenario, results: Results) -> list[str]:
    """What the deal implies; where it contradicts its headline comes first."""
    deal = scenario.presets.get("deal")
    if not deal:
        return [
            "No deal stands behind this scenario: pick one of the deals on the left."
        ]
    finding = results.studies["deal"]
    status = f"Status: {text_of(scenario, 'deal_status')}."
    checks = (_chips, _value, _supply, _power)
    against = [line for check in checks for line in check(finding, results)]
    names = ("chips_check", "value_check", "supply_check", "power_check")
    held = any(math.isfinite(float(finding[n])) for n in names)
    agreed = [] if against else [_AGREED if held else _SILENT]
    return [status, *against, *agreed, *_implied(finding, results)]


def _chips(finding: Finding, results: Results) -> list[str]:
    """Claimed chips against the cores that were announced."""
    if float(finding["chips_check"]) not in (ABOVE, BELOW):
        return []
    each = float(finding["cores"][1] / finding["chips"][1])
    claimed = float(finding["claimed_chips"][0])
    return [
        f"It cannot be millions of chips: {quantity_text(claimed, 2)} chips of "
        f"{each:.0f} cores are {quantity_text(float(finding['claimed_cores'][0]))} "
        f"cores, and {span(finding, 'stated_cores')} were announced: "
        f"{span(finding, 'chips')} chips."
    ]


def _value(finding: Finding, results: Results) -> list[str]:
    """Value at the price as set against the stated one, worked out."""
    code = float(finding["value_check"])
    if code not in (ABOVE, BELOW, MIDDLE_ABOVE):
        return []
    worth, stated = (span(finding, n, billions) for n in ("value", "stated_value"))
    ratio = float(finding["price_ratio"][1])
    chips, hours = (quantity_text(float(finding[n][1])) for n in ("chips", "hours"))
    core = float(finding["set_core_price"])
    if math.isfinite(core) and math.isfinite(float(finding["cores"][1])):
        cores = quantity_text(float(finding["cores"][1]))
        work = f"{cores} cores x ${core:.4g} a core-hour x {hours} hours"
        implied = f"${float(finding['core_price'][1]):.2g} a core-hour"
    elif math.isfinite(float(finding["set_chip_price"])):
        each = money(float(finding["set_chip_price"]))
        work = f"{chips} chips x {each} with their servers"
        implied = f"{money(float(finding['chip_price'][1]))} a chip"
    else:
        each = money(float(finding["set_price"]))
        work = f"{chips} chips x {each} a chip-hour x {hours} hours"
        implied = f"{money(float(finding['price'][1]))} a chip-hour"
    how = {ABOVE: "contradicts", BELOW: "falls short of", MIDDLE_ABOVE: "strains"}
    return [
        f"The price as set {how[code]} the headline: {work} is {worth}, not the "
        f"{stated} that its words allow. That value comes to {implied}, {times(ratio)} "
        "the price as set."
    ]


def _supply(finding: Finding, results: Results) -> list[str]:
    """Chips against what is thought to exist."""
    code, share = float(finding["supply_check"]), float(finding["supply_share"][1])
    if code not in (ABOVE, MIDDLE_ABOVE):
        return []
    return [
        f"It is {share:.2g} times all the chips of this kind thought to exist at the "
        f"time: {span(finding, 'supply')}."
    ]


def _power(finding: Finding, results: Results) -> list[str]:
    """Power of the chips against what was stated."""
    code = float(finding["power_check"])
    if code not in (ABOVE, BELOW, MIDDLE_ABOVE):
        return []
    return [
        f"{span(finding, 'chips')} chips take {span(finding, 'power', megawatts)} with "
        f"servers, network and cooling; {span(finding, 'stated_power', megawatts)} was "
        "stated."
    ]


def _implied(finding: Finding, results: Results) -> list[str]:
    """Power and work of the deal, or of what is set where it has no terms."""
    if math.isfinite(float(finding["chips"][1])):
        return [
            f"By the terms as read it is {span(finding, 'chips')} chips, "
            f"{span(finding, 'power', megawatts)} and "
            f"{span(finding, 'tasks_per_day')} tasks a day of this workload."
        ]
    chips, tasks = (
        quantity_text(float(finding[n][3])) for n in ("chips", "tasks_per_day")
    )
    power = megawatts(float(finding["power"][3]))
    return [
        f"Its size is not disclosed. The {chips} chips as set would take {power} and "
        f"do {tasks} tasks a day of this workload."
    ]
