"""A view as a picture at the size of a page: title, plots, assumptions, sources.

The figures are those of the page, fed by the same arrays through the same script, and
drawn by Matplotlib, so that no browser is needed.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from importlib.metadata import version
from typing import Any

import matplotlib as mpl
import panel as pn
from bokeh.plotting import figure as Figure
from matplotlib.figure import Figure as Canvas
from panel.viewable import Viewable

from breakeven.explorer import captions, painting, wire
from breakeven.explorer.components import Slot
from breakeven.explorer.engine import Engine
from breakeven.explorer.marks import MUTED
from breakeven.explorer.paper import (
    GAP,
    INCH,
    LOCK,
    MARGIN,
    WIDTH,
    Block,
    assembled,
    font,
    rule,
    shifted,
    text,
)
from breakeven.explorer.views import VIEWS
from breakeven.explorer.views.base import View, present
from breakeven.explorer.words import verdict
from breakeven.models.base import unknown_name
from breakeven.models.scenario import Scenario

KEY = "picture"
DOTS = 360  # of a PNG, per inch
SETTINGS = {
    "svg.fonttype": "none",  # text stays text
    "svg.hashsalt": "breakeven",
    "pdf.fonttype": 42,
}


@dataclass(frozen=True)
class Card:
    """A titled group of figures."""

    title: str
    small: str
    figures: tuple[Figure, ...]
    wide: bool


def drawable() -> dict[str, type[View]]:
    """Views that have plots to draw, by name."""
    return {view.name: view for view in VIEWS if view.plotted}


def picture(scenario: Scenario, view: str = "amortisation", kind: str = "png") -> bytes:
    """Picture of one view; ``kind`` is png, svg or pdf.

    Raises
    ------
    KeyError
        When there is no such view, or it has no plot.
    """
    known = drawable()
    if view not in known:
        raise unknown_name("view with a plot", view, known)
    return Picture(scenario, known[view](KEY)).drawn(kind)


def to_png(scenario: Scenario, view: str = "amortisation") -> bytes:
    """PNG of one view, as :func:`picture`."""
    return picture(scenario, view, "png")


def to_svg(scenario: Scenario, view: str = "amortisation") -> bytes:
    """SVG of one view, as :func:`picture`."""
    return picture(scenario, view, "svg")


class Picture:
    """One view of a scenario on its way to a picture."""

    def __init__(self, scenario: Scenario, view: View) -> None:
        self.scenario, self.view = scenario, view
        overrides, studies = view.overrides(scenario), view.studies
        self.swept = scenario.evaluate(overrides, curves=view.curves, studies=studies)
        self.results = present(self.swept)
        self.cards = list(_cards(view.body(scenario, self.swept)))
        if not self.cards:
            raise unknown_name("view with a plot", view.name, drawable())
        self.engine = Engine()
        self.columns: dict[str, Any] = {}

    def drawn(self, kind: str) -> bytes:
        """Bytes of the picture."""
        stream = io.BytesIO()
        with LOCK, mpl.rc_context({"font.family": font(), **SETTINGS}):
            rows = self.rows()
            self.feed(rows)
            canvas = assembled([*self.head(), *self.plots(rows), *self.foot()])
            canvas.savefig(stream, format=kind, dpi=DOTS, metadata=self.about(kind))
        return stream.getvalue()

    def about(self, kind: str) -> dict[str, Any]:
        """Title, words and maker, inside the file."""
        title, maker = self.scenario.title, f"Breakeven {version('breakeven')}"
        said = " ".join([*self.answers(), *captions.assumptions(*self._now)])
        if kind == "pdf":
            return {"Title": title, "Subject": said, "Creator": maker}
        if kind == "svg":
            return {"Title": title, "Description": said, "Creator": maker}
        return {"Title": title, "Description": said, "Software": maker}

    @property
    def _now(self) -> tuple[Scenario, Any]:
        return self.scenario, self.results

    def answers(self) -> list[str]:
        """The answers on top of the page, in words."""
        return [verdict(self.results, i) for i in range(len(self.results.options) - 1)]

    # ------------------------------------------------------------------ numbers
    def rows(self) -> list[list[Card]]:
        """Cards that stand side by side."""
        rows: list[list[Card]] = []
        for card in self.cards:
            single = len(rows[-1]) == 1 and not rows[-1][0].wide if rows else False
            if not card.wide and single:
                rows[-1].append(card)
            else:
                rows.append([card])
        return rows

    def feed(self, rows: Sequence[Sequence[Card]]) -> None:
        """Give every figure the numbers that it has on the page."""
        view, scenario = self.view, self.scenario
        layout = {
            "title": scenario.title,
            "options": [{"label": label} for label in self.results.labels],
            "entries": view.entries(scenario, self.swept),
        }
        buffer = wire.packed(view.arrays(scenario, self.swept))
        figures = {plain(f.name): f for card in self.cards for f in card.figures}
        ends, wide = {}, {}
        for name, figure in figures.items():
            base = name.removesuffix("/figure")
            ends[f"{base}/x"] = (figure.x_range.start, figure.x_range.end)
            ends[f"{base}/y"] = (figure.y_range.start, figure.y_range.end)
        for row in rows:
            for figure in (figure for card in row for figure in card.figures):
                wide[plain(figure.name)] = inside(figure, across(len(row)))[1]
        found = self.engine.unpacked(layout, buffer, ends, wide)
        self.columns = found["sources"]
        labels = view.axes(scenario, self.swept)
        for name, figure in figures.items():
            _settle(figure, name.removesuffix("/figure"), found, labels)

    # ------------------------------------------------------------------- blocks
    def head(self) -> list[Block]:
        """Title of the scenario, the answers, and what the view is about."""
        said = self.view.question or self.view.title
        return [
            *text(self.scenario.title, 21, bold=True, gap=8),
            *(block for line in self.answers() for block in text(line, 14, gap=3)),
            *text(said, 12, ink=MUTED, gap=14),
        ]

    def plots(self, rows: Sequence[Sequence[Card]]) -> list[Block]:
        """The cards, row by row."""
        return [self._row(row) for row in rows]

    def _row(self, row: Sequence[Card]) -> Block:
        width = across(len(row))
        heads = [_card_head(card, width) for card in row]
        tall = max(sum(block.height for block in blocks) for blocks in heads)
        most = max(sum(f.height or 300 for f in card.figures) for card in row)

        def draw(canvas: Canvas, top: float, right: float) -> None:
            for k, card in enumerate(row):
                left = MARGIN + right + k * (width + GAP)
                below = top
                for block in heads[k]:
                    block.draw(canvas, below, right)
                    below += block.height
                self._figures(canvas, card, left, width, top + tall)

        for k, blocks in enumerate(heads):
            shift = k * (width + GAP)
            heads[k] = [shifted(block, shift) for block in blocks]
        return Block(tall + most + 22, draw)

    def _figures(
        self, canvas: Canvas, card: Card, left: float, width: float, top: float
    ) -> None:
        size = canvas.get_size_inches() * INCH
        for figure in card.figures:
            high = figure.height or 300
            start, wide, foot = inside(figure, width)
            place = (
                (left + start) / size[0],
                1 - (top + high - foot) / size[1],
                wide / size[0],
                (high - foot - 8) / size[1],
            )
            axes = canvas.add_axes(place)
            axes.patch.set_alpha(0.0)
            painting.paint(axes, figure, self.columns, self.engine.ticks)
            top += high

    def foot(self) -> list[Block]:
        """Assumptions and sources under a rule."""
        said = "Assumptions: " + " ".join(captions.assumptions(*self._now))
        notes = " ".join(self.results.notes)
        return [
            rule(),
            *text(said, 11, ink=MUTED, gap=5),
            *(text(f"Notes: {notes}", 11, ink=MUTED, gap=5) if notes else ()),
            *text(captions.sources(self.scenario), 11, ink=MUTED, gap=0),
        ]


def _settle(
    figure: Figure, base: str, found: dict[str, Any], labels: dict[str, str]
) -> None:
    """Ends, bounds and labels of the axes of a figure, as the script left them."""
    for side, span in (("x", figure.x_range), ("y", figure.y_range)):
        now = found["ranges"].get(f"{base}/{side}")
        if now and None not in (now["start"], now["end"]):
            span.update(start=now["start"], end=now["end"])
        axis = (figure.xaxis if side == "x" else figure.yaxis)[0]
        name = f"{base}/{side}axis"
        bounds = found["axes"].get(name, {}).get("bounds")
        if isinstance(bounds, list):
            axis.bounds = tuple(bounds)
        if name in labels:
            axis.axis_label = labels[name]


def plain(name: str | None) -> str:
    """Name of a model without the key of its page."""
    return str(name).partition(":")[2]


def _cards(body: Viewable) -> list[Card]:
    """Cards of a layout that have figures, in their order."""
    found = []
    for column in body.select(pn.Column):
        panes = [p for p in column.objects if isinstance(p, pn.pane.Bokeh)]
        if not panes:
            continue
        heads = [p for p in column.objects if isinstance(p, Slot) and p.look == "title"]
        title, _, small = (heads[0].html if heads else "").partition("<small>")
        wide = "100%" in str((column.styles or {}).get("flex", ""))
        small = unescape(small.removesuffix("</small>"))
        figures = tuple(pane.object for pane in panes)
        found.append(Card(unescape(title), small, figures, wide))
    return found


def across(count: int) -> float:
    """Width of a card of which so many stand side by side. [pixel]."""
    return (WIDTH - 2 * MARGIN - (count - 1) * GAP) / count


def inside(figure: Figure, width: float) -> tuple[float, float, float]:
    """Left edge, width, and room below the frame of a figure. [pixel]."""
    left = 64.0 if figure.yaxis[0].visible else 6.0
    foot = 46.0 if figure.xaxis[0].visible else 10.0
    return left, width - left - 12.0, foot


def _card_head(card: Card, width: float) -> list[Block]:
    return [
        *text(card.title, 15, bold=True, gap=3, width=width),
        *text(card.small, 11.5, ink=MUTED, gap=6, width=width),
    ]
