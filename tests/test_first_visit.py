"""What a first visitor meets: the theme of the system, a tour, a link to a view."""

from __future__ import annotations

import pytest
from pages import OWN, PAINTED, opened, opened_view
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser
THEME = "data-breakeven"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_theme_is_that_of_the_system(
    chromium: Browser, served: str, scheme: str
) -> None:
    context = chromium.new_context(color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(served)
    page.wait_for_function(PAINTED)
    expect(page.locator("html")).to_have_attribute(THEME, scheme)
    other = {"light": "dark", "dark": "light"}[scheme]
    page.get_by_role("button", name="Toggle theme").click()
    expect(page.locator("html")).to_have_attribute(THEME, other)
    page.reload()
    page.wait_for_function(PAINTED)
    expect(page.locator("html")).to_have_attribute(THEME, other)
    context.close()


def test_the_tour_goes_by_keyboard_from_place_to_place(page: Page, served: str) -> None:
    opened(page, served)
    start = page.get_by_role("button", name="New here? A short tour")
    start.click()
    tour = page.get_by_role("dialog", name="Tour of the page")
    titles = []
    for _ in range(5):
        titles.append(tour.locator("h2").inner_text())
        box, shade = tour.bounding_box(), page.locator(".breakeven-shade")
        assert shade.is_visible()
        assert box is not None
        assert 0 <= box["x"] <= 1280 - box["width"]
        assert 0 <= box["y"] <= 800 - box["height"]
        page.keyboard.press("ArrowRight")
    assert len(set(titles)) == 5
    page.keyboard.press("Escape")
    expect(tour).to_have_count(0)
    expect(page.locator(".breakeven-shade")).to_have_count(0)
    expect(start).to_be_focused()


def test_a_link_opens_the_view_that_it_names(page: Page, served: str) -> None:
    opened(page, f"{served}?view=power")
    tab = page.get_by_role("tab", name="Site", exact=True)
    expect(tab).to_have_attribute("aria-selected", "true")
    opened_view(page, "Cost")
    page.wait_for_url("**view=cost*")
    page.reload()
    page.wait_for_function(PAINTED)
    tab = page.get_by_role("tab", name="Money", exact=True)
    expect(tab).to_have_attribute("aria-selected", "true")


def test_a_link_to_no_view_opens_the_first_and_says_so(page: Page, served: str) -> None:
    opened(page, f"{served}?view=nonsense")
    tab = page.get_by_role("tab", name="Answer", exact=True)
    expect(tab).to_have_attribute("aria-selected", "true")
    expect(page.locator(".breakeven-toast")).to_contain_text("unknown view 'nonsense'")


def test_an_emptied_box_is_refused_where_it_stands(page: Page, served: str) -> None:
    opened(page, served)
    chips = page.get_by_role("spinbutton", name=f"{OWN} chips", exact=True)
    before = chips.input_value()
    chips.fill("")
    chips.press("Enter")
    row = page.locator(".control", has=chips)
    expect(row.locator(".fault")).to_contain_text("needs a number")
    expect(chips).to_have_value(before)
