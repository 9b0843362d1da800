"""Bars of parts end to end, a bar an option: what feeds them, and their figure."""

from __future__ import annotations

from collections.abc import Sequence

import holoviews as hv
import numpy as np

from breakeven.explorer import style
from breakeven.explorer.style import Figure, Scale
from breakeven.explorer.views.base import Array, Fed, Feed, View, frame, tops

_INSIDE = {
    "text_align": "center",
    "x_offset": 0,
    "text_font_size": "11px",
    "text_font_style": "normal",
}


def end_to_end(parts: Array) -> list[Array]:
    """Left and right edge of each part, [part, option] in the unit of the parts."""
    right = np.cumsum(parts, axis=0)
    return [np.concatenate([np.zeros_like(right[:1]), right[:-1]]), right]


def stack(
    view: View, name: str, lines: Sequence[str], edges: list[Array], form: str = "usd"
) -> Fed:
    """Feed of a stack; ``lines`` names its parts, ``edges`` are their two ends."""
    entry = {
        "kind": "stack",
        "source": view.at(name),
        "names": view.at(f"{name}-names"),
        "ends": view.at(f"{name}-ends"),
        "range": view.at(f"{name}/y"),
        "lines": list(lines),
        "format": form,
    }
    return entry, edges


def across(view: View, name: str, end: float | Array) -> Fed:
    """Feed of the axis along the bars, from nothing to ``end``."""
    axis = {"kind": "range", "range": view.at(f"{name}/x")}
    return axis, [frame(0.0, end)]


def stack_feed(
    view: View, name: str, lines: Sequence[str], edges: list[Array], form: str = "usd"
) -> Feed:
    """Feed of a stack and of an axis that its longest bar fills."""
    bars = stack(view, name, lines, edges, form)
    return [bars, across(view, name, tops(edges[1], 2))]


def stack_figure(
    view: View,
    name: str,
    rows: int,
    unit: Scale,
    height: int,
    *more: hv.Element | hv.Overlay,
    size: str = "14px",
) -> Figure:
    """Figure of a stack.

    Parameters
    ----------
    view, name
        Whose it is, and its name there.
    rows
        Bars, one an option.
    unit
        Axis along the bars.
    height
        Of the figure. [px]
    more
        What is drawn over the bars.
    size
        Of the letters of each total.
    """
    drawn = (
        style.bars(view.full(name), rows)
        * style.texts(view.full(f"{name}-names"), rows, **_INSIDE)
        * style.texts(view.full(f"{name}-ends"), rows, x_offset=1, text_font_size=size)
    )
    for glyphs in more:
        drawn = drawn * glyphs
    return style.figure(
        drawn, view.full(name), unit, Scale("", -0.5, rows - 0.4, "hidden"), height
    )
