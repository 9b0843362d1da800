"""One packaged chip from wafer to board: the chain of silicon equations, in parts."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from breakeven.models.base import Array, Model, fraction, quantity
from breakeven.models.dies import actuary_dies
from breakeven.models.packaging import assembly_yield, known_good_die_cost, scrap_cost
from breakeven.models.yields import negative_binomial_yield

# Rim of the wafer and saw line, as in Chiplet Actuary (doi:10.1145/3489517.3530428).
EDGE_EXCLUSION = 5.0  # mm
SCRIBE_LINE = 0.2  # mm
WAFER_DIAMETER = 300.0  # mm


class ChipCost(NamedTuple):
    """Parts of the cost of one packaged chip. [USD]."""

    logic: Array
    memory: Array
    packaging: Array
    yield_loss: Array
    test: Array
    board: Array
    nre: Array


def chip_cost_parts(
    die_area: ArrayLike,
    dies: ArrayLike,
    wafer_cost: ArrayLike,
    defect_density: ArrayLike,
    clustering: ArrayLike,
    hbm_capacity: ArrayLike,
    hbm_price: ArrayLike,
    hbm_stacks: ArrayLike,
    packaging: ArrayLike,
    bond_yield: ArrayLike,
    test: ArrayLike,
    board: ArrayLike,
    nre: ArrayLike,
    volume: ArrayLike,
) -> ChipCost:
    """Cost of one packaged chip at a volume, in parts that add up. [USD].

    Arguments broadcast: die_area [mm2] of one logic die, dies [die] in the package,
    wafer_cost [USD], defect_density [1/mm2], clustering [1] of the negative binomial
    law (1 is Seeds, infinite Poisson), hbm_capacity [byte], hbm_price [USD/byte],
    hbm_stacks [1], packaging [USD] before its losses, bond_yield [1] of one die or
    stack, test [USD], board [USD], nre [USD], volume [chip] over the design's life.

    Gross dies by the Actuary law on a 300 mm wafer; good dies are bonded with the
    memory, and an assembly that fails is lost whole: yield_loss = (logic + memory +
    packaging)(1 / q^k - 1), k = dies + stacks. Sorting by speed, partly good dies and
    repair are left out.

    References
    ----------
    .. [1] Y. Feng and K. Ma, "Chiplet Actuary," DAC 2022, doi:10.1145/3489517.3530428.
    """
    gross = actuary_dies(die_area, WAFER_DIAMETER, EDGE_EXCLUSION, SCRIBE_LINE)
    good = negative_binomial_yield(die_area, defect_density, clustering)
    logic = known_good_die_cost(wafer_cost, gross, good) * np.asarray(dies, dtype=float)
    memory = np.asarray(hbm_capacity, dtype=float) * np.asarray(hbm_price, dtype=float)
    package = np.asarray(packaging, dtype=float)
    bonded = np.asarray(dies, dtype=float) + np.asarray(hbm_stacks, dtype=float)
    return ChipCost(
        logic=logic,
        memory=memory,
        packaging=package,
        yield_loss=scrap_cost(
            logic + memory + package, assembly_yield(bond_yield, bonded)
        ),
        test=np.asarray(test, dtype=float),
        board=np.asarray(board, dtype=float),
        nre=np.asarray(nre, dtype=float) / np.asarray(volume, dtype=float),
    )


def chip_cost(
    die_area: ArrayLike,
    dies: ArrayLike,
    wafer_cost: ArrayLike,
    defect_density: ArrayLike,
    clustering: ArrayLike,
    hbm_capacity: ArrayLike,
    hbm_price: ArrayLike,
    hbm_stacks: ArrayLike,
    packaging: ArrayLike,
    bond_yield: ArrayLike,
    test: ArrayLike,
    board: ArrayLike,
    nre: ArrayLike,
    volume: ArrayLike,
) -> Array:
    """Cost of one packaged chip at a volume. [USD].

    The sum of :func:`chip_cost_parts`. Arguments broadcast: die_area [mm2], dies [die],
    wafer_cost [USD], defect_density [1/mm2], clustering [1], hbm_capacity [byte],
    hbm_price [USD/byte], hbm_stacks [1], packaging [USD], bond_yield [1], test [USD],
    board [USD], nre [USD], volume [chip].

    References
    ----------
    .. [1] Y. Feng and K. Ma, "Chiplet Actuary," DAC 2022, doi:10.1145/3489517.3530428.
    """
    parts = chip_cost_parts(
        die_area,
        dies,
        wafer_cost,
        defect_density,
        clustering,
        hbm_capacity,
        hbm_price,
        hbm_stacks,
        packaging,
        bond_yield,
        test,
        board,
        nre,
        volume,
    )
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total


class PackagedChipCost(Model):
    """Cost of one packaged chip at a volume, from wafer to board."""

    die_area = quantity(
        800.0, "mm2", "One logic die", inclusive=(False, True), slider=(50.0, 858.0)
    )
    dies = quantity(2.0, "die", "Logic dies in the package", slider=(1, 8))
    wafer_cost = quantity(17_000.0, "USD", "Processed wafer", slider=(1_500, 40_000))
    defect_density = quantity(
        0.1, "1/cm2", "Defect density (negative binomial law)", slider=(0.01, 0.5)
    )
    clustering = quantity(
        10.0,
        "1",
        "Clustering (alpha), small is strong",
        inclusive=(False, True),
        slider=(1.0, 30.0),
    )
    hbm_capacity = quantity(192.0, "GB", "Memory in the package", slider=(0, 600))
    hbm_price = quantity(15.0, "USD/GB", "Price of memory", slider=(4, 40))
    hbm_stacks = quantity(8.0, "1", "Memory stacks", slider=(0, 16))
    packaging = quantity(1_100.0, "USD", "Packaging before losses", slider=(0, 3_000))
    bond_yield = fraction(
        0.99, "Yield of bonding one die or stack", zero=False, slider=(0.9, 1.0)
    )
    test = quantity(200.0, "USD", "Test", slider=(0, 1_000))
    board = quantity(300.0, "USD", "Board and module", slider=(0, 2_000))
    nre = quantity(1.0, "BUSD", "One-off cost", slider=(0.01, 20), log=True)
    volume = quantity(
        1e6,
        "chip",
        "Chips over the life of the design",
        inclusive=(False, True),
        slider=(1, 1e7),
        log=True,
    )
    equation, result_unit = staticmethod(chip_cost), "USD"
