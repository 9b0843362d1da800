"""The workbook computes what evaluate() computes: as written, recalculated, changed."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from spreadsheets import Sheets, recalculated

from breakeven.explorer import documents, load_scenario, scenario_names
from breakeven.explorer.workbook import to_xlsx
from breakeven.explorer.workbook_rows import sections
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario

LINES = [line for section in sections() for line in section.lines if line.field]
CURVES = ("cumulative_cost", "work_to_date", "cost_to_date", "cost_by_volume")


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
    results = scenario.evaluate(studies=("returns", "worth"))
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
        returns_agree(sheets, results, place)
    np.testing.assert_allclose(sheets.column("months"), results.months)
    np.testing.assert_allclose(sheets.column("volumes"), results.volumes)


def returns_agree(sheets: Sheets, results: Results, place: int) -> None:
    """Present value, rates of return and payback against the studies of them."""
    key, study = results.options[place], results.studies["returns"]
    worth = float(results.studies["worth"]["npv"][place])
    close(sheets.value(f"{key}.npv"), worth, f"{key}.npv")
    for name in ("payback", "discounted_payback", "irr", "irr_other"):
        found = sheets.value(f"{key}.{name}")
        close(found, float(study[name][place]), f"{key}.{name}")
    for name in ("cumulative", "cumulative_discounted"):
        found = sheets.column(f"{key}.{COLUMNS[name]}")
        for k, wanted in enumerate(study[name][place]):
            # what is left of large flows that cancel is as exact as they are
            size = float(np.nanmax(np.abs(study[name][place]), initial=0.0))
            number = found[k] if isinstance(found[k], float) else math.nan
            near = pytest.approx(wanted, rel=1e-6, abs=1e-9 * size, nan_ok=True)
            assert number == near, f"{key}.{name}[{k}]"
    if math.isnan(worth):
        assert sheets.value(f"{key}.irr_said") is None
        return
    assert sheets.value(f"{key}.irr_count") == study["irr_count"][place]
    for name in ("irr", "payback"):
        words = study.outputs[f"{name}_reason"].words
        said = words[int(study[f"{name}_reason"][place])]
        assert sheets.value(f"{key}.{name}_said") == said


COLUMNS = {"cumulative": "balance", "cumulative_discounted": "worth_to_date"}


@pytest.mark.parametrize("name", scenario_names())
def test_every_number_of_the_workbook_is_that_of_evaluate(
    name: str, tmp_path: Path
) -> None:
    scenario = load_scenario(name)
    agrees(Sheets(written(scenario, tmp_path)), scenario)


TAXED: dict[str, Any] = {"returns.tax_rate": 0.3, "returns.tax_life": 3.5}
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
    "worthless": {"finance.residual_value": 0.0},
    "taxed": {"returns.tax_rate": 0.25, "returns.bonus_share": 0.4},
    "long": TAXED | {"finance.horizon": 180.0, "finance.life": 3.0},
    "line": TAXED | {"returns.depreciation": "straight_line", "finance.horizon": 50.0},
    "made": {"asic.cost_basis": "made"},
    "ramp": {"asic.ramp_period": 17.5, "asic.ramp_start": 0.1, "gpu.ramp_period": 6.0},
    "one ramp": {"gpu.ramp_period": 12.0, "gpu.ramp_start": 0.0, "gpu.port_cost": 40.0},
    "ramp of half a month": {"asic.ramp_period": 0.5, "asic.ramp_start": 0.0},
    "ramp at once": {
        "asic.ramp_period": 9.0,
        "finance.deployment_period": 0.0,
        "finance.discount_rate": 0.0,
    },
    "ramp beyond the life": {
        "asic.ramp_period": 30.0,
        "gpu.ramp_period": 47.3,
        "finance.life": 1.3,
    },
    "ramp, on demand": {
        "gpu.acquisition": "rent",
        "gpu.idle_billed": 0.3,
        "gpu.ramp_period": 10.0,
    },
    "ramp, committed": {
        "asic.acquisition": "commit_1yr",
        "asic.committed_share": 0.4,
        "asic.ramp_period": 24.0,
        "gpu.acquisition": "spot",
        "gpu.ramp_period": 8.0,
    },
    "ramp, api": {"gpu.acquisition": "api", "gpu.ramp_period": 12.0},
    "ramp, taxed": TAXED | {"asic.ramp_period": 12.0, "gpu.ramp_start": 0.9},
    "ramp, demand": {
        "sizing": "demand",
        "workload.demand": 3e11,
        "asic.ramp_period": 120.0,
    },
}


@pytest.mark.parametrize("case", VARIED)
def test_whatever_is_chosen(case: str, tmp_path: Path) -> None:
    scenario = load_scenario().with_values(VARIED[case])
    agrees(Sheets(written(scenario, tmp_path)), scenario)


TABLES = {
    "gpu": {
        "dates": ["2024-01-01", "2026-01-01", "2028-12-30"],
        "values": [1, 0.4, 0.5],
    },
    "load": [1.0] * 60 + [0.2] * 108,
}


def test_tables_stand_in_for_a_residual_value_and_a_level_load(tmp_path: Path) -> None:
    document = {"name": "ours", "base": "trainium2-vs-h100", "tables": TABLES}
    scenario = documents.build(document, "ours.toml")
    path = written(scenario, tmp_path)
    agrees(Sheets(path), scenario)
    agrees(recalculated(path, tmp_path), scenario)


def test_a_week_of_load_and_a_ramp_hold_together(tmp_path: Path) -> None:
    document = {"name": "ours", "base": "trainium2-vs-h100", "tables": TABLES}
    values = {
        "asic.ramp_period": 15.5,
        "gpu.ramp_period": 8.0,
        "gpu.acquisition": "commit_1yr",
        "gpu.committed_share": 0.3,
    }
    scenario = documents.build(document, "ours.toml").with_values(values)
    path = written(scenario, tmp_path)
    agrees(Sheets(path), scenario)
    agrees(recalculated(path, tmp_path), scenario)


@pytest.mark.parametrize(
    "name", ["cpu-vs-gpu-8b", "mtia-and-maia-vs-h100", "trainium3-vs-b200"]
)
def test_one_rate_several_and_none_are_found_by_a_spreadsheet(
    name: str, tmp_path: Path
) -> None:
    scenario = load_scenario(name).with_values({"returns.tax_rate": 0.21})
    agrees(recalculated(written(scenario, tmp_path), tmp_path), scenario)


def test_a_rate_far_from_nothing_is_found_where_a_guess_goes_astray(
    tmp_path: Path,
) -> None:
    scenario = load_scenario().with_values(VARIED["long"])
    agrees(recalculated(written(scenario, tmp_path), tmp_path), scenario)


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
    values = [Sheets(path).value("asic.npv"), sheets.value("asic.npv")]
    assert values[1] != pytest.approx(values[0], rel=0.01)
    said = sheets.cells("Answers")["A3"]
    month = float(after.breakeven_month[0])
    assert said == f"Trainium2 overtakes H100 after {month:.1f} months"


def test_a_spreadsheet_follows_a_ramp_that_is_set_in_it(tmp_path: Path) -> None:
    scenario = load_scenario().with_values(
        {
            "asic.ramp_period": 14.5,
            "asic.ramp_start": 0.1,
            "gpu.acquisition": "commit_1yr",
            "gpu.committed_share": 0.3,
            "gpu.ramp_period": 7.0,
        }
    )
    path = written(scenario, tmp_path)
    agrees(recalculated(path, tmp_path), scenario)
    changes = {
        "asic.ramp_period": 6.25,
        "gpu.ramp_start": 0.6,
        "gpu.ramp_period": 23.0,
        "finance.deployment_period": 9.5,
    }
    other = Sheets(path).changed(tmp_path / "changed.xlsx", changes)
    agrees(recalculated(other, tmp_path), scenario.with_values(changes))


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
