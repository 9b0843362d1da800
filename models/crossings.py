"""Where costs are equal along one input, all others as set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from breakeven.models.base import Array
from breakeven.models.sensitivity import Axis

if TYPE_CHECKING:
    from breakeven.models.scenario import Scenario


def crossings(scenario: Scenario, axes: Sequence[Axis]) -> list[Array]:
    """Values of each input at which the first option costs what the last does. [mixed].

    All other inputs as set; found between neighbours of the axis, in the logarithm of
    the cost ratio. An input without a present value has none.

    Parameters
    ----------
    scenario
        The scenario. [mixed]
    axes
        Axes of :func:`breakeven.models.sensitivity.axis`. [mixed]

    References
    ----------
    EQ-28 for any input.
    """
    known = [axis for axis in axes if axis.present is not None]
    sizes = [axis.values.size for axis in known]
    ends = np.cumsum([0, *sizes])
    table = {}
    for place, axis in enumerate(known):
        column = np.full(ends[-1], float(axis.present or 0.0))
        column[ends[place] : ends[place + 1]] = axis.values
        table[axis.name] = column
    if not table:
        return [np.empty(0) for _ in axes]
    cost = scenario.evaluate(table, curves=False).cost_per_token
    with np.errstate(divide="ignore", invalid="ignore"):
        height = np.log(cost[0] / cost[-1])
    found = {
        axis.name: _zeros(axis, height[ends[i] : ends[i + 1]])
        for i, axis in enumerate(known)
    }
    return [found.get(axis.name, np.empty(0)) for axis in axes]


def _zeros(axis: Axis, height: Array) -> Array:
    """Where a line through heights meets zero, in the values of an axis."""
    x = np.log(axis.values) if axis.log else axis.values
    a, b = height[:-1], height[1:]
    with np.errstate(divide="ignore", invalid="ignore"):
        at = x[:-1] + (x[1:] - x[:-1]) * a / (a - b)
    at = at[np.isfinite(at) & (np.sign(a) != np.sign(b))]
    return np.exp(at) if axis.log else at
