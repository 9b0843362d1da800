"""Draws, bands, odds and indices of the default scenario, timed.

python -m pytest benchmarks/bench_uncertainty.py
"""

from __future__ import annotations

from typing import Any

import pytest

from breakeven.explorer import load_scenario
from breakeven.models import indices, ranges, sensitivity, uncertainty
from breakeven.models.decisions import information_values
from breakeven.models.scenario import Scenario


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    """The default scenario."""
    return load_scenario()


def speed(benchmark: Any, count: int) -> None:
    """Note what is done per second beside the times."""
    benchmark.extra_info["per second"] = round(count / benchmark.stats.stats.min)


@pytest.mark.parametrize("count", [2000, 20_000])
def test_draws(benchmark: Any, scenario: Scenario, count: int) -> None:
    """Draws whose points are kept from the call before, as in a drag."""
    sample = benchmark(uncertainty.draws, scenario, count, idle=True)
    assert len(next(iter(sample.values()))) == count
    speed(benchmark, count)


def test_draws_the_first_time(benchmark: Any, scenario: Scenario) -> None:
    """Draws whose points are new."""
    seeds = iter(range(10**6))
    benchmark(lambda: uncertainty.draws(scenario, 2000, 100 + next(seeds), idle=True))
    speed(benchmark, 2000)


@pytest.mark.parametrize("count", [2000, 20_000])
def test_evaluation_of_draws(benchmark: Any, scenario: Scenario, count: int) -> None:
    """Every uncertain input drawn, throughput solved for each draw."""
    sample = uncertainty.draws(scenario, count, idle=True)
    benchmark(scenario.evaluate, sample)
    speed(benchmark, count)


def test_evaluation_of_draws_that_leave_throughput_alone(
    benchmark: Any, scenario: Scenario
) -> None:
    """Only money and power drawn: what reuse of throughput would leave."""
    moved = ranges.influence(scenario, ranges.distributions(scenario))
    sample = uncertainty.draws(scenario, 2000)
    money = {name: array for name, array in sample.items() if not moved[name]}
    benchmark(scenario.evaluate, money)
    speed(benchmark, 2000)


def test_summary(benchmark: Any, scenario: Scenario) -> None:
    """Quantiles and odds of 2,000 draws."""
    sample = uncertainty.draws(scenario, 2000, idle=True)
    benchmark(uncertainty.summary, uncertainty.evaluated(scenario, sample))


@pytest.mark.parametrize("count", [2000, 20_000])
def test_spread(benchmark: Any, scenario: Scenario, count: int) -> None:
    """Bands and odds from the ranges: the whole way."""
    found = benchmark(uncertainty.spread, scenario, count)
    assert found.count == count
    speed(benchmark, count)


def test_influence(benchmark: Any, scenario: Scenario) -> None:
    """Which inputs play a part."""
    uncertain = ranges.distributions(scenario)
    assert benchmark(ranges.influence, scenario, uncertain)


def test_tornado(benchmark: Any, scenario: Scenario) -> None:
    """Every input at its P10 and P90."""
    assert benchmark(sensitivity.tornado, scenario).bars


def test_two_way_map(benchmark: Any, scenario: Scenario) -> None:
    """A map of 41 × 41 points."""
    benchmark(sensitivity.two_way, scenario, "asic.count", "asic.utilisation")
    speed(benchmark, 41 * 41)


def test_sobol_indices(benchmark: Any, scenario: Scenario) -> None:
    """First-order and total indices with their intervals, 1,024 points."""
    found = benchmark.pedantic(
        indices.sobol_indices, args=(scenario, 1024), rounds=3, warmup_rounds=1
    )
    speed(benchmark, found.evaluations)


def test_worth_of_information(benchmark: Any, scenario: Scenario) -> None:
    """Worth of knowing each input, from 8,192 draws."""
    sample = uncertainty.draws(scenario, 8192)
    results = uncertainty.evaluated(scenario, sample, curves=False)
    assert benchmark(information_values, sample, results).names
