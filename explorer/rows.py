"""Rows of a plan, computed in any order and any pieces with the same numbers."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from breakeven.explorer.axes import Array, Axis, variant
from breakeven.explorer.odds import correlations
from breakeven.explorer.outcomes import on_curves
from breakeven.explorer.plan import Plan, outputs
from breakeven.models.ranges import distributions, vocabulary
from breakeven.models.sampling import SobolStream
from breakeven.models.scenario import Scenario
from breakeven.models.uncertainty import valued

Index = NDArray[np.int64]


class Coded(NamedTuple):
    """A column of few different values: the values, and which one each row has."""

    values: tuple[Any, ...]
    codes: Index


Column = Array | Coded


class Rows:
    """Computes rows of a plan; one for each process or thread at work."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._choices = [axis for axis in plan.axes if not axis.numeric]
        self._variant = lru_cache(maxsize=128)(self._made)
        self._stream: SobolStream | None = None

    def columns(self, start: int, stop: int) -> list[Column]:
        """Columns of the rows from ``start`` up to ``stop``, as in the header."""
        plan = self.plan
        index = np.arange(start, min(stop, plan.total))
        *places, draw = np.unravel_index(index, plan.shape)
        shown: list[Column] = [
            Coded(tuple(np.asarray(axis.values).tolist()), place)
            for axis, place in zip(plan.axes, places, strict=True)
        ]
        drawn, found = self._evaluated(places, draw)
        if plan.draws:
            shown.append(draw.astype(float))
        return [*shown, *drawn, *found]

    def _evaluated(
        self, places: list[Index], draw: Index
    ) -> tuple[list[Column], list[Column]]:
        """Drawn inputs and results, one evaluation for each combination of choices."""
        plan = self.plan
        rows = np.empty((len(outputs(plan)), draw.size))
        drawn = np.empty((len(plan.drawn), draw.size))
        for choices, mine in self._groups(places):
            one = self._variant(choices)
            given = {
                name: axis.values[place[mine]]
                for axis, name, place in zip(plan.axes, plan.names, places, strict=True)
                if axis.numeric
            }
            if plan.draws:
                sample = self._sample(one, draw[mine])
                given |= sample
                present = one.inputs()
                for row, name in enumerate(plan.drawn):
                    value = present[name].value
                    plain = np.nan if value is None else float(value)
                    drawn[row, mine] = sample.get(name, plain)
            rows[:, mine] = self._results(one, given, draw[mine].size)
        return list(drawn), self._shown(rows)

    def _results(self, one: Scenario, given: dict[str, Array], count: int) -> Array:
        """Results of one combination of choices, a row for each column of the plan."""
        plan = self.plan
        curves = False if on_curves(plan.columns) else "cost"
        results = one.evaluate(given, curves=curves, studies=plan.studies)
        return np.stack([column.values(results, count) for column in outputs(plan)])

    def _shown(self, rows: Array) -> list[Column]:
        """Results as columns: codes in words."""
        shown: list[Column] = []
        for outcome, row in zip(outputs(self.plan), rows, strict=True):
            if outcome.worded:
                values, codes = np.unique(row, return_inverse=True)
                shown.append(Coded(tuple(map(outcome.word, values)), codes))
            else:
                shown.append(row)
        return shown

    def _groups(
        self, places: list[Index]
    ) -> list[tuple[tuple[tuple[str, str], ...], Any]]:
        """Choices that occur, each with its rows."""
        if not self._choices:
            return [((), slice(None))]
        shape = [axis.size for axis in self._choices]
        mine = [p for a, p in zip(self.plan.axes, places, strict=True) if not a.numeric]
        flat = np.ravel_multi_index(mine, shape)
        found = []
        for code in np.unique(flat):
            values = np.unravel_index(code, shape)
            choices = tuple(
                (axis.name, str(axis.values[place]))
                for axis, place in zip(self._choices, values, strict=True)
            )
            found.append((choices, np.flatnonzero(flat == code)))
        return found

    def _made(self, choices: tuple[tuple[str, str], ...]) -> Scenario:
        return variant(self.plan.scenario, dict(choices))

    def _sample(self, one: Scenario, draw: Index) -> dict[str, Array]:
        """Draws of the uncertain inputs of one combination of choices."""
        plan = self.plan
        found = distributions(one, studies=plan.studies)
        uncertain = {n: d for n, d in found.items() if n not in plan.names}
        if late := [name for name in uncertain if name not in plan.drawn]:
            raise ValueError(f"{late[0]} is uncertain under one combination only")
        if self._stream is None:
            places = vocabulary(one, plan.studies)
            kept = [places[name] for name in plan.drawn]
            self._stream = SobolStream(len(places), kept, plan.seed)
        first, last = int(draw.min()), int(draw.max())
        points = self._stream.scores(first, last - first + 1)[:, draw - first]
        normal = dict(zip(plan.drawn, points, strict=True))
        mine = {name: normal[name] for name in uncertain}
        pairs = {
            pair: value
            for pair, value in correlations(one).items()
            if set(pair) <= set(mine)
        }
        return valued(one, uncertain, mine, pairs)


def parts(plan: Plan, size: int) -> int:
    """Number of parts of so many rows. [1]."""
    return math.ceil(plan.total / size)


__all__ = ["Axis", "Coded", "Column", "Rows", "parts"]
