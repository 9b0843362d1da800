"""Ranges in a real Chromium: they move with the curve and sharpen when it rests."""

from __future__ import annotations

import re

import pytest
from pages import DATA, OWN, box, opened, rested, settled, slider
from playwright.sync_api import Page, expect

from breakeven.explorer import load_scenario, rest
from breakeven.explorer.odds import ranges

pytestmark = pytest.mark.browser


@pytest.fixture
def explorer(page: Page, served: str) -> Page:
    opened(page, served)
    settled(page)
    return page


def outlines(page: Page, name: str = "amortisation/cost-bands") -> list[list[float]]:
    """Heights of each band: there along its lower edge, back along its upper."""
    found: list[list[list[list[float]]]] = page.evaluate(DATA, name)["ys"]
    return [shape[0][0] for shape in found]


def test_a_change_brings_new_odds_and_the_bands_follow(explorer: Page) -> None:
    odds, spans = (
        explorer.locator(f"[data-slot='strip/{n}']") for n in ("odds", "figures")
    )
    before, drawn, told = odds.inner_text(), outlines(explorer), spans.inner_text()
    assert "with probability" in before
    value = box(explorer, f"{OWN} utilisation")
    value.fill("85 %")
    value.press("Enter")
    settled(explorer)
    rested(explorer)
    expect(odds).not_to_have_text(before)
    assert spans.inner_text() != told
    after = outlines(explorer)
    assert after != drawn
    scenario = load_scenario()
    own = next(iter(scenario.options))
    changed = scenario.with_values({f"{own}.utilisation": 0.85})
    spread = ranges(changed, rest.DRAWS, weighed=False).spread
    months = len(spread.months)
    for option, shape in enumerate(after):
        low, high = spread.cumulative_cost[::2, option]
        assert shape[:months] == pytest.approx(low.tolist(), rel=1e-5)
        assert shape[months:][::-1] == pytest.approx(high.tolist(), rel=1e-5)


def test_bands_follow_a_drag_and_never_go(explorer: Page) -> None:
    rested(explorer)
    figures = explorer.locator("[data-slot='strip/figures']")
    expect(figures).not_to_have_class(re.compile("past"))
    size = figures.bounding_box()
    seen = slider(explorer, f"{OWN} utilisation").evaluate(
        """async (input) => {
          const page = Object.values(breakevenPages)[0];
          const [key] = Object.keys(breakevenPages);
          const name = `${key}:amortisation/cost-bands`;
          const bands = Bokeh.documents[0].get_model_by_name(name);
          const figures = page.elements["strip/figures"];
          const seen = [];
          for (let at = 500; at < 540; at++) {
            const landed = page.painted;
            input.value = at;
            input.dispatchEvent(new Event("input", {bubbles: true}));
            while (page.painted === landed) await new Promise((r) => setTimeout(r, 2));
            const height = bands.data.ys.map((shape) => Math.max(...shape[0][0]));
            const past = figures.classList.contains("past");
            seen.push([bands.data.xs.length, past, ...height]);
          }
          return seen;
        }"""
    )
    assert [step[:2] for step in seen] == [[2, False]] * 40
    assert len({step[2] for step in seen}) >= 3, "they move while the slider does"
    settled(explorer)
    rested(explorer)
    assert len(outlines(explorer)) == 2
    expect(figures).not_to_have_class(re.compile("past"))
    assert figures.bounding_box() == size, "nothing jumps"


def test_the_theme_recolours_the_bands(explorer: Page) -> None:
    light = explorer.evaluate(DATA, "amortisation/cost-bands")["colour"]
    explorer.get_by_role("button", name="Toggle theme").click()
    expect(explorer.locator("html")).to_have_attribute("data-breakeven", "dark")
    explorer.wait_for_timeout(300)
    dark = explorer.evaluate(DATA, "amortisation/cost-bands")["colour"]
    assert len(light) == len(dark) == 2
    assert set(light).isdisjoint(dark)
