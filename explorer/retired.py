"""When to switch the old fleet off, in words."""

from __future__ import annotations

import math

from breakeven.explorer.old_fleet import old_label
from breakeven.explorer.words import money, months_text
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario


def retirement(scenario: Scenario, results: Results) -> list[str]:
    """When each option should take over, with and without a cap, and what is lost."""
    found, old = results.studies["retirement"], old_label(scenario)
    if not math.isfinite(found["old_cost"][0]):
        return [
            f"No cost can be given for an old fleet of {old}: it has no published "
            "price, or cannot do this work."
        ]
    age = float(scenario.groups()["retirement"].age)
    lines = []
    for i, chip in enumerate(results.labels):
        if results.feasible[i]:
            lines.append(_change(results, i, f"the old {old}", f"new {chip}", age))
        else:
            lines.append(f"{chip} cannot take over: it cannot be compared.")
    known = [
        (float(month), i)
        for i, month in enumerate(found["month"])
        if math.isfinite(month)
    ]
    return [*lines, _written_off(results, min(known)[1])] if known else lines


def _change(results: Results, i: int, old: str, new: str, age: float) -> str:
    """Whether and when an option should take over."""
    found = results.studies["retirement"]
    aged = f"{old}, {months_text(age)} old today"
    month, capped = float(found["month"][i]), float(found["capped_month"][i])
    if math.isnan(month):
        horizon = months_text(float(found["months"][-1]))
        said = f"Keep {aged}: for {horizon} it costs less to run than {new}"
        said += " in full"
    elif month < 0.5:
        said = f"Switch {aged}, off now: it costs more to run than {new} in full"
    else:
        said = f"Switch {aged}, off for {new} {months_text(month)} from today"
        said += f", when it is {months_text(month + age)} old"
    if math.isnan(capped):
        when = "keep it: a MW earns more on it"
    else:
        when = "at once" if capped < 0.5 else f"{months_text(capped)} from today"
    return f"{said}; where power is the cap, {when}."


def _written_off(results: Results, i: int) -> str:
    """What leaves the books when the first option takes over."""
    found, chip = results.studies["retirement"], results.labels[i]
    each, whole = float(found["write_off"][i]), float(found["fleet_write_off"][i])
    said = f"writes {money(each)} a chip off the books, {money(whole)} for the fleet"
    if each < 0:
        said = (
            f"brings in {money(-each)} a chip above the books, {money(-whole)} for the "
            "fleet"
        )
    return f"Making way for {chip} then {said}."
