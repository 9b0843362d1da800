"""Dies and package of one chip from the inputs of its making, in base units.

A figure that is not known is NaN and makes everything after it NaN.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from breakeven.models.base import Array
from breakeven.models.dies import actuary_dies
from breakeven.models.packaging import (
    area_cost,
    chip_first_cost,
    chip_last_cost,
    known_good_die_cost,
    organic_package_cost,
)
from breakeven.models.yields import harvested_yield, law_parameters, yield_by_law

# As in Chiplet Actuary (doi:10.1145/3489517.3530428): wafer, rim and saw line. mm
WAFER, EDGE, SCRIBE = 300.0, 5.0, 0.2

Inputs = Mapping[str, Any]


class Dies(NamedTuple):
    """Dies on a wafer, share that can be sold, cost of a good one. [die, 1, USD]."""

    gross: Array
    share: Array
    cost: Array


def known(inputs: Inputs, name: str) -> Array:
    """An input, NaN where nobody has published it. [its base unit].

    Parameters
    ----------
    inputs
        Inputs of a making in base units. [mixed]
    name
        Name of the input. [text]

    References
    ----------
    Own definition.
    """
    value = inputs[name]
    return np.asarray(np.nan if value is None else value, dtype=float)


def sold_share(law: str, area: Array, inputs: Inputs) -> Array:
    """Share of dies that can be sold, those with spare blocks dead among them. [1].

    The yield of the law, times what harvesting adds to it: the share of dies with at
    most so many dead blocks over the share with none, blocks failing independently.

    Parameters
    ----------
    law
        Yield law. [choice]
    area
        Area of a die. [mm2]
    inputs
        Inputs of a making in base units. [mixed]

    Raises
    ------
    ValueError
        When a parameter is given that the law does not have.

    References
    ----------
    EQ-22.
    """
    needed, allowed = law_parameters(law)
    chosen: dict[str, Array] = {}
    for name in ("clustering", "critical_layers", "critical_area_ratio"):
        if name in needed:
            chosen[name] = known(inputs, name)
        elif inputs[name] is not None:
            if name not in allowed:
                raise ValueError(f"yield law {law!r} takes no {name}")
            chosen[name] = known(inputs, name)
    density = known(inputs, "defect_density")
    blocks, share = known(inputs, "blocks"), known(inputs, "block_share")
    alive = yield_by_law(law, area * share / blocks, density, **chosen)
    spare = np.minimum(known(inputs, "spare_blocks"), blocks)
    some = harvested_yield(alive, blocks, blocks - spare)
    added = some / np.maximum(harvested_yield(alive, blocks, blocks), 1e-300)
    whole = yield_by_law(law, area, density, **chosen)
    return np.where(spare > 0.0, np.minimum(whole * added, 1.0), whole)


def good_die(law: str, inputs: Inputs) -> Dies:
    """Dies on a wafer, share that can be sold, cost of a tested good one. [mixed].

    Parameters
    ----------
    law
        Yield law. [choice]
    inputs
        Inputs of a making in base units. [mixed]

    References
    ----------
    EQ-21, EQ-22, EQ-23.
    """
    width, height = known(inputs, "die_width"), known(inputs, "die_height")
    area = width * height
    fits = np.hypot(width, height) <= WAFER - 2.0 * EDGE
    gross = np.where(fits, actuary_dies(area, WAFER, EDGE, SCRIBE), 0.0)
    gross = np.where(np.isnan(area), np.nan, gross)
    share = sold_share(law, area, inputs)
    cost = known_good_die_cost(
        known(inputs, "wafer_price"),
        gross,
        share * known(inputs, "sort_yield"),
        known(inputs, "probe_cost"),
        known(inputs, "sort_yield"),
    )
    return Dies(gross, share, np.asarray(cost))


def package(packaging: str, chips_cost: Array, inputs: Inputs) -> tuple[Array, Array]:
    """Cost of a package before losses, and of its losses with the chips. [USD].

    Parameters
    ----------
    packaging
        organic, chip-last or chip-first. [choice]
    chips_cost
        All known good dies and memory in the package. [USD]
    inputs
        Inputs of a making in base units. [mixed]

    References
    ----------
    EQ-24.
    """
    area = known(inputs, "die_width") * known(inputs, "die_height")
    logic = area * known(inputs, "dies")
    size = known(inputs, "interposer_area")
    size = np.where(size > 0.0, size, logic)
    substrate = area_cost(
        np.maximum(size, logic),
        known(inputs, "substrate_price"),
        known(inputs, "substrate_ratio"),
    ) + known(inputs, "assembly_price")
    bond, mount = known(inputs, "bond_yield"), known(inputs, "substrate_yield")
    parts = known(inputs, "dies") + known(inputs, "memory_stacks")
    if packaging == "organic":
        total = organic_package_cost(chips_cost, substrate, bond, parts)
        return substrate, total - chips_cost - substrate
    wafer = known(inputs, "interposer_wafer_price")
    count = actuary_dies(size, WAFER, EDGE, SCRIBE)
    carrier = wafer / np.where(count > 0.0, count, np.nan)
    good = yield_by_law(
        "negative-binomial",
        size,
        known(inputs, "interposer_defect_density"),
        clustering=known(inputs, "interposer_clustering"),
    )
    if packaging == "chip-last":
        total = chip_last_cost(chips_cost, carrier, substrate, bond, parts, good, mount)
    else:
        total = chip_first_cost(chips_cost, carrier, substrate, good, mount)
    before = carrier + substrate
    return before, total - chips_cost - before
