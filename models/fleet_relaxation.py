"""Caps that cannot all be kept: which ones bind, and how little more would do.

An infeasible programme has no shadow prices. Each cap in turn gets one elastic column,
the smallest of which is the least that has to be added to that cap alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from breakeven.models.base import Array
from breakeven.models.fleet import OPTIMAL, Fleet
from breakeven.models.fleet_plan import Solution, sizes, solution
from breakeven.models.fleet_rows import Programme, columns, programme, work_rate

SLACK = 1e-7  # by which a relaxed cap is relaxed beyond its least, share of the cap
STEPS = 12  # most steps to the least share of a vendor


@dataclass(frozen=True)
class Relaxation:
    """Least change of one cap that makes a fleet feasible, all other caps kept.

    ``cap`` is power, budget, supply, demand, most or least; ``vendor`` names whose
    supply or share it is, empty for all. ``amount`` is added to the cap in its unit:
    watts in every quarter, dollars, or a share (of supply, of demand that is left
    unserved, of the fleet). ``relative`` is the amount over the cap.
    """

    cap: str
    vendor: str
    amount: float
    relative: float


def unserved(fleet: Fleet) -> tuple[str, ...]:
    """Workloads that no chip of the fleet can serve. [text].

    Parameters
    ----------
    fleet
        Chips, workloads and caps. [mixed]

    References
    ----------
    Own definition.
    """
    able = work_rate(fleet).max(axis=0, initial=0.0) > 0
    asked = np.nan_to_num(fleet.demand, posinf=1.0).max(axis=1) > 0
    return tuple(
        w for w, a, d in zip(fleet.workloads, able, asked, strict=True) if d and not a
    )


def relaxations(fleet: Fleet) -> tuple[Relaxation, ...]:
    """Every cap that alone could give way, the smallest relative change first. [mixed].

    A cap that is not named does not bind: no amount of it alone would do.

    Parameters
    ----------
    fleet
        A fleet without a feasible mix. [mixed]

    References
    ----------
    J. W. Chinneck, "Feasibility and Infeasibility in Optimization," Springer, 2008,
    ch. 6 (elastic programmes).
    """
    fleet = replace(fleet, objective="cost")
    found = [_elastic(fleet, *which) for which in _elastic_caps(fleet)]
    for cap, shares in (("most", fleet.most_share), ("least", fleet.least_share)):
        found += [_share(fleet, cap, vendor) for vendor in shares]
    known = [item for item in found if item is not None]
    return tuple(sorted(known, key=lambda item: item.relative))


def together(fleet: Fleet) -> tuple[Relaxation, ...]:
    """Least sum of relative changes of power, budget and supply that will do. [mixed].

    Empty when no amount of the three would: shares of vendors stand in the way.

    Parameters
    ----------
    fleet
        A fleet without a feasible mix. [mixed]

    References
    ----------
    As :func:`relaxations`.
    """
    fleet = replace(fleet, objective="cost")
    rows = programme(fleet)
    first, levels = rows.cost.size, list[float]()
    caps = [
        cap for cap, vendor in _elastic_caps(fleet) if not vendor and cap != "demand"
    ]
    for cap in caps:
        levels.append(_stretch(rows, fleet, cap, "", first + len(levels)))
    found = _least(rows, fleet, np.array(levels))
    if found is None:
        return ()
    amounts = found.columns[first:]
    return tuple(
        Relaxation(cap, "", float(amount), float(amount / level))
        for cap, amount, level in zip(caps, amounts, levels, strict=True)
        if amount > SLACK * level
    )


def relaxed(fleet: Fleet, change: Relaxation) -> Fleet:
    """Fleet with one cap relaxed, by a hair more than the least. [mixed].

    Parameters
    ----------
    fleet
        Chips, workloads and caps. [mixed]
    change
        The cap and by how much. [mixed]

    References
    ----------
    Own definition.
    """
    more = change.amount * (1.0 + SLACK) + SLACK * 1e-3
    if change.cap == "power":
        return replace(fleet, power_cap=fleet.power_cap + more)
    if change.cap == "budget":
        return replace(fleet, budget=fleet.budget + more)
    if change.cap == "demand":
        return replace(fleet, demand=fleet.demand * max(0.0, 1.0 - more))
    if change.cap == "supply":
        grown = np.where(_chips(fleet, change.vendor), 1.0 + more, 1.0)
        return replace(fleet, supply=fleet.supply * grown[:, None])
    if change.cap == "most":
        share = min(1.0, fleet.most_share[change.vendor] + more)
        return replace(fleet, most_share={**fleet.most_share, change.vendor: share})
    share = max(0.0, fleet.least_share[change.vendor] - more)
    return replace(fleet, least_share={**fleet.least_share, change.vendor: share})


def _chips(fleet: Fleet, vendor: str) -> Any:
    return fleet.of(vendor) if vendor else np.ones(len(fleet.chips), bool)


def _elastic_caps(fleet: Fleet) -> Iterator[tuple[str, str]]:
    """Caps that get a column, and whose they are."""
    if np.isfinite(fleet.power_cap).any():
        yield "power", ""
    if np.isfinite(fleet.budget):
        yield "budget", ""
    yield "demand", ""
    if np.isfinite(fleet.supply).any():
        yield "supply", ""
        for vendor in dict.fromkeys(fleet.vendors):
            yield "supply", vendor


def _elastic(fleet: Fleet, cap: str, vendor: str) -> Relaxation | None:
    """Least of one elastic column; None when no amount of it would do."""
    rows = programme(fleet)
    level = _stretch(rows, fleet, cap, vendor, rows.cost.size)
    found = _least(rows, fleet, np.array([level]))
    if found is None:
        return None
    amount = float(found.columns[-1])
    return Relaxation(cap, vendor, amount, amount / level)


def _stretch(rows: Programme, fleet: Fleet, cap: str, vendor: str, place: int) -> float:
    """Let a column at ``place`` stretch a cap; the size of the cap."""
    level = 1.0
    if cap == "power":
        level = float(fleet.power_cap[np.isfinite(fleet.power_cap)].max(initial=0.0))
    elif cap == "budget":
        level = float(fleet.budget)
    elif cap == "supply":
        _supply_rows(rows, fleet, vendor)
    inner = rows.names[cap]
    every = np.arange(inner.start, inner.stop)
    values = np.full(every.size, -1.0)
    if cap == "demand":
        values = np.where(np.isfinite(fleet.demand), -fleet.demand, -1.0).ravel()
    elif cap == "supply":
        values = -rows.limit[inner]
    rows.entries.append((every, np.full(every.size, place), values))
    return level or 1.0


def _supply_rows(rows: Programme, fleet: Fleet, vendor: str) -> None:
    """Supply as rows rather than bounds, so that it can stretch."""
    at = columns(fleet)
    stretched = np.isfinite(fleet.supply) & _chips(fleet, vendor)[:, None]
    places = at.bought[stretched]
    rows.upper[places] = np.inf
    every = np.arange(places.size)
    rows.add("supply", every, places, np.ones(places.size), fleet.supply[stretched])


def _least(rows: Programme, fleet: Fleet, levels: Array) -> Solution | None:
    """Solution with the least sum of the new columns over their levels."""
    rows.cost = np.append(np.zeros_like(rows.cost), 1.0 / levels)
    rows.upper = np.append(rows.upper, np.full(levels.size, np.inf))
    rows.whole = np.append(rows.whole, np.zeros(levels.size, bool))
    found = solution(rows, np.append(sizes(fleet, None), levels))
    return found if found.status == OPTIMAL else None


def _share(fleet: Fleet, cap: str, vendor: str) -> Relaxation | None:
    """Least change of a vendor's share, by Dinkelbach's method for a ratio."""
    shares = fleet.most_share if cap == "most" else fleet.least_share
    kept = {v: s for v, s in shares.items() if v != vendor}
    if cap == "most":
        free = replace(fleet, most_share=kept)
    else:
        free = replace(fleet, least_share=kept)
    sign = 1.0 if cap == "most" else -1.0
    rows, at = programme(free), columns(free)
    share, best = shares[vendor], None
    for _ in range(STEPS):
        part = (
            sign * fleet.weight * (fleet.of(vendor) - (share if best is None else best))
        )
        cost = np.zeros_like(rows.cost)
        cost[at.used] = np.broadcast_to(part[:, None, None], fleet.shape)
        found = solution(replace(rows, cost=cost), sizes(free, None))
        if found.status != OPTIMAL:
            return None
        now = _attained(fleet, found.columns[at.used], vendor)
        if best is not None and abs(now - best) < 1e-9:
            break
        best = now
    amount = sign * ((share if best is None else best) - share)
    return Relaxation(cap, vendor, max(0.0, amount), max(0.0, amount))


def _attained(fleet: Fleet, used: Array, vendor: str) -> float:
    """Share of a vendor in the weight in use."""
    weight = fleet.weight * used.sum(axis=(1, 2))
    return float(weight[fleet.of(vendor)].sum() / weight.sum()) if weight.sum() else 0.0
