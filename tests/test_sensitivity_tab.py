"""The bars of the sensitivity tab are those of the model, in the browser too."""

from __future__ import annotations

import numpy as np
import pytest
from pages import DATA, OWN, box, eventually, opened, opened_view, settled
from playwright.sync_api import Page

from breakeven.explorer import load_scenario, wire
from breakeven.explorer import scenario_names as names
from breakeven.explorer.page import Explorer
from breakeven.explorer.views.sensitivity import ROWS, Sensitivity
from breakeven.models.ranges import vocabulary
from breakeven.models.sensitivity import tornado


@pytest.mark.parametrize("name", names())
def test_the_bars_are_those_of_the_model(name: str) -> None:
    explorer = Explorer(name)
    view = next(v for v in explorer.views if isinstance(v, Sensitivity))
    scenario = explorer.scenario
    arrays = wire.unpacked(explorer.buffer(view, explorer.evaluated(view)))
    (low, high), which, *ends, base = arrays[-7:]
    found = tornado(scenario)
    bars = found.bars[:ROWS]
    places = list(vocabulary(scenario))
    assert [places[int(place)] for place in which] == [bar.name for bar in bars]
    said = [(b.low, b.high, b.at_low, b.at_high) for b in bars]
    np.testing.assert_allclose(ends, np.transpose(said), rtol=1e-6)
    np.testing.assert_allclose(base, [found.base], rtol=1e-6)
    answers = np.array(ends[2:])
    known = answers[np.isfinite(answers)]
    assert low < known.min()
    assert high > known.max()


def test_an_option_that_cannot_work_leaves_an_empty_plot() -> None:
    explorer = Explorer()
    rival = list(explorer.scenario.options)[-1]
    explorer.change({f"{rival}.chip.hbm_capacity": 0.5})
    view = next(v for v in explorer.views if isinstance(v, Sensitivity))
    arrays = wire.unpacked(explorer.buffer(view, explorer.evaluated(view)))
    low, high = arrays[-7]
    assert 0 < low < 1 < high
    assert np.isnan(arrays[-1]).all()


def bars(page: Page) -> dict[str, list[float]]:
    return page.evaluate(DATA, "sensitivity/bars")


@pytest.mark.browser
def test_the_bars_follow_a_control(page: Page, served: str) -> None:
    opened(page, served)
    opened_view(page, "Sensitivity")
    settled(page)
    scenario = load_scenario()
    for share in (None, 0.75):
        if share:
            value = box(page, f"{OWN} utilisation")
            value.fill("75 %")
            value.press("Enter")
            settled(page)
            own = next(iter(scenario.options))
            scenario = scenario.with_values({f"{own}.utilisation": share})
        found = tornado(scenario)
        ends = [v for bar in found.bars[:ROWS] for v in (bar.at_low, bar.at_high)]
        due = pytest.approx(ends, rel=1e-5)
        eventually(page, lambda due=due: bars(page)["right"] == due)
        drawn = bars(page)
        assert drawn["right"] == due
        assert drawn["left"] == pytest.approx([found.base] * len(ends), rel=1e-5)
        said = page.evaluate(DATA, "sensitivity/names")["text"]
        assert len(said) == len(found.bars[:ROWS])
        # the cheaper end first; what the visitor has set is no longer uncertain
        known = [f"{OWN}, utilisation: 82.0 % … 33.0 %"]
        assert [s for s in said if s.startswith(f"{OWN}, util")] == (
            [] if share else known
        )
