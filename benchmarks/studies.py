"""Time of one event of each view of a study, beside that of the first view.

Run it on a quiet machine: python benchmarks/studies.py [events]. Server side only: the
change, the evaluation and the packing of the buffer, not the browser.
"""

from __future__ import annotations

import statistics
import sys
import time

import numpy as np

from breakeven.explorer import load_scenario
from breakeven.explorer.page import Explorer

VIEWS = "amortisation retirement useful_life port supply training_run".split()
STUDIES = VIEWS[1:]


def event(explorer: Explorer, count: int) -> float:
    """Median time of a change of one input. [ms]."""
    times = []
    for value in np.linspace(1.1, 1.4, count):
        start = time.perf_counter()
        explorer.change({"site.pue": float(value)})
        times.append(time.perf_counter() - start)
    return 1e3 * statistics.median(times)


def main() -> None:
    """Print a row a view, and the time of many draws through all five studies."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    explorer = Explorer(load_scenario())
    explorer.hub.send = lambda message: None  # type: ignore[method-assign]
    first = 0.0
    for name in VIEWS:
        explorer.stage.open(name)
        event(explorer, 5)
        took = event(explorer, count)
        first = first or took
        print(f"{name:14} {took:7.2f} ms  {took / first:5.2f} x")
    scenario, draws = load_scenario(), 100_000
    pue = np.random.default_rng(1).uniform(1.1, 1.4, draws)
    for studies in ((), *((study,) for study in STUDIES)):
        start = time.perf_counter()
        scenario.evaluate({"site.pue": pue}, curves=False, studies=studies)
        took = time.perf_counter() - start
        print(f"{' '.join(studies) or 'none':14} {draws / took:9.0f} scenarios/s")


if __name__ == "__main__":
    main()
