"""A grid over dotted inputs: the same evaluate() in chunks, streamed to CSV."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from breakeven.explorer.files import replacing
from breakeven.models.base import Array
from breakeven.models.results import limit_name
from breakeven.models.scenario import Scenario

CHUNK = 4096
MOST = 10_000_000  # values on one axis; they are held in memory
# Results of each option that make a row; the unit follows the name in the header.
COLUMNS = (
    "count cost_per_token cost_per_hour capex token_rate site_power energy_per_token "
    "carbon breakeven_month breakeven_volume"
).split()


def axis(text: str) -> tuple[str, Array]:
    """Name and values of an axis written `NAME=LO:HI:N[:log]`.

    Raises
    ------
    ValueError
        When it does not read so, or a logarithmic axis touches zero.
    """
    rule = f"--over {text!r} must read NAME=LO:HI:N[:log]"
    name, sign, span = text.partition("=")
    parts = span.split(":")
    if not sign or len(parts) not in (3, 4) or parts[3:] not in ([], ["log"]):
        raise ValueError(rule)
    try:
        low, high, number = float(parts[0]), float(parts[1]), int(parts[2])
    except ValueError:
        raise ValueError(rule) from None
    if number > MOST:
        raise ValueError(
            f"{name}: {number:,} values on one axis are more than {MOST:,}"
        )
    if number < 1 or not np.isfinite([low, high]).all():
        raise ValueError(f"{rule}: N is at least 1, LO and HI are finite")
    if low > high:
        raise ValueError(f"{name}: low {low:g} is above high {high:g}")
    if parts[3:] and low <= 0:
        raise ValueError(f"{name}: a logarithmic axis starts above 0, not at {low:g}")
    space = np.geomspace if parts[3:] else np.linspace
    return name.strip(), np.asarray(space(low, high, number), float)


def sweep(
    scenario: Scenario,
    axes: Sequence[str],
    path: Path,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> int:
    """Write every combination of the axes to a CSV file; the number of rows.

    The file appears when it is complete. Rows do not depend on how they are chunked.

    Raises
    ------
    KeyError, ValueError
        When an axis is not an input, or a value is out of bounds.
    """
    if path.suffix != ".csv":
        raise ValueError(f"{path.name}: a sweep is written to .csv")
    grid = dict(axis(text) for text in axes)
    names = [scenario.resolve(name) for name in grid]
    if len(set(names)) < len(axes):
        raise ValueError("an axis is given twice")
    ends = {
        n: np.asarray([v[0], v[-1]]) for n, v in zip(names, grid.values(), strict=True)
    }
    header = _header(scenario, names, ends)
    total = math.prod(v.size for v in grid.values())
    with (
        replacing(path) as draft,
        draft.open("w", newline="", encoding="utf-8") as file,
    ):
        writer = csv.writer(file)
        writer.writerow(header)
        for start in range(0, total, CHUNK):
            writer.writerows(_rows(scenario, names, list(grid.values()), start, total))
            progress(min(start + CHUNK, total), total)
    return total


def _header(scenario: Scenario, names: list[str], ends: dict[str, Array]) -> list[str]:
    """Column names with units; a bad axis is refused before anything is written."""
    results = scenario.evaluate(ends, curves=False)
    inputs = scenario.inputs()
    columns = [f"{name} [{inputs[name].unit}]" for name in names]
    for key in scenario.options:
        # a count that is an axis stands there already
        kept = [c for c in COLUMNS if f"{key}.{c}" not in names]
        columns += [f"{key}.{c} [{results.unit(c)}]" for c in kept]
        columns.append(f"{key}.limited_by")
    return columns


def _rows(
    scenario: Scenario, names: list[str], values: list[Array], start: int, total: int
) -> Iterator[list[object]]:
    index = np.arange(start, min(start + CHUNK, total))
    places = np.unravel_index(index, [v.size for v in values])
    given = {n: v[p] for n, v, p in zip(names, values, places, strict=True)}
    results = scenario.evaluate(given, curves=False)
    columns: list[Sequence[object]] = [v.tolist() for v in given.values()]
    for option, key in enumerate(scenario.options):
        for name in COLUMNS:
            if f"{key}.{name}" in names:
                continue
            column = getattr(results, name)[option].tolist()
            columns.append(["" if v != v else v for v in column])
        columns.append([limit_name(v) for v in results.limited_by[option]])
    yield from (list(row) for row in zip(*columns, strict=True))
