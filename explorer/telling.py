"""What the script of a snapshot is told: axes, runs, places, layouts and numbers."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from breakeven.explorer.elements import FIELDS, Elements
from breakeven.explorer.lattice import Lattice
from breakeven.explorer.views import strip

Told = dict[str, Any]
Frame = tuple[int, int, int, float]

# Codes of the sentences, which the script chooses by the curves it has read.
_CODES = {
    "own": strip.OWN_FAILS,
    "rival": strip.RIVAL_FAILS,
    "never": strip.NEVER,
    "always": strip.ALWAYS,
    "overtakes": strip.OVERTAKES,
    "free": strip.NO_ONE_OFF,
}


def told(
    elements: Elements, lattice: Lattice | None, frames: Sequence[Frame], key: str
) -> Told:
    """Everything but the numbers, as JSON knows it."""
    fields = [[s.start, s.stop] for s in elements.block("fields")]
    return {
        "key": key,
        "size": int(elements.first.size),
        "options": len(elements.results.options),
        "fields": dict(zip(FIELDS, fields, strict=True)),
        "spans": {
            block: [[s.start, s.stop] for s in elements.block(block)]
            for block in elements.entries
        },
        "patches": elements.patches,
        "frames": frames,
        "codes": _CODES,
        "views": [*(view.name for view in elements.views), "evidence"],
        "layouts": layouts(elements),
        **_grid(lattice),
    }


def _grid(lattice: Lattice | None) -> Told:
    """Axes and runs of a lattice."""
    if lattice is None:
        return {"axes": [], "runs": []}
    runs = ("axes", "forms", "form", "nearest", "columns")
    axes = ("name", "nodes", "log", "now")
    return {
        "axes": [{n: getattr(axis, n) for n in axes} for axis in lattice.axes],
        "runs": [{n: getattr(run, n) for n in runs} for run in lattice.runs],
    }


def blob(elements: Elements, lattice: Lattice | None) -> str:
    """Numbers of the export and of the runs: float32, deflated, base64."""
    tables = [run.table.ravel() for run in lattice.runs] if lattice else []
    numbers = np.concatenate([elements.first.astype(np.float32), *tables])
    raw = numbers.astype("<f4").tobytes()
    return base64.b64encode(zlib.compress(raw, 9)).decode()


def layouts(elements: Elements) -> dict[str, Told]:
    """Where each array of a buffer goes, by tab: as the page is told."""
    scenario, results = elements.scenario, elements.results
    answers = elements.entries["strip"]
    common = {
        "title": scenario.title,
        "options": [{"label": label} for label in results.labels],
    }
    empty: Told = {"axes": {}, "figures": {}, "entries": answers}
    found = {"evidence": {**common, **empty}}
    for view in elements.views:
        found[view.name] = {
            **common,
            "axes": view.axes(scenario, results),
            "figures": view.captions(results),
            "entries": [*answers, *elements.entries[view.name]],
        }
    return found
