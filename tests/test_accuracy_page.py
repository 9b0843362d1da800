"""The Accuracy tab: every published row beside what is predicted of it."""

from __future__ import annotations

import csv
from collections.abc import Sequence

import numpy as np
import pytest
from brought import config, own_rows
from pages import DATA, OWN, RIVAL, box, opened, opened_view, settled, strip_text
from playwright.sync_api import Page, expect

from breakeven.explorer import accuracy, load_scenario, scatter
from breakeven.explorer.page import Explorer
from breakeven.presets import calibrated
from breakeven.presets.stacks import stack_for


@pytest.fixture
def explorer() -> Explorer:
    """A page whose Accuracy tab is open."""
    found = Explorer(load_scenario())
    found.stage.open("accuracy")
    return found


# ------------------------------------------------------------------------ the plot


def test_every_published_row_is_compared_and_drawn() -> None:
    rows = accuracy.published()
    with calibrated.MEASURED.open(newline="", encoding="utf-8") as stream:
        assert len(rows) == sum(1 for _ in csv.DictReader(stream))
    assert {row.phase for row in rows} <= set(scatter.PHASES)
    figure = scatter.figure(rows, (), "test")
    data = figure.select_one({"name": "test-rows"}).data
    assert list(data["x"]) == [row.measured for row in rows]
    assert list(data["y"]) == pytest.approx([row.predicted for row in rows])
    assert all(url.startswith("http") for url in data["url"])
    assert figure.x_range.start == figure.y_range.start


def test_a_link_leads_to_the_web_or_nowhere() -> None:
    assert scatter.link("javascript:alert(1)") == ""
    assert scatter.link("https://example.org/a") == "https://example.org/a"


def test_filters_leave_rows_of_a_phase_and_a_chip(explorer: Explorer) -> None:
    view = explorer.view
    view.phase.value, view.chip.value = "decode", "B200-SXM"
    shown = view.shown(view.rows)
    assert {(row.phase, row.chip) for row in shown} == {("decode", "B200-SXM")}
    data = view.plot.object.select_one({"name": view.full("scatter") + "-rows"}).data
    assert len(data["x"]) == len(shown) > 0
    assert "Training" not in view.errors.html
    view.phase.value = "train"
    view.chip.value = "Gaudi2"
    assert view.plot.object is not None


def test_words_give_the_error_of_the_present_chips(explorer: Explorer) -> None:
    h100 = [
        row
        for row in accuracy.published()
        if row.chip == "H100-SXM" and not row.phase.startswith("train")
    ]
    median = np.median([abs(row.error) for row in h100])
    assert f"<b>{RIVAL}</b>: {len(h100)} rows" in explorer.view.words.html
    assert f"median error {median:.0%}" in explorer.view.words.html


# ---------------------------------------------------------------------- borrowing


def test_a_chip_nobody_measured_says_so_everywhere() -> None:
    scenario = load_scenario("mtia-and-maia-vs-h100")
    for key, groups in scenario.options.items():
        borrowed = stack_for(groups.chip_name)[1]
        evidence = scenario.evidence[f"{key}.stack.realised_share"]
        said = f"{groups.option.label}: {groups.borrowed}"
        assert bool(groups.borrowed) == borrowed
        assert ("no public measurement" in evidence.note) == borrowed
        assert (said in scenario.evaluate().notes) == borrowed
    own = next(iter(scenario.options))
    other = "fp8" if scenario.options[own].option.precision != "fp8" else "bf16"
    scenario.set(f"{own}.precision", other)
    assert "borrowed" in scenario.evidence[f"{own}.stack.realised_share"].note


# --------------------------------------------------------------------- the browser


def dropped(page: Page, kind: str, name: str, data: bytes) -> None:
    """Choose a file with the chooser that takes files of a kind."""
    chooser = page.locator(f"input[type=file][accept='{kind}']")
    chooser.set_input_files({"name": name, "mimeType": "text/plain", "buffer": data})


@pytest.mark.browser
def test_files_are_understood_on_the_page(page: Page, served: str) -> None:
    opened(page, served)
    opened_view(page, "Accuracy")
    expect(page.locator(".bk-Figure:visible")).to_have_count(1)
    shown: Sequence[float] = page.evaluate(DATA, "accuracy/scatter-rows")["x"]
    assert len(shown) == len(accuracy.published())
    words = strip_text(page)
    dropped(page, ".json", "config.json", config(model_type="mamba"))
    said = page.locator("[data-slot='accuracy/said'], p.says", has_text="mamba")
    expect(said).to_contain_text("model_type")
    assert strip_text(page) == words
    dropped(page, ".json", "config.json", config(_name_or_path="me/tiny"))
    picker = page.get_by_label("Model", exact=True)
    expect(picker.locator("option:checked")).to_have_text("tiny")
    settled(page)
    assert strip_text(page) != words
    dropped(page, ".csv", "own.csv", own_rows())
    read = page.locator("p.says", has_text="12 rows read")
    expect(read).to_be_visible(timeout=30_000)
    button = page.get_by_role("button", name="Use this calibration")
    expect(button).to_be_enabled()
    button.click()
    followed = page.locator("p.says", has_text="now follow own.csv")
    expect(followed).to_be_visible(timeout=60_000)  # a fit takes its time
    expect(box(page, f"{OWN} chips")).to_be_visible()
