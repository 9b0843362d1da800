"""The inputs of a workbook, with unit, range and source, and what throughput gives."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from xlsxwriter.worksheet import Worksheet

from breakeven.explorer.wording import group_title, input_title
from breakeven.explorer.workbook import MODEL, MUTED, Book
from breakeven.explorer.workbook_lines import RAMP, RAMP_EACH, SHARED, Section
from breakeven.explorer.workbook_rows import sections
from breakeven.explorer.workbook_tables import as_made
from breakeven.models import units
from breakeven.models.comparison import DEMANDED, WORK
from breakeven.models.inputs import ACQUISITIONS, SIZINGS
from breakeven.models.scenario import Input, Scenario

HEADS = "Input,Meaning,Value,Unit,Low,High,Status,Source,Date,Note".split(",")
WIDTHS = (34, 46, 14, 14, 11, 11, 12, 44, 11, 50)
# What formulas outside the lines of an option use.
_ALSO = (
    "finance.deployment_period",
    "finance.horizon",
    "returns.tax_rate",
    "returns.tax_life",
    "returns.bonus_share",
    "returns.depreciation",
)
# Results of the throughput model that formulas start from.
MODELLED = {
    "token_rate": "Work of a busy chip",
    "memory_load": "Memory bandwidth moved while busy",
    "compute_load": "Peak arithmetic delivered while busy",
}
_TOLD = ("ttft", "tpot", "batch", "chips_per_replica", "prefill_share", "mfu", "mbu")


def used(scenario: Scenario) -> set[str]:
    """Inputs that some formula of the workbook reads."""
    inputs = scenario.inputs()
    named: set[str] = set(_ALSO)
    ramp = Section("", (*RAMP, *RAMP_EACH))
    for section in (SHARED, ramp, *sections()):
        for line in section.lines:
            for node in ast.walk(ast.parse(line.formula)):
                if isinstance(node, ast.Name | ast.Attribute):
                    said = ast.unparse(node)
                    named |= {said, *(f"{key}.{said}" for key in scenario.options)}
    return named & set(inputs)


def inputs(book: Book) -> None:
    """Sheet of the inputs that formulas read."""
    sheet = book.sheet(
        "Inputs",
        "Inputs",
        "Change a yellow cell and every sheet follows. Each has a name, the one in the "
        "first column, which formulas use.",
    )
    row = _columns(book, sheet)
    row = _rules(book, sheet, row)
    live, made = used(book.scenario), as_made(book.scenario)
    for name, item in book.scenario.inputs().items():
        if name in made:
            row = _made(book, sheet, row, name, item, made[name])
        elif name in live and name not in book.cells:
            row = _input(book, sheet, row, name, item)
    _modelled(book, sheet, row + 1)
    _constants(book, sheet, row + 4 + len(MODELLED) * len(book.keys))
    sheet.freeze_panes(3, 1)


def facts(book: Book) -> None:
    """Sheet of the inputs behind throughput, which no formula reads."""
    sheet = book.sheet(
        "Throughput",
        "What the throughput model was given",
        "No spreadsheet can redo that model: to change one of these, change it on the "
        "page or with --set and export again.",
    )
    row = _columns(book, sheet)
    live = used(book.scenario)
    for name, item in book.scenario.inputs().items():
        if name not in live:
            row = _row(book, sheet, row, name, item)
            value, style = item.value, book.look(align="right")
            if isinstance(value, float):
                sheet.write_number(row - 1, 2, value, style)
            else:
                said = "not published" if value is None else str(value)
                sheet.write_string(row - 1, 2, said, style)
    row = book.band(sheet, row + 1, "What it found", len(HEADS))
    results = book.results
    for field in _TOLD:
        for place, label in enumerate(results.labels):
            value = float(getattr(results, field)[place])
            if value == value:
                sheet.write_string(row, 0, f"{book.keys[place]}.{field}", book.look())
                sheet.write_string(row, 1, f"{label}: {_label(field)}", book.look())
                sheet.write_number(row, 2, value, book.look("exact"))
                sheet.write_string(row, 3, results.unit(field), book.look())
                row += 1
    sheet.freeze_panes(3, 1)


def _label(field: str) -> str:
    from breakeven.models.results import Results

    found = Results.__dataclass_fields__[field].metadata["label"]
    return f"{found[0].lower()}{found[1:]}" if field not in ("mfu", "mbu") else found


def _columns(book: Book, sheet: Worksheet) -> int:
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    return book.head(sheet, 2, HEADS)


def _rules(book: Book, sheet: Worksheet, row: int) -> int:
    """How counts follow each other, and names of the options."""
    scenario = book.scenario
    sizing = "How counts follow: match, demand or fixed"
    row = _choice(book, sheet, row, "sizing", sizing, scenario.sizing, SIZINGS)
    anchor = "Option whose count is given when sizing is match"
    options = tuple(scenario.options)
    row = _choice(book, sheet, row, "anchor", anchor, scenario.anchor, options)
    for key, groups in scenario.options.items():
        label = "Name of the option"
        row = _choice(book, sheet, row, f"{key}.label", label, groups.option.label, ())
    return row


def _choice(
    book: Book,
    sheet: Worksheet,
    row: int,
    name: str,
    meaning: str,
    value: str,
    known: Iterable[str],
) -> int:
    sheet.write_string(row, 0, name, book.look())
    sheet.write_string(row, 1, meaning, book.look())
    book.given(sheet, row, 2, name, value)
    sheet.write_string(row, 3, "choice" if known else "text", book.look())
    if known:
        sheet.data_validation(row, 2, row, 2, {"validate": "list", "source": [*known]})
    return row + 1


def _input(book: Book, sheet: Worksheet, row: int, name: str, item: Input) -> int:
    """One input that may be changed."""
    book.given(sheet, row, 2, name, item.value)
    if name.endswith(".acquisition"):
        rule = {"validate": "list", "source": list(ACQUISITIONS)}
        sheet.data_validation(row, 2, row, 2, rule)
    if name == "finance.horizon":
        sheet.write_string(
            row, 9, "decides the rows of Cash flows: export again to change it"
        )
    return _row(book, sheet, row, name, item)


def _made(
    book: Book, sheet: Worksheet, row: int, name: str, item: Input, value: float
) -> int:
    """One input that the model of how a chip is made computes."""
    book.given(sheet, row, 2, name, value, MODEL)
    said = replace(item.evidence, status="model", low=None, high=None)
    said = replace(said, source="Breakeven, the chip as it is made", date="")
    return _row(book, sheet, row, name, replace(item, evidence=said))


def _row(book: Book, sheet: Worksheet, row: int, name: str, item: Input) -> int:
    """Name, meaning, unit and evidence of an input; the value is written apart."""
    evidence, plain = item.evidence, book.look()
    prefix = name.rpartition(".")[0]
    group = group_title(book.scenario, prefix)
    sheet.write_string(row, 0, name, plain)
    sheet.write_string(row, 1, f"{group}: {input_title(name)}. {item.doc}", plain)
    sheet.write_string(row, 3, item.unit, plain)
    for column, end in ((4, evidence.low), (5, evidence.high)):
        if end is not None:
            sheet.write_number(row, column, end, book.look(font_color=MUTED))
    texts: list[Any] = [evidence.status, evidence.source, evidence.date, evidence.note]
    for column, text in enumerate(texts, 6):
        if column == 7 and re.match(r"https?://\S{1,2000}$", evidence.url):
            sheet.write_url(row, column, evidence.url, plain, text or evidence.url)
        elif text:
            sheet.write_string(row, column, text, plain)
    return row + 1


def _modelled(book: Book, sheet: Worksheet, row: int) -> None:
    """Results of the throughput model that the formulas start from."""
    title = "From the throughput model, at the inputs of the sheet Throughput"
    row = book.band(sheet, row, title, len(HEADS))
    results = book.results
    for field, words in MODELLED.items():
        for place, key in enumerate(book.keys):
            name = f"{key}.{field}"
            value = float(getattr(results, field)[place])
            book.given(sheet, row, 2, name, value, MODEL)
            sheet.write_string(row, 0, name, book.look())
            sheet.write_string(row, 1, f"{results.labels[place]}: {words}", book.look())
            sheet.write_string(row, 3, results.unit(field), book.look())
            sheet.write_string(row, 6, "model", book.look())
            sheet.write_string(row, 7, f"Breakeven {field}", book.look())
            row += 1


def _constants(book: Book, sheet: Worksheet, row: int) -> None:
    """What a month and a unit of work are."""
    _, size, words = WORK[book.scenario.workload.kind]
    row = book.band(sheet, row, "Conventions", len(HEADS))
    for name, value, said in (
        ("hours_per_month", units.HOURS_PER_MONTH, "Hours in a month"),
        ("months_per_year", float(units.MONTHS_PER_YEAR), "Months in a year"),
        ("seconds_per_hour", units.HOUR, "Seconds in an hour"),
        ("demand_size", DEMANDED[book.scenario.workload.kind], "Demand is in units of"),
        ("seconds_per_day", 24.0 * units.HOUR, "Seconds in a day"),
        ("work_size", size, f"Size of the unit of work: {words}"),
    ):
        sheet.write_string(row, 0, name, book.look())
        sheet.write_string(row, 1, said, book.look())
        book.given(sheet, row, 2, name, value, {})
        row += 1
