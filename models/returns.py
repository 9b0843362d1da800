"""Internal rates of return: every root, found by interval bounds, never guessed.

A cash flow c_t at time t has present value sum c_t exp(-t x) with x = ln(1 + r). Cash
flows that change sign once have exactly one rate above -1. With more sign changes there
may be none or several: the line of x is cut until, on each piece, the present value or
its slope provably keeps its sign, so that all roots are known before one is chosen.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from breakeven.models.base import Array
from breakeven.models.roots import present_value_roots

DAYS_PER_YEAR = 365.0  # of dated cash flows, as in spreadsheets


def internal_rate_of_return(cash_flows: ArrayLike) -> Array:
    """Rate that makes the net present value zero, NaN when none exists. [1/period].

    Time is on the last axis of cash_flows [USD], first flow at t = 0.

    Of several rates the one nearest to zero is returned, as numpy-financial does; ask
    :func:`rate_of_return_count` and show the present value against the rate when there
    is more than one. Rates lie above -1. Cash flows that are not finite give NaN.

    Examples
    --------
    >>> round(float(internal_rate_of_return([-100, 39, 59, 55, 20])), 5)
    0.28095

    References
    ----------
    .. [1] numpy-financial 1.0, ``irr``; OpenDocument Formula 1.2, function IRR.
    """
    flows = np.asarray(cash_flows, dtype=float)
    times = np.arange(flows.shape[-1], dtype=float)
    return _nearest_zero(times, flows)


def dated_internal_rate_of_return(days: ArrayLike, cash_flows: ArrayLike) -> Array:
    """Yearly rate that makes the present value of dated flows zero. [1/year].

    Time is on the last axis of days [day] (numbers, dates or datetime64, in any order)
    and of cash_flows [USD]; the other axes broadcast. Discounting is (1 + r)^(d / 365),
    flows of one day are netted. NaN without a root, the root nearest to zero among
    several.

    References
    ----------
    .. [1] OpenDocument Formula 1.2, function XIRR; pyxirr 0.10, ``xirr``.
    """
    flows = np.asarray(cash_flows, dtype=float)
    times = years_since_start(days)
    shape = np.broadcast_shapes(times.shape, flows.shape)
    times, flows = np.broadcast_to(times, shape), np.broadcast_to(flows, shape)
    order = np.argsort(times, axis=-1, kind="stable")
    times = np.take_along_axis(times, order, -1)
    flows = np.take_along_axis(flows, order, -1)
    for t in range(1, shape[-1]):
        same = times[..., t] == times[..., t - 1]
        flows[..., t] += np.where(same, flows[..., t - 1], 0.0)
        flows[..., t - 1] = np.where(same, 0.0, flows[..., t - 1])
    return _nearest_zero(times, flows)


def internal_rates_of_return(cash_flows: ArrayLike) -> Array:
    """Every rate that makes the net present value zero, ascending. [1/period].

    Time is on the last axis of cash_flows [USD]; the result replaces it by one place
    for each possible root (number of flows less one), unused places are NaN. Rates
    closer than 1e-7 count as one, a rate where the present value only touches zero is
    included.

    References
    ----------
    .. [1] G. B. Hazen, Eng. Econ. 48(1), 31-51, 2003.
    """
    flows = np.asarray(cash_flows, dtype=float)
    times = np.arange(flows.shape[-1], dtype=float)
    places = max(flows.shape[-1] - 1, 0)
    row, x = present_value_roots(times, flows)
    order = np.lexsort((x, row))
    row, x = row[order], x[order]
    place = np.arange(row.size) - np.searchsorted(row, row)
    rates = np.full((_rows(flows), places), np.nan)
    with np.errstate(over="ignore"):
        rates[row, place] = np.expm1(x)
    return rates.reshape((*flows.shape[:-1], places))


def rate_of_return_count(cash_flows: ArrayLike) -> NDArray[np.int64]:
    """Number of distinct rates above -1 that make the present value zero. [1].

    Time is on the last axis of cash_flows [USD]. Where it exceeds 1, one rate of
    return says little: show the net present value against the rate.

    References
    ----------
    .. [1] G. B. Hazen, Eng. Econ. 48(1), 31-51, 2003.
    """
    rates = internal_rates_of_return(cash_flows)
    return np.asarray(np.sum(np.isfinite(rates), axis=-1), dtype=np.int64)[()]


def years_since_start(days: ArrayLike) -> Array:
    """Time since the earliest day, in years of 365 days. [year].

    Time is on the last axis of days [day]: numbers, dates or datetime64.

    References
    ----------
    .. [1] OpenDocument Formula 1.2, function XNPV.
    """
    raw = np.asarray(days)
    if raw.dtype.kind in "MOU":
        raw = raw.astype("datetime64[D]").astype(np.int64)
    count = raw.astype(float)
    return (count - count.min(axis=-1, keepdims=True)) / DAYS_PER_YEAR


def _rows(flows: Array) -> int:
    return int(np.prod(flows.shape[:-1], dtype=np.int64))


def _nearest_zero(times: Array, flows: Array) -> Array:
    row, x = present_value_roots(times, flows)
    with np.errstate(over="ignore"):
        rate = np.expm1(x)
    order = np.argsort(-np.abs(rate), kind="stable")
    result = np.full(_rows(flows), np.nan)
    result[row[order]] = rate[order]  # of several, the last one written stays
    return result.reshape(flows.shape[:-1])[()]
