"""Lifetime cost of a server with its share of the data centre that holds it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from breakeven.models.annuity import total_interest
from breakeven.models.base import Array, Model, fraction, quantity


class LifetimeCost(NamedTuple):
    """Parts of the cost of one server over its life. [USD]."""

    facility: Array
    facility_interest: Array
    facility_operation: Array
    energy: Array
    energy_overhead: Array
    server: Array
    server_interest: Array
    server_operation: Array


def energy_cost(
    power: ArrayLike,
    load: ArrayLike,
    pue: ArrayLike,
    time: ArrayLike,
    electricity_price: ArrayLike,
) -> Array:
    """Cost of electricity, the facility's overhead included. [USD].

    Arguments broadcast: power [W] rated, load [1] mean share of it, pue [1], time [s],
    electricity_price [USD/J].

    W load PUE t e. Demand charges are left out.

    References
    ----------
    .. [1] L. A. Barroso, U. Hoelzle and P. Ranganathan, "The Datacenter as a Computer,"
       3rd ed., Morgan & Claypool, 2018, doi:10.2200/S00874ED3V01Y201809CAC046.
    """
    used = np.asarray(power, dtype=float) * np.asarray(load, dtype=float)
    energy = used * np.asarray(pue, dtype=float) * np.asarray(time, dtype=float)
    return energy * np.asarray(electricity_price, dtype=float)


def facility_cost(
    power: ArrayLike,
    facility_price: ArrayLike,
    months: ArrayLike,
    facility_months: ArrayLike,
) -> Array:
    """Part of a data centre's price that a server wears out, without interest. [USD].

    Arguments broadcast: power [W] of the server, facility_price [USD/W] of building,
    months [1] the server lives, facility_months [1] the data centre lives.

    K W L / N.

    References
    ----------
    .. [1] I. Magaki et al., "ASIC Clouds," ISCA 2016, doi:10.1109/ISCA.2016.25.
    """
    price = np.asarray(power, dtype=float) * np.asarray(facility_price, dtype=float)
    return price * np.asarray(months, float) / np.asarray(facility_months, float)


def lifetime_cost(
    server_price: ArrayLike,
    power: ArrayLike,
    months: ArrayLike,
    monthly_rate: ArrayLike,
    facility_price: ArrayLike,
    facility_months: ArrayLike,
    facility_operation: ArrayLike,
    server_operation: ArrayLike,
    load: ArrayLike,
    pue: ArrayLike,
    time: ArrayLike,
    electricity_price: ArrayLike,
) -> LifetimeCost:
    """Cost of one server over its life, in parts that add up to the total. [USD].

    Arguments broadcast: server_price [USD], power [W], months [1] of its life,
    monthly_rate [1] of interest a month, facility_price [USD/W] of building,
    facility_months [1] of its life, facility_operation [USD/W] a month,
    server_operation [1] share of the server's price over its life, load [1] mean share
    of power, pue [1], time [s] switched on, electricity_price [USD/J].

    Both capitals carry the total interest of a level loan over their own life; the
    server pays its months of the facility's. Undiscounted, without salvage, network
    and staff.

    References
    ----------
    .. [1] I. Magaki et al., "ASIC Clouds," ISCA 2016, doi:10.1109/ISCA.2016.25.
    .. [2] L. A. Barroso, U. Hoelzle and P. Ranganathan, "The Datacenter as a Computer,"
       3rd ed., Morgan & Claypool, 2018, doi:10.2200/S00874ED3V01Y201809CAC046.
    """
    watts, price = np.asarray(power, dtype=float), np.asarray(server_price, dtype=float)
    facility = facility_cost(watts, facility_price, months, facility_months)
    monthly = watts * np.asarray(facility_operation, dtype=float)
    drawn = energy_cost(watts, load, 1.0, time, electricity_price)
    return LifetimeCost(
        facility=facility,
        facility_interest=total_interest(monthly_rate, facility_months, facility),
        facility_operation=monthly * np.asarray(months, dtype=float),
        energy=drawn,
        energy_overhead=drawn * (np.asarray(pue, dtype=float) - 1.0),
        server=price,
        server_interest=total_interest(monthly_rate, months, price),
        server_operation=price * np.asarray(server_operation, dtype=float),
    )


def lifetime_total(parts: LifetimeCost) -> Array:
    """Cost of one server over its life. [USD].

    parts [USD] as :func:`lifetime_cost` gives them.

    References
    ----------
    .. [1] I. Magaki et al., "ASIC Clouds," ISCA 2016, doi:10.1109/ISCA.2016.25.
    """
    total = np.asarray(parts[0], dtype=float)
    for part in parts[1:]:
        total = total + part
    return total


class EnergyCost(Model):
    """Cost of electricity, the facility's overhead included."""

    power = quantity(1_000.0, "W", "Rated power", slider=(50, 150_000), log=True)
    load = fraction(0.75, "Mean share of rated power")
    pue = quantity(
        1.25,
        "1",
        "Facility energy over IT energy",
        bounds=(1.0, None),
        slider=(1.0, 2.0),
    )
    time = quantity(8_760.0, "h", "Time switched on", slider=(0, 50_000))
    electricity_price = quantity(
        0.08, "USD/kWh", "Electricity price", bounds=(None, None), slider=(0.02, 0.3)
    )
    equation, result_unit = staticmethod(energy_cost), "USD"
