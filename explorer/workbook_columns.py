"""Columns of formulas: one expression, a cell in every row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from xlsxwriter.worksheet import Worksheet

from breakeven.explorer.formulas import Cell, compiled
from breakeven.explorer.workbook import Book, letters


class Columns:
    """Columns of one sheet over the same rows; their names mean the cell of the row.

    ``before.NAME`` is the cell of the row above. Every column also has its name in the
    workbook, where it means the whole column. Columns of another sheet can be used as
    if they stood here, see :meth:`borrow`.
    """

    def __init__(self, book: Book, sheet: Worksheet, first: int, rows: int) -> None:
        self.book, self.sheet, self.first, self.rows = book, sheet, first, rows
        self.cells: dict[str, Cell] = {}
        self.places: dict[str, int] = {}
        self.shift = 0

    @property
    def last(self) -> int:
        """Last row, counted from 0."""
        return self.first + self.rows - 1

    def borrow(self, other: Columns) -> None:
        """Use the columns of another sheet, row by row from its first on."""
        self.shift = other.first - self.first
        for name, cell in other.cells.items():
            here = cell.text.replace("{row}", "{there}").replace("{before}", "{above}")
            self.cells[name] = Cell(f"'{other.sheet.name}'!{here}", cell.value)

    def raw(
        self,
        column: int,
        name: str,
        text: str,
        values: Any,
        look: str = "exact",
        blank: bool = False,
    ) -> None:
        """A column of one spreadsheet text, with ``{row}`` where its row belongs.

        ``blank`` says that the text gives an empty cell where there is no number.
        """
        values = np.broadcast_to(np.asarray(values, float), self.rows)
        for k in range(self.rows):
            empty = blank and not np.isfinite(values[k])
            self._put(column, k, text, "" if empty else values[k], look)
        self._named(column, name, values)

    def add(
        self,
        column: int,
        name: str,
        expression: str,
        *,
        scope: str = "",
        first: str = "",
        look: str = "number",
    ) -> None:
        """A column of one expression; the first row may have another."""
        cells = {**self.book.cells, **self.cells}
        cell = compiled(expression, cells, scope)
        start = compiled(first, cells, scope) if first else cell
        values = np.array(np.broadcast_to(np.asarray(cell.value, float), self.rows))
        values[0] = np.ravel(start.value)[0]
        for k in range(self.rows):
            self._put(column, k, cell.text if k else start.text, values[k], look)
        self._named(column, name, values)

    def recursion(
        self, start: int, key: str, lines: Sequence[tuple[str, str, str, str]]
    ) -> None:
        """Columns of which each row needs the row above: name, label, rest, first."""
        values = np.zeros((len(lines), self.rows))
        names = [name for name, *_ in lines]
        for k in range(self.rows):
            row = {n: Cell(c.text, np.ravel(c.value)[k]) for n, c in self.cells.items()}
            for i, name in enumerate(names):
                above = f"{letters(start + i)}{{before}}"
                row[f"before.{name}"] = Cell(above, values[i, k - 1])
            for i, (name, _, rest, first) in enumerate(lines):
                text = first if first and k == 0 else rest
                cell = compiled(text, {**self.book.cells, **row}, key)
                values[i, k] = float(cell.value)
                row[name] = Cell(f"{letters(start + i)}{{row}}", values[i, k])
                self._put(start + i, k, cell.text, values[i, k], "number")
        for i, name in enumerate(names):
            self._named(start + i, f"{key}.{name}", values[i])

    def _put(self, column: int, k: int, text: str, value: Any, look: str) -> None:
        row = self.first + k
        said = text.replace("{row}", str(row + 1)).replace("{before}", str(row))
        said = said.replace("{next}", str(row + 2))
        there = row + self.shift
        said = said.replace("{there}", str(there + 1)).replace("{above}", str(there))
        cell = Cell(said, value)
        self.book.formula(self.sheet, row, column, cell, look)

    def _named(self, column: int, name: str, values: np.ndarray) -> None:
        """Let later columns use this one, and give it a name in the workbook."""
        place = f"{letters(column)}{{row}}"
        self.cells[name] = Cell(f"${place}", values)
        above = np.concatenate([[np.nan], values[:-1]])
        owner, _, last = name.rpartition(".")
        before = f"{owner}.before.{last}" if owner else f"before.{last}"
        self.cells[before] = Cell(f"${place}".replace("{row}", "{before}"), above)
        self.book.span(name, self.sheet, column, self.first, self.last)
        self.places[name] = column
