"""Points between the nodes of a lattice, where the forms to read it in are tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from breakeven.explorer.nodes import (
    FORMS,
    Axis,
    formed,
    relative_error,
    unformed,
)

Array = NDArray[np.float64]
Whole = NDArray[np.int64]
Table = NDArray[np.float32]

_SHARES = np.array([0.5, 0.3, 0.7, 0.5])  # where in a cell it is tried
_PROBES = 64  # tries along an axis at least: elements differ from corner to corner
_SMALL = 1e-9


@dataclass(frozen=True)
class Probes:
    """Points inside each cell of one axis, at nodes of all the others.

    ``lower`` is the node below each point, by axis.
    """

    axis: int
    cell: Whole
    lower: Whole
    points: Mapping[str, Array]


def probes(axes: Sequence[Axis], axis: int) -> Probes:
    """Probes along one axis."""
    generator = np.random.default_rng(axis)
    cells = len(axes[axis].nodes) - 1
    each = _SHARES.size * -(-_PROBES // (cells * _SHARES.size))
    cell = np.repeat(np.arange(cells), each)
    lower = np.array([generator.integers(len(a.nodes), size=cell.size) for a in axes])
    lower[axis] = cell
    share = np.tile(_SHARES, cell.size // _SHARES.size)
    points = {a.name: np.array(a.nodes)[k] for a, k in zip(axes, lower, strict=True)}
    points[axes[axis].name] = axes[axis].between(cell, share)
    return Probes(axis, cell, lower, points)


def errors(axes: Sequence[Axis], tried: Probes, table: Table, truth: Array) -> Array:
    """Errors at probes by form of value, of coordinate, probe and column. [1].

    Parameters
    ----------
    axes
        Axes of the lattice.
    tried
        The probes.
    table
        Columns at every node.
    truth
        Columns at every probe.
    """
    axis, size = axes[tried.axis], table.shape[-1]
    upper = tried.lower.copy()
    upper[tried.axis] += 1
    ends = [table[tuple(place)].astype(float) for place in (tried.lower, upper)]
    small = _SMALL * np.nanmax(np.abs(table.reshape(-1, size)), axis=0, initial=0)
    found = np.full((len(FORMS), len(FORMS), *truth.shape), np.inf)
    for form in FORMS:
        low, high = (formed(form, end) for end in ends)
        for coordinate in axis.forms:
            weight = axis.weight(tried.points[axis.name], coordinate)[:, None]
            with np.errstate(over="ignore", invalid="ignore"):
                read = unformed(form, low + (high - low) * weight)
            found[form, coordinate] = relative_error(read, truth, small)
    found = np.where(np.isnan(found), 1.0, found)
    return np.where(np.isfinite(truth), found, 0.0)
