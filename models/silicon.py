"""Silicon, under one name: dies, yield, packaging, NRE, unit cost, margins.

Lengths are in mm, areas in mm2. Defect densities are in 1/cm2 at :func:`die_yield`, the
one door that takes the name of a law; the laws themselves, like all equations, work in
base units (1/mm2).
"""

from __future__ import annotations

from breakeven.models.bill import (
    bill_of_materials,
    cost_after_price_change,
)
from breakeven.models.chip_cost import (
    chip_cost,
    chip_cost_parts,
)
from breakeven.models.dies import (
    DIE_LAWS,
    RETICLE_AREA,
    actuary_dies,
    dies_per_wafer,
    fits_reticle,
    flynn_dies,
    google_dies,
    hennessy_patterson_dies,
)
from breakeven.models.margin import (
    gross_margin,
    markup,
    price_at_margin,
    price_at_other_margin,
    stacked_price,
)
from breakeven.models.nre import (
    breakeven_volume,
    chip_nre,
    crossing_volume,
    module_nre,
    package_nre,
    programme_nre,
    tco_to_nre,
    unit_cost,
    volume_elasticity,
)
from breakeven.models.packaging import (
    area_cost,
    assembly_yield,
    chip_first_cost,
    chip_last_cost,
    good_dies,
    known_good_die_cost,
    organic_package_cost,
    scrap_cost,
    scrap_of_started,
    tested_material_factor,
)
from breakeven.models.yields import (
    YIELD_LAWS,
    bose_einstein_yield,
    die_yield,
    harvested_yield,
    murphy_yield,
    negative_binomial_yield,
    poisson_yield,
    seeds_yield,
)

__all__ = [
    "DIE_LAWS",
    "RETICLE_AREA",
    "YIELD_LAWS",
    "actuary_dies",
    "area_cost",
    "assembly_yield",
    "bill_of_materials",
    "bose_einstein_yield",
    "breakeven_volume",
    "chip_cost",
    "chip_cost_parts",
    "chip_first_cost",
    "chip_last_cost",
    "chip_nre",
    "cost_after_price_change",
    "crossing_volume",
    "die_yield",
    "dies_per_wafer",
    "fits_reticle",
    "flynn_dies",
    "good_dies",
    "google_dies",
    "gross_margin",
    "harvested_yield",
    "hennessy_patterson_dies",
    "known_good_die_cost",
    "markup",
    "module_nre",
    "murphy_yield",
    "negative_binomial_yield",
    "organic_package_cost",
    "package_nre",
    "poisson_yield",
    "price_at_margin",
    "price_at_other_margin",
    "programme_nre",
    "scrap_cost",
    "scrap_of_started",
    "seeds_yield",
    "stacked_price",
    "tco_to_nre",
    "tested_material_factor",
    "unit_cost",
    "volume_elasticity",
]
