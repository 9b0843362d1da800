"""The documentation: made from the source, whole, and without a network."""

from __future__ import annotations

import re
import urllib.request
from html import unescape
from pathlib import Path

import browser
import pytest
from playwright.sync_api import Browser

from breakeven import presets
from breakeven.apps.cli import main
from breakeven.explorer import load_scenario, mathematics, reference
from breakeven.models.scenario import settable


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("docs") / "site"
    assert main(["docs", "-o", str(made)]) == 0
    assert {path.name for path in made.iterdir()} == set(reference.PAGES)
    return made


def test_every_link_leads_somewhere(folder: Path) -> None:
    texts = {path.name: path.read_text("utf-8") for path in folder.iterdir()}
    ids = {name: set(re.findall(r'id="([^"]+)"', text)) for name, text in texts.items()}
    bad = []
    for name, text in texts.items():
        for href in re.findall(r'href="([^"]+)"', text):
            page, _, anchor = unescape(href).partition("#")
            if page.startswith("http"):
                continue
            known = {unescape(one) for one in ids.get(page or name, set())}
            if (page or name) not in texts or (anchor and anchor not in known):
                bad.append(f"{name}: {href}")
    assert not bad, bad[:10]


def test_nothing_is_fetched(folder: Path, chromium: Browser) -> None:
    context = chromium.new_context(offline=True)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((folder / "equations.html").as_uri())
    page.get_by_role("link", name="Presets").click()
    page.wait_for_load_state()
    assert all(url.startswith("file:") for url in asked)
    assert len(asked) == 2
    context.close()


def test_every_equation_input_and_preset_is_in_it(folder: Path) -> None:
    equations = (folder / "equations.html").read_text("utf-8")
    assert 'id="annuity.capital_recovery_factor"' in equations
    assert len(re.findall("<article", equations)) == len(list(reference.equations()))
    inputs = (folder / "inputs.html").read_text("utf-8")
    scenario = load_scenario()
    for prefix, group in scenario.groups().items():
        key, dot, rest = prefix.partition(".")
        shown = f"OPTION{dot}{rest}" if key in scenario.options else prefix
        for name in settable(group):
            assert f'id="{shown}.{name}"' in inputs
    figures = (folder / "presets.html").read_text("utf-8")
    for table in presets.table_names():
        for name in presets.names(table):
            assert f'id="{table}.{name}"' in figures


@pytest.mark.parametrize(
    ("plain", "html"),
    [
        ("(1 + r)^(1/12) - 1", "(1 + <i>r</i>)<sup>1/12</sup> − 1"),
        ("c_rival >= x", "<i>c</i><sub>rival</sub> ≥ <i>x</i>"),
        ("2 * alpha", "2 · α"),
        ("<script>", "&lt;script&gt;"),
    ],
)
def test_formulas_are_rendered(plain: str, html: str) -> None:
    assert mathematics.formula(plain) == f'<span class="math">{html}</span>'


def test_a_file_in_the_way_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text("")
    assert main(["docs", "-o", str(path)]) == 2


def test_the_server_shows_it_too() -> None:
    with browser.breakeven_serve() as url:
        with urllib.request.urlopen(f"{url}docs/inputs.html", timeout=60) as answer:
            text = answer.read().decode()
        assert 'id="finance.discount_rate"' in text
