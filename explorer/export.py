"""A scenario as a file: the suffix chooses the kind; a failed export leaves no file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from breakeven.explorer import state
from breakeven.explorer.files import replacing
from breakeven.models.results import Results, plain
from breakeven.models.scenario import Scenario

CURVES = {"months": ("cumulative_cost", "cost_to_date"), "volumes": ("cost_by_volume",)}


def write(scenario: Scenario, path: Path) -> None:
    """Write a scenario to a file of the kind of its suffix.

    Raises
    ------
    ValueError
        When the suffix is of no known kind.
    OSError
        When the file cannot be written.
    """
    kinds: dict[str, Callable[[Scenario], str | bytes]] = {
        ".csv": to_csv,
        ".json": lambda s: json.dumps(state.to_json(s), indent=1, allow_nan=False),
        ".toml": to_toml,
        ".html": _to_html,
        ".xlsx": _to_xlsx,
        ".png": _picture("png"),
        ".svg": _picture("svg"),
    }
    if path.suffix not in kinds:
        known = ", ".join(kinds)
        raise ValueError(f"{path.name}: suffix {path.suffix!r} must be one of {known}")
    made = kinds[path.suffix](scenario)
    with replacing(path) as draft:
        draft.write_bytes(made if isinstance(made, bytes) else made.encode())


def _to_html(scenario: Scenario) -> str:
    """Static page; the drawing libraries are brought in only when it is asked for."""
    from breakeven.explorer.snapshot import to_html

    return to_html(scenario)


def _to_xlsx(scenario: Scenario) -> bytes:
    """Workbook with live formulas; its library is brought in when it is asked for."""
    from breakeven.explorer.workbook import to_xlsx

    return to_xlsx(scenario)


def _picture(kind: str, view: str = "amortisation") -> Callable[[Scenario], bytes]:
    """Picture of one view; what draws it is brought in when it is asked for."""

    def drawn(scenario: Scenario) -> bytes:
        from breakeven.explorer.pictures import picture

        return picture(scenario, view, kind)

    return drawn


def to_csv(scenario: Scenario) -> str:
    """Curves of a scenario as one long table: curve, option, axis, value, units."""
    results = scenario.evaluate()
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(
        ["curve", "option", "axis", "axis_unit", "position", "value", "unit"]
    )
    for axis, names in CURVES.items():
        for name in names:
            for place, label in enumerate(results.labels):
                for position, value in _points(results, axis, name, place):
                    unit = results.unit(name)
                    row = [name, safe_cell(label), axis, results.unit(axis)]
                    writer.writerow([*row, repr(position), _cell(value), unit])
    return stream.getvalue()


def _points(
    results: Results, axis: str, name: str, place: int
) -> list[tuple[float, float | None]]:
    positions = getattr(results, axis).tolist()
    return list(zip(positions, plain(getattr(results, name)[place]), strict=True))


def _cell(value: float | None) -> str:
    return "" if value is None else repr(value)


def safe_cell(text: str) -> str:
    """Text that a spreadsheet does not take for a formula."""
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def to_toml(scenario: Scenario) -> str:
    """Scenario file that evaluates to the same results."""
    document = state.document(scenario)
    lines = [
        f"{key} = {_toml(value)}"
        for key, value in document.items()
        if key not in ("options", "values")
    ]
    for key, table in document["options"].items():
        lines += ["", f"[options.{key}]"]
        lines += [f"{name} = {_toml(value)}" for name, value in table.items()]
    if document["values"]:
        lines += ["", "[values]"]
        lines += [f"{_toml(k)} = {_toml(v)}" for k, v in document["values"].items()]
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    """A value as TOML; a JSON string is a TOML string but for DEL."""
    if isinstance(value, dict):
        inner = ", ".join(f"{name} = {_toml(item)}" for name, item in value.items())
        return f"{{ {inner} }}"
    if isinstance(value, float):
        return repr(value)
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
