"""Processor time of one scenario, from workload to USD per million tokens.

Draws of the default scenario go through ``Scenario.evaluate(draws, curves="cost")``;
the cases differ in what the draws move. With another checkout of Breakeven the two take
turns, so that a busy machine slows both alike:

    python benchmarks/full_chain.py [--draws 65536] [--rounds 8] [--against FOLDER]

where FOLDER holds that checkout under the name ``breakeven``.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

import numpy as np

from breakeven.explorer import load_scenario
from breakeven.models import uncertainty
from breakeven.models.base import Array

CASES = ("money", "machine", "both", "ranges")
STEPS = 200  # of a slider


def drawn(case: str, count: int) -> dict[str, Array]:
    """Draws of a case: each moves what the one before it does, and more."""
    scenario, generator = load_scenario(), np.random.default_rng(1)
    if case == "ranges":
        return uncertainty.draws(scenario, count, 1, idle=True)
    ends = {
        "asic.chip.nre": (300, 1000),
        "asic.chip.unit_cost": (3000, 5500),
        "gpu.chip.price": (22_000, 30_000),
        "asic.utilisation": (0.4, 0.8),
        "site.electricity_price": (0.04, 0.12),
        "asic.count": (1e3, 1e6),
    }
    if case != "money":
        ends |= {
            "asic.chip.hbm_bandwidth": (2, 4),
            "asic.stack.hbm_efficiency": (0.6, 0.9),
        }
    if case == "both":
        ends |= {
            "workload.input_length": (1e3, 1e4),
            "gpu.stack.hbm_efficiency": (0.6, 0.9),
        }
    return {name: generator.uniform(*both, count) for name, both in ends.items()}


def worked(case: str, count: int) -> None:
    """Write the processor time of one scenario each time a line is read. [us]."""
    scenario = load_scenario()
    draws = {} if case == "slider" else drawn(case, count)
    for _ in sys.stdin:
        start = time.process_time()
        if draws:
            scenario.evaluate(draws, curves="cost")
        else:
            for step in range(STEPS):
                scenario.set("gpu.price", 25_000.0 + step)
                scenario.evaluate()
        took = (time.process_time() - start) / (count if draws else STEPS)
        print(took * 1e6, flush=True)


def worker(case: str, count: int, folder: str) -> subprocess.Popen[str]:
    """Process that works on a case with one version of Breakeven."""
    command = [sys.executable, __file__, "--worker", case, "--draws", str(count)]
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": folder},
    )


def asked(process: subprocess.Popen[str]) -> float:
    """Time that a worker takes once. [us]."""
    lines: tuple[IO[str], IO[str]] = (process.stdin, process.stdout)  # type: ignore[assignment]
    lines[0].write("\n")
    lines[0].flush()
    return float(lines[1].readline())


def main() -> None:
    """Print least and median of each case, and what another version takes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=65_536)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--against", type=Path)
    parser.add_argument("--worker", choices=(*CASES, "slider"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.worker:
        worked(given.worker, given.draws)
        return
    folders = [str(given.against.resolve())] if given.against else []
    for case in (*CASES, "slider"):
        workers = [worker(case, given.draws, folder) for folder in (*folders, "")]
        for process in workers:
            asked(process)  # once to warm up
        times = np.array(
            [[asked(process) for process in workers] for _ in range(given.rounds)]
        )
        for process in workers:
            process.kill()
        least, middle = times.min(axis=0), np.median(times, axis=0)
        said = "   ".join(
            f"{name} {' -> '.join(f'{value:.2f}' for value in values)} us"
            for name, values in (("least", least), ("median", middle))
        )
        print(f"{case:8} {said}   ratio of medians {middle[0] / middle[-1]:.2f}")


if __name__ == "__main__":
    main()
