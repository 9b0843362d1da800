"""How much of a price is margin, in sentences."""

from __future__ import annotations

import numpy as np

from breakeven.explorer.words import money
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario


def markup(scenario: Scenario, results: Results) -> list[str]:
    """The margin in each price, and what another one would change."""
    found = results.studies["markup"]
    last = len(results.options) - 1
    order = [last, *range(last)]
    lines = [_margin(results, place) for place in order]
    lines.append(_other(scenario, results, last))
    paid = [
        f"{results.labels[i]} {money(1e9 * float(found['capex_per_gw'][i]))}"
        for i in order
        if np.isfinite(found["capex_per_gw"][i])
    ]
    if paid:
        lines.append(f"A gigawatt, chips to building: {', '.join(paid)}.")
    return [line for line in lines if line]


def _margin(results: Results, place: int) -> str:
    """What a chip costs to make, and what its seller takes above it."""
    found, label = results.studies["markup"], results.labels[place]
    price, bill = float(found["price"][place]), float(found["bill"][place])
    if not np.isfinite(price):
        return f"{label} has no price."
    if not np.isfinite(bill):
        return f"{label} sells at {money(price)}; what it costs to make is not known."
    margin = float(found["seller_margin"][place])
    if margin < 0.0:
        return (
            f"{label}: {money(price)} in use is below the {money(bill)} that making it "
            "comes to; one of the two estimates is off."
        )
    return (
        f"Of the {money(price)} for one {label}, {money(bill)} pays for parts, "
        f"packaging and test, a design partner's margin apart; {margin:.0%} of the "
        "price is left for its sellers."
    )


def _other(scenario: Scenario, results: Results, place: int) -> str:
    """What the other margin would make of the rival's price."""
    found, label = results.studies["markup"], results.labels[place]
    price, saved = float(found["other_price"][place]), float(found["saved"][place])
    if not np.isfinite(price):
        return ""
    group = scenario.studied["markup"]
    at = (
        f"At a margin of {group.other_margin:.0%} one {label} would cost {money(price)}"  # type: ignore[attr-defined]
    )
    share = abs(float(found["saved_share"][place]))
    less = "less" if saved >= 0 else "more"
    whole = money(1e9 * abs(float(found["saved_per_gw"][place])))
    return f"{at}, and a gigawatt {whole} {less}: {share:.0%} of all that is paid."
