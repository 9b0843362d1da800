"""Odds and ranges of the answers, as the page and the command line say them.

Utilisation and availability of the options move together: a fleet that is busier than
thought would be so whatever its chips are. Everything else is drawn on its own.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from breakeven.explorer.wording import input_title
from breakeven.explorer.words import money, months_text
from breakeven.models import answers, bands, decisions, indices, uncertainty
from breakeven.models.bands import Spread, Verdict
from breakeven.models.base import Array
from breakeven.models.decisions import Information, Regret
from breakeven.models.indices import Indices
from breakeven.models.ranges import Distributions, distributions
from breakeven.models.results import Curves, Results
from breakeven.models.sampling import Correlations
from breakeven.models.scenario import Scenario
from breakeven.models.uncertainty import Progress
from breakeven.models.worth_study import Distribution, distribution

TOGETHER = {"utilisation": 0.8, "availability": 0.8}
BY_MONTH = 24.0
WEIGHTS = 512  # base points of the indices; about 40 evaluations each


@dataclass(frozen=True)
class Weights:
    """What the answers hang on, and what choosing between the options risks.

    ``indices`` are Sobol' indices of the cost ratio of each option, by its key;
    ``worth`` is that of knowing an input, None where too few draws can be compared;
    ``titles`` name each factor in words.
    """

    indices: dict[str, Indices]
    regret: Regret | None
    worth: Information | None
    titles: dict[str, str]


@dataclass(frozen=True)
class Ranges:
    """Bands of every answer, the odds of each option, and what the strip shows besides.

    Quantiles have P10, P50 and P90 first, the option second. ``weights`` are missing
    while a slider moves: they take longer and change little.
    """

    spread: Spread
    verdicts: tuple[Verdict, ...]
    capex: Array
    site_power: Array
    weights: Weights | None = None
    worth: tuple[Distribution, ...] = ()


def correlations(
    scenario: Scenario, uncertain: Distributions | None = None
) -> dict[tuple[str, str], float]:
    """Rank correlations of a scenario: its own, and between options what moves as one.

    A pair of which the scenario says something itself is left to it.
    """
    if uncertain is None:
        uncertain = distributions(scenario)
    own = {
        (scenario.resolve(a), scenario.resolve(b)): value
        for (a, b), value in scenario.correlations.items()
    }
    own = {pair: value for pair, value in own.items() if set(pair) <= uncertain.keys()}
    said = {frozenset(pair) for pair in own}
    both = uncertainty.paired(scenario, TOGETHER, uncertain)
    return own | {p: v for p, v in both.items() if frozenset(p) not in said}


def ranges(
    scenario: Scenario,
    count: int = 2000,
    known: Weights | None = None,
    *,
    weighed: bool = True,
    progress: Progress | None = None,
) -> Ranges:
    """Everything that a page says about the ranges of a scenario.

    Parameters
    ----------
    scenario
        The scenario.
    count
        Draws.
    known
        What the answers hung on a moment ago: the words stay until they are found anew.
    weighed
        Whether to find what the answers hang on.
    progress
        Called with the evaluations done and in all; what it raises ends the work.
    """
    uncertain = distributions(scenario)
    pairs = correlations(scenario, uncertain)
    sample = uncertainty.draws(
        scenario, count, correlations=pairs, idle=True, uncertain=uncertain
    )
    total = count + (WEIGHTS * 40 * (len(scenario.options) - 1) if weighed else 0)
    told = (lambda done, _: progress(done, total)) if progress else None
    curves: Curves = True if weighed else "month"
    asked = ("worth",) if weighed else ()
    results = uncertainty.evaluated(scenario, sample, curves, told, asked)
    spread = uncertainty.summary(results, uncertainty.SEED)
    found = known
    if weighed:
        found = _weights(scenario, sample, results, pairs, count, progress)
    verdicts = tuple(
        bands.verdict(spread, option, BY_MONTH, _shares(found, option), most=2)
        for option in list(scenario.options)[:-1]
    )
    capex, power = (bands.quantiles(v) for v in (results.capex, results.site_power))
    drawn = results.studies["worth"]["npv"][:-1] if weighed else ()
    worth = tuple(distribution(values) for values in drawn)
    return Ranges(spread, verdicts, capex, power, found, worth)


def _shares(weights: Weights | None, option: str) -> dict[str, float]:
    """Total index of each factor; none where the answer does not vary."""
    found = weights.indices.get(option) if weights else None
    if found is None:
        return {}
    return {n: share for n, share in found.drivers().items() if math.isfinite(share)}


def _weights(
    scenario: Scenario,
    sample: Mapping[str, Array],
    results: Results,
    pairs: Correlations,
    done: int,
    progress: Progress | None,
) -> Weights:
    """What the answers hang on, from the sample and from Sobol' indices."""
    rivals = list(scenario.options)[:-1]
    regret = worth = None
    if np.count_nonzero(np.isfinite(results.cost_per_token).all(axis=0)) >= 8:
        regret = decisions.regret_table(results)
        worth = decisions.information_values(sample, results)
    found = {}
    for place, option in enumerate(rivals):
        values = answers.answered(results, "log_ratio", option)
        if np.unique(values[np.isfinite(values)]).size < 2:  # nothing moves it
            continue

        def told(part: int, whole: int, place: int = place) -> None:
            if progress:
                each = part / whole + place
                size = WEIGHTS * 40
                progress(done + round(each * size), done + size * len(rivals))

        found[option] = indices.sobol_indices(
            scenario, WEIGHTS, option=option, correlations=pairs, progress=told
        )
    names = {name for one in found.values() for name in one.names}
    titles = {name: driver_title(scenario, name) for name in names}
    return Weights(found, regret, worth, titles)


def odds(scenario: Scenario, count: int = 2000) -> tuple[Spread, tuple[Verdict, ...]]:
    """Bands of every answer, and the odds of each option against the reference."""
    found = ranges(scenario, count)
    return found.spread, found.verdicts


def odds_sentence(scenario: Scenario, verdict: Verdict, results: Results) -> str:
    """Sentence on when an option overtakes: its probability and what decides it.

    ``results`` are those of the middle values, from which the odds may differ.
    """
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
    return f"{said}.{_hedge(results, verdict)}"


def _hedge(results: Results, verdict: Verdict) -> str:
    """What is said where the odds are against an answer at the middle values."""
    month = float(results.breakeven_month[results.option(verdict.option)])
    if verdict.probability >= 0.5 or not month <= verdict.by_month:
        return ""
    return (
        " More likely than not it does not: the answer above is that of the middle "
        "values."
    )


def driver_title(scenario: Scenario, name: str) -> str:
    """Name of an input in a sentence, or of inputs that move together."""
    names = name.split(indices.TOGETHER)
    if len(names) == 1:
        key, _, _ = name.partition(".")
        title = _small(input_title(name))
        if key in scenario.options:
            return f"{scenario.options[key].option.label}'s {title}"
        return title
    keys = [one.partition(".")[0] for one in names]
    titles = {_small(input_title(one)) for one in names}
    if len(titles) == 1 and all(key in scenario.options for key in keys):
        labels = [scenario.options[key].option.label for key in keys]
        return f"the {titles.pop()} of {', '.join(labels[:-1])} and {labels[-1]}"
    return " with ".join(driver_title(scenario, one) for one in names)


def _small(title: str) -> str:
    return title if title[:2].isupper() else title[0].lower() + title[1:]


def sentences(scenario: Scenario) -> list[str]:
    """One sentence an option on its odds; none where nothing can be compared."""
    results = scenario.evaluate(curves="month")
    if not results.feasible.all():
        return []
    return [odds_sentence(scenario, verdict, results) for verdict in odds(scenario)[1]]


def ranges_text(scenario: Scenario) -> str:
    """Sentences and P10, P50, P90 of cost and break-even, for a terminal."""
    spread, verdicts = odds(scenario, 4096)
    results = scenario.evaluate(curves="month")
    lines = [odds_sentence(scenario, verdict, results) for verdict in verdicts]
    lines += ["", f"{'':28}{'P10':>12}{'P50':>12}{'P90':>12}"]
    for place, label in enumerate(spread.labels):
        values = spread.cost_per_token[:, place]
        row = "".join(f"{money(float(value)):>12}" for value in values)
        name = f"{label}, {spread.unit('cost_per_token')}"
        lines.append(f"{name:28}{row}")
    return "\n".join(lines)
