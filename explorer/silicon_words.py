"""What a chip costs to make, in sentences."""

from __future__ import annotations

import numpy as np

from breakeven.explorer.wording import input_title
from breakeven.explorer.words import money, quantity_text, sentence_case
from breakeven.models import making
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario
from breakeven.models.silicon_inputs import Silicon


def silicon(scenario: Scenario, results: Results) -> list[str]:
    """What each chip costs to make and mostly consists of, and what moves it most."""
    found = results.studies["silicon"]
    known = [i for i, c in enumerate(found["unit_cost"]) if np.isfinite(c)]
    named = [f"{results.labels[i]} {money(found['unit_cost'][i])}" for i in known]
    lines = [f"To make one costs: {', '.join(named)}."] if known else []
    for place, label in enumerate(results.labels):
        cost = float(found["unit_cost"][place])
        if place not in known:
            why = making.STATES[int(found["state"][place])]
            lines.append(f"{label}: no cost of making, {why}.")
            continue
        most = int(np.argmax(found["bill"][place]))
        share = float(found["bill_share"][place, most])
        said = f"{label}: {making.BILL[most]} is the largest line, {share:.0%}."
        lines.append(said + _beside(float(found["given_cost"][place]), cost))
    return [*lines, *_swing(scenario, results)]


def _beside(given: float, cost: float) -> str:
    """How far the figure that is given elsewhere lies from the computed one."""
    if not np.isfinite(given):
        return ""
    apart = cost / given - 1.0
    if abs(apart) < 0.005:
        return f" Published or estimated elsewhere: {money(given)}, the same."
    where = "more" if apart > 0 else "less"
    return f" That is {abs(apart):.0%} {where} than the {money(given)} given elsewhere."


def _swing(scenario: Scenario, results: Results) -> list[str]:
    """The input that moves the cost of the first chip most, and its design."""
    found = results.studies["silicon"]
    known = np.isfinite(found["cost_with_nre"])
    if not known.any():
        return []
    place = int(np.argmax(known))
    ends = found["cost_at_low"][place], found["cost_at_high"][place]
    swing = np.nan_to_num(np.abs(ends[1] - ends[0]))
    most, label = int(np.argmax(swing)), results.labels[place]
    volume = quantity_text(float(found["volume"][place]))
    design = money(float(found["nre"][place]))
    each = money(float(found["nre"][place] / found["volume"][place]))
    said = [f"The design of {label} costs {design}: {each} a chip over {volume} chips."]
    if swing[most] > 0.0:
        low, high = sorted(float(end[most]) for end in ends)
        name = input_title(f"silicon.{Silicon.quantities()[most]}").lower()
        said.append(
            f"{sentence_case(name)} moves it most: {money(low)} to {money(high)} a "
            f"{label}, design included, between the ends of its range."
        )
    return said
