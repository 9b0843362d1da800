"""The marks of style.py drawn by Matplotlib, in the colours and sizes they have."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from bokeh.core.property.vectorization import Field, Value
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from numpy.typing import NDArray

PIXEL = 0.6  # points of a pixel of the page: its 12 px are 7.2 pt
INK, MUTED, GRID = "#17212B", "#5A6673", "#8893A0"
Columns = dict[str, Any]


def numbers(values: Any) -> NDArray[np.float64]:
    """A column as numbers, what is unknown as NaN."""
    return np.array([math.nan if v is None else v for v in values], dtype=float)


def _spec(glyph: Any, name: str, data: Columns, count: int) -> list[Any]:
    """A property of a mark for each row: from a column, or the same for all."""
    said = getattr(glyph, name, None)
    if isinstance(said, Field):
        said = {"field": said.field}
    if isinstance(said, Value):
        said = said.value
    if isinstance(said, dict) and "field" in said:
        return list(data.get(said["field"], [None] * count))
    if isinstance(said, dict) and "value" in said:
        said = said["value"]
    if isinstance(said, str) and said in data:
        return list(data[said])
    return [said] * count


def _pixels(size: Any, other: float) -> float:
    """A size such as "13px" as a number."""
    return float(str(size).removesuffix("px")) if size is not None else other


def _lines(axes: Axes, glyph: Any, data: Columns, order: int) -> None:
    xs, ys = _spec(glyph, "xs", data, 0), _spec(glyph, "ys", data, 0)
    shapes = [np.column_stack(_pair(x, y)) for x, y in zip(xs, ys, strict=True)]
    wide = _spec(glyph, "line_width", data, len(shapes))
    lines = LineCollection(
        shapes,
        colors=[c or "none" for c in _spec(glyph, "line_color", data, len(shapes))],
        linewidths=[float(w) * PIXEL for w in wide],
        alpha=_spec(glyph, "line_alpha", data, len(shapes)),
        capstyle="round",
        joinstyle="round",
        zorder=order,
    )
    dash = _spec(glyph, "line_dash", data, 1)[0]
    if dash and dash != "solid":
        lines.set_linestyle((0, [float(d) * PIXEL for d in dash]))
    axes.add_collection(lines, autolim=False)


def _pair(x: Any, y: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    a, b = numbers(x), numbers(y)
    return np.broadcast_arrays(a, b) if a.size == 1 or b.size == 1 else (a, b)


def _line(axes: Axes, glyph: Any, data: Columns, order: int) -> None:
    x, y = (numbers(_spec(glyph, n, data, 0)) for n in ("x", "y"))
    colour = _spec(glyph, "line_color", data, 1)[0]
    width = float(_spec(glyph, "line_width", data, 1)[0]) * PIXEL
    axes.plot(x, y, color=colour, linewidth=width, zorder=order)


def _areas(axes: Axes, glyph: Any, data: Columns, order: int) -> None:
    shapes, rows = [], []
    xs, ys = _spec(glyph, "xs", data, 0), _spec(glyph, "ys", data, 0)
    for row, (x, y) in enumerate(zip(xs, ys, strict=True)):
        for part_x, part_y in zip(x, y, strict=True):
            # the first ring of a polygon; a list of plain numbers is a patch
            a = part_x[0] if isinstance(part_x, list) else x
            b = part_y[0] if isinstance(part_y, list) else y
            shapes.append(np.column_stack([numbers(a), numbers(b)]))
            rows.append(row)
            if not isinstance(part_x, list):
                break
    _filled(axes, glyph, data, shapes, rows, order)


def _filled(
    axes: Axes,
    glyph: Any,
    data: Columns,
    shapes: list[Any],
    rows: list[int],
    order: int,
) -> None:
    """Areas in the colours of their rows."""
    count = max(rows, default=-1) + 1
    fill = _spec(glyph, "fill_color", data, count)
    edge = _spec(glyph, "line_color", data, count)
    alpha = [1.0 if a is None else a for a in _spec(glyph, "fill_alpha", data, count)]
    areas = PolyCollection(
        shapes,
        facecolors=[_faded(fill[row], alpha[row]) for row in rows],
        edgecolors=[_faded(edge[row], 0.3 if alpha[row] < 1 else 1.0) for row in rows],
        linewidths=PIXEL if any(edge) else 0.0,
        zorder=order,
    )
    axes.add_collection(areas, autolim=False)


def _faded(colour: Any, alpha: float) -> Any:
    return (colour, float(alpha)) if colour else "none"


def _quads(axes: Axes, glyph: Any, data: Columns, order: int) -> None:
    names = ("left", "right", "bottom", "top")
    columns = [_spec(glyph, name, data, 0) for name in names]
    count = max(len(c) for c in columns)
    edges = [numbers(_spec(glyph, name, data, count)) for name in names]
    known = [i for i in range(count) if all(np.isfinite(e[i]) for e in edges)]
    left, right, bottom, top = edges
    shapes = [
        [(left[i], bottom[i]), (right[i], bottom[i]), (right[i], top[i]),
         (left[i], top[i])]
        for i in known
    ]  # fmt: skip
    _filled(axes, glyph, data, shapes, known, order)


_SHAPES = {
    "circle": "o",
    "square": "s",
    "diamond": "D",
    "triangle": "^",
    "inverted_triangle": "v",
    "cross": "+",
    "x": "x",
    "star": "*",
    "dash": "_",
}


def _points(axes: Axes, glyph: Any, data: Columns, order: int) -> None:
    x, y = (numbers(_spec(glyph, name, data, 0)) for name in ("x", "y"))
    count = len(x)
    shape = _spec(glyph, "marker", data, count)
    size = [float(s) * PIXEL for s in _spec(glyph, "size", data, count)]
    wide = [float(w) * PIXEL for w in _spec(glyph, "line_width", data, count)]
    fill = _spec(glyph, "fill_color", data, count)
    edge = _spec(glyph, "line_color", data, count)
    alpha = _spec(glyph, "fill_alpha", data, count)
    for i in range(count):
        if np.isfinite(x[i]) and np.isfinite(y[i]):
            axes.plot(
                x[i],
                y[i],
                marker=_SHAPES.get(str(shape[i]), "o"),
                markersize=size[i],
                markerfacecolor=_faded(fill[i], 1.0 if alpha[i] is None else alpha[i]),
                markeredgecolor=edge[i] or "none",
                markeredgewidth=wide[i],
                zorder=order,
                clip_on=False,
            )


_SIDES = {"top": "top", "bottom": "bottom", "alphabetic": "baseline"}


def _texts(axes: Axes, glyph: Any, data: Columns, order: int) -> None:
    x, y = (numbers(_spec(glyph, name, data, 0)) for name in ("x", "y"))
    count = len(x)

    def each(name: str) -> list[Any]:
        return _spec(glyph, name, data, count)

    columns = zip(
        each("text"),
        each("text_color"),
        each("text_font_size"),
        each("text_font_style"),
        each("text_align"),
        each("text_baseline"),
        each("x_offset"),
        each("y_offset"),
        strict=True,
    )
    for i, (text, ink, size, face, across, up, dx, dy) in enumerate(columns):
        if not text or not (np.isfinite(x[i]) and np.isfinite(y[i])):
            continue
        axes.annotate(
            str(text),
            (x[i], y[i]),
            # the page counts pixels downwards
            xytext=(float(dx or 0) * PIXEL, -float(dy or 0) * PIXEL),
            textcoords="offset points",
            color=ink or INK,
            fontsize=_pixels(size, 12.0) * PIXEL,
            fontweight="bold" if "bold" in str(face) else "normal",
            ha=across or "left",
            va=_SIDES.get(str(up), "center"),
            zorder=order + 10,
            parse_math=False,
            annotation_clip=False,
        )


MARKS: dict[str, Callable[[Axes, Any, Columns, int], None]] = {
    "MultiLine": _lines,
    "Line": _line,
    "MultiPolygons": _areas,
    "Patches": _areas,
    "Quad": _quads,
    "Scatter": _points,
    "Text": _texts,
}
