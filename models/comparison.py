"""Options side by side: each one's economics, sized to each other, over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from breakeven.models import facility, power, studies, tco
from breakeven.models.base import Array
from breakeven.models.economics import MONTH, Economics, economics
from breakeven.models.given import inputs_of
from breakeven.models.notes import notes
from breakeven.models.performance import Performance, bought, performance
from breakeven.models.results import UNPRICED, Curves, Results
from breakeven.models.rounding import filled, installed
from breakeven.models.study import Context
from breakeven.models.timeline import over_time, stacked
from breakeven.models.units import HOUR

if TYPE_CHECKING:
    from breakeven.models.scenario import Scenario

# Work is counted in these units: name, size in base units, words.
WORK = {
    "serving": ("Mtoken", 1e6, "million output tokens"),
    "training": ("Mtoken", 1e6, "million trained tokens"),
    "cpu": ("core-hour", 3600.0, "core-hour"),
}
# Demand is given in tokens, or in core-hours: its unit in base units.
DEMANDED = {"serving": 1.0, "training": 1.0, "cpu": HOUR}
# What an option's performance tells beside its rate.
_WORKED = (
    "ttft tpot batch chips_per_replica prefill_share mfu mbu memory_load compute_load"
).split()
_READ_ON_CURVES = (
    "breakeven_month cumulative_cost work_to_date cost_to_date breakeven_volume "
    "cost_by_volume"
).split()
VOLUMES = np.geomspace(1.0, 1e7, 141)


def compare(
    scenario: Scenario,
    base: dict[str, dict[str, Any]],
    sizing: str,
    anchor: str,
    *,
    curves: Curves,
    asked: tuple[str, ...] = (),
) -> Results:
    """Results of all options of a scenario from inputs in base units. [mixed].

    Parameters
    ----------
    scenario
        Names and choices. [choice]
    base
        Inputs by group in base units. [mixed]
    sizing
        How counts follow each other: match, demand or fixed. [choice]
    anchor
        Option whose count is given when sizing is match. [choice]
    curves
        Whether to keep the curves by month and by volume. [1]
    asked
        Studies whose outputs are wanted. [text]

    References
    ----------
    EQ-15, EQ-27, EQ-28, EQ-32, EQ-33.
    """
    unit, scale, words = WORK[scenario.workload.kind]
    works, costs = _options(scenario, base)
    shape = _shape(base)
    keys = tuple(scenario.options)
    demand = base["workload"]["demand"] * DEMANDED[scenario.workload.kind]
    counts = _counts(base, costs, keys, sizing, anchor, demand)
    whole = [
        installed(scenario, base, key, count)
        for key, count in zip(keys, counts, strict=True)
    ]
    costs = _filled(costs, counts, whole)
    table = {"installed": stacked(whole, shape)}
    table |= _table(costs, counts, scale, shape)
    table |= _physics(base, works, costs, counts, scale, shape)
    table |= _evens(base, table, costs, counts, scale, shape, curves=curves)
    studied = Context(scenario, base, works, costs, table, scale, shape)
    return Results(
        options=keys,
        labels=tuple(groups.option.label for groups in scenario.options.values()),
        reference=scenario.reference,
        work_unit=unit,
        work_label=words,
        notes=notes(scenario, base, works, costs, table),
        studies=studies.findings(asked, studied),
        **table,
    )


def _options(
    scenario: Scenario, base: dict[str, dict[str, Any]]
) -> tuple[list[Performance], list[Economics]]:
    """Performance and economics of one chip of each option."""
    works: list[Performance] = []
    costs: list[Economics] = []
    for key, groups in scenario.options.items():
        given = inputs_of(scenario, base, key)
        work = performance(scenario.workload, groups.option, given)
        costs.append(economics(groups.option, given, work))
        hosted = groups.option.acquisition == "api"
        works.append(bought(work) if hosted else work)
    return works, costs


def _filled(
    costs: list[Economics], counts: list[Array], whole: list[Array]
) -> list[Economics]:
    """Economics with the chips that fill up the last server or rack."""
    return [
        cost if more is count else filled(cost, more / count)
        for cost, count, more in zip(costs, counts, whole, strict=True)
    ]


def _shape(base: dict[str, dict[str, Any]]) -> tuple[int, ...]:
    """Shape that all inputs broadcast to; the door has checked that they do."""
    shapes = {
        v.shape for g in base.values() for v in g.values() if isinstance(v, np.ndarray)
    }
    return np.broadcast_shapes(*shapes)


def _counts(
    base: dict[str, dict[str, Any]],
    costs: list[Economics],
    keys: tuple[str, ...],
    sizing: str,
    anchor: str,
    demand: Array,
) -> list[Array]:
    """Chips of each option under the sizing rule, for work once use is as asked."""
    if sizing == "fixed":
        return [np.asarray(base[key]["count"], float) for key in keys]
    if sizing == "demand":
        target = demand
    else:
        target = base[anchor]["count"] * costs[keys.index(anchor)].reached
    return [target / cost.reached for cost in costs]


def _table(
    costs: list[Economics], counts: list[Array], scale: float, shape: tuple[int, ...]
) -> dict[str, Any]:
    """Levelised cost by line and in total, capital, one-off costs."""
    breakdown = _breakdown(costs, counts, scale, shape)
    total = breakdown.sum(axis=0)
    work = stacked([c.work for c in costs], shape)
    reached = stacked([c.reached for c in costs], shape)
    count = stacked(counts, shape)
    purchase = stacked([c.purchase for c in costs], shape)
    one_off = stacked([c.one_off for c in costs], shape)
    return {
        "count": count,
        "work_per_month": count * reached * MONTH / scale,
        "capex": one_off + count * purchase,
        "one_off": one_off,
        "breakdown": breakdown,
        "cost_per_token": total,
        "cost_per_hour": total * work / scale * HOUR,
    }


def _breakdown(
    costs: list[Economics], counts: list[Array], scale: float, shape: tuple[int, ...]
) -> Array:
    """Levelised cost of work by line, option and draw."""
    found = np.empty((len(tco.COST_LINES), len(costs), *shape))
    for place, (cost, count) in enumerate(zip(costs, counts, strict=True)):
        # nothing to spread is nothing, even over an unknown number of chips
        each = np.where(np.equal(cost.one_off, 0.0), 0.0, cost.one_off / count)
        lines = cost.lines | {"NRE": each * cost.recovery}
        nothing = 0.0 / cost.work * scale
        for row, name in enumerate(tco.COST_LINES):
            line = lines.get(name)
            worth = nothing if line is None else line / cost.work * scale
            found[row, place] = worth
    return found


def _physics(
    base: dict[str, dict[str, Any]],
    works: list[Performance],
    costs: list[Economics],
    counts: list[Array],
    scale: float,
    shape: tuple[int, ...],
) -> dict[str, Any]:
    """Throughput, latency, power and carbon of each option."""
    found: dict[str, Any] = {"token_rate": stacked([w.rate for w in works], shape)}
    for name in _WORKED:
        found[name] = stacked([getattr(w, name) for w in works], shape)
    for name in ("busy_power", "chip_power", "it_power", "facility_power"):
        found[name] = stacked([getattr(c, name) for c in costs], shape)
    limits = stacked([w.limited_by for w in works], shape).astype(int)
    priced = np.isfinite(
        stacked([c.one_off + sum(c.lines.values()) for c in costs], shape)
    )
    runs = np.isfinite(found["token_rate"])
    limits = np.where(runs & ~priced, UNPRICED, limits)
    site = base["site"]
    limit = [power.facility_power(c.provisioned_power, site["pue"]) for c in costs]
    fleet = [facility.fleet_power(n, p) for n, p in zip(counts, limit, strict=True)]
    energy = [power.energy_per_work(c.facility_power, c.mean_work) for c in costs]
    joules = stacked(energy, shape) * scale
    return found | {
        "limited_by": limits,
        "feasible": runs & priced,
        "site_power": stacked(fleet, shape) / 1e6,
        "energy_per_token": joules / 3.6e6,
        "carbon": facility.operational_carbon(joules, site["carbon_intensity"]) / 1e3,
    }


def _evens(
    base: dict[str, dict[str, Any]],
    table: dict[str, Any],
    costs: list[Economics],
    counts: list[Array],
    scale: float,
    shape: tuple[int, ...],
    *,
    curves: Curves,
) -> dict[str, Any]:
    """Everything by month and by volume, or nothing of it."""
    if curves == "cost":
        empty = dict.fromkeys(_READ_ON_CURVES, np.empty(0))
        return empty | {"months": np.empty(0), "volumes": VOLUMES}
    found = over_time(base, costs, counts, scale, shape, curves=bool(curves))
    return found | _over_volume(table, costs, scale, shape, curves=curves is True)


def _over_volume(
    table: dict[str, Any],
    costs: list[Economics],
    scale: float,
    shape: tuple[int, ...],
    *,
    curves: bool,
) -> dict[str, Any]:
    """Unit cost at each volume, and the volume that earns one-off costs back."""
    nre = table["breakdown"][tco.COST_LINES.index("NRE")]
    variable = table["cost_per_token"] - nre
    recovery = stacked([c.recovery for c in costs], shape)
    work = stacked([c.work for c in costs], shape) / scale
    volume = tco.breakeven_volume(
        table["one_off"], recovery, table["cost_per_token"][-1], variable, work
    )
    volume[-1] = np.nan
    found: dict[str, Any] = {"breakeven_volume": volume, "volumes": VOLUMES}
    if not curves:
        return found | {"cost_by_volume": np.empty(0)}
    per_chip = (table["one_off"] * recovery / work)[..., None] / VOLUMES
    return found | {"cost_by_volume": variable[..., None] + per_chip}
