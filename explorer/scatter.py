"""Predicted against measured as one plot: a point a row, the diagonal and ±25 %."""

from __future__ import annotations

import math
from collections.abc import Sequence
from textwrap import shorten
from typing import Any

import holoviews as hv
import numpy as np
from bokeh.core.property.vectorization import Field
from bokeh.models import HoverTool, OpenURL, TapTool
from bokeh.plotting import figure as Figure

from breakeven.explorer import style
from breakeven.explorer.accuracy import Compared
from breakeven.explorer.style import Scale

# Title, place of the colour, and whether the mark is hollow, by phase.
PHASES = {
    "train": ("Training", 0, False),
    "train_lora": ("Adapter training", 0, True),
    "decode": ("Decode", 1, False),
    "prefill": ("Prefill", 1, True),
    "offline": ("Serving offline", 2, False),
    "server": ("Serving with limits", 2, True),
    "interactive": ("Interactive", 3, False),
    "frontier": ("Frontier at a speed", 3, True),
}
HEIGHT = 460
OWN = "#d49a00"  # a reader's own rows
_KEYS = (
    "x",
    "y",
    *"colour fill case chip model phase software".split(),
    *"error interval source note url".split(),
)
_GREY = "#8893a0"
_TIPS = [
    ("Case", "@case"),
    ("Chip", "@chip"),
    ("Model", "@model"),
    ("Phase", "@phase"),
    ("Software", "@software"),
    ("Measured", "@x{0,0.[0]} token/s"),
    ("Predicted", "@y{0,0.[0]} token/s (@error)"),
    ("80 % interval", "@interval"),
    ("Source", "@source"),
    ("Note", "@note"),
]


def figure(rows: Sequence[Compared], own: Sequence[Compared], name: str) -> Figure:
    """Log-log plot of rows, a reader's own rows as diamonds; a tap opens the source."""
    shown = [row for row in (*rows, *own) if math.isfinite(row.predicted)]
    both = [v for row in shown for v in (row.measured, row.predicted)] or [1.0, 1e4]
    low, high = 0.7 * min(both), 1.4 * max(both)
    plot = _lines(low, high) * _points(rows, f"{name}-rows", "circle", 8)
    if own:
        plot = plot * _points(own, f"{name}-own", "diamond", 16, OWN)
    return style.figure(
        plot,
        name,
        Scale("Measured [token/s per chip]", low, high, log=True),
        Scale("Predicted [token/s per chip]", low, high, log=True),
        HEIGHT,
    )


def _lines(low: float, high: float) -> hv.Overlay:
    """Where a prediction is right, and where it is 25 % off."""
    ends = np.array([low / 2, high * 2])
    lines = [
        hv.Curve((ends, factor * ends)).opts(
            color=_GREY, line_width=width, line_dash=dash
        )
        for factor, width, dash in (
            (1.0, 1.5, "solid"),
            (0.75, 1, "dashed"),
            (1.25, 1, "dashed"),
        )
    ]
    return hv.Overlay(lines)


def _points(
    rows: Sequence[Compared], name: str, marker: str, size: float, colour: str = ""
) -> hv.Points:
    cells = [_cells(row) for row in rows if math.isfinite(row.predicted)]
    if colour:
        cells = [cell | {"colour": colour, "fill": colour} for cell in cells]
    columns = {key: [cell[key] for cell in cells] for key in _KEYS}

    def hook(plot: Any, element: Any) -> None:
        plot.handles["source"].name = name
        plot.handles["glyph"].update(
            fill_color=Field("fill"),
            line_color=Field("colour"),
            fill_alpha=0.55,
            line_width=1.5,
            size=size,
        )
        renderer = plot.handles["glyph_renderer"]
        renderer.nonselection_glyph = None
        renderer.selection_glyph = None

    hover = HoverTool(tooltips=_TIPS, limit=1)
    tools: list[Any] = [hover]
    if any(columns["url"]):
        tools.append(TapTool(callback=OpenURL(url="@url")))
    return hv.Points(columns, ["x", "y"], list(_KEYS[2:])).opts(
        marker=marker, tools=tools, hooks=[hook]
    )


def _cells(row: Compared) -> dict[str, Any]:
    """What the plot and its hover hold of one row."""
    title, place, hollow = PHASES.get(row.phase, (row.phase, 0, False))
    colour = style.COLOURS[place]
    return {
        "x": row.measured,
        "y": float(row.predicted),
        "colour": colour,
        "fill": "rgba(0,0,0,0)" if hollow else colour,
        "case": row.name,
        "chip": row.chip,
        "model": row.model,
        "phase": title,
        "software": row.software or "not given",
        "error": f"{row.error:+.0%}".replace("-", "−"),
        "interval": f"{row.low:,.4g} to {row.high:,.4g} token/s",
        "source": shorten(row.title, 56, placeholder=" …") or "own measurement",
        "note": row.note or "none",
        "url": link(row.source),
    }


def link(url: str) -> str:
    """Address that may be opened from the page; empty when it is none of the web."""
    return url if url.startswith(("https://", "http://")) else ""
