"""When an old fleet should be switched off, and how long a new one should run.

The old chips are paid for: what counts is what can be avoided by switching them off,
and what they would fetch. The new ones have to pay for everything. Both move with the
years: electricity, software, the price of new hardware, repairs.
"""

from __future__ import annotations

import numpy as np

from breakeven.models.annuity import capital_recovery_factor
from breakeven.models.base import Array


def growth(time: Array, rate: Array) -> Array:
    """Factor by which something has grown after a time. [1].

    ``(1 + g)^t``.

    Parameters
    ----------
    time
        Time since today. [year]
    rate
        Growth a year, above -1. [1/year]

    References
    ----------
    Own definition.
    """
    return np.asarray(np.exp(time * np.log1p(rate)))


def holding_cost(value: Array, decay: Array, discount: Array) -> Array:
    """Cost of keeping something that could be sold today. [USD/s].

    ``(k + r) V``: the loss of value while it is kept, and the interest on it.

    Parameters
    ----------
    value
        What it would fetch. [USD]
    decay
        Rate at which that falls. [1/s]
    discount
        Continuous discount rate. [1/s]

    References
    ----------
    EQ-12, in continuous time.
    """
    return value * (np.asarray(decay, float) + discount)


def avoidable_cost(
    running: Array, electricity: Array, maintenance: Array, holding: Array, work: Array
) -> Array:
    """Cost of work on chips that are paid for: what switching off avoids. [USD].

    Parameters
    ----------
    running
        Hosting, staff and software of a chip. [USD/s]
    electricity
        Electricity of a chip. [USD/s]
    maintenance
        Repairs of a chip. [USD/s]
    holding
        What keeping it rather than selling it costs. [USD/s]
    work
        Work of a chip. [1/s]

    References
    ----------
    EQ-41.
    """
    return (running + electricity + maintenance + holding) / np.asarray(work, float)


def contribution(
    price: Array, cost: Array, work: Array, capital: Array, power: Array
) -> Array:
    """What a unit of power earns on a chip. [USD/s/W].

    ``((p - c) w - k) / P``.

    Parameters
    ----------
    price
        Price of work. [USD]
    cost
        Cost of work that switching off avoids. [USD]
    work
        Work of a chip. [1/s]
    capital
        Capital charge of a chip, 0 when it is paid for. [USD/s]
    power
        Facility power provisioned for a chip. [W]

    References
    ----------
    EQ-41, under a power cap.
    """
    return ((price - cost) * work - capital) / np.asarray(power, float)


def first_month(difference: Array, months: Array) -> Array:
    """Month in which a difference first reaches zero; NaN when never. [month].

    0 when it is there from the start; between two months on a straight line.

    Parameters
    ----------
    difference
        What has to reach zero; months on the last axis. [any]
    months
        Months of the last axis, ascending. [month]

    References
    ----------
    EQ-41, read on two curves.
    """
    reached = np.asarray(difference, float) >= 0.0
    index = reached.argmax(axis=-1)[..., None]
    before = np.maximum(index - 1, 0)
    low = np.take_along_axis(difference, before, -1)[..., 0]
    high = np.take_along_axis(difference, index, -1)[..., 0]
    rise = np.where(high > low, high - low, 1.0)
    start, end = months[before[..., 0]], months[index[..., 0]]
    month = start + (end - start) * np.where(high > low, -low / rise, 0.0)
    return np.where(reached.any(axis=-1), month, np.nan)


def straight_book(purchase: Array, residual: Array, age: Array, life: Array) -> Array:
    """Book value of a chip under the straight line, never below salvage. [USD].

    ``C - (C - S) min(a / N, 1)``.

    Parameters
    ----------
    purchase
        Purchase price. [USD]
    residual
        Salvage, share of the price. [1]
    age
        Time since the purchase. [s]
    life
        Useful life. [s]

    References
    ----------
    EQ-08.
    """
    used = np.minimum(np.asarray(age, float) / life, 1.0)
    return purchase * (1.0 - (1.0 - np.asarray(residual, float)) * used)


def annual_equivalents(
    purchase: Array, resale: Array, costs: Array, rate: Array
) -> Array:
    """Level monthly cost of keeping a chip for 1, 2, … months. [USD/month].

    ``(C - S(N) v^N + sum_(m <= N) v^m c_m) CRF(i, N)`` with ``v = 1 / (1 + i)``.

    Parameters
    ----------
    purchase
        Purchase price. [USD]
    resale
        What it fetches after 1, 2, … months, on the last axis. [USD]
    costs
        Cost of month 1, 2, …, obsolescence included, on the last axis. [USD/month]
    rate
        Rate a month. [1/month]

    References
    ----------
    EQ-45.
    """
    rate = np.asarray(rate, float)[..., None]
    periods = np.arange(1.0, np.shape(costs)[-1] + 1.0)
    factor = np.exp(-periods * np.log1p(rate))
    spent = np.cumsum(costs * factor, axis=-1)
    start = np.asarray(purchase, float)[..., None]
    return (start - resale * factor + spent) * capital_recovery_factor(rate, periods)


def least_month(costs: Array) -> Array:
    """Month of the lowest cost, counted from 1; NaN when it still falls. [month].

    Parameters
    ----------
    costs
        Cost of keeping a chip for 1, 2, … months, on the last axis. [any]

    References
    ----------
    EQ-45.
    """
    known = np.isfinite(costs).all(axis=-1)
    place = np.where(np.isfinite(costs), costs, np.inf).argmin(axis=-1)
    inside = known & (place < np.shape(costs)[-1] - 1)
    return np.where(inside, place + 1.0, np.nan)
