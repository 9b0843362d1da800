"""Size and time of every kind of export, and of a comparison of two scenarios.

Numbers to reach: page <= 6 MB and <= 10 s, workbook <= 1 MB and <= 5 s. The first of a
kind pays for the import of what draws it; both times are printed.
"""

from __future__ import annotations

import time

from breakeven.explorer import kinds, load_scenario
from breakeven.models.differences import compared


def main() -> None:
    """Print a line for each kind."""
    scenario = load_scenario()
    print(f"{'kind':10}{'bytes':>12}{'first, s':>10}{'again, s':>10}")
    for suffix in kinds.KINDS:
        times = []
        for _ in range(2):
            start = time.perf_counter()
            content = kinds.made(scenario, suffix)
            times.append(time.perf_counter() - start)
        print(f"{suffix:10}{len(content):12,}{times[0]:10.2f}{times[1]:10.2f}")
    start = time.perf_counter()
    compared(scenario, load_scenario("trainium3-vs-b200"))
    print(f"{'diff':22}{time.perf_counter() - start:10.2f}")


if __name__ == "__main__":
    main()
