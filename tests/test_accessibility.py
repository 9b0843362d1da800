"""Who cannot see the page, or uses no mouse, gets as much of it as anybody."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import browser
import pytest
from pages import (
    BUSY,
    NAME_OF,
    OPEN,
    OWN,
    SHOWN,
    answer,
    box,
    eventually,
    opened,
    rested,
    settled,
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
  return {tag: node.tagName, name: name.trim(), seen: outlined || thumb};
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


WORN = {"type": "rule", "values": ["color-contrast"]}  # what differs in the dark
EVERY = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
RULES = {"light": EVERY, "dark": WORN}
LATE = {"use-cases": ".matrix tbody tr", "sensitivity": ".shares tbody tr"}
# a picture without words and words that are hardly there, put into the visible view
FAULT = f"""() => {{
  const [part] = {STAGE};
  const fault = document.createElement("div");
  fault.style.background = "#fff";
  fault.innerHTML = '<img src="data:,"><p style="color: #ccc">Hardly there</p>';
  (part.shadowRoot ?? part).append(fault);
  globalThis.mendFault = () => fault.remove();
}}"""


@pytest.fixture(scope="module")
def walked(served: str, chromium: Browser) -> Iterator[Page]:
    """One page at rest, whose views are opened one after another."""
    # every view fits in it: axe does not judge the contrast of what is scrolled off
    with browser.clean_page(chromium, height=3000) as page:
        page.set_default_timeout(BUSY)
        opened(page, f"{served}?theme=light")
        rested(page)
        yield page


def in_view(page: Page, view: str, theme: str = "light") -> None:
    """Open a view, all that is folded in it too, in a theme."""
    if page.locator("html").get_attribute("data-breakeven") != theme:
        page.get_by_role("button", name="Toggle theme").click()
        expect(page.locator("html")).to_have_attribute("data-breakeven", theme)
    page.evaluate(OPEN, view)
    page.wait_for_function(SHOWN, arg=view)
    if late := LATE.get(view):
        expect(page.locator(late).first).to_be_visible(timeout=BUSY)
    settled(page)
    open_all(page)


# the theme is the outer loop: it changes once
@pytest.mark.parametrize("view", NAME_OF.values())
@pytest.mark.parametrize("theme", RULES)
def test_axe_finds_nothing_grave(walked: Page, view: str, theme: str) -> None:
    in_view(walked, view, theme)
    # what stands around the views is the same for all of them
    part = "document" if view == VIEWS[0].name else STAGE
    assert faults(walked, part, runOnly=RULES[theme]) == []
    assert eventually(walked, lambda: all(map(told, walked.evaluate(FIGURES))))


def test_axe_finds_a_fault_of_the_view_it_is_in(walked: Page) -> None:
    first, other = VIEWS[0].name, VIEWS[3].name
    in_view(walked, first)
    walked.evaluate(FAULT)
    for view, due in ((first, True), (other, False), (first, True)):
        in_view(walked, view)
        found = {line.partition(":")[0] for line in faults(walked, STAGE)}
        assert ({"image-alt", "color-contrast"} <= found) == due, view
    walked.evaluate("() => mendFault()")
    assert faults(walked, STAGE) == []


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
