"""Faults that a reviewer found, each kept from coming back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import samples

from breakeven.apps import cli
from breakeven.explorer import ScenarioError, export, load_scenario
from breakeven.explorer.session import Session


def scenario_file(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text('name = "x"\nbase = "trainium2-vs-h100"\n' + text)
    return path


def test_training_in_a_scenario_is_the_model_that_was_validated(tmp_path: Path) -> None:
    cases, out = tmp_path / "cases.csv", tmp_path / "out.csv"
    cases.write_text(
        "id,chip,n_chips,model,precision,phase,concurrency,isl,osl,parallelism,"
        "software,quantity\n"
        "a,H100-SXM,16384,llama3.1-405b,bf16,train,2048,8192,,,,train_tokens\n"
        "b,TPU-v5p,16384,llama3.1-405b,bf16,train,2048,8192,,,,train_tokens\n"
    )
    assert cli.main(["predict", str(cases), "-o", str(out)]) == 0
    rows = [line.split(",") for line in out.read_text().splitlines()[1:]]
    predicted = {row[0]: float(row[1]) for row in rows}
    scenario = load_scenario("train-405b-tpu-v5p-vs-h100")
    rate = scenario.evaluate().token_rate / scenario.workload.goodput
    assert rate[1] == pytest.approx(predicted["a"], rel=0.1)
    assert rate[0] == pytest.approx(predicted["b"], rel=0.1)


@pytest.mark.parametrize(
    ("text", "sizing", "anchor"),
    [
        ('[values]\n"gpu.count" = 1000', "match", "gpu"),
        ("[options.gpu]\ncount = 1000", "match", "gpu"),
        ('[values]\n"gpu.count" = 1000\n"asic.count" = 1000', "fixed", "asic"),
        ('sizing = "demand"\n[values]\n"gpu.count" = 1000', "demand", "asic"),
    ],
)
def test_a_count_in_a_file_counts(
    text: str, sizing: str, anchor: str, tmp_path: Path
) -> None:
    found = load_scenario(scenario_file(tmp_path, text))
    assert (found.sizing, found.anchor) == (sizing, anchor)
    if sizing != "demand":
        assert found.evaluate().count[1] == 1000.0


def test_another_chip_does_not_keep_what_was_said_of_the_first(tmp_path: Path) -> None:
    path = scenario_file(tmp_path, '[options.asic]\nchip = "tpu_v7"')
    inputs = load_scenario(path).inputs()
    assert inputs["asic.stack.compute_efficiency"].evidence.status.startswith("derived")
    assert "Rainier" not in inputs["asic.count"].evidence.note


def test_the_kind_of_work_is_not_changed_under_its_stacks() -> None:
    with pytest.raises(ValueError, match=r"workload\.kind"):
        load_scenario().with_values({"workload.kind": "training"})


def test_resetting_a_format_resets_its_efficiencies() -> None:
    session = Session(load_scenario("tpu-v7-vs-gb200"))
    before = session.scenario.evaluate().cost_per_token
    session.change({"gpu.precision": "bf16"})
    session.change({"gpu.precision": {"reset": True}})
    np.testing.assert_array_equal(session.scenario.evaluate().cost_per_token, before)


def test_fixed_fleets_do_not_scale_what_is_paid_once() -> None:
    counts = {"asic.count": 500_000.0, "gpu.count": 100.0}
    plain = samples.scenario().with_values(counts)
    ported = plain.with_values({"gpu.port_cost": 20.0})
    first, second = (float(s.evaluate().breakeven_month[0]) for s in (plain, ported))
    assert 0 < second < first
    assert second == pytest.approx(first, rel=0.1)


def test_an_unknown_design_cost_is_no_price() -> None:
    results = load_scenario().with_values({"gpu.acquisition": "build"}).evaluate()
    assert not results.feasible[1]
    assert np.isnan(results.cost_per_token[1])


def test_the_demand_that_sizes_everything_is_not_called_unused() -> None:
    inputs = load_scenario().with_values({"sizing": "demand"}).inputs()
    assert inputs["workload.demand"].evidence.status != "unused"
    assert inputs["asic.count"].evidence.status == "unused"


def test_unknown_values_and_undrawn_ranges_survive_a_file(tmp_path: Path) -> None:
    scenario = load_scenario("train-405b-tpu-v5p-vs-h100")
    scenario = scenario.with_values({"asic.chip.tdp": None})
    path = tmp_path / "again.toml"
    export.write(scenario, path)
    again = load_scenario(path)
    assert again.options["asic"].chip.tdp is None
    for name, item in scenario.inputs().items():
        assert again.inputs()[name].evidence.drawn == item.evidence.drawn, name


@pytest.mark.parametrize(
    "text",
    [
        '[values]\n"asic.count" = { value = 5, low = "x" }',
        '[values]\n"asic.count" = { value = 5, low = true }',
        '[values]\n"asic.chip.nre" = { value = 5, low = 9, high = 2 }',
        '[values]\n"asic.count" = 1' + 400 * "0",
        "[options.asic]\nstack = 5",
        '[options.asic]\nstack = ["a"]',
        "x = " + 3000 * "[" + 3000 * "]",
    ],
)
def test_odd_values_are_refused_in_one_line(text: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as error:
        load_scenario(scenario_file(tmp_path, text))
    assert "\n" not in str(error.value)


def test_a_free_rival_and_an_endless_axis_are_no_tracebacks(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    words = ["--set", "gpu.acquisition=rent", "--set", "gpu.price=0"]
    assert cli.main(["evaluate", "trainium2-vs-h100", *words]) == 0
    axis = ["--over", "asic.count=1:10:10000000000000"]
    out = ["-o", str(tmp_path / "x.csv")]
    assert cli.main(["sweep", "trainium2-vs-h100", *axis, *out]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
