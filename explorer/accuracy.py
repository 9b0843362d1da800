"""Predicted against measured: the rows for a plot and the table of errors."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from breakeven.explorer.cases import case_chips
from breakeven.explorer.fitting import Measured, measured_rows, scale
from breakeven.explorer.predicting import Prediction, predictions
from breakeven.models.cases import TRAINING_PHASES
from breakeven.models.scenario import Scenario
from breakeven.presets import calibrated


@dataclass(frozen=True)
class Compared:
    """One measured row and what was said of it; rates in tokens/s per chip."""

    name: str
    phase: str
    chip: str
    model: str
    software: str
    measured: float
    predicted: float
    low: float
    high: float
    source: str
    note: str
    title: str = ""

    @property
    def error(self) -> float:
        """Predicted over measured, less one. [1]."""
        return self.predicted / self.measured - 1.0

    @property
    def is_inside(self) -> bool:
        """Whether the interval holds the measurement."""
        return self.low <= self.measured <= self.high


def comparison(rows: Sequence[Measured], found: Sequence[Prediction]) -> list[Compared]:
    """Rows beside their predictions, in the order given."""
    return [
        Compared(
            name=row.known.case.name,
            phase=row.known.case.phase,
            chip=row.known.case.chip,
            model=row.known.case.model,
            software=row.known.case.software or row.known.software,
            measured=row.rate * scale(row.known),
            predicted=one.predicted,
            low=one.low,
            high=one.high,
            source=row.source,
            note=one.note,
            title=row.title,
        )
        for row, one in zip(rows, found, strict=True)
    ]


@cache
def published() -> tuple[Compared, ...]:
    """The published measurements beside what the stored calibration says of them."""
    rows, _ = measured_rows(calibrated.MEASURED)
    return tuple(comparison(rows, predictions([row.known for row in rows])))


def summary(rows: Sequence[Compared]) -> str:
    """Median error and share inside the interval of some rows, in words."""
    good = [row for row in rows if not math.isnan(row.predicted)]
    if not good:
        return "no row can be predicted"
    error = float(np.median(np.abs([row.error for row in good])))
    inside = sum(row.is_inside for row in good)
    count = "1 row" if len(good) == 1 else f"{len(good)} rows"
    return f"{count}, median error {error:.0%}, {inside} inside the 80 % interval"


def option_sentences(
    scenario: Scenario, rows: Sequence[Compared]
) -> list[tuple[str, str]]:
    """Label of each option, and how far its throughput can be trusted."""
    found = []
    for groups in scenario.options.values():
        said = "throughput is not modelled: cores are counted by the hour"
        if scenario.workload.kind != "cpu":
            labels = [n for n, chip in case_chips().items() if chip == groups.chip_name]
            labels.append(groups.chip_name)
            training = scenario.workload.kind == "training"
            mine = [
                row
                for row in rows
                if row.chip in labels and (row.phase in TRAINING_PHASES) == training
            ]
            said = groups.borrowed or summary(mine)
        found.append((groups.option.label, said))
    return found


def table(rows: Sequence[Compared]) -> str:
    """Errors by phase, then by phase and chip, as text."""
    head = f"{'phase':12} {'chip':20} {'rows':>5} {'empty':>5} {'median':>7} "
    head += f"{'p90':>7} {'<25 %':>6} {'inside':>7}"
    lines = [head, "-" * len(head)]
    phases = sorted({row.phase for row in rows})
    lines += [_line(p, "all", [r for r in rows if r.phase == p]) for p in phases]
    lines.append("-" * len(head))
    for phase in phases:
        mine = [row for row in rows if row.phase == phase]
        for chip in sorted({row.chip for row in mine}):
            lines.append(_line(phase, chip, [r for r in mine if r.chip == chip]))
    return "\n".join(lines)


def _line(phase: str, chip: str, rows: Sequence[Compared]) -> str:
    good = [row for row in rows if not math.isnan(row.predicted)]
    start = f"{phase:12} {chip:20} {len(rows):5d} {len(rows) - len(good):5d} "
    if not good:
        return start.rstrip()
    errors = np.abs([row.error for row in good])
    inside = np.mean([row.is_inside for row in good])
    return (
        f"{start}{np.median(errors):7.1%} {np.quantile(errors, 0.9):7.1%} "
        f"{np.mean(errors < 0.25):6.0%} {inside:7.0%}"
    )
