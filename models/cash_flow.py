"""Value of cash flows: net present value, modified rate of return, payback.

Time is on the last axis and the first flow falls at t = 0, undiscounted, unlike a
spreadsheet's NPV. Money received is positive. A rate has the shape of the other axes:
with flows of shape (draws, months), a rate for each draw, or one for all. A rate whose
last axis has length 1 carries the time axis itself, as in ``rates[:, None]``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from breakeven.models.base import Array
from breakeven.models.returns import years_since_start

_ROUNDING = 4.0 * np.finfo(float).eps


def discount_factors(rate: ArrayLike, periods: int) -> Array:
    """Present value of 1 received at t = 0, 1, …, periods - 1. [1].

    rate [1/period] of any shape, periods [1]; time is on a new last axis.

    (1 + r)^-t. Flows in the middle of a period are worth (1 + r)^0.5 more. NaN at
    r <= -1, where money has no later value.

    References
    ----------
    .. [1] W. Short, D. J. Packey and T. Holt, NREL/TP-462-5173, 1995.
    """
    rates = np.asarray(rate, dtype=float)
    growth = np.log1p(np.where(rates > -1.0, rates, np.nan))
    return np.exp(-growth[..., None] * np.arange(periods, dtype=float))


def net_present_value(rate: ArrayLike, cash_flows: ArrayLike) -> Array:
    """Sum of the discounted cash flows, the first one undiscounted. [USD].

    rate [1/period] broadcasts with the leading axes of cash_flows [USD], whose last
    axis is time; a last axis of length 1 of the rate is the time axis. For a table of
    rates against projects use ``rate[:, None, None]``.

    sum CF_t / (1 + r)^t, for r > -1. Inflation and taxes must already be in the flows.

    Examples
    --------
    >>> flows = [-40_000, 5_000, 8_000, 12_000, 30_000]
    >>> round(float(net_present_value(0.08, flows)), 5)
    3065.22267

    References
    ----------
    .. [1] numpy-financial 1.0, ``npv``; W. Short et al., NREL/TP-462-5173, 1995.
    """
    flows = np.asarray(cash_flows, dtype=float)
    factors = discount_factors(without_time(rate), flows.shape[-1])
    return np.asarray(np.vecdot(flows, factors))[()]


def without_time(rate: ArrayLike) -> Array:
    """A rate without the time axis of length 1 that it may carry. [1/period].

    rate [1/period] of any shape.

    References
    ----------
    .. [1] Broadcasting rules of NumPy.
    """
    rates = np.asarray(rate, dtype=float)
    return rates[..., 0] if rates.ndim and rates.shape[-1] == 1 else rates


def dated_net_present_value(
    rate: ArrayLike, days: ArrayLike, cash_flows: ArrayLike
) -> Array:
    """Sum of dated cash flows discounted to the earliest day. [USD].

    rate [1/year] broadcasts with the leading axes; days [day] (numbers, dates or
    datetime64) and cash_flows [USD] have time on the last axis.

    sum CF_t / (1 + r)^((d_t - d_0) / 365).

    References
    ----------
    .. [1] OpenDocument Formula 1.2, function XNPV; pyxirr 0.10, ``xnpv``.
    """
    growth = np.log1p(without_time(rate))[..., None]
    discount = np.exp(-growth * years_since_start(days))
    return np.asarray(np.vecdot(np.asarray(cash_flows, dtype=float), discount))[()]


def modified_internal_rate_of_return(
    cash_flows: ArrayLike, finance_rate: ArrayLike, reinvest_rate: ArrayLike
) -> Array:
    """Rate of return when inflows are reinvested and outflows financed. [1/period].

    Time is on the last axis of cash_flows [USD]; finance_rate [1/period] and
    reinvest_rate [1/period] broadcast with its other axes.

    (FV of inflows at the reinvestment rate / -PV of outflows at the finance rate)^(1/n)
    - 1. Unlike the internal rate it is unique; NaN without an inflow or an outflow.

    References
    ----------
    .. [1] numpy-financial 1.0, ``mirr``; OpenDocument Formula 1.2, function MIRR.
    """
    flows = np.asarray(cash_flows, dtype=float)
    reinvest = without_time(reinvest_rate)
    inflow = net_present_value(reinvest, np.maximum(flows, 0.0))
    outflow = -net_present_value(finance_rate, np.minimum(flows, 0.0))
    inflow, outflow = np.broadcast_arrays(inflow, outflow)
    last = flows.shape[-1] - 1
    known = (inflow > 0.0) & (outflow > 0.0) & (last > 0)
    inflow, outflow = (np.where(known, part, np.nan) for part in (inflow, outflow))
    growth = (np.log(inflow) - np.log(outflow)) / max(last, 1) + np.log1p(reinvest)
    with np.errstate(over="ignore"):
        return np.expm1(growth)[()]


def payback_period(cash_flows: ArrayLike) -> Array:
    """Time when the cumulative cash flow first reaches zero, inf when never. [period].

    Time is on the last axis of cash_flows [USD]; within a period the flow is taken as
    even: t - 1 - cumulative_(t-1) / CF_t.

    0 when the first flow is not negative. A balance within rounding of zero counts as
    zero. A later loss (decommissioning) is not seen: read it beside the net present
    value. Flows that are not a number give NaN.

    Examples
    --------
    >>> float(payback_period([-52_125] + 8 * [12_000]))
    4.34375

    References
    ----------
    .. [1] W. Short, D. J. Packey and T. Holt, NREL/TP-462-5173, 1995 (simple payback).
    """
    flows = np.asarray(cash_flows, dtype=float)
    total = np.cumsum(flows, axis=-1)
    noise = _ROUNDING * np.cumsum(np.abs(flows), axis=-1)
    reached = total >= -noise
    first = reached.argmax(axis=-1)[..., None]
    before = np.take_along_axis(total, np.maximum(first - 1, 0), -1)
    flow = np.take_along_axis(flows, first, -1)
    share = np.divide(-before, flow, out=np.ones_like(flow), where=flow > 0.0)
    time = np.where(first > 0, first - 1.0 + np.minimum(share, 1.0), 0.0)[..., 0]
    time = np.where(reached.any(axis=-1), time, np.inf)
    return np.where(np.isnan(total[..., -1]), np.nan, time)[()]


def discounted_payback_period(rate: ArrayLike, cash_flows: ArrayLike) -> Array:
    """Time when the discounted cumulative flow first reaches zero. [period].

    rate [1/period] broadcasts with the leading axes of cash_flows [USD], whose last
    axis is time. Interpolated within a period; inf when it never pays back.

    For a level flow :func:`~breakeven.models.annuity.periods_to_repay` is the closed
    form; the two differ by a few hundredths, since here a period's flow is even.

    References
    ----------
    .. [1] W. Short, D. J. Packey and T. Holt, NREL/TP-462-5173, 1995.
    """
    flows = np.asarray(cash_flows, dtype=float)
    return payback_period(flows * discount_factors(without_time(rate), flows.shape[-1]))
