"""Sweeps read back from their files, a piece at a time, and what no row beats."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from breakeven.explorer.encoding import SUFFIXES
from breakeven.models.base import unknown_name
from breakeven.models.pareto import pareto_front

Array = NDArray[np.float64]
Batch = dict[str, NDArray[Any]]
BATCH = 65_536  # rows


def header(path: Path) -> list[str]:
    """Names of the columns, units included.

    Raises
    ------
    ValueError
        When the file is no table, or Parquet is not installed.
    """
    if path.suffix not in SUFFIXES:
        raise ValueError(f"{path.name}: a sweep is read from .csv or .parquet")
    if not path.is_file():
        from breakeven.explorer.sweep import left  # only where a file is missing

        parts = left(path)
        more = f"; {parts.name} holds a sweep that was stopped: run it again to go on"
        raise ValueError(f"{path.name}: no such file{more if parts.is_dir() else ''}")
    if path.suffix == ".csv":
        with path.open(newline="", encoding="utf-8") as file:
            try:
                found = next(csv.reader(file), [])
            except (UnicodeDecodeError, csv.Error) as error:
                raise ValueError(f"{path.name}: not CSV: {error}") from None
        if not found:
            raise ValueError(f"{path.name}: no header")
        return found
    if find_spec("pyarrow") is None:
        raise ValueError(
            f"{path.name}: Parquet needs pyarrow: pip install 'breakeven[sweep]'"
        )
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return list(pq.read_schema(path).names)
    except pa.ArrowInvalid as error:
        raise ValueError(f"{path.name}: not Parquet: {error}") from None


def rows(path: Path) -> int:
    """Rows of a file, which is not held in memory for it.

    Raises
    ------
    ValueError
        When the file is no table, or Parquet is not installed.
    """
    header(path)
    if path.suffix == ".parquet":
        import pyarrow.parquet as pq

        return int(pq.read_metadata(path).num_rows)
    with path.open("rb") as file:
        return sum(1 for _ in file) - 1


def column(name: str, known: Sequence[str]) -> str:
    """Full name of a column, which may be asked for without its unit.

    Raises
    ------
    KeyError
        When there is none; near names are offered.
    """
    short = {full.partition(" [")[0]: full for full in known}
    if name in known:
        return name
    if name not in short:
        raise unknown_name("column", name, short)
    return short[name]


def batches(path: Path, names: Sequence[str]) -> Iterator[Batch]:
    """Columns of a file, so many rows at a time; numbers where all are."""
    read = _parquet if path.suffix == ".parquet" else _csv
    for piece in read(path, list(names)):
        yield {name: _typed(values) for name, values in piece.items()}


def _parquet(path: Path, names: list[str]) -> Iterator[dict[str, Any]]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        for piece in file.iter_batches(BATCH, columns=names):
            yield {n: piece[n].to_numpy(zero_copy_only=False) for n in names}


def _csv(path: Path, names: list[str]) -> Iterator[dict[str, Any]]:
    known = header(path)
    places = [known.index(name) for name in names]
    with path.open(newline="", encoding="utf-8") as file:
        rows = csv.reader(file)
        next(rows)
        kept: list[list[str]] = []
        for number, row in enumerate(rows, 2):
            if len(row) != len(known):
                raise ValueError(
                    f"{path.name}: line {number} has {len(row)} of {len(known)} columns"
                )
            kept.append([row[place] for place in places])
            if len(kept) == BATCH:
                yield dict(zip(names, zip(*kept, strict=True), strict=True))
                kept = []
        if kept:
            yield dict(zip(names, zip(*kept, strict=True), strict=True))


def _typed(values: Any) -> NDArray[Any]:
    """Numbers, what is empty not a number; texts where there is any."""
    array = np.asarray(values)
    if array.dtype.kind == "f":
        return array
    try:
        return np.where(array == "", "nan", array).astype(float)
    except (ValueError, TypeError):
        return array


def front(path: Path, less: Sequence[str], more: Sequence[str]) -> list[int]:
    """Rows that no other row beats, by number, in bounded memory.

    Raises
    ------
    KeyError, ValueError
        When a column does not exist or holds no numbers.
    """
    names = [*less, *more]
    signs = np.array([1.0] * len(less) + [-1.0] * len(more))
    rows, values, start = np.empty(0, np.int64), np.empty((0, len(names))), 0
    for piece in batches(path, names):
        for name in names:
            if piece[name].dtype.kind != "f":
                raise ValueError(f"{path.name}: {name} holds no numbers")
        mine = np.stack([piece[name] for name in names], axis=1) * signs
        count = len(mine)
        values = np.concatenate((values, mine))
        rows = np.concatenate((rows, start + np.arange(count)))
        best = pareto_front(values)
        values, rows, start = values[best], rows[best], start + count
    return rows.tolist()


def picked(path: Path, rows: Sequence[int]) -> list[list[Any]]:
    """Whole rows of a file by number, in the order asked for."""
    names, wanted, start = header(path), np.sort(np.asarray(rows, np.int64)), 0
    found: dict[int, list[Any]] = {}
    for piece in batches(path, names):
        count = len(piece[names[0]])
        for row in wanted[(wanted >= start) & (wanted < start + count)].tolist():
            found[row] = [piece[name][row - start] for name in names]
        start += count
    return [found[row] for row in rows]
