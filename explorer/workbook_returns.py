"""What an option returns against the reference: present value, rate, payback."""

from __future__ import annotations

import numpy as np
from xlsxwriter.worksheet import Worksheet

from breakeven.explorer.formulas import Cell
from breakeven.explorer.workbook import MUTED, Book, letters
from breakeven.explorer.workbook_columns import Columns
from breakeven.explorer.workbook_rates import rates
from breakeven.models.payoff import PAYBACKS, RATES

_FIRST = 20  # row of month 0
_NET = (
    "where(months == last_month, left_value, 0) - cash + ref.one_off_paid "
    "+ (ref.cash - ref.one_off_paid - where(months == last_month, ref.left_value, 0)) "
    "* reference_scale"
)
_HEADS = (
    "Before tax",
    "Tax",
    "Net cash",
    "Cumulative",
    "Discounted",
    "Cumulative",
    "Side of the last flow",
    "Side of the first",
    "Side changes",
    "Paid back",
    "Paid back, discounted",
)
# A balance within rounding of nothing is nothing.
_PAID = (
    "where(both({total} >= -1e-14 * turnover, "
    "either(side != 0, first_side >= 0)), 1, 0)"
)
_KNOWN = "IF(ISNA({key}.npv),NA(),{rest})"
_MONTH = (
    'IF(COUNTIF({key}.{flag},1)=0,"never",IF(INDEX({key}.{flag},1)=1,0,'
    "MATCH(1,{key}.{flag},0)-2+MIN(1,IF(INDEX({key}.{flow},MATCH(1,{key}.{flag},0))>0,"
    "-INDEX({key}.{total},MATCH(1,{key}.{flag},0)-1)"
    "/INDEX({key}.{flow},MATCH(1,{key}.{flag},0)),1))))"
)


def returns(book: Book, months: Columns) -> None:
    """Sheet of net cash against the reference, and what it is worth."""
    sheet = book.sheet(
        "Returns",
        f"Returns against {book.results.labels[-1]}, for the same work",
        "What is paid less, or more, than with the reference, whose fleet is scaled to "
        "the same work; the fleets that are left at the horizon are sold there.",
    )
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 1 + len(_HEADS) * len(book.keys), 15)
    columns = Columns(book, sheet, _FIRST, months.rows)
    columns.borrow(months)
    for name in ("cash", "one_off_paid"):
        columns.cells[f"ref.{name}"] = columns.cells[f"{book.keys[-1]}.{name}"]
    book.head(sheet, _FIRST - 1, ["Month", "Discount factor", "Tax year that is due"])
    columns.add(0, "flow_month", "months", look="general")
    columns.add(1, "discount", "(1 + monthly_rate) ** -months", look="exact")
    due = (
        "where(both(months > 0, either(months == last_month, ceiling(months "
        "/ months_per_year) == months / months_per_year)), "
        "ceiling(months / months_per_year), 0)"
    )
    columns.add(2, "due", due, look="general")
    for place in range(len(book.keys) - 1):
        _flows(book, columns, place)
    rates(book, columns)
    _answers(book, sheet, columns)
    sheet.freeze_panes(_FIRST, 1)


def _flows(book: Book, columns: Columns, place: int) -> None:
    """Net cash of one option by month, and what is counted along it."""
    key, start = book.keys[place], 3 + place * len(_HEADS)
    sheet, cells = columns.sheet, columns.cells
    label = book.results.labels[place]
    sheet.write_string(_FIRST - 3, start, label, book.look(bold=True))
    sheet.write_string(_FIRST - 2, start, "USD", book.look(font_color=MUTED))
    book.head(sheet, _FIRST - 1, list(_HEADS), start)
    columns.add(start, f"{key}.before_tax", _NET, scope=key)
    _tax_paid(book, columns, start + 1, key)
    columns.add(start + 2, f"{key}.net", "before_tax + tax_paid", scope=key)
    _running_sum(columns, start + 3, f"{key}.balance", f"{key}.net")
    columns.add(start + 4, f"{key}.discounted", "net * discount", scope=key)
    _running_sum(columns, start + 5, f"{key}.worth_to_date", f"{key}.discounted")
    net = cells[f"{key}.net"].value
    turnover = float(np.abs(net).sum())
    book.formula(
        sheet, 12, 1 + place, Cell(f"SUMPRODUCT(ABS({key}.net))", turnover), "usd"
    )
    book.name(f"{key}.turnover", sheet, 12, 1 + place, turnover)
    _sides(book, columns, start + 6, place)
    for step, (flag, total) in enumerate(_FLAGS, 9):
        text = _PAID.format(total=total)
        columns.add(start + step, f"{key}.{flag}", text, scope=key, look="general")


_FLAGS = (("paid", "balance"), ("paid_discounted", "worth_to_date"))


def _tax_paid(book: Book, columns: Columns, column: int, key: str) -> None:
    """Tax of the year that ends in a month."""
    due, taxes = columns.cells["due"], book.cells[f"{key}.net_tax"].value
    text = f"IF({due.text}>0,INDEX({key}.net_tax,{due.text}),0)"
    years = due.value.astype(int)
    values = np.where(years > 0, taxes[np.maximum(years, 1) - 1], 0.0)
    columns.raw(column, f"{key}.tax_paid", text, values, "number")


def _running_sum(columns: Columns, column: int, name: str, of: str) -> None:
    """Sum of another column down to each row."""
    flow = columns.cells[of]
    text = f"SUM({letters(column)}{{before}},{flow.text})"
    columns.raw(column, name, text, np.cumsum(flow.value), "number")


def _sides(book: Book, columns: Columns, start: int, place: int) -> None:
    """Sign of the last and of the first flow that is not nothing, and its changes."""
    key = book.keys[place]
    net = columns.cells[f"{key}.net"]
    side = last_signs(net.value)
    at = f"IF(ROW()={_FIRST + 1},0,N({{column}}{{before}}))"
    above = at.replace("{column}", letters(start))
    text = f"IF({net.text}=0,{above},SIGN({net.text}))"
    columns.raw(start, f"{key}.side", text, side, "general")
    here = columns.cells[f"{key}.side"].text
    begun = np.where(side == 0, 0.0, side[np.argmax(side != 0)])
    above = at.replace("{column}", letters(start + 1))
    text = f"IF({above}=0,{here},{above})"
    columns.raw(start + 1, f"{key}.begun", text, begun, "general")
    before = np.concatenate([[0.0], side[:-1]])
    changed = (side * before < 0.0).astype(float)
    above = at.replace("{column}", letters(start))
    text = f"IF({here}*{above}<0,1,0)"
    columns.raw(start + 2, f"{key}.changed", text, changed, "general")
    for row, name, text, value in (
        (13, "first_side", f"INDEX({key}.begun,ROWS({key}.begun))", begun[-1]),
        (14, "changes", f"SUM({key}.changed)", changed.sum()),
    ):
        book.formula(columns.sheet, row, 1 + place, Cell(text, value), "general")
        book.name(f"{key}.{name}", columns.sheet, row, 1 + place, float(value))


def last_signs(net: np.ndarray) -> np.ndarray:
    """Sign of the last flow so far that is not nothing; 0 before the first. [1]."""
    found = np.sign(net)
    for k in range(1, found.size):
        found[k] = found[k] or found[k - 1]
    return found


# ------------------------------------------------------------------------- answers


def _answers(book: Book, sheet: Worksheet, columns: Columns) -> None:
    """What the flows are worth, option by option."""
    book.head(sheet, 2, ["", *book.results.labels[:-1]])
    for row, (label, *_) in enumerate(_LINES, 3):
        sheet.write_string(row, 0, label, book.look(bold=row == 3))
    for row, label in _COUNTED:
        sheet.write_string(row, 0, label, book.look(font_color=MUTED))
    for place, key in enumerate(book.keys[:-1]):
        values = _values(book, columns, key)
        for row, (_, name, text, look) in enumerate(_LINES, 3):
            known = text if name == "npv" else _KNOWN.replace("{rest}", text)
            cell = Cell(known.replace("{key}", key), values[name])
            book.formula(sheet, row, 1 + place, cell, look, bold=row == 3)
            book.name(f"{key}.{name}", sheet, row, 1 + place, cell.value)


_COUNTED = (
    (12, "All flows, whatever their sign, USD"),
    (13, "Sign of the first flow"),
    (14, "Changes of sign: as many rates of return at most"),
)
_SAID = (
    f'IF({{key}}.irr_count=1,"{RATES[0]}",IF({{key}}.irr_count>1,"{RATES[1]}",'
    'IF({key}.changes=1,"the rate of return is beyond the sheet Rates of return",'
    f'IF({{key}}.changes>0,"{RATES[4]}",IF(MIN({{key}}.net)>=0,"{RATES[3]}",'
    f'"{RATES[2]}")))))'
)
_BACK = (
    f'IF({{key}}.payback="never","{PAYBACKS[2]}",IF({{key}}.payback=0,"{PAYBACKS[1]}",'
    f'"{PAYBACKS[0]}"))'
)


def _nearest(rank: int) -> str:
    """Formula of one of the rates of return, the nearest to nothing first."""
    return (
        f'IF({{key}}.irr_count<{rank},"none",INDEX({{key}}.root,MATCH('
        f"SMALL({{key}}.root_size,{rank}),{{key}}.root_size,0)))"
    )


def _month(flag: str, flow: str, total: str) -> str:
    """Formula of a month of payback."""
    filled = _MONTH.replace("{flag}", flag).replace("{flow}", flow)
    return filled.replace("{total}", total)


_LINES = (
    (
        "Net present value, USD",
        "npv",
        "NPV(monthly_rate,{key}.net)*(1+monthly_rate)",
        "usd",
    ),
    ("Payback, months", "payback", _month("paid", "net", "balance"), "number"),
    (
        "Discounted payback, months",
        "discounted_payback",
        _month("paid_discounted", "discounted", "worth_to_date"),
        "number",
    ),
    ("Whether it is paid back", "payback_said", _BACK, "general"),
    ("Number of rates of return", "irr_count", "COUNT({key}.root)", "general"),
    ("Internal rate of return a year, nearest to 0", "irr", _nearest(1), "share"),
    ("The next one", "irr_other", _nearest(2), "share"),
    ("What there is of a rate", "irr_said", _SAID, "general"),
    (
        "Internal rate of return, where there is one",
        "irr_shown",
        'IF({key}.irr_count>1,"several: see Returns",{key}.irr)',
        "share",
    ),
)


def _values(book: Book, columns: Columns, key: str) -> dict[str, float | str]:
    """Present values of the answers of one option."""
    names = [name for _, name, *_ in _LINES]
    net = columns.cells[f"{key}.net"].value
    if not np.isfinite(net).all():
        return dict.fromkeys(names, float("nan"))
    found = {
        name: _paid_back(*(columns.cells[f"{key}.{c}"].value for c in parts))
        for name, parts in (
            ("payback", ("paid", "net", "balance")),
            ("discounted_payback", ("paid_discounted", "discounted", "worth_to_date")),
        )
    }
    roots = book.cells[f"{key}.root"].value
    roots = sorted(roots[np.isfinite(roots)], key=abs)
    one, two = [*map(float, roots), "none", "none"][:2]
    back = {"never": PAYBACKS[2], 0.0: PAYBACKS[1]}.get(found["payback"], PAYBACKS[0])
    return {
        "npv": float(columns.cells[f"{key}.discounted"].value.sum()),
        **found,
        "payback_said": back,
        "irr_count": float(len(roots)),
        "irr": one,
        "irr_other": two,
        "irr_said": _said(book, key, len(roots), net),
        "irr_shown": "several: see Returns" if len(roots) > 1 else one,
    }


def _said(book: Book, key: str, count: int, net: np.ndarray) -> str:
    """Words on the rates of return, as the formula has them."""
    changes = float(book.cells[f"{key}.changes"].value)
    if count:
        return RATES[0] if count == 1 else RATES[1]
    if changes == 1:
        return "the rate of return is beyond the sheet Rates of return"
    return RATES[4] if changes else RATES[3] if (net >= 0).all() else RATES[2]


def _paid_back(flag: np.ndarray, flow: np.ndarray, total: np.ndarray) -> float | str:
    """Month of payback, as the formula has it."""
    if not flag.any():
        return "never"
    k = int(flag.argmax())
    if k == 0:
        return 0.0
    return k - 1 + min(1.0, -total[k - 1] / flow[k] if flow[k] > 0 else 1.0)
