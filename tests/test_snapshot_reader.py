"""The page in one file on a phone, on paper, and with hostile text in its scenario."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pages import slider
from playwright.sync_api import Browser, expect
from snapshots import opened, written

from breakeven.explorer import load_scenario, snapshot
from breakeven.models.scenario import Scenario

pytestmark = pytest.mark.browser

OWN = next(iter(load_scenario().options))
INKS = """async () => {
  const image = document.querySelector("img.paper");
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
  const pen = canvas.getContext("2d");
  pen.drawImage(image, 0, 0);
  const {data} = pen.getImageData(0, 0, canvas.width, canvas.height);
  const pixels = new Uint32Array(data.buffer);
  const count = (colour) => pixels.filter((pixel) => pixel === colour).length;
  return [count(0xFFC26B0B), count(0xFFFFB05A)]; }"""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("snapshot"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_it_without_scrolling_sideways(
    chromium: Browser, file: Path, scheme: str
) -> None:
    size = {"width": 390, "height": 844}
    with opened(chromium, file, viewport=size, color_scheme=scheme) as page:
        for tab in page.get_by_role("tab").all():
            tab.click()
            assert page.evaluate("document.documentElement.scrollWidth") <= 390
        ground = page.evaluate(
            "getComputedStyle(document.documentElement).backgroundColor"
        )
        dark = sum(map(int, re.findall(r"\d+", ground)[:3])) < 200
        assert dark == (scheme == "dark")


def test_paper_gets_every_plot_as_a_light_picture(
    chromium: Browser, file: Path
) -> None:
    with opened(chromium, file, color_scheme="dark") as page:
        page.wait_for_timeout(600)
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        pictures = page.locator("img.paper")
        plots = page.locator(".plot").count()
        assert pictures.count() == plots > 5
        # ink of the curves of the light theme, none of the dark one
        seen = page.evaluate(INKS)
        assert seen[0] > 50
        assert seen[1] == 0
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert pictures.count() == 0


EVIL = "</script><script>alert(1)</script><img src=x onerror=alert(2)>{{label1}}=1+1"


def evil() -> Scenario:
    scenario = load_scenario()
    scenario.title, scenario.description = EVIL, f"about {EVIL}"
    scenario.options[OWN].option.label = EVIL
    scenario.set("site.pue", 1.3)
    name, before = "site.pue", scenario.evidence["site.pue"]
    scenario.evidence[name] = type(before)(
        "estimate", EVIL, "javascript:alert(3)", EVIL, EVIL
    )
    return scenario


@pytest.mark.parametrize("script", [True, False], ids=["live", "still"])
def test_text_of_a_scenario_stays_text(
    chromium: Browser, tmp_path: Path, script: bool
) -> None:
    path = tmp_path / "evil.html"
    snapshot.write(evil(), path, [f"{OWN}.count"])
    with opened(chromium, path, java_script_enabled=script) as page:
        assert page.title() == EVIL
        expect(page.get_by_role("heading", level=1)).to_have_text(EVIL)
        expect(page.locator("[data-slot='strip/sentence0']")).to_contain_text(EVIL)
        assert page.locator("img").count() == 0
        assert page.locator("script").count() == 4
        assert page.locator("a[href^='javascript']").count() == 0
        if script:
            for tab in page.get_by_role("tab").all():
                tab.click()
                page.wait_for_timeout(100)
            slider(page, f"{EVIL} chips").press("ArrowRight")
            page.wait_for_timeout(500)
