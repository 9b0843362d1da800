"""Presets as text for the command line: what there is, and every figure of one.

Nothing is shortened: what does not fit a column is wrapped, and a figure that nobody
has published is listed as such.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from difflib import get_close_matches

from breakeven.presets import tables
from breakeven.presets.gate import Detail, Row

WIDTH = 100
_LISTING = (24, 29, 11, 10)  # widths of name, label, vendor, kind; three counts follow
_INDENT = " " * 4


def listing() -> str:
    """Every preset by table: name, label, vendor, kind and how much is known."""
    parts: list[str] = []
    for table in tables.table_names():
        parts += ["", f"{table} ({len(tables.names(table))})", _columns_of_listing()]
        for name in tables.names(table):
            parts += _listed(table, name)
    return "\n".join(parts[1:])


def description(name: str) -> str:
    """Every figure of one preset with its range, status, date, source and note.

    ``name`` is searched in all tables; ``table.name`` picks one of them.

    Raises
    ------
    KeyError
        If no table has such a preset; the message offers near names.
    """
    wanted, _, rest = name.rpartition(".")
    found = [
        table
        for table in tables.table_names()
        if rest in tables.names(table) and wanted in ("", table)
    ]
    if not found:
        known = {n for table in tables.table_names() for n in tables.names(table)}
        near = get_close_matches(rest, sorted(known), 3, 0.4)
        hint = f"; near: {', '.join(near)}" if near else ""
        raise KeyError(f"unknown preset {name!r}{hint}")
    return "\n\n\n".join(_described(table, rest) for table in found)


def number(value: float) -> str:
    """A number as it would be printed: separators, no trailing zeros."""
    if value != 0 and not 1e-6 <= abs(value) < 1e15:
        mantissa, _, exponent = f"{value:.6g}".partition("e")
        return f"{mantissa}e{int(exponent)}"
    return f"{value:,.9f}".rstrip("0").rstrip(".")


def figure(row: Row) -> str:
    """Value with its unit and range, or that it is not published."""
    if row.status == "absent":
        return "not published"
    unit = "" if row.unit == "1" else f" {row.unit}"
    span = ""
    if row.low is not None and row.high is not None:
        span = f"{number(row.low)} to {number(row.high)}"
    if row.value is None:
        return f"{span}{unit}"
    return f"{number(row.value)}{unit}" + (f" ({span})" if span else "")


def provenance(row: Row | Detail) -> str:
    """Status of a figure, with the word secondhand where nobody read the original."""
    if tables.sources()[row.source].access == "secondhand":
        return f"{row.status}, secondhand"
    return row.status


def _wrapped(text: str, width: int = WIDTH, hanging: str = "") -> list[str]:
    """Lines of at most ``width``; a hyphenated word and ``5 %`` stay whole."""
    lines = textwrap.wrap(
        text.replace(" %", "\xa0%"),
        width,
        subsequent_indent=hanging,
        break_on_hyphens=False,
    )
    return [line.replace("\xa0", " ") for line in lines]


def _columns_of_listing() -> str:
    titles = ("name", "label", "vendor", "kind")
    cells = [f"{t:<{w}}" for t, w in zip(titles, _LISTING, strict=True)]
    return "  " + "".join(cells) + "figures estimates absent"


def _listed(table: str, name: str) -> Iterator[str]:
    label = tables.label(table, name)
    rows = [r for r in tables.rows(table) if r.preset == name]
    absent = sum(r.status == "absent" for r in rows)
    estimates = sum(r.status == "estimate" for r in rows)
    counts = f"{len(rows) - absent:>7}{estimates:>10}{absent:>7}"
    texts = (name, label.label, label.vendor, label.kind)
    columns = [
        _wrapped(text, width - 1) or [""]
        for text, width in zip(texts, _LISTING, strict=True)
    ]
    for line in range(max(map(len, columns))):
        cells = (
            f"{column[line] if line < len(column) else '':<{width}}"
            for column, width in zip(columns, _LISTING, strict=True)
        )
        yield ("  " + "".join(cells) + ("" if line else counts)).rstrip()


def _described(table: str, name: str) -> str:
    label = tables.label(table, name)
    filed = (f"{table}.{name}", label.vendor, label.kind, label.family)
    lines = [label.label, ", ".join(x for x in filed if x)]
    if label.note:
        lines += _wrapped(label.note)
    references: dict[str, int] = {}
    details = tables.details(table, name)
    if details:
        lines.append("")
    for detail in details:
        lines += _entry(detail.detail, detail.text, detail, references)
    lines.append("")
    for row in tables.rows(table):
        if row.preset == name:
            lines += _entry(row.quantity, figure(row), row, references)
    lines += ["", "Sources"]
    for key, index in references.items():
        lines += _reference(key, index)
    return "\n".join(lines)


def _entry(
    title: str, text: str, fact: Row | Detail, references: dict[str, int]
) -> Iterator[str]:
    marks = ""
    if fact.status != "absent":
        keys = (fact.source, *fact.further_sources)
        numbers = [references.setdefault(k, len(references) + 1) for k in keys]
        marks = "".join(f"[{n}]" for n in numbers)
    tail = "" if not marks else f"{provenance(fact)}, {fact.date} {marks}"
    head = f"{title:<30} {text}"
    if tail and len(head) + 2 + len(tail) <= WIDTH:
        yield f"{head:<{WIDTH - len(tail)}}{tail}"
    else:
        yield from _wrapped(head, hanging=" " * 31)
        if tail:
            yield f"{tail:>{WIDTH}}"
    for line in _wrapped(fact.note, WIDTH - len(_INDENT)):
        yield _INDENT + line


def _reference(key: str, index: int) -> Iterator[str]:
    source = tables.sources()[key]
    head = f"[{index}] {source.title}, {source.date}"
    yield from _wrapped(head, hanging=_INDENT)
    if source.url:
        yield _INDENT + source.url
