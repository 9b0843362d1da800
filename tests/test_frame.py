"""The frame of the page: its drawer and its Share menu, by mouse and keyboard."""

from __future__ import annotations

import browser
import pytest
from pages import OWN, box, opened
from playwright.sync_api import Browser, Page, expect

from breakeven.explorer import menu, shell
from breakeven.explorer.page import Explorer

FOCUSED = """() => {
  let node = document.activeElement;
  while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
  return node.textContent || node.getAttribute("aria-label");
}"""


def test_what_is_not_in_the_menu_is_not_handed_out() -> None:
    explorer, picked = Explorer(), list[str]()
    frame = shell.page(
        "key", explorer.controls, explorer.stage.body, picked.append, whole=False
    )
    for kind in ("exe", "../x", None, 7, ["py"], "py", ""):
        frame._handle_msg({"type": "share", "kind": kind})
    frame._handle_msg({"type": "other", "kind": "py"})
    assert picked == ["py", ""]


@pytest.mark.browser
def test_on_a_phone_the_answer_comes_first(chromium: Browser, served: str) -> None:
    with browser.clean_page(chromium, width=390, height=844) as page:
        opened(page, served)
        chips = box(page, f"{OWN} chips")
        expect(chips).not_to_be_visible()
        opener = page.get_by_role("button", name="Inputs", exact=True)
        expect(opener).to_have_attribute("aria-expanded", "false")
        opener.click()
        expect(chips).to_be_visible()
        # what lies under it is out of reach meanwhile
        expect(page.locator("main")).to_have_js_property("inert", True)
        chips.focus()
        page.keyboard.press("Escape")
        expect(chips).not_to_be_visible()
        expect(opener).to_be_focused()
        expect(page.locator("main")).to_have_js_property("inert", False)


@pytest.mark.browser
def test_the_drawer_gives_its_room_to_the_answers(page: Page, served: str) -> None:
    opened(page, served)
    strip = page.locator("section.strip")
    before = strip.bounding_box()
    page.get_by_role("button", name="Inputs", exact=True).click()
    expect(box(page, f"{OWN} chips")).not_to_be_visible()
    after = strip.bounding_box()
    assert before
    assert after
    assert after["width"] > before["width"] + 250


@pytest.mark.browser
def test_the_share_menu_is_worked_by_keyboard(page: Page, served: str) -> None:
    opened(page, served)
    opener = page.get_by_role("button", name="Share", exact=True)
    opener.press("Enter")
    labels = [item["label"] for item in menu.items()]
    items = page.get_by_role("menuitem")
    assert [text.strip() for text in items.all_inner_texts()] == labels
    assert page.evaluate(FOCUSED) == labels[0]
    page.keyboard.press("ArrowUp")
    assert page.evaluate(FOCUSED) == labels[-1]
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    assert page.evaluate(FOCUSED) == labels[1]
    page.keyboard.press("Escape")
    expect(items.first).not_to_be_visible()
    expect(opener).to_be_focused()
    opener.click()
    page.get_by_role("menuitem", name="Scenario file (TOML)").focus()
    with page.expect_download() as taken:
        page.keyboard.press("Enter")
    assert taken.value.suggested_filename.endswith(".toml")
    expect(items.first).not_to_be_visible()
