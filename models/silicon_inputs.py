"""The inputs of the making of one chip: wafer, dies, memory, package, design.

A shell: it declares quantities and choices and does no arithmetic. Law, defect density
and their parameters belong together: a choice of law clears the figures that were
fitted with another, and a parameter that the law does not have is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import param
from numpy.typing import ArrayLike

from breakeven.models.base import Group, fraction, quantity
from breakeven.models.yields import YIELD_LAWS, law_parameters

PROCESSES = ("n16", "n7", "n5", "n3", "n2")
YIELD_MODELS = (
    "actuary_16nm",
    "actuary_7nm",
    "actuary_5nm",
    "actuary_3nm",
    "volume_3nm",
    "wide_2nm",
    "google_5nm",
    "google_5nm_mature",
    "catch_5nm",
)
PACKAGINGS = ("organic", "chip-last", "chip-first")
FITTED = ("defect_density", "clustering", "critical_layers", "critical_area_ratio")


def _money(doc: str, slider: tuple[float, float], unit: str = "USD") -> Any:
    return quantity(None, unit, doc, slider=slider)


class Silicon(Group):
    """What it takes to have one chip made, and to have it designed."""

    process: Any = param.Selector(
        default="n5",
        objects=list(PROCESSES),
        doc="Class of the process; brings prices of wafer, masks and design, and yield",
    )
    yield_model: Any = param.Selector(
        default="actuary_5nm",
        objects=list(YIELD_MODELS),
        doc="Yield preset: brings the law with the figures that were fitted with it",
    )
    law: Any = param.Selector(
        default="negative-binomial",
        objects=list(YIELD_LAWS),
        doc="Yield law; a change clears the defect density fitted with another law",
    )
    packaging: Any = param.Selector(
        default="chip-last",
        objects=list(PACKAGINGS),
        doc="Organic substrate, interposer tested first, or wiring made over the chips",
    )
    wafer_price = _money("Processed wafer of 300 mm", (1_500, 40_000))
    die_width = quantity(
        None,
        "mm",
        "Width of one logic die",
        inclusive=(False, True),
        slider=(2, 33),
    )
    die_height = quantity(
        None,
        "mm",
        "Height of one logic die",
        inclusive=(False, True),
        slider=(2, 33),
    )
    dies = quantity(None, "die", "Logic dies in the package", slider=(1, 12))
    other_silicon = _money("Dies for memory, I/O or host beside them", (0, 1_000))
    defect_density = quantity(
        None,
        "1/cm2",
        "Defect density under the law in use (of one layer for Bose-Einstein)",
        slider=(0.0, 0.5),
    )
    clustering = quantity(
        None,
        "1",
        "Clustering (alpha) of the negative binomial law; small is strong",
        inclusive=(False, True),
        slider=(1.0, 30.0),
    )
    critical_layers = quantity(
        None,
        "1",
        "Critical layers of the Bose-Einstein law",
        inclusive=(False, True),
        slider=(1.0, 20.0),
    )
    critical_area_ratio = quantity(
        None,
        "1",
        "Share of the area where a defect kills (negative binomial); empty is all",
        bounds=(0.0, 1.0),
        inclusive=(False, True),
        slider=(0.1, 1.0),
    )
    blocks = quantity(
        1.0, "1", "Equal blocks on a die", bounds=(1, None), slider=(1, 200)
    )
    spare_blocks = quantity(
        0.0, "1", "Blocks that may be dead in a die that is sold", slider=(0, 40)
    )
    block_share = fraction(0.6, "Share of the die in these blocks")
    probe_cost = quantity(5.0, "USD", "Testing one die on the wafer", slider=(0, 20))
    sort_yield = fraction(
        0.99, "Good dies that pass that test", zero=False, slider=(0.9, 1.0)
    )
    memory_capacity = quantity(
        None, "GB", "Memory bought with the chip", slider=(0, 600)
    )
    memory_stacks = quantity(
        None, "stack", "Memory stacks in the package", slider=(0, 16)
    )
    memory_price = _money("Price of memory", (2, 40), "USD/GB")
    interposer_area = quantity(None, "mm2", "Interposer", slider=(0, 6_000))
    interposer_wafer_price = _money("Interposer wafer of 300 mm", (500, 5_000))
    interposer_defect_density = quantity(
        None, "1/cm2", "Defect density of the interposer", slider=(0.0, 0.3)
    )
    interposer_clustering = quantity(
        None,
        "1",
        "Clustering of its defects",
        inclusive=(False, True),
        slider=(1.0, 30.0),
    )
    substrate_price = _money("Package substrate", (0.001, 0.05), "USD/mm2")
    substrate_ratio = quantity(
        None, "1", "Substrate area over silicon area", slider=(1, 8)
    )
    assembly_price = _money(
        "Assembly service beyond interposer and substrate", (0, 2e3)
    )
    bond_yield = fraction(
        0.99, "Yield of bonding one die or stack", zero=False, slider=(0.9, 1.0)
    )
    substrate_yield = fraction(
        0.99, "Yield of mounting on the substrate", zero=False, slider=(0.9, 1.0)
    )
    test = _money("Package and system test", (0, 1_000))
    board = _money("Module: carrier, power stages, heat spreader", (0, 2_000))
    partner_margin = quantity(
        0.0,
        "1",
        "Gross margin of the partner who sells the finished chip to its owner",
        bounds=(0.0, 1.0),
        inclusive=(True, False),
        slider=(0.0, 0.8),
    )
    design_cost = _money(
        "Design at this process, software included", (20, 1_500), "MUSD"
    )
    reuse = fraction(0.0, "Share of the design taken over from an earlier chip")
    mask_set = _money("One set of masks", (0.5, 80), "MUSD")
    respins = quantity(1.0, "1", "Further sets of masks before volume", slider=(0, 4))
    intellectual_property = _money("Licences of blocks", (0, 300), "MUSD")
    package_nre = _money("Design and qualification of the package", (0, 100), "MUSD")
    software_nre = _money(
        "Software beyond what the design total holds", (0, 1_000), "MUSD"
    )
    volume_per_year = quantity(
        300_000.0,
        "chip/year",
        "Chips made in a year",
        inclusive=(False, True),
        slider=(1e3, 5e6),
        log=True,
    )
    production_years = quantity(
        3.0, "year", "Years in production", inclusive=(False, True), slider=(1, 8)
    )
    reference_volume = quantity(
        1e6,
        "chip",
        "Volume at which the quoted prices hold",
        inclusive=(False, True),
        slider=(1e4, 1e7),
        log=True,
    )
    learning_rate = quantity(
        1.0,
        "1",
        "Cost after a doubling of volume over cost before, memory left out",
        bounds=(0.5, 1.0),
        slider=(0.8, 1.0),
    )

    def admit(self, name: str) -> None:
        """Refuse a parameter that the yield law in use does not have.

        Raises
        ------
        ValueError
            One line with the law and the parameter.
        """
        needed, allowed = law_parameters(self.law)
        if name in FITTED[1:] and name not in needed + allowed:
            raise ValueError(f"yield law {self.law!r} takes no {name}")

    def brought(self, name: str) -> tuple[str, ...]:
        """Inputs that a change of a choice replaces: nothing of another law stays."""
        return FITTED if name == "law" else ()

    def rule(self, given: Mapping[str, ArrayLike]) -> str:
        """Rule between blocks and spare blocks that is broken; empty when it stands."""
        blocks, spare = (
            np.asarray(given[name] if name in given else getattr(self, name) or 0.0)
            for name in ("blocks", "spare_blocks")
        )
        if not np.any(spare >= np.maximum(blocks, 1.0)) or not np.any(spare > 0.0):
            return ""
        return (
            f"silicon.spare_blocks = {float(np.max(spare)):g} must be fewer than the "
            f"{float(np.min(blocks)):g} blocks of a die"
        )
