"""A scenario as a file: the suffix chooses the kind; a failed export leaves no file."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

from breakeven.explorer import kinds, state
from breakeven.explorer.files import replacing
from breakeven.models.results import Results, plain
from breakeven.models.scenario import Scenario

CURVES = {
    "months": ("cumulative_cost", "work_to_date", "cost_to_date"),
    "volumes": ("cost_by_volume",),
}
HEADS = ("curve", "option", "axis", "axis_unit", "position", "value", "unit")


def write(scenario: Scenario, path: Path, view: str = "") -> None:
    """Write a scenario to a file of the kind of its suffix; a picture is of one view.

    Raises
    ------
    KeyError
        When there is no such view.
    ValueError
        When the suffix is of no known kind.
    OSError
        When the file cannot be written.
    """
    made = kinds.made(scenario, kinds.of(path), view)
    with replacing(path) as draft:
        draft.write_bytes(made)


def to_json(scenario: Scenario) -> str:
    """Inputs and results as JSON."""
    return json.dumps(state.to_json(scenario), indent=1, allow_nan=False)


def to_csv(scenario: Scenario) -> str:
    """Curves of a scenario as one long table: curve, option, axis, value, units."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(HEADS)
    for name, label, axis, unit, position, value, value_unit in rows(scenario):
        written = "" if value is None else repr(value)
        row = [name, safe_cell(label), axis, unit, repr(position), written, value_unit]
        writer.writerow(row)
    return stream.getvalue()


def to_parquet(scenario: Scenario) -> bytes:
    """The same table as a Parquet file.

    Raises
    ------
    ValueError
        When pyarrow is not installed.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        rule = "needs pyarrow: pip install 'breakeven[sweep]'"
        raise ValueError(f"a .parquet file {rule}") from None
    columns = list(zip(*rows(scenario), strict=True))
    numbers = ("position", "value")
    types = [pa.float64() if name in numbers else pa.string() for name in HEADS]
    arrays = [pa.array(c, t) for c, t in zip(columns, types, strict=True)]
    sink = io.BytesIO()
    pq.write_table(pa.table(arrays, names=list(HEADS)), sink)
    return sink.getvalue()


def rows(scenario: Scenario) -> list[tuple[str, str, str, str, float, Any, str]]:
    """Every point of every curve, unknown values None."""
    results = scenario.evaluate()
    return [
        (name, label, axis, results.unit(axis), position, value, results.unit(name))
        for axis, names in CURVES.items()
        for name in names
        for place, label in enumerate(results.labels)
        for position, value in _points(results, axis, name, place)
    ]


def _points(
    results: Results, axis: str, name: str, place: int
) -> list[tuple[float, float | None]]:
    positions = getattr(results, axis).tolist()
    return list(zip(positions, plain(getattr(results, name)[place]), strict=True))


def safe_cell(text: str) -> str:
    """Text that a spreadsheet does not take for a formula."""
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def to_toml(scenario: Scenario) -> str:
    """Scenario file that evaluates to the same results."""
    document = state.document(scenario)
    lines = [
        f"{key} = {_toml(value)}"
        for key, value in document.items()
        if key not in ("options", "values", "correlations")
    ]
    for key, table in document["options"].items():
        lines += ["", f"[options.{key}]"]
        lines += [f"{name} = {_toml(value)}" for name, value in table.items()]
    if document["values"]:
        lines += ["", "[values]"]
        lines += [f"{_toml(k)} = {_toml(v)}" for k, v in document["values"].items()]
    if correlations := document.get("correlations"):
        lines += ["", "[correlations]"]
        lines += [f"{_toml(k)} = {_toml(v)}" for k, v in correlations.items()]
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    """A value as TOML; a JSON string is a TOML string but for DEL."""
    if isinstance(value, dict):
        inner = ", ".join(f"{name} = {_toml(item)}" for name, item in value.items())
        return f"{{ {inner} }}"
    if isinstance(value, float):
        return repr(value)
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
