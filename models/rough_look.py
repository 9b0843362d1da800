"""A rough look at all layouts: which of them may be the best of each draw.

Half the digits and a tangent or two place every layout within a few per cent. What is
clearly behind another layout is left out.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from breakeven.models.base import Array
from breakeven.models.draw_axis import Places, changed
from breakeven.models.limits import envelope, weight
from breakeven.models.passes import StepTerms
from breakeven.models.steady import Demand, Replica, context, room

_BLEND = 0.85  # of arithmetic and traffic over their sum, for a first guess
# Tangents, and the change of the batch in the last one, over it, that can be trusted:
# a mixture, whose step may be concave, takes more to place.
_ROUNDS, _SETTLED = 1, 0.15
_ROUNDS_MIXED, _SETTLED_MIXED = 2, 0.05
_FAR = 3.0  # bound of the TTFT over the batch from which it does not matter
_BEHIND = 0.98  # rough output, over that of the best, below which a layout is left out
_DOUBT = 1.25  # a rough bound on the batch within this factor of 1 decides nothing
_NEAR = 1.001  # the same for bounds that need no rounds

Flags = NDArray[np.bool_]


def looked_at(replica: Replica, demand: Demand, count: int) -> tuple[Flags, Places]:
    """Layouts that may be the best of each draw, and the likeliest of them. [1].

    Parameters
    ----------
    replica
        Model, chip, software and layouts, these on a leading axis. [mixed]
    demand
        Requests and limits. [mixed]
    count
        Draws. [1]

    References
    ----------
    As :func:`breakeven.models.search.best_state`.
    """
    with np.errstate(all="ignore"):  # a look that overflows decides nothing
        output, works, fails, mixture = _estimate(
            changed(replica, _rough), changed(demand, _rough)
        )
        most = np.max(output, axis=0, where=works, initial=-1.0)
        behind = output < _BEHIND * most
        if mixture:  # else what is in doubt is overestimated: behind, it is so indeed
            behind &= works
        # where nothing surely works everything is solved
        may = ~(fails | behind) | (most < 0.0)
        may = np.array(np.broadcast_to(may, (np.size(replica.layout.chips), count)))
        return may, _likeliest(may, np.broadcast_to(output, may.shape))


def _likeliest(may: Flags, output: Array) -> Places:
    """Place of the highest output among those that may be, the first of equals."""
    most = np.full(may.shape[1], -1.0, output.dtype)
    place = np.zeros(may.shape[1], np.int8)
    for layout in np.flatnonzero(may.any(axis=1)):
        mine = np.where(may[layout], output[layout], -1.0)
        place += (mine > most) * (np.int8(layout) - place)
        most = np.maximum(mine, most)
    return np.asarray(place, np.intp)


def _estimate(replica: Replica, demand: Demand) -> tuple[Array, Flags, Flags, bool]:
    """Rough pace per chip of each layout; which ones surely work, and surely fail.

    Tangents lead to the batch at which TPOT is met, from above where the step is
    convex, which it is without a mixture (the last value); a bound of TTFT near it
    leaves the layout in doubt.
    """
    prompt = replica.prompt(demand.input_length, demand.cached_fraction).total
    terms = replica.step(context(demand))
    capacity, slots = room(replica, demand)
    fits = np.minimum(capacity, slots)
    per_token = prompt / demand.output_length
    stalled = per_token * (1.0 - demand.disaggregated)
    batch = before = tpot = _start(terms, demand, fits, stalled)
    rounds, change = _ROUNDS, _SETTLED
    if terms.mixture:
        rounds, change = _ROUNDS_MIXED, _SETTLED_MIXED
    for _ in range(rounds):
        before = batch
        step, slope = terms.tangent(batch)
        pace, slope = demand.paced(step), demand.paced(slope)
        base = pace - slope * batch
        tpot = np.maximum(demand.tpot_limit - base, 0.0) / (slope + stalled)
        batch = np.maximum(np.minimum(fits, tpot), 1.0)
    settled = np.abs(batch - before) < change * before
    left = (demand.ttft_limit - step) / prompt - 1.0
    free = left * base > _FAR * batch * (stalled - left * slope)
    works = settled & free & (fits > _NEAR) & (tpot > _DOUBT)
    fails = (fits < 1.0 / _NEAR) | (prompt > _NEAR * demand.ttft_limit)
    fails = fails | (settled & (tpot < 1.0 / _DOUBT))
    batch = envelope(weight(capacity) + weight(slots) + weight(tpot))
    batch = np.maximum(batch, 1.0)
    cycle = base + batch * (slope + per_token)
    return batch / cycle / replica.layout.chips, works, fails, terms.mixture


def _start(terms: StepTerms, demand: Demand, fits: Array, stalled: Array) -> Array:
    """Batch at which a first tangent is laid.

    Without a mixture near the batch that meets TPOT: arithmetic and traffic blend into
    0.79 to 1 of their sum, here into 0.85.
    """
    if terms.mixture:
        return np.maximum(fits, 1.0)
    fixed, each = terms.straight
    spare = demand.tpot_limit - demand.paced(fixed + _BLEND * terms.weights)
    more = demand.paced(each + _BLEND * (terms.arithmetic + terms.cache))
    return np.maximum(np.minimum(fits, spare / (more + stalled)), 1.0)


def output_rate(
    replica: Replica, demand: Demand, batch: Array, prompt: Array, terms: StepTerms
) -> Array:
    """Output per chip at a batch. [token/s].

    Parameters
    ----------
    replica
        Model, chip, software and layouts. [mixed]
    demand
        Requests and limits. [mixed]
    batch
        Sequences of the replica. [sequence]
    prompt, terms
        Time of a prompt [s], and parts of a decode step as a function of its batch. [s]

    References
    ----------
    As :func:`breakeven.models.steady.steady_state`.
    """
    cycle = demand.paced(terms.total(batch))
    cycle = cycle + batch * prompt / demand.output_length
    return batch / cycle / replica.layout.chips * replica.stack["realised_share"]


def _rough(value: Any) -> Any:
    return np.asarray(value, np.float32)
