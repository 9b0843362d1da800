"""What a scenario gives as a table or computes itself: quotes, a week, a made chip."""

from __future__ import annotations

from typing import Any

import numpy as np

from breakeven.explorer.formulas import Cell
from breakeven.explorer.workbook import INPUT, Book
from breakeven.models import units
from breakeven.models.given import inputs_of
from breakeven.models.scenario import Scenario

_FIRST = 4


def tables(book: Book) -> None:
    """Sheet of quotes of used hardware and of the load of a week, where there are."""
    options = book.scenario.options
    quoted = {key: groups.resale for key, groups in options.items() if groups.resale}
    loads = {key: groups.load for key, groups in options.items() if groups.load}
    if not quoted and not loads:
        return
    sheet = book.sheet(
        "Tables",
        "Tables in place of single numbers",
        "Value of used hardware by its age, and the load of the hours of a week.",
    )
    sheet.set_column(0, 3 * len(options) + 1, 18)
    column = 0
    for key, table in quoted.items():
        ages, values = table.table
        label = options[key].option.label
        heads = [f"{label}: age, months", "Value, share of the price"]
        book.head(sheet, _FIRST - 1, heads, column)
        for name, numbers in (("quote_ages", ages), ("quote_values", values)):
            _column(book, sheet, column, f"{key}.{name}", numbers)
            column += 1
        column += 1
    for key, load in loads.items():
        label = options[key].option.label
        shape = np.asarray(load.hours) / np.mean(load.hours)
        book.head(sheet, _FIRST - 1, [f"{label}: load over its mean"], column)
        _column(book, sheet, column, f"{key}.load_shape", shape)
        column += 2


def _column(
    book: Book, sheet: Any, column: int, name: str, numbers: np.ndarray
) -> None:
    """Inputs one below the other, with a name for all of them."""
    style = book.look("exact", **INPUT)
    for k, number in enumerate(numbers):
        sheet.write_number(_FIRST + k, column, float(number), style)
    book.span(name, sheet, column, _FIRST, _FIRST + len(numbers) - 1)
    book.cells[name] = Cell(name, np.asarray(numbers, float))


def as_made(scenario: Scenario) -> dict[str, float]:
    """Unit cost and NRE of chips that are costed as they are made. [declared units].

    No formula of the workbook makes a chip: what making it costs enters as an input.
    """
    found = {}
    groups = scenario.core() | scenario.studied
    for key, option in scenario.options.items():
        if option.option.cost_basis != "made":
            continue
        base = {prefix: group.base({}) for prefix, group in groups.items()}
        chip = inputs_of(scenario, base, key)["chip"]
        for name in ("unit_cost", "nre"):
            factor = units.conversion(option.chip.unit(name), "USD")
            found[f"{key}.chip.{name}"] = float(chip[name]) / factor
    return found
