"""The layout that serves best: all looked at roughly, the few that it may be exactly.

Those that a rough look leaves are solved as if alone, so that answers are those of
solving all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cached_property
from itertools import pairwise

import numpy as np

from breakeven.models.base import Array
from breakeven.models.draw_axis import Places, common_shape, replaced, some_of
from breakeven.models.limits import Batch
from breakeven.models.parallel import ServingLayout
from breakeven.models.passes import StepTerms, StepTime
from breakeven.models.rough_look import looked_at, output_rate
from breakeven.models.steady import (
    Demand,
    Replica,
    Serving,
    bounded,
    context,
    outcome,
)

_MANY = 256  # draws from which a rough look is worth its own time


def best_state(replica: Replica, demand: Demand) -> Serving:
    """Steady state of the layout of highest output, on the leading axis. [mixed].

    Where none works, of the one that fails last: a limit of the SLO rather than memory.
    All but its output is found for the chosen layout alone.

    Parameters
    ----------
    replica
        Model, chip, software and layouts, these on a leading axis. [mixed]
    demand
        Requests and limits. [mixed]

    References
    ----------
    G.-I. Yu et al., "Orca," OSDI 2022; A. Agrawal et al., "Sarathi-Serve," 2024,
    arXiv:2403.02310.
    """
    chips = replica.layout.chips  # an axis of layouts, then those of the draws
    if np.ndim(chips) == 2 and np.size(chips) > 1:
        *_, count = common_shape(replica, demand)
        if count >= _MANY:
            return _best_of_few(replica, demand, count)
    return best_of_all(replica, demand)


def best_of_all(replica: Replica, demand: Demand) -> Serving:
    """The same, every layout solved. [mixed].

    Parameters
    ----------
    replica, demand
        As :func:`best_state`. [mixed]

    References
    ----------
    As :func:`best_state`.
    """
    prompt = replica.prompt(demand.input_length, demand.cached_fraction)
    terms = replica.step(context(demand))
    bounds = bounded(replica, demand, prompt.total, terms)
    score = _score(replica, demand, bounds, prompt.total, terms)
    chosen = np.argmax(score, axis=0)[None]

    def pick(value: Array) -> Array:
        whole = np.broadcast_to(value, score.shape)
        return np.take_along_axis(whole, chosen, axis=0)[0]

    layout = ServingLayout(
        pick(replica.layout.chips), pick(replica.layout.data_attention)
    )
    one = replace(replica, layout=layout)
    prompt = one.prompt(demand.input_length, demand.cached_fraction)
    mine = Batch(*(pick(getattr(bounds, f.name)) for f in fields(Batch)))
    return outcome(one, demand, mine, prompt, one.step(context(demand)))


def _score(
    replica: Replica, demand: Demand, bounds: Batch, prompt: Array, terms: StepTerms
) -> Array:
    """Output per chip; below zero where there is none, least for want of memory."""
    rate = output_rate(replica, demand, bounds.batch, prompt, terms)
    works = (bounds.batch >= 1.0) & np.isfinite(rate)
    if works.all():
        return rate
    return np.where(works, rate, -1.0 / bounds.tightest())


def _best_of_few(replica: Replica, demand: Demand, count: int) -> Serving:
    """The best of the layouts that a rough look leaves: the likeliest, then rivals."""
    may, likely = looked_at(replica, demand, count)
    best = _solved(replica, demand, likely)
    may[likely, np.arange(count)] = False
    layout, draws = np.divmod(np.flatnonzero(may), count)
    if draws.size:
        some, asked = some_of((replica, demand), draws, count)
        rivals = _solved(some, asked, layout)
        moved, places = _overtaken(best.score, likely, rivals.score, layout, draws)
        best = best.overtaken(moved, rivals, places)
    return best.outcome()


def _overtaken(
    score: Array, likely: Places, rival: Array, layout: Places, draws: Places
) -> tuple[Places, Places]:
    """Draws in which a rival is better, and its place among them.

    Of equals the first layout is taken, as if all had been solved.
    """
    most, chosen = score.copy(), likely.copy()
    places = np.full(score.size, -1)
    ends = np.searchsorted(layout, np.arange(layout[-1] + 2))  # they are in order
    for one, (start, end) in enumerate(pairwise(ends)):
        here, mine, before = draws[start:end], rival[start:end], most[draws[start:end]]
        better = (mine > before) | ((mine == before) & (one < chosen[here]))
        here = here[better]
        most[here], chosen[here] = mine[better], one
        places[here] = start + np.flatnonzero(better)
    moved = np.flatnonzero(places >= 0)
    return moved, places[moved]


@dataclass(frozen=True)
class _Solved:
    """One layout for each draw, its batch found."""

    replica: Replica
    demand: Demand
    bounds: Batch
    prompt: StepTime
    terms: StepTerms

    @cached_property
    def score(self) -> Array:
        """What it delivers, for comparison."""
        return _score(
            self.replica, self.demand, self.bounds, self.prompt.total, self.terms
        )

    def outcome(self) -> Serving:
        """Steady state."""
        return outcome(self.replica, self.demand, self.bounds, self.prompt, self.terms)

    def overtaken(self, draws: Places, rivals: _Solved, places: Places) -> _Solved:
        """The same with the layouts of rivals in some draws."""
        own, new = (
            (each.replica.layout, each.bounds, each.prompt, each.terms)
            for each in (self, rivals)
        )
        count = self.score.size
        layout, *solved = replaced(own, draws, new, places, count)
        return _Solved(replace(self.replica, layout=layout), self.demand, *solved)


def _solved(replica: Replica, demand: Demand, layout: Places) -> _Solved:
    """One layout for each draw, solved."""
    chips, apart = (np.ravel(value) for value in vars(replica.layout).values())
    one = replace(replica, layout=ServingLayout(chips[layout], apart[layout]))
    prompt = one.prompt(demand.input_length, demand.cached_fraction)
    terms = one.step(context(demand))
    bounds = bounded(one, demand, prompt.total, terms)
    return _Solved(one, demand, bounds, prompt, terms)
