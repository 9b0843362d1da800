"""The page in a real Chromium: what moves when a control moves.

The fixture ``page`` fails a test on any error in the console and on any request that
leaves this machine.
"""

from __future__ import annotations

import re

import pytest
from pages import (
    COUNT,
    DATA,
    OWN,
    RIVAL,
    answer,
    box,
    curves,
    eventually,
    opened,
    opened_view,
    ranged_text,
    settled,
    slider,
    strip_text,
)
from playwright.sync_api import Page, expect

from breakeven.explorer import load_scenario

pytestmark = pytest.mark.browser


@pytest.fixture
def explorer(page: Page, served: str) -> Page:
    return opened(page, served)


def test_moving_the_chip_count_moves_curves_and_answers(explorer: Page) -> None:
    words, before = strip_text(explorer), curves(explorer)
    control = slider(explorer, f"{OWN} chips")
    value = box(explorer, f"{OWN} chips").input_value()
    control.focus()
    for _ in range(30):
        control.press("ArrowRight")
    settled(explorer)
    after = curves(explorer)
    assert box(explorer, f"{OWN} chips").input_value() != value
    assert after[0][-1] > before[0][-1]
    assert after[1][-1] > before[1][-1], "the rival does the same work"
    assert strip_text(explorer) != words


def test_dragging_the_utilisation_moves_curves_and_answers(explorer: Page) -> None:
    words = strip_text(explorer)
    before = curves(explorer, "amortisation/date")
    control = slider(explorer, f"{OWN} utilisation")
    shape = control.bounding_box()
    assert shape
    middle = shape["y"] + shape["height"] / 2
    explorer.mouse.move(shape["x"] + 0.5 * shape["width"], middle)
    explorer.mouse.down()
    for step in range(20):
        explorer.mouse.move(shape["x"] + (0.5 + 0.02 * step) * shape["width"], middle)
    explorer.mouse.up()
    settled(explorer)
    after = curves(explorer, "amortisation/date")
    assert after[0][-1] < before[0][-1], "busier chips are cheaper per token"
    assert strip_text(explorer) != words
    assert float(box(explorer, f"{OWN} utilisation").input_value().rstrip(" %")) > 80


def test_typing_a_price_moves_curves_and_answers(explorer: Page) -> None:
    words, before = strip_text(explorer), curves(explorer)
    price = box(explorer, f"{RIVAL} price")
    price.fill("12,500")
    price.press("Enter")
    settled(explorer)
    assert price.input_value() == "12,500"
    assert curves(explorer)[1][-1] < before[1][-1]
    assert strip_text(explorer) != words


def test_what_is_on_screen_is_what_the_model_says(explorer: Page) -> None:
    count = box(explorer, f"{OWN} chips")
    count.fill("250k")
    count.press("Tab")
    settled(explorer)
    assert count.input_value() == "250,000"
    scenario = load_scenario()
    results = scenario.with_values({f"{scenario.anchor}.count": 250_000}).evaluate()
    for drawn, said in zip(curves(explorer), results.cumulative_cost, strict=True):
        assert drawn == pytest.approx(said.tolist(), rel=1e-5)


def test_the_last_position_of_a_fast_drag_lands(explorer: Page) -> None:
    control = slider(explorer, f"{OWN} chips")
    landed = explorer.evaluate(COUNT)
    control.evaluate(
        """async (input) => {
          for (let at = 200; at <= 800; at += 1) {
            input.value = at;
            input.dispatchEvent(new Event("input", {bubbles: true}));
            // five at once: however slow the browser, not each can have a frame
            if (at % 5 === 0) await new Promise((r) => setTimeout(r, 4));
          }
        }"""
    )
    settled(explorer)
    frames = explorer.evaluate(COUNT) - landed
    assert 2 <= frames < 300, "positions in between are left out, not queued"
    shown = float(box(explorer, f"{OWN} chips").input_value().replace(",", ""))
    marks = explorer.evaluate(DATA, "amortisation/now")
    assert marks["x"][0] == pytest.approx(shown, rel=1e-6)


def test_a_refused_value_is_explained_beside_its_control(explorer: Page) -> None:
    before = curves(explorer)
    share = box(explorer, f"{OWN} utilisation")
    share.fill("-20 %")
    share.press("Enter")
    row = explorer.locator(".control", has=share)
    expect(row.locator(".fault")).to_contain_text("must be above 0")
    settled(explorer)
    assert curves(explorer) == before
    share.fill("many")
    share.press("Enter")
    expect(row.locator(".fault")).to_contain_text("not a number")
    share.fill("70 %")
    share.press("Enter")
    expect(row.locator(".fault")).to_be_empty()
    settled(explorer)
    assert curves(explorer, "amortisation/date") != before


def test_a_count_that_does_not_fit_leaves_a_gap_and_a_reason(explorer: Page) -> None:
    explorer.get_by_text("All inputs").click()
    explorer.get_by_text(f"{RIVAL}: chip and server").click()
    memory = box(explorer, f"Memory capacity ({RIVAL}: chip and server)")
    memory.fill("0.5")
    memory.press("Enter")
    expect(answer(explorer)).to_contain_text("the model does not fit")
    settled(explorer)
    own, rival = curves(explorer)
    assert all(v == v for v in own)
    assert all(v is None or v != v for v in rival)


def test_each_control_of_the_contract_has_a_box_and_a_slider(explorer: Page) -> None:
    names = [
        f"{o} {w}" for o in (OWN, RIVAL) for w in ("chips", "utilisation", "price")
    ]
    for name in [*names, "Electricity price", "Discount rate"]:
        found = explorer.get_by_label(name)
        roles = found.evaluate_all("(nodes) => nodes.map((n) => n.role || n.type)")
        expect(found).to_have_count(2)
        assert found.first.get_attribute("role") == "spinbutton", roles
        expect(slider(explorer, name)).to_have_count(1)


def test_reset_brings_the_preset_back(explorer: Page) -> None:
    before = curves(explorer)
    price = box(explorer, f"{RIVAL} price")
    row = explorer.locator(".control", has=price)
    price.fill("9000")
    price.press("Enter")
    settled(explorer)
    expect(row).to_have_class(re.compile("edited"))
    row.get_by_role("button", name="Reset").click()
    settled(explorer)
    expect(row).not_to_have_class(re.compile("edited"))
    assert curves(explorer) == before


def test_the_address_keeps_what_differs(explorer: Page, served: str) -> None:
    count = box(explorer, f"{OWN} chips")
    count.fill("123,000")
    count.press("Enter")
    settled(explorer)
    explorer.wait_for_function("() => location.search.includes('count=123000')")
    words = ranged_text(explorer)
    again = opened(explorer, explorer.url)
    settled(again)
    assert eventually(again, lambda: ranged_text(again) == words)
    assert box(again, f"{OWN} chips").input_value() == "123,000"


def test_another_chip_stays_in_the_address_and_reset_all_brings_it_back(
    explorer: Page,
) -> None:
    words = ranged_text(explorer)
    explorer.get_by_label(f"{OWN} chip preset").select_option("tpu_v6e")
    expect(explorer.get_by_role("heading", name="TPU v6e")).to_be_visible()
    explorer.wait_for_function("() => location.search.includes('asic.chip=tpu_v6e')")
    settled(explorer)
    assert ranged_text(explorer) != words
    again = opened(explorer, explorer.url)
    expect(again.get_by_role("heading", name="TPU v6e")).to_be_visible()
    again.get_by_role("button", name="Reset all").click()
    expect(again.get_by_role("heading", name=OWN, exact=False)).to_be_visible()
    settled(again)
    assert eventually(again, lambda: ranged_text(again) == words)


def test_an_edit_shows_in_the_evidence_at_once(explorer: Page) -> None:
    opened_view(explorer, "Evidence")
    explorer.get_by_role("searchbox", name="Search inputs").fill(
        "site.electricity_price"
    )
    row = explorer.locator(".evidence tbody tr:not(.head)")
    expect(row).to_have_count(1)
    price = box(explorer, "Electricity price")
    price.fill("0.123")
    price.press("Enter")
    expect(row).to_contain_text("0.123")
    expect(row).to_contain_text("edited")


def test_another_scenario_takes_the_whole_page_along(explorer: Page) -> None:
    picker = explorer.get_by_label("Scenario", exact=True)
    picker.select_option("mtia-and-maia-vs-h100")
    expect(explorer.get_by_role("heading", name="MTIA 400").first).to_be_visible()
    expect(explorer.locator("[data-slot='strip/sentence1']")).not_to_be_empty()
    settled(explorer)
    assert len(curves(explorer)) == 3
