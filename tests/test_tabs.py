"""Tabs, themes, evidence and widths in a real Chromium."""

from __future__ import annotations

import re
from pathlib import Path

import browser
import pytest
from pages import (
    COUNT,
    DATA,
    OWN,
    RIVAL,
    box,
    eventually,
    opened,
    opened_view,
    settled,
    slider,
    strip_text,
)
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture
def explorer(page: Page, served: str) -> Page:
    return opened(page, served)


FIGURES = {"Amortisation": 3, "Cost": 1, "Throughput": 2, "Power": 3, "Evidence": 0}
FIGURES |= {
    "Sensitivity": 1,
    "Break-even map": 1,
    "Fleet": 5,
    "Accuracy": 1,
    "Task of an agent": 3,
    "Deal": 2,
}
FIGURES |= {"Use cases": 0, "Pass-through": 1}
FIGURES |= {"Price floor": 2, "Own or rent": 2, "Margin": 2, "Returns": 4}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_tab_draws_and_moves(page: Page, served: str, theme: str) -> None:
    opened(page, f"{served}?theme={theme}")
    for tab, count in FIGURES.items():
        opened_view(page, tab)
        expect(page.locator(".bk-Figure:visible")).to_have_count(count, timeout=30_000)
        settled(page)
        landed = page.evaluate(COUNT)
        slider(page, f"{OWN} utilisation").press("ArrowLeft")
        settled(page)
        assert eventually(page, lambda landed=landed: page.evaluate(COUNT) > landed)
        if tab == "Sensitivity":  # the shares come with the work at rest
            expect(page.locator(".shares:visible").first).to_be_visible(timeout=60_000)
        # the bar of a share is drawn: its number stands beside it
        cells = page.locator(
            ".numbers:visible td > span:not(.share), .numbers:visible td:has(.share)"
        )
        empty = cells.filter(has_text=re.compile(r"^\s*$"))
        expect(empty).to_have_count(0, timeout=60_000)


def test_the_theme_recolours_the_curves(explorer: Page) -> None:
    light = explorer.evaluate(DATA, "amortisation/cost")["colour"]
    explorer.get_by_role("button", name="Toggle theme").click()
    expect(explorer.locator("html")).to_have_attribute("data-breakeven", "dark")
    explorer.wait_for_timeout(300)
    dark = explorer.evaluate(DATA, "amortisation/cost")["colour"]
    assert set(light).isdisjoint(dark)


def test_the_evidence_is_searched_and_links_its_sources(explorer: Page) -> None:
    opened_view(explorer, "Evidence")
    search = explorer.get_by_role("searchbox", name="Search inputs")
    search.fill("hbm_bandwidth")
    rows = explorer.locator(".evidence tbody tr:not(.head)")
    expect(rows).to_have_count(3)  # of each option, and of the old fleet
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


def test_small_frames_do_not_wait_for_each_other(
    chromium: Browser, tmp_path: Path
) -> None:
    app = tmp_path / "hasty.py"
    app.write_text(
        "from breakeven.explorer import Explorer, promptness\n"
        "explorer = Explorer()\n"
        "heard = explorer.hub._on_message\n"
        "def told(message):\n"
        "    heard(message)\n"
        "    if message.get('type') == 'ready':\n"
        "        said = f'{promptness.hasten()} sockets'\n"
        "        explorer.hub.send({'notes': [said]})\n"
        "explorer.hub._on_message = told\n"
        "explorer.page.servable()\n"
    )
    with browser.panel_serve(app) as url, browser.clean_page(chromium) as page:
        opened(page, url)
        expect(page.locator("[data-slot='strip/notes']")).to_have_text("1 sockets")


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


LAID = """() => {
  let count = 0;
  const figures = [...Bokeh.index.all_views()].filter((v) => v.model.type === "Figure");
  for (const figure of figures) {
    const plain = figure.after_layout.bind(figure);
    figure.after_layout = () => { count += figure.el.offsetParent === null; plain(); };
  }
  globalThis.laidOut = () => count;
}"""


def test_a_hidden_view_is_laid_out_once_it_is_shown(explorer: Page) -> None:
    explorer.evaluate(LAID)
    opened_view(explorer, "Cost")
    settled(explorer)
    explorer.set_viewport_size({"width": 1000, "height": 800})
    settled(explorer)
    assert explorer.evaluate("laidOut()") == 0, "what is hidden costs nothing"
    opened_view(explorer, "Amortisation")
    settled(explorer)
    expect(explorer.locator(".bk-Figure:visible").first).to_be_visible()
