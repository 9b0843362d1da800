"""The exact mix of a few chips: against HiGHS, over draws and levels, its polygon."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.spatial import ConvexHull

from breakeven.explorer import load_scenario, scenario_names
from breakeven.models.fleet_study import LEVELS
from breakeven.models.site_corners import Caps, corner_points
from breakeven.models.site_mix import best_mix

seeds = st.integers(0, 2**32 - 1)
SMALL = settings(max_examples=40, deadline=None)


def drawn(seed: int, **changes: Any) -> Caps:
    """Two to four chips in real sizes, some caps absent."""
    rng = np.random.default_rng(seed)
    kinds = int(rng.integers(2, 5))

    def maybe(values: Any, other: Any, odds: float) -> Any:
        return np.where(rng.random(np.shape(values)) < odds, values, other)

    given: dict[str, Any] = {
        "value": rng.uniform(-1e-4, 1e-3, kinds),
        "work": rng.uniform(50, 500, kinds),
        "power": rng.uniform(800, 2500, kinds),
        "purchase": rng.uniform(8e3, 5e4, kinds),
        "supply": maybe(rng.uniform(1e3, 5e4, kinds), np.inf, 0.5),
        "least_share": maybe(rng.uniform(0, 0.2, kinds), 0.0, 0.3),
        "most_share": maybe(rng.uniform(0.5, 1, kinds), 1.0, 0.3),
        "one_off": np.zeros(kinds),
        "one_off_value": np.zeros(kinds),
        "power_cap": maybe(1e8, np.inf, 0.7),
        "budget": np.asarray(2e9),
        "demand": maybe(1e7, np.inf, 0.3),
    }
    given["weight"] = given["power"]
    return Caps(**(given | changes))


def by_highs(caps: Caps) -> float:
    """The same programme, solved by HiGHS in the units that it likes."""
    kinds = len(caps.value)
    rows, limits = [caps.purchase / 1e4], [float(caps.budget) / 1e4]
    for part, cap in (
        (caps.power / 1e3, caps.power_cap / 1e3),
        (caps.work, caps.demand),
    ):
        if np.isfinite(cap):
            rows.append(part)
            limits.append(float(cap))
    for k in range(kinds):
        one = np.eye(kinds)[k]
        rows += [
            caps.weight / 1e3 * (one - caps.most_share[k]),
            -caps.weight / 1e3 * (one - caps.least_share[k]),
        ]
        limits += [0.0, 0.0]
    bounds = [(0, None if np.isinf(s) else s) for s in caps.supply]
    found = linprog(-caps.value * 1e3, A_ub=np.array(rows), b_ub=limits, bounds=bounds)
    return -float(found.fun) / 1e3


@SMALL
@given(seeds)
def test_the_corner_is_the_optimum_of_the_programme(seed: int) -> None:
    caps = drawn(seed)
    mix = best_mix(caps)
    assert mix.value == pytest.approx(by_highs(caps), rel=1e-6, abs=1e-6)
    assert (mix.count * caps.value).sum() == pytest.approx(mix.value, abs=1e-9)


@SMALL
@given(seeds)
def test_the_worths_are_what_a_little_more_brings(seed: int) -> None:
    caps = drawn(seed)
    mix, step = best_mix(caps), 1e-5
    scale = step * max(abs(float(mix.value)), 1e-9)

    def due(name: str, worth: Any) -> None:
        cap = getattr(caps, name)
        if not np.isfinite(cap).all():
            return
        more = best_mix(replace(caps, **{name: cap * (1.0 + step)})).value
        assert more - mix.value <= (worth * cap).sum() * step + 0.01 * scale
        less = best_mix(replace(caps, **{name: cap * (1.0 - step)})).value
        assert mix.value - less >= (worth * cap).sum() * step - 0.01 * scale

    due("power_cap", mix.power_worth)
    due("budget", mix.budget_worth)
    due("demand", mix.demand_worth)
    due("supply", mix.supply_worth)


@SMALL
@given(seeds)
def test_levels_and_draws_are_those_of_each_alone(seed: int) -> None:
    caps = drawn(seed, power_cap=np.asarray(1e8))
    level = np.linspace(0.1, 2, 5) * 1e8
    together = best_mix(replace(caps, power_cap=level))
    for place, power_cap in enumerate(level):
        alone = best_mix(replace(caps, power_cap=np.asarray(power_cap)))
        assert together.value[place] == pytest.approx(float(alone.value), rel=1e-9)
    many = {
        n: np.stack([v, v * 1.01]) for n, v in vars(caps).items() if "share" not in n
    }
    shares = {n: np.stack([v, v]) for n, v in vars(caps).items() if "share" in n}
    both = best_mix(Caps(**many, **shares))
    first = best_mix(caps)
    assert both.value[0] == pytest.approx(float(first.value), rel=1e-9)
    np.testing.assert_allclose(both.count[0], first.count, rtol=1e-6, atol=1e-3)


@pytest.mark.parametrize("seed", range(20))
def test_a_design_is_paid_for_only_when_it_earns_that(seed: int) -> None:
    rng = np.random.default_rng(seed)
    once = rng.uniform(1e7, 1.5e9, 2)
    free = drawn(seed)
    two = {n: v[:2] if np.ndim(v) else v for n, v in vars(free).items()}
    two |= {"least_share": np.zeros(2), "most_share": np.ones(2)}
    caps = Caps(**(two | {"one_off": once, "one_off_value": once * 5e-9}))
    values = [0.0]
    for chosen in ((1, 0), (0, 1), (1, 1)):
        on = np.array(chosen, float)
        left = caps.budget - (once * on).sum()
        if left < 0:
            continue
        only = replace(
            caps,
            supply=np.where(on > 0, caps.supply, 0.0),
            budget=left,
            one_off=np.zeros(2),
            one_off_value=np.zeros(2),
        )
        values.append(float(best_mix(only).value) - (once * 5e-9 * on).sum())
    assert best_mix(caps).value == pytest.approx(max(values), abs=1e-9)


@pytest.mark.parametrize("seed", range(30))
def test_the_polygon_is_all_that_the_caps_allow(seed: int) -> None:
    free = drawn(seed)
    two = {n: v[:2] if np.ndim(v) else v for n, v in vars(free).items()}
    caps = Caps(**two)
    corner = corner_points(caps)
    known = corner[np.isfinite(corner).all(axis=1)]
    distinct = np.unique(np.round(known, 3), axis=0)
    best = (known * caps.value).sum(axis=1).max()
    assert best == pytest.approx(float(best_mix(caps).value), rel=1e-6, abs=1e-9)
    if len(distinct) < 3:
        return
    # the corners go round once: their area is that of their hull
    x, y = known.T
    area = 0.5 * abs((x * np.roll(y, -1) - np.roll(x, -1) * y).sum())
    assert area == pytest.approx(ConvexHull(distinct).volume, rel=1e-6)


def test_nothing_bounds_a_rented_chip() -> None:
    caps = drawn(1, power=np.zeros(3), weight=np.zeros(3), purchase=np.zeros(3))
    free = replace(
        caps, supply=np.full_like(caps.supply, np.inf), demand=np.asarray(np.inf)
    )
    assert np.isnan(best_mix(free).value)


# ------------------------------------------------------------------- the study
@pytest.mark.parametrize("name", scenario_names())
def test_the_study_finds_a_mix_for_every_scenario(name: str) -> None:
    scenario = load_scenario(name)
    found = scenario.evaluate(studies=("fleet",)).studies["fleet"]
    chips = len(scenario.options)
    assert found["count"].shape == (chips,)
    assert found["level_margin"].shape == LEVELS.shape
    if np.isfinite(found["margin"]):
        assert found["power"].sum() <= 1000.0 * (1 + 1e-9)
        assert found["spend"].sum() <= 40.0 * (1 + 1e-9)
        assert found["margin"] >= np.nanmax(found["alone_margin"]) * (1 - 1e-9)
        steps = np.diff(found["level_margin"])
        assert (steps >= -1e-6 * abs(found["margin"])).all()


def test_a_short_budget_makes_a_mix_and_both_caps_bind() -> None:
    scenario = load_scenario().with_values({"fleet.budget": 15.0})
    found = scenario.evaluate(studies=("fleet",)).studies["fleet"]
    assert (found["count"] > 1e5).all()
    assert found["power_share"] == pytest.approx(1.0)
    assert found["budget_share"] == pytest.approx(1.0)
    assert found["power_worth"] > 0
    assert found["budget_worth"] > 0
    more = scenario.with_values({"fleet.power_cap": 1001.0})
    after = more.evaluate(studies=("fleet",)).studies["fleet"]
    gain = after["margin"] - found["margin"]
    assert gain == pytest.approx(float(found["power_worth"]), rel=1e-6)


def test_draws_of_the_study_are_those_of_each_scenario() -> None:
    scenario = load_scenario().with_values({"fleet.budget": 15.0})
    rise = np.linspace(0.0, 1.0, 70)  # more than are evaluated together
    given = {"gpu.allocation.price_rise": rise, "asic.allocation.supply": 30_000.0}
    found = scenario.evaluate(given, studies=("fleet",)).studies["fleet"]
    assert found["count"].shape == (2, 70)
    assert found["level_count"].shape == (2, 70, LEVELS.size)
    for place in (0, 65):
        one = scenario.with_values(
            {
                "gpu.allocation.price_rise": rise[place],
                "asic.allocation.supply": 30_000.0,
            }
        )
        alone = one.evaluate(studies=("fleet",)).studies["fleet"]
        np.testing.assert_allclose(found["count"][:, place], alone["count"], rtol=1e-6)
        assert found["margin"][place] == pytest.approx(float(alone["margin"]))


def test_trouble_costs_what_the_plain_mix_had_more() -> None:
    scenario = load_scenario().with_values(
        {"fleet.budget": 15.0, "gpu.allocation.price_rise": 0.3}
    )
    found = scenario.evaluate(studies=("fleet",)).studies["fleet"]
    assert found["plain_margin"] > found["margin"]
    rules = scenario.with_values({"asic.allocation.most_share": 0.2})
    ruled = rules.evaluate(studies=("fleet",)).studies["fleet"]
    assert ruled["free_margin"] == pytest.approx(float(found["margin"]))
    assert ruled["margin"] < ruled["free_margin"]
    assert ruled["most_worth"][0] > 0
