"""How fine a lattice has to be: its error measured at random points, and reduced."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from breakeven.explorer import lattice
from breakeven.explorer.elements import CODE, FRAME, VALUE, Elements
from breakeven.explorer.lattice import Lattice
from breakeven.explorer.nodes import Axis, relative_error
from breakeven.models.amortization import crossing_month

Array = NDArray[np.float64]

LIMIT = 0.005  # largest error that an axis may bring
AIM = 1e-4  # error down to which nodes are added while there is room
AGREED = 0.98  # share of settings at which the verdict has to be the same
ROOM = 6000  # nodes of the whole grid
MOST = 33  # nodes of one axis: more would only chase steps that cannot be interpolated
POINTS = 400


@dataclass(frozen=True)
class Accuracy:
    """Errors of a lattice against evaluation at random points, shares of the value."""

    points: int
    worst: float
    median: float
    month: float
    volume: float
    same: float

    def said(self) -> str:
        """Two sentences for a reader."""
        return (
            f"Between precomputed results every number is interpolated. At "
            f"{self.points} random settings of all controls the largest error against "
            f"a full evaluation was {percent(self.worst)} of the value, half of them "
            f"stayed within {percent(self.median)}; the break-even month was within "
            f"{percent(self.month)}, the break-even volume within "
            f"{percent(self.volume)}, and the verdict was the same at "
            f"{percent(self.same)} of them."
        )


def percent(share: float) -> str:
    """A share with two significant digits; the smallest only as a bound."""
    if 0 < share < 1e-5:
        return "0.001 %"
    return f"{100 * share:.2g} %" if share < 0.995 else f"{100 * share:.4g} %"


def derived(elements: Elements, rows: Array) -> dict[str, Array]:
    """Months and volumes of break-even, read off the curves. [month, chip].

    The same rules stand in snapshot.js: the curves of a row decide, so that a sentence
    never contradicts its plot.
    """
    cost = elements.field(rows, "cost_per_token")[..., 0]
    spent, work, once = (
        elements.field(rows, name)
        for name in ("cumulative_cost", "work_to_date", "one_off")
    )
    months, volumes = (
        elements.field(rows, "months")[0],
        elements.field(rows, "volumes")[0],
    )
    by_volume = elements.field(rows, "cost_by_volume")
    work = np.where(work > 0.0, work, work[..., 1:2])  # before any: the first month's
    share = work[:, :-1] / work[:, -1:]
    month = crossing_month(spent[:, :-1] - spent[:, -1:] * share, months)
    near, far = by_volume[:, :-1, 0], by_volume[:, :-1, -1]
    # unit cost is a + b / volume: two points of the curve give both
    b = (near - far) / (1.0 / volumes[0] - 1.0 / volumes[-1])
    margin = cost[:, -1:] - (far - b / volumes[-1])
    with np.errstate(divide="ignore", invalid="ignore"):
        volume = np.where(margin > 0, b / margin, np.nan)
    free = (once[:, :-1, 0] == 0) & (margin > 0)
    return {"month": month, "volume": np.where(free, 0.0, volume)}


def random_points(axes: Sequence[Axis], count: int, seed: int) -> dict[str, Array]:
    """Points spread evenly over the controls. [mixed]."""
    generator = np.random.default_rng(seed)
    points = {}
    for axis in axes:
        whole = replace(axis, nodes=(axis.nodes[0], axis.nodes[-1]))
        share = generator.uniform(size=count)
        points[axis.name] = whole.between(np.zeros(count, dtype=int), share)
    return points


def accuracy(elements: Elements, found: Lattice, seed: int = 0) -> Accuracy:
    """Errors of a lattice against evaluation at random points."""
    points = random_points(found.axes, POINTS, seed)
    truth, read = elements.rows(points), found.at(points)
    values = elements.roles == VALUE
    errors = relative_error(read[:, values], truth[:, values], 1e-300)
    by_point = np.nan_to_num(errors).max(axis=1, initial=0.0)
    true, own = derived(elements, truth), derived(elements, read)
    codes = elements.roles == CODE
    same = (read[:, codes] == truth[:, codes]).all(axis=1)
    same &= (np.isnan(read) == np.isnan(truth))[:, values].all(axis=1)
    for name in true:
        agree = (np.isnan(true[name]) == np.isnan(own[name])).all(axis=1)
        same &= agree & ((true[name] == 0) == (own[name] == 0)).all(axis=1)
    gaps = {n: relative_error(own[n], true[n], 1.0) for n in true}
    worst = {n: float(np.nan_to_num(gap).max(initial=0.0)) for n, gap in gaps.items()}
    return Accuracy(
        POINTS,
        float(by_point.max()),
        float(np.median(by_point)),
        worst["month"],
        worst["volume"],
        float(same.mean()),
    )


def refined(
    elements: Elements,
    axes: Sequence[Axis],
    progress: Callable[[float], None] = lambda share: None,
) -> tuple[Lattice | None, Accuracy | None, list[str]]:
    """Lattice whose error is below :data:`LIMIT`, its accuracy, what was left out.

    Nodes are added in the cells that are off; an axis that stays off is left out.
    """
    messages: list[str] = []
    axes, known = list(axes), lattice.Known()
    while axes:
        found = lattice.built(
            elements.rows, axes, elements.roles, elements.first, known
        )
        progress(min(1.0, np.log(_nodes(axes)) / np.log(ROOM)))
        if (finer := _finer(found)) != axes:
            axes = finer
            continue
        measured = accuracy(elements, found)
        if measured.worst <= LIMIT and measured.same >= AGREED:
            return found, measured, messages
        messages.append(_left_out(axes.pop(int(found.worst.argmax())), measured))
        known.clear()  # an axis less: these are other nodes
    return None, None, messages


def _left_out(axis: Axis, measured: Accuracy) -> str:
    return (
        f"{axis.label} is not live: with {len(axis.nodes)} nodes numbers are off by "
        f"up to {percent(measured.worst)} and verdicts differ at "
        f"{percent(1.0 - measured.same)} of settings"
    )


def _finer(found: Lattice) -> list[Axis]:
    """Axes with a node more in every cell that is off; the worst axis first."""
    axes = list(found.axes)
    for a in np.argsort(-found.worst):
        off = np.flatnonzero(found.errors[a] > AIM).tolist()
        more = [*axes[:a], axes[a].finer(off), *axes[a + 1 :]]
        if _nodes(more) <= ROOM and len(more[a].nodes) <= MOST:
            axes = more
    return axes


def _nodes(axes: Sequence[Axis]) -> int:
    return int(np.prod([len(axis.nodes) for axis in axes]))


def axis_of(spec: Mapping[str, Any]) -> Axis:
    """Axis of a control, from its range and scale."""
    low, high = map(float, spec["slider"])
    now = float(spec["value"])
    return Axis(spec["name"], spec["aria"], (low, high), bool(spec["log"]), now)


def frames(elements: Elements, rows: Array) -> list[tuple[int, int, int, float]]:
    """Ends of axes that are a multiple of the largest element of one array.

    Index, start and stop of the array, and the factor: the browser takes them from
    the curves it draws, so that every curve fits its plot.
    """
    found = []
    for index in np.flatnonzero(elements.roles == FRAME).tolist():
        ends = rows[:, index]
        if np.ptp(ends) == 0.0:
            continue
        block = next(s.block for s in elements.spans if s.start <= index < s.stop)
        for span in elements.block(block):
            if (elements.roles[span.start : span.stop] != VALUE).any():
                continue
            part = rows[:, span.start : span.stop]
            known = np.isfinite(part).any(axis=1)
            most = np.max(part, axis=1, where=np.isfinite(part), initial=-np.inf)
            if not known.any() or (most[known] == 0).any():
                continue
            ratio = ends[known] / most[known]
            if np.ptp(ratio) <= 1e-6 * np.abs(ratio).max():
                found.append((index, span.start, span.stop, float(ratio[0])))
                break
    return found
