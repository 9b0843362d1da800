"""What one chip costs per month, line by line, owned or rented, and per unit of work.

All lines are per chip and per month; a levelised month carries the capital at the
discount rate, so that the sum over a life pays for everything exactly (EQ-15).
"""

from __future__ import annotations

import numpy as np

from breakeven.models.base import Array
from breakeven.models.units import HOUR, HOURS_PER_MONTH, MONTHS_PER_YEAR

COST_LINES = (
    "chip",
    "NRE",
    "server",
    "network",
    "hosting",
    "electricity",
    "maintenance",
    "staff and software",
    "rent",
)


def monthly_rate(discount_rate: Array) -> Array:
    """Rate per month that compounds to the annual rate. [1/month].

    ``(1 + r)^(1/12) - 1``, exact near zero.

    Parameters
    ----------
    discount_rate
        Effective annual rate. [1/year]

    References
    ----------
    EQ-01.
    """
    return np.expm1(np.log1p(discount_rate) / MONTHS_PER_YEAR)


def capital_recovery(rate: Array, periods: Array) -> Array:
    """Level payment per period that repays 1 at the end of ``periods``. [1/period].

    ``r / (1 - (1 + r)^-n)``, and ``1/n`` at a rate of exactly zero.

    Parameters
    ----------
    rate
        Rate per period, above -1. [1/period]
    periods
        Number of periods, may be fractional. [1]

    References
    ----------
    EQ-01.
    """
    rate, periods = np.asarray(rate, float), np.asarray(periods, float)
    safe = np.where(rate == 0.0, 1.0, rate)
    level = safe / -np.expm1(-periods * np.log1p(safe))
    return np.where(rate == 0.0, 1.0 / periods, level)


def capital_charge(
    cost: Array, residual_share: Array, rate: Array, periods: Array
) -> Array:
    """Level charge per period for something bought now and resold at the end. [USD].

    ``(C - s C (1 + r)^-n) CRF(r, n)``.

    Parameters
    ----------
    cost
        Purchase price. [USD]
    residual_share
        Resale value at the end, share of the price. [1]
    rate
        Rate per period. [1/period]
    periods
        Periods of use. [1]

    References
    ----------
    EQ-01, EQ-15.
    """
    resale = residual_share * np.exp(-periods * np.log1p(rate))
    return cost * (1.0 - resale) * capital_recovery(rate, periods)


def hosting_cost(provisioned_power: Array, hosting_price: Array) -> Array:
    """Rent of building, cooling and power train per month. [USD/month].

    Paid on provisioned IT power, whether used or not.

    Parameters
    ----------
    provisioned_power
        IT power at its limit. [W]
    hosting_price
        Price per provisioned power and time. [USD/W/s]

    References
    ----------
    EQ-32.
    """
    return provisioned_power * hosting_price * HOURS_PER_MONTH * HOUR


def electricity_cost(facility_power: Array, electricity_price: Array) -> Array:
    """Electricity used per month, at the meter. [USD/month].

    Parameters
    ----------
    facility_power
        Mean facility power. [W]
    electricity_price
        Price of energy. [USD/J]

    References
    ----------
    EQ-31.
    """
    return facility_power * HOURS_PER_MONTH * HOUR * electricity_price


def billed_share(
    busy_share: Array, committed_share: Array, committed: Array | bool
) -> Array:
    """Share of hours that a rented chip is billed. [1].

    On demand only the hours of use are billed (the chip is given back when idle);
    a commitment bills at least its take-or-pay floor.

    Parameters
    ----------
    busy_share
        Share of hours in use. [1]
    committed_share
        Take-or-pay floor of a commitment. [1]
    committed
        Whether there is a commitment. [1]

    References
    ----------
    EQ-17, EQ-19.
    """
    return np.where(committed, np.maximum(busy_share, committed_share), busy_share)


def rent_cost(rental_price: Array, billed: Array) -> Array:
    """Rent of one chip per month. [USD/month].

    Parameters
    ----------
    rental_price
        Price of one chip-hour in base units. [USD/s]
    billed
        Share of hours billed. [1]

    References
    ----------
    EQ-32, EQ-19.
    """
    return rental_price * HOUR * HOURS_PER_MONTH * billed


def monthly_work(work_rate: Array, utilisation: Array, availability: Array) -> Array:
    """Work that one chip delivers per month. [1/month].

    Parameters
    ----------
    work_rate
        Work per second while busy. [1/s]
    utilisation
        Share of up hours in which there is work. [1]
    availability
        Share of hours up. [1]

    References
    ----------
    EQ-15.
    """
    return work_rate * utilisation * availability * HOURS_PER_MONTH * HOUR


def breakeven_volume(
    one_off: Array,
    recovery: Array,
    rival_cost: Array,
    variable_cost: Array,
    work: Array,
) -> Array:
    """Chips at which a design's one-off cost is earned back against a rival. [1].

    ``V* = F k / ((c_rival - c_var) w)`` with the one-off cost ``F`` recovered at ``k``
    per month, both unit costs levelised, and ``w`` the work of a chip per month. NaN
    where the variable cost alone is not below the rival's: no volume helps.

    Parameters
    ----------
    one_off
        NRE and other costs that do not depend on volume. [USD]
    recovery
        Capital recovery factor per month over the life. [1/month]
    rival_cost
        Levelised cost of the rival per unit of work. [USD]
    variable_cost
        Levelised cost of the own chip per unit of work, without one-off costs. [USD]
    work
        Work of one own chip per month. [1/month]

    References
    ----------
    EQ-28.
    """
    margin = (np.asarray(rival_cost) - variable_cost) * work
    safe = np.where(margin > 0.0, margin, np.nan)
    return one_off * recovery / safe
