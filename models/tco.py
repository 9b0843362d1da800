"""What one chip costs while it is there, line by line, owned or rented.

Every line is a flow of money per chip, in USD per second like any rate in base units;
the capital lines carry the discount rate, so that the flow over a life pays for
everything exactly (EQ-15).
"""

from __future__ import annotations

import numpy as np

from breakeven.models.annuity import capital_recovery_factor
from breakeven.models.base import Array, Model, fraction, quantity
from breakeven.models.units import MONTHS_PER_YEAR

COST_LINES = (
    "chip",
    "NRE",
    "server",
    "network",
    "storage",
    "hosting",
    "electricity",
    "maintenance",
    "staff and software",
    "rent",
    "tokens",
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
    lost = lost_share(residual_share, rate, periods)
    return cost * lost * capital_recovery_factor(rate, periods)


def lost_share(residual_share: Array, rate: Array, periods: Array) -> Array:
    """Share of a price that its resale does not bring back, in today's money. [1].

    ``1 - s (1 + r)^-n``.

    Parameters
    ----------
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
    return 1.0 - residual_share * np.exp(-periods * np.log1p(rate))


def hosting_cost(provisioned_power: Array, hosting_price: Array) -> Array:
    """Rent of building, cooling and power train. [USD/s].

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
    return provisioned_power * hosting_price


def electricity_cost(facility_power: Array, electricity_price: Array) -> Array:
    """Cost of the electricity used, at the meter. [USD/s].

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
    return facility_power * electricity_price


def rent_cost(rental_price: Array, billed: Array) -> Array:
    """Rent of one chip, averaged over all hours. [USD/s].

    Parameters
    ----------
    rental_price
        Price of one chip and time. [USD/s]
    billed
        Share of hours billed. [1]

    References
    ----------
    EQ-32, EQ-19.
    """
    return rental_price * billed


def mean_work_rate(work_rate: Array, utilisation: Array, availability: Array) -> Array:
    """Work that one chip delivers per time, averaged over all hours. [1/s].

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
    return work_rate * utilisation * availability


def breakeven_volume(
    one_off: Array,
    recovery: Array,
    rival_cost: Array,
    variable_cost: Array,
    work: Array,
) -> Array:
    """Chips at which a design's one-off cost is earned back against a rival. [1].

    ``V* = F k / ((c_rival - c_var) w)`` with the one-off cost ``F`` recovered at ``k``
    per time, both unit costs levelised, and ``w`` the work of a chip per time. NaN
    where the variable cost alone is not below the rival's: no volume helps.

    Parameters
    ----------
    one_off
        NRE and other costs that do not depend on volume. [USD]
    recovery
        Capital recovery factor over the life. [1/s]
    rival_cost
        Levelised cost of the rival per unit of work. [USD]
    variable_cost
        Levelised cost of the own chip per unit of work, without one-off costs. [USD]
    work
        Work of one own chip per time. [1/s]

    References
    ----------
    EQ-28.
    """
    margin = (np.asarray(rival_cost) - variable_cost) * work
    safe = np.where(margin > 0.0, margin, np.nan)
    return one_off * recovery / safe


class CapitalCharge(Model):
    """Level charge per period for something bought now and resold at the end."""

    cost = quantity(26_000.0, "USD", "Purchase price", slider=(0, 100_000))
    residual_share = fraction(0.08, "Resale value at the end, share of the price")
    rate = quantity(0.008, "1", "Rate per period", bounds=(-0.5, 10), slider=(0, 0.05))
    periods = quantity(
        60.0, "1", "Periods of use", inclusive=(False, True), slider=(1, 120)
    )
    equation, result_unit = staticmethod(capital_charge), "USD"


class HostingCost(Model):
    """Rent of building, cooling and power train."""

    provisioned_power = quantity(1.4, "kW", "IT power at its limit", slider=(0.1, 5))
    hosting_price = quantity(
        150.0, "USD/kW/month", "Price per provisioned power", slider=(0, 400)
    )
    equation, result_unit = staticmethod(hosting_cost), "USD/month"


class ElectricityCost(Model):
    """Cost of the electricity used, at the meter."""

    facility_power = quantity(1.2, "kW", "Mean facility power", slider=(0.1, 5))
    electricity_price = quantity(0.0861, "USD/kWh", "Price of energy", slider=(0, 0.3))
    equation, result_unit = staticmethod(electricity_cost), "USD/month"


class RentCost(Model):
    """Rent of one chip, averaged over all hours."""

    rental_price = quantity(2.35, "USD/h", "Price of one chip-hour", slider=(0.1, 20))
    billed = fraction(0.6, "Share of hours billed")
    equation, result_unit = staticmethod(rent_cost), "USD/month"


class MeanWorkRate(Model):
    """Work that one chip delivers per time, averaged over all hours."""

    work_rate = quantity(1500.0, "token/s", "Work while busy", slider=(1, 1e5))
    utilisation = fraction(0.6, "Share of up hours in which there is work")
    availability = fraction(0.97, "Share of hours up")
    equation, result_unit = staticmethod(mean_work_rate), "token/s"
