"""A site: how much power a fleet takes, how many chips a cap allows, its carbon."""

from __future__ import annotations

from breakeven.models.base import Array


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
