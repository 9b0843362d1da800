"""Level payments: capital recovery, loans, interest and principal.

Signs follow spreadsheets and numpy-financial: money received is positive, money paid
negative, so the payment of a loan received is negative. A rate is the rate of one
period; rates above -1 are valid, 0 included, and every function keeps full precision
next to 0.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from breakeven.models.base import Array, Model, quantity

# Products with a smaller rate would leave the normal range of a double.
_NO_RATE = 1e-280


def capital_recovery_factor(rate: ArrayLike, periods: ArrayLike) -> Array:
    """Level end-of-period payment that repays 1 with interest. [1/period].

    Arguments broadcast: rate [1/period], periods [period].

    CRF = r / (1 - (1 + r)^-n), and 1/n at r = 0. Valid for r > -1 and n > 0; an
    endless annuity (n = inf) gives r. Payments in advance are CRF / (1 + r).

    Examples
    --------
    >>> round(float(capital_recovery_factor(0.07, 20)), 7)
    0.0943929

    References
    ----------
    .. [1] W. Short, D. J. Packey and T. Holt, "A Manual for the Economic Evaluation of
       Energy Efficiency and Renewable Energy Technologies," NREL/TP-462-5173, 1995.
    """
    r, n = np.broadcast_arrays(_array(rate), _array(periods))
    with np.errstate(all="ignore"):
        flat = np.abs(r) < _NO_RATE
        safe = np.where(flat, 1.0, r)
        return np.where(flat, 1.0 / n, safe / -np.expm1(-n * np.log1p(safe)))[()]


def sinking_fund_factor(rate: ArrayLike, periods: ArrayLike) -> Array:
    """Level end-of-period deposit that grows to 1. [1/period].

    Arguments broadcast: rate [1/period], periods [period].

    r / ((1 + r)^n - 1), which is the capital recovery factor less r; 1/n at r = 0.

    References
    ----------
    .. [1] W. Short, D. J. Packey and T. Holt, NREL/TP-462-5173, 1995.
    """
    r, n = np.broadcast_arrays(_array(rate), _array(periods))
    with np.errstate(all="ignore"):
        flat = np.abs(r) < _NO_RATE
        safe = np.where(flat, 1.0, r)
        return np.where(flat, 1.0 / n, safe / np.expm1(n * np.log1p(safe)))[()]


def payment(
    rate: ArrayLike,
    periods: ArrayLike,
    present_value: ArrayLike,
    future_value: ArrayLike = 0.0,
    in_advance: ArrayLike = 0.0,
) -> Array:
    """Level payment of a loan, negative when the loan is received. [USD/period].

    Arguments broadcast: rate [1/period], periods [period], present_value [USD],
    future_value [USD] left at the end (a balloon paid is negative), in_advance [1]
    which is 1 when payments fall at the start of a period.

    -(PV CRF + FV (CRF - r)) / (1 + r in_advance). Fees and taxes are left out.

    Examples
    --------
    >>> round(float(payment(0.075 / 12, 12 * 15, 200_000)), 4)
    -1854.0247

    References
    ----------
    .. [1] numpy-financial 1.0, ``pmt``; OpenDocument Formula 1.2, function PMT.
    """
    r, pv, fv = _array(rate), _array(present_value), _array(future_value)
    level = pv * capital_recovery_factor(r, periods)
    level = level + fv * sinking_fund_factor(r, periods)
    return -level / (1.0 + r * _array(in_advance))


def future_value(
    rate: ArrayLike,
    periods: ArrayLike,
    payment: ArrayLike,
    present_value: ArrayLike,
    in_advance: ArrayLike = 0.0,
) -> Array:
    """Balance after ``periods`` level payments, received when positive. [USD].

    Arguments broadcast: rate [1/period], periods [period], payment [USD/period] and
    present_value [USD] (deposits are negative), in_advance [1] which is 1 when
    payments fall at the start of a period.

    -(PV (1 + r)^n + PMT (1 + r in_advance) ((1 + r)^n - 1) / r).

    References
    ----------
    .. [1] numpy-financial 1.0, ``fv``; OpenDocument Formula 1.2, function FV.
    """
    r, n = _array(rate), _array(periods)
    with np.errstate(over="ignore", invalid="ignore"):
        growth = np.expm1(n * np.log1p(r))
        flat = np.abs(r) < _NO_RATE
        annuity = np.where(flat, n, growth / np.where(flat, 1.0, r))
        series = _array(payment) * (1.0 + r * _array(in_advance)) * annuity
        return (-(_array(present_value) * (1.0 + growth) + series))[()]


def periods_to_repay(
    rate: ArrayLike, payment: ArrayLike, present_value: ArrayLike
) -> Array:
    """Number of level payments until a loan is repaid, inf when never. [period].

    Arguments broadcast: rate [1/period], payment [USD/period] (negative when paid),
    present_value [USD] (positive when the loan is received).

    -ln(1 + r PV / PMT) / ln(1 + r), and -PV / PMT at r = 0. A payment that does not
    exceed the interest, or that has the sign of the loan, never repays it: inf. The
    result is a real number; the same formula is the discounted payback of a level flow.

    Examples
    --------
    >>> round(float(periods_to_repay(0.12, -12_000, 52_125)), 4)
    6.4995

    References
    ----------
    .. [1] numpy-financial 1.0, ``nper``; OpenDocument Formula 1.2, function NPER.
    """
    r, pmt, pv = np.broadcast_arrays(
        _array(rate), _array(payment), _array(present_value)
    )
    with np.errstate(all="ignore"):
        flat = np.abs(r) < _NO_RATE
        safe = np.where(flat, 1.0, r)
        count = np.where(flat, -pv / pmt, -np.log1p(safe * pv / pmt) / np.log1p(safe))
        known = np.isfinite(r) & np.isfinite(pmt) & np.isfinite(pv)
        never = known & ((pmt * pv >= 0.0) | (1.0 + r * pv / pmt <= 0.0))
        return np.where(pv == 0.0, 0.0, np.where(never, np.inf, count))[()]


def loan_balance(
    rate: ArrayLike, period: ArrayLike, periods: ArrayLike, present_value: ArrayLike
) -> Array:
    """Principal still owed at the start of one period of a level loan. [USD].

    Arguments broadcast: rate [1/period], period [period] counted from 1, periods
    [period], present_value [USD].

    PV CRF(r, n) / CRF(r, n - k + 1); NaN when ``period`` is outside 1 to ``periods``.

    References
    ----------
    .. [1] numpy-financial 1.0, ``fv`` and ``pmt``.
    """
    k, n = _array(period), _array(periods)
    inside = (k >= 1.0) & (k <= n)
    left = np.where(inside, n - k + 1.0, np.nan)
    level = _array(present_value) * capital_recovery_factor(rate, n)
    return level / capital_recovery_factor(rate, left)


def interest_payment(
    rate: ArrayLike, period: ArrayLike, periods: ArrayLike, present_value: ArrayLike
) -> Array:
    """Interest part of one payment of a level loan, negative when paid. [USD].

    Arguments broadcast: rate [1/period], period [period] counted from 1, periods
    [period], present_value [USD]. It is -r times the balance owed before the payment.

    References
    ----------
    .. [1] numpy-financial 1.0, ``ipmt``.
    """
    return -_array(rate) * loan_balance(rate, period, periods, present_value)


def principal_payment(
    rate: ArrayLike, period: ArrayLike, periods: ArrayLike, present_value: ArrayLike
) -> Array:
    """Principal part of one payment of a level loan, negative when paid. [USD].

    Arguments broadcast: rate [1/period], period [period] counted from 1, periods
    [period], present_value [USD]. Payment less its interest part.

    References
    ----------
    .. [1] numpy-financial 1.0, ``ppmt``.
    """
    balance = loan_balance(rate, period, periods, present_value)
    left = _array(periods) - _array(period) + 1.0
    inside = np.where(np.isnan(balance), np.nan, left)
    return -balance * sinking_fund_factor(rate, inside)


def total_interest(
    rate: ArrayLike, periods: ArrayLike, present_value: ArrayLike
) -> Array:
    """Interest paid over the whole of a level loan, as a positive cost. [USD].

    Arguments broadcast: rate [1/period], periods [period], present_value [USD].

    PV (n CRF(r, n) - 1). Left out: interest on interest, which a present value holds.

    References
    ----------
    .. [1] I. Magaki et al., "ASIC Clouds," ISCA 2016, doi:10.1109/ISCA.2016.25 (the
       interest terms of its data-centre cost).
    """
    n = _array(periods)
    return _array(present_value) * (n * capital_recovery_factor(rate, n) - 1.0)


class CapitalRecovery(Model):
    """Level payment a period that repays one unit of capital."""

    rate = quantity(
        0.08,
        "1",
        "Interest rate of one period",
        bounds=(-1.0, None),
        inclusive=(False, True),
        slider=(0.0, 0.3),
    )
    periods = quantity(
        5.0, "1", "Number of payments", inclusive=(False, True), slider=(1, 30)
    )
    equation, result_unit = staticmethod(capital_recovery_factor), "1"


class Payment(Model):
    """Level payment of a loan, negative when the loan is received."""

    rate = quantity(
        0.08 / 12,
        "1",
        "Interest rate of one period",
        bounds=(-1.0, None),
        inclusive=(False, True),
        slider=(0.0, 0.03),
    )
    periods = quantity(
        60.0, "1", "Number of payments", inclusive=(False, True), slider=(1, 360)
    )
    present_value = quantity(
        1e6, "USD", "Amount borrowed", bounds=(None, None), slider=(0, 1e9)
    )
    equation, result_unit = staticmethod(payment), "USD"


def _array(value: ArrayLike) -> Array:
    return np.asarray(value, dtype=float)
