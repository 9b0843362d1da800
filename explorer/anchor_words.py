"""What an anchor customer changes, in sentences."""

from __future__ import annotations

import numpy as np

from breakeven.explorer.words import money, quantity_text
from breakeven.models.anchor_outputs import ALTERNATIVES
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario
from breakeven.models.study import Finding


def anchor(scenario: Scenario, results: Results) -> list[str]:
    """Unit cost with and without it, the prices that suit both, what it is worth."""
    found = results.studies["anchor"]
    own = results.labels[0]
    if not np.isfinite(found["cost_without"]):
        return [f"What it costs to design and make {own} is not known."]
    if not float(found["anchor_volume"]) > 0.0:
        cost = money(float(found["cost_without"]))
        return [f"Without an anchor customer one {own} costs {cost}."]
    return [
        _unit(own, found),
        _prices(results, found),
        *_worth(own, found),
        *_risk(found),
    ]


def _unit(own: str, found: Finding) -> str:
    """Unit cost with and without the anchor."""
    volume = quantity_text(float(found["anchor_volume"]))
    without, both = float(found["cost_without"]), float(found["cost_with"])
    said = f"An anchor of {volume} chips takes one {own} from {money(without)} "
    share = 1.0 - both / without
    said += f"to {money(both)}, {share:.0%} less, design included."
    if share < 0.05:
        said += " At this volume making it is nearly all of its cost."
    return said


def alternative(results: Results, place: float) -> str:
    """The best the customer could do instead. [text]."""
    rival = results.labels[-1]
    words = {"buys": f"buying {rival}", "rents": f"renting {rival}"}
    words["builds"] = "a chip of its own"
    return words[ALTERNATIVES[int(place)]]


def _prices(results: Results, found: Finding) -> str:
    """Whether any price suits both sides, and where that of the rule lies."""
    if not np.isfinite(found["agreement"]):
        return "No range of prices: what the customer could do instead has no price."
    floor, ceiling = float(found["floor_price"]), float(found["ceiling_price"])
    best = alternative(results, float(found["best_alternative"]))
    if not found["agreement"]:
        return (
            f"No price suits both: the provider needs {money(floor)} a chip, and to "
            f"the customer {best} is worth no more than {money(max(ceiling, 0.0))}."
        )
    price = float(found["price"])
    said = f"Both sides accept {money(floor)} to {money(ceiling)} a chip; above that "
    said += f"{best} is cheaper for the customer. "
    if not np.isfinite(price):
        return said.strip()
    where = "inside it" if floor <= price <= ceiling else "above it"
    where = "below it" if price < floor else where
    return f"{said}The rule in use asks {money(price)}, {where}."


def _worth(own: str, found: Finding) -> list[str]:
    """The three things an anchor brings, and the value of the programme."""
    parts = {
        "design taken over": found["nre_effect"],
        "idle hours taken over": found["idle_effect"],
        "cheaper money": found["financing_effect"],
    }
    known = [f"{n} {money(float(v))}" for n, v in parts.items() if np.isfinite(v)]
    lines = [f"What it brings: {', '.join(known)}."] if known else []
    without, both = float(found["npv_without"]), float(found["npv_with"])
    if np.isfinite(without + both):
        lines.append(
            f"The programme of {own} is worth {money(without)} without it and "
            f"{money(both)} with it (net present value)."
        )
    return lines


def _risk(found: Finding) -> list[str]:
    """What happens when it takes less than it committed to."""
    secured = float(found["secured"])
    if not np.isfinite(secured):
        return []
    said = f"The floor secures {money(secured)}; if it takes no more than that, one "
    said += f"chip costs {money(float(found['cost_at_floor']))}"
    said += f" and the programme is worth {money(float(found['npv_floor']))}."
    missing = float(found["shortfall"])
    if missing > 0.0:
        said += f" As set, the customer pays {money(missing)} for chips it does not "
        said += f"take, the provider forgoes {money(float(found['lost_revenue']))}."
    return [said]
