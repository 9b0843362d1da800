"""The computing sheets of a workbook: one chip, break-even, amortisation."""

from __future__ import annotations

import numpy as np
from xlsxwriter.worksheet import Worksheet

from breakeven.explorer.formulas import Cell
from breakeven.explorer.workbook import Book
from breakeven.explorer.workbook_columns import Columns
from breakeven.explorer.workbook_lines import RAMP, RAMP_EACH, SHARED, Line
from breakeven.explorer.workbook_rows import (
    CAPITAL,
    line_name,
    sections,
    work_to_match,
)
from breakeven.explorer.workbook_use import not_billed
from breakeven.models.amortization import crossing_month
from breakeven.models.comparison import VOLUMES

LEDGER = 180  # months of the schedule of amortisation
OLDEST = 120  # months of age: a ramp of utilisation is no longer


def chip(book: Book) -> None:
    """What one chip costs and does, line by line, and the fleet of each option."""
    sheet = book.sheet(
        "One chip",
        "From the price to the levelised cost",
        "Each cell is a formula over named cells: its name stands beside it.",
    )
    sheet.set_column(0, 0, 52)
    sheet.set_column(1, 1, 16)
    sheet.set_column(2, 1 + len(book.keys), 20)
    sheet.set_column(2 + len(book.keys), 2 + len(book.keys), 28)
    row = book.head(sheet, 2, ["", "Unit", *book.results.labels, "Name"])
    row = book.band(sheet, row, SHARED.title, 3 + len(book.keys))
    for line in SHARED.lines:
        row = _shared(book, sheet, row, line)
    ramp(book)
    for section in sections():
        if any(line.name == "chips" for line in section.lines):
            formula = work_to_match(book.scenario)
            label, unit = "Work that all do when sizing is match", "{work}/month"
            match = Line("work_to_match", label, unit, formula)
            row = _shared(book, sheet, row, match)
        row = book.band(sheet, row + 1, section.title, 3 + len(book.keys))
        for line in section.lines:
            row = _line(book, sheet, row, line)
    sheet.freeze_panes(3, 2)


def ramp(book: Book) -> None:
    """Use by month of age, while it rises, and what each month weighs over a life."""
    sheet = book.sheet(
        "Ramp",
        "Use by month of age",
        "Use rises on a straight line from its start to the utilisation in the end; "
        "what a month lacks is the mean over it.",
    )
    lines = (*RAMP_EACH, not_billed())
    sheet.set_column(0, len(RAMP) + len(lines) * len(book.keys), 17)
    said, each = ([line.label for line in group] for group in (RAMP, lines))
    book.head(sheet, 3, ["Month of age", *said, *each * len(book.keys)])
    columns = Columns(book, sheet, 4, OLDEST)
    columns.raw(0, "ramp_age", "ROW()-4", np.arange(1.0, OLDEST + 1), "general")
    for place, line in enumerate(RAMP, 1):
        columns.add(place, line.name, line.formula, look="exact")
    for place, key in enumerate(book.keys):
        start = 1 + len(RAMP) + len(lines) * place
        sheet.write_string(2, start, book.results.labels[place], book.look(bold=True))
        for step, line in enumerate(lines):
            name, text = f"{key}.{line.name}", _told(book, key, line)
            columns.add(start + step, name, text, scope=key, look="exact")
    for name, cell in columns.cells.items():
        if "before." not in name:  # outside the sheet a name is the whole column
            book.cells[name] = Cell(name, cell.value)
    sheet.freeze_panes(4, 1)


def _words(book: Book, sheet: Worksheet, row: int, line: Line) -> None:
    unit = line.unit.format(work=book.results.work_unit)
    sheet.write_string(row, 0, line.label, book.look(bold=line.strong))
    sheet.write_string(row, 1, "" if unit == "1" else unit, book.look())


def _shared(book: Book, sheet: Worksheet, row: int, line: Line) -> int:
    """A line that all options share."""
    _words(book, sheet, row, line)
    cell = book.compiled(line.formula)
    book.formula(sheet, row, 2, cell, line.look)
    book.name(line.name, sheet, row, 2, cell.value)
    sheet.write_string(row, 2 + len(book.keys), line.name, book.look())
    return row + 1


def _told(book: Book, key: str, line: Line) -> str:
    """Formula of a line of an option, which may have a table for it."""
    told = line.given and f"{key}.{line.given[0]}" in book.cells
    return line.given[1] if line.given and told else line.formula


def _line(book: Book, sheet: Worksheet, row: int, line: Line) -> int:
    """A line of each option; the last option is the reference."""
    _words(book, sheet, row, line)
    reference = f"{book.results.reference}.{line.name}"
    places = list(enumerate(book.keys))
    for place, key in places[::-1]:  # what a line says of the reference comes first
        cell = book.compiled(_told(book, key, line), key)
        book.formula(sheet, row, 2 + place, cell, line.look, bold=line.strong)
        book.name(f"{key}.{line.name}", sheet, row, 2 + place, cell.value)
        if key == book.results.reference:
            book.cells[f"ref.{line.name}"] = Cell(reference, cell.value)
    sheet.write_string(row, 2 + len(book.keys), f"*.{line.name}", book.look())
    return row + 1


# ------------------------------------------------------------------- break-even


def breakeven(book: Book, months: Columns) -> Columns:
    """Month and volume of break-even, and unit cost at every volume."""
    sheet = book.sheet(
        "Break-even",
        "Break-even by month and by volume",
        "The month from which the own fleet stays cheaper than the reference doing "
        "the same work, and the volume that earns one-off costs back.",
    )
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, len(book.keys), 20)
    row = book.head(sheet, 2, ["", *book.results.labels])
    for label, name, text in _CROSSING:
        sheet.write_string(row, 0, label, book.look(bold=name == "breakeven_month"))
        for place, key in enumerate(book.keys[:-1]):
            values = months.cells[f"{key}.difference"].value
            cell = Cell(text.format(key=key), _crossing(name, months, values))
            bold = name == "breakeven_month"
            book.formula(sheet, row, 1 + place, cell, "number", bold=bold)
            book.name(f"{key}.{name}", sheet, row, 1 + place, cell.value)
        row += 1
    row = _volume_line(book, sheet, row)
    return _by_volume(book, sheet, row + 2)


_GAPS = "{key}.difference"
_CROSSING = (
    (
        "Last month in which it costs more",
        "last_above",
        f"IF(COUNT({_GAPS})<ROWS({_GAPS}),NA(),SUMPRODUCT(MAX(({_GAPS}>0)*months)))",
    ),
    (
        "Break-even month",
        "breakeven_month",
        f"IF(ISNA({{key}}.last_above),NA(),IF(INDEX({_GAPS},ROWS({_GAPS}))>0,"
        f'"never",IF(COUNTIF({_GAPS},">0")=0,0,{{key}}.last_above+'
        f"INDEX({_GAPS},{{key}}.last_above+1)/(INDEX({_GAPS},{{key}}.last_above+1)"
        f"-INDEX({_GAPS},{{key}}.last_above+2)))))",
    ),
)


def _crossing(name: str, months: Columns, gaps: np.ndarray) -> float | str:
    """Present value of one of the lines above."""
    axis = months.cells["months"].value
    if not np.isfinite(gaps).all():
        return float("nan")
    if name == "last_above":
        return float(np.max((gaps > 0) * axis))
    month = float(crossing_month(gaps, axis))
    return month if month == month else "never"


def _volume_line(book: Book, sheet: Worksheet, row: int) -> int:
    sheet.write_string(row, 0, "Break-even volume, chips", book.look(bold=True))
    for place, key in enumerate(book.keys[:-1]):
        cell = book.cells[f"{key}.breakeven_volume"]
        book.formula(sheet, row, 1 + place, cell, "whole", bold=True)
    return row + 1


def _by_volume(book: Book, sheet: Worksheet, row: int) -> Columns:
    """Unit cost at every volume: one-off costs spread over more chips."""
    unit = f"USD/{book.results.work_unit}"
    sheet.write_string(row, 1, f"Unit cost, {unit}", book.look(font_color="#5A6673"))
    book.head(sheet, row + 1, ["Chips built", *book.results.labels])
    columns = Columns(book, sheet, row + 2, VOLUMES.size)
    steps = (VOLUMES.size - 1) / np.log10(VOLUMES[-1] / VOLUMES[0])
    columns.raw(0, "volumes", f"10^((ROW()-{row + 3})/{steps:g})", VOLUMES, "whole")
    for place, key in enumerate(book.keys):
        text = "variable_cost + one_off * recovery / work / volumes"
        columns.add(1 + place, f"{key}.cost_by_volume", text, scope=key, look="exact")
    return columns


# ----------------------------------------------------------------- amortisation

_SCHEDULE = (
    (
        "opening",
        "Opening balance",
        "where(age <= life_months, before.closing, 0)",
        "purchase + each_one_off",
    ),
    ("interest", "Interest", "opening * monthly_rate", ""),
    (
        "charge",
        "Charge",
        f"where(age <= life_months, {' + '.join(map(line_name, CAPITAL))}, 0)",
        "",
    ),
    ("repaid", "Repaid", "charge - interest", ""),
    ("closing", "Closing balance", "opening - repaid", ""),
)


def amortisation(book: Book) -> None:
    """Schedule of one chip: what is still tied up in it, month by month."""
    sheet = book.sheet(
        "Amortisation",
        "Amortisation of one chip, with its share of NRE and port",
        "The level charge pays interest and repays the rest; what is left at the end "
        "of its life is the resale value.",
    )
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, len(_SCHEDULE) * len(book.keys), 17)
    each = "where(one_off == 0, 0, one_off / chips)"
    left = "where(owned, purchase * residual, 0)"
    for row, name, label, text in (
        (2, "each_one_off", "Share of one-off costs, USD", each),
        (3, "resale", "Resale value at the end of life, USD", left),
    ):
        sheet.write_string(row, 0, label, book.look())
        for place, key in enumerate(book.keys):
            cell = book.compiled(text, key)
            column = 1 + place * len(_SCHEDULE)
            book.formula(sheet, row, column, cell)
            book.name(f"{key}.{name}", sheet, row, column, cell.value)
    book.head(sheet, 5, ["Month", *[s[1] for s in _SCHEDULE] * len(book.keys)])
    columns = Columns(book, sheet, 6, LEDGER)
    columns.raw(0, "age", "ROW()-6", np.arange(1.0, LEDGER + 1), "general")
    for place, key in enumerate(book.keys):
        start = 1 + place * len(_SCHEDULE)
        label = book.results.labels[place]
        sheet.write_string(4, start, label, book.look(bold=True))
        columns.recursion(start, key, _SCHEDULE)
    sheet.freeze_panes(6, 1)
