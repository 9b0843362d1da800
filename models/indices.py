"""Shares of an answer's variance that go with each input: Sobol' indices.

The first-order index is what knowing one input would take off the variance; the total
index is what would be left if all others were known. Their difference is interaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

from breakeven.models.answers import answer as answer_of
from breakeven.models.answers import answered
from breakeven.models.bands import SEED
from breakeven.models.base import Array
from breakeven.models.ranges import Distributions, distributions, influence
from breakeven.models.results import Curves
from breakeven.models.sampling import Correlations, sobol_points
from breakeven.models.uncertainty import Progress, valued

if TYPE_CHECKING:
    from breakeven.models.scenario import Scenario

CONFIDENCE = 0.9
TOGETHER = " & "
_RESAMPLES = 200
_BLOCK = 16_384  # answers evaluated together


@dataclass(frozen=True)
class Indices:
    """First-order and total indices by input, the largest total first.

    ``low`` and ``high`` bound an interval of confidence by bootstrap; ``undefined`` is
    the share of points where the answer does not exist, which are left out.
    """

    answer: str
    option: str
    names: tuple[str, ...]
    first: Array
    total: Array
    first_low: Array
    first_high: Array
    total_low: Array
    total_high: Array
    variance: float
    undefined: float
    evaluations: int

    def drivers(self) -> dict[str, float]:
        """Total index by input, the largest first. [1]."""
        return dict(zip(self.names, self.total.tolist(), strict=True))


def sobol_indices(
    scenario: Scenario,
    count: int = 1024,
    seed: int = SEED,
    answer: str = "log_ratio",
    option: str = "",
    *,
    given: Distributions | None = None,
    correlations: Correlations | None = None,
    progress: Progress | None = None,
) -> Indices:
    """First-order and total Sobol' indices of an answer by input. [mixed].

    Inputs that are correlated are one factor, whose name is theirs joined by
    :data:`TOGETHER`: what each of them does alone has no meaning. Takes ``count`` times
    the number of factors that play a part, plus two, evaluations; throughput is solved
    again only for the options and inputs that it hangs on.

    Parameters
    ----------
    scenario
        The scenario. [mixed]
    count
        Base points. [1]
    seed
        Of the points. [1]
    answer
        Name of the answer, of models/answers.py. [text]
    option
        Key of the option; the first one by default. [text]
    given
        Distributions in place of those of the ranges, by dotted name. [mixed]
    correlations
        Spearman's rank correlation by pair of dotted names; 0 for the others. [1]
    progress
        Called with the evaluations done and in all; what it raises ends the work.
        [mixed]

    Raises
    ------
    KeyError, ValueError
        As :func:`breakeven.models.uncertainty.draws`.

    References
    ----------
    A. Saltelli et al., "Variance based sensitivity analysis of model output," Comput.
    Phys. Commun. 181(2), 2010, doi:10.1016/j.cpc.2009.09.018.
    """
    answer_of(answer)
    if count < 1:
        raise ValueError(f"count = {count} must be at least 1 point")
    option = option or next(iter(scenario.options))
    uncertain = distributions(scenario, given)
    moved = influence(scenario, uncertain)
    names = list(moved)
    mine = {name: uncertain[name] for name in names}
    pairs = {p: r for p, r in (correlations or {}).items() if set(p) <= mine.keys()}
    points = ndtri(sobol_points(2 * len(names), count, seed)).T
    own, other = (
        valued(scenario, mine, dict(zip(names, half, strict=True)), pairs)
        for half in (points[: len(names)], points[len(names) :])
    )
    factors = _factors(names, pairs)
    every = _Evaluator(scenario, answer, option, count * (len(factors) + 2), progress)
    base, far = every.values({n: np.c_[own[n], other[n]] for n in names}).T
    physics = [frozenset().union(*(moved[name] for name in f)) for f in factors]
    mixed = _mixed(every, own, other, factors, physics)
    said = [TOGETHER.join(factor) for factor in factors]
    return _ranked(answer, option, said, base, far, mixed)


def _mixed(
    every: _Evaluator,
    own: dict[str, Array],
    other: dict[str, Array],
    factors: list[tuple[str, ...]],
    physics: list[frozenset[str]],
) -> Array:
    """Answers at the first points with one factor of the second; factor first.

    Blocks of factors that move the physics of the same options: the others' throughput
    has one column only, and is solved once for the whole block.
    """
    found: dict[int, Array] = {}
    for same in dict.fromkeys(physics):
        rows = [place for place, moves in enumerate(physics) if moves == same]
        table = {name: values[:, None] for name, values in own.items()}
        for place, row in enumerate(rows):
            for name in factors[row]:
                if table[name].shape[1] == 1:
                    table[name] = np.repeat(own[name][:, None], len(rows), axis=1)
                table[name][:, place] = other[name]
        found |= dict(zip(rows, every.values(table).T, strict=True))
    return np.stack([found[row] for row in range(len(factors))])


def _factors(names: list[str], pairs: Correlations) -> list[tuple[str, ...]]:
    """Inputs that are drawn on their own, and sets of those that move together."""
    found = {name: frozenset((name,)) for name in names}
    for first, second in pairs:
        both = found[first] | found[second]
        found |= dict.fromkeys(both, both)
    return [tuple(n for n in names if n in f) for f in dict.fromkeys(found.values())]


def first_and_total(
    base: Array, far: Array, mixed: Array, weights: Array | None = None
) -> tuple[Array, Array]:
    """First-order and total indices from an answer on Saltelli's design. [1, 1].

    ``first = mean(f_B (f_ABi - f_A)) / V`` and
    ``total = mean((f_A - f_ABi)^2) / 2 V``; points without a finite answer are left out
    pair by pair.

    Parameters
    ----------
    base
        Answer at the points A. [any unit]
    far
        Answer at the points B. [any unit]
    mixed
        Answer at A with input i from B; input first. [any unit]
    weights
        Weight of each point, resamples first; 1 by default. [1]

    References
    ----------
    A. Saltelli et al., 2010, doi:10.1016/j.cpc.2009.09.018, table 2, (b) and (f).
    """
    if weights is None:
        weights = np.ones((1, base.size))
    good = np.isfinite(base) & np.isfinite(far) & np.isfinite(mixed)
    both = np.isfinite(base) & np.isfinite(far)
    known = np.concatenate((base[both], far[both]))
    centre = known.mean() if known.size else 0.0
    a, b = np.where(both, base - centre, 0.0), np.where(both, far - centre, 0.0)
    ab = np.where(good, mixed - centre, 0.0)
    mass = weights @ both
    mean = weights @ (a + b) / (2.0 * mass)
    variance = (weights @ (a**2 + b**2) / (2.0 * mass) - mean**2)[:, None]
    pairs = weights @ good.T
    gain = weights @ np.where(good, b * (ab - a), 0.0).T
    gap = weights @ np.where(good, (a - ab) ** 2, 0.0).T
    with np.errstate(invalid="ignore", divide="ignore"):
        return gain / pairs / variance, gap / pairs / variance / 2.0


def correlation_ratios(
    sample: Mapping[str, Array], values: Array, bins: int = 0
) -> dict[str, float]:
    """First-order indices from any sample, the largest first. [1].

    Share of the variance that lies between bins of an input, less what chance alone
    puts there. Rougher than :func:`sobol_indices`, but nothing more is evaluated.

    Parameters
    ----------
    sample
        Draws by dotted name. [mixed]
    values
        Answer of each draw. [any unit]
    bins
        Bins of equal count; the cube root of the draws by default. [1]

    References
    ----------
    T. L. Kelley, "An unbiased correlation ratio measure," PNAS 21(9), 1935,
    doi:10.1073/pnas.21.9.554.
    """
    known = np.isfinite(values)
    y = values[known]
    bins = bins or max(2, round(y.size ** (1.0 / 3.0)))
    found = {}
    for name, draws in sample.items():
        order = np.argsort(draws[known], kind="stable")
        parts = np.array_split(y[order], bins)
        within = sum(float(((part - part.mean()) ** 2).sum()) for part in parts)
        whole = float(((y - y.mean()) ** 2).sum())
        left = within / (y.size - bins) * (y.size - 1) / whole if whole > 0.0 else 1.0
        found[name] = max(0.0, 1.0 - left)
    return dict(sorted(found.items(), key=lambda item: -item[1]))


@dataclass
class _Evaluator:
    """Answers of tables of draws, in pieces that report how far they are."""

    scenario: Scenario
    answer: str
    option: str
    total: int
    progress: Progress | None
    done: int = 0

    def values(self, table: Mapping[str, Array]) -> Array:
        shape = np.broadcast_shapes(*(array.shape for array in table.values()))
        rows = max(64, _BLOCK // shape[1])
        kept: Curves = False if self.answer == "breakeven_month" else "cost"
        parts = []
        for start in range(0, shape[0], rows):
            piece = {n: array[start : start + rows] for n, array in table.items()}
            results = self.scenario.evaluate(piece, curves=kept)
            parts.append(answered(results, self.answer, self.option))
            self.done += parts[-1].size
            if self.progress:
                self.progress(self.done, self.total)
        return np.concatenate(parts)


def _ranked(
    answer: str, option: str, names: list[str], base: Array, far: Array, mixed: Array
) -> Indices:
    """Indices with their intervals, the largest total first."""
    first, total = (part[0] for part in first_and_total(base, far, mixed))
    drawn = np.random.default_rng(SEED).multinomial(
        base.size, np.full(base.size, 1.0 / base.size), _RESAMPLES
    )
    resampled = first_and_total(base, far, mixed, drawn.astype(float))
    tails = ((1.0 - CONFIDENCE) / 2.0, (1.0 + CONFIDENCE) / 2.0)
    (first_low, first_high), (total_low, total_high) = (
        np.quantile(part, tails, axis=0) for part in resampled
    )
    order = np.argsort(-total, kind="stable")
    every = np.concatenate((base, far, mixed.ravel()))
    return Indices(
        answer=answer,
        option=option,
        names=tuple(names[i] for i in order),
        first=first[order],
        total=total[order],
        first_low=first_low[order],
        first_high=first_high[order],
        total_low=total_low[order],
        total_high=total_high[order],
        variance=float(np.nanvar(np.concatenate((base, far)))),
        undefined=float(np.mean(~np.isfinite(every))),
        evaluations=every.size,
    )
