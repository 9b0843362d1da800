"""Options side by side: each one's economics, sized to each other, over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from breakeven.models import amortization, facility, power, studies, tco
from breakeven.models.base import Array
from breakeven.models.economics import MONTH, Economics, economics
from breakeven.models.given import inputs_of
from breakeven.models.notes import notes
from breakeven.models.performance import Performance, bought, performance
from breakeven.models.results import UNPRICED, Curves, Results
from breakeven.models.study import Context
from breakeven.models.units import HOUR

if TYPE_CHECKING:
    from breakeven.models.scenario import Scenario

# Work is counted in these units: name, size in base units, words.
WORK = {
    "serving": ("Mtoken", 1e6, "million output tokens"),
    "training": ("Mtoken", 1e6, "million trained tokens"),
    "cpu": ("core-hour", 3600.0, "core-hour"),
}
# What an option's performance tells beside its rate.
_WORKED = (
    "ttft tpot batch chips_per_replica prefill_share mfu mbu memory_load compute_load"
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
    works: list[Performance] = []
    costs: list[Economics] = []
    for key, groups in scenario.options.items():
        given = inputs_of(scenario, base, key)
        work = performance(scenario.workload, groups.option, given)
        costs.append(economics(groups.option, given, work))
        hosted = groups.option.acquisition == "api"
        works.append(bought(work) if hosted else work)
    shape = _shape(base)
    keys = tuple(scenario.options)
    counts = _counts(base, costs, keys, sizing, anchor)
    table = _table(costs, counts, scale, shape)
    table |= _physics(base, works, costs, counts, scale, shape)
    table |= _over_time(base, costs, counts, scale, shape, curves=bool(curves))
    table |= _over_volume(table, costs, scale, shape, curves=curves is True)
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


def _shape(base: dict[str, dict[str, Any]]) -> tuple[int, ...]:
    """Shape that all inputs broadcast to; the door has checked that they do."""
    return np.broadcast_shapes(
        *(np.shape(v) for g in base.values() for v in g.values())
    )


def _counts(
    base: dict[str, dict[str, Any]],
    costs: list[Economics],
    keys: tuple[str, ...],
    sizing: str,
    anchor: str,
) -> list[Array]:
    """Chips of each option under the sizing rule."""
    if sizing == "fixed":
        return [np.asarray(base[key]["count"], float) for key in keys]
    if sizing == "demand":
        target = base["workload"]["demand"]
    else:
        target = base[anchor]["count"] * costs[keys.index(anchor)].work
    return [target / cost.work for cost in costs]


def _stack(values: list[Any], shape: tuple[int, ...]) -> Array:
    return np.stack([np.broadcast_to(np.asarray(v, float), shape) for v in values])


def _table(
    costs: list[Economics], counts: list[Array], scale: float, shape: tuple[int, ...]
) -> dict[str, Any]:
    """Levelised cost by line and in total, capital, one-off costs."""
    zero = np.asarray(0.0)
    lines = []
    for name in tco.COST_LINES:
        row = []
        for cost, count in zip(costs, counts, strict=True):
            value = cost.lines.get(name, zero)
            if name == "NRE":
                # nothing to spread is nothing, even over an unknown number of chips
                each = np.where(np.equal(cost.one_off, 0.0), 0.0, cost.one_off / count)
                value = each * cost.recovery
            row.append(value / cost.work * scale)
        lines.append(_stack(row, shape))
    breakdown = np.stack(lines)
    total = breakdown.sum(axis=0)
    work = _stack([c.work for c in costs], shape)
    count = _stack(counts, shape)
    purchase = _stack([c.purchase for c in costs], shape)
    one_off = _stack([c.one_off for c in costs], shape)
    return {
        "count": count,
        "work_per_month": count * work * MONTH / scale,
        "capex": one_off + count * purchase,
        "one_off": one_off,
        "breakdown": breakdown,
        "cost_per_token": total,
        "cost_per_hour": total * work / scale * HOUR,
    }


def _physics(
    base: dict[str, dict[str, Any]],
    works: list[Performance],
    costs: list[Economics],
    counts: list[Array],
    scale: float,
    shape: tuple[int, ...],
) -> dict[str, Any]:
    """Throughput, latency, power and carbon of each option."""
    found: dict[str, Any] = {"token_rate": _stack([w.rate for w in works], shape)}
    for name in _WORKED:
        found[name] = _stack([getattr(w, name) for w in works], shape)
    for name in ("busy_power", "chip_power", "it_power", "facility_power"):
        found[name] = _stack([getattr(c, name) for c in costs], shape)
    limits = _stack([w.limited_by for w in works], shape).astype(int)
    priced = np.isfinite(
        _stack([c.one_off + sum(c.lines.values()) for c in costs], shape)
    )
    runs = np.isfinite(found["token_rate"])
    limits = np.where(runs & ~priced, UNPRICED, limits)
    site = base["site"]
    limit = [power.facility_power(c.provisioned_power, site["pue"]) for c in costs]
    fleet = [facility.fleet_power(n, p) for n, p in zip(counts, limit, strict=True)]
    energy = [power.energy_per_work(c.facility_power, c.work) for c in costs]
    joules = _stack(energy, shape) * scale
    return found | {
        "limited_by": limits,
        "feasible": runs & priced,
        "site_power": _stack(fleet, shape) / 1e6,
        "energy_per_token": joules / 3.6e6,
        "carbon": facility.operational_carbon(joules, site["carbon_intensity"]) / 1e3,
    }


def _over_time(
    base: dict[str, dict[str, Any]],
    costs: list[Economics],
    counts: list[Array],
    scale: float,
    shape: tuple[int, ...],
    *,
    curves: bool,
) -> dict[str, Any]:
    """Cumulative cost, cost to date and the month of crossing."""
    months, fleet = _fleet(base["finance"])
    residual = _last(base["finance"]["residual_value"])
    output = [count * cost.work for count, cost in zip(counts, costs, strict=True)]
    spending = [
        (cost.one_off, count * cost.purchase, count * (cost.running * MONTH))
        for cost, count in zip(costs, counts, strict=True)
    ]

    def spent(one_off: Array, bought: Array, monthly: Array) -> Array:
        flows = (_last(one_off), np.asarray(1.0), _last(bought))
        return amortization.cumulative_cost(*flows, residual, _last(monthly), fleet)

    crossing = [
        amortization.crossing_month(spent(*_beyond(own, spending[-1], share)), months)
        for own, share in zip(
            spending[:-1], (work / output[-1] for work in output), strict=False
        )
    ]
    crossing.append(np.asarray(np.nan))  # an option does not overtake itself
    found = {"breakeven_month": _stack(crossing, shape), "months": months}
    if not curves:
        return found | dict.fromkeys(("cumulative_cost", "cost_to_date"), np.empty(0))
    total = [spent(*parts) for parts in spending]
    to_date = [
        amortization.cost_to_date(money, _last(work * MONTH), fleet.operation) * scale
        for money, work in zip(total, output, strict=True)
    ]
    spread = (*shape, months.size)
    curve = {"cumulative_cost": _stack(total, spread)}
    return found | curve | {"cost_to_date": _stack(to_date, spread)}


def _beyond(
    own: tuple[Array, Array, Array], rival: tuple[Array, Array, Array], share: Array
) -> tuple[Array, Array, Array]:
    """What an option spends beyond a rival's fleet that does the same work.

    One-off costs, purchases and costs a month; cumulative cost is linear in them. The
    rival's chips scale with the work, what it pays once does not.
    """
    return own[0] - rival[0], own[1] - rival[1] * share, own[2] - rival[2] * share


def _fleet(finance: dict[str, Any]) -> tuple[Array, amortization.Schedule]:
    """Months of the horizon, and the schedule of a fleet over them."""
    if np.ndim(finance["horizon"]):
        raise ValueError(
            "finance.horizon is the length of the month axis: one value only"
        )
    months = np.arange(0.0, np.floor(finance["horizon"] / MONTH) + 1.0)
    period = _last(finance["deployment_period"] / MONTH)
    return months, amortization.schedule(months, period, _last(finance["life"] / MONTH))


def _last(value: Any) -> Array:
    """A value with one more axis at the end, for the months."""
    return np.asarray(value, float)[..., None]


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
    recovery = _stack([c.recovery for c in costs], shape)
    work = _stack([c.work for c in costs], shape) / scale
    volume = tco.breakeven_volume(
        table["one_off"], recovery, table["cost_per_token"][-1], variable, work
    )
    volume[-1] = np.nan
    found: dict[str, Any] = {"breakeven_volume": volume, "volumes": VOLUMES}
    if not curves:
        return found | {"cost_by_volume": np.empty(0)}
    per_chip = (table["one_off"] * recovery / work)[..., None] / VOLUMES
    return found | {"cost_by_volume": variable[..., None] + per_chip}
