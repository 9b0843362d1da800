"""Wright's law: cost falls by a fixed ratio with each doubling of production.

There are two readings of one curve, and they differ by a third or more. In Crawford's
the curve is the cost of the x-th unit, in Wright's the average of the first x units.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from breakeven.models.base import Array, Model, quantity

_TERMS = 12  # units summed one by one before the integral takes over


def learning_exponent(learning_rate: ArrayLike) -> Array:
    """Exponent of the learning curve. [1].

    learning_rate [1]: cost after a doubling over cost before, 0.8 for an 80% curve.

    b = log2(LR).

    References
    ----------
    .. [1] T. P. Wright, "Factors affecting the cost of airplanes," J. Aeronaut. Sci.
       3(4), 122-128, 1936, doi:10.2514/8.155.
    """
    return np.log2(np.asarray(learning_rate, dtype=float))


def learned_cost(
    first_cost: ArrayLike, units: ArrayLike, learning_rate: ArrayLike
) -> Array:
    """Point on the learning curve. [USD].

    Arguments broadcast: first_cost [USD] of unit one, units [1] produced, learning_rate
    [1] the cost ratio of a doubling.

    y_1 x^b. Crawford's reading: cost of the x-th unit. Wright's: average cost of the
    first x units. Valid within the experience it was fitted to.

    Examples
    --------
    >>> learned_cost(50.0, [2, 4], 0.8).round(9).tolist()
    [40.0, 32.0]

    References
    ----------
    .. [1] T. P. Wright, J. Aeronaut. Sci. 3(4), 1936, doi:10.2514/8.155.
    """
    x = np.asarray(units, dtype=float)
    return np.asarray(first_cost, dtype=float) * x ** learning_exponent(learning_rate)


def total_cost_wright(
    first_cost: ArrayLike, units: ArrayLike, learning_rate: ArrayLike
) -> Array:
    """Cost of the first x units when the curve is their average cost. [USD].

    Arguments broadcast: first_cost [USD], units [1], learning_rate [1].

    y_1 x^(b + 1).

    Examples
    --------
    >>> round(float(total_cost_wright(100.0, 7, 0.9)), 2)
    520.76

    References
    ----------
    .. [1] T. P. Wright, J. Aeronaut. Sci. 3(4), 1936, doi:10.2514/8.155.
    """
    exponent = learning_exponent(learning_rate) + 1.0
    return np.asarray(first_cost, dtype=float) * np.asarray(units, float) ** exponent


def total_cost_crawford(
    first_cost: ArrayLike, units: ArrayLike, learning_rate: ArrayLike
) -> Array:
    """Cost of the first x units when the curve is the cost of the x-th unit. [USD].

    Arguments broadcast: first_cost [USD], units [1], learning_rate [1].

    y_1 sum k^b over k = 1 to x: the first twelve one by one, the rest by the midpoint
    integral with its first correction, to a relative 1e-7. A fraction of a unit costs
    its share of the next one.

    References
    ----------
    .. [1] C. J. Teplitz, "The Learning Curve Deskbook," Quorum, 1991.
    """
    x, rate = np.asarray(units, float)[..., None], np.asarray(learning_rate, float)
    b = np.log2(rate)[..., None]
    k = np.arange(1.0, _TERMS + 1.0)
    early = (k**b * np.clip(x - k + 1.0, 0.0, 1.0)).sum(axis=-1)
    x, b = x[..., 0], b[..., 0]
    whole = np.maximum(np.floor(x), float(_TERMS))
    late = _power_sum(whole, b) + np.where(
        x > whole, (x - whole) * (whole + 1.0) ** b, 0.0
    )
    return np.asarray(first_cost, dtype=float) * (early + late)


def marginal_cost_wright(
    first_cost: ArrayLike, units: ArrayLike, learning_rate: ArrayLike
) -> Array:
    """Cost of the x-th unit when the curve is the average cost. [USD].

    Arguments broadcast: first_cost [USD], units [1] (1 or more), learning_rate [1].

    Total for x less total for x - 1.

    References
    ----------
    .. [1] T. P. Wright, J. Aeronaut. Sci. 3(4), 1936, doi:10.2514/8.155.
    """
    x = np.asarray(units, dtype=float)
    b = learning_exponent(learning_rate) + 1.0
    return np.asarray(first_cost, dtype=float) * (x**b - (x - 1.0) ** b)


def _power_sum(whole: Array, b: Array) -> Array:
    """Sum of k^b for k from _TERMS + 1 to ``whole`` (Euler-Maclaurin, midpoints)."""
    start, end = _TERMS + 0.5, whole + 0.5
    log = np.log(end / start)
    power = (b + 1.0) * log
    flat = np.abs(power) < 1e-12
    growth = np.where(flat, 1.0, np.expm1(power) / np.where(flat, 1.0, power))
    integral = start ** (b + 1.0) * log * growth
    return integral - b / 24.0 * (end ** (b - 1.0) - start ** (b - 1.0))


class LearnedCost(Model):
    """Cost at a point of the learning curve (of the x-th unit, or the average)."""

    first_cost = quantity(100.0, "USD", "Cost of the first unit", slider=(0, 1e5))
    units = quantity(
        1000.0, "1", "Units produced", bounds=(1.0, None), slider=(1, 1e7), log=True
    )
    learning_rate = quantity(
        0.9,
        "1",
        "Cost after a doubling over cost before",
        inclusive=(False, True),
        slider=(0.5, 1.0),
    )
    equation, result_unit = staticmethod(learned_cost), "USD"
