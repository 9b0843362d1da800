"""Rows a second and memory of sweeps: here, in processes, and on a Dask cluster.

python benchmarks/sweep_rates.py [--rows 10_000_000] [--workers 2] [--dask ROWS]

Each run is a process of its own, whose largest memory (all its children together) is
measured while it works. The cluster is real: a scheduler and single-threaded workers on
this machine, one worker and then as many as there are processors.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

PRICES = ["--over", "gpu.price=2e4:3e4:1000", "--columns", "cost_per_token"]


def memory(process: psutil.Process) -> float:
    """Memory of a process and all its children. [GB]."""
    total = 0.0
    for one in (process, *process.children(recursive=True)):
        try:
            total += one.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total / 1e9


def run(words: list[str], target: Path) -> tuple[float, float]:
    """Time and largest memory of one sweep. [s, GB]."""
    command = [sys.executable, "-m", "breakeven.apps.cli", "sweep", "trainium2-vs-h100"]
    start, most = time.perf_counter(), 0.0
    with subprocess.Popen(
        [*command, *words, "-o", str(target)], stdout=subprocess.DEVNULL
    ) as work:
        watched = psutil.Process(work.pid)
        while work.poll() is None:
            try:
                most = max(most, memory(watched))
            except psutil.NoSuchProcess:
                break
            time.sleep(0.5)
    if work.returncode:
        raise SystemExit(work.returncode)
    return time.perf_counter() - start, most


def here(rows: int, workers: int, folder: Path) -> None:
    """Print what this machine does alone."""
    grid = [*PRICES, "--over", f"asic.count=1e3:1e6:{rows // 1000}:log"]
    sampled = ["--sample", str(rows // 10)]
    for name, words, count in (
        ("prices, Parquet", grid, rows),
        ("every range drawn, Parquet", sampled, rows // 10),
    ):
        for number in sorted({1, workers}):
            target = folder / "x.parquet"
            spent, most = run([*words, "--workers", str(number)], target)
            print(
                f"{name:28} {number} processes: {count:,} rows in {spent:.1f} s, "
                f"{count / spent:,.0f} rows/s, {most:.2f} GB at most, "
                f"{target.stat().st_size / 1e6:,.0f} MB"
            )


def cluster(rows: int, workers: int, folder: Path) -> None:
    """Print what Dask workers add, and the efficiency per processor that is there.

    What is there is measured in the same run: as many plain processes at once, each
    doing the whole work, against one alone.
    """
    try:
        from distributed import LocalCluster
    except ImportError as error:
        print(f"Dask skipped: {error}")
        return
    words = ["--sample", str(rows), "--columns", "cost_per_token"]
    times: dict[int, float] = {}
    plain: dict[int, float] = {}
    for number in sorted({1, workers}):
        plain[number] = at_once(words, number, folder)
        with LocalCluster(
            n_workers=number, threads_per_worker=1, dashboard_address=None
        ) as local:
            address = ["--scheduler", local.scheduler_address]
            # every worker imports what it needs
            run(["--sample", "60000", *words[2:], *address], folder / "warm.csv")
            times[number], _ = run([*words, *address], folder / "x.csv")
    for number, spent in times.items():
        there = number * plain[1] / plain[number]
        gain = times[1] / spent
        print(
            f"Dask, {number} workers: {rows:,} rows in {spent:.1f} s, {gain:.2f} times "
            f"one worker, where {number} plain processes at once do {there:.2f} times "
            f"one: efficiency {gain / there:.2f}"
        )


def at_once(words: list[str], number: int, folder: Path) -> float:
    """Time in which so many processes each do the whole work. [s]."""
    command = [sys.executable, "-m", "breakeven.apps.cli", "sweep", "trainium2-vs-h100"]
    start = time.perf_counter()
    running = [
        subprocess.Popen(
            [*command, *words, "--workers", "1", "-o", str(folder / f"{place}.csv")],
            stdout=subprocess.DEVNULL,
        )
        for place in range(number)
    ]
    if any([work.wait() for work in running]):
        raise SystemExit(1)
    return time.perf_counter() - start


def main() -> None:
    """Print rows a second, memory and efficiency."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--dask", type=int, default=1_000_000, metavar="ROWS")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if given.rows:
            here(given.rows, given.workers, Path(folder))
        cluster(given.dask, given.workers, Path(folder))


if __name__ == "__main__":
    main()
