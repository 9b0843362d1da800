"""Depreciation: accounting schedules, US tax rates, market value.

Schedules have years 1, 2, … on a new last axis, as long as the longest life (or
``years``); charges after the end of a life are zero. Lives may be fractional (5.5
years): the last year then counts in part.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from breakeven.models.base import Array
from breakeven.models.cash_flow import discount_factors


def straight_line(
    cost: ArrayLike, salvage: ArrayLike, life: ArrayLike, years: int | None = None
) -> Array:
    """Charge of each year, the same over the life. [USD/year].

    Arguments broadcast: cost [USD], salvage [USD], life [year]; years [year] sets the
    length of the last axis.

    (C - S) / N.

    Examples
    --------
    >>> straight_line(35_000, 5_000, 5).tolist()
    [6000.0, 6000.0, 6000.0, 6000.0, 6000.0]

    References
    ----------
    .. [1] OpenDocument Formula 1.2, function SLN.
    """
    base, n, year = _schedule(cost, salvage, life, years)
    return base / n * np.clip(n - year + 1.0, 0.0, 1.0)


def sum_of_years_digits(
    cost: ArrayLike, salvage: ArrayLike, life: ArrayLike, years: int | None = None
) -> Array:
    """Charge of each year, falling in even steps. [USD/year].

    Arguments broadcast: cost [USD], salvage [USD], life [year]; years [year] sets the
    length of the last axis.

    (C - S) (N - t + 1) / (N (N + 1) / 2); for a fractional life the remaining years
    are summed likewise, so that the charges add up to C - S.

    Examples
    --------
    >>> sum_of_years_digits(35_000, 5_000, 5).tolist()
    [10000.0, 8000.0, 6000.0, 4000.0, 2000.0]

    References
    ----------
    .. [1] OpenDocument Formula 1.2, function SYD.
    """
    base, n, year = _schedule(cost, salvage, life, years)
    whole = np.ceil(n)
    digits = whole * n - 0.5 * whole * (whole - 1.0)
    return base * np.maximum(n - year + 1.0, 0.0) / digits


def declining_balance(
    cost: ArrayLike,
    salvage: ArrayLike,
    life: ArrayLike,
    factor: ArrayLike = 2.0,
    years: int | None = None,
    switch: bool = False,
) -> Array:
    """Charge of each year, a fixed share of the book value, never below salvage. [USD].

    Arguments broadcast: cost [USD], salvage [USD], life [year], factor [1] (2 is double
    declining); years [year] sets the length of the last axis. With ``switch`` a year
    takes the straight line over the years left where that is more, which ends at
    salvage; without, the book value may stay above it.

    min(f / N BV, BV - S).

    Examples
    --------
    >>> declining_balance(35_000, 5_000, 5).tolist()
    [14000.0, 8400.0, 5040.0, 2560.0, 0.0]

    References
    ----------
    .. [1] OpenDocument Formula 1.2, functions DDB and VDB.
    """
    c, s, n, f = np.broadcast_arrays(
        *(np.asarray(a, dtype=float) for a in (cost, salvage, life, factor))
    )
    length = _length(n) if years is None else years
    charges = np.zeros((*c.shape, length))
    book = c.astype(float)
    for t in range(length):
        left = np.maximum(n - t, 0.0)
        charge = f / n * book
        if switch:
            charge = np.maximum(charge, (book - s) / np.maximum(left, 1.0))
        charge = np.where(left > 0.0, np.minimum(charge, book - s), 0.0)
        charges[..., t] = charge
        book = book - charge
    return charges


def macrs_rates(
    life: ArrayLike, factor: ArrayLike = 2.0, first_year_fraction: ArrayLike = 0.5
) -> Array:
    """Share of cost deducted in each of life + 1 tax years, MACRS rules. [1].

    Arguments broadcast: life [year] of the property class, factor [1] (2 for 3- to
    10-year property, 1.5 for 15- and 20-year, 1 for buildings), first_year_fraction [1]
    (0.5 is the half-year convention, 0.875, 0.625, 0.375, 0.125 the mid-quarter one; 1
    leaves the last year empty). Years are on a new last axis and add up to 1.

    Declining balance on the whole cost, no salvage, switching to the straight line over
    the years left once that is more. Unrounded; the digits that the tax office prints
    are presets, those of the 7- and 15-year rows alternate by rounding. Bonus
    depreciation is left out.

    Examples
    --------
    >>> macrs_rates(5).round(4).tolist()
    [0.2, 0.32, 0.192, 0.1152, 0.1152, 0.0576]

    References
    ----------
    .. [1] IRS, Rev. Proc. 87-57, 1987-2 C.B. 687, secs. 6-8.
    .. [2] IRS Publication 946, "How To Depreciate Property," app. A.
    """
    n, f, first = np.broadcast_arrays(
        *(np.asarray(a, dtype=float) for a in (life, factor, first_year_fraction))
    )
    rates = np.zeros((*n.shape, _length(n) + 1))
    book = np.ones(n.shape)
    for t in range(rates.shape[-1]):
        part = first if t == 0 else np.ones(n.shape)
        left = n - (0.0 if t == 0 else first + (t - 1.0))
        line = np.where(left > part, part / np.maximum(left, part), 1.0)
        rate = book * np.maximum(np.minimum(f / n * part, 1.0), line)
        rates[..., t] = rate
        book = book - rate
    return rates


def book_value(cost: ArrayLike, charges: ArrayLike) -> Array:
    """Book value at the end of years 0, 1, …, of a depreciation schedule. [USD].

    cost [USD] broadcasts with the leading axes of charges [USD/year], whose last axis
    is time; the result is one longer.

    References
    ----------
    .. [1] IAS 16, "Property, Plant and Equipment," par. 6 (carrying amount).
    """
    c, d = np.asarray(cost, dtype=float), np.asarray(charges, dtype=float)
    shape = np.broadcast_shapes(c.shape, d.shape[:-1])
    values = np.empty((*shape, d.shape[-1] + 1))
    values[..., 0] = c
    values[..., 1:] = c[..., None] - np.cumsum(d, axis=-1)
    return values


def tax_shield(tax_rate: ArrayLike, charges: ArrayLike) -> Array:
    """Tax that the depreciation of each year saves. [USD/year].

    Arguments broadcast: tax_rate [1], charges [USD/year].

    T D_t, provided there is profit to set it against.

    References
    ----------
    .. [1] W. Short, D. J. Packey and T. Holt, NREL/TP-462-5173, 1995.
    """
    return np.asarray(tax_rate, dtype=float) * np.asarray(charges, dtype=float)


def tax_shield_value(tax_rate: ArrayLike, rate: ArrayLike, charges: ArrayLike) -> Array:
    """Present value of the tax that depreciation saves. [USD].

    tax_rate [1] and rate [1/year] broadcast with the leading axes of charges
    [USD/year], whose last axis is years 1, 2, ….

    T sum D_t / (1 + r)^t. With T = 1 and charges per unit of cost it is the
    depreciation value that :func:`~breakeven.models.levelised.fixed_charge_rate` takes.

    References
    ----------
    .. [1] W. Short, D. J. Packey and T. Holt, NREL/TP-462-5173, 1995.
    """
    d = np.asarray(charges, dtype=float)
    discount = discount_factors(rate, d.shape[-1] + 1)[..., 1:]
    return np.asarray(tax_rate, dtype=float) * np.vecdot(d, discount)


def _length(life: Array) -> int:
    return math.ceil(float(life.max())) if life.size else 0


def _schedule(
    cost: ArrayLike, salvage: ArrayLike, life: ArrayLike, years: int | None
) -> tuple[Array, Array, NDArray[np.float64]]:
    base = np.asarray(cost, dtype=float) - np.asarray(salvage, dtype=float)
    n = np.asarray(life, dtype=float)
    length = _length(n) if years is None else years
    return base[..., None], n[..., None], np.arange(1.0, length + 1.0)
