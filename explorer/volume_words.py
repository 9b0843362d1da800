"""At what volume building beats buying, in sentences."""

from __future__ import annotations

import numpy as np

from breakeven.explorer.words import money, quantity_text
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario


def volume(scenario: Scenario, results: Results) -> list[str]:
    """From which volume each own chip beats the rival, and why there or not."""
    lines = []
    for place in range(len(results.options) - 1):
        lines += _one(scenario, results, place)
    return lines


def _one(scenario: Scenario, results: Results, place: int) -> list[str]:
    """Sentences on one own chip."""
    found = {n: a[place] for n, a in _by_option(results).items()}
    own, rival = results.labels[place], results.labels[-1]
    if not np.isfinite(found["one_off"] + found["own_life"]):
        return [f"{own}: what it costs to build is not known."]
    if not np.isfinite(found["rival_share"]):
        return [f"{rival} has no cost to compare {own} with."]
    shares = f"{quantity_text(float(found['replaced']), 2)} {rival}"
    costs = money(float(found["own_life"])), money(float(found["rival_share"]))
    why = f"Over its life one {own} costs {costs[0]} and does the work of {shares}, "
    why += f"which cost {costs[1]}."
    volume = float(found["breakeven"])
    if not np.isfinite(volume):
        said = f"No volume of {own} beats {rival}: each chip costs more than it saves."
        low = float(found["breakeven_low"])
        if np.isfinite(low):
            said += f" At the good ends of its ranges {quantity_text(low)} chips would."
        return [said, why]
    said = f"Building {own} beats {rival} from {quantity_text(volume)} chips on"
    said += (
        f" ({_span(float(found['breakeven_low']), float(found['breakeven_high']))})."
    )
    gain, count = float(found["gain"]), quantity_text(float(results.count[place]))
    done = f"At {count} chips it {'saves' if gain >= 0 else 'loses'} {money(abs(gain))}"
    done += f" after {money(float(found['one_off']))} of one-off cost."
    group = scenario.options[results.options[place]].option
    if group.acquisition != "build":
        done += f" In this scenario {own} is not built: this asks what if it were."
    return [said, why, done]


def _span(low: float, high: float) -> str:
    """Both ends of the break-even volume."""
    if not np.isfinite(high):
        return f"{quantity_text(low)} to none over the ranges of cost and price"
    return (
        f"{quantity_text(low)} to {quantity_text(high)} over the ranges of cost and "
        "price"
    )


def _by_option(results: Results) -> dict[str, np.ndarray]:
    """Outputs that have one number an option."""
    study = results.studies["volume"]
    return {n: study[n] for n, o in study.outputs.items() if o.by_option and not o.axis}
