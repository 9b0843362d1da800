"""Scenarios of a ramp of utilisation: every way to acquire has its price."""

from __future__ import annotations

import samples

from breakeven.models import quotes
from breakeven.models.scenario import Scenario

PRICED = {
    "gpu.chip.spot_price": 1.6,
    "gpu.chip.capacity_block_price": 4.3,
    "gpu.chip.commit_1yr_price": 3.1,
    "gpu.chip.commit_3yr_price": 2.2,
    "gpu.committed_share": 0.4,
    "workload.llm.hosted_input_price": 0.6,
    "workload.llm.hosted_output_price": 2.4,
    "gpu.chip.unit_cost": 3300.0,
    "gpu.chip.nre": 100.0,
    "gpu.software_cost": 40.0,
}
ACQUISITIONS = "buy build rent spot block commit_1yr commit_3yr api".split()
WEEK = quotes.Load(tuple([1.0] * 60 + [0.2] * 108))


def priced(**values: object) -> Scenario:
    named = {k.replace("__", "."): v for k, v in values.items()}
    return samples.scenario().with_values({**PRICED, **named})
