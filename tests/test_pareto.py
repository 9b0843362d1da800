"""What no other row beats: against all pairs, in pieces, from files of both kinds."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from breakeven.apps import cli
from breakeven.explorer import load_scenario, reading
from breakeven.explorer.sweep import planned, sweep
from breakeven.models.pareto import pareto_front


def by_pairs(values: np.ndarray) -> set[int]:
    """Rows that none beats, each compared with each; the first of equal ones."""
    kept = set()
    for i, row in enumerate(values):
        beaten = any(
            (other <= row).all() and ((other < row).any() or j < i)
            for j, other in enumerate(values)
            if i != j
        )
        if np.isfinite(row).all() and not beaten:
            kept.add(i)
    return kept


@pytest.mark.parametrize("columns", [1, 2, 3, 4])
def test_the_front_is_that_of_all_pairs(columns: int) -> None:
    rng = np.random.default_rng(columns)
    # few different values, so that many rows are equal in something
    values = rng.integers(0, 7, (300, columns)).astype(float)
    values[rng.uniform(size=values.shape) < 0.02] = np.nan
    found = pareto_front(values)
    assert set(found.tolist()) == by_pairs(values)
    assert len(set(found.tolist())) == len(found)


def test_nothing_has_no_front() -> None:
    assert pareto_front(np.empty((0, 2))).size == 0
    assert pareto_front(np.full((3, 2), np.nan)).size == 0


@pytest.fixture(scope="module", params=[".csv", ".parquet"])
def file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    if request.param == ".parquet":
        pytest.importorskip("pyarrow")
    path = tmp_path_factory.mktemp("sweep") / f"x{request.param}"
    over = ["asic.chip=trainium2,tpu_v6e", "asic.utilisation=0.3:0.9:7"]
    sweep(planned(load_scenario(), over, 30), path, part=50)
    return path


def test_pieces_of_a_file_make_the_same_front(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [
        reading.column(name, reading.header(file))
        for name in ("asic.cost_per_token", "asic.energy_per_token", "asic.token_rate")
    ]
    (whole,) = reading.batches(file, names)
    values = np.stack([whole[name] for name in names], axis=1) * (1.0, 1.0, -1.0)
    monkeypatch.setattr(reading, "BATCH", 37)
    assert len(list(reading.batches(file, names))) > 5
    found = reading.front(file, names[:2], names[2:])
    assert set(found) == by_pairs(values)
    rows = reading.picked(file, found)
    place = reading.header(file).index(names[0])
    assert [row[place] for row in rows] == whole[names[0]][found].tolist()


def test_the_command_writes_whole_rows(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "front.csv"
    words = ["--min", "asic.cost_per_token", "--max", "asic.token_rate"]
    assert (
        cli.main(["pareto", str(file), *words, "-o", str(target), "--rows", "2"]) == 0
    )
    said = capsys.readouterr().out.splitlines()
    with target.open(newline="", encoding="utf-8") as written:
        rows = list(csv.DictReader(written))
    assert said[0].startswith(f"{len(rows):,} rows that no other row beats")
    assert "asic.chip" in said[1] or "asic.utilisation [1]" in said[1]
    cost = [float(row["asic.cost_per_token [USD/Mtoken]"]) for row in rows]
    assert cost == sorted(cost)
    assert list(rows[0]) == reading.header(file)


def test_by_default_cost_and_energy_count(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["pareto", str(file)]) == 0
    said = capsys.readouterr().out
    assert "asic.cost_per_token" in said
    assert "asic.energy_per_token" in said
    assert "gpu.cost_per_token" not in said


def bad(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert cli.main(["pareto", *words]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    return said


def test_bad_input_is_one_line(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = bad(capsys, str(file), "--min", "asic.cost_per_tokn")
    assert "near: asic.cost_per_token" in said
    assert "holds no numbers" in bad(capsys, str(file), "--min", "asic.chip")
    assert "absent.csv" in bad(capsys, str(tmp_path / "absent.csv"))
    ragged = tmp_path / "ragged.csv"
    ragged.write_text("a,b\n1,2\n3\n")
    assert "line 3 has 1 of 2" in bad(capsys, str(ragged), "--min", "a")
    other = tmp_path / "other.parquet"
    other.write_text("no table")
    assert "not Parquet" in bad(capsys, str(other))
    (tmp_path / "x.txt").write_text("")
    assert ".csv or .parquet" in bad(capsys, str(tmp_path / "x.txt"))


def test_what_was_chosen_in_every_row_is_said(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["pareto", str(file), "--min", "asic.cost_per_token"]) == 0
    said = capsys.readouterr().out
    assert "in all of them: " in said
    assert any(f"asic.chip = {chip}" in said for chip in ("trainium2", "tpu_v6e"))


def test_a_sweep_that_was_stopped_says_how_it_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "x.csv"
    words = ["pareto", str(target), "--min", "asic.cost_per_token"]
    assert cli.main(words) == 2
    assert capsys.readouterr().err.strip().endswith("x.csv: no such file")
    (tmp_path / "x.csv.parts").mkdir()
    assert cli.main(words) == 2
    assert "x.csv.parts holds a sweep that was stopped" in capsys.readouterr().err
