"""What the browser tests do with a page: open it, read it, wait for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

from breakeven.explorer import load_scenario
from breakeven.explorer.views import SECTIONS

PAINTED = "() => Object.values(globalThis.breakevenPages ?? {})[0]?.painted > 0"
COUNT = "() => Object.values(breakevenPages)[0].painted"
SHARP = "() => Object.values(breakevenPages)[0].sharp"
ANSWERED = "() => !Object.values(breakevenPages)[0].busy?.()"
RANGED = "() => Object.values(breakevenPages)[0].ranged !== false"
DATA = """(name) => {
  const [key] = Object.keys(breakevenPages);
  const model = Bokeh.documents[0].get_model_by_name(`${key}:${name}`);
  return Object.fromEntries(Object.entries(model.data).map(([column, values]) =>
    [column, Array.from(values, (v) => (v.length === undefined || typeof v === "string"
      ? v : Array.from(v)))]));
}"""
OWN, RIVAL = (o.option.label for o in load_scenario().options.values())


def opened(page: Page, url: str) -> Page:
    """The page once its first buffer is on screen, and the ranges after it."""
    page.goto(url)
    page.wait_for_function(PAINTED)
    page.wait_for_function(RANGED)
    expect(answer(page)).not_to_be_empty()
    return page


SECTION_OF = {view.title: title for title, views in SECTIONS for view in views} | {
    "Accuracy": SECTIONS[-1][0]
}


NAME_OF = {view.title: view.name for _, views in SECTIONS for view in views}
NAME_OF |= {"Accuracy": "accuracy"}
BUSY = 120_000  # ms that a machine with much else to do may take to draw a view
OPEN = "(name) => Object.values(breakevenPages)[0].openView(name)"
SHOWN = "(name) => Object.values(breakevenPages)[0].last?.view === name"


def opened_view(page: Page, title: str) -> None:
    """Open a view by its title: its section first, where that has more than one."""
    section = page.get_by_role("tab", name=SECTION_OF[title], exact=True)
    if section.get_attribute("aria-selected") != "true":
        section.click()
    tab = page.locator(".nav .views").get_by_role("tab", name=title, exact=True)
    if tab.count() and tab.get_attribute("aria-selected") != "true":
        tab.click()
    page.wait_for_function(SHOWN, arg=NAME_OF[title], timeout=BUSY)


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
    """Wait until nothing lands any more, the ranges of the new inputs included."""
    page.wait_for_timeout(100)
    page.wait_for_function(ANSWERED)
    page.wait_for_function(RANGED)
    before = -1
    while (now := page.evaluate(COUNT)) != before:
        before = now
        page.wait_for_timeout(250)


def eventually(page: Page, holds: Callable[[], bool], tries: int = 60) -> bool:
    """Whether something holds within a while: a busy machine draws late."""
    for _ in range(tries):
        if holds():
            return True
        page.wait_for_timeout(250)
    return False


def rested(page: Page) -> None:
    """Wait until many draws have taken the place of the few."""
    page.wait_for_function(SHARP, timeout=BUSY)


def ranged_text(page: Page) -> str:
    """All that the strip shows once the page rests, ranges and odds too."""
    rested(page)
    parts = page.locator("section.strip > :not(.live)").all_inner_texts()
    return "\n".join(parts)


def strip_text(page: Page) -> str:
    """What the strip answers; ranges come later, and sharpen while the page rests."""
    names = (".sentence", ".because", ".figure dt", ".figure b")
    parts = page.locator(", ".join(f"section.strip {name}" for name in names))
    return "\n".join(parts.all_inner_texts())
