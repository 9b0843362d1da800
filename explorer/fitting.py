"""Calibration on benchmark rows: models and presets joined.

One path for the command line, the tests and the page: :func:`measured_rows` reads and
:func:`calibrated` fits; :mod:`breakeven.explorer.predicting` applies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from breakeven.explorer.cases import Refused, known, read
from breakeven.models import calibration, llm, units
from breakeven.models.base import Array
from breakeven.models.calibration import Effect, Prior, Problem
from breakeven.models.case_rates import Known, ServingCases
from breakeven.models.cases import TRAINING_PHASES
from breakeven.models.machine import Stack
from breakeven.models.training_cases import TrainingCases
from breakeven.presets import calibrated as stored
from breakeven.presets.calibrated import EffectRow

ERRORS = {"serving": 0.12, "training": 0.08}  # scale of the error, natural log
INTERVAL = "interval"  # quantity under which half-widths are stored
UNFITTED = ("frontier",)  # phases whose operating point is not in the row
NOVELTIES = ("twin", "known", "chip", "software")
COVERAGE = 0.82  # of the cross-validated errors, for an interval said to hold 80 %
_POOL = 15.0  # rows of all phases that join those of one phase in its half-width
_FOLDS = {"twin": 8, "known": 20, "chip": 14, "software": 12}
_NARROWEST = 1e-3  # log spread below which nothing is known
_ROUNDS = 5  # weightings of a fit with rows left out; more change nothing that counts
Progress = Callable[[float], None]


@dataclass(frozen=True)
class Measured:
    """A row with its measured rate: tokens per second and chip."""

    known: Known
    rate: float
    source: str
    title: str = ""


def kind_of(row: Known) -> str:
    """Which of the two models a row belongs to."""
    return "training" if row.case.phase in TRAINING_PHASES else "serving"


def measured_rows(
    path: Path, columns: Mapping[str, str] | None = None
) -> tuple[list[Measured], list[Refused]]:
    """Rows with their measured rates, and those that cannot be used.

    Rates printed as model TFLOP/s are turned into tokens by the arithmetic of the
    model with non-causal scores, as their source counts them; total tokens are turned
    into output tokens.
    """
    good, bad = [], []
    for line, row in read(path, columns):
        found = known(line, row)
        if isinstance(found, Refused):
            bad.append(found)
            continue
        try:
            rate = float(row.get("measured") or "")
        except ValueError:
            said = f"line {line}: measured = {row.get('measured')!r} is not a number"
            bad.append(Refused(found.case.name, said))
            continue
        if not (np.isfinite(rate) and rate > 0):
            said = f"line {line}: measured = {rate:g} must be a positive number"
            bad.append(Refused(found.case.name, said))
            continue
        source, title = row.get("url") or "", row.get("source_title") or ""
        good.append(Measured(found, _tokens(found, rate, row), source, title))
    return good, bad


def _tokens(row: Known, rate: float, cells: Mapping[str, str]) -> float:
    unit, printed = cells.get("reported_unit") or "", cells.get("reported_value") or ""
    if unit.startswith("TFLOP/s") and printed and float(printed) == rate:
        model = llm.arithmetic(row.shape)
        scores = 6.0 * model.score_width * row.input_length
        return float(rate * 1e12 / (6.0 * model.active_weights + scores))
    return rate / scale(row)


def scale(row: Known) -> float:
    """Tokens counted per output token; above 1 when prompts are counted too."""
    if row.case.quantity != "total_tokens":
        return 1.0
    return (row.input_length + row.output_length) / row.output_length


def gathered(kind: str, rows: Sequence[Known]) -> ServingCases | TrainingCases:
    """Rows of one kind as the arrays their model works on."""
    return TrainingCases(rows) if kind == "training" else ServingCases(rows)


def priors(kind: str) -> list[Prior]:
    """Assumptions of one kind in base units."""
    result = []
    for row in stored.priors(kind):
        factor = 1.0 if row.grouping else unit_size(row.quantity)
        prior = Prior(row.quantity, row.grouping, row.centre * factor, row.spread)
        result.append(prior)
    return result


def unit_of(quantity: str) -> str:
    """Unit in which a calibrated quantity is stored."""
    return Stack.unit(quantity) if quantity in Stack.quantities() else "1"


def unit_size(quantity: str) -> float:
    """Size of that unit in base units."""
    return units.factor(unit_of(quantity))


def problem(kind: str, rows: Sequence[Measured]) -> tuple[Problem, Array]:
    """Least squares of rows of one kind, and which of them the model can run."""
    cases = gathered(kind, [row.known for row in rows])
    logs = np.log([row.rate for row in rows])
    made = Problem(cases, logs, priors(kind), ERRORS[kind])
    return made, np.isfinite(made.predicted(made.design.centre))


def groups(kind: str) -> dict[str, Callable[[Known], object]]:
    """What is left out together, by what a prediction may be new to."""
    return {
        "twin": lambda row: row.case.name,
        "known": lambda row: (row.software, row.case.model, row.case.chip),
        "chip": lambda row: row.case.chip,
        "software": lambda row: row.software,
    }


def folds(keys: Sequence[object], count: int) -> Array:
    """Fold of each row: groups are dealt out in a fixed shuffled order."""
    members = sorted({str(key) for key in keys})
    order = np.random.default_rng(7).permutation(len(members))
    fold = {members[j]: i % count for i, j in enumerate(order)}
    return np.array([fold[str(key)] for key in keys])


def left_out_errors(
    made: Problem,
    usable: Array,
    fold: Array,
    progress: Progress | None = None,
) -> Array:
    """Log of predicted over measured of each row, fitted without its own fold.

    Every fit starts from the priors: a start from the fit to all rows would leak.
    """
    errors = np.full(usable.size, np.nan)
    numbers = np.unique(fold)
    for done, number in enumerate(numbers):
        test = fold == number
        found = made.fit(usable & ~test, rounds=_ROUNDS)
        errors[test] = (made.predicted(found) - made.logs)[test]
        if progress:
            progress((done + 1) / numbers.size)
    return errors


def calibrated(
    kind: str, rows: Sequence[Measured], date: str, progress: Progress | None = None
) -> list[EffectRow]:
    """Effects and half-widths fitted to rows of one kind, as they are stored."""
    spare = [row for row in rows if row.known.case.phase in UNFITTED]
    rows = [row for row in rows if row.known.case.phase not in UNFITTED]
    made, usable = problem(kind, rows)
    best = made.fit(usable)
    effects = made.effects(best)
    result = [_stored(kind, effect, date) for effect in effects]
    result += _spare_widths(kind, spare, effects, date)
    phases = np.array([row.known.case.phase for row in rows])
    for i, novelty in enumerate(NOVELTIES):
        key = groups(kind)[novelty]
        fold = folds([key(row.known) for row in rows], _FOLDS[novelty])

        def report(share: float, i: int = i) -> None:
            if progress:
                progress((i + share) / len(NOVELTIES))

        errors = np.abs(left_out_errors(made, usable, fold, report))
        result += half_widths(kind, novelty, phases[usable], errors[usable], date)
    return result


def updated(
    kind: str, rows: Sequence[Measured], table: Sequence[EffectRow], date: str
) -> list[EffectRow]:
    """A stored calibration that has seen further rows: a second step of Bayes.

    What the calibration says of each base and factor, with its 80 % interval, is the
    prior of the fit to the new rows; their correlations are left out. Groups that it
    has not seen start from the class. Half-widths of predictions are kept.
    """
    rows = [row for row in rows if row.known.case.phase not in UNFITTED]
    made, usable = problem(kind, rows)
    before = {(e.quantity, e.grouping, e.label): e for e in in_base_units(table)}
    for i, column in enumerate(made.design.columns):
        if column in before:
            old = before[column]
            made.design.centre[i] = np.log(old.value)
            width = np.log(old.high / old.low) / 2.0 / calibration.QUANTILE_80
            made.design.spread[i] = max(width, _NARROWEST)
    found = {(r.quantity, r.grouping, r.label): r for r in table}
    for effect in made.effects(made.fit(usable)):
        column = (effect.quantity, effect.grouping, effect.label)
        count = effect.rows + (before[column].rows if column in before else 0)
        found[column] = _stored(kind, replace(effect, rows=count), date)
    return list(found.values())


def _spare_widths(
    kind: str, rows: Sequence[Measured], effects: Sequence[Effect], date: str
) -> list[EffectRow]:
    """Half-widths of phases that are predicted but not fitted: their plain errors."""
    if not rows:
        return []
    cases = gathered(kind, [row.known for row in rows])
    said = cases.rates(calibration.applied(effects, cases.labels))
    errors = np.abs(said - np.log([row.rate for row in rows]))
    width = float(np.quantile(errors[np.isfinite(errors)], COVERAGE))
    phases = sorted({row.known.case.phase for row in rows})
    ends = (1.0, np.exp(-width), np.exp(width), len(rows))
    return [
        _stored(kind, Effect(INTERVAL, phase, novelty, *ends), date)
        for phase in phases
        for novelty in NOVELTIES
    ]


def half_widths(
    kind: str, novelty: str, phases: Array, errors: Array, date: str
) -> list[EffectRow]:
    """Half-width of the 80 % interval by phase; small phases lean on all of them."""
    everything = float(np.quantile(errors, COVERAGE))
    result = []
    for phase in sorted(set(phases.tolist())):
        mine = errors[phases == phase]
        own = float(np.quantile(mine, COVERAGE))
        width = (mine.size * own + _POOL * everything) / (mine.size + _POOL)
        low, high = np.exp(-width), np.exp(width)
        effect = Effect(INTERVAL, phase, novelty, 1.0, low, high, mine.size)
        result.append(_stored(kind, effect, date))
    return result


def _stored(kind: str, effect: Effect, date: str) -> EffectRow:
    based = not effect.grouping
    unit = unit_of(effect.quantity) if based else "1"
    size = units.factor(unit)
    return EffectRow(
        kind,
        effect.quantity,
        effect.grouping,
        effect.label,
        effect.value / size,
        effect.low / size,
        effect.high / size,
        unit,
        effect.rows,
        "derived",
        "thr-measured",
        date,
    )


def in_base_units(rows: Iterable[EffectRow]) -> list[Effect]:
    """Effects as the equations take them."""
    result = []
    for row in rows:
        size = units.factor(row.unit)
        numbers = (row.value * size, row.low * size, row.high * size)
        result.append(Effect(row.quantity, row.grouping, row.label, *numbers, row.rows))
    return result
