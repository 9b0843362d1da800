"""Plan of a sweep: which rows there are and what stands in each, made in any order."""

from __future__ import annotations

import hashlib
import itertools
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version

import numpy as np

from breakeven.explorer.axes import Axis, axes, variant
from breakeven.explorer.outcomes import Outcome, asked, named_columns, outcomes
from breakeven.models.bands import SEED
from breakeven.models.ranges import distributions, vocabulary
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario

MOST = 10**12  # rows


@dataclass(frozen=True)
class Plan:
    """What a sweep computes: a scenario, axes, draws of the rest, and its columns.

    Rows run over every combination of the axes, the last fastest, and under each over
    ``draws`` points of the same sample. ``drawn`` are the inputs of that sample.
    """

    scenario: Scenario
    axes: tuple[Axis, ...]
    names: tuple[str, ...]
    drawn: tuple[str, ...]
    columns: tuple[str, ...]
    header: tuple[str, ...]
    draws: int
    seed: int

    @property
    def shape(self) -> tuple[int, ...]:
        """Values of each axis, then the draws."""
        return (*(axis.size for axis in self.axes), max(self.draws, 1))

    @property
    def studies(self) -> tuple[str, ...]:
        """Studies that the rows ask for."""
        return asked(self.columns)

    @property
    def total(self) -> int:
        """Number of rows."""
        return math.prod(self.shape)

    def fingerprint(self) -> str:
        """Text that differs when any row could differ."""
        told = {
            "version": version("breakeven"),
            "header": self.header,
            "axes": [(a.name, list(a.values)) for a in self.axes],
            "draws": (self.draws, self.seed),
            "sizing": (self.scenario.sizing, self.scenario.anchor),
            "presets": self.scenario.presets,
            "inputs": [
                (n, i.value, i.evidence.low, i.evidence.high, i.evidence.drawn)
                for n, i in self.scenario.inputs().items()
            ],
            "uncertain": repr(sorted(self.scenario.distributions.items())),
            "correlations": repr(sorted(self.scenario.correlations.items())),
        }
        text = json.dumps(told, default=str, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def planned(
    scenario: Scenario,
    over: Sequence[str],
    draws: int = 0,
    seed: int = SEED,
    columns: Sequence[str] = (),
    studies: Sequence[str] = (),
) -> Plan:
    """Plan of a sweep, refused before anything is computed.

    Raises
    ------
    KeyError, ValueError
        When an axis, a column or a study does not exist, or a value is out of bounds.
    """
    found = axes(over, scenario)
    if draws < 0:
        raise ValueError(f"--sample {draws} must be at least 1 draw")
    if not found and not draws:
        raise ValueError("a sweep needs an axis (--over) or draws (--sample)")
    kept = named_columns(columns, studies)
    names = _names(scenario, found)
    drawn = _drawn(scenario, found, names, asked(kept)) if draws else ()
    plan = Plan(scenario, found, names, drawn, kept, (), draws, seed)
    if plan.total > MOST:
        raise ValueError(f"{plan.total:,} rows are more than {MOST:,}")
    header = _header(plan)
    return replace(plan, header=header)


def variants(scenario: Scenario, found: Sequence[Axis]) -> Iterator[Scenario]:
    """The scenario with each value of each axis of choices, one axis at a time."""
    choices = [axis for axis in found if not axis.numeric]
    first = {axis.name: str(axis.values[0]) for axis in choices}
    yield variant(scenario, first)
    for axis in choices:
        for value in axis.values[1:]:
            yield variant(scenario, {**first, axis.name: str(value)})


def _names(scenario: Scenario, found: Sequence[Axis]) -> tuple[str, ...]:
    """Full name of each axis, the same under all choices."""
    meant: dict[str, set[str]] = {axis.name: set() for axis in found}
    for one in variants(scenario, found):
        for axis in found:
            name = one.resolve(axis.name) if axis.numeric else axis.name
            meant[axis.name].add(name)
    for name, full in meant.items():
        if len(full) > 1:
            said = " or ".join(sorted(full))
            raise ValueError(f"{name} means {said} here: name the one you mean")
    return tuple(full.pop() for full in meant.values())


def _drawn(
    scenario: Scenario,
    found: Sequence[Axis],
    names: Sequence[str],
    studies: Sequence[str],
) -> tuple[str, ...]:
    """Inputs that are uncertain under any choice and on no axis, in order."""
    uncertain: set[str] = set()
    for one in variants(scenario, found):
        uncertain |= set(distributions(one, studies=studies))
    places = vocabulary(scenario, studies)
    return tuple(name for name in places if name in uncertain - set(names))


def _header(plan: Plan) -> tuple[str, ...]:
    """Column names with units; a bad axis is refused before anything is written."""
    ends = {
        name: np.array([np.min(axis.values), np.max(axis.values)])
        for axis, name in zip(plan.axes, plan.names, strict=True)
        if axis.numeric
    }
    found: dict[tuple[str, ...], None] = {}
    for one in variants(plan.scenario, plan.axes):
        results = one.evaluate(ends, curves=False, studies=plan.studies)
        units = (*_units(plan, one, results), results.work_label)
        found.setdefault(units)
        if len(found) > 1:
            a, b = (
                next(u for u, v in zip(x, y, strict=True) if u != v)
                for x, y in itertools.permutations(found, 2)
            )
            raise ValueError(f"rows would mix {a} with {b}: sweep them apart")
    return next(iter(found))[:-1]


def _units(plan: Plan, one: Scenario, results: Results) -> tuple[str, ...]:
    inputs = one.inputs()
    columns = [
        f"{name} [{inputs[name].unit}]" if axis.numeric else name
        for axis, name in zip(plan.axes, plan.names, strict=True)
    ]
    columns += ["draw"] if plan.draws else []
    columns += [f"{name} [{inputs[name].unit}]" for name in plan.drawn]
    for outcome in outputs(plan):
        unit = outcome.unit(results)
        columns.append(f"{outcome.full} [{unit}]" if unit else outcome.full)
    return tuple(columns)


def outputs(plan: Plan) -> list[Outcome]:
    """Columns of results; a count on an axis stands there already."""
    return [
        outcome
        for outcome in outcomes(plan.scenario, plan.columns)
        if outcome.full not in plan.names
    ]
