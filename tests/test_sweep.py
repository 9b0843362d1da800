"""Sweeps: the same rows however they are cut, drawn or written; bad ones refused."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import spearmanr

from breakeven.apps import cli
from breakeven.explorer import load_scenario, odds, rows, runners
from breakeven.explorer.plan import Plan, planned
from breakeven.explorer.sweep import part_rows, sweep
from breakeven.models import uncertainty

SCENARIO = load_scenario()
OVER = ["asic.chip=trainium2,tpu_v6e", "gpu.price=20000:30000:3", "workload=rag"]


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def written(path: Path, plan: Plan, part: int) -> bytes:
    sweep(plan, path, part=part)
    return path.read_bytes()


@pytest.mark.parametrize("part", [1, 7, 64])
def test_rows_do_not_depend_on_how_they_are_cut(tmp_path: Path, part: int) -> None:
    plan = planned(SCENARIO, OVER, sample := 20)
    assert plan.total == 2 * 3 * sample
    whole = written(tmp_path / "whole.csv", plan, 10**6)
    assert written(tmp_path / "cut.csv", plan, part) == whole
    assert whole.count(b"\n") == plan.total + 1


def test_a_row_is_what_evaluate_says(tmp_path: Path) -> None:
    plan = planned(SCENARIO, ["asic.chip=tpu_v6e", "gpu.price=20000,25000"])
    sweep(plan, tmp_path / "x.csv")
    row = read(tmp_path / "x.csv")[1]
    one = rows.Rows(plan)._made((("asic.chip", "tpu_v6e"),))
    assert one.options["asic"].chip_name == "tpu_v6e"
    results = one.evaluate({"gpu.price": np.array([25_000.0])})
    for column, name in (("cost_per_token [USD/Mtoken]", "cost_per_token"),):
        for place, key in enumerate(one.options):
            assert float(row[f"{key}.{column}"]) == getattr(results, name)[place, 0]
    assert row["asic.chip"] == "tpu_v6e"
    assert row["gpu.chip.price [USD]"] == "25000.0"


def test_sampled_rows_are_the_draws_of_the_ranges(tmp_path: Path) -> None:
    sweep(planned(SCENARIO, [], 300, 5), tmp_path / "x.csv", part=77)
    found = read(tmp_path / "x.csv")
    pairs = odds.correlations(SCENARIO)
    draws = uncertainty.draws(SCENARIO, 300, 5, correlations=pairs, idle=True)
    units = {n: i.unit for n, i in SCENARIO.inputs().items()}
    for name, values in draws.items():
        column = [float(row[f"{name} [{units[name]}]"]) for row in found]
        np.testing.assert_array_equal(column, values)
    results = SCENARIO.evaluate(draws, curves=False)
    cost = [float(row["asic.cost_per_token [USD/Mtoken]"] or "nan") for row in found]
    np.testing.assert_array_equal(cost, results.cost_per_token[0])
    both = [draws["asic.utilisation"], draws["gpu.utilisation"]]
    assert spearmanr(*both).statistic == pytest.approx(0.8, abs=0.05)


@pytest.mark.parametrize(
    ("total", "size"), [(1, 8192), (100_000, 8192), (10**6, 15_625), (10**8, 65_536)]
)
def test_parts_are_many_enough_to_share_and_large_enough_to_send(
    total: int, size: int
) -> None:
    assert part_rows(total) == size


def test_a_seed_is_a_sample(tmp_path: Path) -> None:
    data = [
        written(tmp_path / f"{i}.csv", planned(SCENARIO, [], 50, seed), 20)
        for i, seed in enumerate((3, 3, 4))
    ]
    assert data[0] == data[1] != data[2]


def test_an_axis_takes_the_place_of_the_draws_of_its_input(tmp_path: Path) -> None:
    plan = planned(SCENARIO, ["asic.utilisation=0.4,0.8"], 10)
    assert "asic.utilisation" not in plan.drawn
    sweep(plan, tmp_path / "x.csv")
    found = read(tmp_path / "x.csv")
    assert [row["draw"] for row in found[:2]] == ["0.0", "1.0"]
    other = "gpu.utilisation [1]"
    assert found[3][other] == found[13][other], "the same draws under each value"


def test_parquet_holds_the_same_numbers(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    plan = planned(SCENARIO, OVER, 20)
    sweep(plan, tmp_path / "x.csv")
    sweep(plan, tmp_path / "x.parquet", part=32)
    table = parquet.read_table(tmp_path / "x.parquet")
    assert table.column_names == list(plan.header)
    found = read(tmp_path / "x.csv")
    for name in plan.header:
        said = [row[name] or None for row in found]
        own = table[name].to_pylist()
        assert [None if v is None else str(v) for v in own] == said


def test_processes_write_the_same_file(tmp_path: Path) -> None:
    plan = planned(SCENARIO, OVER, 20)
    whole = written(tmp_path / "whole.csv", plan, 30)
    sweep(plan, tmp_path / "x.csv", runners.processes(2), part=30)
    assert (tmp_path / "x.csv").read_bytes() == whole


BAD = [
    ("asic.cnt=1:2:3", "asic.count"),
    ("asic.chip=trainium9", "trainium3"),
    ("asic.chp=trainium2", "asic.chip"),
    ("asic.chip=1:2:3", "asic.chip=A,B"),
    ("workload=chat", "chat_assistant"),
    ("gpu.acquisition=buy,borrow", "commit_1yr"),
    ("asic.price=3:1:3", "low 3 is above high 1"),
    ("asic.price=0:1:3:log", "starts above 0"),
    ("asic.price=1,x", "numbers apart by commas"),
    ("asic.price=1,1", "listed twice"),
    ("asic.utilisation=0.5:1.5:3", "at most 1"),
    ("finance.horizon=20,30", "one value only"),
    ("asic.count", "NAME=LO:HI:N"),
]


@pytest.mark.parametrize(("axis", "said"), BAD)
def test_a_bad_axis_is_one_line(
    axis: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "x.csv"
    words = ["sweep", "trainium2-vs-h100", "--over", axis, "-o", str(target)]
    assert cli.main(words) == 2
    message = capsys.readouterr().err
    assert message.count("\n") == 1
    assert said in message
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--over", "gpu.price=1,2", "-o", "no/such/x.csv"], "no such folder"),
        (["--over", "gpu.price=1,2", "-o", "x.xls"], ".csv or .parquet"),
        (["--over", "gpu.price=1,2", "-o", "folder.csv"], "is a folder"),
        (["-o", "x.csv"], "needs an axis"),
        (["--sample", "-1", "-o", "x.csv"], "at least 1 draw"),
        (["--over", "gpu.price=1,2", "--columns", "cost", "-o", "x.csv"], "near"),
        (["--over", "gpu.price=1,2", "--over", "gpu.chip.price=1,2", "-o", "x.csv"],
         "given twice"),
        (["--over", "asic.acquisition=build,rent", "--over", "asic.price=1,2",
          "-o", "x.csv"], "name the one you mean"),
    ],
)  # fmt: skip
def test_a_bad_sweep_is_one_line(
    words: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.csv").mkdir()
    assert cli.main(["sweep", "trainium2-vs-h100", *words]) == 2
    message = capsys.readouterr().err
    assert message.count("\n") == 1
    assert said in message


def test_work_of_two_units_is_not_mixed() -> None:
    with pytest.raises(ValueError, match="million output tokens with million trained"):
        planned(SCENARIO, ["workload=rag,finetune_70b"])
