"""The views of the decisions over time: one control moves picture and sentence."""

from __future__ import annotations

import pytest
from pages import DATA, eventually, opened, opened_view, settled, slider
from playwright.sync_api import Page

from breakeven.explorer import load_scenario
from breakeven.explorer.page import Explorer

# View, a control of its own, a source of its picture, and the column that has to move.
MOVES = [
    ("Retirement", "Fall of hardware prices", "retirement/cost", "ys"),
    ("Useful life", "Revised life", "useful_life/book", "ys"),
    ("Port", "Delay", "port/cash", "ys"),
    ("Supply", "Chance of a slip", "supply/now", "y"),
    ("Training run", "Chip-hours", "training_run/amortised", "x"),
]


KNOWN = """(name) => {
  const [key] = Object.keys(breakevenPages);
  return !!Bokeh.documents[0].get_model_by_name(`${key}:${name}`);
}"""


@pytest.mark.browser
@pytest.mark.parametrize(("title", "control", "source", "column"), MOVES)
def test_a_control_moves_picture_and_sentence(
    page: Page, served: str, title: str, control: str, source: str, column: str
) -> None:
    opened(page, served)
    opened_view(page, title)
    page.wait_for_function(KNOWN, arg=source)
    settled(page)
    said = page.locator(".said:visible")
    before = page.evaluate(DATA, source)[column], said.inner_text()
    assert before[1]
    for _ in range(4):  # a step of the slider may be less than it rounds to
        slider(page, control).press("ArrowRight")
    assert eventually(page, lambda: page.evaluate(DATA, source)[column] != before[0])
    assert eventually(page, lambda: said.inner_text() != before[1])


@pytest.mark.parametrize("title", [title for title, *_ in MOVES])
@pytest.mark.parametrize("name", ["graviton5-vs-x86", "mtia-and-maia-vs-h100"])
def test_other_scenarios_have_words_and_buffers(title: str, name: str) -> None:
    """Also where figures are not published or the work is not tokens."""
    explorer = Explorer(load_scenario(name))
    view = next(view for view in explorer.views if view.title == title)
    explorer.stage.open(view.name)
    results = explorer.evaluated()
    entries = explorer.layout(view, results)["entries"]
    assert entries
    said = view.sentences(explorer.scenario, results)
    assert said
    assert not any("nan" in line or "inf " in line for line in said)


@pytest.mark.browser
def test_a_table_of_quotes_is_typed_and_a_bad_one_refused(
    page: Page, served: str
) -> None:
    opened(page, served)
    opened_view(page, "Useful life")
    page.wait_for_function(KNOWN, arg="useful_life/book")
    page.get_by_label("Second-hand value from").select_option("quotes")
    settled(page)
    before = page.evaluate(DATA, "useful_life/book")["ys"]
    table = page.get_by_label("Quotes, age:share")
    table.fill("1:0.5, 2:0.6")
    table.press("Enter")
    moved = page.evaluate
    assert eventually(page, lambda: moved(DATA, "useful_life/book")["ys"] != before)
    table.fill("2:0.5, 1:0.6")
    table.press("Enter")
    fault = page.locator(".control", has=table).locator(".fault")
    assert eventually(page, lambda: "ages must ascend" in fault.inner_text())
