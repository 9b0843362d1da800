"""Volume ladders: discounts that grow with the quantity bought.

The steps of a ladder are on the last axis of ``breakpoints`` (quantities, ascending)
and ``discounts``; below the first step the list price holds. Other axes broadcast with
the quantity.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from breakeven.models.base import Array


def all_units_cost(
    price: ArrayLike, count: ArrayLike, breakpoints: ArrayLike, discounts: ArrayLike
) -> Array:
    """Cost when the step that is reached discounts every unit. [USD].

    price [USD/unit] and count [unit] broadcast; breakpoints [unit] and discounts [1]
    have the steps on the last axis.

    p (1 - d(q)) q. It falls where a step is reached: see :func:`cheapest_count`.

    References
    ----------
    .. [1] E. L. Porteus, "Foundations of Stochastic Inventory Theory," Stanford Univ.
       Press, 2002 (quantity discounts).
    """
    q = np.asarray(count, dtype=float)
    reached = q[..., None] >= np.asarray(breakpoints, dtype=float)
    d = np.asarray(discounts, dtype=float)
    gains = np.diff(d, axis=-1, prepend=np.zeros((*d.shape[:-1], 1)))
    discount = np.where(reached, gains, 0.0).sum(axis=-1)
    return np.asarray(price, dtype=float) * (1.0 - discount) * q


def incremental_cost(
    price: ArrayLike, count: ArrayLike, breakpoints: ArrayLike, discounts: ArrayLike
) -> Array:
    """Cost when each step discounts only the units beyond it. [USD].

    price [USD/unit] and count [unit] broadcast; breakpoints [unit] and discounts [1]
    have the steps on the last axis.

    p sum (1 - d_j) (units within step j). Continuous in the quantity.

    References
    ----------
    .. [1] E. L. Porteus, "Foundations of Stochastic Inventory Theory," Stanford Univ.
       Press, 2002 (quantity discounts).
    """
    q, d = np.asarray(count, dtype=float), np.asarray(discounts, dtype=float)
    beyond = np.maximum(q[..., None] - np.asarray(breakpoints, dtype=float), 0.0)
    gains = np.diff(d, axis=-1, prepend=np.zeros((*d.shape[:-1], 1)))
    return np.asarray(price, dtype=float) * (q - (gains * beyond).sum(axis=-1))


def cheapest_count(
    price: ArrayLike, count: ArrayLike, breakpoints: ArrayLike, discounts: ArrayLike
) -> Array:
    """Quantity of at least ``count`` with the least all-units cost. [unit].

    price [USD/unit] and count [unit] broadcast; breakpoints [unit] and discounts [1]
    have the steps on the last axis. Where it exceeds the count, buying more costs less.

    References
    ----------
    .. [1] E. L. Porteus, "Foundations of Stochastic Inventory Theory," Stanford Univ.
       Press, 2002 (quantity discounts).
    """
    p, q = np.asarray(price, dtype=float), np.asarray(count, dtype=float)
    steps, d = np.asarray(breakpoints, float), np.asarray(discounts, float)
    lowest = np.zeros((*steps.shape[:-1], 1))
    options = np.maximum(q[..., None], np.concatenate([lowest, steps], axis=-1))
    cost = all_units_cost(p[..., None], options, steps[..., None, :], d[..., None, :])
    best = np.argmin(cost, axis=-1)[..., None]
    options = np.broadcast_to(options, cost.shape)
    return np.take_along_axis(options, best, -1)[..., 0][()]
