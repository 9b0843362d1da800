"""What calibration is given and what it leaves: priors, effects, measured rows.

``priors.csv`` holds the assumptions before any row, ``calibration.csv`` the fitted
bases and factors with their 80 % intervals and numbers of rows, ``measured.csv`` the
published measurements they come from, each with its source.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from functools import cache
from pathlib import Path

__all__ = [
    "KINDS",
    "MEASURED",
    "EffectRow",
    "PriorRow",
    "effects",
    "priors",
    "read_effects",
    "write_effects",
]

KINDS = ("serving", "training")
_FOLDER = Path(__file__).parent
MEASURED = _FOLDER / "measured.csv"
_PRIOR_COLUMNS = ("kind", "quantity", "grouping", "centre", "spread")
_EFFECT_COLUMNS = (
    "kind",
    "quantity",
    "grouping",
    "label",
    "value",
    "low",
    "high",
    "unit",
    "rows",
    "status",
    "source",
    "date",
)


@dataclass(frozen=True)
class PriorRow:
    """Base (grouping empty) or factors of one quantity before any row."""

    kind: str
    quantity: str
    grouping: str
    centre: float
    spread: float


@dataclass(frozen=True)
class EffectRow:
    """One fitted base, factor or interval, as stored."""

    kind: str
    quantity: str
    grouping: str
    label: str
    value: float
    low: float
    high: float
    unit: str
    rows: int
    status: str
    source: str
    date: str


@cache
def priors(kind: str) -> tuple[PriorRow, ...]:
    """Assumptions of one kind of work, in the order of the file."""
    found = _rows(_FOLDER / "priors.csv", _PRIOR_COLUMNS)
    return tuple(
        PriorRow(k, quantity, grouping, float(centre), float(spread))
        for _, (k, quantity, grouping, centre, spread) in found
        if k == kind
    )


@cache
def effects(kind: str) -> tuple[EffectRow, ...]:
    """Stored calibration of one kind of work."""
    found = read_effects(_FOLDER / "calibration.csv")
    return tuple(row for row in found if row.kind == kind)


def read_effects(path: Path) -> tuple[EffectRow, ...]:
    """Calibration from a file that ``breakeven calibrate`` wrote.

    Raises
    ------
    ValueError
        One line with file, line and the rule that is broken.
    """
    result = []
    for line, cells in _rows(path, _EFFECT_COLUMNS):
        try:
            value, low, high = (float(cells[i]) for i in (4, 5, 6))
            rows = int(cells[8])
        except ValueError as error:
            raise ValueError(f"{path.name}:{line}: {error}") from None
        if not 0 < low <= value <= high:
            rule = "0 < low <= value <= high must hold"
            raise ValueError(f"{path.name}:{line}: {rule}")
        kind, quantity, grouping, label = cells[:4]
        unit, (status, source, date) = cells[7], cells[9:]
        result.append(
            EffectRow(
                kind=kind,
                quantity=quantity,
                grouping=grouping,
                label=label,
                value=value,
                low=low,
                high=high,
                unit=unit,
                rows=rows,
                status=status,
                source=source,
                date=date,
            )
        )
    return tuple(result)


def write_effects(path: Path, rows: Iterable[EffectRow]) -> None:
    """Write a calibration; numbers carry six significant digits."""
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(_EFFECT_COLUMNS)
        for row in rows:
            cells = (f"{c:.6g}" if isinstance(c, float) else c for c in astuple(row))
            writer.writerow(list(cells))


def _rows(path: Path, columns: tuple[str, ...]) -> list[tuple[int, list[str]]]:
    with path.open(newline="", encoding="utf-8-sig") as stream:
        reader = csv.reader(stream)
        if tuple(next(reader, [])) != columns:
            raise ValueError(f"{path.name}:1: columns must be {','.join(columns)}")
        result = []
        for cells in reader:
            if len(cells) != len(columns):
                raise ValueError(
                    f"{path.name}:{reader.line_num}: {len(columns)} cells are due"
                )
            result.append((reader.line_num, cells))
        return result
