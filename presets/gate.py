"""What a row is, and the rules it passes before anything may use it.

A figure that nobody has published is a row with the status ``absent`` and no number,
never a zero. Every broken rule is one line: file, line, column and the rule.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

COLUMNS = (
    "preset",
    "quantity",
    "value",
    "low",
    "high",
    "unit",
    "status",
    "source",
    "date",
    "note",
)
SOURCE_COLUMNS = ("source", "title", "url", "date", "access")
LABEL_COLUMNS = ("table", "preset", "label", "vendor", "kind", "family", "note")
DETAIL_COLUMNS = (
    "table",
    "preset",
    "detail",
    "text",
    "status",
    "source",
    "date",
    "note",
)
PUBLISHED = ("vendor", "measured", "filing", "press", "analyst", "academic")
STATUSES = frozenset((*PUBLISHED, "derived", "recalled", "estimate", "absent"))
ACCESSES = frozenset(("mirror", "excerpt", "secondhand", "document", "own"))
SIGNED = ("_change", "_offset", "_slope")  # the only quantities that may be negative

_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_NAME = re.compile(r"[a-z0-9][a-z0-9_]*")
_QUANTITY = re.compile(r"[a-z0-9][a-z0-9_]*(@alt[1-9][0-9]?)?")


class PresetError(ValueError):
    """A row that breaks a rule: ``file:line:column: rule``."""

    def __init__(self, file: str, line: int, column: str, rule: str) -> None:
        super().__init__(f"{file}:{line}:{column}: {rule}")


@dataclass(frozen=True, slots=True)
class Source:
    """A document; ``access`` says how it was read, such as secondhand."""

    source: str
    title: str
    url: str
    date: str
    access: str


@dataclass(frozen=True, slots=True)
class Label:
    """How a preset is called and filed."""

    table: str
    preset: str
    label: str
    vendor: str = ""
    kind: str = ""
    family: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Detail:
    """A text fact of a preset with its provenance, such as the kind of memory."""

    table: str
    preset: str
    detail: str
    text: str
    status: str
    source: str
    further_sources: tuple[str, ...]
    date: str
    note: str


@dataclass(frozen=True, slots=True)
class Row:
    """One figure as its source prints it; ``value`` is None when only a range is known.

    ``source`` is the first document, ``further_sources`` those that agree with it.
    """

    preset: str
    quantity: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    status: str
    source: str
    further_sources: tuple[str, ...]
    date: str
    note: str
    file: str
    line: int

    @property
    def central(self) -> float | None:
        """The value, or the middle of a range without one; None when absent."""
        if self.value is None and self.low is not None and self.high is not None:
            return (self.low + self.high) / 2
        return self.value

    @property
    def is_midpoint(self) -> bool:
        """Whether ``central`` is the middle of a range, printed by no source."""
        return self.value is None and self.status != "absent"

    @property
    def is_alternative(self) -> bool:
        """Whether the row is the losing side of a conflict between sources."""
        return "@" in self.quantity


def row(
    file: str, line: int, cells: dict[str, str], known: Mapping[str, Source]
) -> Row:
    """One checked figure; ``known`` are the sources it may name."""
    check_name(file, line, "preset", cells["preset"])
    if not _QUANTITY.fullmatch(cells["quantity"]):
        rule = f"{cells['quantity']!r} is no quantity name (small_letters, @alt1)"
        raise PresetError(file, line, "quantity", rule)
    check_word(file, line, "status", cells["status"], STATUSES)
    value, low, high = (
        _number(file, line, column, cells[column], cells["quantity"])
        for column in ("value", "low", "high")
    )
    _check_numbers(file, line, cells, value, low, high)
    if not cells["unit"]:
        raise PresetError(file, line, "unit", "a unit is due; a pure number has unit 1")
    source, *further = source_keys(file, line, cells["source"], known)
    check_date(file, line, cells["date"])
    return Row(
        preset=cells["preset"],
        quantity=cells["quantity"],
        value=value,
        low=low,
        high=high,
        unit=cells["unit"],
        status=cells["status"],
        source=source,
        further_sources=tuple(further),
        date=cells["date"],
        note=cells["note"],
        file=file,
        line=line,
    )


def detail(
    file: str, line: int, cells: dict[str, str], known: Mapping[str, Source]
) -> Detail:
    """One checked text fact."""
    check_name(file, line, "preset", cells["preset"])
    check_name(file, line, "detail", cells["detail"])
    if not cells["text"]:
        raise PresetError(file, line, "text", "a text is due")
    check_word(file, line, "status", cells["status"], STATUSES - {"absent"})
    first, *further = source_keys(file, line, cells["source"], known)
    check_date(file, line, cells["date"])
    return Detail(
        table=cells["table"],
        preset=cells["preset"],
        detail=cells["detail"],
        text=cells["text"],
        status=cells["status"],
        source=first,
        further_sources=tuple(further),
        date=cells["date"],
        note=cells["note"],
    )


def _number(
    file: str, line: int, column: str, text: str, quantity: str
) -> float | None:
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        raise PresetError(file, line, column, f"{text!r} is not a number") from None
    if not math.isfinite(number):
        raise PresetError(file, line, column, f"{text!r} is not finite")
    if number < 0 and not quantity.partition("@")[0].endswith(SIGNED):
        raise PresetError(file, line, column, f"{text} must not be negative")
    return number


def _check_numbers(
    file: str,
    line: int,
    cells: dict[str, str],
    value: float | None,
    low: float | None,
    high: float | None,
) -> None:
    if cells["status"] == "absent":
        for column, number in (("value", value), ("low", low), ("high", high)):
            if number is not None:
                raise PresetError(file, line, column, "an absent figure has no number")
        return
    if (low is None) != (high is None):
        column = "low" if low is None else "high"
        raise PresetError(file, line, column, "low and high are given together")
    if value is None and low is None:
        rule = "a value or a range is due; an unpublished figure has status absent"
        raise PresetError(file, line, "value", rule)
    if low is not None and high is not None:
        if low > high:
            raise PresetError(file, line, "low", f"{low:g} is above high {high:g}")
        if value is not None and not low <= value <= high:
            rule = f"{value:g} is outside low {low:g} to high {high:g}"
            raise PresetError(file, line, "value", rule)
    if value == 0 and not cells["note"]:
        rule = "0 needs a note saying why; an unknown figure has status absent"
        raise PresetError(file, line, "value", rule)


def source_keys(
    file: str, line: int, text: str, known: Mapping[str, Source]
) -> list[str]:
    """Keys of a cell such as ``epoch;filing``, each of them known."""
    keys = text.split(";")
    for key in keys:
        if key not in known:
            near = get_close_matches(key, known, 3, 0.5)
            hint = f"; near: {', '.join(near)}" if near else ""
            rule = f"{key!r} is in no table of sources{hint}"
            raise PresetError(file, line, "source", rule)
    return keys


def check_date(file: str, line: int, text: str) -> None:
    """Refuse what is not a year, a month or a day."""
    if not _DATE.fullmatch(text):
        rule = f"{text!r} is no date (2026, 2026-11 or 2026-11-22)"
        raise PresetError(file, line, "date", rule)


def check_name(file: str, line: int, column: str, text: str) -> None:
    """Refuse a name that cannot be part of a dotted name."""
    if not _NAME.fullmatch(text):
        rule = f"{text!r} is no name (small letters, digits, underscores)"
        raise PresetError(file, line, column, rule)


def check_word(
    file: str, line: int, column: str, text: str, known: frozenset[str]
) -> None:
    """Refuse a word that is not in the vocabulary of its column."""
    if text not in known:
        rule = f"{text!r} is not one of {', '.join(sorted(known))}"
        raise PresetError(file, line, column, rule)
