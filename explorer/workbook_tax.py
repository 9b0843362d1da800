"""What purchases fetch at the horizon and are written off for tax, and the taxes."""

from __future__ import annotations

import numpy as np
from xlsxwriter.worksheet import Worksheet

from breakeven.explorer.formulas import Cell
from breakeven.explorer.workbook import MUTED, Book
from breakeven.explorer.workbook_columns import Columns

_FIRST = 8  # row of the first line of every table
_AGES = 17  # a horizon of 15 years at most has tranches of 16 tax years
_SHARES = 4  # column of what is left at the horizon
# A tranche is written off at these shares of its price from its first tax year on:
# double declining balance in the half-year convention, then a straight line.
_WRITTEN = (
    ("spent", "Before", "before.spent + before.share", "0"),
    (
        "left",
        "Years left",
        "returns.tax_life - where(tax_age == 0, 0, tax_age - 0.5)",
        "",
    ),
    (
        "share",
        "Written off",
        "where(returns.depreciation == 'straight_line', "
        "max(0, min(1, returns.tax_life - tax_age)) / returns.tax_life, "
        "(1 - spent) * max(min(2 / returns.tax_life * tax_part, 1), "
        "where(left > tax_part, tax_part / left, 1)))",
        "",
    ),
)
_LAST_YEAR = "ceiling(last_month / months_per_year)"
_TAXABLE = (
    "-running_year - resale_year "
    f"+ where(tax_year == {_LAST_YEAR}, left_value, 0) "
    "- written_off * chips * purchase - where(tax_year == 1, one_off, 0)"
)
_ONCE = "where(tax_year == 1, ref.one_off, 0)"
_NET_TAX = (
    f"-returns.tax_rate * (taxable - (ref.taxable + {_ONCE}) * reference_scale "
    f"+ {_ONCE})"
)


def tax(book: Book, months: Columns) -> None:
    """Sheet of resale at the horizon and of taxes, year by year."""
    sheet = book.sheet(
        "Resale and tax",
        "Resale at the horizon, depreciation for tax, and taxes",
        "What is left at the horizon is sold at the value of its age. One-off costs "
        "are deducted in year 1, losses set against other profits at once.",
    )
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 26 + 4 * len(book.keys), 14)
    here = _tranches(book, sheet, months)
    side = _SHARES + len(book.keys) + 1
    _written_off(book, sheet, side)
    _years(book, sheet, here, side + 6)
    sheet.freeze_panes(_FIRST, 1)


def _tranches(book: Book, sheet: Worksheet, months: Columns) -> Columns:
    """Purchases of each month, their tax years, what they fetch at the horizon."""
    horizon = float(book.results.months[-1])
    sheet.write_string(2, 0, "Last month", book.look())
    book.formula(sheet, 2, _SHARES, Cell("MAX(months)", horizon), "general")
    book.name("last_month", sheet, 2, _SHARES, horizon)
    columns = Columns(book, sheet, _FIRST, months.rows)
    columns.borrow(months)
    heads = ["Month", "Fleets bought", "First tax year", "Last tax year"]
    book.head(sheet, _FIRST - 1, [*heads, *book.results.labels])
    columns.add(0, "tranche", "months", look="general")
    bought = "bought - before.bought"
    columns.add(1, "bought_now", bought, first="bought", look="exact")
    year = "max(ceiling(months / months_per_year), 1)"
    columns.add(2, "first_tax_year", year, look="general")
    sold = "ceiling(min(months + life_months, last_month) / months_per_year - 1e-9)"
    columns.add(3, "last_tax_year", f"max({sold}, first_tax_year)", look="general")
    for place, key in enumerate(book.keys):
        column = _SHARES + place
        left = _left(f"{key}.quote_ages" in book.cells)
        columns.add(column, f"{key}.left_share", left, scope=key, look="exact")
        _of_option(book, sheet, column, key, columns)
    for row, text in ((3, "Resale at the horizon, USD"), (4, _SCALE)):
        sheet.write_string(row, 0, text, book.look())
    said = "of it left at the horizon, share of the price"
    sheet.write_string(_FIRST - 2, _SHARES, said, book.look(font_color=MUTED))
    book.cells["ref.left_value"] = book.cells[f"{book.keys[-1]}.left_value"]
    return columns


_SCALE = "Reference's fleet for the same work, over its own"


def _left(quoted: bool) -> str:
    """Formula of the value of a month's purchases at the horizon, share of price."""
    age = "(last_month - months)"
    # nothing to the power of nothing is no number in a spreadsheet
    value = f"where({age} == 0, 1, residual ** ({age} / life_months))"
    if quoted:
        value = f"interpolated({age}, quote_ages, quote_values)"
    return f"where({age} < life_months - 1e-9, bought_now * {value}, 0)"


def _of_option(
    book: Book, sheet: Worksheet, column: int, key: str, columns: Columns
) -> None:
    """Value left at the horizon, and the size of the reference's fleet beside it."""
    share = columns.cells[f"{key}.left_share"].value.sum()
    fleet = book.compiled("chips * purchase", key)
    left = Cell(f"{fleet.text}*SUM({key}.left_share)", fleet.value * share)
    scale = _scale(book, key, columns)
    for row, name, cell, look in (
        (3, "left_value", left, "number"),
        (4, "reference_scale", scale, "exact"),
    ):
        book.formula(sheet, row, column, cell, look)
        book.name(f"{key}.{name}", sheet, row, column, cell.value)


def _scale(book: Book, key: str, columns: Columns) -> Cell:
    """Work of an option's fleet to the horizon over the reference's, discounted."""
    rate, months = (book.cells["monthly_rate"].value, book.results.months)
    keys = (key, book.keys[-1])
    own, rival = (
        np.sum(columns.cells[f"{k}.worked"].value * (1.0 + rate) ** -months)
        for k in keys
    )
    each = [f"SUMPRODUCT({k}.worked*(1+monthly_rate)^-months)" for k in keys]
    return Cell("/".join(each), own / rival)


def _written_off(book: Book, sheet: Worksheet, side: int) -> None:
    """Share of a purchase written off in each tax year: MACRS or a straight line."""
    heads = ["Year of a tranche", "Part of a year", *(w[1] for w in _WRITTEN)]
    book.head(sheet, _FIRST - 1, heads, side)
    columns = Columns(book, sheet, _FIRST, _AGES)
    ages = np.arange(float(_AGES))
    columns.raw(side, "tax_age", f"ROW()-{_FIRST + 1}", ages, "general")
    columns.add(side + 1, "tax_part", "where(tax_age == 0, 0.5, 1)")
    columns.recursion(side + 2, "tax", _WRITTEN)
    for name in ("spent", "share"):
        book.cells[f"tax.{name}"] = columns.cells[f"tax.{name}"]


# ------------------------------------------------------------------------- by year


def _years(book: Book, sheet: Worksheet, tranches: Columns, side: int) -> None:
    """Taxes of each year, of every option and against the reference."""
    count = int(np.ceil(book.results.months[-1] / 12.0))
    columns = Columns(book, sheet, _FIRST, count)
    years = np.arange(1.0, count + 1)
    book.head(sheet, _FIRST - 1, ["Tax year", "Written off"], side)
    columns.raw(side, "tax_year", f"ROW()-{_FIRST}", years, "general")
    year = columns.cells["tax_year"].text
    off = _deductions(book, tranches, years)
    columns.raw(side + 1, "written_off", _SUM.replace("{year}", year), off)
    last = len(book.keys) - 1
    for place in (last, *range(last)):
        _taxes(book, columns, tranches, place, side + 2 + 4 * place)


_AGE = "{year}-first_tax_year"
_SUM = (
    "SUMPRODUCT(bought_now*(returns.bonus_share*({year}=first_tax_year)"
    "+(1-returns.bonus_share)*({year}>=first_tax_year)*(({year}<last_tax_year)"
    f"*SUMIF(tax_age,{_AGE},tax.share)+({{year}}=last_tax_year)"
    f"*(1-SUMIF(tax_age,{_AGE},tax.spent)))))"
)


def _deductions(book: Book, tranches: Columns, years: np.ndarray) -> np.ndarray:
    """Present values of the column: what the text above sums. [1]."""
    names = ("bought_now", "first_tax_year", "last_tax_year")
    bought, first, last = (tranches.cells[name].value for name in names)
    share, spent = (book.cells[f"tax.{name}"].value for name in ("share", "spent"))
    year = years[:, None]
    age = (year - first).astype(int)
    known = np.clip(age, 0, _AGES - 1)
    charge = (year < last) * share[known] + (year == last) * (1.0 - spent[known])
    bonus = float(book.cells["returns.bonus_share"].value)
    written = bonus * (age == 0) + (1.0 - bonus) * (age >= 0) * charge
    return np.asarray((bought * written).sum(axis=1))


def _taxes(
    book: Book, columns: Columns, tranches: Columns, place: int, side: int
) -> None:
    """Running costs, resale, taxable profit of an option; its tax over the other's."""
    key, year = book.keys[place], columns.cells["tax_year"]
    label = book.results.labels[place]
    columns.sheet.write_string(_FIRST - 2, side, label, book.look(bold=True))
    for k, (name, source) in enumerate(
        (("running_year", "running_paid"), ("resale_year", "resales"))
    ):
        text = f"SUMIF(first_tax_year,{year.text},{key}.{source})"
        flows = tranches.cells[f"{key}.{source}"].value
        mine = tranches.cells["first_tax_year"].value == year.value[:, None]
        values = np.where(mine, flows, 0.0).sum(axis=1)
        columns.raw(side + k, f"{key}.{name}", text, values, "number")
    columns.add(side + 2, f"{key}.taxable", _TAXABLE, scope=key)
    heads = ["Running", "Resale", "Taxable profit"]
    if key == book.results.reference:
        columns.cells["ref.taxable"] = columns.cells[f"{key}.taxable"]
    else:
        columns.add(side + 3, f"{key}.net_tax", _NET_TAX, scope=key)
        book.cells[f"{key}.net_tax"] = columns.cells[f"{key}.net_tax"]
        heads.append("Tax, over the reference's")
    book.head(columns.sheet, _FIRST - 1, heads, side)
