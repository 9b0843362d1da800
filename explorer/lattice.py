"""A lattice of precomputed results, and how to read it between its nodes.

Between two nodes of an axis an element is interpolated linearly, after its value and
the coordinate have each been left as they are, taken as logarithm, or inverted. Which
of them suits an element is found by trying all on points between the nodes: costs are
linear in a price and in one over the chips, so few nodes give most elements exactly.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np
from numpy.typing import NDArray

from breakeven.explorer.elements import CODE, DERIVED, VALUE
from breakeven.explorer.nodes import FORMS, Axis, formed, grid, unformed
from breakeven.explorer.probes import Probes, errors, probes

Array = NDArray[np.float64]
Whole = NDArray[np.int64]
Table = NDArray[np.float32]
Rows = Callable[[Mapping[str, Array]], Array]

_PLAIN = 1e-6  # what another form must gain to be taken instead of the linear one


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
    tried = [probes(axes, a) for a in range(len(axes))]
    truths = _at_probes(rows, tried, lead)
    off = [
        errors(axes, probe, own, truth)
        for probe, truth in zip(tried, truths, strict=True)
    ]
    form, forms = _chosen(np.stack([e.max(axis=2, initial=0.0) for e in off]))
    worst = []
    for a, error in enumerate(off):
        mine = error[form, forms[a], :, np.arange(lead.size)][role == VALUE]
        most = np.zeros(len(axes[a].nodes) - 1)
        np.maximum.at(most, tried[a].cell, mine.max(axis=0, initial=0.0))
        worst.append(most)
    runs = tuple(_runs(own, groups, role == CODE, form, forms))
    return Lattice(tuple(axes), first, runs, tuple(worst))


def _at_nodes(rows: Rows, axes: Sequence[Axis], known: Known) -> Table:
    """Elements at every node; those of a coarser lattice are not computed again."""
    points = grid(axes)
    keys = list(zip(*(points[a.name].tolist() for a in axes), strict=True))
    new = [k for k, key in enumerate(keys) if key not in known]
    if new:
        found = rows({n: v[new] for n, v in points.items()}).astype(np.float32)
        known.update((keys[k], row) for k, row in zip(new, found, strict=True))
    return np.stack([known[key] for key in keys])


def _at_probes(rows: Rows, tried: Sequence[Probes], lead: Whole) -> list[Array]:
    """Some elements at the probes of each axis; all are evaluated at once."""
    names = tried[0].points
    joined = {n: np.concatenate([probe.points[n] for probe in tried]) for n in names}
    ends = np.cumsum([probe.cell.size for probe in tried])
    return np.split(rows(joined)[:, lead], ends[:-1])


def _columns(table: Table, roles: NDArray[np.int8]) -> list[tuple[int, ...]]:
    """Elements that vary, those that are equal at every node together."""
    same: dict[bytes, list[int]] = defaultdict(list)
    vary = np.flatnonzero(_moves(table, 0) & (roles != DERIVED))
    for k, column in zip(vary.tolist(), table.T[vary], strict=True):
        same[column.tobytes()].append(k)
    return [tuple(group) for group in same.values()]


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
