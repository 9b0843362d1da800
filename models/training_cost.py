"""What a training run costs, by three methods that differ many times over.

Amortised: the value the hardware loses during the run, plus energy. Rental: chip-hours
at a price. Upfront: the price of all the hardware. A published figure means little
without its method; staff, failed runs and data are in none of them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from breakeven.models.base import Array, Model, fraction, quantity
from breakeven.models.datacenter import energy_cost
from breakeven.models.residual import market_value


def amortised_hardware_cost(
    price: ArrayLike, decay: ArrayLike, age: ArrayLike, chip_time: ArrayLike
) -> Array:
    """Value that chips lose during a run, at the rate of its start. [USD].

    Arguments broadcast: price [USD] of a chip when acquired (its share of the server in
    it), decay [1/s] of its value, age [s] at the start of the run, chip_time [s] summed
    over the chips.

    P exp(-k t) k T: the loss per hour is held at that of the first hour, which holds
    for runs of a few months.

    References
    ----------
    .. [1] B. Cottier et al., "The rising costs of training frontier AI models,"
       arXiv:2405.21015, 2024, sec. 2.
    """
    rate = np.asarray(decay, dtype=float) * np.asarray(chip_time, dtype=float)
    return market_value(price, decay, age) * rate


def with_interconnect(cost: ArrayLike, interconnect_share: ArrayLike) -> Array:
    """Hardware cost with the cluster's network. [USD].

    Arguments broadcast: cost [USD] of servers, interconnect_share [1] of the network in
    the cost of the whole cluster.

    c / (1 - f).

    References
    ----------
    .. [1] B. Cottier et al., arXiv:2405.21015, 2024 (f = 0.19).
    """
    servers = 1.0 - np.asarray(interconnect_share, dtype=float)
    return np.asarray(cost, dtype=float) / servers


def amortised_training_cost(
    price: ArrayLike,
    decay: ArrayLike,
    age: ArrayLike,
    chip_time: ArrayLike,
    interconnect_share: ArrayLike,
    server_power: ArrayLike,
    load: ArrayLike,
    pue: ArrayLike,
    electricity_price: ArrayLike,
) -> Array:
    """Cost of a training run: value lost by the cluster, and energy. [USD].

    Arguments broadcast: price [USD] of a chip when acquired, decay [1/s] of its value,
    age [s] at the start, chip_time [s] summed over chips, interconnect_share [1] of the
    network in the cluster's cost, server_power [W] rated per chip, load [1] mean share
    of it, pue [1], electricity_price [USD/J].

    Nominal: :func:`in_money_of` brings it to another year's money. Published with f =
    0.19, a decay of 0.14 orders of magnitude in 8,766 h and a load of 0.75 (0.43 for
    TPUs).

    References
    ----------
    .. [1] B. Cottier et al., "The rising costs of training frontier AI models,"
       arXiv:2405.21015, 2024, sec. 2 and app. A.
    """
    lost = amortised_hardware_cost(price, decay, age, chip_time)
    energy = energy_cost(server_power, load, pue, chip_time, electricity_price)
    return with_interconnect(lost, interconnect_share) + energy


def rental_training_cost(chip_time: ArrayLike, rental_price: ArrayLike) -> Array:
    """Cost of a training run at a rental price. [USD].

    Arguments broadcast: chip_time [s] summed over chips, rental_price [USD/s].

    References
    ----------
    .. [1] DeepSeek-AI, "DeepSeek-V3 Technical Report," arXiv:2412.19437, 2024, table 1.
    """
    return np.asarray(chip_time, dtype=float) * np.asarray(rental_price, dtype=float)


def upfront_training_cost(
    price: ArrayLike, chips: ArrayLike, interconnect_share: ArrayLike
) -> Array:
    """Price of the cluster that a training run used. [USD].

    Arguments broadcast: price [USD] of a chip when acquired, chips [chip],
    interconnect_share [1] of the network in the cluster's cost.

    P n / (1 - f). The cluster is there for the next run as well.

    References
    ----------
    .. [1] B. Cottier et al., arXiv:2405.21015, 2024 (hardware acquisition cost).
    """
    servers = np.asarray(price, dtype=float) * np.asarray(chips, dtype=float)
    return with_interconnect(servers, interconnect_share)


def in_money_of(cost: ArrayLike, index: ArrayLike, index_to: ArrayLike) -> Array:
    """Cost in the money of another date. [USD].

    Arguments broadcast: cost [USD], index [1] of prices at its date, index_to [1] of
    prices at the other date.

    References
    ----------
    .. [1] B. Cottier et al., arXiv:2405.21015, 2024 (figures in 2023 USD).
    """
    growth = np.asarray(index_to, dtype=float) / np.asarray(index, dtype=float)
    return np.asarray(cost, dtype=float) * growth


class AmortisedTrainingCost(Model):
    """Cost of a training run: value lost by the cluster, and energy."""

    price = quantity(25_000.0, "USD", "Chip when acquired", slider=(5_000, 60_000))
    decay = quantity(0.322, "1/year", "Decay of the chip's value", slider=(0.0, 1.0))
    age = quantity(1.0, "year", "Age at the start of the run", slider=(0.0, 5.0))
    chip_time = quantity(
        50e6, "h", "Chip-hours of the run", slider=(1e4, 1e9), log=True
    )
    interconnect_share = quantity(
        0.19,
        "1",
        "Share of the network in the cluster's cost",
        bounds=(0.0, 1.0),
        inclusive=(True, False),
        slider=(0.0, 0.4),
    )
    server_power = quantity(800.0, "W", "Rated power per chip", slider=(100, 3_000))
    load = fraction(0.75, "Mean share of rated power")
    pue = quantity(
        1.25,
        "1",
        "Facility energy over IT energy",
        bounds=(1.0, None),
        slider=(1.0, 2.0),
    )
    electricity_price = quantity(
        0.08, "USD/kWh", "Electricity price", bounds=(None, None), slider=(0.02, 0.3)
    )
    equation, result_unit = staticmethod(amortised_training_cost), "MUSD"


class RentalTrainingCost(Model):
    """Cost of a training run at a rental price."""

    chip_time = quantity(
        2.788e6, "h", "Chip-hours of the run", slider=(1e4, 1e9), log=True
    )
    rental_price = quantity(2.0, "USD/h", "Price of a chip-hour", slider=(0.5, 15.0))
    equation, result_unit = staticmethod(rental_training_cost), "MUSD"


class UpfrontTrainingCost(Model):
    """Price of the cluster that a training run used."""

    price = quantity(25_000.0, "USD", "Chip when acquired", slider=(5_000, 60_000))
    chips = quantity(
        25_000.0, "chip", "Chips of the cluster", slider=(8, 1e6), log=True
    )
    interconnect_share = quantity(
        0.19,
        "1",
        "Share of the network in the cluster's cost",
        bounds=(0.0, 1.0),
        inclusive=(True, False),
        slider=(0.0, 0.4),
    )
    equation, result_unit = staticmethod(upfront_training_cost), "MUSD"
