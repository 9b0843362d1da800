"""The explorer as a notebook sees it: state both ways, tables, a page that stays."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from breakeven.explorer import load_scenario, tables
from breakeven.explorer.page import Explorer


@pytest.fixture
def explorer() -> Explorer:
    return Explorer()


def shown(explorer: Explorer, name: str) -> Any:
    """Value of the control of an input."""
    for section in explorer.controls.spec:
        for control in section["controls"]:
            if control["name"] == name:
                return control["value"]
    raise AssertionError(name)


def test_a_cell_moves_the_sliders(explorer: Explorer) -> None:
    explorer.update({"gpu.price": 24_000.0, "asic.utilisation": 0.5})
    assert shown(explorer, "gpu.price") == 24_000.0
    assert shown(explorer, "asic.utilisation") == 0.5
    explorer.scenario = "tpu-v7-vs-gb200"
    assert explorer.scenario.name == "tpu-v7-vs-gb200"
    explorer.scenario = load_scenario().with_values({"gpu.price": 19_000.0})
    assert shown(explorer, "gpu.price") == 19_000.0
    with pytest.raises(ValueError, match=r"gpu\.chip\.price = -1 must be at least 0"):
        explorer.update({"gpu.price": -1.0})
    assert shown(explorer, "gpu.price") == 19_000.0


def test_a_slider_moves_the_scenario(explorer: Explorer) -> None:
    explorer._heard({"type": "set", "values": {"asic.utilisation": 0.7}, "seq": 1})
    assert explorer.scenario.options["asic"].option.utilisation == 0.7
    found = float(explorer.results["cost_per_token"][0])
    wanted = load_scenario().with_values({"asic.utilisation": 0.7}).evaluate()
    assert found == float(wanted.cost_per_token[0])


def test_results_are_tables_with_units(monkeypatch: pytest.MonkeyPatch) -> None:
    results = load_scenario().evaluate()
    data = tables.to_xarray(results)
    assert data["cost_to_date"].dims == ("option", "month")
    assert data["cost_to_date"].attrs["units"] == "USD/Mtoken"
    spent = data["cumulative_cost"].sel(option="gpu")
    np.testing.assert_array_equal(spent, results.cumulative_cost[1])
    assert set(data["limited_by"].values) <= {"TPOT limit", "compute", "TTFT limit"}
    frame = tables.to_pandas(results)
    assert list(frame.columns) == ["Trainium2", "H100"]
    row = frame.xs("capex").iloc[0]
    assert row["H100"] == results.capex[1]
    assert frame.xs("capex").index[0] == ("Paid up front for the whole fleet", "USD")
    monkeypatch.setattr(tables, "find_spec", lambda name: None)
    assert type(tables.table(results)).__name__ == "DataFrame"


def test_sliders_outlive_the_kernel(explorer: Explorer, page: Page) -> None:
    explorer.update({"gpu.price": 24_000.0})
    kept = explorer.snapshot(["gpu.price"])
    page.set_content(kept._repr_html_())
    frame = page.frame_locator("iframe")
    box = frame.get_by_role("spinbutton", name="H100 price")
    expect(box).to_have_value("24,000")
    sentence = frame.locator("[data-slot='strip/sentence0']")
    before = sentence.inner_text()
    box.fill("20000")
    box.press("Enter")
    expect(sentence).not_to_have_text(before)
    moved = load_scenario().with_values({"gpu.price": 20_000.0}).evaluate()
    expect(sentence).to_contain_text(f"{float(moved.breakeven_month[0]):.1f} month")
