"""How plots look: HoloViews declares each once, Bokeh draws it, the wire feeds it.

Every element gets a hook that names its source and ranges, so that the page can find
them, and takes colours from the column ``colour`` of that source.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import holoviews as hv
import holoviews.plotting.bokeh  # registers the backend
import numpy as np
from bokeh.core.property.vectorization import Field, Value
from bokeh.models import (
    CustomJSTickFormatter,
    FixedTicker,
    LogTicker,
    SingleIntervalTicker,
)
from bokeh.plotting import figure as Figure
from numpy.typing import ArrayLike

hv.Store.set_current_backend("bokeh")

COLOURS = ("#0B6BC2", "#D2540B", "#00816A", "#8A4FA8")
FONT = '-apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'
HEIGHT = 300

_TICK = """
const sizes = [[1e12, "T"], [1e9, "B"], [1e6, "M"], [1e3, "k"]]
const size = Math.abs(tick)
const [scale, suffix] = sizes.find(([s]) => size >= s * (1 - 1e-9)) ?? [1, ""]
const text = `${+(tick / scale).toPrecision(4)}${suffix && " " + suffix}`
return PREFIX + text.replace("-", "−")
"""


def ticks(prefix: str = "") -> CustomJSTickFormatter:
    """Axis numbers with k, M, B or T, such as ``$1.5 M``."""
    return CustomJSTickFormatter(code=_TICK.replace("PREFIX", repr(prefix)))


def percent() -> CustomJSTickFormatter:
    """Axis numbers as percentages."""
    return CustomJSTickFormatter(code="return `${+(100 * tick).toPrecision(4)} %`")


def colours(count: int) -> list[str]:
    """Colour of each option, by position."""
    return [COLOURS[i % len(COLOURS)] for i in range(count)]


def _named(name: str, **glyph: Any) -> Callable[[Any, Any], None]:
    """Hook that names the source of an element and sets properties of its glyph."""

    def hook(plot: Any, element: Any) -> None:
        source = plot.handles["source"]
        source.name = name
        for extra in element.vdims:
            if extra.name not in source.data:
                source.data[extra.name] = list(element.dimension_values(extra.name))
        renderer = plot.handles["glyph_renderer"]
        for drawn in (plot.handles["glyph"], renderer.nonselection_glyph):
            if drawn is not None and drawn != "auto":
                drawn.update(**glyph)
        renderer.nonselection_glyph = None
        renderer.muted_glyph = None

    return hook


def paths(name: str, x: ArrayLike, y: ArrayLike, width: float = 2.5) -> hv.Contours:
    """All curves of a plot as one element: y is options × x."""
    rows = np.atleast_2d(np.asarray(y, dtype=float))
    data = [
        {"x": np.asarray(x, dtype=float), "y": row, "colour": colour}
        for row, colour in zip(rows, colours(len(rows)), strict=True)
    ]
    hook = _named(
        name,
        line_color=Field("colour"),
        line_width=width,
        line_cap="round",
        line_join="round",
        line_alpha=1.0,
    )
    return hv.Contours(data, ["x", "y"], "colour").opts(hooks=[hook], line_width=width)


def points(
    name: str, x: ArrayLike, y: ArrayLike, size: float = 9, **look: Any
) -> hv.Points:
    """Marks of the options, a mark each."""
    x, y = np.atleast_1d(np.asarray(x, float)), np.atleast_1d(np.asarray(y, float))
    glyph = {
        "fill_color": Field("colour"),
        "line_color": Field("colour"),
        "size": size,
        "line_width": 2,
        **look,
    }
    data = (x, y, colours(x.size))
    return hv.Points(data, ["x", "y"], "colour").opts(hooks=[_named(name, **glyph)])


def texts(
    name: str,
    x: ArrayLike,
    y: ArrayLike,
    words: list[str],
    *,
    lifted: bool = False,
    **look: Any,
) -> hv.Labels:
    """Words at places, in the colour of their option; ``lifted`` off the axis."""
    x, y = np.atleast_1d(np.asarray(x, float)), np.atleast_1d(np.asarray(y, float))
    glyph = {
        "text_color": Field("colour"),
        "text_font": Value(FONT),
        "text_font_size": "13px",
        "text_font_style": "bold",
        "text_align": "left",
        "text_baseline": "middle",
        "x_offset": 8,
        **look,
    }
    columns, names = [x, y, words, colours(x.size)], ["text", "colour"]
    if lifted:
        glyph["y_offset"] = Field("dy")
        columns, names = [*columns, np.zeros(x.size)], [*names, "dy"]
    hook = _named(name, **glyph)
    return hv.Labels(tuple(columns), ["x", "y"], names).opts(hooks=[hook])


def bars(
    name: str, edges: tuple[ArrayLike, ArrayLike, ArrayLike, ArrayLike], **look: Any
) -> hv.Rectangles:
    """Bars as one element: left, bottom, right, top."""
    left, bottom, right, top = (np.asarray(e, dtype=float).ravel() for e in edges)
    glyph = {"fill_color": Field("colour"), "line_color": None, **look}
    data = (left, bottom, right, top, colours(left.size))
    dims = ["left", "bottom", "right", "top"]
    return hv.Rectangles(data, dims, "colour").opts(hooks=[_named(name, **glyph)])


def figure(
    plot: hv.Overlay,
    name: str,
    *,
    x: tuple[str, tuple[float, float]],
    y: tuple[str, tuple[float, float]],
    log: str = "",
    months: bool = False,
    money: str = "",
    rows: int = 0,
    height: int = HEIGHT,
    right: int = 14,
) -> Figure:
    """Bokeh figure of an overlay: axis labels with units, explicit ranges, quiet look.

    ``log`` names the logarithmic axes, ``money`` the axes in USD; with ``rows`` the y
    axis is a list of that many options and has no numbers.
    """
    plot = plot.opts(
        xlim=x[1],
        ylim=y[1],
        logx="x" in log,
        logy="y" in log,
        show_legend=False,
        responsive=True,
        height=height,
        toolbar="above",
        default_tools=[],
        show_frame=False,
    )
    drawn = hv.render(plot, backend="bokeh")
    drawn.update(
        name=f"{name}/figure",
        height=height,
        min_height=height,
        sizing_mode="stretch_width",
        min_border_right=right,
        min_border_left=10,
        outline_line_color=None,
        background_fill_alpha=0,
        border_fill_alpha=0,
        title=None,
        toolbar_location=None,
        lod_threshold=None,
        output_backend="canvas",
    )
    drawn.x_range.update(name=f"{name}/x", start=x[1][0], end=x[1][1])
    drawn.y_range.update(name=f"{name}/y", start=y[1][0], end=y[1][1])
    for axis, side, (label, ends) in ((drawn.xaxis, "x", x), (drawn.yaxis, "y", y)):
        axis.update(
            name=f"{name}/{side}axis",
            axis_label=label,
            axis_label_text_font=FONT,
            axis_label_text_font_style="normal",
            axis_label_text_font_size="12px",
            major_label_text_font=FONT,
            major_label_text_font_size="12px",
            formatter=ticks("$" if side in money else ""),
            minor_tick_line_color=None,
            major_tick_line_color=None,
            axis_line_color=None,
            axis_label_standoff=8,
        )
        if side in log:
            axis.ticker = LogTicker(
                num_minor_ticks=0,
                mantissas=[1, 2, 5] if ends[1] < 1e4 * ends[0] else [1],
            )
    drawn.xgrid.grid_line_color = None
    drawn.ygrid.grid_line_color = "#8893a0" if not rows else None
    drawn.ygrid.grid_line_alpha = 0.25
    if rows:
        drawn.yaxis.visible = False
        drawn.xgrid.update(grid_line_color="#8893a0", grid_line_alpha=0.25)
        drawn.yaxis.ticker = FixedTicker(ticks=[])
    if months:
        drawn.xaxis.ticker = SingleIntervalTicker(interval=12, num_minor_ticks=0)
    return drawn
