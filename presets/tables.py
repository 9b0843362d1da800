"""The loader of the preset tables.

A table is a CSV file with one number a row, checked by :mod:`breakeven.presets.gate`.
Where sources disagree, the losing ones keep a row whose quantity ends in ``@alt1``,
``@alt2``: they are listed, never used as inputs. Text facts (memory type, host) are in
``details.csv`` under the same rules, names and families in ``labels*.csv``, documents
in ``sources*.csv``.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from breakeven.presets import gate
from breakeven.presets.gate import Detail, Label, PresetError, Row, Source

__all__ = [
    "Detail",
    "Label",
    "PresetError",
    "Row",
    "Source",
    "details",
    "label",
    "names",
    "own_folder",
    "preset",
    "read",
    "read_sources",
    "rows",
    "sources",
    "table_names",
]

_FOLDER = Path(__file__).parent
OWN_FOLDER = "BREAKEVEN_PRESETS"  # environment variable: a folder of a user's tables


def read(path: Path, known: Mapping[str, Source] | None = None) -> tuple[Row, ...]:
    """Rows of one table, checked; ``known`` are the sources a row may name.

    Raises
    ------
    PresetError
        One line with file, line, column and the rule that is broken.
    """
    known = sources() if known is None else known
    result: list[Row] = []
    seen: dict[tuple[str, str], int] = {}
    for line, cells in _cells(path, gate.COLUMNS):
        row = gate.row(path.name, line, cells, known)
        key = (row.preset, row.quantity)
        if key in seen:
            rule = f"{row.preset} {row.quantity} is given in line {seen[key]} already"
            raise PresetError(path.name, line, "quantity", rule)
        seen[key] = line
        result.append(row)
    return tuple(result)


def read_sources(paths: Iterable[Path]) -> dict[str, Source]:
    """Documents by key, from any number of source tables."""
    result: dict[str, Source] = {}
    for path in paths:
        for line, cells in _cells(path, gate.SOURCE_COLUMNS):
            source = Source(**cells)
            gate.check_name(path.name, line, "source", source.source.replace("-", "_"))
            if source.source in result:
                rule = f"{source.source} is given twice"
                raise PresetError(path.name, line, "source", rule)
            if not source.title:
                raise PresetError(path.name, line, "title", "a title is due")
            gate.check_date(path.name, line, source.date)
            gate.check_word(path.name, line, "access", source.access, gate.ACCESSES)
            result[source.source] = source
    return result


@cache
def sources() -> dict[str, Source]:
    """Every document by its key, from all ``sources*.csv``."""
    return read_sources(_files("sources"))


@cache
def table_names() -> tuple[str, ...]:
    """Names of the tables of figures."""
    return tuple(f.stem for f in _files() if _header(f) == gate.COLUMNS)


@cache
def rows(table: str) -> tuple[Row, ...]:
    """Every row of a table, alternatives and absent figures included.

    Raises
    ------
    KeyError
        If there is no such table; the message offers near names.
    """
    if table not in table_names():
        raise _unknown("table", table, table_names())
    shipped = read(_FOLDER / f"{table}.csv")
    folder = own_folder()
    path = folder / f"{table}.csv" if folder else None
    if path is None or not path.is_file():
        return shipped
    own = read(path)
    taken = {row.preset for row in shipped}
    for row in own:
        if row.preset in taken:
            rule = f"{row.preset} is shipped already: another name is due"
            raise PresetError(path.name, row.line, "preset", rule)
    return (*shipped, *own)


def own_folder() -> Path | None:
    """Folder of a user's own tables, if the environment names one."""
    named = os.environ.get(OWN_FOLDER)
    return Path(named) if named else None


def names(table: str) -> tuple[str, ...]:
    """Presets of a table, in the order of the file."""
    return tuple(_by_preset(table))


def preset(table: str, name: str) -> dict[str, Row]:
    """Rows of one preset by quantity, without the losing side of conflicts.

    Raises
    ------
    KeyError
        If there is no such preset; the message offers near names.
    """
    known = _by_preset(table)
    if name not in known:
        raise _unknown(f"preset of {table}", name, known)
    return {row.quantity: row for row in known[name] if not row.is_alternative}


def label(table: str, name: str) -> Label:
    """Name, vendor, kind and family of a preset; its own name where none is filed.

    Raises
    ------
    KeyError
        If there is no such preset; the message offers near names.
    """
    preset(table, name)
    return _labels().get((table, name), Label(table, name, name))


def details(table: str, name: str) -> tuple[Detail, ...]:
    """Text facts of one preset, such as its kind of memory; often none."""
    return tuple(d for d in _details() if (d.table, d.preset) == (table, name))


@cache
def _by_preset(table: str) -> dict[str, tuple[Row, ...]]:
    grouped: dict[str, list[Row]] = {}
    for row in rows(table):
        grouped.setdefault(row.preset, []).append(row)
    return {name: tuple(members) for name, members in grouped.items()}


@cache
def _labels() -> dict[tuple[str, str], Label]:
    result: dict[tuple[str, str], Label] = {}
    for path in _files("labels"):
        for line, cells in _cells(path, gate.LABEL_COLUMNS):
            entry = Label(**cells)
            key = (entry.table, entry.preset)
            if key in result:
                raise PresetError(path.name, line, "preset", f"{key[1]} is given twice")
            if not entry.label:
                raise PresetError(path.name, line, "label", "a label is due")
            result[key] = entry
    return result


@cache
def _details() -> tuple[Detail, ...]:
    result: list[Detail] = []
    for path in _files("details"):
        for line, cells in _cells(path, gate.DETAIL_COLUMNS):
            result.append(gate.detail(path.name, line, cells, sources()))
    return tuple(result)


def _unknown(kind: str, name: str, known: Iterable[str]) -> KeyError:
    near = get_close_matches(name, list(known), 3, 0.4)
    hint = f"; near: {', '.join(near)}" if near else ""
    return KeyError(f"unknown {kind} {name!r}{hint}")


def _header(path: Path) -> tuple[str, ...]:
    with path.open("r", encoding="utf-8-sig") as stream:
        return tuple(next(csv.reader(stream), []))


def _cells(
    path: Path, columns: tuple[str, ...]
) -> Iterator[tuple[int, dict[str, str]]]:
    text = io.StringIO(path.read_text(encoding="utf-8-sig"))
    reader = csv.reader(text, strict=True)
    try:
        header = tuple(next(reader, []))
        if header != columns:
            pairs = zip(columns, header, strict=False)
            column = next((c for c, found in pairs if c != found), columns[-1])
            rule = f"columns must be {','.join(columns)}"
            raise PresetError(path.name, 1, column, rule)
        for values in reader:
            if len(values) != len(columns):
                rule = f"{len(columns)} cells are due, found {len(values)}"
                column = columns[min(len(values), len(columns) - 1)]
                raise PresetError(path.name, reader.line_num, column, rule)
            cells = dict(zip(columns, values, strict=True))
            yield reader.line_num, {k: v.strip() for k, v in cells.items()}
    except csv.Error as error:
        raise PresetError(
            path.name, reader.line_num, columns[0], f"not CSV: {error}"
        ) from None


def _files(prefix: str = "") -> list[Path]:
    return sorted(_FOLDER.glob(f"{prefix}*.csv"))
