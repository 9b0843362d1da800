"""The page in one file, opened from disk with the network off in a real Chromium."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pages import box, slider
from playwright.sync_api import Browser, Page, expect
from snapshots import made, opened, written

from breakeven.explorer import export, load_scenario, snapshot, stills
from breakeven.explorer.elements import VALUE, Elements

pytestmark = pytest.mark.browser

OWN, RIVAL = load_scenario().options
LABEL, OTHER = (o.option.label for o in load_scenario().options.values())
PAGE = "Object.values(breakevenPages)[0]"
SLOTS = """() => Object.fromEntries([...document.querySelectorAll("[data-slot]")]
  .filter((e) => !e.matches("section") && e.dataset.slot !== "strip/eyebrow")
  .map((e) => [e.dataset.slot, (e.matches("details") ? e.querySelector("div") : e)
    .textContent.replace(/\\s+/g, " ").trim()]))"""
VALUES = {
    f"{OWN}.count": 40_000.0,
    f"{OWN}.utilisation": 0.73,
    f"{RIVAL}.price": 41_000.0,
    "finance.discount_rate": 0.137,
}


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("snapshot"))


def typed(page: Page, name: str, text: str) -> None:
    box(page, name).fill(text)
    box(page, name).press("Enter")


def settled(page: Page, values: dict[str, float]) -> None:
    near = f"Math.abs({PAGE}.values[n] / x - 1) < 1e-9"
    reached = f"(v) => Object.entries(v).every(([n, x]) => {near})"
    page.wait_for_function(reached, arg=values)
    page.wait_for_timeout(600)  # hidden tabs follow when the hand rests


def close(text: str, other: str, share: float) -> bool:
    """Whether two texts are the same but for numbers that differ by a share."""
    number = re.compile(r"\d[\d,]*\.?\d*")
    if number.sub("#", text) != number.sub("#", other):
        return False
    pairs = zip(number.findall(text), number.findall(other), strict=True)
    return all(
        float(a.replace(",", "")) == pytest.approx(float(b.replace(",", "")), rel=share)
        for a, b in pairs
    )


def truth_of(values: dict[str, float]) -> tuple[Elements, np.ndarray[Any, Any]]:
    scenario = load_scenario()
    elements = Elements(
        scenario, [v(snapshot.KEY) for v in snapshot.VIEWS], list(values)
    )
    return elements, elements.rows({n: np.array([v]) for n, v in values.items()})[0]


def texts(elements: Elements, row: np.ndarray[Any, Any]) -> dict[str, str]:
    """Text of every place as Python writes it."""
    found: dict[str, str] = {}
    common = {"options": [{"label": label} for label in elements.results.labels]}
    for view in elements.views:
        entries = [*elements.entries["strip"], *elements.entries[view.name]]
        layout = {**common, "entries": entries}
        for name, markup in stills.slots(
            elements.buffer(row, view.name), layout
        ).items():
            plain = html.unescape(re.sub(r"<[^>]*>", "", markup))
            found[name] = re.sub(r"\s+", "", plain)
    return found


def test_it_opens_offline_at_once_with_what_was_exported(
    chromium: Browser, file: Path
) -> None:
    with opened(chromium, file) as page:
        assert page.evaluate(f"{PAGE}.readyAt") < 5000  # 0.7 s on a quiet machine
        assert page.title() == load_scenario().title
        elements, _ = truth_of(VALUES)
        shown = page.evaluate(SLOTS)
        for name, text in texts(elements, elements.first).items():
            if name in shown and not name.endswith("-data"):
                assert re.sub(r"\s+", "", shown[name]) == text, name
        labels = [f"{LABEL} chips", f"{LABEL} utilisation", f"{LABEL} price"]
        labels += [f"{OTHER} price", "Electricity price", "Discount rate"]
        for label in labels:
            expect(slider(page, label)).to_be_visible()
            expect(box(page, label)).to_be_visible()


def test_sliders_agree_with_evaluate(chromium: Browser, file: Path) -> None:
    accuracy = made().accuracy
    assert accuracy is not None
    share = max(accuracy.worst, 1e-6) * 2
    elements, row = truth_of(VALUES)
    with opened(chromium, file) as page:
        typed(page, f"{LABEL} chips", "40k")
        typed(page, f"{LABEL} utilisation", "73 %")
        typed(page, f"{OTHER} price", "41,000")
        typed(page, "Discount rate", "13.7 %")
        settled(page, VALUES)
        # every number behind the page
        read = page.evaluate(f"Array.from({PAGE}.rowAt({PAGE}.values))")
        own = np.array([np.nan if v is None else v for v in read], dtype=float)
        counted = elements.roles == VALUE
        np.testing.assert_allclose(own[counted], row[counted], rtol=share)
        for index, rule, _ in elements.patches:
            assert own[index] == pytest.approx(row[index], rel=0.005, nan_ok=True), rule
        # every text and every curve on it
        shown = page.evaluate(SLOTS)
        for name, text in texts(elements, row).items():
            if name in shown and not name.endswith("-data"):
                mine = re.sub(r"\s+", "", shown[name])
                assert close(mine, text, 0.006), f"{name}: {mine} is not {text}"
        result = load_scenario().evaluate({n: np.array([v]) for n, v in VALUES.items()})
        drawn = page.evaluate(
            """() => { const model = Bokeh.documents.map((d) =>
              d.get_model_by_name("snapshot:amortisation/cost")).find(Boolean);
              return model.data.ys.map((y) => Array.from(y)); }"""
        )
        np.testing.assert_allclose(drawn, result.cumulative_cost[:, 0], rtol=share)
        assert (
            page.locator("#said").text_content()
            == page.locator("[data-slot='strip/sentence0']").text_content()
        )


def test_a_slider_moves_by_keyboard_and_all_is_reset(
    chromium: Browser, file: Path
) -> None:
    with opened(chromium, file) as page:
        page.wait_for_timeout(600)
        before = page.evaluate(SLOTS)
        slider(page, f"{OTHER} utilisation").press("ArrowRight")
        slider(page, f"{LABEL} chips").press("End")
        settled(page, {f"{OWN}.count": 1e7})
        assert page.evaluate(SLOTS) != before
        expect(page.locator("#moved")).to_contain_text(f"--set {OWN}.count=10000000")
        page.get_by_role("button", name="Reset all").click()
        settled(page, {f"{OWN}.count": load_scenario().options[OWN].option.count})
        assert page.evaluate(SLOTS) == before
        expect(box(page, f"{LABEL} chips")).to_have_value("500,000")


BARS = """() => Bokeh.documents.map((d) => d.get_model_by_name("snapshot:cost/stack"))
  .filter(Boolean).map((s) => [Array.from(s.data.left), Array.from(s.data.right)])[0]"""
PAINTS = """() => {
  const plots = [...Bokeh.index.roots].filter((v) => v.model.type === "Figure");
  globalThis.painted = {};
  for (const plot of plots) {
    const name = plot.model.name.split(":")[1];
    painted[name] = 0;
    plot.model.document && plot.repainted.connect(() => { painted[name] += 1; });
  }
  return Object.keys(painted).length; }"""


def test_a_move_paints_what_is_seen_and_a_tab_when_it_is_opened(
    chromium: Browser, file: Path
) -> None:
    elements, row = truth_of({f"{OWN}.count": 40_000.0})
    with opened(chromium, file) as page:
        page.wait_for_timeout(600)
        assert page.evaluate(PAINTS) > 5
        typed(page, f"{LABEL} chips", "40k")
        settled(page, {f"{OWN}.count": 40_000.0})
        painted = page.evaluate("painted")
        assert painted["amortisation/cost/figure"] > 0
        assert painted["amortisation/volume/figure"] == 0, "below the window"
        assert sum(n for name, n in painted.items() if "amortisation" not in name) == 0
        page.mouse.move(800, 600)
        page.mouse.wheel(0, 800)
        page.wait_for_function("painted['amortisation/volume/figure'] > 0")
        page.get_by_role("tab", name="Cost").click()
        page.wait_for_function("painted['cost/stack/figure'] > 0")
        # the bars are those of the slider, not of the export
        spans = elements.block("cost")[:2]
        truth = [row[span.start : span.stop] for span in spans]
        np.testing.assert_allclose(page.evaluate(BARS), truth, rtol=1e-4)
        before = [elements.first[span.start : span.stop] for span in spans]
        assert not np.allclose(page.evaluate(BARS), before, rtol=1e-3)


def test_what_the_file_does_not_know_is_refused(chromium: Browser, file: Path) -> None:
    with opened(chromium, file) as page:
        typed(page, f"{LABEL} chips", "0.5")
        expect(page.get_by_text("this file knows 1 to 10,000,000")).to_be_visible()
        assert page.evaluate(f"{PAGE}.values")[f"{OWN}.count"] == 500_000


def test_tabs_by_keyboard_and_every_figure_is_named(
    chromium: Browser, file: Path
) -> None:
    with opened(chromium, file) as page:
        page.get_by_role("tab", name="Amortisation").press("ArrowRight")
        expect(page.get_by_role("tabpanel", name="Cost")).to_be_visible()
        expect(page.get_by_role("tabpanel", name="Amortisation")).not_to_be_visible()
        expect(page.get_by_role("img", name="Levelised cost of")).to_be_visible()
        page.get_by_role("tab", name="Cost").press("End")
        expect(page.get_by_role("searchbox", name="Search inputs")).to_be_visible()
        expect(page.get_by_text("The levelised cost, by hand")).to_be_visible()


def test_without_javascript_the_same_words_and_tables_stand(
    chromium: Browser, file: Path
) -> None:
    with opened(chromium, file) as page:
        for details in page.locator("details.data summary").all():
            details.evaluate("(e) => { e.parentElement.open = true; }")
        page.wait_for_timeout(300)
        live = page.evaluate(SLOTS)
    with opened(chromium, file, java_script_enabled=False) as page:
        expect(page.get_by_text("Sliders and plots need JavaScript")).to_be_visible()
        expect(page.get_by_role("heading", name="Power", exact=True)).to_be_visible()
        for name, text in live.items():
            if name.startswith("strip/sentence") and not text:
                continue
            place = page.locator(f"[data-slot='{name}']")
            own = place.locator("div").first if name.endswith("-data") else place
            still = own.text_content() or ""
            assert re.sub(r"\s+", "", still) == re.sub(r"\s+", "", text), name
        expect(page.locator("#ledger tbody tr")).not_to_have_count(0)
        assert page.locator("#toml").text_content() == export.to_toml(load_scenario())


def test_numbers_are_written_alike_in_both_languages(
    chromium: Browser, file: Path
) -> None:
    generator = np.random.default_rng(3)
    values = [0.0, 1.0, 999.5, 999.4, 9995.0, 0.00099, 1e6, 0.125, 2.5, 1e13]
    values += np.geomspace(1e-5, 1e13, 60).tolist()
    values += generator.uniform(0, 2000, 60).tolist()
    with opened(chromium, file) as page:
        for kind in stills.FORMATS:
            theirs = page.evaluate(
                "([k, v]) => v.map((x) => breakeven.format(k, x))", [kind, values]
            )
            assert [stills.number(kind, v) for v in values] == theirs, kind
