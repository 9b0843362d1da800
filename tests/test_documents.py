"""Scenario documents: every ready one, round trips, and every way to get one wrong."""

from __future__ import annotations

import json
import math
import tomllib
from pathlib import Path

import numpy as np
import pytest

from breakeven.explorer import (
    ScenarioError,
    export,
    load_scenario,
    scenario_names,
    state,
)

NAMES = scenario_names()


def test_the_default_comes_first() -> None:
    assert NAMES[0] == "trainium2-vs-h100"
    assert len(NAMES) >= 6


@pytest.mark.parametrize("name", NAMES)
def test_every_ready_scenario_has_an_answer(name: str) -> None:
    scenario = load_scenario(name)
    results = scenario.evaluate()
    assert scenario.name == name
    assert results.feasible.all(), results.notes
    assert np.isfinite(results.cost_per_token).all()
    assert np.isfinite(results.cost_to_date[:, 1:]).all()


@pytest.mark.parametrize("name", NAMES)
def test_every_input_in_use_has_unit_status_and_source(name: str) -> None:
    for dotted, item in load_scenario(name).inputs().items():
        assert item.unit, dotted
        assert item.evidence.status, dotted
        if item.value is not None and isinstance(item.value, float):
            assert item.evidence.status != "default", dotted
            assert item.evidence.source, dotted


@pytest.mark.parametrize("name", NAMES)
def test_estimates_carry_a_range(name: str) -> None:
    for dotted, item in load_scenario(name).inputs().items():
        if item.evidence.status.startswith("estimate") and item.value is not None:
            low, high = item.evidence.low, item.evidence.high
            assert None not in (low, high), dotted
            assert low <= item.value <= high, dotted


@pytest.mark.parametrize("name", NAMES)
def test_json_is_json_and_unknown_is_null(name: str) -> None:
    text = json.dumps(state.to_json(load_scenario(name)), allow_nan=False)
    read = json.loads(text)
    assert read["results"]["cost_per_token"]["unit"].startswith("USD/")
    assert read["inputs"]["site.pue"]["unit"] == "1"


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_file_gives_the_same_results(name: str, tmp_path: Path) -> None:
    scenario = load_scenario(name).with_values(
        {"site.electricity_price": 0.07, "finance.life": 4.0}
    )
    path = tmp_path / "again.toml"
    export.write(scenario, path)
    again = load_scenario(path)
    first, second = state.to_json(scenario), state.to_json(again)
    assert first["results"] == second["results"]
    assert first["inputs"] == second["inputs"]


def test_names_of_any_kind_survive_a_file(tmp_path: Path) -> None:
    scenario = load_scenario()
    scenario.title = 'A "title"\n= {1 + 1} <script> \x7f ☃ 😀'
    path = tmp_path / "odd.toml"
    export.write(scenario, path)
    assert load_scenario(path).title == scenario.title
    assert tomllib.loads(path.read_text())["title"] == scenario.title


def test_a_document_starts_from_another_and_may_give_units(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        """
name = "mine"
base = "trainium2-vs-h100"
[options.gpu]
acquisition = "rent"
[values]
"gpu.price" = { value = 2.1, low = 1.7, high = 2.9, source = "our quote" }
"site.electricity_price" = { value = 60, unit = "USD/MWh" }
"""
    )
    scenario = load_scenario(path)
    inputs = scenario.inputs()
    assert scenario.site.electricity_price == pytest.approx(0.06)
    assert scenario.options["gpu"].chip.rental_price == 2.1
    assert inputs["gpu.chip.rental_price"].evidence.low == 1.7
    assert inputs["gpu.chip.rental_price"].evidence.source == "our quote"
    assert scenario.options["asic"].chip_name == "trainium2"


BAD = {
    "no_such_key = 1": ["no_such_key", "known", "workload"],
    "version = 99": ["version", "99"],
    'base = "trainum2-vs-h100"': ["trainium2-vs-h100"],
    'title = 3\nbase = "trainium2-vs-h100"': ["title = 3", "text"],
    'base = "trainium2-vs-h100"\noptions = 3': ["options", "table"],
    'base = "trainium2-vs-h100"\n[values]\n"site.pue" = 0.5': ["site.pue", "0.5", "1"],
    'base = "trainium2-vs-h100"\n[values]\n"site.pue" = "x"': ["site.pue", "'x'"],
    'base = "trainium2-vs-h100"\n[values]\n"site.peu" = 1.1': ["peu", "pue"],
    'base = "trainium2-vs-h100"\n[values]\n"gpu.cuont" = 1': ["gpu.count"],
    'base = "trainium2-vs-h100"\n[values]\n"site.pue" = nan': ["site.pue", "finite"],
    'base = "trainium2-vs-h100"\n[values]\n"site.pue" = true': ["site.pue", "number"],
    'base = "trainium2-vs-h100"\n[values]\n"gpu.chip.tdp" = {value = 1, unit = "GB"}': [
        "gpu.chip.tdp",
        "GB",
        "W",
    ],
    'base = "trainium2-vs-h100"\n[values]\n"gpu.chip.tdp" = {value = 1, unti = "W"}': [
        "unti",
        "unit",
    ],
    'base = "trainium2-vs-h100"\n[options.gpu]\nchip = "h10"': ["h10", "h100_sxm"],
    'base = "trainium2-vs-h100"\n[options.gpu]\nchp = "h10"': ["chp", "chip"],
    'base = "trainium2-vs-h100"\n[options.gpu]\ncount = -4': ["gpu.count", "-4"],
    'base = "trainium2-vs-h100"\n[options.gpu]\nprecision = "fp7"': ["fp7", "fp8"],
    'base = "trainium2-vs-h100"\n[options.gpu]\nlabel = 7': ["label", "text"],
    'base = "trainium2-vs-h100"\nsite = "mars"': ["mars"],
    'base = "trainium2-vs-h100"\nanchor = "cpu"': ["cpu"],
    'base = "trainium2-vs-h100"\nsizing = "same"': ["same", "match"],
    "": ["lacks", "name", "options"],
    "name = ": ["not TOML"],
}


@pytest.mark.parametrize("text", BAD)
def test_a_bad_document_is_refused_in_one_line(text: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(text)
    with pytest.raises(ScenarioError) as error:
        load_scenario(path)
    said = str(error.value)
    assert said.startswith("bad.toml:"), said
    assert "\n" not in said
    assert all(word in said for word in BAD[text]), said


def test_an_unknown_scenario_offers_near_names() -> None:
    with pytest.raises(KeyError, match="trainium2-vs-h100"):
        load_scenario("trainium2-h100")


def test_csv_has_units_and_leaves_gaps_empty(tmp_path: Path) -> None:
    scenario = load_scenario().with_values({"asic.chip.hbm_capacity": 1.0})
    path = tmp_path / "curves.csv"
    export.write(scenario, path)
    lines = path.read_text().splitlines()
    assert lines[0] == "curve,option,axis,axis_unit,position,value,unit"
    gap = [line for line in lines if line.startswith("cost_to_date,Trainium2,")]
    assert gap
    assert all(line.split(",")[5] == "" for line in gap)
    assert not any(math.isnan(float(line.split(",")[4])) for line in lines[1:])


def test_a_failed_export_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"\.doc"):
        export.write(load_scenario(), tmp_path / "x.doc")
    with pytest.raises(FileNotFoundError):
        export.write(load_scenario(), tmp_path / "nowhere" / "x.csv")
    assert list(tmp_path.iterdir()) == []


def test_the_stack_follows_the_number_format() -> None:
    scenario = load_scenario("train-405b-tpu-v5p-vs-h100")
    groups = scenario.options["gpu"]
    bf16 = groups.stack.compute_efficiency
    assert bf16 == groups.formats["bf16"]["compute_efficiency"][0]
    fp8 = scenario.with_values({"gpu.precision": "fp8"})
    found = fp8.options["gpu"].stack.compute_efficiency
    assert found == groups.formats["fp8"]["compute_efficiency"][0] != bf16
    back = fp8.with_values({"gpu.precision": "bf16"})
    assert back.options["gpu"].stack.compute_efficiency == bf16


def test_what_somebody_set_in_a_stack_stays_when_the_format_changes() -> None:
    scenario = load_scenario().with_values({"gpu.stack.compute_efficiency": 0.33})
    changed = scenario.with_values({"gpu.precision": "bf16"})
    assert changed.options["gpu"].stack.compute_efficiency == 0.33
