"""Prediction of benchmark rows from a stored calibration, with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from breakeven.explorer.fitting import (
    INTERVAL,
    gathered,
    in_base_units,
    kind_of,
    scale,
)
from breakeven.models import calibration
from breakeven.models.calibration import Effect
from breakeven.models.case_rates import Known
from breakeven.presets import calibrated as stored
from breakeven.presets.calibrated import EffectRow

_NOTES = {
    "twin": "",
    "known": "",
    "chip": "no measurement of this chip: borrowed from its class",
    "software": "no measurement of this software: borrowed from all",
}


@dataclass(frozen=True)
class Prediction:
    """What is said of one row; NaN with a note where nothing can be said."""

    name: str
    predicted: float
    low: float
    high: float
    limited_by: str
    note: str


def novelty_of(row: Known, effects: Sequence[Effect]) -> str:
    """What a row brings that the calibration has not seen."""
    seen = {(e.grouping, e.label) for e in effects if e.quantity != INTERVAL}
    if ("software", row.software) not in seen:
        return "software"
    if ("chip", row.case.chip) not in seen:
        return "chip"
    name = f"{row.case.chip}/{row.case.model}/{row.software}"
    return "twin" if ("cluster", name) in seen else "known"


def predictions(
    rows: Sequence[Known], effects: Mapping[str, Sequence[EffectRow]] | None = None
) -> list[Prediction]:
    """Rate, interval, limit and note of every row, in the order given."""
    result: list[Prediction | None] = [None] * len(rows)
    for kind in stored.KINDS:
        index = [i for i, row in enumerate(rows) if kind_of(row) == kind]
        if not index:
            continue
        table = effects[kind] if effects else stored.effects(kind)
        mine = [rows[i] for i in index]
        for i, found in zip(index, _predicted(kind, mine, table), strict=True):
            result[i] = found
    return [found for found in result if found is not None]


def _predicted(
    kind: str, rows: Sequence[Known], table: Sequence[EffectRow]
) -> list[Prediction]:
    effects = in_base_units(table)
    widths = {(e.grouping, e.label): e.high for e in effects if e.quantity == INTERVAL}
    widest = max(widths.values(), default=np.nan)
    fitted = [e for e in effects if e.quantity != INTERVAL]
    cases = gathered(kind, rows)
    quantities = calibration.applied(fitted, cases.labels)
    rates, limits = np.exp(cases.rates(quantities)), cases.limits(quantities)
    result = []
    for row, rate, limit in zip(rows, rates, limits, strict=True):
        novelty = novelty_of(row, effects)
        width = widths.get((row.case.phase, novelty), widest)
        found = Prediction(
            row.case.name, rate * scale(row), np.nan, np.nan, limit, _note(row, novelty)
        )
        if np.isfinite(rate):
            low, high = found.predicted / width, found.predicted * width
            found = replace(found, low=low, high=high)
        else:
            found = replace(found, note="does not fit: weights exceed the memory")
        result.append(found)
    return result


def _note(row: Known, novelty: str) -> str:
    """What was borrowed or assumed for a row, in words."""
    said = [_NOTES[novelty]] if _NOTES[novelty] else []
    if not row.case.software:
        said.append(f"software not given: taken as {row.software}")
    return "; ".join(said)
