"""Rates of return in a workbook: present value at every rate, and where it is nothing.

A spreadsheet's IRR finds one rate, from a guess, and may leave a poor guess for another
rate. Here every change of sign along a table of rates gives a guess, brought near by
halving: none of several is missed, and no guess is pasted.
"""

from __future__ import annotations

import numpy as np

from breakeven.explorer.workbook import MUTED, Book
from breakeven.explorer.workbook_columns import Columns
from breakeven.models.finance import internal_rates_of_return
from breakeven.models.units import MONTHS_PER_YEAR

# Natural logarithm of a year's growth, in steps fine enough for one root a step.
LOW, HIGH, STEP = -8.0, 30.0, 0.25
_FIRST = 5
_HEADS = (
    "Present value, USD",
    "Guess, log of growth",
    *(f"Halved {n}" for n in ("once", "twice", "thrice", "four times")),
    "Rate of return",
    "Its size",
)
_YEARS = "(flow_month/months_per_year)"
_HALVED = (
    "IF(ISNUMBER({at}),{at}+{step:g}*SIGN({here}"
    '*SUMPRODUCT({key}.net,EXP(-{at}*{years}))),"")'
)
_HALVES = 4


def rates(book: Book, flows: Columns) -> None:
    """Sheet of the present value at every rate, and of the rates of return."""
    sheet = book.sheet(
        "Rates of return",
        "Present value at every rate, and the rates at which it is nothing",
        "Each change of sign between two rates is a guess from which IRR starts: of "
        "cash that goes out again later there may be several, or none.",
    )
    sheet.set_column(0, 1 + len(_HEADS) * len(book.keys), 17)
    grid = np.arange(LOW, HIGH + STEP / 2, STEP)
    columns = Columns(book, sheet, _FIRST, grid.size)
    text = f"{LOW:g}+(ROW()-{_FIRST + 1})*{STEP:g}"
    book.head(sheet, _FIRST - 1, ["Log of growth a year", "Rate a year"])
    columns.raw(0, "growth", text, grid, "general")
    columns.add(1, "rate", "exp(growth) - 1", look="share")
    for place, key in enumerate(book.keys[:-1]):
        start = 2 + place * len(_HEADS)
        label = book.results.labels[place]
        sheet.write_string(_FIRST - 2, start, label, book.look(bold=True))
        book.head(sheet, _FIRST - 1, list(_HEADS), start)
        _roots(book, columns, flows, key, start)
    said = f"from {LOW:g} to {HIGH:g}"
    sheet.write_string(_FIRST - 2, 0, said, book.look(font_color=MUTED))
    sheet.freeze_panes(_FIRST, 2)


def _roots(book: Book, columns: Columns, flows: Columns, key: str, start: int) -> None:
    """Present value by rate, changes of its sign, and the rates found from them."""
    cells, grid = columns.cells, columns.cells["growth"]
    net = flows.cells[f"{key}.net"].value
    worth = np.exp(-grid.value[:, None] * _years(net)) @ net
    text = f"SUMPRODUCT({key}.net,EXP(-{grid.text}*{_YEARS}))"
    columns.raw(start, f"{key}.worth_at", text, worth, "usd")
    steps = np.flatnonzero(worth[:-1] * worth[1:] < 0.0)
    at = _guesses(columns, key, start + 1, net, steps)
    found = _in_steps(net, grid.value, steps)
    text = (
        f"IF(ISNUMBER({at}),(1+IRR({key}.net,EXP({at}/months_per_year)-1))"
        '^months_per_year-1,"")'
    )
    columns.raw(start + 6, f"{key}.root", text, found, "share", blank=True)
    root = cells[f"{key}.root"].text
    text = f'IF(ISNUMBER({root}),ABS({root}),"")'
    columns.raw(start + 7, f"{key}.root_size", text, np.abs(found), "share", blank=True)
    book.cells[f"{key}.root"] = cells[f"{key}.root"]


def _guesses(
    columns: Columns, key: str, start: int, net: np.ndarray, steps: np.ndarray
) -> str:
    """Guess in every step of the table that has a change of sign; the last column."""
    cells, grid = columns.cells, columns.cells["growth"]
    worth = cells[f"{key}.worth_at"]
    here, after = worth.text, worth.text.replace("{row}", "{next}")
    text = (
        f'IF(ROW()={columns.last + 1},"",IF({here}*{after}<0,'
        f'{grid.text}+{STEP / 2:g},""))'
    )
    guess = np.full(grid.value.size, np.nan)
    guess[steps] = grid.value[steps] + STEP / 2
    name, step = f"{key}.guess", STEP / 2
    for k in range(1 + _HALVES):
        columns.raw(start + k, name, text, guess, blank=True)
        at, name, step = cells[name].text, f"{key}.guess_{k + 1}", step / 2
        text = _HALVED.format(at=at, key=key, years=_YEARS, here=here, step=step)
        now = np.exp(-guess[:, None] * _years(net)) @ net
        guess = guess + step * np.sign(worth.value * now)
    return at


def _years(net: np.ndarray) -> np.ndarray:
    """Years from the start of every month. [year]."""
    return np.arange(net.size) / MONTHS_PER_YEAR


def _in_steps(net: np.ndarray, grid: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """Rate of return a year in each step of the table that has one, else NaN."""
    found = np.full(grid.size, np.nan)
    if not np.isfinite(net).all():
        return found
    every = internal_rates_of_return(net)
    growth = MONTHS_PER_YEAR * np.log1p(every[np.isfinite(every)])
    for k in steps:
        inside = growth[(growth >= grid[k]) & (growth <= grid[k] + STEP)]
        found[k] = np.expm1(inside[0]) if inside.size else np.nan
    return found
