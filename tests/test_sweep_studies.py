"""Outputs of studies as columns of a sweep: the same numbers however they are cut."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from breakeven.apps import cli
from breakeven.explorer import load_scenario, odds, runners
from breakeven.explorer.outcomes import named_columns
from breakeven.explorer.plan import planned
from breakeven.explorer.sweep import sweep
from breakeven.models import uncertainty
from breakeven.models.studies import STUDIES

SCENARIO = load_scenario()
OVER = ["asic.chip=trainium2,tpu_v6e", "gpu.price=20000:30000:3"]
SINGLE = [
    name
    for name, study in STUDIES.items()
    if any(not o.axis and not o.shared for o in study.outputs.values())
]
# A linear programme for each row: a row takes as long as a thousand of the others.
SLOW = ("fleet", "ramp")


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_every_study_with_such_outputs_can_be_swept() -> None:
    for name in SINGLE:
        found = named_columns(["count"], [name])
        assert found[0] == "count"
        assert len(found) > 1
        assert all(column.startswith(f"{name}.") for column in found[1:])


def test_headers_of_all_studies_differ_from_those_of_inputs() -> None:
    plan = planned(SCENARIO, ["gpu.price=1e4,2e4"], 4, studies=SINGLE)
    assert len(set(plan.header)) == len(plan.header)
    names = [column.partition(" ")[0] for column in plan.header]
    assert len(set(names)) == len(names)
    assert "asic.carbon.embodied" in names
    assert "asic.carbon.embodied.result" in names


@pytest.mark.parametrize("part", [1, 5])
def test_rows_do_not_depend_on_how_they_are_cut(tmp_path: Path, part: int) -> None:
    studies = [name for name in SINGLE if name not in SLOW]
    plan = planned(SCENARIO, OVER, 3, studies=studies)
    sweep(plan, tmp_path / "whole.csv", part=10**6)
    sweep(plan, tmp_path / "cut.csv", part=part)
    whole = (tmp_path / "whole.csv").read_bytes()
    assert (tmp_path / "cut.csv").read_bytes() == whole


@pytest.mark.parametrize("name", ["worth", "returns", "breakeven", "training_run"])
def test_a_row_is_what_evaluate_says(tmp_path: Path, name: str) -> None:
    plan = planned(SCENARIO, ["gpu.price=20000,25000"], 6, studies=[name])
    sweep(plan, tmp_path / "x.csv", part=5)
    rows = read(tmp_path / "x.csv")
    drawn = uncertainty.draws(
        SCENARIO, 6, correlations=odds.correlations(SCENARIO), idle=True, studies=[name]
    )
    drawn.pop("gpu.chip.price", None)
    for place, price in enumerate((20_000.0, 25_000.0)):
        results = SCENARIO.evaluate(
            drawn | {"gpu.price": np.full(6, price)}, studies=[name]
        )
        mine = rows[6 * place : 6 * place + 6]
        for output, declared in STUDIES[name].outputs.items():
            if declared.axis or declared.shared:
                continue
            values: Any = results.studies[name][output]
            keys = SCENARIO.options if declared.by_option else [""]
            for own, key in enumerate(keys):
                full = ".".join(filter(None, (key, name, output)))
                names = (f"{full}.result", full)
                column = next(
                    c for n in names for c in rows[0] if c.partition(" ")[0] == n
                )
                said = [row[column] for row in mine]
                true = values[own] if key else values
                if declared.words:
                    assert said == [declared.words[int(code)] for code in true]
                else:
                    numbers = [float(text or "nan") for text in said]
                    np.testing.assert_array_equal(numbers, true)


def test_a_sweep_with_studies_goes_on_where_it_was(tmp_path: Path) -> None:
    plan = planned(SCENARIO, OVER, 4, columns=["worth.npv", "cost_per_token"])
    sweep(plan, tmp_path / "whole.csv")

    def stopped(plan: Any, size: int, suffix: str, wanted: Any) -> Any:
        for count, part in enumerate(runners.serial(plan, size, suffix, wanted)):
            if count == 2:
                raise OSError(28, "No space left on device")
            yield part

    target = tmp_path / "x.csv"
    with pytest.raises(OSError, match="10 of 24 rows"):
        sweep(plan, target, stopped, part=5)
    assert not target.exists()
    sweep(plan, target, part=5)
    assert target.read_bytes() == (tmp_path / "whole.csv").read_bytes()


def test_parquet_holds_words_of_studies(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    words = ["sweep", SCENARIO.name, "--over", "gpu.price=1e4,3e4,9e4"]
    target = tmp_path / "x.parquet"
    given = ["--columns", "breakeven.month,breakeven.month_reason", "-o", str(target)]
    assert cli.main([*words, *given]) == 0
    table = parquet.read_table(target)
    said = set(table["asic.breakeven.month_reason"].to_pylist())
    assert said <= set(STUDIES["breakeven"].outputs["month_reason"].words)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--columns", "worth.nvp"], "worth.npv"),
        (["--studies", "wrth"], "worth"),
        (["--studies", "map"], "no output of one value"),
        (["--columns", "returns.net_flow"], "unknown column"),
    ],
)
def test_a_bad_name_is_one_line(
    words: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = ["sweep", SCENARIO.name, "--over", "gpu.price=1,2"]
    assert cli.main([*head, *words, "-o", str(tmp_path / "x.csv")]) == 2
    message = capsys.readouterr().err
    assert message.count("\n") == 1
    assert said in message
    assert not list(tmp_path.iterdir())
