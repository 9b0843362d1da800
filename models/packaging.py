"""From wafer to packaged chip: known good dies, assembly and its scrap, materials.

An assembly that fails takes all its parts with it, so every cost here is per good unit:
what is thrown away is paid by what is sold.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from breakeven.models.base import Array, Model, fraction, quantity


def good_dies(dies: ArrayLike, die_yield: ArrayLike, *, whole: bool = False) -> Array:
    """Good dies on a wafer. [die].

    Arguments broadcast: dies [die] gross, die_yield [1]. ``whole`` counts whole dies
    only, as a wafer map does; left real-valued it is a mean and has no steps.

    References
    ----------
    .. [1] Google, "chiplets-cost-model," 2022, baseline/reader.py (whole dies).
    """
    count = np.asarray(dies, dtype=float) * np.asarray(die_yield, dtype=float)
    # 100 dies at 0.29 are 29 good ones, though the product falls a hair short
    return np.floor(count * (1.0 + 1e-12)) if whole else count


def known_good_die_cost(
    wafer_cost: ArrayLike,
    dies: ArrayLike,
    die_yield: ArrayLike,
    probe_cost: ArrayLike = 0.0,
    sort_yield: ArrayLike = 1.0,
    *,
    whole: bool = False,
) -> Array:
    """Cost of a tested good die. [USD].

    Arguments broadcast: wafer_cost [USD], dies [die] gross on a wafer, die_yield [1],
    probe_cost [USD] of testing one die, sort_yield [1] share of good dies that pass the
    test. ``whole`` counts whole good dies.

    c_wafer / (N Y) + c_probe / Y_sort; inf when a wafer holds no good die, or none
    passes the test.

    Examples
    --------
    >>> round(float(known_good_die_cost(16_988, 58.7929827, 0.4302402591)), 3)
    671.592

    Raises
    ------
    ValueError
        When a cost or a count is negative, or a yield lies outside 0 to 1.

    References
    ----------
    .. [1] Y. Feng and K. Ma, "Chiplet Actuary," DAC 2022, doi:10.1145/3489517.3530428.
    .. [2] Google, "chiplets-cost-model," 2022, baseline/reader.py.
    """
    amounts = {"wafer_cost": wafer_cost, "dies": dies, "probe_cost": probe_cost}
    shares = {"die_yield": die_yield, "sort_yield": sort_yield}
    for name, value in (amounts | shares).items():
        _refuse_outside(name, value, 1.0 if name in shares else np.inf)
    count = np.asarray(good_dies(dies, die_yield, whole=whole))
    passing = np.asarray(sort_yield, dtype=float)
    some = (count > 0.0) & (passing > 0.0)
    silicon = np.asarray(wafer_cost, dtype=float) / np.where(some, count, 1.0)
    probe = np.asarray(probe_cost, dtype=float) / np.where(some, passing, 1.0)
    unknown = np.isnan(count) | np.isnan(passing)
    return np.where(some, silicon + probe, np.where(unknown, np.nan, np.inf))[()]


def _refuse_outside(name: str, value: ArrayLike, high: float) -> None:
    """Refuse what lies outside 0 to ``high``; what is not known passes."""
    array = np.asarray(value, dtype=float)
    for wrong, rule in (
        (array < 0.0, "at least 0"),
        (array > high, f"at most {high:g}"),
    ):
        if np.any(wrong):
            raise ValueError(f"{name} = {float(array[wrong].flat[0]):g} must be {rule}")


def assembly_yield(bond_yield: ArrayLike, chips: ArrayLike) -> Array:
    """Share of assemblies in which every chip is bonded well. [1].

    Arguments broadcast: bond_yield [1] of one chip, chips [chip] in the assembly.

    q^k: bonds fail independently.

    References
    ----------
    .. [1] Y. Feng and K. Ma, "Chiplet Actuary," DAC 2022, doi:10.1145/3489517.3530428.
    """
    return np.asarray(bond_yield, dtype=float) ** np.asarray(chips, dtype=float)


def scrap_cost(value: ArrayLike, step_yield: ArrayLike) -> Array:
    """Value thrown away in a step for each good unit that leaves it. [USD].

    Arguments broadcast: value [USD] that enters the step per unit, step_yield [1].

    v (1 / y - 1).

    References
    ----------
    .. [1] Y. Feng and K. Ma, "Chiplet Actuary," DAC 2022, doi:10.1145/3489517.3530428.
    """
    y = np.asarray(step_yield, dtype=float)
    return np.asarray(value, dtype=float) * (1.0 - y) / y


def scrap_of_started(
    value: ArrayLike, step_yield: ArrayLike, steps: ArrayLike = 1.0
) -> Array:
    """Value thrown away in equal steps out of all that is started. [USD].

    Arguments broadcast: value [USD] of the material started, step_yield [1], steps [1].

    v (1 - y^k), the budget view: :func:`scrap_cost` is per good unit instead.

    References
    ----------
    .. [1] Google, "chiplets-cost-model," 2022, baseline/cost_analyzer.py.
    """
    y, k = np.asarray(step_yield, dtype=float), np.asarray(steps, dtype=float)
    return np.asarray(value, dtype=float) * (1.0 - y**k)


def tested_material_factor(final_yield: ArrayLike, system_yield: ArrayLike) -> Array:
    """Material paid per unit of material, with losses at both tests. [1].

    Arguments broadcast: final_yield [1] of the package test, system_yield [1] of the
    system-level test after it.

    1 + (1 - y_f) + (1 - y_s) y_f: losses to first order, for yields near 1.

    References
    ----------
    .. [1] Google, "chiplets-cost-model," 2022, baseline/cost_analyzer.py.
    """
    final = np.asarray(final_yield, dtype=float)
    return 2.0 - final + (1.0 - np.asarray(system_yield, dtype=float)) * final


def organic_package_cost(
    chips_cost: ArrayLike,
    package_cost: ArrayLike,
    bond_yield: ArrayLike,
    chips: ArrayLike,
) -> Array:
    """Cost of chips bonded to an organic substrate, per good unit. [USD].

    Arguments broadcast: chips_cost [USD] of all known good dies, package_cost [USD],
    bond_yield [1] of one chip, chips [chip].

    (chips + package) / q^k.

    References
    ----------
    .. [1] Y. Feng and K. Ma, "Chiplet Actuary," DAC 2022, doi:10.1145/3489517.3530428.
    """
    parts = np.asarray(chips_cost, float) + np.asarray(package_cost, float)
    return parts / assembly_yield(bond_yield, chips)


def chip_last_cost(
    chips_cost: ArrayLike,
    interposer_cost: ArrayLike,
    substrate_cost: ArrayLike,
    bond_yield: ArrayLike,
    chips: ArrayLike,
    interposer_yield: ArrayLike,
    substrate_yield: ArrayLike = 1.0,
) -> Array:
    """Cost of chips bonded to a tested interposer, per good unit. [USD].

    Arguments broadcast: chips_cost [USD] of all known good dies, interposer_cost [USD]
    before its yield, substrate_cost [USD], bond_yield [1] of one chip, chips [chip],
    interposer_yield [1], substrate_yield [1] of mounting on the substrate.

    chips / (q^k y_s) + interposer / (y_i q^k y_s) + substrate / y_s: bad interposers
    are found before chips are spent on them.

    References
    ----------
    .. [1] Y. Feng and K. Ma, "Chiplet Actuary," DAC 2022, doi:10.1145/3489517.3530428.
    """
    bonded = assembly_yield(bond_yield, chips)
    interposer = np.asarray(interposer_cost, float) / np.asarray(
        interposer_yield, float
    )
    module = (np.asarray(chips_cost, dtype=float) + interposer) / bonded
    mounted = module + np.asarray(substrate_cost, dtype=float)
    return mounted / np.asarray(substrate_yield, dtype=float)


def chip_first_cost(
    chips_cost: ArrayLike,
    interposer_cost: ArrayLike,
    substrate_cost: ArrayLike,
    interposer_yield: ArrayLike,
    substrate_yield: ArrayLike = 1.0,
) -> Array:
    """Cost of chips embedded before the wiring is made, per good unit. [USD].

    Arguments broadcast: chips_cost [USD] of all known good dies, interposer_cost [USD]
    of the redistribution layers, substrate_cost [USD], interposer_yield [1],
    substrate_yield [1] of mounting on the substrate.

    (chips + interposer) / (y_i y_s) + substrate / y_s: there is no bonding step, but
    bad wiring scraps good chips.

    References
    ----------
    .. [1] Y. Feng and K. Ma, "Chiplet Actuary," DAC 2022, doi:10.1145/3489517.3530428.
    """
    module = np.asarray(chips_cost, float) + np.asarray(interposer_cost, float)
    module = module / np.asarray(interposer_yield, dtype=float)
    mounted = module + np.asarray(substrate_cost, dtype=float)
    return mounted / np.asarray(substrate_yield, dtype=float)


def area_cost(
    area: ArrayLike,
    price_per_area: ArrayLike,
    area_ratio: ArrayLike = 1.0,
    layer_factor: ArrayLike = 1.0,
) -> Array:
    """Cost of a substrate or of bumps, in proportion to silicon area. [USD].

    Arguments broadcast: area [mm2] of silicon, price_per_area [USD/mm2], area_ratio [1]
    of the substrate to the silicon, layer_factor [1] for substrates with more layers.

    p A r f.

    References
    ----------
    .. [1] Y. Feng and K. Ma, "Chiplet Actuary," DAC 2022, doi:10.1145/3489517.3530428
       (0.005 USD/mm2 on 4 times the silicon, 1.5 to 2 times for several chips).
    """
    size = np.asarray(area, dtype=float) * np.asarray(area_ratio, dtype=float)
    price = np.asarray(price_per_area, float) * np.asarray(layer_factor, float)
    return size * price


class KnownGoodDieCost(Model):
    """Cost of a tested good die."""

    wafer_cost = quantity(17_000.0, "USD", "Processed wafer", slider=(1_500, 40_000))
    dies = quantity(
        60.0, "die", "Gross dies on a wafer", inclusive=(False, True), slider=(10, 1000)
    )
    die_yield = fraction(0.6, "Share of good dies", zero=False)
    probe_cost = quantity(0.0, "USD", "Testing one die", slider=(0, 20))
    sort_yield = fraction(1.0, "Share of good dies that pass the test", zero=False)
    equation, result_unit = staticmethod(known_good_die_cost), "USD"


class ChipLastCost(Model):
    """Cost of chips bonded to a tested interposer, per good unit."""

    chips_cost = quantity(1_500.0, "USD", "All known good dies", slider=(0, 10_000))
    interposer_cost = quantity(
        100.0, "USD", "Interposer before yield", slider=(0, 1000)
    )
    substrate_cost = quantity(30.0, "USD", "Substrate", slider=(0, 500))
    bond_yield = fraction(0.99, "Yield of bonding one chip", zero=False)
    chips = quantity(10.0, "chip", "Dies and memory stacks", slider=(1, 32))
    interposer_yield = fraction(0.95, "Yield of the interposer", zero=False)
    substrate_yield = fraction(0.99, "Yield of mounting", zero=False)
    equation, result_unit = staticmethod(chip_last_cost), "USD"
