"""How long evaluate() takes: one scenario, a sweep of prices, a sweep of chips."""

from __future__ import annotations

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from breakeven.explorer import load_scenario, scenario_names
from breakeven.models.scenario import Scenario

DRAWS = 100_000


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    """Default scenario."""
    return load_scenario()


@pytest.mark.parametrize("name", scenario_names())
def test_one_scenario(benchmark: BenchmarkFixture, name: str) -> None:
    """One full evaluation with every curve; 5 ms is asked for."""
    sample = load_scenario(name)
    benchmark(sample.evaluate)


def test_hundred_thousand_prices(
    benchmark: BenchmarkFixture, scenario: Scenario
) -> None:
    """100,000 scenarios that differ in money alone; 2 s are asked for."""
    generator = np.random.default_rng(1)
    draws = {
        "asic.chip.nre": generator.uniform(300, 1000, DRAWS),
        "asic.chip.unit_cost": generator.uniform(3000, 5500, DRAWS),
        "gpu.chip.price": generator.uniform(22_000, 30_000, DRAWS),
        "site.electricity_price": generator.uniform(0.04, 0.12, DRAWS),
        "asic.count": generator.uniform(1e3, 1e6, DRAWS),
    }
    benchmark(scenario.evaluate, draws, curves=False)


def test_hundred_thousand_machines(
    benchmark: BenchmarkFixture, scenario: Scenario
) -> None:
    """100,000 scenarios that differ in throughput too; 2 s are asked for."""
    generator = np.random.default_rng(2)
    draws = {
        "asic.chip.hbm_bandwidth": generator.uniform(2, 4, DRAWS),
        "gpu.stack.hbm_efficiency": generator.uniform(0.6, 0.9, DRAWS),
        "workload.input_length": generator.uniform(1e3, 1e4, DRAWS),
        "gpu.chip.price": generator.uniform(22_000, 30_000, DRAWS),
    }
    benchmark.pedantic(
        scenario.evaluate, (draws,), {"curves": False}, rounds=3, warmup_rounds=1
    )
