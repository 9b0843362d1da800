"""The cash of each fleet by month: one-off, purchases, resales, running, cumulative."""

from __future__ import annotations

import numpy as np
from xlsxwriter.worksheet import Worksheet

from breakeven.explorer.formulas import Cell
from breakeven.explorer.workbook import MUTED, Book, letters
from breakeven.explorer.workbook_columns import Columns
from breakeven.models.amortization import early_months

# Name, head, expression, and what month 0 has instead.
_CASH = (
    ("unused", "Months of full use lacking", "lacking", ""),
    ("unbilled_months", "Months of rent not billed", "unbilled", ""),
    ("one_off_paid", "One-off", "where(months == 0, one_off, 0)", ""),
    (
        "purchases",
        "Purchases",
        "chips * purchase * (bought - before.bought)",
        "chips * purchase * bought",
    ),
    (
        "resales",
        "Resales",
        "-chips * purchase * residual * (resold - before.resold)",
        "-chips * purchase * residual * resold",
    ),
    (
        "running_paid",
        "Running",
        "chips * (running_end * (operated - before.operated) - use_cash * (unused "
        "- before.unused) - billed_cash * (unbilled_months - before.unbilled_months))",
        "chips * running_end * operated",
    ),
    (
        "cash",
        "Cash of the month",
        "one_off_paid + purchases + resales + running_paid",
        "",
    ),
    ("cumulative_cost", "Cumulative", "before.cumulative_cost + cash", "cash"),
    (
        "worked",
        "Work of the month",
        "work_per_month * (operated - before.operated - unused + before.unused)",
        "work_per_month * (operated - unused)",
    ),
    ("work_to_date", "Work to date", "work_per_month * (operated - unused)", ""),
    (
        "cost_to_date",
        "Cost to date",
        "where(work_to_date > 0, cumulative_cost / work_to_date, na())",
        "",
    ),
    (
        "work_share",
        "Work to date over the reference's",
        "work_to_date / ref.work_to_date",
        "work_per_month * use_start / (ref.work_per_month * ref.use_start)",
    ),
    (
        "difference",
        "Over the reference's, for the same work",
        "cumulative_cost - ref.one_off - (ref.cumulative_cost - ref.one_off) "
        "* work_share",
        "",
    ),
)
_UNITS = (
    ("chip-months a chip",) * 2
    + ("USD",) * 6
    + ("{work}",) * 2
    + ("USD/{work}", "1", "USD")
)
_AGED = ("unused", "unbilled_months")
_FIRST = 8  # row of month 0
_AGES = 30  # replacements: a life is half a year or more, a horizon 15 years or less


def months(book: Book) -> Columns:
    """Cash by month of each fleet, cumulative, and per unit of work."""
    sheet = book.sheet(
        "Cash flows",
        "Cash flows by month",
        "Undiscounted. The fleet is installed evenly over the deployment period and "
        "replaced when its life ends.",
    )
    sheet.set_column(0, 0, 10)
    sheet.set_column(1, 4 + len(book.keys) * len(_CASH), 16)
    _installation(book, sheet)
    columns = Columns(book, sheet, _FIRST, book.results.months.size)
    _schedule(book, sheet, columns)
    last = len(book.keys) - 1
    for place in (last, *range(last)):  # what others are compared with comes first
        _fleet(book, columns, place)
    sheet.freeze_panes(_FIRST, 1)
    return columns


def _installation(book: Book, sheet: Worksheet) -> None:
    """Length of the installation; none when it is shorter than a moment."""
    period = "finance.deployment_period"
    at_once = f"where({period} > 1e-9, {period}, 0)"
    lines = (
        (2, "installation", "Months over which the fleet is installed", at_once),
        (
            3,
            "divisor",
            "The same, 1 when it is installed at once",
            "where(installation > 0, installation, 1)",
        ),
    )
    for row, name, label, text in lines:
        cell = book.compiled(text)
        sheet.write_string(row, 0, label, book.look())
        book.formula(sheet, row, 4, cell)
        book.name(name, sheet, row, 4, cell.value)


def _schedule(book: Book, sheet: Worksheet, columns: Columns) -> None:
    """Month, and to date: fleets bought, fleets resold, months operated."""
    heads = ["Month", "Fleets bought", "Fleets resold", "Months operated"]
    book.head(sheet, _FIRST - 1, heads)
    sheet.write_string(_FIRST - 2, 1, "to date", book.look(font_color=MUTED))
    columns.raw(0, "months", f"ROW()-{_FIRST + 1}", book.results.months, "general")
    side = 5 + len(book.keys) * len(_CASH)
    ages = np.arange(1, _AGES + 1)
    book.head(sheet, 2, ["Replacement number"], side)
    for k, age in enumerate(ages):
        sheet.write_number(3 + k, side, int(age), book.look())
    book.span("replacements", sheet, side, 3, 2 + _AGES)
    x = "($A{row}-replacements*life_months)"
    ramp = f"({x}>0)*({x}<installation)*{x}/divisor"
    columns.raw(
        2, "resold", f"SUMPRODUCT({ramp}+({x}>=installation))", _resold(book, ages)
    )
    share = "where(installation > 0, min(months / divisor, 1), 1)"
    columns.add(1, "bought", f"{share} + resold", look="exact")
    during, after = "months ** 2 / (2 * divisor)", "months - installation / 2"
    operated = f"where(months < installation, {during}, {after})"
    columns.add(3, "operated", operated, look="exact")


def _resold(book: Book, ages: np.ndarray) -> np.ndarray:
    """Present values of the column: as its text, over all replacements."""
    known = (book.cells[n].value for n in ("installation", "divisor", "life_months"))
    period, divisor, life = map(float, known)
    x = book.results.months[:, None] - ages * life
    ramp = (x > 0) * (x < period) * x / divisor
    return np.asarray((ramp + (x >= period)).sum(axis=1))


def _fleet(book: Book, columns: Columns, place: int) -> None:
    """Columns of one option."""
    key, start = book.keys[place], 5 + place * len(_CASH)
    sheet, unit = columns.sheet, book.results.work_unit
    label = book.results.labels[place]
    sheet.write_string(_FIRST - 3, start, label, book.look(bold=True))
    book.head(sheet, _FIRST - 1, [head for _, head, _, _ in _CASH], start)
    for k, (name, _, rest, first) in enumerate(_CASH):
        said = _UNITS[k].format(work=unit)
        sheet.write_string(_FIRST - 2, start + k, said, book.look(font_color=MUTED))
        if name == "cumulative_cost":
            _cumulative(columns, start + k, key)
        elif name in _AGED:
            _aged(columns, start + k, f"{key}.{name}", f"{key}.{rest}")
        else:
            columns.add(start + k, f"{key}.{name}", rest, scope=key, first=first)
        if key == book.results.reference:
            columns.cells[f"ref.{name}"] = columns.cells[f"{key}.{name}"]


def _aged(columns: Columns, column: int, name: str, gap: str) -> None:
    """What chips lack to date: the gap of each month of age, times the chips in it."""
    ends = ("$A{row}-ramp_age+1", "$A{row}-ramp_age")
    parts = [
        f"({x}>0)*(({x}<installation)*({x})^2/(2*divisor)"
        f"+({x}>=installation)*({x}-installation/2))"
        for x in ends
    ]
    book = columns.book
    known = (book.cells[n].value for n in ("installation", "ramp_age", gap))
    period, ages, missing = (np.asarray(value, float) for value in known)
    early = early_months(book.results.months, period[None], ages.size)
    values = (early * missing).sum(axis=-1)
    columns.raw(column, name, f"SUMPRODUCT({gap}*({parts[0]}-{parts[1]}))", values)


def _cumulative(columns: Columns, column: int, key: str) -> None:
    """All cash so far: the row above and the month's."""
    cash = columns.cells[f"{key}.cash"]
    before = np.concatenate([[0.0], np.cumsum(cash.value)[:-1]])
    above = Cell(f"{letters(column)}{{before}}", before)
    columns.cells[f"{key}.before.cumulative_cost"] = above
    name, text = f"{key}.cumulative_cost", "before.cumulative_cost + cash"
    columns.add(column, name, text, scope=key, first="cash")
