"""How long cash flows take: a million of 84 months, one project with tax, many draws.

Run ``python benchmarks/money.py``; each line says what was done, the time, what was
asked for, and the ratio against the same work in a plain loop where there is one.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from breakeven.models import finance, ledger, power, tco
from breakeven.models.base import Array
from breakeven.models.project import Project, project

MONTHS = np.arange(85.0)
CHUNK = 4096
LOOPED = 200


def best(work: Callable[[], object], times: int = 5) -> float:
    """Least time of several runs. [s]."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return min(found)


def sample(count: int) -> dict[str, Array]:
    """Projects that differ in everything that is money."""
    generator = np.random.default_rng(1)
    return {
        "one_off": generator.uniform(1e8, 1e9, count),
        "purchase": generator.uniform(1e9, 1e10, count),
        "running": generator.uniform(1e7, 1e8, count),
        "rate": generator.uniform(0.05, 0.15, count),
    }


def shape_of(months: Array) -> ledger.Shapes:
    """A fleet installed over two years and replaced after five."""
    period, life, residual = (np.array([v]) for v in (24.0, 60.0, 0.08))
    return ledger.shapes(months, period, life, residual)


def million() -> tuple[float, float]:
    """Time of a million flows of 84 months with their value, and of a plain loop."""
    count, shape = 1_000_000, shape_of(MONTHS)
    draws = sample(count)
    value = np.empty(count)

    def part(start: int) -> None:
        cut = slice(start, start + CHUNK)
        flows = ledger.cash_flow(
            draws["one_off"][cut], draws["purchase"][cut], draws["running"][cut], shape
        )
        rate = tco.monthly_rate(draws["rate"][cut])
        value[cut] = finance.net_present_value(rate, flows)

    def all_parts() -> None:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(part, range(0, count, CHUNK)))

    together = best(all_parts, 3)
    start = time.perf_counter()
    for i in range(LOOPED):
        alone = looped(shape, {name: float(v[i]) for name, v in draws.items()})
        assert abs(alone - value[i]) <= 1e-9 * abs(draws["purchase"][i])
    slow = (time.perf_counter() - start) / LOOPED * count
    return together, slow


def looped(shape: ledger.Shapes, draw: dict[str, float]) -> float:
    """The same value, one month after another. [USD]."""
    rate = (1.0 + draw["rate"]) ** (1.0 / 12.0) - 1.0
    total = -draw["one_off"]
    for month in range(MONTHS.size):
        paid = draw["purchase"] * (shape.purchases[month] - shape.resales[month])
        paid += draw["running"] * shape.operation[month]
        total -= paid / (1.0 + rate) ** month
    return float(total)


def one_project(draws: dict[str, Array]) -> Project:
    """A project of seven years, over twenty lines, with tax."""
    shape = shape_of(MONTHS)
    rates = finance.macrs_rates(5)
    life = np.array([60.0])
    written = ledger.deductions(MONTHS, shape.purchases, life, rates, np.asarray(0.0))
    bought, running = draws["purchase"], draws["running"]
    shares = {"chip": 0.62, "server": 0.26, "network": 0.11, "storage": 0.01}
    costs = "hosting electricity maintenance staff software rent tokens".split()
    return project(
        {name: bought * share for name, share in shares.items()},
        {"NRE": draws["one_off"] * 0.9, "port": draws["one_off"] * 0.1},
        {name: running / len(costs) for name in costs},
        bought / 1e3,
        np.asarray(5.0),
        ledger.Shapes(*(ledger.by_year(part) for part in shape)),
        written,
        draws["rate"],
        np.asarray(0.25),
    )


def answers(draws: dict[str, Array]) -> int:
    """Every line, then value, rate of return, levelised cost; how many lines."""
    found = one_project(draws)
    found.net_present_value()
    found.internal_rate_of_return()
    found.levelised_cost()
    cumulative = np.cumsum(found.net, axis=-1), np.cumsum(found.discounted(), axis=-1)
    more = (found.work, found.operating, found.depreciation, found.taxable, found.tax)
    return len(found.lines) + len(more) + len(cumulative) + 2  # net and book value


def fleet_years() -> int:
    """Yearly cost of 256 H100 at 16 prices of power, 8 utilisations and 6 lives."""
    price = np.linspace(0.04, 0.19, 16)[:, None, None] / 3.6e6
    busy = np.linspace(0.2, 0.9, 8)[:, None]
    life = np.arange(3.0, 9.0)
    year = 8760.0 * 3600.0
    mean = power.mean_chip_power(700.0, 0.85, 0.15, busy)
    used = power.facility_power(power.it_power(mean, 575.0, 114.0), 1.15)
    total = tco.capital_charge(40_800.0, 0.08, 0.1, life)
    total = total + year * tco.electricity_cost(used, price)
    total += year * tco.hosting_cost(1389.0, 1800.0 / (1e3 * year))
    return int((256 * (total + 0.05 * 40_800.0 + 100.0)).size)


def main() -> None:
    """Print a line for each benchmark."""
    together, slow = million()
    print(
        f"1,000,000 flows of 84 months with NPV, 2 threads: {together:.2f} s "
        f"(asked: 3 s), {slow / together:,.0f} times a plain loop"
    )
    one = {name: value[0] for name, value in sample(1).items()}
    lines = answers(one)
    print(
        f"CF: one project, {lines} lines, NPV, IRR, levelised cost: "
        f"{1e3 * best(lambda: answers(one), 50):.2f} ms (asked: 1 ms)"
    )
    many = sample(10_000)
    print(f"CF: 10,000 draws of it: {best(lambda: answers(many)):.2f} s (asked: 1 s)")
    count = fleet_years()
    print(
        f"C768: {count} fleet totals: {1e3 * best(fleet_years, 50):.3f} ms "
        "(asked: 1 ms)"
    )


if __name__ == "__main__":
    main()
