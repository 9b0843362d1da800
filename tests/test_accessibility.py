"""Who cannot see the page, or uses no mouse, gets as much of it as anybody."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import browser
import pytest
from pages import (
    OWN,
    answer,
    box,
    eventually,
    opened,
    strip_text,
)
from playwright.sync_api import Browser, Page, expect

from breakeven.explorer.views import VIEWS

pytestmark = pytest.mark.browser
AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
# the visible view, which stands beside the rows of tabs
STAGE = """(() => {
  const deep = (root) => {
    for (const node of root.querySelectorAll("*")) {
      const found = node.matches("nav.nav") ? node
        : node.shadowRoot && deep(node.shadowRoot);
      if (found) return found;
    }
  };
  const host = deep(document).getRootNode().host;
  const shown = [...host.parentNode.children].filter((n) => n.offsetHeight > 40);
  return shown.slice(shown.indexOf(host) + 1);
})()"""
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
    && rules.some((r) => /focus-visible::-webkit-slider-thumb.*outline: [^n0]/.test(r));
  const name = node.getAttribute("aria-label") || node.textContent
    || node.labels?.[0]?.textContent || "";
  const mui = !!node.className.includes?.("Mui");
  return {tag: node.tagName, name: name.trim(), seen: outlined || thumb || mui};
}"""


@pytest.fixture(scope="module")
def shown(served: str, chromium: Browser) -> Iterator[Page]:
    with browser.clean_page(chromium, height=1000) as page:
        yield page


def faults(page: Page, part: str = "document", **options: Any) -> list[str]:
    """What axe finds grave in a part of the page, a line for each element."""
    if not page.evaluate("() => !!globalThis.axe"):
        page.evaluate(AXE)
    found = page.evaluate(
        f"(options) => axe.run({part}, options)",
        {"resultTypes": ["violations"], **options},
    )
    return [
        f"{rule['id']}: {node['target'][-1]} {node['html'][:90]}"
        for rule in found["violations"]
        if rule["impact"] in GRAVE
        for node in rule["nodes"]
    ]


def told(figure: list[str | None]) -> bool:
    """Whether a figure says in words what it shows."""
    role, words = figure
    return role == "img" and len(words or "") > 10


def open_all(page: Page) -> None:
    """Open every part of the visible view that is folded."""
    page.evaluate(
        f"""() => {{
          const walk = (root) => {{
            for (const node of root.querySelectorAll("*")) {{
              if (node.matches("details.slot")) node.open = true;
              if (node.shadowRoot) walk(node.shadowRoot);
            }}
          }};
          for (const part of {STAGE}) walk(part.shadowRoot ?? part);
        }}"""
    )


# One view of each make, and all of them where BREAKEVEN_EVERY is set: axe takes its
# time. What differs in the dark are the colours.
MAKES = "amortisation cost map deals use-cases sensitivity evidence anchor".split()
CHECKED = [
    v.name for v in VIEWS if os.environ.get("BREAKEVEN_EVERY") or v.name in MAKES
]
DARK = ("amortisation", "cost", "deals")
WORN = {"type": "rule", "values": ["color-contrast"]}
EVERY = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}


@pytest.mark.parametrize("view", CHECKED)
def test_axe_finds_nothing_grave(shown: Page, served: str, view: str) -> None:
    # a page of its own: axe reads whatever other views have left behind
    themes = ("light", "dark") if view in DARK else ("light",)
    for theme in themes:
        opened(shown, f"{served}?view={view}&theme={theme}")
        open_all(shown)
        part = "document" if view == VIEWS[0].name else STAGE  # the rest is the same
        assert faults(shown, part, runOnly=EVERY if theme == "light" else WORN) == []
        assert eventually(shown, lambda: all(map(told, shown.evaluate(FIGURES))))


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
              const moves = /all|transform|width|height|left|top|right|bottom/;
              const slides = moves.test(style.transitionProperty)
                && long(style.transitionDuration);
              const plays = style.animationName !== "none"
                && long(style.animationDuration);
              const seen = node.offsetParent !== null && style.visibility === "visible";
              if (seen && (slides || plays)) {
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
