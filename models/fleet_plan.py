"""The best mix of a fleet by HiGHS, with its shadow prices.

Rows and columns are scaled before they are solved: watts, dollars and tokens differ by
twelve orders of magnitude, the solver's tolerances are absolute.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, linprog, milp

from breakeven.models.base import Array
from breakeven.models.fleet import (
    INFEASIBLE,
    OPTIMAL,
    UNBOUNDED,
    Fleet,
    Plan,
    Worth,
    present_cost,
)
from breakeven.models.fleet_rows import (
    Columns,
    Programme,
    columns,
    most_bought,
    programme,
    work_rate,
)

_STATUS = {0: OPTIMAL, 1: OPTIMAL, 2: INFEASIBLE, 3: UNBOUNDED}  # 1: out of time
SECONDS = 10.0  # after which the best whole racks found so far are taken
GAP = 1e-4  # by which whole racks or designs may be off the best


@dataclass(frozen=True)
class Solution:
    """Columns of an optimum, and what one more of each row or bound adds to it."""

    status: str
    value: float
    columns: Array
    rows_worth: Array
    bounds_worth: Array


def best_plan(fleet: Fleet, *, whole_racks: bool = False) -> Plan:
    """Best mix of a fleet, or why there is none. [mixed].

    Shadow prices are those of the mix with its designs as chosen and racks divisible.

    Parameters
    ----------
    fleet
        Chips, workloads and caps. [mixed]
    whole_racks
        Whether chips are bought in whole racks. [1]

    References
    ----------
    EQ-39; Q. Huangfu and J. A. J. Hall, "Parallelizing the dual revised simplex
    method," Math. Prog. Comp. 10, 2018, doi:10.1007/s12532-017-0130-5 (HiGHS).
    """
    rows = programme(fleet, whole_racks=whole_racks)
    racks = fleet.rack if whole_racks else None
    size = sizes(fleet, racks)
    whole = solution(rows, size) if rows.whole.any() else None
    if whole is not None and whole.status != OPTIMAL:
        return _plan(fleet, whole, None)
    at = columns(fleet)
    if whole is not None:
        rows = replace(rows, whole=np.zeros_like(rows.whole), upper=rows.upper.copy())
        opened = np.round(whole.columns[at.opened])
        fixed = replace(fleet, one_off=np.zeros_like(fleet.one_off))
        rows = _with_opened(fleet, fixed, opened)
    found = solution(rows, sizes(fleet, None))
    if whole is None:
        return _plan(fleet, found, worth(fleet, rows, found))
    return _plan(fleet, whole, worth(fleet, rows, found))


def _with_opened(fleet: Fleet, fixed: Fleet, opened: Array) -> Programme:
    """Programme with the designs that are opened paid for, the others not for sale."""
    closed = (fleet.one_off > 0) & (opened < 0.5)
    paid = float((fleet.one_off * opened).sum())
    return programme(
        replace(
            fixed,
            supply=np.where(closed[:, None], 0.0, fleet.supply),
            budget=fleet.budget - paid,
        )
    )


def sizes(fleet: Fleet, racks: Array | None) -> Array:
    """Size of the unit in which each column is solved. [1].

    Parameters
    ----------
    fleet
        Chips, workloads and caps. [mixed]
    racks
        Chips of a rack, when racks are whole. [1]

    References
    ----------
    Own definition.
    """
    at = columns(fleet)
    most = np.maximum(most_bought(fleet), 1e-6)
    size = np.ones(at.opened[-1] + 1)
    size[at.used] = most[:, None, None]
    size[at.bought] = (most if racks is None else racks)[:, None]
    if at.scale.size:
        asked = np.where(np.isfinite(fleet.demand), fleet.demand, 1.0).max(axis=1)
        made = (work_rate(fleet) * most[:, None]).sum(axis=0)
        share = made / np.where(asked > 0, asked, 1.0)
        size[at.scale] = max(float(share[share > 0].min(initial=np.inf)), 1e-12)
        size[~np.isfinite(size)] = 1.0
    return size


def solution(rows: Programme, size: Array) -> Solution:
    """Optimum of a programme; columns are solved in units of ``size``. [mixed].

    Parameters
    ----------
    rows
        The programme. [mixed]
    size
        Unit of each column. [mixed]

    References
    ----------
    As :func:`best_plan`.
    """
    matrix = rows.matrix @ sparse.diags_array(size)
    largest = abs(matrix).max(axis=1).toarray().ravel()
    scale = np.where(largest > 0, largest, 1.0)
    matrix = sparse.diags_array(1.0 / scale) @ matrix
    limit, cost = rows.limit / scale, rows.cost * size
    unit = float(np.abs(cost).max()) or 1.0
    upper = rows.upper / size
    solve = _mixed if rows.whole.any() else _linear
    found = solve(cost / unit, sparse.csc_array(matrix), limit, upper, rows.whole)
    status = _STATUS.get(found.status, INFEASIBLE)
    if found.x is None or status != OPTIMAL:
        nothing = np.full(size.size, np.nan)
        why = INFEASIBLE if status == OPTIMAL else status
        return Solution(why, np.nan, nothing, nothing[:0], nothing)
    by_row = np.full(rows.height, np.nan)
    by_bound = np.full(size.size, np.nan)
    if not rows.whole.any():
        by_row = -found.ineqlin.marginals * unit / scale
        by_bound = -found.upper.marginals * unit / size
    return Solution(status, float(found.fun * unit), found.x * size, by_row, by_bound)


def _linear(
    cost: Array, matrix: sparse.csc_array, limit: Array, upper: Array, whole: Array
) -> OptimizeResult:
    """Optimum without whole numbers."""
    bounds = np.stack([np.zeros_like(upper), upper], axis=1)
    return linprog(cost, A_ub=matrix, b_ub=limit, bounds=bounds, method="highs")


def _mixed(
    cost: Array, matrix: sparse.csc_array, limit: Array, upper: Array, whole: Array
) -> OptimizeResult:
    """Optimum with whole numbers; its unboundedness shows in the relaxation."""
    upper = np.where(whole, np.floor(upper + 1e-9), upper)
    found = milp(
        cost,
        integrality=whole.astype(int),
        bounds=Bounds(0.0, upper),
        constraints=LinearConstraint(matrix, -np.inf, limit),
        options={"time_limit": SECONDS, "mip_rel_gap": GAP},
    )
    if found.x is None and found.status == 4:
        return _linear(cost, matrix, limit, upper, whole)
    return found


def worth(fleet: Fleet, rows: Programme, found: Solution) -> Worth | None:
    """Shadow prices of the caps. [mixed].

    A vendor's share stands in front of the weight in use: what one more of it is worth
    is the row's shadow price times that weight.

    Parameters
    ----------
    fleet
        Chips, workloads and caps. [mixed]
    rows
        The programme that was solved. [mixed]
    found
        Its solution. [mixed]

    References
    ----------
    G. B. Dantzig, "Linear Programming and Extensions," Princeton, 1963, ch. 12.
    """
    if found.status != OPTIMAL:
        return None
    at = columns(fleet)
    _, works, quarters = fleet.shape

    def of(name: str, size: int) -> Array:
        place = rows.names.get(name)
        return np.zeros(size) if place is None else found.rows_worth[place]

    used = found.columns[at.used].sum(axis=1)
    weight = float((fleet.weight[:, None] * used).sum())
    return Worth(
        power=of("power", quarters),
        budget=float(of("budget", 1)[0]),
        supply=found.bounds_worth[at.bought],
        demand=of("demand", works * quarters).reshape(works, quarters),
        most_share={v: float(of(f"most:{v}", 1)[0]) * weight for v in fleet.most_share},
        least_share={
            v: float(of(f"least:{v}", 1)[0]) * weight for v in fleet.least_share
        },
    )


def _plan(fleet: Fleet, found: Solution, prices: Worth | None) -> Plan:
    """Columns of a solution as a plan."""
    at: Columns = columns(fleet)
    x = found.columns
    used = x[at.used]
    bought = _rented_late(fleet, x[at.bought], used.sum(axis=1))
    opened = np.round(x[at.opened])
    served = (work_rate(fleet)[..., None] * used).sum(axis=0)
    time = fleet.discount * fleet.period
    value = found.value if fleet.objective == "cost" else -found.value
    return Plan(
        status=found.status,
        objective=fleet.objective,
        value=value,
        bought=bought,
        installed=fleet.existing[:, None] + np.cumsum(bought, axis=1),
        used=used,
        served=served,
        power=(fleet.power[:, None] * used.sum(axis=1)).sum(axis=0),
        spend=float((fleet.purchase * bought).sum() + (fleet.one_off * opened).sum()),
        cost=float(
            present_cost(
                replace(fleet, running=np.nan_to_num(fleet.running)),
                bought,
                used,
                opened,
            )
        ),
        revenue=float((np.nan_to_num(fleet.price) * served * time).sum()),
        opened=opened,
        worth=prices,
    )


def _rented_late(fleet: Fleet, bought: Array, in_use: Array) -> Array:
    """Purchases of chips that cost nothing while idle, no earlier than they are used.

    Such chips are rented: the programme is indifferent to when it takes them.
    """
    free = (fleet.purchase == 0.0).all(axis=1) & (fleet.charge == 0.0).all(axis=1)
    due = np.maximum(in_use - fleet.existing[:, None], 0.0)
    for q in range(due.shape[1] - 2, -1, -1):
        due[:, q] = np.maximum(due[:, q], due[:, q + 1] - fleet.supply[:, q + 1])
    due = np.minimum(np.maximum.accumulate(due, axis=1), np.cumsum(bought, axis=1))
    late = np.diff(due, axis=1, prepend=0.0)
    return np.where(free[:, None], late, bought)
