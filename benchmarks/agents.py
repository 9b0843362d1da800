"""What the studies of agents and deals add to an event, and how long the matrix takes.

Run ``python benchmarks/agents.py``; each line says what was done, the time, and the
ratio against the same evaluation without the study.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from breakeven.explorer import load_scenario
from breakeven.explorer.use_cases import _SEEN, WORKLOADS, use_cases

STUDIES = ("agent", "carbon", "deal", "passthrough")


def best(work: Callable[[], object], times: int = 40) -> float:
    """Least time of several runs. [s]."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return min(found)


def main() -> None:
    """Print every measurement."""
    for name in ("trainium2-vs-h100", "meta-aws-graviton5"):
        event = partial(load_scenario(name).evaluate, curves=False)
        plain = best(event)
        print(f"{name}: an event without studies {1e3 * plain:.2f} ms")
        for study in STUDIES:
            taken = best(partial(event, studies=(study,)))
            print(f"  {study}: {1e3 * taken:.2f} ms, {taken / plain:.2f} x")
    scenario = load_scenario()
    rows = use_cases(scenario)
    taken = best(lambda: (_SEEN.clear(), use_cases(scenario)), 5)
    print(
        f"matrix of {len(rows)} chips x {len(WORKLOADS)} workloads x 3 ends: "
        f"{1e3 * taken:.0f} ms, once the page rests"
    )


if __name__ == "__main__":
    main()
