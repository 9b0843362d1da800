"""A site: how much power a fleet takes, how many chips a cap allows, its carbon."""

from __future__ import annotations

from breakeven.models.base import Array, Model, quantity


def fleet_power(count: Array, facility_power: Array) -> Array:
    """Power of a fleet at the utility meter. [W].

    Parameters
    ----------
    count
        Chips installed. [1]
    facility_power
        Facility power per chip. [W]

    References
    ----------
    EQ-34.
    """
    return count * facility_power


def chips_under_cap(power_cap: Array, provisioned_power: Array) -> Array:
    """Chips that fit under a power cap when each is provisioned at its limit. [1].

    Parameters
    ----------
    power_cap
        Facility power available. [W]
    provisioned_power
        Facility power reserved per chip. [W]

    References
    ----------
    EQ-39, with one kind of chip.
    """
    return power_cap / provisioned_power


def operational_carbon(energy: Array, carbon_intensity: Array) -> Array:
    """Carbon dioxide equivalent of the electricity used, location-based. [g].

    Parameters
    ----------
    energy
        Facility energy. [J]
    carbon_intensity
        Emissions per energy of the grid. [g/J]

    References
    ----------
    GHG Protocol, Scope 2 Guidance, 2015, location-based method.
    """
    return energy * carbon_intensity


class FleetPower(Model):
    """Power of a fleet at the utility meter."""

    count = quantity(1000.0, "chip", "Chips installed", slider=(1, 1e7))
    facility_power = quantity(1.4, "kW", "Facility power per chip", slider=(0.1, 5))
    equation, result_unit = staticmethod(fleet_power), "MW"


class ChipsUnderCap(Model):
    """Chips that fit under a power cap."""

    power_cap = quantity(100.0, "MW", "Facility power available", slider=(1, 5000))
    provisioned_power = quantity(
        1.7, "kW", "Facility power reserved per chip", inclusive=(False, True),
        slider=(0.1, 5),
    )  # fmt: skip
    equation, result_unit = staticmethod(chips_under_cap), "chip"


class OperationalCarbon(Model):
    """Carbon of the electricity used."""

    energy = quantity(1.0, "kWh", "Facility energy", slider=(0, 1000))
    carbon_intensity = quantity(
        369.5, "g/kWh", "Emissions of the grid", slider=(0, 900)
    )
    equation, result_unit = staticmethod(operational_carbon), "g"
