"""Pictures: the numbers of the page, drawn without a browser."""

from __future__ import annotations

import struct
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from breakeven.apps.cli import main
from breakeven.explorer import load_scenario, pictures, scenario_names
from breakeven.explorer.views.amortisation import Amortisation

SVG = "{http://www.w3.org/2000/svg}"


def words(svg: bytes) -> str:
    """All text of a picture, read as a program reads it."""
    root = ElementTree.fromstring(svg)
    found = ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]
    return " ".join(" ".join(found).split())


@pytest.mark.parametrize("view", pictures.drawable())
def test_every_view_with_plots_is_a_picture(view: str) -> None:
    scenario = load_scenario()
    said = words(pictures.picture(scenario, view, "svg"))
    assert scenario.title in said
    assert "Assumptions: Trainium2: 500 k chips built at $4,000 a chip" in said
    assert "Sources of" in said
    assert "breakeven cite trainium2-vs-h100" in said
    assert "e+0" not in said, "numbers as the page writes them"


def test_axes_are_written_as_on_the_page() -> None:
    said = words(pictures.picture(load_scenario(), "amortisation", "svg"))
    assert "$0 $5 B" in said
    assert "1 k 10 k 100 k 1 M 10 M Chips built" in said


@pytest.mark.parametrize("view", ["anchor", "retirement", "cost"])
def test_a_figure_that_is_cast_anew_is_the_same_picture(
    view: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("breakeven.explorer.moulds._MOULDS", {})
    scenario = load_scenario()
    drawn, cast = (words(pictures.picture(scenario, view, "svg")) for _ in range(2))
    assert drawn == cast


@pytest.mark.parametrize("name", scenario_names())
def test_every_ready_scenario_is_a_picture(name: str) -> None:
    scenario = load_scenario(name)
    said = words(pictures.picture(scenario, "cost", "svg"))
    for label in scenario.evaluate().labels:
        assert label in said


def test_lines_are_those_of_evaluate() -> None:
    scenario = load_scenario()
    picture = pictures.Picture(scenario, Amortisation(pictures.KEY))
    picture.feed(picture.rows())
    results = scenario.evaluate()
    drawn = picture.columns["amortisation/cost"]
    np.testing.assert_allclose(drawn["xs"][0], results.months)
    np.testing.assert_allclose(drawn["ys"], results.cumulative_cost, rtol=1e-6)
    ring = picture.columns["amortisation/cross"]["x"]
    np.testing.assert_allclose(ring, results.breakeven_month[:1], rtol=1e-6)
    text = picture.columns["amortisation/cross-text"]["text"]
    assert text == ["4.2 months"]


def test_a_png_is_large_enough_to_print(tmp_path: Path) -> None:
    path = tmp_path / "figure.png"
    assert main(["export", load_scenario().name, "-o", str(path)]) == 0
    raw = path.read_bytes()
    assert raw[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", raw[16:24])
    assert width == 2640
    assert height > 2000
    assert b"Trainium2 overtakes H100" in raw


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "=1+1", "$x_1^2$ & co"])
def test_a_name_is_text_whatever_it_looks_like(name: str) -> None:
    scenario = load_scenario().with_values({"asic.label": name})
    scenario.title = name
    svg = pictures.picture(scenario, "cost", "svg")
    assert b"<script" not in svg
    assert words(svg).count(name) >= 3


def test_an_option_without_a_cost_is_a_picture_too() -> None:
    scenario = load_scenario().with_values({"asic.acquisition": "buy"})
    for view in ("amortisation", "cost"):
        assert "Trainium2" in words(pictures.picture(scenario, view, "svg"))


def test_a_view_without_plots_is_refused_in_one_line() -> None:
    with pytest.raises(KeyError, match="unknown view with a plot 'costs'; near: cost"):
        pictures.picture(load_scenario(), "costs")
