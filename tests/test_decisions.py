"""Regret and the worth of knowing an input, where both are known in closed form."""

from __future__ import annotations

import numpy as np
import pytest
from ranged import ranged

from breakeven.models import uncertainty
from breakeven.models.decisions import information_values, regret_table
from breakeven.models.distributions import Distribution, Table


def flat(low: float, high: float) -> Distribution:
    return Table((0.0, 1.0), (low, high))


def known_gap() -> tuple[dict[str, Distribution], float, float]:
    """A uniform price over which the cost gap is uniform, and the ends of the gap."""
    scenario = ranged({})
    cost = scenario.evaluate({"gpu.chip.price": np.array((2e4, 3e4))}).cost_per_token
    gap = cost[1] - cost[0]
    slope = (gap[1] - gap[0]) / 1e4
    even = 2e4 - gap[0] / slope  # price at which both cost the same
    below, above = 0.3 * even, 0.9 * even
    given = {"gpu.chip.price": flat(even - below, even + above)}
    return given, -below * slope, above * slope


def test_regret_and_the_worth_of_knowing_are_those_of_a_uniform_gap() -> None:
    given, low, high = known_gap()
    scenario = ranged({})
    sample = uncertainty.draws(scenario, 8192, given=given)
    results = uncertainty.evaluated(scenario, sample, curves=False)
    table = regret_table(results)
    # The own chip is chosen; it is regretted where the gap is negative.
    worth = low**2 / (2.0 * (high - low))
    assert table.choice == "asic"
    assert table.safest == "asic"
    assert table.regret[0] == pytest.approx(worth, rel=1e-2)
    assert table.regret[1] == pytest.approx(high**2 / (2 * (high - low)), rel=1e-2)
    assert table.cheapest[0] == pytest.approx(0.75, abs=0.002)
    assert table.regret_worst[0] == pytest.approx(-low, rel=1e-2)
    assert table.regret_high[0] == pytest.approx(0.6 * -low, rel=1e-2)
    rng = np.random.default_rng(2)
    idle = {f"idle{i}": rng.uniform(size=8192) for i in range(5)}
    found = information_values(sample | idle, results)
    assert found.names[0] == "gpu.chip.price"
    assert found.perfect == pytest.approx(worth, rel=1e-2)
    assert found.value[0] == pytest.approx(worth, rel=2e-2)
    assert np.all(found.value[1:] < 0.02 * worth)
    assert found.share[0] == pytest.approx(found.value[0] / table.cost.min())


def test_knowing_is_worth_nothing_when_it_changes_no_choice() -> None:
    given = {"gpu.chip.price": flat(200_000.0, 300_000.0)}
    scenario = ranged({})
    sample = uncertainty.draws(scenario, 512, given=given)
    results = uncertainty.evaluated(scenario, sample, curves=False)
    found = information_values(sample, results)
    assert found.perfect == pytest.approx(0.0, abs=1e-12)
    assert found.value[0] == pytest.approx(0.0, abs=1e-12)
    few = {name: array[:4] for name, array in sample.items()}
    too_few = uncertainty.evaluated(scenario, few)
    with pytest.raises(ValueError, match="at least 8"):
        information_values(few, too_few)
