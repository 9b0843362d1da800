"""The linear programme of a fleet as sparse rows, built without a loop over cells.

Columns are chips bought (K × Q), chips in use (K × W × Q), the common share of demand
that is served (Q, when work is the objective) and designs opened (K). Rows read
``A x <= b``; bounds are on the columns.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from scipy import sparse

from breakeven.models.base import Array
from breakeven.models.fleet import Fleet, remaining


@dataclass
class Programme:
    """Objective (to be small), rows by name, bounds, and which columns are whole."""

    cost: Array
    upper: Array
    whole: Array
    shape: tuple[int, int, int]
    names: dict[str, slice] = field(default_factory=dict)
    limits: list[Array] = field(default_factory=list)
    entries: list[tuple[Array, Array, Array]] = field(default_factory=list)
    height: int = 0

    def add(self, name: str, rows: Any, columns: Any, values: Any, limit: Any) -> None:
        """Append a block of rows; ``rows`` count from 0 within it."""
        limit = np.atleast_1d(np.asarray(limit, float))
        self.entries.append((rows + self.height, columns, values))
        self.names[name] = slice(self.height, self.height + limit.size)
        self.limits.append(limit)
        self.height += limit.size

    @property
    def matrix(self) -> sparse.csr_array:
        """All rows as one sparse matrix."""
        rows, columns, values = (
            np.concatenate(part) for part in zip(*self.entries, strict=True)
        )
        size = (self.height, self.cost.size)
        return sparse.csr_array((values, (rows, columns)), shape=size)

    @property
    def limit(self) -> Array:
        """Right-hand sides of all rows."""
        return np.concatenate(self.limits)


@dataclass(frozen=True)
class Columns:
    """Where each kind of column stands."""

    bought: Array
    used: Array
    scale: Array
    opened: Array


def columns(fleet: Fleet) -> Columns:
    """Position of each column of the programme. [1].

    Parameters
    ----------
    fleet
        Chips, workloads and caps. [mixed]

    References
    ----------
    Own definition.
    """
    chips, works, quarters = fleet.shape
    sizes = (chips * quarters, chips * works * quarters, 0, chips)
    if fleet.objective == "tokens":
        sizes = (*sizes[:2], quarters, chips)
    ends = np.cumsum((0, *sizes))
    parts = [np.arange(a, b) for a, b in pairwise(ends)]
    return Columns(
        parts[0].reshape(chips, quarters),
        parts[1].reshape(chips, works, quarters),
        parts[2],
        parts[3],
    )


def programme(fleet: Fleet, *, whole_racks: bool = False) -> Programme:
    """Linear programme of a fleet. [mixed].

    Parameters
    ----------
    fleet
        Chips, workloads and caps. [mixed]
    whole_racks
        Whether chips are bought in whole racks. [1]

    References
    ----------
    EQ-39.
    """
    at = columns(fleet)
    designs = fleet.one_off > 0.0
    upper = np.concatenate([
        fleet.supply.ravel(),
        np.where(_able(fleet), np.inf, 0.0).ravel(),
        np.full(at.scale.size, np.inf),
        np.where(designs, 1.0, 0.0),
    ])  # fmt: skip
    whole = np.zeros(upper.size, bool)
    whole[at.opened] = designs
    whole[at.bought] = whole_racks
    found = Programme(_objective(fleet, at), upper, whole, fleet.shape)
    _add_fleet(found, fleet, at)
    _add_caps(found, fleet, at)
    _add_shares(found, fleet, at)
    _add_demand(found, fleet, at)
    _add_designs(found, fleet, at, designs)
    return found


def _able(fleet: Fleet) -> Array:
    """Whether a chip serves a workload in a quarter."""
    able = np.isfinite(fleet.rate) & (fleet.rate > 0) & np.isfinite(fleet.running)
    return np.broadcast_to(able[..., None], fleet.shape)


def work_rate(fleet: Fleet) -> Array:
    """Rates with 0 where a chip cannot serve a workload. [1/s].

    Parameters
    ----------
    fleet
        Chips, workloads and caps. [mixed]

    References
    ----------
    Own definition.
    """
    return np.where(_able(fleet)[..., 0], np.nan_to_num(fleet.rate), 0.0)


def _objective(fleet: Fleet, at: Columns) -> Array:
    """Cost of each column: present dollars, or work with its sign turned."""
    cost = np.zeros(at.opened[-1] + 1)
    if fleet.objective == "tokens":
        asked = np.where(np.isfinite(fleet.demand), fleet.demand, 1.0)
        cost[at.scale] = -asked.sum(axis=0) * fleet.period
        return cost
    left = remaining(fleet)
    time = fleet.discount * fleet.period
    cost[at.bought] = fleet.charge * left
    cost[at.used] = np.nan_to_num(fleet.running)[..., None] * time
    cost[at.opened] = fleet.one_off_charge * left[0]
    if fleet.objective == "margin":
        earned = work_rate(fleet)[..., None] * np.nan_to_num(fleet.price) * time
        cost[at.used] -= earned
    return cost


def _add_fleet(found: Programme, fleet: Fleet, at: Columns) -> None:
    """Chips in use are chips installed so far."""
    chips, _, quarters = fleet.shape
    k, w, q = np.indices(fleet.shape).reshape(3, -1)
    a, late, early = np.indices((chips, quarters, quarters)).reshape(3, -1)
    past = early <= late
    a, late, early = a[past], late[past], early[past]
    found.add(
        "fleet",
        np.concatenate([k * quarters + q, a * quarters + late]),
        np.concatenate([at.used[k, w, q], at.bought[a, early]]),
        np.concatenate([np.ones(k.size), -np.ones(a.size)]),
        np.repeat(fleet.existing, quarters),
    )


def _add_caps(found: Programme, fleet: Fleet, at: Columns) -> None:
    """Facility power in each quarter, and money for all purchases."""
    k, w, q = np.indices(fleet.shape).reshape(3, -1)
    if np.isfinite(fleet.power_cap).any():
        kept = np.isfinite(fleet.power_cap)[q]
        cap = np.where(np.isfinite(fleet.power_cap), fleet.power_cap, 0.0)
        found.add("power", q[kept], at.used[k, w, q][kept], fleet.power[k][kept], cap)
    if np.isfinite(fleet.budget):
        places = np.concatenate([at.bought.ravel(), at.opened])
        paid = np.concatenate([fleet.purchase.ravel(), fleet.one_off])
        found.add("budget", np.zeros(places.size, int), places, paid, fleet.budget)


def _add_shares(found: Programme, fleet: Fleet, at: Columns) -> None:
    """Most and least share of vendors in the weight in use over all quarters."""
    k, w, q = np.indices(fleet.shape).reshape(3, -1)
    rules = [(f"most:{v}", v, s, 1.0) for v, s in fleet.most_share.items()]
    rules += [(f"least:{v}", v, s, -1.0) for v, s in fleet.least_share.items()]
    for name, vendor, share, sign in rules:
        part = sign * fleet.weight * (fleet.of(vendor) - share)
        found.add(name, np.zeros(k.size, int), at.used[k, w, q], part[k], 0.0)


def _add_demand(found: Programme, fleet: Fleet, at: Columns) -> None:
    """Work served: all that is asked for, at most that, or one share of it."""
    _, works, quarters = fleet.shape
    k, w, q = np.indices(fleet.shape).reshape(3, -1)
    rate, rows = work_rate(fleet)[k, w], w * quarters + q
    if fleet.objective == "margin":
        capped = np.isfinite(fleet.demand).ravel()
        kept = capped[rows]
        limit = np.where(capped, np.nan_to_num(fleet.demand, posinf=0.0).ravel(), 0.0)
        found.add("demand", rows[kept], at.used[k, w, q][kept], rate[kept], limit)
        return
    asked = np.where(np.isfinite(fleet.demand), fleet.demand, 1.0)
    if fleet.objective == "cost":
        found.add("demand", rows, at.used[k, w, q], -rate, -asked.ravel())
        return
    b, p = np.indices((works, quarters)).reshape(2, -1)
    found.add(
        "demand",
        np.concatenate([rows, b * quarters + p]),
        np.concatenate([at.used[k, w, q], at.scale[p]]),
        np.concatenate([-rate, asked[b, p]]),
        np.zeros(works * quarters),
    )


def _add_designs(found: Programme, fleet: Fleet, at: Columns, designs: Any) -> None:
    """A chip is bought only once its one-off cost is paid."""
    if not designs.any():
        return
    quarters = fleet.shape[2]
    most = most_bought(fleet)
    k, q = np.indices((len(designs), quarters)).reshape(2, -1)
    every = np.arange(len(designs))
    found.add(
        "design",
        np.concatenate([k, every]),
        np.concatenate([at.bought[k, q], at.opened]),
        np.concatenate([designs[k].astype(float), np.where(designs, -most, 0.0)]),
        np.zeros(len(designs)),
    )


def most_bought(fleet: Fleet) -> Array:
    """Most chips of each kind that supply, budget, power or demand could hold. [1].

    Parameters
    ----------
    fleet
        Chips, workloads and caps. [mixed]

    References
    ----------
    Own definition: a bound that no sensible plan reaches, for scaling and designs.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        paid = fleet.budget / fleet.purchase.min(axis=1)
        fed = np.nanmax(fleet.power_cap) / fleet.power
        rate = work_rate(fleet)
        asked = np.where(np.isfinite(fleet.demand), fleet.demand, np.inf).max(axis=1)
        busy = np.where(rate > 0, asked / rate, 0.0).sum(axis=1)
    if fleet.objective == "tokens":
        busy = np.full(rate.shape[0], np.inf)
    every = np.stack([fleet.supply.sum(axis=1), paid, fed, busy])
    every = np.where(np.isnan(every), np.inf, every)
    least = every.min(axis=0)
    known = least[np.isfinite(least)]
    return np.where(np.isfinite(least), least, known.max() if known.size else 1e9)
