"""The scripts of the page run without a browser: what a buffer puts into its figures.

A picture is drawn from the same arrays, by the same unpack.js, as the live page and the
snapshot; only the hand that draws is another. QuickJS runs the script.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import quickjs

from breakeven.explorer import wire
from breakeven.explorer.components import UNPACK, script

Told = dict[str, Any]


class Engine:
    """One run of the page's scripts; not to be shared between threads."""

    def __init__(self) -> None:
        self._context = quickjs.Context()
        self._context.eval(
            f"{UNPACK};globalThis.breakeven = breakeven;{script('engine.js')}"
        )
        self._draw = self._context.get("breakevenDraw")
        self._ticks = self._context.get("breakevenWritten")

    def unpacked(
        self,
        layout: Told,
        buffer: wire.Buffer,
        ranges: Mapping[str, tuple[float, float]],
        widths: Mapping[str, float],
        *,
        dark: bool = False,
    ) -> Told:
        """Columns of every source, ends of every range, bounds of every axis.

        ``ranges`` are the ends that figures have now, ``widths`` their frames. [pixel]
        """
        numbers = [v if math.isfinite(v) else None for v in buffer.tolist()]
        ends = {name: {"start": a, "end": b} for name, (a, b) in ranges.items()}
        said = self._draw(
            json.dumps(layout, default=str),
            json.dumps(numbers),
            json.dumps(ends),
            json.dumps(dict(widths)),
            dark,
        )
        found: Told = json.loads(said)
        return found

    def ticks(self, kind: str, values: Sequence[float]) -> list[str]:
        """Numbers of an axis as its formatter writes them; ``kind`` is its tag."""
        found: list[str] = json.loads(self._ticks(kind, json.dumps(list(values))))
        return found
