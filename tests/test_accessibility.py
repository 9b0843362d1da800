"""Who cannot see the page, or uses no mouse, gets as much of it as anybody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import browser
import pytest
from axe_playwright_python.sync_playwright import Axe
from pages import (
    OWN,
    SECTION_OF,
    answer,
    box,
    eventually,
    opened,
    opened_view,
    settled,
    strip_text,
)
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser
GRAVE = ("serious", "critical")
FIGURES = """() => {
  const found = [];
  const walk = (root) => {
    for (const node of root.querySelectorAll("*")) {
      if (node.classList.contains("bk-Figure") && node.offsetParent !== null) {
        found.push([node.getAttribute("role"), node.getAttribute("aria-label") || ""]);
      }
      if (node.shadowRoot) walk(node.shadowRoot);
    }
  };
  walk(document);
  return found;
}"""
FOCUS = """() => {
  let node = document.activeElement;
  while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
  const style = getComputedStyle(node);
  const next = node.nextElementSibling && getComputedStyle(node.nextElementSibling);
  const outlined = [style, next].some((s) => s
    && parseFloat(s.outlineWidth) > 0 && s.outlineStyle !== "none");
  // the script cannot ask how a thumb looks: it asks whether a rule is for it
  const rules = [...(globalThis.breakevenSheet?.cssRules ?? [])].map((r) => r.cssText);
  const thumb = node.type === "range"
    && rules.some((r) => /focus-visible::-webkit-slider-thumb.*outline: [^n0]/s.test(r));
  const name = node.getAttribute("aria-label") || node.textContent
    || node.labels?.[0]?.textContent || "";
  const mui = !!node.className.includes?.("Mui");
  return {tag: node.tagName, name: name.trim(), seen: outlined || thumb || mui};
}"""


@pytest.fixture(scope="module")
def shown(served: str, chromium: Browser) -> Iterator[Page]:
    with browser.clean_page(chromium, height=1000) as page:
        yield page


def faults(page: Page, **options: Any) -> list[str]:
    """What axe finds grave, a line for each element."""
    found = Axe().run(page, options={"resultTypes": ["violations"], **options})
    return [
        f"{rule['id']}: {node['target'][-1]} {node['html'][:90]}"
        for rule in found.response["violations"]
        if rule["impact"] in GRAVE
        for node in rule["nodes"]
    ]


def open_all(page: Page) -> None:
    """Open every part of the visible view that is folded, the left panel aside."""
    folded = page.locator("details.slot:not([open]) > summary:visible")
    for _ in range(folded.count()):
        folded.first.click()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_grave(shown: Page, served: str, theme: str) -> None:
    opened(shown, f"{served}?theme={theme}")
    # what differs in the dark are the colours
    only = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
    found = {}
    for title in SECTION_OF:
        opened_view(shown, title)
        settled(shown)
        open_all(shown)
        found[title] = faults(shown, **(only if theme == "dark" else {}))
        for role, words in shown.evaluate(FIGURES):
            if role != "img" or len(words) < 10:
                found[title].append(f"a plot is not told in words: {role} {words!r}")
    assert {title: lines for title, lines in found.items() if lines} == {}


def test_axe_finds_nothing_grave_in_all_inputs(shown: Page, served: str) -> None:
    opened(shown, served)
    shown.get_by_text("All inputs", exact=True).click()
    for group in shown.locator("details.group > summary").all():
        group.click()
    assert faults(shown) == []


def test_every_control_is_reached_by_keyboard(shown: Page, served: str) -> None:
    opened(shown, served)
    names, unseen = [], []
    shown.keyboard.press("Tab")
    for _ in range(140):
        at = shown.evaluate(FOCUS)
        if at["tag"] == "BODY":
            break
        names.append(at["name"])
        if not at["seen"]:
            unseen.append(f"{at['tag']} {at['name']}")
        shown.keyboard.press("Tab")
    assert "" not in names, names
    assert not unseen, "focus is seen wherever it is"
    for word in (f"{OWN} chips", f"{OWN} utilisation", "Electricity price", "Data"):
        assert any(word in name for name in names), word
    assert any("Share" in name for name in names)
    assert any("Answer" in name for name in names)


def test_tabs_and_sliders_follow_the_arrows(shown: Page, served: str) -> None:
    opened(shown, served)
    said = strip_text(shown)
    tab = shown.get_by_role("tab", name="Answer", exact=True)
    tab.focus()
    tab.press("ArrowRight")
    expect(shown.get_by_role("tab", selected=True).first).not_to_have_text("Answer")
    control = box(shown, f"{OWN} chips")
    control.focus()
    for _ in range(6):
        control.press("ArrowUp")
    assert eventually(shown, lambda: strip_text(shown) != said)
    expect(answer(shown)).not_to_be_empty()


def test_who_wants_no_motion_gets_none(chromium: Browser, served: str) -> None:
    context = chromium.new_context(reduced_motion="reduce")
    page = opened(context.new_page(), served)
    moving = page.evaluate(
        """() => {
          const found = [];
          const walk = (root) => {
            for (const node of root.querySelectorAll("*")) {
              const style = getComputedStyle(node);
              const long = (text) => text.split(",").some((t) => parseFloat(t) > 0.01);
              const moves = /all|transform|width|height|left|top|right|bottom|margin/;
              if (node.offsetParent !== null && style.visibility === "visible"
                && ((long(style.transitionDuration) && moves.test(style.transitionProperty))
                || (style.animationName !== "none" && long(style.animationDuration)))) {
                found.push(`${node.tagName}.${node.className}`);
              }
              if (node.shadowRoot) walk(node.shadowRoot);
            }
          };
          walk(document);
          return found;
        }"""
    )
    context.close()
    assert moving == []
