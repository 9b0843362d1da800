"""The sample scenario with ranges on some of its inputs."""

from __future__ import annotations

import samples

from breakeven.models.base import Evidence
from breakeven.models.scenario import Scenario

RANGES = {
    "site.electricity_price": (0.05, 0.15),
    "finance.residual_value": (0.0, 0.2),
    "asic.chip.unit_cost": (2500.0, 9000.0),
    "asic.utilisation": (0.4, 0.8),
    "gpu.utilisation": (0.4, 0.8),
    "gpu.chip.price": (20_000.0, 32_000.0),
    "gpu.stack.hbm_efficiency": (0.6, 1.0),
}


def ranged(ranges: dict[str, tuple[float, float]] = RANGES) -> Scenario:
    scenario = samples.scenario()
    for name, (low, high) in ranges.items():
        scenario.evidence[name] = Evidence("estimate", low=low, high=high)
    return scenario
