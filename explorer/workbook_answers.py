"""The first sheet of a workbook: the answers in words and numbers, and the charts."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from xlsxwriter.worksheet import Worksheet

from breakeven.explorer.formulas import Cell
from breakeven.explorer.style import COLOURS
from breakeven.explorer.workbook import INK, LINE, MUTED, Book, span
from breakeven.explorer.workbook_columns import Columns
from breakeven.explorer.workbook_rows import line_name
from breakeven.models.tco import COST_LINES

_ROWS = (
    ("Levelised cost", "USD/{work}", "cost_per_token", "exact"),
    ("Cost over the reference's", "", "cost_ratio", "exact"),
    ("Break-even month", "month", "breakeven_month", "number"),
    ("Break-even volume", "chip", "breakeven_volume", "whole"),
    ("Net present value against the reference", "USD", "npv", "usd"),
    ("Payback", "month", "payback", "number"),
    ("Discounted payback", "month", "discounted_payback", "number"),
    ("Internal rate of return", "a year", "irr_shown", "share"),
    ("Chips installed", "chip", "chips", "whole"),
    ("Paid up front", "USD", "capex", "usd"),
    ("of which one-off (NRE, port)", "USD", "one_off", "usd"),
    ("Levelised cost of a chip-hour", "USD/h", "cost_per_hour", "exact"),
    ("Work of the fleet", "{work}/month", "work_per_month", "number"),
    ("Power of the site", "MW", "site_power", "number"),
    ("Energy per work", "kWh/{work}", "energy_per_token", "exact"),
    ("Operational carbon per work", "kg/{work}", "carbon", "exact"),
)
_TABLE = 5


def front(book: Book) -> Worksheet:
    """The first sheet, still empty but for its heading."""
    scenario = book.scenario
    said = " ".join(scenario.description.split())
    sheet = book.sheet("Answers", scenario.title, said)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 18)
    sheet.set_column(2, 1 + len(book.keys), 18)
    return sheet


def fill(book: Book, sheet: Worksheet, months: Columns, even: Columns) -> None:
    """Sentences, table, checks and charts, once the other sheets stand."""
    row = 2
    for place in range(len(book.keys) - 1):
        cell = _sentence(book, place)
        style = book.look(bold=True, font_size=13)
        sheet.write_formula(row, 0, f"={cell.text}", style, cell.value)
        row += 1
    row = _table(book, sheet, row + 1)
    row = _checks(book, sheet, row + 1, months)
    said = (
        f"Breakeven {version('breakeven')}, {datetime.now(UTC):%Y-%m-%d}. Yellow cells "
        "on the sheet Inputs may be changed; green ones come from the throughput "
        "model. Nominal USD before tax, undiscounted where not levelised."
    )
    sheet.write_string(row + 1, 0, said, book.look(font_color=MUTED))
    side = 3 + len(book.keys)
    _lines(book, sheet, (3, side), months, "cumulative_cost", "Cumulative cost", "USD")
    unit = f"USD/{book.results.work_unit}"
    _lines(book, sheet, (20, side), months, "cost_to_date", "Cost to date", unit)
    _lines(book, sheet, (37, side), even, "cost_by_volume", "Unit cost by volume", unit)
    _stack(book, sheet, (row + 4, 0), unit)


def _sentence(book: Book, place: int) -> Cell:
    """Answer in words, put together by the spreadsheet."""
    key, last = book.keys[place], book.keys[-1]
    own, rival = book.results.labels[place], book.results.labels[-1]
    month = book.cells[f"{key}.breakeven_month"].value
    a, b, m = f"{key}.label", f"{last}.label", f"{key}.breakeven_month"
    text = (
        f'IF(ISNA({m}),{a}&" and "&{b}&" cannot be compared: see the notes",'
        f'IF({m}="never",{a}&" does not overtake "&{b}&" within the horizon",'
        f'IF({m}=0,{a}&" is cheaper than "&{b}&" from the first month",'
        f'{a}&" overtakes "&{b}&" after "&TEXT({m},"0.0")&" months")))'
    )
    if month == "never":
        said = f"{own} does not overtake {rival} within the horizon"
    elif month != month:
        said = f"{own} and {rival} cannot be compared: see the notes"
    elif month == 0:
        said = f"{own} is cheaper than {rival} from the first month"
    else:
        said = f"{own} overtakes {rival} after {month:.1f} months"
    return Cell(text, said)


def _table(book: Book, sheet: Worksheet, row: int) -> int:
    """Headline numbers of every option, each a reference to where it is computed."""
    row = book.head(sheet, row, ["", "Unit", *book.results.labels])
    for label, unit, name, look in _ROWS:
        sheet.write_string(row, 0, label, book.look())
        said = unit.format(work=book.results.work_unit)
        sheet.write_string(row, 1, said, book.look(font_color=MUTED))
        for place, key in enumerate(book.keys):
            if (cell := book.cells.get(f"{key}.{name}")) is None:
                continue
            if place == len(book.keys) - 1 and name == "breakeven_volume":
                continue  # an option does not overtake itself
            book.formula(sheet, row, 2 + place, cell, look, bold=row == _TABLE)
        row += 1
    for note in book.results.notes:
        sheet.write_string(row, 0, note, book.look(font_color=MUTED, italic=True))
        row += 1
    return row


def _checks(book: Book, sheet: Worksheet, row: int, months: Columns) -> int:
    """What must hold whatever is changed."""
    row = book.band(sheet, row, "Checks", 2 + len(book.keys))
    horizon = "months of the horizon are the rows of Cash flows"
    checks = [
        ("Lines add up to the cost of a chip-hour", "adds", ""),
        ("The schedule ends at the resale value", "ends", "within 0.01 USD"),
    ]
    for label, kind, unit in checks:
        sheet.write_string(row, 0, label, book.look())
        sheet.write_string(row, 1, unit, book.look(font_color=MUTED))
        for place, key in enumerate(book.keys):
            text = _check(kind, key)
            known = book.cells[f"{key}.monthly.total"].value
            known = known == known
            value = "holds" if known else "#N/A"
            style = book.look(align="right")
            sheet.write_formula(row, 2 + place, f"={text}", style, value)
        row += 1
    sheet.write_string(row, 0, horizon[0].upper() + horizon[1:], book.look())
    text = 'IF(INT(finance.horizon)=MAX(months),"holds","export again")'
    sheet.write_formula(row, 2, f"={text}", book.look(align="right"), "holds")
    return row + 1


def _check(kind: str, key: str) -> str:
    """Text of one check of one option."""
    if kind == "adds":
        lines = "+".join(f"{key}.{line_name(n)}" for n in COST_LINES)
        total = f"{key}.cost_per_hour*hours_per_month"
        return f'IF(ABS({lines}-{total})<=0.000001*{total},"holds","broken")'
    age, rest = "INT(life_months)", f"{key}.resale"
    left = f"INDEX({key}.closing,{age})"
    return (
        f'IF(OR({age}<>life_months,{age}>ROWS({key}.closing)),"not a whole month",'
        f'IF(ABS({left}-{rest})<0.01,"holds","broken"))'
    )


# ----------------------------------------------------------------------- charts


def _lines(
    book: Book,
    sheet: Worksheet,
    at: tuple[int, int],
    columns: Columns,
    name: str,
    title: str,
    unit: str,
) -> None:
    """Curves of all options over months or volumes."""
    by_volume = name == "cost_by_volume"
    chart = book.book.add_chart({"type": "scatter", "subtype": "straight"})
    axis = span(columns.sheet, 0, columns.first, columns.last)
    for place, key in enumerate(book.keys):
        column = columns.places[f"{key}.{name}"]
        chart.add_series(
            {
                "name": book.places[f"{key}.label"][0],
                "categories": axis,
                "values": span(columns.sheet, column, columns.first, columns.last),
                "line": {"color": COLOURS[place], "width": 2.25},
            }
        )
    across: dict[str, Any] = {"name": "Month", "min": 0, "major_unit": 12}
    across["max"] = float(book.results.months[-1])
    if by_volume:
        across = {"name": "Chips built", "log_base": 10, "min": 1e3, "max": 1e7}
        across["num_format"] = "#,##0"
    _dress(chart, title, across, {"name": unit, "min": 0, **_tall(book, columns, name)})
    sheet.insert_chart(*at, chart, {"object_position": 2})


_ROOM = {"cost_by_volume": 2.2, "cost_to_date": 2.6}


def _tall(book: Book, columns: Columns, name: str) -> dict[str, float]:
    """End of an axis on which a few early numbers would dwarf all others."""
    if name not in _ROOM:
        return {}
    last = [float(columns.cells[f"{key}.{name}"].value[-1]) for key in book.keys]
    known = [value for value in last if value == value]
    return {"max": float(f"{_ROOM[name] * max(known):.2g}")} if known else {}


def _dress(chart: Any, title: str, across: dict[str, Any], up: dict[str, Any]) -> None:
    quiet = {"name": "Calibri", "size": 10, "color": MUTED, "bold": False}
    plain = {"num_font": quiet, "name_font": quiet, "line": {"color": LINE}}
    chart.set_title(
        {"name": title, "overlay": False, "name_font": {"size": 13, "color": INK}}
    )
    chart.set_x_axis({**plain, "major_gridlines": {"visible": False}, **across})
    grid = {"visible": True, "line": {"color": LINE, "width": 0.5}}
    form = {"num_format": '[>=1000000]$#,##0,,\\ "M";$#,##0.##'}
    chart.set_y_axis({**plain, "major_gridlines": grid, **form, **up})
    chart.set_legend({"position": "top", "font": quiet})
    chart.set_size({"width": 640, "height": 320})


def _tint(step: int) -> str:
    """Colour of a cost line: the same order, strong to pale, as on the page."""
    share = 0.7 * step / (len(COST_LINES) - 1)
    parts = (int(COLOURS[0][k : k + 2], 16) for k in (1, 3, 5))
    return "#" + "".join(f"{round(p + (255 - p) * share):02X}" for p in parts)


def _stack(book: Book, sheet: Worksheet, at: tuple[int, int], unit: str) -> None:
    """Levelised cost of each option, line by line."""
    chart = book.book.add_chart({"type": "bar", "subtype": "stacked"})
    chip = book.book.get_worksheet_by_name("One chip")
    heads = f"='One chip'!$C$3:${chr(ord('B') + len(book.keys))}$3"
    for step, cost_line in enumerate(COST_LINES):
        name = f"{book.keys[0]}.cost.{cost_line.replace(' ', '_')}"
        _, row = book.places[name]
        last = chr(ord("B") + len(book.keys))
        chart.add_series(
            {
                "name": f"='One chip'!$A${row + 1}",
                "categories": heads,
                "values": f"='{chip.get_name()}'!$C${row + 1}:${last}${row + 1}",
                "fill": {"color": _tint(step)},
                "border": {"color": "#FFFFFF", "width": 0.75},
                "gap": 60,
            }
        )
    _dress(chart, "Levelised cost by line", {}, {"name": unit})
    chart.set_y_axis({"reverse": True, "num_font": {"color": MUTED}})
    chart.set_x_axis(
        {"name": unit, "num_format": "$#,##0.00", "name_font": {"bold": False}}
    )
    chart.set_legend({"position": "bottom"})
    sheet.insert_chart(*at, chart)
