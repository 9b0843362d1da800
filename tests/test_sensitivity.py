"""Tornado, Sobol' indices, break-even map."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from ranged import RANGES, ranged
from scipy import stats
from scipy.special import ndtri

from breakeven.models import sampling, uncertainty
from breakeven.models.answers import ANSWERS, answered
from breakeven.models.base import Array
from breakeven.models.distributions import Distribution, Table
from breakeven.models.indices import (
    correlation_ratios,
    first_and_total,
    sobol_indices,
)
from breakeven.models.ranges import distributions
from breakeven.models.sensitivity import axis, tornado, two_way

# Ishigami's function with a = 7, b = 0.1: its indices in closed form.
_A, _B = 7.0, 0.1
_V1 = 0.5 * (1.0 + _B * np.pi**4 / 5.0) ** 2
_V2, _V13 = _A**2 / 8.0, 8.0 * _B**2 * np.pi**8 / 225.0
_V = _V1 + _V2 + _V13
FIRST = np.array((_V1, _V2, 0.0)) / _V
TOTAL = np.array((_V1 + _V13, _V2, _V13)) / _V


def ishigami(x: Array) -> Array:
    return np.sin(x[0]) + _A * np.sin(x[1]) ** 2 + _B * x[2] ** 4 * np.sin(x[0])


def design(count: int, seed: int = 0) -> tuple[Array, Array, Array]:
    """Answers of Ishigami's function on Saltelli's design."""
    points = np.pi * (2.0 * sampling.sobol_points(6, count, seed).T - 1.0)
    own, other = points[:3], points[3:]
    mixed = np.stack([own] * 3)
    mixed[np.arange(3), np.arange(3)] = other
    return ishigami(own), ishigami(other), np.stack([ishigami(m) for m in mixed])


def flat(low: float, high: float) -> Distribution:
    return Table((0.0, 1.0), (low, high))


def test_every_bar_is_what_setting_the_input_gives() -> None:
    scenario = ranged()
    found = tornado(scenario)
    base = scenario.evaluate().cost_per_token
    assert found.base == base[0] / base[1]
    assert {bar.name for bar in found.bars} == set(RANGES)
    for bar in found.bars:
        assert (bar.low, bar.high) == RANGES[bar.name]
        for value, at in ((bar.low, bar.at_low), (bar.high, bar.at_high)):
            alone = scenario.with_values({bar.name: value}).evaluate().cost_per_token
            assert at == pytest.approx(alone[0] / alone[1], rel=1e-12)
    swings = [bar.swing for bar in found.bars]
    assert swings == sorted(swings, reverse=True)
    assert swings[0] == abs(found.bars[0].at_high - found.bars[0].at_low)


def test_an_input_that_changes_nothing_has_no_bar() -> None:
    names = {bar.name for bar in tornado(ranged(), "cost_per_token", "gpu").bars}
    assert names == {n for n in RANGES if not n.startswith("asic")}


def test_an_end_where_nothing_works_comes_first() -> None:
    scenario = ranged()
    given = {"asic.chip.hbm_capacity": flat(0.0001, 5.0)}
    bar = tornado(scenario, given=given).bars[0]
    assert bar.name == "asic.chip.hbm_capacity"
    assert np.isnan(bar.at_low)
    assert bar.swing == np.inf


def test_never_counts_as_the_horizon() -> None:
    scenario = ranged({})
    given = {"asic.chip.unit_cost": flat(1000.0, 40_000.0)}
    (bar,) = tornado(scenario, "breakeven_month", given=given).bars
    assert bar.at_high == scenario.evaluate().months[-1]
    assert 0.0 < bar.at_low < bar.at_high


def test_an_answer_or_option_that_does_not_exist_is_refused() -> None:
    with pytest.raises(KeyError, match="near: ratio"):
        tornado(ranged(), "rato")
    with pytest.raises(KeyError, match="near: asic"):
        tornado(ranged(), option="asics")
    results = ranged().evaluate()
    for name in ANSWERS:
        assert np.ndim(answered(results, name)) == 0


def test_the_estimators_find_the_indices_of_ishigami() -> None:
    first, total = first_and_total(*design(4096))
    np.testing.assert_allclose(first[0], FIRST, atol=0.02)
    np.testing.assert_allclose(total[0], TOTAL, atol=0.02)


def test_the_estimators_agree_with_those_of_scipy() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = stats.sobol_indices(
            func=ishigami, n=4096, dists=[stats.uniform(-np.pi, 2 * np.pi)] * 3, rng=1
        )
    first, total = first_and_total(*design(4096))
    np.testing.assert_allclose(first[0], theirs.first_order, atol=0.02)
    np.testing.assert_allclose(total[0], theirs.total_order, atol=0.02)


def test_points_without_an_answer_are_left_out() -> None:
    base, far, mixed = design(8192)
    rng = np.random.default_rng(1)
    for array in (base, far, mixed):
        array[rng.uniform(size=array.shape) < 0.1] = np.nan
    first, total = first_and_total(base, far, mixed)
    np.testing.assert_allclose(first[0], FIRST, atol=0.05)
    np.testing.assert_allclose(total[0], TOTAL, atol=0.05)


def test_indices_of_a_scenario_are_those_of_the_whole_design() -> None:
    scenario, count = ranged(), 64
    found = sobol_indices(scenario, count, 3)
    names = [n for n in distributions(scenario) if n in found.names]
    points = ndtri(sampling.sobol_points(2 * len(names), count, 3)).T
    uncertain = distributions(scenario)
    own = {n: uncertain[n].at(points[i]) for i, n in enumerate(names)}
    other = {n: uncertain[n].at(points[len(names) + i]) for i, n in enumerate(names)}

    def ask(table: dict[str, Array]) -> Array:
        return answered(scenario.evaluate(table), "log_ratio")

    mixed = np.stack([ask(own | {name: other[name]}) for name in names])
    first, total = first_and_total(ask(own), ask(other), mixed)
    order = [names.index(name) for name in found.names]
    np.testing.assert_allclose(found.first, first[0][order], rtol=1e-9)
    np.testing.assert_allclose(found.total, total[0][order], rtol=1e-9)
    assert found.evaluations == count * (len(names) + 2)
    assert np.all(np.diff(found.total) <= 0.0)


def linear() -> tuple[dict[str, Distribution], dict[str, float]]:
    """Inputs in which the GPU's cost is linear, and their shares of its variance."""
    scenario = ranged({})
    ends = {
        "gpu.chip.price": (20_000.0, 30_000.0),
        "gpu.chip.server_cost": (4000.0, 12_000.0),
        "site.hosting_price": (100.0, 180.0),
    }
    swing = {}
    for name, (low, high) in ends.items():
        cost = scenario.evaluate({name: np.array((low, high))}).cost_per_token[1]
        swing[name] = float(np.ptp(cost)) ** 2
    whole = sum(swing.values())
    given = {name: flat(*pair) for name, pair in ends.items()}
    return given, {name: part / whole for name, part in swing.items()}


def test_shares_of_a_sum_are_known_and_lie_in_the_interval() -> None:
    given, shares = linear()
    seen: list[tuple[int, int]] = []
    found = sobol_indices(
        ranged({}),
        2048,
        answer="cost_per_token",
        option="gpu",
        given=given,
        progress=lambda done, total: seen.append((done, total)),
    )
    for place, name in enumerate(found.names):
        assert found.first[place] == pytest.approx(shares[name], abs=0.02)
        assert found.total[place] == pytest.approx(shares[name], abs=0.02)
        assert found.first_low[place] < shares[name] < found.first_high[place]
        assert found.total_low[place] < shares[name] < found.total_high[place]
    assert list(found.drivers()) == sorted(shares, key=lambda n: -shares[n])
    assert seen[-1] == (found.evaluations, found.evaluations)
    assert found.undefined == 0.0


def test_a_sample_alone_gives_first_order_shares() -> None:
    given, shares = linear()
    scenario = ranged({})
    sample = uncertainty.draws(scenario, 8192, given=given)
    results = uncertainty.evaluated(scenario, sample, curves=False)
    idle = {"idle": np.random.default_rng(0).uniform(size=8192)}
    found = correlation_ratios(
        sample | idle, answered(results, "cost_per_token", "gpu")
    )
    for name, share in shares.items():
        assert found[name] == pytest.approx(share, abs=0.02)
    assert found["idle"] < 0.005
    assert correlation_ratios(idle, np.ones(8192)) == {"idle": 0.0}


def test_the_map_is_the_scenario_at_every_point() -> None:
    scenario = ranged()
    found = two_way(scenario, "asic.count", "gpu.price", 9)
    assert found.x.log
    assert found.y.name == "gpu.chip.price"
    steps = np.diff(np.log(found.x.values))
    np.testing.assert_allclose(steps, steps[0])
    assert found.ratio.shape == (2, 9, 9)
    for row, column in ((0, 0), (3, 7), (8, 2)):
        here = {
            "asic.count": found.x.values[column],
            "gpu.price": found.y.values[row],
        }
        cost = scenario.with_values(here).evaluate().cost_per_token
        at = found.ratio[:, row, column]
        np.testing.assert_allclose(at, cost / cost[1], rtol=1e-12)
        np.testing.assert_allclose(
            found.advantage[:, row, column], cost[1] - cost, rtol=1e-9, atol=1e-12
        )
        assert found.cheapest[row, column] == cost.argmin()
    np.testing.assert_array_equal(found.advantage[0] > 0, found.ratio[0] < 1)


def test_an_axis_has_the_ends_it_is_given() -> None:
    scenario = ranged()
    found = axis(scenario, "gpu.utilisation", 5, 0.2, 0.6)
    np.testing.assert_allclose(found.values, [0.2, 0.3, 0.4, 0.5, 0.6])
    assert found.present == scenario.options["gpu"].option.utilisation
    assert two_way(scenario, found, "site.pue", 3).ratio.shape == (2, 3, 5)


@pytest.mark.parametrize(
    ("name", "ends", "error", "said"),
    [
        ("gpu.utilization", (None, None), KeyError, "near: gpu.utilisation"),
        ("gpu.acquisition", (None, None), ValueError, "is a choice"),
        ("gpu.utilisation", (0.5, 0.4), ValueError, "low 0.5 is not below high 0.4"),
        ("gpu.utilisation", (0.5, 1.4), ValueError, "1.4 must be at most 1"),
    ],
)
def test_an_axis_that_cannot_be_is_refused(
    name: str,
    ends: tuple[float | None, float | None],
    error: type[Exception],
    said: str,
) -> None:
    with pytest.raises(error, match=said):
        axis(ranged(), name, 5, *ends)
    with pytest.raises(ValueError, match="on both axes"):
        two_way(ranged(), "gpu.price", "gpu.chip.price")
