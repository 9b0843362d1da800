"""Rows of a sweep counted into cells, from a file of any size, piece by piece."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from breakeven.explorer import reading
from breakeven.models.pareto import pareto_front

Array = NDArray[np.float64]

CELLS = (72, 44)  # across and up
TAIL = 0.005  # share of the rows that may lie beyond each end of an axis
_SEEN = 200_000  # rows from which the ends of the axes are found


@dataclass(frozen=True)
class Density:
    """Counts of rows over two columns: up first; what lies outside; what none beats."""

    x: str
    y: str
    across: Array
    up: Array
    counts: Array
    rows: int
    outside: int
    best: Array


def density(path: Path, x: str, y: str) -> Density:
    """Counts of the rows of a file over two of its columns.

    ``best`` are the points, x first, that no other row beats when less of both is
    better.

    Raises
    ------
    KeyError, ValueError
        When a column does not exist or holds no numbers.
    """
    ends = _ends(path, (x, y))
    edges = [
        np.linspace(low, high, cells + 1)
        for (low, high), cells in zip(ends, CELLS, strict=True)
    ]
    counts, rows, best = np.zeros(CELLS), 0, np.empty((0, 2))
    for mine in _pairs(path, (x, y)):
        counts += np.histogram2d(mine[:, 0], mine[:, 1], bins=edges)[0]
        best = np.concatenate((best, mine))
        best = best[pareto_front(best)]
        rows += len(mine)
    outside = rows - int(counts.sum())
    return Density(x, y, edges[0], edges[1], counts.T, rows, outside, best.T)


def _pairs(path: Path, names: tuple[str, str]) -> Iterator[Array]:
    for piece in reading.batches(path, list(dict.fromkeys(names))):
        columns = [piece[name] for name in names]
        for name, values in zip(names, columns, strict=True):
            if values.dtype.kind != "f":
                raise ValueError(f"{path.name}: {name} holds no numbers")
        mine = np.stack(columns, axis=1)
        yield mine[np.isfinite(mine).all(axis=1)]


def _ends(path: Path, names: tuple[str, str]) -> list[tuple[float, float]]:
    """Ends of both axes: nearly all rows, of a sample spread over the file."""
    seen, kept = 0, [np.empty((0, 2))]
    step = 1
    for mine in _pairs(path, names):
        kept.append(mine[::step])
        seen += len(kept[-1])
        if seen > _SEEN:  # half of what is there, and of what comes
            kept, step = [np.concatenate(kept)[::2]], step * 2
            seen = len(kept[0])
    values = np.concatenate(kept)
    if not len(values):
        raise ValueError(f"{path.name}: no row has numbers in {' and '.join(names)}")
    found = []
    for column in values.T:
        low, high = np.quantile(column, (TAIL, 1.0 - TAIL))
        room = (high - low) * 0.02 or abs(high) * 0.1 or 1.0
        found.append((float(low - room), float(high + room)))
    return found
