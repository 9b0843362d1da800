"""The axes of a lattice: their nodes, and the forms in which they are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

# Linear, logarithm, inverse; the same numbers stand in snapshot.js.
FORMS = (0, 1, 2)


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
