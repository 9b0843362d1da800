"""One-off cost of a chip, and what volume does to the cost of one unit.

A merchant part is bought at a price; an own part at its cost plus a share of the
one-off cost (NRE: design, masks, software). The volume where they meet may not exist.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from breakeven.models.base import Array, Model, fraction, quantity


def module_nre(
    area: ArrayLike,
    node_cost: ArrayLike,
    share: ArrayLike,
    reference_area: ArrayLike,
) -> Array:
    """One-off cost of designing modules, in proportion to their area. [USD].

    Arguments broadcast: area [mm2] of modules designed (a module that is reused counts
    once), node_cost [USD] of a whole design of reference_area [mm2] at the node, share
    [1] of it that goes to modules.

    K A with K = share x node cost / reference area.

    References
    ----------
    .. [1] Y. Feng and K. Ma, "Chiplet Actuary," DAC 2022, doi:10.1145/3489517.3530428
       (share 0.5, node costs for 300 mm2).
    """
    rate = np.asarray(node_cost, dtype=float) * np.asarray(share, dtype=float)
    return (
        rate * np.asarray(area, dtype=float) / np.asarray(reference_area, dtype=float)
    )


def chip_nre(
    area: ArrayLike,
    node_cost: ArrayLike,
    share: ArrayLike,
    fixed_share: ArrayLike,
    reference_area: ArrayLike,
) -> Array:
    """One-off cost of turning modules into one chip, with a fixed part. [USD].

    Arguments broadcast: area [mm2] of the chip, node_cost [USD] of a whole design of
    reference_area [mm2] at the node, share [1] that follows area, fixed_share [1] that
    does not (masks of the first tape-out among it).

    K A + F with K = share x node cost / reference area, F = fixed share x node cost.

    References
    ----------
    .. [1] Y. Feng and K. Ma, "Chiplet Actuary," DAC 2022, doi:10.1145/3489517.3530428
       (shares 0.3 and 0.2, node costs for 300 mm2).
    """
    relative = np.asarray(area, dtype=float) / np.asarray(reference_area, dtype=float)
    weight = np.asarray(share, float) * relative + np.asarray(fixed_share, float)
    return np.asarray(node_cost, dtype=float) * weight


def package_nre(
    area: ArrayLike,
    price_per_area: ArrayLike,
    fixed: ArrayLike,
    layer_factor: ArrayLike = 1.0,
) -> Array:
    """One-off cost of designing a package. [USD].

    Arguments broadcast: area [mm2] of the package, price_per_area [USD/mm2], fixed
    [USD], layer_factor [1] for substrates with more layers.

    References
    ----------
    .. [1] Y. Feng and K. Ma, "Chiplet Actuary," DAC 2022, doi:10.1145/3489517.3530428
       (3,000 USD/mm2 and 0.3 MUSD).
    """
    price = np.asarray(price_per_area, float) * np.asarray(layer_factor, float)
    return np.asarray(area, dtype=float) * price + np.asarray(fixed, dtype=float)


def programme_nre(
    design: ArrayLike,
    mask_set: ArrayLike = 0.0,
    respins: ArrayLike = 0.0,
    intellectual_property: ArrayLike = 0.0,
    package: ArrayLike = 0.0,
    software: ArrayLike = 0.0,
) -> Array:
    """One-off cost of a chip programme. [USD].

    Arguments broadcast: design [USD], mask_set [USD], respins [1] after the first
    tape-out, intellectual_property [USD], package [USD], software [USD].

    design + masks (1 + respins) + IP + package + software. Published design totals
    (IBS) hold software (43% at 2 nm) and verification (21%) already: do not add them
    again.

    References
    ----------
    .. [1] M. Khazraee et al., "Moonwalk: NRE optimization in ASIC clouds," ASPLOS 2017,
       doi:10.1145/3037697.3037749.
    """
    spins = 1.0 + np.asarray(respins, dtype=float)
    total = np.asarray(design, float) + np.asarray(mask_set, float) * spins
    for part in (intellectual_property, package, software):
        total = total + np.asarray(part, dtype=float)
    return total


def unit_cost(variable_cost: ArrayLike, nre: ArrayLike, volume: ArrayLike) -> Array:
    """Cost of one unit with its share of the one-off cost. [USD].

    Arguments broadcast: variable_cost [USD] of making one unit, nre [USD], volume
    [unit] over the life of the design.

    c_var + NRE / V. Undiscounted: money tied up before the first unit is left out.

    Examples
    --------
    >>> float(unit_cost(0.0, 10e9, 2e6))
    5000.0

    References
    ----------
    .. [1] M. Khazraee et al., "Moonwalk," ASPLOS 2017, doi:10.1145/3037697.3037749.
    """
    share = np.asarray(nre, dtype=float) / np.asarray(volume, dtype=float)
    return np.asarray(variable_cost, dtype=float) + share


def volume_elasticity(
    variable_cost: ArrayLike, nre: ArrayLike, volume: ArrayLike
) -> Array:
    """Relative change of unit cost per relative change of volume. [1].

    Arguments broadcast: variable_cost [USD], nre [USD], volume [unit].

    -(NRE / V) / c: between -1 (all NRE) and 0 (no NRE).

    References
    ----------
    .. [1] M. Khazraee et al., "Moonwalk," ASPLOS 2017, doi:10.1145/3037697.3037749.
    """
    share = np.asarray(nre, dtype=float) / np.asarray(volume, dtype=float)
    return -share / (np.asarray(variable_cost, dtype=float) + share)


def breakeven_volume(
    nre: ArrayLike,
    merchant_price: ArrayLike,
    own_cost: ArrayLike,
    replaced: ArrayLike = 1.0,
    merchant_opex: ArrayLike = 0.0,
    own_opex: ArrayLike = 0.0,
    migration: ArrayLike = 0.0,
    lateness: ArrayLike = 0.0,
) -> Array:
    """Own chips at which a programme has paid for itself, NaN if at none. [unit].

    Arguments broadcast: nre [USD], merchant_price [USD], own_cost [USD] of one unit
    without NRE, replaced [1] merchant units that one own unit replaces on the workload,
    merchant_opex [USD] and own_opex [USD] of one unit over its life (power, space,
    support, discounted), migration [USD] of software, lateness [USD] of arriving late.

    (NRE + M + L) / (g (P_m + O_m) - c_var - O_c). Where one own unit saves nothing no
    volume pays: NaN, never a negative volume.

    References
    ----------
    .. [1] M. Khazraee et al., "Moonwalk: NRE optimization in ASIC clouds," ASPLOS 2017,
       doi:10.1145/3037697.3037749.
    """
    outlay = np.asarray(nre, dtype=float) + np.asarray(migration, dtype=float)
    outlay = outlay + np.asarray(lateness, dtype=float)
    merchant = np.asarray(merchant_price, float) + np.asarray(merchant_opex, float)
    own = np.asarray(own_cost, dtype=float) + np.asarray(own_opex, dtype=float)
    saving = np.asarray(replaced, dtype=float) * merchant - own
    return outlay / np.where(saving > 0.0, saving, np.nan)


def crossing_volume(
    nre_1: ArrayLike, cost_1: ArrayLike, nre_2: ArrayLike, cost_2: ArrayLike
) -> Array:
    """Volume at which two designs cost the same, NaN if at none. [unit].

    Arguments broadcast: nre_1 [USD] and cost_1 [USD] of a unit of the first design,
    nre_2 [USD] and cost_2 [USD] of the second.

    (NRE_2 - NRE_1) / (c_1 - c_2). Above it the design with the lower unit cost wins.
    NaN when one design is never dearer in both.

    References
    ----------
    .. [1] Y. Feng and K. Ma, "Chiplet Actuary," DAC 2022, doi:10.1145/3489517.3530428.
    """
    extra = np.asarray(nre_2, dtype=float) - np.asarray(nre_1, dtype=float)
    saving = np.asarray(cost_1, dtype=float) - np.asarray(cost_2, dtype=float)
    crosses = extra * saving > 0.0
    return extra / np.where(crosses, saving, np.nan)


def tco_to_nre(improvement: ArrayLike) -> Array:
    """Running cost, in units of the one-off cost, from which a programme pays. [1].

    improvement [1]: factor by which the chip lowers the total cost of the workload.

    s / (s - 1): a cost T falls to T / s, so T (1 - 1/s) >= NRE. s = 2 gives 2, the
    two-for-two rule; inf where nothing improves.

    References
    ----------
    .. [1] I. Magaki et al., "ASIC Clouds," ISCA 2016, doi:10.1109/ISCA.2016.25.
    """
    s = np.asarray(improvement, dtype=float)
    better = s > 1.0
    return np.where(better, s / np.where(better, s - 1.0, 1.0), np.inf)[()]


class UnitCost(Model):
    """Cost of one unit with its share of the one-off cost."""

    variable_cost = quantity(3_000.0, "USD", "Making one unit", slider=(100, 20_000))
    nre = quantity(1.0, "BUSD", "One-off cost", slider=(0.01, 20), log=True)
    volume = quantity(
        1e6,
        "1",
        "Units over the life of the design",
        inclusive=(False, True),
        slider=(1, 1e7),
        log=True,
    )
    equation, result_unit = staticmethod(unit_cost), "USD"


class BreakevenVolume(Model):
    """Own chips at which a programme has paid for itself."""

    nre = quantity(1.0, "BUSD", "One-off cost", slider=(0.01, 20), log=True)
    merchant_price = quantity(30_000.0, "USD", "Merchant price", slider=(1e3, 1e5))
    own_cost = quantity(5_000.0, "USD", "Own unit, without NRE", slider=(100, 5e4))
    replaced = quantity(0.5, "1", "Merchant units replaced by one", slider=(0.05, 3.0))
    merchant_opex = quantity(8_000.0, "USD", "Running a merchant unit", slider=(0, 5e4))
    own_opex = quantity(5_000.0, "USD", "Running an own unit", slider=(0, 5e4))
    migration = quantity(50.0, "MUSD", "Porting software", slider=(0, 1_000))
    lateness = quantity(0.0, "MUSD", "Cost of arriving late", slider=(0, 10_000))
    equation, result_unit = staticmethod(breakeven_volume), "1"


class ChipNre(Model):
    """One-off cost of turning modules into one chip."""

    area = quantity(800.0, "mm2", "Chip area", slider=(20, 858))
    node_cost = quantity(540.0, "MUSD", "Whole design at the node", slider=(20, 1_500))
    share = fraction(0.3, "Share that follows area")
    fixed_share = fraction(0.2, "Share that does not")
    reference_area = quantity(
        300.0,
        "mm2",
        "Area the node cost is for",
        inclusive=(False, True),
        slider=(100, 858),
    )
    equation, result_unit = staticmethod(chip_nre), "USD"
