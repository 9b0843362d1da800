"""What the headline of a deal implies: chips, power, money and work from its terms.

A headline states some of chips, cores, power, term and value, mostly as a range. Each
follows from the others, so that one can be held against another: cores over cores per
chip are chips, chips times hours times a price are a value.
"""

from __future__ import annotations

import numpy as np

from breakeven.models.base import Array, Model, quantity


def chips_of_cores(cores: Array, cores_per_chip: Array) -> Array:
    """Chips that hold so many cores. [chip].

    Parameters
    ----------
    cores
        Cores in all. [core]
    cores_per_chip
        Cores of one socket. [core]

    References
    ----------
    Own definition.
    """
    return cores / cores_per_chip


def chips_of_power(power: Array, chip_power: Array) -> Array:
    """Chips that a power feeds, servers, network and cooling included. [chip].

    Parameters
    ----------
    power
        Facility power. [W]
    chip_power
        Facility power per chip, all in. [W]

    References
    ----------
    EQ-34.
    """
    return power / chip_power


def contract_value(chips: Array, price: Array, term: Array) -> Array:
    """Value of chips paid for by the hour, every hour of a term. [USD].

    Parameters
    ----------
    chips
        Chips, all of them from the first day. [chip]
    price
        Price of one chip and time. [USD/s]
    term
        Length of the contract. [s]

    References
    ----------
    EQ-19.
    """
    return chips * price * term


def implied_price(value: Array, chips: Array, term: Array) -> Array:
    """Price of a chip and time that a value comes to. [USD/s].

    Parameters
    ----------
    value
        Value of the contract. [USD]
    chips
        Chips, all of them from the first day. [chip]
    term
        Length of the contract. [s]

    References
    ----------
    EQ-32, solved for the price.
    """
    return value / (np.asarray(chips) * term)


def share_of_supply(chips: Array, supply: Array) -> Array:
    """Chips over all that are thought to exist. [1].

    Parameters
    ----------
    chips
        Chips of the deal. [chip]
    supply
        Chips made so far. [chip]

    References
    ----------
    Own definition.
    """
    return chips / supply


class ContractValue(Model):
    """Value of chips paid for by the hour, every hour of a term."""

    chips = quantity(156_250.0, "chip", "Chips", slider=(1, 1e7), log=True)
    price = quantity(9.39, "USD/h", "Price of one chip-hour", slider=(0.01, 20))
    term = quantity(3.0, "year", "Length of the contract", slider=(0.5, 15))
    equation, result_unit = staticmethod(contract_value), "BUSD"


class ImpliedPrice(Model):
    """Price of a chip and time that a value comes to."""

    value = quantity(6.0, "BUSD", "Value of the contract", slider=(0.1, 200))
    chips = quantity(
        156_250.0, "chip", "Chips", bounds=(1, None), slider=(1, 1e7), log=True
    )
    term = quantity(
        3.0, "year", "Length of the contract", inclusive=(False, True), slider=(0.5, 15)
    )
    equation, result_unit = staticmethod(implied_price), "USD/h"


class ChipsOfPower(Model):
    """Chips that a power feeds, servers, network and cooling included."""

    power = quantity(1000.0, "MW", "Facility power", slider=(1, 10_000), log=True)
    chip_power = quantity(
        1.0, "kW", "Facility power per chip", inclusive=(False, True), slider=(0.1, 5)
    )
    equation, result_unit = staticmethod(chips_of_power), "chip"
