"""How long the mix of a fleet takes: the whole programme, what-ifs, the drag.

Run: python benchmarks/fleet.py. Numbers to reach: 12 chips, 6 workloads and 12 quarters
within 200 ms; the exact mix of a scenario's options within a frame.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from breakeven.explorer import load_scenario
from breakeven.explorer.fleet_documents import load_fleet
from breakeven.models.fleet_plan import best_plan
from breakeven.models.fleet_what_if import frontier
from breakeven.models.sensitivity import axis, two_way

REPEATS = 15


def milliseconds(work: Callable[[], object], repeats: int = REPEATS) -> str:
    """Median and best of some runs, after one to warm up."""
    work()
    spent = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        spent.append(1e3 * (time.perf_counter() - began))
    return f"{statistics.median(spent):8.1f} ms median {min(spent):8.1f} ms best"


def show(label: str, work: Callable[[], object], repeats: int = REPEATS) -> None:
    """One line of the report."""
    print(f"{label:58}{milliseconds(work, repeats)}")


def main() -> None:
    """Print every timing."""
    plan = load_fleet("site-1gw")
    table = plan.table()
    fleet = plan.fleet(table)
    print(f"{'x'.join(map(str, fleet.shape))} chips x workloads x quarters")
    show("table: 12 chips on 6 workloads", plan.table)
    show("best mix, margin, designs and shadow prices", lambda: best_plan(fleet))
    free = replace(fleet, one_off=np.zeros_like(fleet.one_off))
    show("best mix, margin, designs paid", lambda: best_plan(free))
    show("best mix, tokens", lambda: best_plan(replace(free, objective="tokens")))
    show("frontier, 40 programmes", lambda: frontier(free, "power", 1e8, 2e9), 3)
    for name in ("trainium2-vs-h100", "mtia-and-maia-vs-h100"):
        scenario = load_scenario(name)
        options = len(scenario.options)
        show(f"{options} options: core", scenario.evaluate)
        show(
            f"{options} options: exact mix and frontier of 67 levels",
            lambda s=scenario: s.evaluate(studies=("fleet",)),
        )
        show(
            f"{options} options: way there, 12 quarters",
            lambda s=scenario: s.evaluate(studies=("ramp",)),
        )
        rise = {f"{scenario.anchor}.allocation.price_rise": np.linspace(0, 1, 300)}
        show(
            f"{options} options: 300 what-ifs with their frontiers",
            lambda s=scenario, r=rise: s.evaluate(r, studies=("fleet",)),
            5,
        )
    scenario = load_scenario()
    for count in (25, 61):
        x = axis(scenario, "asic.count", count, 1e3, 1e7)
        y = axis(scenario, "asic.utilisation", count, 0.1, 1.0)
        show(
            f"break-even map, {count} x {count}",
            lambda x=x, y=y: two_way(scenario, x, y),
        )


if __name__ == "__main__":
    main()
