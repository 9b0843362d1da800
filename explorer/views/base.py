"""What a tab is: figures declared once, and per event the arrays that feed them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np
import panel as pn
from bokeh.plotting import figure as Figure
from numpy.typing import ArrayLike, NDArray
from panel.viewable import Viewable

from breakeven.explorer import findings, style
from breakeven.explorer.components import Slot
from breakeven.explorer.odds import Ranges
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario
from breakeven.models.study import first_draw

Array = NDArray[np.float64]
Entry = dict[str, Any]
Fed = tuple[Entry, list[Array]]
Feed = list[Fed]

CARD = {
    "background": "var(--be-surface)",
    "border": "1px solid var(--be-line)",
    "border-radius": "10px",
    "padding": "14px 16px 8px",
}
FLOW = {"flex-wrap": "wrap", "align-items": "stretch"}
_CURVES = ("months", "volumes")


def present(results: Results) -> Results:
    """The first draw: the present inputs of a sweep that starts with them."""
    if np.ndim(results.cost_per_token) == 1:
        return results
    first: dict[str, Any] = {}
    for item in fields(results):
        value = getattr(results, item.name)
        if item.name == "studies":
            first[item.name] = {n: f.mapped(first_draw) for n, f in value.items()}
        if item.name in _CURVES or not isinstance(value, np.ndarray):
            continue
        if item.name == "breakdown":
            first[item.name] = value[:, :, 0]
        elif value.ndim > 1:
            first[item.name] = value[:, 0]
    return replace(results, **first)


def top(values: ArrayLike, room: float = 1.06, floor: float = 1e-9) -> float:
    """End of an axis that shows all finite values. [unit of the values]."""
    array = np.asarray(values, dtype=float)
    return float(tops(array, array.ndim, room, floor))


def tops(
    values: ArrayLike, axes: int, room: float = 1.06, floor: float = 1e-9
) -> Array:
    """End of an axis as :func:`top` gives it, in each draw.

    Parameters
    ----------
    values
        What is shown; behind the first ``axes`` axes stand the draws.
    axes
        Axes of one draw. [1]
    room
        End of the axis over the largest value. [1]
    floor
        The least end.
    """
    array = np.asarray(values, dtype=float)
    known, own = np.isfinite(array), tuple(range(axes))
    most = np.max(array, axis=own, initial=-np.inf, where=known)
    return np.where(known.any(axis=own), np.maximum(most * room, floor), 1.0)


def frame(low: ArrayLike, high: ArrayLike) -> Array:
    """Two ends of an axis, either of which may differ from draw to draw."""
    return np.stack(np.broadcast_arrays(low, high)).astype(float)


class Flow(pn.Row):
    """Things side by side, in as many rows as they need."""

    def __init__(self, *parts: Viewable, **params: Any) -> None:
        defaults = {"sizing_mode": "stretch_width", "margin": 0, "styles": FLOW}
        super().__init__(*parts, **defaults | params)


class View:
    """One tab. Subclasses declare figures, and what feeds them at each event."""

    name = "view"
    title = "View"
    question = ""  # that the view answers, in one plain sentence
    studies: tuple[str, ...] = ()  # whose outputs it shows
    inputs: tuple[str, ...] = ()  # controls that belong to it; {option} stands for each

    def __init__(self, key: str) -> None:
        self.key = key

    def full(self, name: str) -> str:
        """Name of a source or range, unique to the page."""
        return f"{self.key}:{self.name}/{name}"

    def overrides(self, scenario: Scenario) -> dict[str, ArrayLike]:
        """Inputs replaced by arrays that start with the present value."""
        return {}

    # Inputs that `feed` takes from the scenario, not from the results. A view that says
    # so takes many draws at once, as the last axis of every array of the results, and
    # gives arrays with that axis; None is a view that takes a draw at a time.
    reads: tuple[str, ...] | None = None
    curves = False
    plotted = True  # whether it has figures, of which a picture can be made

    def feed(self, scenario: Scenario, results: Results) -> Feed:
        """Entries of the layout, each with the arrays that it takes."""
        return []

    def entries(self, scenario: Scenario, results: Results) -> list[Entry]:
        """Where each array goes, in the order of :meth:`arrays`."""
        return [entry for entry, _ in self.feed(scenario, results)]

    def arrays(self, scenario: Scenario, results: Results) -> list[Array]:
        """Numbers of one event, display scaling aside exactly those of the results."""
        return [array for _, arrays in self.feed(scenario, results) for array in arrays]

    # Called when a view has something to show that no change of an input brought.
    redraw: Callable[[], None] = staticmethod(lambda: None)

    # Whether the tab shows ranges once the page rests; a file without server does not.
    ranged = False

    def ranges(self, found: Ranges) -> Feed:
        """What the tab adds when the ranges of the inputs are known."""
        return []

    def settle(self, found: Ranges | None, results: Results) -> None:
        """Make room for the ranges; called when they are known, never in a drag."""

    def sentences(self, scenario: Scenario, results: Results) -> list[str]:
        """What the picture says, in words; the first line is the answer."""
        return findings.said(scenario, results, self.studies)

    def framed(self, scenario: Scenario, results: Results) -> Viewable:
        """The layout of the tab under its question and its answer in words."""
        if not self.question:
            return self.body(scenario, results)
        return pn.Column(
            self.slot("asks", "asks", self.question, tag="p"),
            self.slot("said", "said", tag="ul"),
            self.body(scenario, results),
            sizing_mode="stretch_width",
            margin=0,
        )

    def axes(self, scenario: Scenario, results: Results) -> dict[str, str]:
        """Axis labels that depend on the scenario, by name of the axis."""
        return {}

    def captions(self, results: Results) -> dict[str, str]:
        """What each figure shows, for whoever cannot see it, by name of the figure."""
        return {}

    def body(self, scenario: Scenario, results: Results) -> Viewable:
        """Panel layout of the tab, figures included."""
        raise NotImplementedError

    def refresh(self, scenario: Scenario, results: Results) -> None:
        """Show what no buffer carries, once the options have changed."""

    # ------------------------------------------------------------- small helpers
    def at(self, name: str) -> str:
        """Name as layouts know it: without the page's key."""
        return f"{self.name}/{name}"

    def slot(self, name: str, look: str, html: str = "", tag: str = "div") -> Slot:
        """A named place for words of this tab."""
        return Slot(
            key=self.key,
            slot=self.at(name),
            look=look,
            html=html,
            tag=tag,
            sizing_mode="stretch_width",
            margin=0,
        )

    def data(self, name: str) -> Slot:
        """The numbers of a plot as a table that opens."""
        return self.slot(
            f"{name}-data", "data", "<summary>Data</summary><div></div>", tag="details"
        )

    def table(self, name: str, x: str, xformat: str, form: str) -> dict[str, str]:
        """Part of an entry that fills the table of a plot."""
        element = self.at(f"{name}-data")
        return {"element": element, "x": x, "xformat": xformat, "format": form}

    def rows(
        self, name: str, caption: str, rows: Sequence[tuple[str, str, str, Array]]
    ) -> Fed:
        """A table of the options: label, unit, format and numbers of each row."""
        entry = {
            "kind": "words",
            "element": self.at(name),
            "render": "table",
            "caption": caption,
            "rows": [{"label": a, "unit": b, "format": c} for a, b, c, _ in rows],
        }
        return entry, [np.vstack([values for *_, values in rows])]

    def grouped(self, name: str, form: str, groups: Sequence[str]) -> Entry:
        """Entry of a block of bars for each group of values."""
        return {
            "kind": "grouped",
            "source": self.at(name),
            "heads": self.at(f"{name}-heads"),
            "ends": self.at(f"{name}-ends"),
            "range": self.at(f"{name}/y"),
            "format": form,
            "groups": list(groups),
        }

    def bar_figure(
        self, name: str, rows: int, across: style.Scale, height: int = style.HEIGHT
    ) -> Figure:
        """Figure that shows a grouped entry."""
        plain = {"x_offset": 0, "text_font_style": "normal"}
        return style.figure(
            style.bars(self.full(name), rows)
            * style.texts(self.full(f"{name}-heads"), rows, **plain)
            * style.texts(self.full(f"{name}-ends"), rows, text_font_size="12px"),
            self.full(name),
            across,
            style.Scale("", 0, 6, "hidden"),
            height,
        )

    def card(
        self, title: str, small: str, *parts: Viewable | Figure, wide: bool = False
    ) -> pn.Column:
        """A titled surface; plots stand side by side where there is room."""
        head = (
            self.slot(
                f"title-{title}", "title", f"{title}<small>{small}</small>", tag="h2"
            )
            if title
            else None
        )
        panes = [
            pn.pane.Bokeh(
                part, sizing_mode="stretch_width", height=part.height, margin=0
            )
            if isinstance(part, Figure)
            else part
            for part in parts
        ]
        basis = "100%" if wide else "400px"
        return pn.Column(
            *([head] if head else []),
            *panes,
            styles={**CARD, "flex": f"1 1 {basis}", "min-width": "min(360px, 100%)"},
            sizing_mode="stretch_width",
            margin=0,
        )

    def flow(self, *cards: Viewable) -> Flow:
        """Cards in rows that wrap."""
        return Flow(*cards, styles={**FLOW, "gap": "12px", "padding": "12px 0 24px"})
