"""A lattice of precomputed results, and how to read it between its nodes.

Between two nodes of an axis an element is interpolated linearly, after its value and
the coordinate have each been left as they are, taken as logarithm, or inverted. Which
of them suits an element is found by trying all on points between the nodes: costs are
linear in a price and in one over the chips, so few nodes give most elements exactly.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from breakeven.explorer.elements import CODE, DERIVED, VALUE

Array = NDArray[np.float64]
Whole = NDArray[np.int64]
Table = NDArray[np.float32]
Rows = Callable[[Mapping[str, Array]], Array]

# Linear, logarithm, inverse; the same numbers stand in snapshot.js.
FORMS = (0, 1, 2)
_PLAIN = 1e-6  # what another form must gain to be taken instead of the linear one
_SHARES = np.array([0.5, 0.3, 0.7, 0.5])  # where in a cell it is tried
_PROBES = 64  # tries along an axis at least: elements differ from corner to corner
_SMALL = 1e-9


def formed(form: int, values: Array) -> Array:
    """Values in one of the :data:`FORMS`. [mixed]."""
    if form == 0:
        return np.asarray(values, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(values) if form == 1 else 1.0 / np.asarray(values, dtype=float)


def unformed(form: int, values: Array) -> Array:
    """Values back from one of the :data:`FORMS`. [mixed]."""
    return np.exp(values) if form == 1 else formed(form, values)


@dataclass(frozen=True)
class Axis:
    """One live input: name and label of its control, and the nodes over its range.

    It starts with the two ends; the present value becomes a node with the first more.
    """

    name: str
    label: str
    nodes: tuple[float, ...]
    log: bool
    now: float

    def finer(self, cells: Sequence[int]) -> Axis:
        """The axis with one more node inside each of some cells."""
        if not cells or self.now not in self.nodes:
            added = [self.now] if cells else []
        else:
            added = [float(self.between(np.array([i]), 0.5)[0]) for i in cells]
        return replace(self, nodes=tuple(sorted({*self.nodes, *added})))

    def between(self, cell: Whole, share: float | Array) -> Array:
        """Points inside cells, at a share of their width on the control."""
        nodes = np.array(self.nodes)
        low, high = nodes[cell], nodes[cell + 1]
        if self.log:
            return np.asarray(low * (high / low) ** share)
        return np.asarray(low + (high - low) * share)

    def cell(self, points: Array) -> Whole:
        """Number of the cell that each point lies in."""
        last = len(self.nodes) - 2
        return np.clip(np.searchsorted(self.nodes, points, "right") - 1, 0, last)

    def weight(self, points: Array, form: int) -> Array:
        """Share of the upper node of its cell in each point."""
        nodes, cell = formed(form, np.array(self.nodes)), self.cell(points)
        return np.asarray(
            (formed(form, points) - nodes[cell]) / (nodes[cell + 1] - nodes[cell])
        )

    def nearest(self, points: Array) -> Whole:
        """Number of the node nearest to each point on the control."""
        return self.cell(points) + (self.weight(points, int(self.log)) > 0.5)

    @property
    def forms(self) -> tuple[int, ...]:
        """Forms in which the coordinate is finite everywhere."""
        return FORMS if self.nodes[0] > 0 else (0,)


@dataclass(frozen=True)
class Run:
    """Elements that are read in the same way, over the axes that they depend on."""

    axes: tuple[int, ...]
    forms: tuple[int, ...]
    form: int
    nearest: bool
    columns: tuple[tuple[int, ...], ...]  # elements that share a column of the table
    table: Table = field(repr=False)


@dataclass(frozen=True)
class Lattice:
    """Elements at every node of a product grid, and how to read between them."""

    axes: tuple[Axis, ...]
    first: Array
    runs: tuple[Run, ...]
    errors: tuple[Array, ...]  # largest by axis and cell, along that axis alone

    @property
    def nodes(self) -> int:
        """Number of nodes of the whole grid."""
        return int(np.prod([len(axis.nodes) for axis in self.axes]))

    @property
    def worst(self) -> Array:
        """Largest error along each axis."""
        return np.array([cell.max() for cell in self.errors])

    def at(self, points: Mapping[str, Array]) -> Array:
        """Elements at points, as the browser reads them. [mixed]."""
        count = len(next(iter(points.values())))
        found = np.tile(self.first.astype(np.float32).astype(float), (count, 1))
        for run in self.runs:
            values = self._read(run, points, count)
            for k, elements in enumerate(run.columns):
                found[:, elements] = values[:, [k]]
        return found

    def _read(self, run: Run, points: Mapping[str, Array], count: int) -> Array:
        axes = [self.axes[a] for a in run.axes]
        if run.nearest:
            near = tuple(a.nearest(points[a.name]) for a in axes)
            return run.table[near].astype(float)
        cells = [a.cell(points[a.name]) for a in axes]
        shares = [
            a.weight(points[a.name], f) for a, f in zip(axes, run.forms, strict=True)
        ]
        total = np.zeros((count, len(run.columns)))
        for corner in product((0, 1), repeat=len(axes)):
            weight = np.ones((count, 1))
            for up, share in zip(corner, shares, strict=True):
                weight *= (share if up else 1.0 - share)[:, None]
            place = tuple(c + up for c, up in zip(cells, corner, strict=True))
            value = formed(run.form, run.table[place].astype(float))
            total += np.where(weight == 0, 0.0, weight * value)  # unknown stays so
        return unformed(run.form, total)


def relative_error(estimate: Array, truth: Array, small: Array | float) -> Array:
    """Distance from the truth, share of the truth; NaN where one is unknown. [1]."""
    distance = np.abs(estimate - truth)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = distance / np.maximum(np.abs(truth), small)
    return np.where(distance == 0, 0.0, share)


def grid(axes: Sequence[Axis]) -> dict[str, Array]:
    """Every node of a product grid, the last axis fastest. [mixed]."""
    mesh = np.meshgrid(*(np.array(a.nodes) for a in axes), indexing="ij")
    return {a.name: m.ravel() for a, m in zip(axes, mesh, strict=True)}


Known = dict[tuple[float, ...], NDArray[np.float32]]


def built(
    rows: Rows,
    axes: Sequence[Axis],
    roles: NDArray[np.int8],
    first: Array,
    known: Known | None = None,
) -> Lattice:
    """Lattice over axes, read in the forms that suit best; ``known`` keeps nodes."""
    table = _at_nodes(rows, axes, {} if known is None else known)
    groups = _columns(table, roles)
    lead = np.array([group[0] for group in groups], dtype=int)
    role = np.array([roles[list(group)].min() for group in groups])
    own = table[:, lead].reshape(*(len(a.nodes) for a in axes), -1)
    tried = [_tried(rows, axes, a, own, lead) for a in range(len(axes))]
    peaks = np.stack([error.max(axis=2, initial=0.0) for error, _ in tried])
    form, forms = _chosen(peaks)
    errors = []
    for a, (error, cell) in enumerate(tried):
        mine = error[form, forms[a], :, np.arange(lead.size)][role == VALUE]
        most = np.zeros(len(axes[a].nodes) - 1)
        np.maximum.at(most, cell, mine.max(axis=0, initial=0.0))
        errors.append(most)
    runs = tuple(_runs(own, groups, role == CODE, form, forms))
    return Lattice(tuple(axes), first, runs, tuple(errors))


def _at_nodes(rows: Rows, axes: Sequence[Axis], known: Known) -> Table:
    """Elements at every node; those of a coarser lattice are not computed again."""
    points = grid(axes)
    keys = list(zip(*(points[a.name].tolist() for a in axes), strict=True))
    new = [k for k, key in enumerate(keys) if key not in known]
    if new:
        found = rows({n: v[new] for n, v in points.items()}).astype(np.float32)
        known.update((keys[k], row) for k, row in zip(new, found, strict=True))
    return np.stack([known[key] for key in keys])


def _columns(table: Table, roles: NDArray[np.int8]) -> list[tuple[int, ...]]:
    """Elements that vary, those that are equal at every node together."""
    same: dict[bytes, list[int]] = defaultdict(list)
    for k, column in enumerate(np.ascontiguousarray(table.T)):
        if roles[k] != DERIVED and not np.array_equal(
            column, np.broadcast_to(column[0], column.shape), equal_nan=True
        ):
            same[column.tobytes()].append(k)
    return [tuple(group) for group in same.values()]


def _tried(
    rows: Rows, axes: Sequence[Axis], axis: int, table: Table, lead: Whole
) -> tuple[Array, Whole]:
    """Errors along one axis by form of value, of coordinate, probe and column. [1].

    Probes lie inside each cell of the axis, at nodes of all the others.
    """
    generator = np.random.default_rng(axis)
    cells = len(axes[axis].nodes) - 1
    each = _SHARES.size * -(-_PROBES // (cells * _SHARES.size))
    cell = np.repeat(np.arange(cells), each)
    lower = np.array([generator.integers(len(a.nodes), size=cell.size) for a in axes])
    lower[axis] = cell
    share = np.tile(_SHARES, cell.size // _SHARES.size)
    points = {a.name: np.array(a.nodes)[k] for a, k in zip(axes, lower, strict=True)}
    points[axes[axis].name] = axes[axis].between(cell, share)
    truth = rows(points)[:, lead]
    upper = lower.copy()
    upper[axis] += 1
    ends = [table[tuple(place)].astype(float) for place in (lower, upper)]
    small = _SMALL * np.nanmax(np.abs(table.reshape(-1, lead.size)), axis=0, initial=0)
    errors = np.full((len(FORMS), len(FORMS), *truth.shape), np.inf)
    for form in FORMS:
        low, high = (formed(form, end) for end in ends)
        for coordinate in axes[axis].forms:
            weight = axes[axis].weight(points[axes[axis].name], coordinate)[:, None]
            with np.errstate(over="ignore", invalid="ignore"):
                read = unformed(form, low + (high - low) * weight)
            errors[form, coordinate] = relative_error(read, truth, small)
    errors = np.where(np.isnan(errors), 1.0, errors)
    return np.where(np.isfinite(truth), errors, 0.0), cell


def _chosen(peaks: Array) -> tuple[Whole, Whole]:
    """Form of each element, and of each coordinate for it. [1].

    ``peaks`` are the largest errors by axis, form of value, of coordinate, element.
    """
    dear = np.minimum(peaks, 1e9) + _PLAIN * np.arange(len(FORMS))[:, None]
    form = (
        dear.min(axis=2).sum(axis=0) + _PLAIN * np.arange(len(FORMS))[:, None]
    ).argmin(axis=0)
    forms = dear[:, form, :, np.arange(form.size)].argmin(axis=-1).T
    return form, forms


_Key = tuple[tuple[int, ...], tuple[int, ...], int, bool]


def _runs(
    table: Table,
    groups: Sequence[tuple[int, ...]],
    nearest: NDArray[np.bool_],
    form: Whole,
    forms: Whole,
) -> Iterator[Run]:
    """Elements by the axes that they depend on and the forms that they are read in."""
    along = range(table.ndim - 1)
    moves = np.array([_moves(table, a) for a in along])
    same: dict[_Key, list[int]] = defaultdict(list)
    for k in range(len(groups)):
        axes = tuple(a for a in along if moves[a, k])
        read = tuple(int(forms[a, k]) for a in axes)
        key = (axes, (), 0, True) if nearest[k] else (axes, read, int(form[k]), False)
        same[key].append(k)
    for (axes, read, own, near), columns in same.items():
        cut = tuple(slice(None) if a in axes else 0 for a in along)
        elements = tuple(groups[k] for k in columns)
        yield Run(axes, read, own, near, elements, table[cut][..., columns])


def _moves(table: Table, axis: int) -> NDArray[np.bool_]:
    """Which columns change along an axis. [1]."""
    start = table.take([0], axis=axis)
    same = (table == start) | (np.isnan(table) & np.isnan(start))
    return ~same.reshape(-1, table.shape[-1]).all(axis=0)
