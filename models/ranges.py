"""Which inputs of a scenario are uncertain, and how each is distributed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from breakeven.models.base import Array, Group
from breakeven.models.distributions import (
    HIGH,
    LOW,
    Distribution,
    SplitNormal,
    distribution,
)
from breakeven.models.results import Results
from breakeven.models.sampling import scores
from breakeven.models.studies import used

if TYPE_CHECKING:
    from breakeven.models.scenario import Scenario

Flags = NDArray[np.bool_]
Distributions = Mapping[str, Distribution]

_PHYSICS = "token_rate ttft tpot batch prefill_share mfu mbu limited_by".split()
_ASKED = 3  # joint draws at which an input has to move something


def distributions(
    scenario: Scenario,
    given: Distributions | None = None,
    studies: Iterable[str] = (),
) -> dict[str, Distribution]:
    """Distribution of every input that has a range, by dotted name. [mixed].

    A range is P10 to P90 around the value. An input that somebody set has none any
    more, and one that plays no part by its evidence is left out.

    Parameters
    ----------
    scenario
        The scenario. [mixed]
    given
        Distributions in place of the default ones, by dotted name; also of inputs that
        have no range. [mixed]
    studies
        Studies whose inputs are drawn as well. [text]

    Raises
    ------
    ValueError
        When a range has low above high, misses the value or leaves its hard bounds; or
        a distribution is given to a choice, to the horizon or to a count that follows.
    KeyError
        When a name is no input.

    References
    ----------
    models/distributions.py.
    """
    found = {}
    for prefix, group in _groups(scenario, studies).items():
        for last in group.quantities():
            name, value = f"{prefix}.{last}", getattr(group, last)
            evidence = scenario.evidence.get(name)
            if _settled(scenario, name):
                continue
            if name in scenario.distributions:
                found[name] = scenario.distributions[name]
                continue
            if evidence is None or value is None:
                continue
            if not evidence.drawn:
                continue
            low, high = evidence.low, evidence.high
            if low is None or high is None or low == high:
                continue
            if evidence.status != "unused":
                bounds = group.param[last].bounds or (None, None)
                found[name] = distribution(name, low, value, high, bounds)
    for name, chosen in (given or {}).items():
        full = scenario.resolve(name)
        if full not in vocabulary(scenario, studies):
            raise ValueError(f"{name} is a choice: it has no distribution")
        if said := _settled(scenario, full):
            raise ValueError(f"{name} {said}: it has no distribution")
        found[full] = chosen
    return found


def vocabulary(scenario: Scenario, studies: Iterable[str] = ()) -> dict[str, int]:
    """Place of every quantity of a scenario, whether uncertain or not. [1].

    Each input keeps its own dimension of the sample, so that it draws the same numbers
    whatever else is uncertain, and bands do not jump when a value is edited.

    Parameters
    ----------
    scenario
        The scenario. [mixed]
    studies
        Studies whose inputs are drawn as well; they come last. [text]

    References
    ----------
    Common random numbers: P. Glasserman and D. D. Yao, Manage. Sci. 38(6), 1992,
    doi:10.1287/mnsc.38.6.884.
    """
    groups = _groups(scenario, studies)
    names = [f"{p}.{n}" for p, g in groups.items() for n in g.quantities()]
    return {name: place for place, name in enumerate(names)}


def influence(
    scenario: Scenario, uncertain: Distributions, seed: int = 1
) -> dict[str, frozenset[str]]:
    """Inputs that move a result, each with the options whose physics it moves. [mixed].

    Each input alone is moved away from a few joint draws; one that changes no result at
    any of them plays no part.

    Parameters
    ----------
    scenario
        The scenario. [mixed]
    uncertain
        Distributions by dotted name. [mixed]
    seed
        Of the joint draws. [1]

    References
    ----------
    M. D. Morris, Technometrics 33(2), 1991, doi:10.2307/1269043 (one at a time from
    several places).
    """
    names = list(uncertain)
    if not names:
        return {}
    places = vocabulary(scenario)
    normal = scores(len(places), 2 * _ASKED, seed)
    table = {}
    for index, name in enumerate(names):
        here, there = np.split(uncertain[name].at(normal[places[name]]), 2)
        table[name] = np.repeat(here[:, None], len(names) + 1, axis=1)
        table[name][:, index] = there
    results = scenario.evaluate(table)
    moved = _changes(results)
    physics = [_changed(getattr(results, name)) for name in _PHYSICS]
    work: Flags = np.logical_or.reduce([p.any(axis=1) for p in physics])
    return {
        name: frozenset(
            key for key, row in zip(results.options, work, strict=True) if row[index]
        )
        for index, name in enumerate(names)
        if moved[index]
    }


def ends(distribution: Distribution) -> tuple[float, float]:
    """P10 and P90 of a distribution. [unit of the input].

    Parameters
    ----------
    distribution
        The distribution. [mixed]

    References
    ----------
    Own definition.
    """
    if isinstance(distribution, SplitNormal):
        return distribution.low, distribution.high  # as given, without rounding
    low, high = distribution.quantile((LOW, HIGH))
    return float(low), float(high)


def _groups(scenario: Scenario, studies: Iterable[str]) -> dict[str, Group]:
    """Groups whose inputs are drawn: the core, and those of the studies named."""
    prefixes = used(scenario.options, studies)
    return scenario.core() | {p: scenario.studied[p] for p in prefixes}


def _settled(scenario: Scenario, name: str) -> str:
    """Why an input cannot be uncertain, empty when it can."""
    if name == "finance.horizon":
        return "is the window that is looked at"
    key, _, last = name.rpartition(".")
    if last != "count" or scenario.sizing == "fixed":
        return ""
    # To draw such a count would make it the one that the others follow.
    if scenario.sizing == "demand":
        return "follows from workload.demand"
    return "" if key == scenario.anchor else f"follows from {scenario.anchor}.count"


def _changes(results: Results) -> Flags:
    """Whether each input changed any array of the results."""
    moved: list[Flags] = []
    for item in fields(results):
        values = getattr(results, item.name)
        if not isinstance(values, np.ndarray) or item.name in ("months", "volumes"):
            continue
        if item.name == "breakdown":
            values = values.sum(axis=0)
        changed = _changed(values)
        if changed.ndim > 3:
            changed = changed.any(axis=tuple(range(3, changed.ndim)))
        moved.append(np.any(changed, axis=(0, 1)))
    return np.logical_or.reduce(moved)


def _changed(values: Array) -> Any:
    """Whether each column differs from the last one, which is where it started."""
    start = values[:, :, -1:]
    same = (values == start) | ((values != values) & (start != start))
    return ~same[:, :, :-1]
