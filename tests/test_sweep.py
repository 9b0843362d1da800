"""Sweeps: the same rows however they are cut, stopped, resumed or spread."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import spearmanr

from breakeven.apps import cli
from breakeven.explorer import load_scenario, odds, rows, runners
from breakeven.explorer.plan import Plan, planned
from breakeven.explorer.sweep import left, sweep
from breakeven.models import uncertainty

SCENARIO = load_scenario()
OVER = ["asic.chip=trainium2,tpu_v6e", "gpu.price=20000:30000:3", "workload=rag"]
# What a process of its own does: a sweep that takes a few seconds, in small parts.
ALONE = """
import sys
from pathlib import Path
from breakeven.explorer import load_scenario, runners
from breakeven.explorer.sweep import planned, sweep
if __name__ == "__main__":
    plan = planned(load_scenario(), ["asic.count=1e3:1e6:300:log"], 40, 7)
    workers = int(sys.argv[2])
    run = runners.processes(workers) if workers > 1 else runners.serial
    sweep(plan, Path(sys.argv[1]), run, part=400)
"""


def alone(tmp_path: Path, workers: int = 1) -> subprocess.Popen[str]:
    """The sweep in a process of its own."""
    script = tmp_path / "alone.py"
    script.write_text(ALONE)
    words = [sys.executable, str(script), str(tmp_path / "x.csv"), str(workers)]
    return subprocess.Popen(words, stderr=subprocess.PIPE, text=True)


def long_plan() -> Plan:
    return planned(load_scenario(), ["asic.count=1e3:1e6:300:log"], 40, 7)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def written(path: Path, plan: Plan, part: int) -> bytes:
    sweep(plan, path, part=part)
    return path.read_bytes()


def parts(path: Path) -> set[Path]:
    return set(left(path).glob("*" + path.suffix))


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


def test_a_killed_sweep_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, process = tmp_path / "x.csv", alone(tmp_path)
    while len(parts(path)) < 5:
        assert process.poll() is None, process.stderr.read()  # type: ignore[union-attr]
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert not path.exists(), "nothing half-written looks complete"
    kept = {file: file.stat().st_mtime_ns for file in parts(path)}
    assert 5 <= len(kept) < 30
    computed: list[int] = []
    plain = rows.Rows.columns

    def counted(self: rows.Rows, start: int, stop: int) -> list[rows.Column]:
        computed.append(start // 400)
        assert {file: file.stat().st_mtime_ns for file in kept} == kept
        return plain(self, start, stop)

    monkeypatch.setattr(rows.Rows, "columns", counted)
    sweep(long_plan(), path, part=400)
    assert sorted(computed) == sorted(set(range(30)) - {int(f.stem) for f in kept})
    assert not left(path).exists()
    monkeypatch.undo()
    assert path.read_bytes() == written(tmp_path / "whole.csv", long_plan(), 5000)


def test_no_process_outlives_a_killed_sweep(tmp_path: Path) -> None:
    path, process = tmp_path / "x.csv", alone(tmp_path, workers=2)
    while not parts(path):
        assert process.poll() is None, process.stderr.read()  # type: ignore[union-attr]
        time.sleep(0.01)
    tasks = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    if not tasks.exists():
        process.kill()
        pytest.skip("no list of children here")
    children = [int(word) for word in tasks.read_text().split()]
    assert len(children) >= 2
    process.kill()
    process.communicate()
    deadline = time.monotonic() + 10
    while any(alive(child) for child in children):
        assert time.monotonic() < deadline, "processes are left"
        time.sleep(0.05)


def alive(process: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{process}/stat").read_text().split()[2]
    except OSError:
        return False


def command(tmp_path: Path, *words: str, limit: int = 0) -> tuple[int, str]:
    """Exit status and message of a real command, files limited to some bytes."""

    def limited() -> None:
        import resource

        if limit:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    found = subprocess.run(
        [sys.executable, "-m", "breakeven.apps.cli", "sweep", SCENARIO.name, *words],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
        preexec_fn=limited,
    )
    return found.returncode, found.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of file sizes")
@pytest.mark.parametrize("limit", [20_000, 8_000_000])
def test_a_full_disk_leaves_nothing_that_looks_complete(
    tmp_path: Path, limit: int
) -> None:
    words = ["--over", "asic.count=1e3:1e6:12000:log", "--over", "gpu.price=2e4:3e4:10"]
    words += ["--columns", "cost_per_token", "-o", "x.csv", "--workers", "1"]
    code, said = command(tmp_path, *words, limit=limit)
    assert code == 2
    assert said.count("\n") == 1
    assert "rows are kept in x.csv.parts" in said
    assert not (tmp_path / "x.csv").exists()
    whole = {file.name for file in left(tmp_path / "x.csv").iterdir()}
    assert whole == {"sweep.json"} | (
        {"00000000.csv", "00000001.csv"} if limit > 10**6 else set()
    )
    assert command(tmp_path, *words)[0] == 0
    assert len(read(tmp_path / "x.csv")) == 120_000
    assert not left(tmp_path / "x.csv").exists()


def test_parts_of_another_sweep_are_not_mixed_in(tmp_path: Path) -> None:
    path, one = tmp_path / "x.csv", planned(SCENARIO, ["gpu.price=2e4:3e4:30"])
    other = planned(SCENARIO, ["gpu.price=2e4:3e4:31"])

    def stopped(*given: object) -> Iterator[tuple[int, bytes]]:
        for part in runners.serial(*given):  # type: ignore[arg-type]
            yield part
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep(one, path, stopped, part=10)
    assert len(parts(path)) == 1
    with pytest.raises(ValueError, match="another sweep"):
        sweep(other, path, part=10)
    sweep(other, path, part=10, restart=True)
    assert len(read(path)) == 31


def test_another_value_of_the_scenario_is_another_sweep() -> None:
    changed = SCENARIO.with_values({"site.pue": 1.3})
    axis = ["gpu.price=2e4:3e4:30"]
    assert planned(SCENARIO, axis).fingerprint() != planned(changed, axis).fingerprint()
    assert (
        planned(SCENARIO, axis).fingerprint() == planned(SCENARIO, axis).fingerprint()
    )


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


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_that_loses_a_worker_writes_the_same_file(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    plan, killed = planned(SCENARIO, OVER, 400), []
    with distributed.LocalCluster(
        n_workers=3, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        run = runners.dask(cluster.scheduler_address)

        def robbed(
            plan: Plan, size: int, suffix: str, wanted: Sequence[int]
        ) -> Iterator[tuple[int, bytes]]:
            for place, part in enumerate(run(plan, size, suffix, wanted)):
                if place == 2:
                    victim = next(iter(cluster.workers.values())).pid
                    os.kill(victim, signal.SIGKILL)
                    killed.append(victim)
                yield part

        sweep(plan, tmp_path / "x.csv", robbed, part=60)
    assert killed
    whole = written(tmp_path / "whole.csv", plan, 10**6)
    assert (tmp_path / "x.csv").read_bytes() == whole


@pytest.mark.filterwarnings("ignore")
def test_a_scheduler_that_is_not_there_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed")
    run = runners.dask("tcp://127.0.0.1:9", timeout=1)
    with pytest.raises(OSError, match=r"127\.0\.0\.1:9"):
        sweep(planned(SCENARIO, ["gpu.price=1,2"]), tmp_path / "x.csv", run)
    assert not (tmp_path / "x.csv").exists()
