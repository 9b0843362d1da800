"""What a vendor's delay, cut or price does to a fleet, and what diversity costs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from breakeven.models.base import Array
from breakeven.models.fleet import Fleet, Plan
from breakeven.models.fleet_plan import best_plan

MOST_SOLVED = 40  # programmes of one frontier
SAMPLES = 25  # of a frontier that is not concave, for its designs
NEAR = 1e-4  # share of the value to which a frontier is found
EDGE = 1e-3  # share to which the least feasible level is found


def delayed(fleet: Fleet, vendor: str, quarters: float) -> Fleet:
    """Fleet whose vendor delivers everything some quarters later. [mixed].

    A part of a quarter moves that part of each delivery. What would come after the last
    quarter does not come.

    Parameters
    ----------
    fleet
        Chips, workloads and caps. [mixed]
    vendor
        Vendor, or a single chip. [text]
    quarters
        Length of the delay. [1]

    References
    ----------
    Own definition.
    """
    whole, part = int(np.floor(quarters)), quarters - np.floor(quarters)
    late = _shifted(fleet.supply, whole)
    if part:
        late = _mixed(late, _shifted(fleet.supply, whole + 1), part)
    return replace(
        fleet, supply=np.where(fleet.of(vendor)[:, None], late, fleet.supply)
    )


def _shifted(supply: Array, quarters: int) -> Array:
    kept = max(0, supply.shape[1] - quarters)
    return np.concatenate(
        [np.zeros((len(supply), supply.shape[1] - kept)), supply[:, :kept]], axis=1
    )


def _mixed(early: Array, late: Array, part: float) -> Array:
    """Deliveries of which a part comes a quarter later; endless ones stay so."""
    with np.errstate(invalid="ignore"):
        found = (1.0 - part) * early + part * late
    return np.where(np.isnan(found), 0.0, found)


def cut(fleet: Fleet, vendor: str, share: float) -> Fleet:
    """Fleet whose vendor delivers a share less in every quarter. [mixed].

    Parameters
    ----------
    fleet
        Chips, workloads and caps. [mixed]
    vendor
        Vendor, or a single chip. [text]
    share
        Part of each delivery that does not come. [1]

    References
    ----------
    EQ-44.
    """
    with np.errstate(invalid="ignore"):
        less = fleet.supply * (1.0 - share)
    less = np.where(np.isnan(less), 0.0, less)
    return replace(
        fleet, supply=np.where(fleet.of(vendor)[:, None], less, fleet.supply)
    )


def dearer(fleet: Fleet, vendor: str, share: float) -> Fleet:
    """Fleet whose vendor asks a share more for every chip. [mixed].

    Parameters
    ----------
    fleet
        Chips, workloads and caps. [mixed]
    vendor
        Vendor, or a single chip. [text]
    share
        Rise of the price of a chip, or of its rent. [1]

    References
    ----------
    Own definition.
    """
    rise = np.where(fleet.of(vendor), share, 0.0)
    part = np.ones(len(rise)) if fleet.vendor_share is None else fleet.vendor_share
    grown = (1.0 + rise * part)[:, None]
    rent = 0.0 if fleet.rent is None else fleet.rent * rise[:, None]
    return replace(
        fleet,
        purchase=fleet.purchase * grown,
        charge=fleet.charge * grown,
        running=fleet.running + rent,
        vendor_share=part * (1.0 + rise) / grown[:, 0],
        rent=None if fleet.rent is None else fleet.rent + rent,
    )


def without_shares(fleet: Fleet) -> Fleet:
    """Fleet that may choose any vendors. [mixed].

    Parameters
    ----------
    fleet
        Chips, workloads and caps. [mixed]

    References
    ----------
    Own definition.
    """
    return replace(fleet, least_share={}, most_share={})


def diversification_cost(fleet: Fleet, plan: Plan) -> float:
    """What the rules on vendors' shares cost, never below 0. [unit of objective].

    Parameters
    ----------
    fleet
        Chips, workloads and caps. [mixed]
    plan
        Its best mix. [mixed]

    References
    ----------
    EQ-39 with and without its share rows.
    """
    free = best_plan(without_shares(fleet)).value
    lost = plan.value - free if fleet.objective == "cost" else free - plan.value
    return max(0.0, float(lost))


@dataclass(frozen=True)
class Frontier:
    """Best objective against one cap, by corner: levels, values and slopes.

    ``used`` are chips at work by corner, K and quarter. Between its corners the line is
    straight but for ``error``, a share of the value; where designs are paid once it is
    not concave, the corners are samples and the error is not a number.
    """

    cap: str
    levels: Array
    values: Array
    slopes: Array
    used: Array
    error: float


def frontier(fleet: Fleet, cap: str, low: float, high: float) -> Frontier:
    """Best objective against facility power or budget, found by its tangents. [mixed].

    Each programme gives a value and a slope; the line lies between its chords and its
    tangents. The next level is where these are farthest apart. Levels without a
    feasible mix are left out.

    Parameters
    ----------
    fleet
        Chips, workloads and caps. [mixed]
    cap
        power, every quarter in the same proportion to the highest, or budget. [text]
    low, high
        Ends of the cap. [W or USD]

    References
    ----------
    G. Rote, "The convergence rate of the sandwich algorithm for approximating convex
    functions," Computing 48, 1992, doi:10.1007/BF02238642.
    """
    solve = _solver(fleet, cap)
    if (fleet.one_off > 0).any():
        found = [solve(level) for level in np.linspace(low, high, SAMPLES)]
        error = np.nan
    else:
        found, error = _corners(solve, low, high)
    found = [point for point in found if np.isfinite(point[1])]
    columns = list(zip(*found, strict=True)) if found else [(), (), (), ()]
    used = np.array(columns[3]).reshape(len(found), fleet.shape[0], fleet.shape[2])
    level, value, slope = (np.asarray(column, float) for column in columns[:3])
    return Frontier(cap, level, value, slope, used, error)


_Point = tuple[float, float, float, Array]


def _solver(fleet: Fleet, cap: str) -> Callable[[float], _Point]:
    """Value, its slope and chips in use at a level of the cap."""
    finite = fleet.power_cap[np.isfinite(fleet.power_cap)]
    highest = float(finite.max()) if finite.size else 0.0
    shape = fleet.power_cap / highest if highest else np.ones_like(fleet.power_cap)
    sign = -1.0 if fleet.objective == "cost" else 1.0

    def solve(level: float) -> _Point:
        if cap == "power":
            plan = best_plan(replace(fleet, power_cap=shape * level))
        else:
            plan = best_plan(replace(fleet, budget=level))
        if plan.worth is None:
            return level, np.nan, np.nan, plan.in_use
        by_power = float((plan.worth.power * shape).sum())
        slope = by_power if cap == "power" else plan.worth.budget
        return level, plan.value, sign * slope, plan.in_use

    return solve


def _corners(
    solve: Callable[[float], _Point], low: float, high: float
) -> tuple[list[_Point], float]:
    """Corners between two levels, and the share by which the line may be off."""
    last = solve(high)
    if not np.isfinite(last[1]):
        return [], np.nan
    points = [_least_feasible(solve, solve(low), last), last]
    while len(points) < MOST_SOLVED:
        gaps = [_gap(a, b) for a, b in pairwise(points)]
        place = max(range(len(gaps)), key=lambda i: gaps[i][0])
        if gaps[place][0] <= NEAR:
            break
        points.insert(place + 1, solve(gaps[place][1]))
    return points, max(gap for gap, _ in map(_gap, points[:-1], points[1:]))


def _least_feasible(
    solve: Callable[[float], _Point], first: _Point, last: _Point
) -> _Point:
    """The lowest level with a mix, to a share of it."""
    if np.isfinite(first[1]):
        return first
    low, best = first[0], last
    while best[0] - low > EDGE * best[0]:
        middle = solve((low + best[0]) / 2.0)
        if np.isfinite(middle[1]):
            best = middle
        else:
            low = middle[0]
    return best


def _gap(a: _Point, b: _Point) -> tuple[float, float]:
    """How far tangents and chord are apart, a share of the value, and where."""
    turn, size = a[2] - b[2], max(abs(a[1]), abs(b[1]), 1e-300)
    if b[0] - a[0] <= 1e-9 * abs(b[0]) or abs(turn) <= 1e-12 * max(
        abs(a[2]), abs(b[2])
    ):
        return 0.0, a[0]
    level = (b[1] - a[1] + a[2] * a[0] - b[2] * b[0]) / turn
    level = float(np.clip(level, a[0], b[0]))
    tangent = a[1] + a[2] * (level - a[0])
    chord = a[1] + (b[1] - a[1]) * (level - a[0]) / (b[0] - a[0])
    return abs(tangent - chord) / size, level
