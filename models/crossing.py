"""Where two costs are equal: vectorised root finding that can answer "nowhere"."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.optimize import elementwise

from breakeven.models.base import Array

# Why there is a crossing, or which side wins everywhere.
ALWAYS = "always cheaper: no break-even"
CROSSINGS = (
    "breaks even",
    ALWAYS,
    "never cheaper: no break-even",
    "unknown: a cost is not known",
)


def crossing(
    gap: Callable[..., Array], low: Array, high: Array, *args: Array
) -> tuple[Array, Array]:
    """Where a gap of costs is zero, and the place of the reason in CROSSINGS. [any, 1].

    The gap is the own cost less the rival's. Where it keeps its sign between the ends
    there is no root, NaN: code 1 when it is negative throughout, 2 when positive.

    Parameters
    ----------
    gap
        Function of the unknown and of ``args``, element by element. [USD]
    low, high
        Ends of the search. [any]
    args
        What else the gap depends on; broadcasts with the ends. [any]

    References
    ----------
    T. R. Chandrupatla, Adv. Eng. Softw. 28(3), 1997, doi:10.1016/S0965-9978(96)00051-8
    (the bracketing method of SciPy's elementwise root finder).
    """
    ends = np.broadcast_arrays(low, high, *args)
    low, high, *rest = (np.asarray(item, dtype=float) for item in ends)
    at_low, at_high = gap(low, *rest), gap(high, *rest)
    known = np.isfinite(at_low) & np.isfinite(at_high)
    crosses = known & (np.sign(at_low) * np.sign(at_high) <= 0.0) & (at_low != at_high)
    reason = np.select([~known, crosses, at_high < 0.0], [3, 0, 1], 2)
    root = np.full(low.shape, np.nan)
    if np.any(crosses):
        picked = tuple(item[crosses] for item in rest)
        found = elementwise.find_root(gap, (low[crosses], high[crosses]), args=picked)
        root[crosses] = found.x
    return root, reason


def crossing_on(gap: Array, axis: Array) -> tuple[Array, Array]:
    """Where a table of gaps is zero, and the reason, as :func:`crossing`. [any, 1].

    For costs that bend more than once; straight between the places of the table.

    Parameters
    ----------
    gap
        Own cost less the rival's at each place, on the last axis. [USD]
    axis
        The places, ascending. [any]

    References
    ----------
    Own definition.
    """
    first, last = gap[..., 0], gap[..., -1]
    known = np.isfinite(first) & np.isfinite(last)
    crosses = known & (np.sign(first) * np.sign(last) <= 0.0) & (first != last)
    reason = np.select([~known, crosses, last < 0.0], [3, 0, 1], 2)
    turned = np.sign(gap) != np.sign(gap[..., :1])
    after = np.maximum(turned.argmax(axis=-1), 1)
    here, there = (
        np.take_along_axis(gap, (after - step)[..., None], -1)[..., 0]
        for step in (1, 0)
    )
    fall = np.where(here != there, here - there, 1.0)
    root = axis[after - 1] + (axis[after] - axis[after - 1]) * here / fall
    return np.where(crosses, root, np.nan), reason
