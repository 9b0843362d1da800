"""Fleets as documents and commands: the ready ones, scenarios, refusals, files."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from breakeven.apps.cli import main
from breakeven.explorer import load_scenario, scenario_names
from breakeven.explorer.documents import ScenarioError
from breakeven.explorer.fleet_documents import (
    build,
    fleet_names,
    load_fleet,
)
from breakeven.explorer.fleet_words import Told, report
from breakeven.explorer.fleets import of_scenario
from breakeven.models.fleet_plan import best_plan

DOCUMENT = {
    "name": "mine",
    "site": "us_hyperscale",
    "finance": "default",
    "reference": "gpu",
    "chips": {
        "own": {"chip": "trainium2", "acquisition": "build", "supply": 20_000},
        "gpu": {"chip": "h100_sxm", "acquisition": "buy"},
    },
    "workloads": {
        "chat": {"workload": "chat_assistant", "llm": "llama3_70b", "demand": 1e12}
    },
}


def changed(**changes: object) -> dict[str, object]:
    return {**DOCUMENT, **changes}


@pytest.mark.parametrize("name", fleet_names())
def test_a_ready_fleet_has_a_mix_and_evidence_for_what_it_sets(name: str) -> None:
    plan = load_fleet(name)
    fleet = plan.fleet()
    best = best_plan(fleet)
    assert best.ok
    text = report(Told(plan, fleet, best))
    assert "One more MW" in text
    for dotted, item in plan.inputs().items():
        if dotted.endswith(("allocation.supply", ".demand")) and item.value:
            assert item.evidence.source, dotted
            assert item.evidence.low is not None, dotted


def test_the_ready_fleet_is_of_the_size_asked_for() -> None:
    assert load_fleet("site-1gw").fleet().shape == (12, 6, 12)


@pytest.mark.parametrize("name", scenario_names())
def test_the_table_of_a_fleet_is_that_of_its_scenario(name: str) -> None:
    scenario = load_scenario(name)
    results = scenario.evaluate()
    table = load_fleet(name).table()
    work = results.work_per_month / results.count / (730 * 3600)
    scale = 3600.0 if results.work_unit == "core-hour" else 1e6
    np.testing.assert_allclose(table.rate[:, 0], work * scale, rtol=1e-9)
    nre = results.breakdown[1]
    cost = (table.charge + table.running[:, 0]) / table.rate[:, 0] * scale
    np.testing.assert_allclose(cost, results.cost_per_token - nre, rtol=1e-9)


def test_a_scenario_makes_the_mix_of_its_study_in_a_quarter_of_all_power() -> None:
    scenario = load_scenario().with_values({"fleet.budget": 15.0, "fleet.ramp": 0.0})
    study = scenario.evaluate(studies=("fleet",)).studies["fleet"]
    from breakeven.explorer.fleets import of_scenario

    best = best_plan(of_scenario(scenario).fleet())
    np.testing.assert_allclose(best.in_use[:, -1], study["count"], rtol=1e-6)


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (changed(chip={}), "unknown key 'chip'; near: chips"),
        ({k: v for k, v in DOCUMENT.items() if k != "site"}, "lacks site"),
        (changed(objective="profit"), "objective = 'profit' must be one of cost"),
        (changed(reference="gpus"), "unknown chip of reference 'gpus'; near: gpu"),
        (changed(vendors={"nvidea": {}}), "unknown key 'nvidea'; near: nvidia"),
        (changed(vendors={"nvidia": {"most_share": 2}}), "must be at most 1"),
        (changed(fleet={"power": 3}), "unknown key 'power'; near: power_cap"),
        (changed(chips={"a": {"chip": "h100"}}), "h100_sxm"),
        (changed(chips={"a b": {"chip": "h100_sxm"}}), "must be a plain word"),
        (changed(chips={"a": 3}), "chips.a = 3 must be a table"),
        (changed(workloads={"w": {"llm": "llama3_70b"}}), "lacks workload"),
        (changed(chips=3), "chips must be a table"),
    ],
)
def test_a_bad_document_is_one_line(document: dict[str, object], said: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        build(document, "mine.toml")
    text = str(caught.value)
    assert text.startswith("mine.toml: ")
    assert said in text
    assert "\n" not in text


def test_a_change_of_an_input_changes_the_mix() -> None:
    plan = build(DOCUMENT, "mine.toml")
    before = best_plan(plan.fleet()).value
    plan.set("fleet.price_ratio", 2.0)
    plan.set("chips.gpu.price", 20_000.0)
    assert plan.inputs()["chips.gpu.chip.price"].evidence.status == "edited"
    assert best_plan(plan.fleet()).value > before
    with pytest.raises(KeyError, match=r"near: .*power_cap"):
        plan.set("fleet.power", 1.0)
    with pytest.raises(ValueError, match="must be above 0"):
        plan.set("fleet.power_cap", -1.0)


def test_what_goes_wrong_with_a_vendor_goes_wrong_with_its_chips() -> None:
    plan = build(DOCUMENT, "mine.toml")
    before = plan.fleet()
    plan.set("vendors.aws.short", 0.5)
    plan.set("vendors.aws.late", 3.0)
    after = plan.fleet()
    np.testing.assert_allclose(after.supply[0, 1:], before.supply[0, :-1] / 2)
    assert after.supply[0, 0] == 0


def test_the_command_prints_and_writes_the_mix(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mix.csv"
    assert (
        main(["fleet", "site-1gw", "--set", "fleet.quarters=4", "-o", str(path)]) == 0
    )
    said = capsys.readouterr()
    assert "What if" in said.out
    assert "NVIDIA slips by 2 quarters" in said.out
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    assert len(rows) == 4 * 12
    assert sum(float(row["power [MW]"]) for row in rows) > 0


def test_the_command_speaks_json(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["fleet", "trainium2-vs-h100", "--json", "--set", "fleet.budget=15"]
    assert main(words) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["status"] == "optimal"
    assert found["inputs"]["fleet.budget"] == found["inputs"]["fleet.budget"] | {
        "value": 15.0,
        "unit": "BUSD",
        "status": "edited",
    }
    assert found["results"]["worth_budget"]["value"] > 0
    assert {item["vendor"] for item in found["what_if"]} >= {"aws", "nvidia"}


def test_an_infeasible_fleet_names_its_least_relaxation(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["fleet", "site-1gw", "--objective", "cost"]) == 0
    said = capsys.readouterr().out
    assert "No mix serves the demand within all caps" in said
    assert "% of every demand" in said
    assert "supply of AWS" not in said  # 457 times what can be had is no advice
    assert "chips over the plan, not" in said


def test_shares_that_no_mix_keeps_are_said_by_the_command(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rules = ["--set", "asic.allocation.least_share=0.7"]
    rules += ["--set", "gpu.allocation.least_share=0.6"]
    for objective in ("margin", "cost"):
        words = ["fleet", "trainium2-vs-h100", "--objective", objective]
        assert main([*words, *rules]) == 0
        said = capsys.readouterr().out
        assert "they add up to 130% (AWS 70%, NVIDIA 60%)" in said
        assert "Not worth" not in said


def test_options_of_one_vendor_keep_rules_of_their_own() -> None:
    scenario = load_scenario("trainium2-vs-h100").with_values(
        {"asic.allocation.least_share": 0.2}
    )
    scenario.options["asic"].chip_name = scenario.options["gpu"].chip_name
    plan = of_scenario(scenario)
    assert plan.fleet().least_share == {"asic": 0.2}


def test_ready_fleets_are_listed_and_described(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["presets", "--scenarios"]) == 0
    assert "breakeven fleet NAME: site-1gw" in capsys.readouterr().out
    assert main(["presets", "site-1gw"]) == 0
    assert "site-1gw is a ready fleet" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["site-2gw"], "near: site-1gw"),
        (["site-1gw", "--set", "fleet.power=3"], "unknown input 'fleet.power'"),
        (["site-1gw", "--set", "fleet.power_cap=-3"], "must be above 0"),
        (["site-1gw", "-o", "mix.txt"], "mix.txt: a mix is written to .csv"),
        (["trainium2-vs-h100", "--set", "fleet.budgets=3"], "near:"),
    ],
)
def test_the_command_refuses_in_one_line(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["fleet", *words]) == 2
    error = capsys.readouterr().err.strip().splitlines()
    assert len(error) == 1
    assert said in error[0]
