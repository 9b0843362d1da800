"""Power of a chip at load, of its share of a server, and of the facility around it."""

from __future__ import annotations

from breakeven.models.base import Array, Model, fraction, quantity


def mean_chip_power(
    tdp: Array, busy_share: Array, idle_share: Array, utilisation: Array
) -> Array:
    """Mean power of one chip over all hours. [W].

    ``P = TDP (u b + (1 - u) i)``: busy hours at the share ``b`` of TDP that the work
    draws, the other hours at the idle share ``i``. Power does not fall to zero with
    utilisation: an idle accelerator keeps its memory and links alive.

    Parameters
    ----------
    tdp
        Power limit of the chip. [W]
    busy_share
        Power while working, share of TDP. [1]
    idle_share
        Power while idle, share of TDP. [1]
    utilisation
        Share of hours in which the chip works. [1]

    References
    ----------
    EQ-31; ML.ENERGY leaderboard v3 (power of H100 and B200 under load).
    """
    return tdp * (utilisation * busy_share + (1.0 - utilisation) * idle_share)


def it_power(chip_power: Array, host_power: Array, network_power: Array) -> Array:
    """IT power that one chip brings with it: chip, host share, network share. [W].

    Parameters
    ----------
    chip_power
        Mean or limit of the chip itself. [W]
    host_power
        Server beyond the chips (CPU, memory, NIC, fans), per chip. [W]
    network_power
        Cluster network and storage, per chip. [W]

    References
    ----------
    EQ-31; P. Patel et al., SemiAnalysis, "AI Datacenter Energy Dilemma," 2024.
    """
    return chip_power + host_power + network_power


def facility_power(it: Array, pue: Array) -> Array:
    """Power at the utility meter for some IT power. [W].

    Parameters
    ----------
    it
        IT power. [W]
    pue
        Power usage effectiveness, facility over IT energy. [1]

    References
    ----------
    ISO/IEC 30134-2:2016, power usage effectiveness.
    """
    return it * pue


def energy_per_work(facility: Array, work_rate: Array) -> Array:
    """Facility energy per unit of work. [J].

    Parameters
    ----------
    facility
        Mean facility power per chip over all hours. [W]
    work_rate
        Mean work per second per chip over all hours. [1/s]

    References
    ----------
    EQ-34.
    """
    return facility / work_rate


class MeanChipPower(Model):
    """Mean power of one chip over busy and idle hours."""

    tdp = quantity(700.0, "W", "Power limit of the chip", slider=(50, 3000))
    busy_share = fraction(0.75, "Power while working, share of TDP")
    idle_share = fraction(0.15, "Power while idle, share of TDP")
    utilisation = fraction(0.6, "Share of hours in which the chip works")
    equation, result_unit = staticmethod(mean_chip_power), "W"


class FacilityPower(Model):
    """Power at the utility meter."""

    it = quantity(1275.0, "W", "IT power", slider=(100, 5000))
    pue = quantity(
        1.15, "1", "Power usage effectiveness", bounds=(1, None), slider=(1, 2)
    )
    equation, result_unit = staticmethod(facility_power), "W"


class EnergyPerWork(Model):
    """Facility energy per unit of work."""

    facility = quantity(1.4, "kW", "Mean facility power per chip", slider=(0.1, 5))
    work_rate = quantity(
        1500.0,
        "token/s",
        "Mean work per chip",
        inclusive=(False, True),
        slider=(1, 1e5),
    )
    equation, result_unit = staticmethod(energy_per_work), "J/token"
