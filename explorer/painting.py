"""A figure of the page drawn by Matplotlib: for pictures and paper, without a browser.

It knows the marks that style.py declares, and takes colour, size and place of each from
the figure, so that a picture cannot say anything else than the page.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from bokeh.models import (
    FixedTicker,
    LogScale,
    LogTicker,
    SingleIntervalTicker,
    Span,
)
from bokeh.plotting import figure as Figure
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from breakeven.explorer.marks import GRID, INK, MARKS, MUTED, PIXEL, Columns

Ticks = Callable[[str, list[float]], list[str]]


def paint(
    axes: Axes, figure: Figure, columns: dict[str, Columns], ticks: Ticks
) -> None:
    """Draw one figure; ``columns`` are what its sources hold, by their names.

    Raises
    ------
    ValueError
        When the figure has a mark that cannot be drawn here.
    """
    _frame(axes, figure)
    for order, renderer in enumerate(figure.renderers, 3):
        if isinstance(renderer, Span):
            _level(axes, renderer, order)
            continue
        glyph, name = renderer.glyph, renderer.data_source.name
        kind = type(glyph).__name__
        if kind not in MARKS:
            raise ValueError(f"{figure.name}: no picture of {kind} can be drawn")
        data = columns.get(str(name).partition(":")[2])
        if data is None:
            data = {k: list(v) for k, v in renderer.data_source.data.items()}
        if any(len(column) for column in data.values()):
            MARKS[kind](axes, glyph, data, order)
    _axis(axes, figure, "x", ticks)
    _axis(axes, figure, "y", ticks)


def _level(axes: Axes, span: Span, order: int) -> None:
    """A line across the whole plot at one height."""
    width = float(span.line_width) * PIXEL
    axes.axhline(span.location, color=span.line_color, linewidth=width, zorder=order)


def _frame(axes: Axes, figure: Figure) -> None:
    """Ends, scales and grid."""
    if isinstance(figure.x_scale, LogScale):
        axes.set_xscale("log")
    if isinstance(figure.y_scale, LogScale):
        axes.set_yscale("log")
    axes.set_xlim(figure.x_range.start, figure.x_range.end)
    axes.set_ylim(figure.y_range.start, figure.y_range.end)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.tick_params(which="both", length=0, pad=5 * PIXEL)
    axes.set_axisbelow(True)
    for side, grid in (("x", figure.xgrid), ("y", figure.ygrid)):
        if grid and grid[0].grid_line_color is not None:
            axes.grid(axis=side, color=GRID, alpha=0.25, linewidth=PIXEL)


def _axis(axes: Axes, figure: Figure, side: str, ticks: Ticks) -> None:
    """Label, places and numbers of one axis."""
    model = (figure.xaxis if side == "x" else figure.yaxis)[0]
    axis = axes.xaxis if side == "x" else axes.yaxis
    if not model.visible:
        axis.set_visible(False)
        return
    low, high = axes.get_xlim() if side == "x" else axes.get_ylim()
    if isinstance(model.bounds, tuple):
        low, high = model.bounds
    places = _places(model.ticker, low, high, axis.get_scale() == "log")
    kinds = [tag for tag in model.formatter.tags if str(tag).startswith("breakeven:")]
    texts = ticks(kinds[0], places) if kinds else [f"{v:g}" for v in places]
    axis.set_ticks(places, labels=texts, minor=False)
    axis.set_ticks([], minor=True)
    for label in axis.get_ticklabels():
        label.set(color=MUTED, fontsize=12 * PIXEL, parse_math=False)
    axis.set_label_text(
        model.axis_label or "", color=INK, fontsize=12 * PIXEL, parse_math=False
    )


def _places(ticker: Any, low: float, high: float, log: bool) -> list[float]:
    """Where an axis has numbers."""
    if isinstance(ticker, FixedTicker):
        places = np.asarray(ticker.ticks, float)
    elif isinstance(ticker, SingleIntervalTicker):
        step = ticker.interval
        places = np.arange(math.ceil(low / step), high / step + 1e-9) * step
    elif log or isinstance(ticker, LogTicker):
        places = 10.0 ** np.arange(math.ceil(math.log10(low) - 1e-9), 16)
    else:
        places = MaxNLocator(6, steps=[1, 2, 5, 10]).tick_values(low, high)
    inside = (places >= low - 1e-9 * abs(low)) & (places <= high * (1 + 1e-9))
    return [float(v) for v in places[inside]]
