"""The layout that serves best: all looked at roughly, the few that it may be exactly.

Half the digits and two rounds place every layout within a few per cent. What is clearly
behind another layout is left out; the others are solved as if alone, so that answers
are those of solving all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from breakeven.models.base import Array
from breakeven.models.limits import Batch, envelope, weight
from breakeven.models.parallel import ServingLayout
from breakeven.models.passes import StepTerms, StepTime
from breakeven.models.steady import (
    Demand,
    Replica,
    Serving,
    bounded,
    context,
    outcome,
    room,
)

_MANY = 256  # draws from which a rough look is worth its own time
_ROUNDS = 2  # of the rough look; the bounds of the SLO are found from above
_SETTLED = 0.05  # change of the batch in the last round, over it, that can be trusted
_FAR = 2.0  # bound of the TTFT over the batch, below which rounds may go astray
_BEHIND = 0.98  # rough output, over that of the best, from which a layout is left out
_DOUBT = 1.25  # a rough bound on the batch within this factor of 1 decides nothing
_NEAR = 1.001  # the same for bounds that need no rounds

Flags = NDArray[np.bool_]


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
    shape = np.broadcast_shapes(*_shapes(replica), *_shapes(demand))[1:]
    alone = np.size(replica.layout.chips) == 1
    if len(shape) != 1 or shape[0] < _MANY or alone:
        return best_of_all(replica, demand)
    return _best_of_few(replica, demand, shape[0])


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
    replica: Replica, demand: Demand, bounds: Batch, prompt: Array, terms: Any
) -> Array:
    """Output per chip; below zero where there is none, least for want of memory."""
    rate = _rate(replica, demand, bounds.batch, prompt, terms)
    works = (bounds.batch >= 1.0) & np.isfinite(rate)
    if works.all():
        return rate
    return np.where(works, rate, -1.0 / bounds.tightest())


def _rate(
    replica: Replica, demand: Demand, batch: Array, prompt: Array, terms: Any
) -> Array:
    """Output per chip at a batch. [token/s]."""
    cycle = terms.total(batch) / demand.speculation
    cycle = cycle + batch * prompt / demand.output_length
    return batch / cycle / replica.layout.chips * replica.stack["realised_share"]


def _best_of_few(replica: Replica, demand: Demand, count: int) -> Serving:
    """The best of the layouts that a rough look leaves: the likeliest, then rivals."""
    may, likely = _looked_at(replica, demand, count)
    best = _solved(replica, demand, likely)
    every = np.arange(count)
    may[likely, every] = False
    layout, draws = np.nonzero(may)
    if not draws.size:
        return best.outcome()
    score = np.full(may.shape, -np.inf)
    score[likely, every] = best.score
    score[layout, draws] = _solved(*_some(replica, demand, draws, count), layout).score
    chosen = np.argmax(score, axis=0)  # the first of equals, as if all had been solved
    found = best.outcome()
    if (moved := np.flatnonzero(chosen != likely)).size:
        mine = _some(replica, demand, moved, count)
        other = _solved(*mine, chosen[moved]).outcome()
        for f in fields(Serving):
            getattr(found, f.name)[moved] = getattr(other, f.name)
    return found


@dataclass(frozen=True)
class _Solved:
    """One layout for each draw, its batch found; what it delivers for comparison."""

    replica: Replica
    demand: Demand
    bounds: Batch
    prompt: StepTime
    terms: StepTerms
    score: Array

    def outcome(self) -> Serving:
        """Steady state."""
        return outcome(self.replica, self.demand, self.bounds, self.prompt, self.terms)


def _solved(replica: Replica, demand: Demand, layout: NDArray[np.intp]) -> _Solved:
    """One layout for each draw, solved."""
    chips, apart = (np.ravel(value) for value in vars(replica.layout).values())
    one = replace(replica, layout=ServingLayout(chips[layout], apart[layout]))
    prompt = one.prompt(demand.input_length, demand.cached_fraction)
    terms = one.step(context(demand))
    bounds = bounded(one, demand, prompt.total, terms)
    score = _score(one, demand, bounds, prompt.total, terms)
    return _Solved(one, demand, bounds, prompt, terms, score)


def _looked_at(
    replica: Replica, demand: Demand, count: int
) -> tuple[Flags, NDArray[np.intp]]:
    """Layouts that may be the best of each draw, and the likeliest of them."""
    with np.errstate(all="ignore"):  # a look that overflows decides nothing
        rate, works, fails = _estimate(
            _changed(replica, _rough), _changed(demand, _rough)
        )
        most = np.max(rate, axis=0, where=works, initial=-1.0)
        # where nothing surely works everything is solved
        may = ~fails & (~works | (rate >= _BEHIND * most)) | (most < 0.0)
        may = np.array(np.broadcast_to(may, (np.size(replica.layout.chips), count)))
    return may, np.argmax(np.where(may, rate, -1.0), axis=0)


def _estimate(replica: Replica, demand: Demand) -> tuple[Array, Flags, Flags]:
    """Rough output per chip of each layout; which ones surely work, and surely fail.

    Tangents lead to the batch at which TPOT is met, from above where the step is
    convex; a bound of TTFT near it leaves the layout in doubt.
    """
    prompt = replica.prompt(demand.input_length, demand.cached_fraction).total
    terms = replica.step(context(demand))
    capacity, slots = room(replica, demand)
    fits = np.minimum(capacity, slots)
    per_token = prompt / demand.output_length
    stalled = per_token * (1.0 - demand.disaggregated)
    batch = before = tpot = np.maximum(fits, 1.0)
    for _ in range(_ROUNDS):
        before = batch
        step, slope = terms.tangent(batch)
        pace, slope = step / demand.speculation, slope / demand.speculation
        base = pace - slope * batch
        tpot = np.maximum(demand.tpot_limit - base, 0.0) / (slope + stalled)
        batch = np.maximum(np.minimum(fits, tpot), 1.0)
    settled = np.abs(batch - before) < _SETTLED * before
    left = (demand.ttft_limit - step) / prompt - 1.0
    free = left * base > _FAR * batch * (stalled - left * slope)
    works = settled & free & (left > 0.0) & (fits > _NEAR) & (tpot > _DOUBT)
    fails = (fits < 1.0 / _NEAR) | (prompt > _NEAR * demand.ttft_limit)
    fails = fails | (settled & (tpot < 1.0 / _DOUBT))
    batch = envelope(weight(capacity) + weight(slots) + weight(tpot))
    batch = np.maximum(batch, 1.0)
    rate = _rate(replica, demand, batch, prompt, terms)
    return rate, works & np.isfinite(rate), fails


def _rough(value: Any) -> Any:
    return np.asarray(value, np.float32)


def _some(
    replica: Replica, demand: Demand, draws: NDArray[np.intp], count: int
) -> tuple[Replica, Demand]:
    """Some of the draws."""
    cut = _cut(draws, count)
    return _changed(replica, cut), _changed(demand, cut)


def _shapes(value: Any) -> list[tuple[int, ...]]:
    """Shapes of all arrays in a replica or a demand."""
    shapes = []

    def noted(array: Any) -> Any:
        shapes.append(np.shape(array))
        return array

    _changed(value, noted)
    return shapes


def _cut(draws: Any, count: int) -> Callable[[Any], Any]:
    """Values of some draws, and what is the same in all of them."""
    return lambda value: (
        value[..., draws] if np.shape(value)[-1:] == (count,) else value
    )


def _changed(value: Any, change: Callable[[Any], Any]) -> Any:
    """A replica or a demand, each of its numbers changed."""
    if isinstance(value, bool):
        return value
    if is_dataclass(value):
        own = {f.name: _changed(getattr(value, f.name), change) for f in fields(value)}
        return replace(value, **own)  # type: ignore[type-var]
    if isinstance(value, Mapping):
        return {name: _changed(item, change) for name, item in value.items()}
    return change(value)
