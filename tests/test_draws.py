"""Views that take many draws at once say what they say of each draw alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from breakeven.explorer import draws, load_scenario, snapshot
from breakeven.explorer.elements import FIELDS, Elements
from breakeven.explorer.views import VIEWS, strip
from breakeven.explorer.views.power import Power
from breakeven.explorer.views.throughput import Throughput
from breakeven.models.scenario import Scenario

Array = NDArray[np.float64]
MANY = [view("t") for view in snapshot.VIEWS]


def points_of(scenario: Scenario, count: int) -> dict[str, Array]:
    """Settings far apart: some have no break-even, some are served by no layout."""
    first, last = next(iter(scenario.options)), scenario.reference
    generator = np.random.default_rng(11)
    found = {
        f"{scenario.anchor}.count": 10 ** generator.uniform(0, 7, count),
        f"{first}.price": generator.uniform(500, 60_000, count),
        f"{last}.utilisation": generator.uniform(0.05, 0.95, count),
    }
    if scenario.workload.kind == "serving":
        found["workload.interactivity"] = generator.uniform(5, 180, count).round(-1)
    return found


def alone(scenario: Scenario, values: dict[str, float]) -> Array:
    """Numbers of one setting, as the page sends them for all its tabs."""
    moved = scenario.copy()
    for name, value in values.items():
        moved.set(name, value)
    studies = tuple({name for view in MANY for name in view.studies})
    results = moved.evaluate(studies=studies)
    arrays = [getattr(results, name) for name in FIELDS]
    arrays += strip.arrays(moved, results)
    for view in MANY:
        sweep = view.overrides(moved)
        own = moved.evaluate(sweep, studies=view.studies) if sweep else results
        arrays += view.arrays(moved, own)
    return np.concatenate([np.ravel(np.asarray(array, float)) for array in arrays])


@pytest.mark.parametrize(
    "name",
    [
        "trainium2-vs-h100",
        "tpu-v7-vs-gb200",
        "graviton5-vs-x86",
        "train-405b-tpu-v5p-vs-h100",
    ],
)
def test_many_draws_at_once_are_what_the_page_sends_of_each(name: str) -> None:
    scenario = load_scenario(name)
    points = points_of(scenario, 24)
    rows = Elements(scenario, MANY, list(points)).rows(points)
    for i, row in enumerate(rows):
        truth = alone(scenario, {n: float(v[i]) for n, v in points.items()})
        np.testing.assert_allclose(row, truth, rtol=1e-12, atol=1e-12, err_msg=f"{i}")


def test_settings_that_no_option_reaches_are_among_them() -> None:
    scenario = load_scenario()
    points = points_of(scenario, 24)
    cost = scenario.evaluate(points).cost_per_token
    assert np.isnan(cost).any()
    assert np.isfinite(cost).any()


def test_a_view_that_takes_one_draw_at_a_time_says_the_same() -> None:
    class OneByOne(Power):
        reads = None

    scenario = load_scenario()
    points = points_of(scenario, 5)
    together, apart = (
        Elements(scenario, [view("t")], list(points)).rows(points)
        for view in (Power, OneByOne)
    )
    np.testing.assert_array_equal(together, apart)


def test_a_view_that_reads_an_input_takes_the_settings_that_share_it() -> None:
    asked: list[tuple[float, int]] = []

    class Counted(Throughput):
        def feed(self, scenario: Scenario, results: Any) -> Any:
            size = results.token_rate[0, 0].size
            asked.append((scenario.workload.interactivity or 0.0, size))
            return super().feed(scenario, results)

    scenario = load_scenario()
    points = {"workload.interactivity": np.array([10.0, 20.0, 10.0, 10.0])}
    elements = Elements(scenario, [Counted("t")], list(points))
    asked.clear()
    elements.rows(points)
    assert asked == [(10.0, 3), (20.0, 1)]


def test_without_a_live_input_there_is_one_row() -> None:
    elements = Elements(load_scenario(), MANY, [])
    np.testing.assert_array_equal(elements.rows({})[0], elements.first)
    cost = elements.field(elements.first[None], "cost_per_token")[0, :, 0]
    np.testing.assert_array_equal(cost, load_scenario().evaluate().cost_per_token)


def test_draws_stand_last_and_are_taken_from_there() -> None:
    scenario = load_scenario()
    counts = np.array([1e3, 1e5, 1e6])
    results = scenario.evaluate({"asic.count": counts}, studies=("carbon",))
    last = draws.last(results)
    assert last.cumulative_cost.shape == (2, last.months.size, 3)
    assert last.breakdown.shape == results.breakdown.shape
    one, plain = draws.taken(last, 1), scenario.copy()
    plain.set("asic.count", 1e5)
    truth = plain.evaluate(studies=("carbon",))
    np.testing.assert_allclose(one.cumulative_cost, truth.cumulative_cost, rtol=1e-12)
    np.testing.assert_allclose(
        one.studies["carbon"]["embodied"], truth.studies["carbon"]["embodied"]
    )


def test_only_views_of_a_page_without_server_take_many() -> None:
    known = {view.name for view in VIEWS if view.reads is not None}
    assert known == {view.name for view in snapshot.VIEWS}
