"""Sweeps that are killed, starved or robbed: nothing lost, nothing doubled."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from breakeven.explorer import load_scenario, rows, runners
from breakeven.explorer.plan import Plan, planned
from breakeven.explorer.sweep import left, sweep

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
    # the larger limit lets every part through, and stops the file that joins them
    done = {f"{part:08}.csv" for part in range(15)} if limit > 10**6 else set()
    assert whole == {"sweep.json"} | done
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
