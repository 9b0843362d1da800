"""The fleet over time: installed, replaced, paid; cost to date; the month of crossing.

Continuous time in months: the fleet is installed evenly over the deployment period,
replaced when its life ends, and everything is a closed form of the month, so curves
move smoothly with every input.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from breakeven.models.base import Array

_AT_ONCE = 1e-9  # months: a shorter installation happens at once


class Schedule(NamedTuple):
    """Shape of a fleet over time, per chip of the final fleet.

    ``purchases`` cumulative chips bought, ``resales`` cumulative chips resold,
    ``operation`` cumulative chip-months in service; each over months. [1, 1, month]
    """

    purchases: Array
    resales: Array
    operation: Array


def installed_share(month: Array, deployment_period: Array) -> Array:
    """Share of the fleet installed by a month. [1].

    ``min(t / R, 1)`` for ``t >= 0``; all at month 0 when ``R = 0``.

    Parameters
    ----------
    month
        Months since the start, may be negative (then 0). [month]
    deployment_period
        Months over which the fleet is installed evenly. [month]

    References
    ----------
    Own definition.
    """
    month, period = np.asarray(month, float), np.asarray(deployment_period, float)
    ramp = np.clip(month / np.where(period > _AT_ONCE, period, 1.0), 0.0, 1.0)
    return np.where(period > _AT_ONCE, ramp, np.where(month >= 0.0, 1.0, 0.0))


def chip_months(month: Array, deployment_period: Array) -> Array:
    """Chip-months in service up to a month, per chip of the final fleet. [month].

    The integral of :func:`installed_share`: ``t^2 / 2R`` during the installation,
    ``t - R/2`` after it.

    Parameters
    ----------
    month
        Months since the start. [month]
    deployment_period
        Months over which the fleet is installed evenly. [month]

    References
    ----------
    Own definition.
    """
    month, period = np.asarray(month, float), np.asarray(deployment_period, float)
    during = month**2 / (2.0 * np.where(period > _AT_ONCE, period, 1.0))
    return np.where(month < period, during, month - period / 2.0)


def early_months(month: Array, deployment_period: Array, ages: int) -> Array:
    """Chip-months spent up to a month at each month of age, ages last. [month].

    ``C(t - a + 1) - C(t - a)`` with ``C`` the :func:`chip_months`: those of age ``a``
    are the chips in service ``a - 1`` to ``a`` months earlier. Chips that replace
    others count as those they replace.

    Parameters
    ----------
    month
        Months since the start. [month]
    deployment_period
        Months over which the fleet is installed, with an axis for months. [month]
    ages
        Number of months of age. [1]

    References
    ----------
    Own definition.
    """
    back = np.asarray(month, float)[..., None] - np.arange(ages + 1.0)
    period = np.asarray(deployment_period, float)[..., None]
    served = chip_months(np.maximum(back, 0.0), period)
    return np.asarray(served[..., :-1] - served[..., 1:])


def schedule(month: Array, deployment_period: Array, life: Array) -> Schedule:
    """Purchases, resales and operation of a fleet, cumulative by month. [1, 1, month].

    A chip bought at ``t`` is resold and bought again at ``t + L``: purchases are
    ``sum_k s(t - k L)`` over ``k >= 0``, resales the same over ``k >= 1``.

    Parameters
    ----------
    month
        Months since the start. [month]
    deployment_period
        Months over which the fleet is installed evenly. [month]
    life
        Months until replacement. [month]

    References
    ----------
    Own definition.
    """
    month = np.asarray(month, float)
    resales = np.zeros(np.broadcast(month, deployment_period, life).shape)
    for generation in range(1, int(np.max(month) // np.min(life)) + 1):
        resales = resales + installed_share(
            month - generation * life, deployment_period
        )
    purchases = installed_share(month, deployment_period) + resales
    return Schedule(purchases, resales, chip_months(month, deployment_period))


def cumulative_cost(
    one_off: Array, bought: Array, resold: Array, monthly: Array, fleet: Schedule
) -> Array:
    """Cash spent on a fleet up to each month, undiscounted. [USD].

    ``F + C purchases - S resales + m operation``.

    Parameters
    ----------
    one_off
        Paid at month 0 whatever the volume: NRE, port. [USD]
    bought
        Chips, servers and network of the final fleet. [USD]
    resold
        What they are worth at the end of their life. [USD]
    monthly
        Running cost of the final fleet per month. [USD/month]
    fleet
        Schedule over months. [1, 1, month]

    References
    ----------
    EQ-27, EQ-32 over time.
    """
    spent = bought * fleet.purchases - resold * fleet.resales
    return one_off + spent + monthly * fleet.operation


def crossing_month(difference: Array, months: Array) -> Array:
    """Month from which a cost stays below another up to the horizon. [month].

    0 when it is below from the start, NaN when it is not below at the horizon. Between
    two months the crossing is interpolated linearly.

    Parameters
    ----------
    difference
        Own minus rival cumulative cost of the same work; months on the last axis. [USD]
    months
        Months of the last axis, ascending. [month]

    References
    ----------
    EQ-06, read on two cost curves.
    """
    above = difference > 0.0
    last = difference.shape[-1] - 1
    final = last - np.argmax(above[..., ::-1], axis=-1)
    index = np.minimum(final, last - 1)[..., None]
    before = np.take_along_axis(difference, index, -1)[..., 0]
    after = np.take_along_axis(difference, index + 1, -1)[..., 0]
    step = months[index[..., 0] + 1] - months[index[..., 0]]
    fall = np.where(before > after, before - after, 1.0)
    crossing = months[index[..., 0]] + step * before / fall
    crossing = np.where(above.any(axis=-1), crossing, 0.0)
    never = above[..., -1] | ~np.isfinite(difference).all(axis=-1)
    return np.where(never, np.nan, crossing)


def cost_to_date(cumulative: Array, work: Array) -> Array:
    """All cash spent so far over all work done so far; NaN before any work. [USD].

    Parameters
    ----------
    cumulative
        Cumulative cost by month. [USD]
    work
        Cumulative work by month. [1]

    References
    ----------
    EQ-27 over time.
    """
    return cumulative / np.where(work > 0.0, work, np.nan)
