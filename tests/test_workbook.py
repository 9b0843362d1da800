"""The workbook computes what evaluate() computes: as written, recalculated, changed."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from spreadsheets import Sheets, recalculated

from breakeven.explorer import load_scenario, scenario_names
from breakeven.explorer.workbook import to_xlsx
from breakeven.explorer.workbook_rows import sections
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario

LINES = [line for section in sections() for line in section.lines if line.field]
CURVES = ("cumulative_cost", "cost_to_date", "cost_by_volume")


def written(scenario: Scenario, folder: Path, name: str = "model.xlsx") -> Path:
    path = folder / name
    path.write_bytes(to_xlsx(scenario))
    return path


def field(results: Results, name: str, place: int) -> float:
    head, _, line = name.partition(".")
    value = getattr(results, head)
    return float(value[int(line)][place] if line else value[place])


def close(found: Any, wanted: float, what: str) -> None:
    """A number of the sheet and one of evaluate(); words and errors mean NaN."""
    number = found if isinstance(found, float) else math.nan
    assert number == pytest.approx(wanted, rel=1e-6, abs=1e-9, nan_ok=True), what


def agrees(sheets: Sheets, scenario: Scenario) -> None:
    """Every output of the workbook against evaluate()."""
    results = scenario.evaluate()
    for place, key in enumerate(results.options):
        for line in LINES:
            name = f"{key}.{line.name}"
            if line.name == "breakeven_volume" and place == len(results.options) - 1:
                continue
            close(sheets.value(name), field(results, line.field, place), name)
        for name in CURVES:
            wanted = getattr(results, name)[place]
            found = sheets.column(f"{key}.{name}")
            assert len(found) == wanted.size
            for k in range(wanted.size):
                close(found[k], wanted[k], f"{key}.{name}[{k}]")
    for place, key in enumerate(results.options[:-1]):
        name = f"{key}.breakeven_month"
        close(sheets.value(name), float(results.breakeven_month[place]), name)
    np.testing.assert_allclose(sheets.column("months"), results.months)
    np.testing.assert_allclose(sheets.column("volumes"), results.volumes)


@pytest.mark.parametrize("name", scenario_names())
def test_every_number_of_the_workbook_is_that_of_evaluate(
    name: str, tmp_path: Path
) -> None:
    scenario = load_scenario(name)
    agrees(Sheets(written(scenario, tmp_path)), scenario)


VARIED: dict[str, dict[str, Any]] = {
    "rent": {"gpu.acquisition": "rent", "asic.acquisition": "commit_1yr"},
    "idle": {"gpu.acquisition": "rent", "gpu.idle_billed": 0.5},
    "at once": {"finance.deployment_period": 0.0, "finance.life": 2.0},
    "no rate": {"finance.discount_rate": 0.0},
    "short": {"finance.life": 1.3, "finance.horizon": 47.0, "asic.port_cost": 12.0},
    "demand": {"sizing": "demand", "workload.demand": 3e11},
    "fixed": {"sizing": "fixed", "gpu.count": 99_000.0},
    "spares": {"finance.spare_share": 0.05, "gpu.chip.storage_share": 0.3},
    "api": {"gpu.acquisition": "api"},
    "cached": {"gpu.acquisition": "api", "workload.cached_fraction": 0.7},
    "spot": {"gpu.acquisition": "spot", "asic.acquisition": "block"},
    "unpriced": {"asic.acquisition": "buy"},
    "never": {"asic.chip.unit_cost": 60_000.0},
    "infeasible": {"workload.ttft_limit": 0.001},
}


@pytest.mark.parametrize("case", VARIED)
def test_whatever_is_chosen(case: str, tmp_path: Path) -> None:
    scenario = load_scenario().with_values(VARIED[case])
    agrees(Sheets(written(scenario, tmp_path)), scenario)


def test_a_spreadsheet_computes_the_same_also_after_a_price_is_changed(
    tmp_path: Path,
) -> None:
    scenario = load_scenario()
    path = written(scenario, tmp_path)
    agrees(recalculated(path, tmp_path), scenario)
    changes = {"gpu.chip.price": 24_500.0, "asic.chip.unit_cost": 4_250.0}
    other = Sheets(path).changed(tmp_path / "changed.xlsx", changes)
    moved = scenario.with_values(changes)
    sheets = recalculated(other, tmp_path)
    agrees(sheets, moved)
    before, after = scenario.evaluate(), moved.evaluate()
    assert after.breakeven_month[0] != pytest.approx(before.breakeven_month[0])
    said = sheets.cells("Answers")["A3"]
    month = float(after.breakeven_month[0])
    assert said == f"Trainium2 overtakes H100 after {month:.1f} months"


HOSTILE = ("=1+1", "<script>alert(1)</script>", "@SUM(A1)", "+1", 'a"b&c')


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_text_whatever_it_looks_like(name: str, tmp_path: Path) -> None:
    scenario = load_scenario().with_values({"asic.label": name})
    scenario.title, scenario.description = name, name
    sheets = Sheets(written(scenario, tmp_path))
    assert sheets.cells("Answers")["A1"] == name
    assert sheets.value("asic.label") == name
    for part, text in sheets.parts.items():
        assert b"<script" not in text, part
        assert b"<f>1+1" not in text, part
    assert str(sheets.cells("Answers")["A3"]).startswith(name)


def test_it_is_small_and_what_cannot_be_computed_is_marked(tmp_path: Path) -> None:
    path = written(load_scenario("mtia-and-maia-vs-h100"), tmp_path)
    assert path.stat().st_size < 2**20
    sheets = Sheets(path)
    inputs = sheets.cells("Inputs")
    rate = sheets.place("gpu.token_rate")[1].removeprefix("C")
    assert inputs[f"G{rate}"] == "model"
    price = sheets.place("gpu.chip.price")[1].removeprefix("C")
    assert inputs[f"D{price}"] == "USD"
    assert inputs[f"H{price}"]
    # every number outside the inputs is a formula
    for name in ("One chip", "Cash flows", "Break-even", "Amortisation"):
        text = sheets.parts[sheets.files[name]].decode()
        plain = re.findall(r'<c r="([A-Z]+)\d+" s="\d+"><v>', text)
        assert len(set(plain)) <= 1, (name, plain[:5])  # the numbers of replacements
