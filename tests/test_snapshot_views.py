"""A page without server with chosen views, chosen sliders and a second scenario."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from snapshots import opened

from breakeven.apps.cli import main
from breakeven.explorer import load_scenario, snapshot
from breakeven.explorer.words import verdict

SLIDERS = ["asic.count", "gpu.price", "finance.discount_rate"]
OTHER = "tpu-v7-vs-gb200"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    heard: list[float] = []
    path = tmp_path_factory.mktemp("two") / "two.html"
    views = ["amortisation", "cost", "sensitivity"]
    other = load_scenario(OTHER)
    wish = snapshot.Wish(SLIDERS, views, other, heard.append)
    made = snapshot.write(load_scenario(), path, wish=wish)
    assert set(made.live) == set(SLIDERS)
    assert made.other is not None
    assert set(made.other.live) == set(SLIDERS)
    assert heard == sorted(heard)
    assert heard[-1] == 1.0
    assert path.stat().st_size < 6 * 2**20
    return path


@pytest.fixture
def page(chromium: Browser, file: Path) -> Iterator[Page]:
    with opened(chromium, file) as found:
        yield found


def said(page: Page) -> str:
    return page.locator("[data-slot='strip/sentence0']").inner_text()


def moved(page: Page, name: str, value: str) -> None:
    box = page.get_by_role("spinbutton", name=name, exact=True)
    box.fill(value)
    box.press("Enter")


def test_the_page_has_the_views_and_sliders_that_were_asked_for(page: Page) -> None:
    tabs = page.get_by_role("tab").all_inner_texts()
    assert tabs == ["Amortisation", "Cost", "Sensitivity", "Evidence"]
    assert page.get_by_role("slider").count() == len(SLIDERS)
    page.get_by_role("tab", name="Sensitivity").click()
    expect(page.get_by_text("does not follow the sliders")).to_be_visible()


def test_the_switch_shows_the_other_scenario_and_keeps_the_sliders(page: Page) -> None:
    before = said(page)
    moved(page, "Discount rate", "0.05")
    page.get_by_role("button", name=load_scenario(OTHER).title).click()
    page.locator("html.complete").wait_for(state="attached")
    changed = load_scenario(OTHER).with_values({"finance.discount_rate": 0.05})
    cost = float(changed.evaluate().cost_per_token[0])
    shown = page.locator("[data-slot='strip/because']").inner_text()
    assert f"${cost:.3g}"[:4] in shown
    assert said(page) != before
    assert "leaf=1" in page.url
    page.get_by_role("button", name=load_scenario().title).click()
    page.locator("html.complete").wait_for(state="attached")
    assert page.get_by_role("spinbutton", name="Discount rate").input_value() == "5 %"
    page.reload()
    page.locator("html.complete").wait_for(state="attached")
    assert page.get_by_role("spinbutton", name="Discount rate").input_value() == "5 %"


def test_numbers_are_those_of_evaluate_after_a_move(page: Page) -> None:
    moved(page, "H100 price", "24000")
    changed = load_scenario().with_values({"gpu.price": 24_000.0})
    month = float(changed.evaluate().breakeven_month[0])
    expect(page.locator("[data-slot='strip/sentence0']")).to_contain_text(
        f"after {round(month)} months" if month >= 10 else f"after {month:.1f} month"
    )
    assert "overtakes" in verdict(changed.evaluate(), 0)


def test_what_cannot_be_is_refused(tmp_path: Path, capsys: object) -> None:
    path = tmp_path / "x.html"
    name = load_scenario().name
    for words in (
        ["--views", "costs"],
        ["--sliders", "asic.acquisition"],
        ["--switch", "nothing"],
    ):
        assert main(["export", name, "-o", str(path), *words]) == 2
    assert main(["export", name, "-o", str(tmp_path / "x.csv"), "--views", "cost"]) == 2
    assert not list(tmp_path.iterdir())
