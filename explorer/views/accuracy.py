"""How far the predicted throughput can be trusted: published rows and the reader's own.

What needs SciPy is loaded when the tab is first opened, so that the page starts fast.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import TYPE_CHECKING

import numpy as np
import panel as pn
from panel.viewable import Viewable

from breakeven.explorer import fields
from breakeven.explorer.session import Session
from breakeven.explorer.style import COLOURS
from breakeven.explorer.views.base import Flow, View
from breakeven.explorer.words import quantity_text
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario

if TYPE_CHECKING:
    from breakeven.explorer.accuracy import Compared

ALL_PHASES, ALL_CHIPS = "All phases", "All chips"
_MOST = 60  # rows of the table with links
_SAID = (
    "The fit has seen these rows; the 80 % intervals come from errors on rows left "
    "out of it. Frontier rows are judged, not fitted: their operating point is not in "
    "the row. A tap on a point opens its source."
)
_HINT = "A point on the line is right; dashed lines are 25 % off"


class Accuracy(View):
    """Predicted against measured, and files that the reader brings."""

    name = "accuracy"
    title = "Accuracy"
    question = "How far can the predicted throughput be trusted?"

    def __init__(self, key: str, session: Session, renew: Callable[[], None]) -> None:
        super().__init__(key)
        self.session = session
        self.renew = renew
        self.own: tuple[Compared, ...] = ()
        self.built = False

    # ------------------------------------------------------------------- layout
    def body(self, scenario: Scenario, results: Results) -> Viewable:
        """Words on the options, the plot with its filters, and the files."""
        from breakeven.explorer import accuracy, scatter
        from breakeven.explorer.views.files import Files

        self.rows = accuracy.published()
        self._choose(scatter.PHASES)
        self.words = self.slot("options", "says", tag="ul")
        self.plot = pn.pane.Bokeh(
            None, sizing_mode="stretch_width", height=scatter.HEIGHT, margin=0
        )
        self.legend = self.slot(
            "legend", "says", _legend(scatter.PHASES, scatter.OWN), "p"
        )
        self.errors = self.slot("errors", "numbers")
        self.sources = self.slot("sources", "data", tag="details")
        self.built = True
        self.refresh(scenario, results)
        self.draw()
        self.files = Files(self)
        filters = Flow(self.phase, self.chip)
        plot = self.card(
            "Predicted against measured",
            _HINT,
            filters,
            self.plot,
            self.legend,
            self.errors,
            self.sources,
            wide=True,
        )
        present = self.card("Present options", _SAID, self.words, wide=True)
        return self.flow(present, plot, self.files.card())

    def _choose(self, phases: dict[str, tuple[str, int, bool]]) -> None:
        """Declare the two filters."""
        titles = {title: phase for phase, (title, *_) in phases.items()}
        self.phase = fields.select("Phase", {ALL_PHASES: "", **titles}, width=210)
        chips = sorted({row.chip for row in self.rows})
        self.chip = fields.select("Chip", {ALL_CHIPS: "", **{c: c for c in chips}})
        for widget in (self.phase, self.chip):
            widget.param.watch(lambda _: self.draw(), "value")

    def captions(self, results: Results) -> dict[str, str]:
        """What the plot shows."""
        said = "Predicted against measured throughput, a point a published measurement"
        return {self.at("scatter/figure"): said}

    # -------------------------------------------------------------------- words
    def refresh(self, scenario: Scenario, results: Results) -> None:
        """Say of the present options how well their chips are known."""
        if not self.built:
            return
        from breakeven.explorer import accuracy

        said = accuracy.option_sentences(scenario, self.rows)
        over = self.session.overlay
        for i, groups in enumerate(scenario.options.values()):
            if over and over.covers(groups.chip_name) and groups.stack_name:
                said[i] = said[i][0], f"follows {over.source}, which you brought"
        self.words.html = "".join(
            f"<li><b>{escape(label)}</b>: {escape(text)}</li>" for label, text in said
        )

    def draw(self) -> None:
        """Show the rows that the filters let through."""
        from breakeven.explorer import scatter

        rows, own = self.shown(self.rows), self.shown(self.own)
        self.plot.object = scatter.figure(rows, own, self.full("scatter"))
        self.errors.html = _errors(rows, own, scatter.PHASES)
        self.sources.html = _sources((*own, *rows), scatter.link)

    def shown(self, rows: Sequence[Compared]) -> list[Compared]:
        """Rows of the phase and the chip that are picked."""
        return [
            row
            for row in rows
            if self.phase.value in ("", row.phase) and self.chip.value in ("", row.chip)
        ]


def _legend(phases: dict[str, tuple[str, int, bool]], own: str) -> str:
    """Marks of the phases in words."""
    marks = [
        ("○" if hollow else "●", COLOURS[place], title)
        for title, place, hollow in phases.values()
    ]
    return " &ensp; ".join(
        f'<span style="color:{colour}">{mark}</span> {escape(title)}'
        for mark, colour, title in (*marks, ("◆", own, "Your own rows"))
    )


def _errors(
    rows: Sequence[Compared],
    own: Sequence[Compared],
    phases: dict[str, tuple[str, int, bool]],
) -> str:
    """Table of errors by phase, and of a reader's own rows."""
    parts = [
        (title, [row for row in rows if row.phase == phase])
        for phase, (title, *_) in phases.items()
    ]
    lines = [
        _error_line(title, mine) for title, mine in (*parts, ("Your own rows", own))
    ]
    if not any(lines):
        return "<p>No row of this phase on this chip.</p>"
    heads = (
        "Rows",
        "Median error",
        "Nine in ten below",
        "Within 25 %",
        "In interval",
    )
    head = "<td></td>" + "".join(f'<th scope="col">{text}</th>' for text in heads)
    body = "".join(lines)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div style="overflow-x:auto">{table}</div>'


def _error_line(title: str, rows: Sequence[Compared]) -> str:
    """Errors of some rows as a line of the table; empty without rows."""
    good = [row for row in rows if np.isfinite(row.predicted)]
    if not good:
        return ""
    errors = np.abs([row.error for row in good])
    inside = np.mean([row.is_inside for row in good])
    numbers = (
        f"{len(rows)}",
        f"{np.median(errors):.0%}",
        f"{np.quantile(errors, 0.9):.0%}",
        f"{np.mean(errors < 0.25):.0%}",
        f"{inside:.0%}",
    )
    cells = "".join(f"<td>{number}</td>" for number in numbers)
    return f'<tr><th scope="row">{escape(title)}</th>{cells}</tr>'


def _sources(rows: Sequence[Compared], link: Callable[[str], str]) -> str:
    """Rows with links to their sources, the largest error first."""
    good = [row for row in rows if np.isfinite(row.predicted)]
    worst = sorted(good, key=lambda row: -abs(np.log(row.predicted / row.measured)))
    kept = worst[:_MOST]
    said = f"{len(kept)} of {len(good)} rows with their sources, largest error first"
    lines = "".join(_line(row, link(row.source)) for row in kept)
    heads = ("Case", "Measured", "Predicted", "Chip", "Model", "Source")
    head = "".join(f'<th scope="col">{text}</th>' for text in heads)
    return (
        f"<summary>{said}</summary><div class='evidence'><table><thead><tr>{head}</tr>"
        f"</thead><tbody>{lines}</tbody></table></div>"
    )


def _line(row: Compared, url: str) -> str:
    title = escape(row.title or "own measurement")
    if url:
        href = escape(url)
        title = f'<a href="{href}" target="_blank" rel="noopener">{title}</a>'
    said = f"{quantity_text(row.predicted)} ({row.error:+.0%})"
    cells = (said, escape(row.chip), escape(row.model), title)
    return (
        f'<tr><td>{escape(row.name)}</td><td class="v">'
        f"{quantity_text(row.measured)}</td>"
        + "".join(f"<td>{cell}</td>" for cell in cells)
        + "</tr>"
    )
