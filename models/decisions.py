"""What choosing under uncertainty costs, and what it is worth to know an input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from breakeven.models.bands import quantiles
from breakeven.models.base import Array
from breakeven.models.results import Results


@dataclass(frozen=True)
class Regret:
    """Cost of choosing each option, over the draws in which all of them work.

    Costs and regrets are levelised, in USD per unit of work; the regret of a draw is
    what the option costs beyond the cheapest one of that draw. ``choice`` has the
    lowest expected cost, which is also the lowest expected regret; ``safest`` the
    lowest P90 of regret.
    """

    options: tuple[str, ...]
    cost: Array
    regret: Array
    regret_high: Array
    regret_worst: Array
    cheapest: Array
    choice: str
    safest: str
    undefined: float


@dataclass(frozen=True)
class Information:
    """Worth of knowing an input exactly before choosing, the largest first.

    ``value`` is the expected saving in USD per unit of work, ``share`` the same over
    the expected cost of the choice that is made without knowing; ``perfect`` is the
    saving if everything were known.
    """

    names: tuple[str, ...]
    value: Array
    share: Array
    perfect: float
    choice: str
    undefined: float


def regret_table(results: Results) -> Regret:
    """Expected cost and regret of each option over a sample. [mixed].

    Parameters
    ----------
    results
        Results with one axis of draws. [mixed]

    References
    ----------
    L. J. Savage, "The theory of statistical decision," J. Am. Stat. Assoc. 46(253),
    1951, doi:10.1080/01621459.1951.10500768.
    """
    cost, undefined = _comparable(results)
    regret = cost - cost.min(axis=0)
    mean, high = cost.mean(axis=1), quantiles(regret)[2]
    best = regret == 0.0
    return Regret(
        options=results.options,
        cost=mean,
        regret=regret.mean(axis=1),
        regret_high=high,
        regret_worst=regret.max(axis=1),
        cheapest=(best / best.sum(axis=0)).mean(axis=1),
        choice=results.options[int(mean.argmin())],
        safest=results.options[int(high.argmin())],
        undefined=undefined,
    )


def information_values(
    sample: Mapping[str, Array], results: Results, bins: int = 0
) -> Information:
    """Expected value of knowing each input exactly, before choosing. [mixed].

    ``min_o E[c_o] - E_x[min_o E[c_o | x]]``. The inner expectation is the mean in bins
    of the input; the option is chosen by one half of the draws and paid for in the
    other, so that chance is not taken for knowledge.

    Parameters
    ----------
    sample
        Draws by dotted name. [mixed]
    results
        Their results, one axis of draws. [mixed]
    bins
        Bins of equal count; the cube root of the draws by default. [1]

    Raises
    ------
    ValueError
        When fewer than eight draws have all options at work.

    References
    ----------
    R. A. Howard, "Information value theory," IEEE Trans. Syst. Sci. Cybern. 2(1), 1966,
    doi:10.1109/TSSC.1966.300074; M. Strong and J. E. Oakley, "An efficient method for
    computing single-parameter partial expected value of perfect information," Med.
    Decis. Making 33(6), 2013, doi:10.1177/0272989X12465123.
    """
    cost, undefined = _comparable(results)
    known = np.isfinite(results.cost_per_token).all(axis=0)
    count = cost.shape[1]
    if count < 8:
        raise ValueError(f"{count} draws have all options at work: at least 8 needed")
    bins = min(bins or max(2, round(count ** (1.0 / 3.0))), count // 4)
    worth = [_partial(cost, draws[known], bins) for draws in sample.values()]
    value = np.maximum(np.asarray(worth), 0.0)
    mean = cost.mean(axis=1)
    order = np.argsort(-value, kind="stable")
    names = tuple(sample)
    return Information(
        names=tuple(names[i] for i in order),
        value=value[order],
        share=value[order] / mean.min(),
        perfect=float(mean.min() - cost.min(axis=0).mean()),
        choice=results.options[int(mean.argmin())],
        undefined=undefined,
    )


def _comparable(results: Results) -> tuple[Array, float]:
    """Costs of the draws in which every option works, and the share of the others."""
    cost = results.cost_per_token
    known = np.isfinite(cost).all(axis=0)
    return cost[:, known], float(np.count_nonzero(~known) / known.size)


def _partial(cost: Array, draws: Array, bins: int) -> float:
    """Saving from choosing bin by bin, each half of the draws judged by the other."""
    order = np.argsort(draws, kind="stable")
    ordered = cost[:, order[: order.size - order.size % (2 * bins)]]
    # Neighbours in the order go to different halves.
    halves = ordered.reshape(len(cost), bins, -1, 2).mean(axis=2)
    gain = 0.0
    for judge, payer in ((0, 1), (1, 0)):
        chosen = halves[..., judge].argmin(axis=0)
        blind = halves[..., judge].mean(axis=1).argmin()
        paid = np.take_along_axis(halves[..., payer], chosen[None], axis=0)
        gain += float(halves[blind, :, payer].mean() - paid.mean()) / 2.0
    return gain
