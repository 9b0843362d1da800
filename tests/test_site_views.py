"""Fleet and break-even map show what the models say, and follow the hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pages import (
    DATA,
    OWN,
    RIVAL,
    box,
    eventually,
    opened,
    opened_view,
    settled,
    slider,
)
from playwright.sync_api import Page

from breakeven.explorer import load_scenario, scenario_names, wire
from breakeven.explorer.page import Explorer
from breakeven.explorer.views.base import View
from breakeven.explorer.views.even_map import COARSE, FINE, plane
from breakeven.models.crossings import crossings
from breakeven.models.sensitivity import axis, two_way


def fed(explorer: Explorer, name: str) -> list[tuple[dict[str, Any], list[Any]]]:
    """Entries of a view and the arrays that each takes."""
    view: View = next(v for v in explorer.views if v.name == name)
    return view.feed(explorer.scenario, explorer.evaluated(view))


def source(explorer: Explorer, name: str, ending: str) -> list[Any]:
    """Arrays of the entry that fills a source or range."""
    for entry, arrays in fed(explorer, name):
        if ending in (entry.get("source"), entry.get("range"), entry.get("element")):
            return arrays
    raise AssertionError(ending)


@pytest.mark.parametrize("name", scenario_names())
@pytest.mark.parametrize("view", ["fleet", "map"])
def test_every_scenario_feeds_the_view(name: str, view: str) -> None:
    explorer = Explorer(name)
    shown = next(v for v in explorer.views if v.name == view)
    results = explorer.evaluated(shown)
    entries = explorer.layout(shown, results)["entries"]
    buffer = explorer.buffer(shown, results)
    assert wire.taken(entries) == len(wire.unpacked(buffer))
    said = shown.sentences(explorer.scenario, results)
    assert said
    assert all(line.endswith(".") and "nan" not in line for line in said)
    shown.body(explorer.scenario, results)


def test_the_best_mix_of_the_picture_is_that_of_the_study() -> None:
    explorer = Explorer()
    explorer.change({"fleet.budget": 15.0})
    found = explorer.scenario.evaluate(studies=("fleet",)).studies["fleet"]
    x, y = source(explorer, "fleet", "fleet/best")
    np.testing.assert_allclose([x[0], y[0]], found["count"])
    bars = source(explorer, "fleet", "fleet/quarters")[0]
    ramp = explorer.scenario.evaluate(studies=("ramp",)).studies["ramp"]
    np.testing.assert_allclose(bars, ramp["power"])
    assert np.nansum(bars, axis=0).max() == pytest.approx(1000.0)


def test_the_frontier_goes_through_the_present_point() -> None:
    explorer = Explorer()
    for aim in ("margin", "work"):
        explorer.change({"fleet.aim": aim, "fleet.budget": 15.0})
        found = explorer.scenario.evaluate(studies=("fleet",)).studies["fleet"]
        level, value = source(explorer, "fleet", "fleet/front")
        at, height = source(explorer, "fleet", "fleet/here")
        assert at[0] == pytest.approx(1000.0)
        assert height[0] == pytest.approx(float(found[aim]), rel=2e-3)
        assert np.interp(1000.0, level, value) == pytest.approx(height[0])


def test_the_sentence_on_a_megawatt_is_what_one_more_brings() -> None:
    explorer = Explorer()
    view = next(v for v in explorer.views if v.name == "fleet")
    said = view.sentences(explorer.scenario, explorer.evaluated(view))
    now = explorer.scenario.evaluate(studies=("fleet",)).studies["fleet"]["margin"]
    more = explorer.scenario.with_values({"fleet.power_cap": 1001.0})
    then = more.evaluate(studies=("fleet",)).studies["fleet"]["margin"]
    worth = f"${(then - now) / 1e6:.2f} M"
    assert f"One more MW earns {worth} a year." in said


def test_the_map_is_that_of_the_model() -> None:
    explorer = Explorer()
    scenario = explorer.scenario
    x, y = plane(scenario, COARSE)
    ratio = two_way(scenario, x, y).ratio[0]
    numbers = source(explorer, "map", "map/map")[0]
    np.testing.assert_allclose(numbers[-ratio.size :], ratio.ravel())
    for one, (value,) in zip((x, y), source(explorer, "map", "map/now"), strict=True):
        present = scenario.inputs()[one.name].value
        assert (10**value if one.log else value) == pytest.approx(present)
    corner = scenario.with_values({x.name: x.values[-1], y.name: y.values[0]})
    cost = corner.evaluate().cost_per_token
    cells = numbers[-ratio.size :].reshape(ratio.shape)
    assert cells[0, -1] == pytest.approx(cost[0] / cost[-1], rel=1e-9)
    across, up = source(explorer, "map", "map/equal")
    known = np.isfinite(across)
    table = {x.name: 10 ** across[known], y.name: up[known]}
    cost = scenario.evaluate(table, curves=False).cost_per_token
    assert known.sum() > 10
    np.testing.assert_allclose(cost[0] / cost[-1], 1.0, atol=0.03)
    fine = next(v for v in explorer.views if v.name == "map").ranges(None)  # type: ignore[arg-type]
    assert fine[0][0]["sizes"] == [FINE + 1, FINE + 1, FINE**2]


@pytest.mark.parametrize(
    "name", ["{own}.count", "{own}.utilisation", "{rival}.chip.price", "finance.life"]
)
def test_costs_are_equal_where_the_sentence_says(name: str) -> None:
    scenario = load_scenario()
    own, *_, rival = scenario.options
    line = axis(scenario, name.format(own=own, rival=rival), 81)
    (turns,) = crossings(scenario, [line])
    for value in turns:
        cost = scenario.with_values({line.name: value}).evaluate().cost_per_token
        assert cost[0] / cost[-1] == pytest.approx(1.0, rel=2e-3)
    cost = scenario.evaluate({line.name: line.values}, curves=False).cost_per_token
    assert len(turns) == np.count_nonzero(np.diff(cost[0] < cost[-1]))


def test_any_two_inputs_span_the_map_and_odd_ones_are_the_usual() -> None:
    explorer = Explorer()
    own = next(iter(explorer.scenario.options))
    explorer.change({"map.across": "finance.life", "map.up": "site.pue"})
    x, y = plane(explorer.scenario, 5)
    assert (x.name, y.name) == ("finance.life", "site.pue")
    assert not x.log
    explorer.change({"map.across": "no.such", "map.up": f"{own}.count"})
    x, y = plane(explorer.scenario, 5)
    assert x.name == f"{own}.count"
    assert y.name == f"{own}.utilisation"


# ------------------------------------------------------------------ in a browser
def drawn(page: Page, name: str) -> dict[str, list[float]]:
    """Columns of a source, once its view is built."""
    page.wait_for_function(
        """(name) => Bokeh.documents[0].get_model_by_name(
          `${Object.keys(breakevenPages)[0]}:${name}`)""",
        arg=name,
    )
    found: dict[str, list[float]] = page.evaluate(DATA, name)
    return found


@pytest.mark.browser
def test_the_fleet_follows_its_controls(page: Page, served: str) -> None:
    opened(page, served)
    opened_view(page, "Fleet")
    before = drawn(page, "fleet/best")
    settled(page)
    said = page.locator("ul.said:visible")
    assert RIVAL in said.inner_text()
    value = box(page, "Budget")
    value.fill("15")
    value.press("Enter")
    settled(page)
    scenario = load_scenario().with_values({"fleet.budget": 15.0})
    count = scenario.evaluate(studies=("fleet",)).studies["fleet"]["count"]
    due = pytest.approx(count, rel=1e-5)
    assert eventually(
        page,
        lambda: [drawn(page, "fleet/best")[k][0] for k in "xy"] == due,
    )
    assert drawn(page, "fleet/best") != before
    assert OWN in said.inner_text()
    assert "One more million dollars earns" in said.inner_text()
    bars = drawn(page, "fleet/quarters")
    assert len(bars["top"]) > 12


@pytest.mark.browser
def test_the_map_follows_a_slider_and_a_click_sets_both_inputs(
    page: Page, served: str
) -> None:
    opened(page, served)
    opened_view(page, "Break-even map")
    drawn(page, "map/map")
    settled(page)
    before = drawn(page, "map/map")["colour"]
    slider(page, f"{RIVAL} price").focus()
    for _ in range(5):
        page.keyboard.press("ArrowLeft")
    settled(page)
    assert eventually(page, lambda: drawn(page, "map/map")["colour"] != before)
    # at rest the map is fine
    assert eventually(page, lambda: len(drawn(page, "map/map")["colour"]) == FINE**2)
    place = page.evaluate(
        """() => {
          const [key] = Object.keys(breakevenPages);
          const model = Bokeh.documents[0].get_model_by_name(`${key}:map/map/figure`);
          const drawn = Bokeh.index.find_one_by_id(model.id);
          const box = drawn.el.getBoundingClientRect();
          return [box.left + drawn.frame.x_scale.compute(4.5),
                  box.top + drawn.frame.y_scale.compute(0.9)];
        }"""
    )
    page.mouse.click(*place)
    settled(page)
    now = drawn(page, "map/now")
    assert now["x"][0] == pytest.approx(4.5, abs=0.02)
    assert now["y"][0] == pytest.approx(0.9, abs=0.01)
    shown = box(page, f"{OWN} utilisation").input_value()
    assert float(shown.split()[0]) == pytest.approx(90.0, abs=1.0)
