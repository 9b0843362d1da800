"""The page in a real Chromium: what moves when a control moves.

The fixture ``page`` fails a test on any error in the console and on any request that
leaves this machine.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import browser
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from breakeven.explorer import load_scenario
from breakeven.explorer.components import script

pytestmark = pytest.mark.browser

PAINTED = "() => Object.values(globalThis.breakevenPages ?? {})[0]?.painted > 0"
COUNT = "() => Object.values(breakevenPages)[0].painted"
DATA = """(name) => {
  const [key] = Object.keys(breakevenPages);
  const model = Bokeh.documents[0].get_model_by_name(`${key}:${name}`);
  return Object.fromEntries(Object.entries(model.data).map(([column, values]) =>
    [column, Array.from(values, (v) => (v.length === undefined || typeof v === "string"
      ? v : Array.from(v)))]));
}"""
OWN, RIVAL = (o.option.label for o in load_scenario().options.values())


def opened(page: Page, url: str) -> Page:
    """The page once its first buffer is on screen."""
    page.goto(url)
    page.wait_for_function(PAINTED)
    expect(answer(page)).not_to_be_empty()
    return page


def answer(page: Page) -> Locator:
    return page.locator("[data-slot='strip/sentence0']")


def curves(page: Page, name: str = "amortisation/cost") -> list[list[float]]:
    found: dict[str, Any] = page.evaluate(DATA, name)
    return found["ys"]


def box(page: Page, name: str) -> Locator:
    return page.get_by_role("spinbutton", name=name, exact=True)


def slider(page: Page, name: str) -> Locator:
    return page.get_by_role("slider", name=name, exact=True)


def settled(page: Page) -> None:
    """Wait until nothing lands any more."""
    before = -1
    while (now := page.evaluate(COUNT)) != before:
        before = now
        page.wait_for_timeout(250)


@pytest.fixture
def explorer(page: Page, served: str) -> Page:
    return opened(page, served)


def strip_text(page: Page) -> str:
    return page.locator("section.strip").inner_text()


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
          for (let at = 200; at <= 800; at += 5) {
            input.value = at;
            input.dispatchEvent(new Event("input", {bubbles: true}));
            await new Promise((r) => setTimeout(r, 4));
          }
        }"""
    )
    settled(explorer)
    frames = explorer.evaluate(COUNT) - landed
    assert 2 <= frames < 121, "positions in between are left out, not queued"
    shown = float(box(explorer, f"{OWN} chips").input_value().replace(",", ""))
    marks = explorer.evaluate(DATA, "amortisation/now")
    assert marks["x"][0] == pytest.approx(shown, rel=1e-6)


def test_a_refused_value_is_explained_beside_its_control(explorer: Page) -> None:
    before = curves(explorer)
    share = box(explorer, f"{OWN} utilisation")
    share.fill("-20 %")
    share.press("Enter")
    row = explorer.locator(".control", has=share)
    expect(row.locator(".error")).to_contain_text("must be above 0")
    settled(explorer)
    assert curves(explorer) == before
    share.fill("many")
    share.press("Enter")
    expect(row.locator(".error")).to_contain_text("not a number")
    share.fill("70 %")
    share.press("Enter")
    expect(row.locator(".error")).to_be_empty()
    settled(explorer)
    assert curves(explorer, "amortisation/date") != before


def test_a_count_that_does_not_fit_leaves_a_gap_and_a_reason(explorer: Page) -> None:
    explorer.get_by_text("All inputs").click()
    explorer.get_by_text(f"{RIVAL}: chip and server").click()
    memory = box(explorer, f"Memory capacity ({RIVAL}: chip and server)")
    memory.fill("0.5")
    memory.press("Enter")
    expect(answer(explorer)).to_contain_text("cannot be compared: the model does not fit")
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
    words = strip_text(explorer)
    again = opened(explorer, explorer.url)
    settled(again)
    assert strip_text(again) == words
    assert box(again, f"{OWN} chips").input_value() == "123,000"


def test_another_chip_stays_in_the_address_and_reset_all_brings_it_back(
    explorer: Page,
) -> None:
    words = strip_text(explorer)
    explorer.get_by_label(f"{OWN} chip preset").select_option("tpu_v6e")
    expect(explorer.get_by_role("heading", name="TPU v6e")).to_be_visible()
    explorer.wait_for_function("() => location.search.includes('asic.chip=tpu_v6e')")
    settled(explorer)
    assert strip_text(explorer) != words
    again = opened(explorer, explorer.url)
    expect(again.get_by_role("heading", name="TPU v6e")).to_be_visible()
    again.get_by_role("button", name="Reset all").click()
    expect(again.get_by_role("heading", name=OWN, exact=False)).to_be_visible()
    settled(again)
    assert strip_text(again) == words


def test_an_edit_shows_in_the_evidence_at_once(explorer: Page) -> None:
    explorer.get_by_role("tab", name="Evidence").click()
    explorer.get_by_role("searchbox", name="Search inputs").fill("electricity_price")
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
    expect(explorer.get_by_role("heading", name="MTIA")).to_be_visible()
    expect(explorer.locator("[data-slot='strip/sentence1']")).not_to_be_empty()
    settled(explorer)
    assert len(curves(explorer)) == 3


FIGURES = {"Amortisation": 3, "Cost": 1, "Throughput": 2, "Power": 2, "Evidence": 0}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_tab_draws_and_moves(page: Page, served: str, theme: str) -> None:
    opened(page, f"{served}?theme={theme}")
    for tab, count in FIGURES.items():
        page.get_by_role("tab", name=tab).click()
        expect(page.locator(".bk-Figure")).to_have_count(count)
        settled(page)
        landed = page.evaluate(COUNT)
        slider(page, f"{OWN} utilisation").press("ArrowLeft")
        settled(page)
        assert page.evaluate(COUNT) > landed
        empty = page.locator(".numbers td > span", has_text=re.compile("^$"))
        expect(empty).to_have_count(0)


def test_the_theme_recolours_the_curves(explorer: Page) -> None:
    light = explorer.evaluate(DATA, "amortisation/cost")["colour"]
    explorer.get_by_role("button", name="Toggle theme").click()
    expect(explorer.locator("html")).to_have_attribute("data-breakeven", "dark")
    explorer.wait_for_timeout(300)
    dark = explorer.evaluate(DATA, "amortisation/cost")["colour"]
    assert set(light).isdisjoint(dark)


def test_the_evidence_is_searched_and_links_its_sources(explorer: Page) -> None:
    explorer.get_by_role("tab", name="Evidence").click()
    search = explorer.get_by_role("searchbox", name="Search inputs")
    search.fill("hbm_bandwidth")
    rows = explorer.locator(".evidence tbody tr:not(.head)")
    expect(rows).to_have_count(2)
    expect(rows.first.locator("a[href^=https]")).to_be_visible()
    search.fill("no such input")
    expect(rows).to_have_count(0)
    search.fill("")
    explorer.locator(".evidence button", has_text="absent").click()
    expect(rows.first).to_contain_text("not published")


def test_a_tooltip_gives_meaning_and_source(explorer: Page) -> None:
    row = explorer.locator(".control", has=box(explorer, f"{RIVAL} price"))
    row.get_by_role("button", name="About").focus()
    tip = explorer.get_by_role("tooltip")
    expect(tip).to_be_visible()
    expect(tip).to_contain_text("Price of the chip")
    expect(tip).to_contain_text(".price")


def test_two_visitors_never_see_each_other(chromium: Browser, served: str) -> None:
    with browser.clean_page(chromium) as one, browser.clean_page(chromium) as other:
        opened(one, served)
        opened(other, served)
        before = strip_text(other)
        count = box(one, f"{OWN} chips")
        count.fill("7000")
        count.press("Enter")
        settled(one)
        settled(other)
        assert strip_text(other) == before != strip_text(one)


@pytest.mark.parametrize("width", [390, 1280, 1920])
def test_nothing_is_wider_than_the_window(
    chromium: Browser, served: str, width: int
) -> None:
    with browser.clean_page(chromium, width=width) as page:
        opened(page, served)
        settled(page)
        wide = page.evaluate(
            "() => document.documentElement.scrollWidth - window.innerWidth"
        )
        strip = page.locator("section.strip").bounding_box()
        assert wide <= 0
        assert strip
        assert strip["x"] >= 0
        assert strip["x"] + strip["width"] <= width


NUMBERS = [
    ("usd", 0.4137, "$0.414"),
    ("usd", 1_234_567.0, "$1.23 M"),
    ("usd", -2.5e9, "−$2.50 B"),
    ("number", 999_999.0, "1.00 M"),
    ("number", 99_950.0, "100 k"),
    ("number", 12.0, "12.0"),
    ("percent", 0.354, "35.4 %"),
    ("months", 1.0, "1 month"),
    ("months", 13.7, "14 months"),
    ("mw", 1234.0, "1.23 GW"),
    ("mw", 0.25, "250 kW"),
    ("s", 0.1326, "133 ms"),
    ("usd", None, "–"),
]


@pytest.mark.parametrize(("kind", "value", "text"), NUMBERS)
def test_numbers_are_written_alike(
    page: Page, kind: str, value: float | None, text: str
) -> None:
    page.add_script_tag(content=f"{script('unpack.js')};globalThis.b = breakeven")
    said = page.evaluate("([k, v]) => b.format(k, v ?? NaN)", [kind, value])
    assert said == text


def test_names_at_line_ends_do_not_overlap(page: Page) -> None:
    page.add_script_tag(content=f"{script('unpack.js')};globalThis.b = breakeven")
    source = page.evaluate(
        """() => {
          const source = {data: {}, change: {emit() {}}};
          const layout = {entries: [{kind: "ends", source: "s", gap: 0.1}],
            options: ["a", "b", "c", "d"].map((label) => ({label}))};
          const values = [3, 4, 4, 2, 1, 1, 1, 1, 5, 5.01, 4.99, 0.01, 0, 10];
          const handles = {source: () => source, element: () => null, dark: false};
          b.unpack(Float32Array.from(values), layout, handles);
          return Array.from(source.data.y);
        }"""
    )
    high = sorted(source, reverse=True)
    assert all(a - b > 0.99 for a, b in pairwise(high))
    assert 0 <= min(source) <= max(source) <= 10


def test_a_layout_that_does_not_fit_its_buffer_is_an_error(page: Page) -> None:
    page.add_script_tag(content=f"{script('unpack.js')};globalThis.b = breakeven")
    said = page.evaluate(
        """() => {
          try {
            b.unpack(Float32Array.from([2, 1, 1, 5, 6]), {options: [],
              entries: [{kind: "range", range: "r"}]}, {range: () => null,
              element: () => null});
          } catch (error) { return error.message; }
        }"""
    )
    assert said == "layout takes 1 of 2 arrays"
