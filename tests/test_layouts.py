"""A layout asked for by name, alone and as an axis of a sweep."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from breakeven.apps import cli
from breakeven.explorer import load_scenario
from breakeven.models import parallel
from breakeven.models.results import limit_name
from breakeven.models.scenario import Scenario

SERVING, TRAINING = load_scenario(), load_scenario("train-405b-tpu-v5p-vs-h100")


def forced(scenario: Scenario, layout: str, **more: float) -> Scenario:
    key = next(iter(scenario.options))
    named = {f"{key}.{name}": value for name, value in more.items()}
    return scenario.with_values({f"{key}.layout": layout, **named})


@pytest.mark.parametrize("scenario", [SERVING, TRAINING], ids=["serving", "training"])
def test_auto_is_the_best_of_all_layouts(scenario: Scenario) -> None:
    best = float(scenario.evaluate().token_rate[0])
    alone = {
        name: float(forced(scenario, name).evaluate().token_rate[0])
        for name in parallel.LAYOUTS[1:]
    }
    assert np.nanmax(list(alone.values())) == best
    assert sum(rate == best for rate in alone.values()) == 1


def test_the_replica_is_as_large_as_asked() -> None:
    for name, chips in (("tp16", 16.0), ("tp32", 32.0)):
        assert forced(SERVING, name).evaluate().chips_per_replica[0] == chips
    for name, chips in (("tp8", 8.0), ("tp8 pp8", 64.0)):
        found = forced(TRAINING, name).evaluate()
        assert found.chips_per_replica[0] == chips or not found.feasible[0]


def test_a_model_that_does_not_fit_says_so() -> None:
    found = forced(SERVING, "tp1", **{"chip.hbm_capacity": 60.0}).evaluate()
    assert not found.feasible[0]
    assert np.isnan(found.cost_per_token[0])
    assert limit_name(found.limited_by[0]) == "memory capacity"


@pytest.mark.parametrize(
    ("scenario", "layout", "what"),
    [
        (SERVING, "tp8 pp2", "serving a model without experts"),
        (SERVING, "ep8", "serving a model without experts"),
        (SERVING, "fsdp", "serving a model without experts"),
        (TRAINING, "ep8", "training"),
        (TRAINING, "tp64", "training"),
    ],
)
def test_a_layout_that_is_none_is_a_result(
    scenario: Scenario, layout: str, what: str
) -> None:
    found = forced(scenario, layout).evaluate()
    assert limit_name(found.limited_by[0]) == "no such layout"
    assert np.isnan(found.token_rate[0])
    assert f"there is no layout {layout} for {what}" in " ".join(found.notes)
    assert found.feasible[1]


def test_draws_of_a_forced_layout_are_its_single_evaluations() -> None:
    lengths = np.linspace(500.0, 4000.0, 300)
    one = forced(SERVING, "tp16")
    many = one.evaluate({"workload.input_length": lengths}, curves="cost")
    for place in (0, 150, 299):
        alone = one.evaluate({"workload.input_length": lengths[place]}, curves="cost")
        assert many.cost_per_token[0, place] == float(alone.cost_per_token[0])


def test_chips_by_workloads_by_layouts_by_prices(tmp_path: Path) -> None:
    axes = [
        "asic.chip=trainium2,tpu_v6e",
        "workload=rag,chat_assistant",
        "asic.layout=auto,tp4,tp8 pp2",
        "gpu.price=20000,30000",
    ]
    words = [word for axis in axes for word in ("--over", axis)]
    target = tmp_path / "x.csv"
    assert cli.main(["sweep", SERVING.name, *words, "-o", str(target)]) == 0
    with target.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 2 * 2 * 3 * 2
    said = {(row["asic.layout"], row["asic.limited_by"]) for row in rows}
    assert {limit for layout, limit in said if layout == "tp8 pp2"} == {
        "no such layout"
    }
    for auto, tp4 in zip(rows[:2], rows[2:4], strict=True):
        cheap, forced_cost = (
            float(row["asic.cost_per_token [USD/Mtoken]"] or "inf")
            for row in (auto, tp4)
        )
        assert cheap <= forced_cost


def test_a_layout_that_has_no_name_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["sweep", SERVING.name, "--over", "asic.layout=tp9"]
    assert cli.main([*words, "-o", str(tmp_path / "x.csv")]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "tp8" in said
