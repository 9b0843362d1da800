"""Paper: blocks of text and plots, one below the other, at the size of a page."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure as Canvas
from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.lines import Line2D
from matplotlib.textpath import text_to_path

from breakeven.explorer.marks import GRID, INK, PIXEL

WIDTH, MARGIN, GAP = 880, 30, 26  # pixels of the page
INCH = 120  # pixels of the page
LOCK = threading.Lock()  # settings of Matplotlib belong to the whole process
_FONTS = ("Inter", "Roboto", "Helvetica Neue", "Arial", "Liberation Sans")
Draw = Callable[[Canvas, float, float], None]


@dataclass(frozen=True)
class Block:
    """Part of a page: its height, and how it is drawn below and right of a place."""

    height: float
    draw: Draw


def font() -> list[str]:
    """Font of pictures: the first of the usual ones that is installed, else DejaVu."""
    known = {entry.name for entry in fontManager.ttflist}
    return [*(name for name in _FONTS if name in known), "DejaVu Sans"]


def shifted(block: Block, by: float) -> Block:
    """A block that begins further right."""

    def draw(canvas: Canvas, top: float, right: float) -> None:
        block.draw(canvas, top, right + by)

    return Block(block.height, draw)


def wrapped(said: str, size: float, width: float, *, bold: bool = False) -> list[str]:
    """Lines of a text that fit a width."""
    weight = "bold" if bold else "normal"
    face = FontProperties(family=font(), size=size, weight=weight)
    lines = [""]
    for word in said.split():
        longer = f"{lines[-1]} {word}".strip()
        measured = text_to_path.get_text_width_height_descent(longer, face, False)[0]
        if measured <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines if said.strip() else []


def text(
    said: str,
    size: float,
    *,
    ink: str = INK,
    bold: bool = False,
    gap: float = 0.0,
    width: float = WIDTH - 2 * MARGIN,
) -> list[Block]:
    """Blocks of the lines of a text, with a gap after the last."""
    lines = wrapped(said, size, width, bold=bold)
    height = size * 1.38

    def line(words: str) -> Draw:
        def draw(canvas: Canvas, top: float, right: float) -> None:
            wide, high = canvas.get_size_inches() * INCH
            canvas.text(
                (MARGIN + right) / wide,
                1 - (top + size * 1.1) / high,
                words,
                fontsize=size * PIXEL,
                fontweight="bold" if bold else "normal",
                color=ink,
                va="baseline",
                parse_math=False,
            )

        return draw

    last = len(lines) - 1
    return [
        Block(height + (gap if i == last else 0.0), line(words))
        for i, words in enumerate(lines)
    ]


def rule() -> Block:
    """A thin line across."""

    def draw(canvas: Canvas, top: float, right: float) -> None:
        wide, high = canvas.get_size_inches() * INCH
        at = 1 - (top + 2) / high
        line = Line2D(
            [MARGIN / wide, 1 - MARGIN / wide], [at, at], color=GRID, linewidth=0.4
        )
        canvas.add_artist(line)

    return Block(12.0, draw)


def assembled(blocks: Sequence[Block], margin: float = 24.0) -> Canvas:
    """Canvas on which the blocks stand one below the other."""
    total = sum(block.height for block in blocks) + 2 * margin
    canvas = Canvas(figsize=(WIDTH / INCH, total / INCH), facecolor="white")
    top = margin
    for block in blocks:
        block.draw(canvas, top, 0.0)
        top += block.height
    return canvas
