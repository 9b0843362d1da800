"""One page for whoever decides: answer, figures, two plots, assumptions, sources."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Sequence
from importlib.metadata import version

import matplotlib as mpl
from matplotlib.figure import Figure as Canvas

from breakeven.explorer import captions
from breakeven.explorer.marks import INK, MUTED, PIXEL
from breakeven.explorer.paper import INCH, LOCK, MARGIN, WIDTH, Block, Draw, font, text
from breakeven.explorer.paper import rule as line
from breakeven.explorer.pictures import KEY, SETTINGS, Picture
from breakeven.explorer.style import COLOURS
from breakeven.explorer.views.amortisation import Amortisation
from breakeven.explorer.views.cost import Cost
from breakeven.explorer.words import (
    cost_sentence,
    money,
    quantity_text,
    verdict,
    volume_sentence,
)
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario

PAPER = (992, 1403)  # A4, in pixels of the page
_COLUMN = 150  # width of a column of numbers. [pixel]
_ROWS: tuple[tuple[str, str, Callable[[float], str]], ...] = (
    ("Levelised cost", "cost_per_token", money),
    ("Chips", "count", quantity_text),
    ("Paid up front", "capex", money),
    ("of which one-off (NRE, port)", "one_off", money),
    ("Levelised cost of a chip-hour", "cost_per_hour", money),
    ("Work of the fleet", "work_per_month", quantity_text),
    ("Power of the site, all chips at their limit", "site_power", quantity_text),
    ("Energy per work", "energy_per_token", quantity_text),
    ("Break-even volume, chips", "breakeven_volume", quantity_text),
)


def to_pdf(scenario: Scenario) -> bytes:
    """Brief of a scenario: one page of A4."""
    stream = io.BytesIO()
    with LOCK, mpl.rc_context({"font.family": font(), **SETTINGS}):
        canvas = Canvas(figsize=(PAPER[0] / INCH, PAPER[1] / INCH), facecolor="white")
        top = 44.0
        for block in _blocks(scenario):
            block.draw(canvas, top, (PAPER[0] - WIDTH) / 2)
            top += block.height
        said = " ".join(captions.assumptions(scenario, scenario.evaluate()))
        about = {"Title": scenario.title, "Subject": said}
        about["Creator"] = f"Breakeven {version('breakeven')}"
        canvas.savefig(stream, format="pdf", metadata=about)
    return stream.getvalue()


def _blocks(scenario: Scenario) -> list[Block]:
    """Everything on the page, from the top."""
    spent = Picture(scenario, Amortisation(KEY))
    lines = Picture(scenario, Cost(KEY))
    spent.cards, lines.cards = spent.cards[:2], lines.cards[:1]
    results, plots = spent.results, list[Block]()
    for picture in (spent, lines):
        rows = picture.rows()
        picture.feed(rows)
        plots += picture.plots(rows)
    rivals = range(len(results.options) - 1)
    said = [f"{verdict(results, i)} {cost_sentence(results, i)}" for i in rivals]
    more = [volume_sentence(results, i) for i in rivals]
    return [
        *text(scenario.title, 23, bold=True, gap=8),
        *(block for words in said for block in text(words, 14, gap=4)),
        *text(" ".join(more), 12.5, ink=MUTED, gap=12),
        *_table(results),
        *plots,
        *_foot(scenario, results),
    ]


def _foot(scenario: Scenario, results: Results) -> list[Block]:
    """Assumptions, what to know, sources."""
    said = "Assumptions: " + " ".join(captions.assumptions(scenario, results))
    notes = " ".join(results.notes)[:600]
    return [
        line(),
        *text(said, 10.5, ink=MUTED, gap=4),
        *(text(f"Notes: {notes}", 10.5, ink=MUTED, gap=4) if notes else ()),
        *text(captions.sources(scenario), 10.5, ink=MUTED),
    ]


def _table(results: Results) -> list[Block]:
    """Headline figures, an option a column."""
    heads = [*results.labels]
    found = [_row("", heads, bold=True, colours=COLOURS)]
    for label, name, written in _ROWS:
        unit = results.unit(name)
        values = [float(v) for v in getattr(results, name)]
        if name == "breakeven_volume":
            values[-1] = math.nan
        label = label if unit in ("USD", "chip", "1") else f"{label}, {unit}"
        found.append(_row(label, [written(v) for v in values]))
    return [*found, Block(16.0, lambda canvas, top, right: None)]


def _row(
    label: str, cells: Sequence[str], *, bold: bool = False, colours: Sequence[str] = ()
) -> Block:
    """A line of the table: words on the left, numbers in columns on the right."""

    def draw(canvas: Canvas, top: float, right: float) -> None:
        wide, high = canvas.get_size_inches() * INCH
        at = 1 - (top + 13) / high
        look = {"fontsize": 12 * PIXEL, "parse_math": False, "va": "baseline"}
        canvas.text((MARGIN + right) / wide, at, label, color=INK, **look)
        for k, cell in enumerate(cells):
            edge = right + WIDTH - MARGIN - (len(cells) - 1 - k) * _COLUMN
            ink = colours[k % len(colours)] if colours else INK
            weight = "bold" if bold else "normal"
            more = {"color": ink, "ha": "right", "fontweight": weight}
            canvas.text(edge / wide, at, cell[:24], **more, **look)

    kept: Draw = draw
    return Block(18.0, kept)
