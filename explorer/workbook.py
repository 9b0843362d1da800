"""A scenario as a workbook that computes: every result is a formula over named cells.

What throughput needs, no spreadsheet can compute; its results enter as inputs and are
marked. Everything after them, from the price to the month of crossing, is live, and
every cell holds the value that ``evaluate()`` gives until it is computed again.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import numpy as np
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from breakeven.explorer.formulas import Cell, compiled
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario

ACCENT, INK, MUTED, LINE = "#0B6BC2", "#17212B", "#5A6673", "#D5DCE3"
LOOKS = {
    "number": "#,##0.00",
    "exact": "#,##0.0000##",
    "whole": "#,##0",
    "usd": "$#,##0",
    "share": "0.0%",
    "general": "General",
}
FONT = {"font_name": "Calibri", "font_size": 11, "font_color": INK}
INPUT = {"bg_color": "#FFF7D6", "font_color": "#1F4FA3"}
MODEL = {"bg_color": "#E8F3EC", "font_color": "#1B6B45", "italic": True}
Write = Callable[["Book"], None]


class Book:
    """A workbook that is being written, and every name that a formula may use."""

    def __init__(self, scenario: Scenario, results: Results) -> None:
        self.scenario, self.results = scenario, results
        self.stream = io.BytesIO()
        self.book = xlsxwriter.Workbook(
            self.stream, {"in_memory": True, "strings_to_urls": False}
        )
        self.book.set_properties(
            {
                "title": scenario.title,
                "subject": "Cost comparison with live formulas",
                "comments": f"Breakeven {version('breakeven')}, {scenario.name}",
            }
        )
        self.book.set_calc_mode("auto")
        self.cells: dict[str, Cell] = {}
        self.places: dict[str, tuple[str, int]] = {}
        self._formats: dict[Any, Format] = {}

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of the options, the reference last."""
        return self.results.options

    def sheet(self, name: str, title: str, said: str = "") -> Worksheet:
        """A new sheet with its heading and a sentence on what it shows."""
        sheet = self.book.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.write_string(0, 0, title, self.look(bold=True, font_size=16))
        sheet.write_string(1, 0, said, self.look(font_color=MUTED))
        return sheet

    def look(self, number: str = "general", **more: Any) -> Format:
        """Format of a kind of number and further properties."""
        key = (number, *sorted(more.items()))
        if key not in self._formats:
            given = {**FONT, "num_format": LOOKS[number], **more}
            self._formats[key] = self.book.add_format(given)
        return self._formats[key]

    def head(
        self, sheet: Worksheet, row: int, texts: list[str], column: int = 0
    ) -> int:
        """A row of column heads; the next row."""
        style = self.look(bold=True, bottom=1, border_color=LINE, text_wrap=True)
        for place, text in enumerate(texts):
            sheet.write_string(row, column + place, text, style)
        return row + 1

    def band(self, sheet: Worksheet, row: int, title: str, width: int) -> int:
        """A heading inside a sheet; the next row."""
        style = self.look(bold=True, font_color=ACCENT, bottom=2, bottom_color=ACCENT)
        for column in range(width):
            sheet.write_string(row, column, title if column == 0 else "", style)
        return row + 1

    def name(
        self, name: str, sheet: Worksheet, row: int, column: int, value: Any
    ) -> None:
        """Give a cell a name that formulas use."""
        place = f"'{sheet.name}'!${letters(column)}${row + 1}"
        self.book.define_name(name, f"={place}")
        self.cells[name] = Cell(name, value)
        self.places[name] = (f"={place}", row)

    def span(
        self, name: str, sheet: Worksheet, column: int, first: int, last: int
    ) -> None:
        """Give part of a column a name."""
        self.book.define_name(name, span(sheet, column, first, last))

    def given(
        self,
        sheet: Worksheet,
        row: int,
        column: int,
        name: str,
        value: Any,
        style: dict[str, Any] | None = None,
    ) -> None:
        """An input: a number or a choice that may be changed; NA when unknown."""
        more = INPUT if style is None else style
        if isinstance(value, str):
            sheet.write_string(row, column, value, self.look(align="right", **more))
        elif value is None or not np.isfinite(value):
            sheet.write_formula(row, column, "=NA()", self.look(**more), "#N/A")
            value = np.nan
        else:
            sheet.write_number(row, column, float(value), self.look(**more))
        self.name(name, sheet, row, column, value)

    def formula(
        self,
        sheet: Worksheet,
        row: int,
        column: int,
        cell: Cell,
        look: str = "number",
        **more: Any,
    ) -> None:
        """A formula with the value that it has now."""
        style = self.look(look, align="right", **more)
        sheet.write_formula(row, column, f"={cell.text}", style, shown(cell.value))

    def compiled(self, expression: str, scope: str = "") -> Cell:
        """Formula of an expression over the names known so far."""
        return compiled(expression, self.cells, scope)

    def closed(self) -> bytes:
        """The finished file."""
        self.book.close()
        return self.stream.getvalue()


def shown(value: Any) -> Any:
    """A value as a cell caches it."""
    if isinstance(value, str):
        return value
    number = float(value)
    return number if np.isfinite(number) else "#N/A"


def letters(column: int) -> str:
    """Letters of a column: 0 is A, 26 is AA."""
    text, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def span(sheet: Worksheet, column: int, first: int, last: int) -> str:
    """Reference to part of a column, rows counted from 0."""
    side = letters(column)
    return f"='{sheet.name}'!${side}${first + 1}:${side}${last + 1}"


def to_xlsx(scenario: Scenario) -> bytes:
    """Workbook of a scenario: inputs, cash flows, amortisation, break-even, charts."""
    from breakeven.explorer import (
        workbook_answers,
        workbook_inputs,
        workbook_months,
        workbook_returns,
        workbook_sheets,
        workbook_tables,
        workbook_tax,
    )

    book = Book(scenario, scenario.evaluate())
    front = workbook_answers.front(book)
    workbook_inputs.inputs(book)
    workbook_inputs.facts(book)
    workbook_tables.tables(book)
    workbook_sheets.chip(book)
    months = workbook_months.months(book)
    even = workbook_sheets.breakeven(book, months)
    workbook_tax.tax(book, months)
    workbook_returns.returns(book, months)
    workbook_sheets.amortisation(book)
    workbook_answers.fill(book, front, months, even)
    return book.closed()
