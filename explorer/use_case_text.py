"""The matrix of chips and workloads as text and as JSON."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from breakeven.explorer.use_case_table import titles
from breakeven.explorer.use_cases import WORKLOADS, Row
from breakeven.explorer.words import money
from breakeven.models.results import plain

_NAME, _CELL = 34, 12


def text(rows: Sequence[Row]) -> str:
    """The cheapest chips of each use case, then every chip, for a terminal."""
    lines = []
    for w, title in enumerate(titles()):
        known = [row for row in rows if math.isfinite(row.cost[w, 0])]
        measured = [row for row in known if row.measured]
        said = [_best(known, w, "cheapest"), _best(measured, w, "cheapest measured")]
        lines.append(f"{title}: {'; '.join(said)}.")
    heads = "".join(f"{_short(name):>{_CELL}}" for name in WORKLOADS)
    lines += ["", f"{'USD per task (* nobody has measured it)':{_NAME}}"]
    lines.append(f"{'':{_NAME}}{heads}")
    for row in rows:
        mark = "" if row.measured else " *"
        cells = "".join(f"{money(float(v), 2):>{_CELL}}" for v in row.cost[:, 0])
        lines.append(f"{row.label + mark:{_NAME}.{_NAME - 1}}{cells}")
    return "\n".join(lines)


def _short(name: str) -> str:
    """Name of a workload that fits a column."""
    return name.partition("_")[2][: _CELL - 1] or name


def _best(rows: Sequence[Row], w: int, what: str) -> str:
    """The cheapest of some chips with its interval."""
    if not rows:
        return f"{what}: none"
    row = min(rows, key=lambda one: float(one.cost[w, 0]))
    middle, low, high = (money(float(v), 2) for v in row.cost[w])
    return f"{what} {row.label} at {middle} a task ({low} to {high})"


def to_json(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """One object a chip and workload: cost with its interval, energy, or why not."""
    return [
        {
            "chip": row.chip,
            "workload": workload,
            "acquisition": row.way,
            "measured": row.measured,
            "cost": {
                "unit": "USD",
                "value": plain(float(row.cost[w, 0])),
                "low": plain(float(row.cost[w, 1])),
                "high": plain(float(row.cost[w, 2])),
            },
            "tokens_per_joule": plain(float(row.energy[w])),
            "limited_by": row.reasons[w] or None,
        }
        for row in rows
        for w, workload in enumerate(WORKLOADS)
    ]
