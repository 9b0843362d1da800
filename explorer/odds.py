"""Odds and ranges of the answers, as the page and the command line say them.

Utilisation and availability of the options move together: a fleet that is busier than
thought would be so whatever its chips are. Everything else is drawn on its own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from breakeven.explorer.wording import input_title
from breakeven.explorer.words import money, months_text
from breakeven.models import answers, bands, indices, uncertainty
from breakeven.models.bands import Spread, Verdict
from breakeven.models.base import Array
from breakeven.models.scenario import Scenario

TOGETHER = {"utilisation": 0.8, "availability": 0.8}
BY_MONTH = 24.0


@dataclass(frozen=True)
class Ranges:
    """Bands of every answer, the odds of each option, and what the strip shows besides.

    Quantiles have P10, P50 and P90 first, the option second.
    """

    spread: Spread
    verdicts: tuple[Verdict, ...]
    capex: Array
    site_power: Array


def correlations(scenario: Scenario) -> dict[tuple[str, str], float]:
    """Rank correlations of a scenario: its own, and between options what moves as one.

    A pair of which the scenario says something itself is left to it.
    """
    own = {
        (scenario.resolve(a), scenario.resolve(b)): value
        for (a, b), value in scenario.correlations.items()
    }
    said = {frozenset(pair) for pair in own}
    both = uncertainty.paired(scenario, TOGETHER)
    return own | {p: v for p, v in both.items() if frozenset(p) not in said}


def ranges(scenario: Scenario, count: int = 2000) -> Ranges:
    """Everything that a page says about the ranges of a scenario."""
    pairs = correlations(scenario)
    sample = uncertainty.draws(scenario, count, correlations=pairs, idle=True)
    results = uncertainty.evaluated(scenario, sample)
    spread = uncertainty.summary(results, uncertainty.SEED)
    verdicts = []
    for option in list(scenario.options)[:-1]:
        values = answers.answered(results, "log_ratio", option)
        known = np.isfinite(values).any()
        shares = indices.correlation_ratios(sample, values) if known else {}
        verdicts.append(bands.verdict(spread, option, BY_MONTH, shares, most=2))
    capex, power = (bands.quantiles(v) for v in (results.capex, results.site_power))
    return Ranges(spread, tuple(verdicts), capex, power)


def odds(scenario: Scenario, count: int = 2000) -> tuple[Spread, tuple[Verdict, ...]]:
    """Bands of every answer, and the odds of each option against the reference."""
    found = ranges(scenario, count)
    return found.spread, found.verdicts


def odds_sentence(scenario: Scenario, verdict: Verdict) -> str:
    """Sentence on when an option overtakes: its probability and what decides it."""
    own = scenario.options[verdict.option].option.label
    rival = scenario.options[verdict.reference].option.label
    said = (
        f"With the ranges of its inputs, {own} overtakes {rival} within "
        f"{months_text(verdict.by_month)} with probability {verdict.probability:.0%}"
    )
    low, _, high = verdict.months
    if math.isfinite(low):
        until = months_text(high) if math.isfinite(high) else "never"
        said += f" (P10-P90: {months_text(low)} to {until})"
    if verdict.drivers:
        names = [driver_title(scenario, name) for name, _ in verdict.drivers]
        said += f", mostly because of {' and '.join(names)}"
    return said + "."


def driver_title(scenario: Scenario, name: str) -> str:
    """Name of an input in a sentence: the option's label and the input's title."""
    key, _, _ = name.partition(".")
    title = input_title(name)
    title = title if title[:2].isupper() else title[0].lower() + title[1:]
    if key in scenario.options:
        return f"{scenario.options[key].option.label}'s {title}"
    return title


def sentences(scenario: Scenario) -> list[str]:
    """One sentence an option on its odds; none where nothing can be compared."""
    if not scenario.evaluate(curves=False).feasible.all():
        return []
    return [odds_sentence(scenario, verdict) for verdict in odds(scenario)[1]]


def ranges_text(scenario: Scenario) -> str:
    """Sentences and P10, P50, P90 of cost and break-even, for a terminal."""
    spread, verdicts = odds(scenario, 4096)
    lines = [odds_sentence(scenario, verdict) for verdict in verdicts]
    lines += ["", f"{'':28}{'P10':>12}{'P50':>12}{'P90':>12}"]
    for place, label in enumerate(spread.labels):
        values = spread.cost_per_token[:, place]
        row = "".join(f"{money(float(value)):>12}" for value in values)
        name = f"{label}, {spread.unit('cost_per_token')}"
        lines.append(f"{name:28}{row}")
    return "\n".join(lines)
