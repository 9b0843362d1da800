"""Draws of the uncertain inputs, and what they make of every answer: bands and odds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from breakeven.models import chunks
from breakeven.models.bands import SEED, Spread, summary
from breakeven.models.base import Array
from breakeven.models.ranges import (
    Distributions,
    distributions,
    influence,
    vocabulary,
)
from breakeven.models.results import Curves, Results
from breakeven.models.sampling import (
    Correlations,
    correlated,
    correlation_matrix,
    scores,
)

if TYPE_CHECKING:
    from breakeven.models.scenario import Scenario

__all__ = ["Spread", "draws", "evaluated", "paired", "spread", "summary", "valued"]

Progress = Callable[[int, int], None]

_BLOCK = 16_384  # draws between two reports of progress


def draws(
    scenario: Scenario,
    count: int = 2000,
    seed: int = SEED,
    *,
    correlations: Correlations | None = None,
    given: Distributions | None = None,
    idle: bool = False,
    uncertain: Distributions | None = None,
    studies: Iterable[str] = (),
) -> dict[str, Array]:
    """Draws of every uncertain input that plays a part, by dotted name. [mixed].

    In declared units, ready for ``Scenario.evaluate``. Site, finance and workload are
    drawn once and move all options together; the inputs of an option are independent
    of those of another unless ``correlations`` says otherwise. The first draws of a
    longer sample are those of a shorter one.

    Parameters
    ----------
    scenario
        The scenario. [mixed]
    count
        Draws. [1]
    seed
        Of the sequence. [1]
    correlations
        Spearman's rank correlation by pair of dotted names; 0 for the others. [1]
    given
        Distributions in place of those of the ranges, by dotted name. [mixed]
    idle
        Whether to draw inputs that move no result, too (spares finding out). [1]
    uncertain
        Distributions of all uncertain inputs where they are known already. [mixed]
    studies
        Studies whose inputs are drawn as well; asks for ``idle``. [text]

    Raises
    ------
    ValueError
        When count is below 1, a range is wrong or correlations contradict each other.
    KeyError
        When a name is no uncertain input.

    References
    ----------
    Scrambled Sobol' points: models/sampling.py; inverse distributions:
    models/distributions.py.
    """
    if count < 1:
        raise ValueError(f"count = {count} must be at least 1 draw")
    if uncertain is None:
        uncertain = distributions(scenario, given, studies)
    places = vocabulary(scenario, studies)
    normal = scores(len(places), count, seed) if uncertain else np.empty((0, count))
    mine = {name: normal[places[name]] for name in uncertain}
    kept = uncertain if idle else influence(scenario, uncertain)
    return {
        name: value
        for name, value in valued(scenario, uncertain, mine, correlations).items()
        if name in kept
    }


def valued(
    scenario: Scenario,
    uncertain: Distributions,
    normal: Mapping[str, Array],
    correlations: Correlations | None = None,
) -> dict[str, Array]:
    """Values of uncertain inputs at independent normal scores. [mixed].

    Parameters
    ----------
    scenario
        The scenario. [mixed]
    uncertain
        Distributions by dotted name. [mixed]
    normal
        Scores of each of them. [1]
    correlations
        As :func:`draws`. [1]

    Raises
    ------
    ValueError, KeyError
        As :func:`draws`.

    References
    ----------
    As :func:`draws`.
    """
    mine = dict(normal)
    if correlations:
        mine |= _tied(scenario, mine, correlations)
    return {name: uncertain[name].at(mine[name]) for name in uncertain}


def paired(
    scenario: Scenario,
    names: Mapping[str, float],
    uncertain: Distributions | None = None,
) -> dict[tuple[str, str], float]:
    """Correlations between the same inputs of all options, for :func:`draws`. [1].

    ``{"utilisation": 0.8}`` says that a fleet that is busier than thought would be so
    whatever its chips are.

    Parameters
    ----------
    scenario
        The scenario. [mixed]
    names
        Rank correlation by the name of the input within an option, such as
        ``utilisation`` or ``chip.server_cost``; pairs without ranges are left out. [1]
    uncertain
        As :func:`draws`. [mixed]

    Raises
    ------
    KeyError
        When options have no input of that name.

    References
    ----------
    Own definition.
    """
    if uncertain is None:
        uncertain = distributions(scenario)
    return {
        (first, second): value
        for name, value in names.items()
        for first, second in combinations(
            [scenario.resolve(f"{key}.{name}") for key in scenario.options], 2
        )
        if first in uncertain and second in uncertain
    }


def _tied(
    scenario: Scenario, mine: dict[str, Array], correlations: Correlations
) -> dict[str, Array]:
    """Scores of the inputs that are correlated."""
    pairs = {
        (scenario.resolve(first), scenario.resolve(second)): value
        for (first, second), value in correlations.items()
    }
    correlation_matrix(list(mine), pairs)
    named = {name for pair in pairs for name in pair}
    names = [name for name in mine if name in named]
    tied = correlated(
        np.stack([mine[name] for name in names]), correlation_matrix(names, pairs)
    )
    return dict(zip(names, tied, strict=True))


def spread(
    scenario: Scenario,
    count: int = 2000,
    seed: int = SEED,
    *,
    correlations: Correlations | None = None,
    given: Distributions | None = None,
    curves: Curves = True,
    progress: Progress | None = None,
) -> Spread:
    """Bands and odds of every answer under the ranges of the inputs. [mixed].

    Parameters
    ----------
    scenario
        The scenario. [mixed]
    count
        Draws; 2,000 place P10 and P90 within a percentile or so. [1]
    seed
        Of the draws. [1]
    correlations
        As :func:`draws`. [1]
    given
        As :func:`draws`. [mixed]
    curves
        Whether to keep what goes by month and by volume. [1]
    progress
        Called with the draws done and asked for; what it raises ends the work. [mixed]

    Raises
    ------
    ValueError, KeyError
        As :func:`draws`.

    References
    ----------
    The equations of ``Scenario.evaluate``, unchanged.
    """
    sample = draws(
        scenario, count, seed, correlations=correlations, given=given, idle=True
    )
    return summary(evaluated(scenario, sample, curves, progress), seed)


def evaluated(
    scenario: Scenario,
    sample: Mapping[str, Array],
    curves: Curves = True,
    progress: Progress | None = None,
    studies: Iterable[str] = (),
) -> Results:
    """Results of a sample, one axis of draws, piece by piece. [mixed].

    Parameters
    ----------
    scenario
        The scenario. [mixed]
    sample
        Draws by dotted name; without any there is one draw, the scenario. [mixed]
    curves
        Whether to keep what goes by month and by volume. [1]
    progress
        Called with the draws done and asked for. [mixed]
    studies
        Studies whose outputs are wanted. [text]

    References
    ----------
    ``Scenario.evaluate``.
    """
    table: dict[str, Array] = dict(sample)
    if not table:
        table = {"finance.life": np.array([scenario.finance.life])}
    total, asked = len(next(iter(table.values()))), tuple(studies)
    parts, done = [], 0
    for piece in chunks.pieces(table, _BLOCK, 1):
        parts.append(scenario.evaluate(piece, curves=curves, studies=asked))
        done += parts[-1].cost_per_token.shape[1]
        if progress:
            progress(done, total)
    return chunks.joined(parts)
