"""How plots look: HoloViews declares each once, Bokeh draws it, the wire feeds it.

Every element gets a hook that names its source, so that the page can find it, and takes
colours from the column ``colour`` of that source. Elements are declared with a row per
option; what they show arrives with the first buffer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import holoviews as hv
import holoviews.plotting.bokeh  # registers the backend
import numpy as np
from bokeh.core.property.vectorization import Field, Value
from bokeh.models import (
    Axis,
    BasicTickFormatter,
    FixedTicker,
    HoverTool,
    Legend,
    LogTicker,
    SingleIntervalTicker,
    TapTool,
)
from bokeh.plotting import figure as Figure

from breakeven.explorer import moulds

hv.Store.set_current_backend("bokeh")

COLOURS = ("#0B6BC2", "#D2540B", "#00816A", "#8A4FA8")
FONT = '-apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'
HEIGHT = 300
QUIET = "#7C8895"
_TOOLS = (HoverTool, TapTool)  # the others have no button, and would move the axes
GRID = {"grid_line_color": "#8893a0", "grid_line_alpha": 0.25}


@dataclass(frozen=True)
class Scale:
    """One axis: label with unit, ends, and how its numbers are written.

    ``kind`` is number, usd, percent, months (a tick a year) or hidden; ``ticks`` are
    given where the usual ones do not suit.
    """

    label: str
    low: float
    high: float
    kind: str = "number"
    log: bool = False
    ticks: tuple[float, ...] = ()


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
        plot.handles["glyph"].update(**glyph)
        # nothing is selected: the glyphs for it would be a third of a page's models
        renderer.update(selection_glyph=None, nonselection_glyph=None, muted_glyph=None)

    hook.look = (name.partition(":")[2], repr(sorted(glyph.items())))  # type: ignore[attr-defined]
    return hook


def paths(name: str, rows: int, width: float = 2.5, **look: Any) -> hv.Contours:
    """All curves of a plot as one element; ``look`` as Bokeh names it."""
    data = [{"x": [1, 1], "y": [1, 1], "colour": colour} for colour in colours(rows)]
    hook = _named(
        name,
        line_color=Field("colour"),
        line_width=width,
        line_cap="round",
        line_join="round",
        **{"line_alpha": 1.0, **look},
    )
    return hv.Contours(data, ["x", "y"], "colour").opts(hooks=[hook])


def bands(name: str, rows: int, alpha: float = 0.12) -> hv.Polygons:
    """Areas behind the curves of a plot, all as one element."""
    data = [
        {"x": [1, 1, 1], "y": [1, 1, 1], "colour": colour} for colour in colours(rows)
    ]
    hook = _named(
        name,
        fill_color=Field("colour"),
        fill_alpha=alpha,
        line_color=Field("colour"),
        line_alpha=0.3,
    )
    return hv.Polygons(data, ["x", "y"], "colour").opts(hooks=[hook])


def points(name: str, rows: int, size: float, **look: Any) -> hv.Points:
    """Marks of the options, a mark each."""
    glyph = {
        "fill_color": Field("colour"),
        "line_color": Field("colour"),
        "size": size,
        "line_width": 2,
        **look,
    }
    data = (np.ones(rows), np.ones(rows), colours(rows))
    return hv.Points(data, ["x", "y"], "colour").opts(hooks=[_named(name, **glyph)])


def texts(name: str, rows: int, *, lifted: bool = False, **look: Any) -> hv.Labels:
    """Words at places, in the colour of their option; ``lifted`` off the axis."""
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
    columns: list[Any] = [np.ones(rows), np.ones(rows), [""] * rows, colours(rows)]
    names = ["text", "colour"]
    if lifted:
        glyph["y_offset"] = Field("dy")
        columns, names = [*columns, np.zeros(rows)], [*names, "dy"]
    hook = _named(name, **glyph)
    return hv.Labels(tuple(columns), ["x", "y"], names).opts(hooks=[hook])


def fixed(x: Sequence[float], y: Sequence[float], words: Sequence[str]) -> hv.Overlay:
    """Quiet marks with words to their right, which no event moves."""

    def moved(plot: Any, element: Any) -> None:
        plot.handles["glyph"].update(x_offset=9, text_font=Value(FONT))

    dots = hv.Points((x, y), ["x", "y"]).opts(size=8, color=QUIET)
    look = {"text_color": QUIET, "text_font_size": "12px", "text_align": "left"}
    said = hv.Labels((x, y, list(words)), ["x", "y"], "text")
    return dots * said.opts(text_baseline="middle", hooks=[moved], **look)


def bars(name: str, rows: int) -> hv.Rectangles:
    """Bars as one element: left, bottom, right, top."""
    edges = (np.ones(rows),) * 4
    dims = ["left", "bottom", "right", "top"]
    hook = _named(name, fill_color=Field("colour"), line_color=None)
    data = (*edges, colours(rows))
    return hv.Rectangles(data, dims, "colour").opts(hooks=[hook])


def level(height: float = 0.0) -> hv.HLine:
    """A quiet line across a plot: what is above it pays, what is below does not."""
    return hv.HLine(height).opts(color="#8893a0", line_width=1.5)


def figure(
    plot: hv.Overlay, name: str, x: Scale, y: Scale, height: int = HEIGHT
) -> Figure:
    """Bokeh figure of an overlay: named axes and ranges, explicit ends, quiet look."""
    look = _look(plot)

    def draw() -> Figure:
        return _drawn(plot, name, x, y, height)

    key, _, rest = name.partition(":")
    if look is None or not rest:
        return draw()
    return moulds.cast((rest, look, x, y, height), key, draw)


def _look(plot: hv.Overlay) -> tuple[Any, ...] | None:
    """What elements of this module look like; nothing when there are others."""
    found = []
    for element in plot:
        options = hv.Store.lookup_options("bokeh", element, "plot").kwargs
        looks = [getattr(hook, "look", None) for hook in options.get("hooks", ())]
        if len(looks) != 1 or looks[0] is None or "tools" in options:
            return None
        dimensions = tuple(map(str, element.dimensions()))
        found.append((type(element), len(element), dimensions, looks[0]))
    return tuple(found)


def _drawn(plot: hv.Overlay, name: str, x: Scale, y: Scale, height: int) -> Figure:
    """Figure as HoloViews and Bokeh make it."""
    plot = plot.opts(
        xlim=(x.low, x.high),
        ylim=(y.low, y.high),
        logx=x.log,
        logy=y.log,
        show_legend=False,
        responsive=True,
        height=height,
        default_tools=[],
    )
    drawn = hv.render(plot, backend="bokeh")
    drawn.update(
        name=f"{name}/figure",
        height=height,
        min_height=height,
        sizing_mode="stretch_width",
        min_border_right=14,
        min_border_left=10,
        outline_line_color=None,
        background_fill_alpha=0,
        border_fill_alpha=0,
        title=None,
        toolbar_location=None,
        output_backend="canvas",  # a software WebGL costs 10 ms a frame
    )
    drawn.toolbar.tools = [t for t in drawn.toolbar.tools if isinstance(t, _TOOLS)]
    drawn.center = [part for part in drawn.center if not isinstance(part, Legend)]
    drawn.x_range.update(name=f"{name}/x", start=x.low, end=x.high)
    drawn.y_range.update(name=f"{name}/y", start=y.low, end=y.high)
    for axis, side, scale in ((drawn.xaxis[0], "x", x), (drawn.yaxis[0], "y", y)):
        _dress(axis, f"{name}/{side}axis", scale)
    bar = y.kind == "hidden"
    drawn.xgrid.update(**(GRID if bar else {"grid_line_color": None}))
    drawn.ygrid.update(**({"grid_line_color": None} if bar else GRID))
    return drawn


def _dress(axis: Axis, name: str, scale: Scale) -> None:
    """Name, label, numbers and ticks of one axis."""
    kind = scale.kind if scale.kind in ("usd", "percent") else "number"
    axis.update(
        name=name,
        visible=scale.kind != "hidden",
        axis_label=scale.label,
        axis_label_text_font=FONT,
        axis_label_text_font_style="normal",
        axis_label_text_font_size="12px",
        axis_label_standoff=8,
        axis_line_color=None,
        major_label_text_font=FONT,
        major_label_text_font_size="12px",
        major_tick_line_color=None,
        minor_tick_line_color=None,
        formatter=BasicTickFormatter(tags=[f"breakeven:{kind}"]),  # see ticks.js
    )
    if scale.kind == "hidden" or scale.ticks:
        axis.ticker = FixedTicker(ticks=list(scale.ticks))
    elif scale.kind == "months":
        axis.ticker = SingleIntervalTicker(interval=12, num_minor_ticks=0)
    elif scale.log:
        # within two decades they are even steps, which crowd at the upper end
        axis.ticker = LogTicker(
            num_minor_ticks=0, mantissas=[1, 2, 5], desired_num_ticks=4
        )
