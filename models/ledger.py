"""The fleet's money month by month: what is bought, sold, and paid for operation.

A fleet has one shape over time, per chip of its final size: chips bought and sold in
each month, chip-months worked, and the value left at the horizon. Any line of its cash
flow is an amount times one of these shapes. Month 0 holds what is paid up front, month
t what falls between t - 1 and t, at its end.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from breakeven.models import amortization
from breakeven.models.base import Array
from breakeven.models.residual import quoted_value
from breakeven.models.units import MONTHS_PER_YEAR

_SOLD = 1e-9  # months: nearer to the end of life than this is sold


class Shapes(NamedTuple):
    """A fleet by month, per chip of its final size; months on the last axis.

    ``purchases`` chips bought, ``resales`` their value when sold or left at the horizon
    as a share of the price, ``operation`` chip-months worked. [1, 1, month]
    """

    purchases: Array
    resales: Array
    operation: Array


def resale_share(age: Array, life: Array, residual: Array) -> Array:
    """Second-hand value of a chip of some age, share of its price. [1].

    ``s^(a / L)``: an exponential that ends at the residual value ``s``. With ``s = 0``
    a chip is worth nothing once used.

    Parameters
    ----------
    age
        Age. [month]
    life
        Useful life. [month]
    residual
        Value at the end of life, share of the price. [1]

    References
    ----------
    EQ-12.
    """
    return np.asarray(residual, float) ** (np.asarray(age, float) / life)


def monthly(cumulative: Array) -> Array:
    """Flow of each month of a cumulative curve, the first month's level first. [any].

    Parameters
    ----------
    cumulative
        Curve by month, months on the last axis. [any]

    References
    ----------
    Own definition.
    """
    return np.diff(cumulative, axis=-1, prepend=0.0)


def shapes(
    months: Array,
    deployment_period: Array,
    life: Array,
    residual: Array,
    quotes: tuple[Array, Array] | None = None,
) -> Shapes:
    """Purchases, resale values and operation of a fleet by month. [1, 1, month].

    What is left at the horizon is sold there, each tranche at the value of its age.

    Parameters
    ----------
    months
        Months from 0 to the horizon, one by one. [month]
    deployment_period
        Months over which the fleet is installed, with an axis for months. [month]
    life
        Months until replacement, with an axis for months. [month]
    residual
        Value at the end of life, share of the price, with an axis for months. [1]
    quotes
        Ages [month] and values, share of the price [1], in place of the curve.

    References
    ----------
    EQ-12, EQ-32 over time.
    """
    fleet = amortization.schedule(months, deployment_period, life)
    bought, sold = monthly(fleet.purchases), monthly(fleet.resales)
    age = months[-1] - months

    def value(at: Array) -> Array:
        if quotes is None:
            return resale_share(at, life, residual)
        return np.asarray(quoted_value(at, *quotes))

    resales = sold * value(life)
    left = np.where(age < life - _SOLD, bought * value(age), 0.0).sum(axis=-1)
    resales = np.array(np.broadcast_to(resales, np.broadcast(resales, bought).shape))
    resales[..., -1] += left
    return Shapes(bought, resales, monthly(fleet.operation))


def ages_left(months: Array, bought: Array, life: Array) -> tuple[Array, Array]:
    """Ages of the oldest and the youngest batch left at the horizon. [month, month].

    Not a number where nothing is left, and without what is bought at the horizon.

    Parameters
    ----------
    months
        Months from 0 to the horizon, one by one. [month]
    bought
        Chips bought by month, per chip of the final fleet. [1]
    life
        Months until sale, with an axis for months. [month]

    References
    ----------
    Own definition.
    """
    age = months[-1] - months
    left = (bought > 0.0) & (age < life - _SOLD) & (age > 0.0)
    some = left.any(axis=-1)
    oldest = np.where(left, age, -np.inf).max(axis=-1)
    youngest = np.where(left, age, np.inf).min(axis=-1)
    return np.where(some, oldest, np.nan), np.where(some, youngest, np.nan)


def cash_flow(one_off: Array, purchase: Array, running: Array, shape: Shapes) -> Array:
    """Net cash flow of a fleet by month, before tax; money paid is negative. [USD].

    ``-(F at month 0 + C (purchases - resales) + m operation)``.

    Parameters
    ----------
    one_off
        Paid at month 0 whatever the volume. [USD]
    purchase
        What the whole fleet costs to buy. [USD]
    running
        Cost of the whole fleet per month of operation. [USD/month]
    shape
        Shapes of the fleet by month. [1, 1, month]

    References
    ----------
    EQ-15, EQ-32 over time.
    """
    bought = np.asarray(purchase, float)[..., None]
    spent = bought * (shape.purchases - shape.resales)
    spent = spent + np.asarray(running, float)[..., None] * shape.operation
    if np.shape(one_off) != spent.shape[:-1]:
        wide = np.broadcast_shapes(np.shape(one_off), spent.shape[:-1])
        spent = np.array(np.broadcast_to(spent, (*wide, spent.shape[-1])))
    spent[..., 0] += one_off
    return np.negative(spent, out=spent)


def by_year(flows: Array) -> Array:
    """Flows of each year: year 0 is paid up front, year 1 holds months 1 to 12. [any].

    Parameters
    ----------
    flows
        Flows by month from month 0, months on the last axis. [any]

    References
    ----------
    Own definition.
    """
    starts = [0, *range(1, flows.shape[-1], MONTHS_PER_YEAR)]
    return np.add.reduceat(flows, starts, axis=-1)


def deductions(
    months: Array, purchases: Array, life: Array, rates: Array, bonus: Array
) -> Array:
    """Tax depreciation by year, share of the price of a chip of the final fleet. [1].

    A tranche bought in a year is written off from that year on at ``rates``, a share
    ``bonus`` of it at once; what is left when it is sold, at the end of its life or at
    the horizon, is written off then. Year 0 has none.

    Parameters
    ----------
    months
        Months from 0 to the horizon. [month]
    purchases
        Chips bought by month, per chip of the final fleet. [1]
    life
        Months until sale, with an axis for months. [month]
    rates
        Share of the price written off in each tax year. [1]
    bonus
        Share written off in the first year. [1]

    References
    ----------
    IRS Publication 946 (the order of the deductions); own rule for the sale.
    """
    horizon = months[-1]
    years = np.arange(1, np.ceil(horizon / MONTHS_PER_YEAR) + 1)
    first = np.maximum(np.ceil(months / MONTHS_PER_YEAR), 1.0)[:, None]
    sale = np.minimum(months + life, horizon)[..., None]
    last = np.maximum(np.ceil(sale / MONTHS_PER_YEAR - _SOLD), first)
    table = np.append(rates, np.zeros(years.size + 1))
    spent = np.append(0.0, np.cumsum(table))
    age = (years - first).astype(int)
    known = np.clip(age, 0, table.size - 1)
    charge = np.where(years < last, table[known], 1.0 - spent[known])
    charge = np.where((age < 0) | (years > last), 0.0, charge)
    share = np.asarray(bonus, float)[..., None, None]
    charge = share * (age == 0) + (1.0 - share) * charge
    total = (purchases[..., None] * charge).sum(axis=-2)
    return np.concatenate([np.zeros((*total.shape[:-1], 1)), total], axis=-1)
