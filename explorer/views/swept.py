"""A sweep's file, of any size, as a picture: where its rows lie and which are best."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Sequence
from html import escape
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np
from panel.viewable import Viewable

from breakeven.explorer import fields, gridding, limits, reading, style
from breakeven.explorer.gridding import Density
from breakeven.explorer.style import Figure, Scale
from breakeven.explorer.views.base import FLOW, Feed, Flow, View
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario

FILE = "BREAKEVEN_SWEEP"  # environment: a file that the page opens with
POINTS = 400  # of the front, at most
_HINT = (
    "What `breakeven sweep` writes, .csv or .parquet. Through the browser up to "
    f"{limits.ROWS:,} rows and {limits.MESSAGE // 10**6} MB; a larger one, of any "
    f"size, is named by {FILE} when the page is served."
)


class Swept(View):
    """Density of the rows over two columns, and the rows that no other beats."""

    name = "swept"
    title = "Sweep"
    question = "Where do many computed cases lie, and which does no other beat?"

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.path: Path | None = None
        self.found: Density | None = None
        self.file = fields.file("Sweep (.csv, .parquet)", ".csv,.parquet")
        self.across = fields.select("Across", [], width=300)
        self.up = fields.select("Up", [], width=300)
        self.told = self.slot("told", "says", tag="p")
        self.file.param.watch(self._brought, "value")
        for widget in (self.across, self.up):
            widget.param.watch(self._picked, "value")
        if named := os.environ.get(FILE):
            self.take(Path(named))

    # -------------------------------------------------------------------- files
    def _brought(self, event: Any) -> None:
        if not event.new:
            return
        name = Path(str(self.file.filename or "sweep.csv")).name
        path = Path(mkdtemp(prefix="breakeven-")) / name
        path.write_bytes(event.new)
        try:
            limits.within(reading.rows(path), limits.ROWS, f"{name}: rows")
        except (ValueError, OSError) as error:
            shutil.rmtree(path.parent, ignore_errors=True)
            self.say(f"Refused: {error}")
            return
        self.take(path)

    def take(self, path: Path) -> None:
        """Show a file, or say in a line why not."""
        try:
            known = reading.header(path)
            first = next(iter(reading.batches(path, known)), {})
        except (ValueError, OSError) as error:
            self.say(f"Refused: {error}")
            return
        numbers = [name for name in known if first and first[name].dtype.kind == "f"]
        if len(numbers) < 2:
            self.say(f"{path.name}: fewer than two columns of numbers")
            return
        self.path = path
        chosen = _chosen(numbers)
        self.across.param.update(options=numbers, value=chosen[0])
        self.up.param.update(options=numbers, value=chosen[1])
        self._picked()

    def _picked(self, *_: Any) -> None:
        """Count the rows anew, beside the event loop where there is one."""
        if self.path is None or not self.across.value or not self.up.value:
            return
        asked = (self.path, self.across.value, self.up.value)
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._counted(asked, gridding.density(*asked))
            return
        self.say(f"Reading {self.path.name} …")
        done = loop.run_in_executor(None, gridding.density, *asked)
        done.add_done_callback(lambda future: self._came(asked, future))

    def _came(self, asked: Sequence[Any], future: asyncio.Future[Density]) -> None:
        if error := future.exception():
            self.say(f"Refused: {error}")
        else:
            self._counted(asked, future.result())

    def _counted(self, asked: Sequence[Any], found: Density) -> None:
        if asked != (self.path, self.across.value, self.up.value):
            return  # another pair has been picked since
        self.found = found
        beyond = f", {found.outside:,} of them beyond the axes" if found.outside else ""
        self.say(
            f"{asked[0].name}: {found.rows:,} rows{beyond}. The darker, the more; the "
            f"{found.best.shape[1]:,} dots no other row beats when less of both is "
            "better."
        )
        self.redraw()

    def say(self, text: str) -> None:
        """Put one line of words on the card."""
        self.told.html = escape(text)

    # ------------------------------------------------------------------ picture
    def feed(self, scenario: Scenario, results: Results) -> Feed:
        """Cells, dots and the ends of the axes."""
        found = self.found
        across, up = (found.across, found.up) if found else (np.zeros(2), np.zeros(2))
        counts = found.counts.ravel() if found else np.zeros(1)
        best = (
            found.best[:, :: max(1, found.best.shape[1] // POINTS)] if found else None
        )
        dots = [np.full(1, np.nan)] * 2 if best is None else [*best]
        cells = {
            "kind": "picture",
            "draw": "density",
            "source": self.at("cells"),
            "sizes": [across.size, up.size],
        }
        points = {"kind": "columns", "source": self.at("best"), "columns": ["x", "y"]}
        points["ink"] = "plain"
        return [
            (cells, [np.concatenate((across, up, counts))]),
            (points, dots),
            ({"kind": "range", "range": self.at("cells/x")}, [across[[0, -1]]]),
            ({"kind": "range", "range": self.at("cells/y")}, [up[[0, -1]]]),
        ]

    def axes(self, scenario: Scenario, results: Results) -> dict[str, str]:
        """The columns that were picked."""
        if self.found is None:
            return {}
        return {
            self.at("cells/xaxis"): self.found.x,
            self.at("cells/yaxis"): self.found.y,
        }

    def captions(self, results: Results) -> dict[str, str]:
        """What the picture shows."""
        if self.found is None:
            return {self.at("cells/figure"): "No sweep has been opened"}
        said = f"Rows of a sweep by {self.found.x} and {self.found.y}"
        return {self.at("cells/figure"): said}

    def body(self, scenario: Scenario, results: Results) -> Viewable:
        """Choosers on one card, the picture on another."""
        row = Flow(
            self.file, self.across, self.up, styles={**FLOW, "align-items": "center"}
        )
        return self.flow(
            self.card("A sweep's file", _HINT, row, self.told, wide=True),
            self.card("Where the rows lie", "", self._plot(), wide=True),
        )

    def _plot(self) -> Figure:
        """Cells and dots."""
        name = self.full("cells")
        return style.figure(
            style.bars(name, gridding.CELLS[0] * gridding.CELLS[1])
            * style.points(self.full("best"), POINTS, 6),
            name,
            Scale("", 0, 1, "number"),
            Scale("", 0, 1, "number"),
            height=440,
        )


def _chosen(names: Sequence[str]) -> tuple[str, str]:
    """Columns to begin with: cost across and energy up, where they are."""

    def ending(word: str) -> list[str]:
        return [n for n in names if n.partition(" [")[0].endswith(word)]

    cost, energy = ending("cost_per_token"), ending("energy_per_token")
    first = cost[0] if cost else names[0]
    rest = [*energy, *cost, *names]
    return first, next(name for name in rest if name != first)
