"""What holds throughput back: codes into LIMITS, from times and bounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import reduce
from typing import Any

import numpy as np

from breakeven.models.base import Array
from breakeven.models.machine import LIMITS
from breakeven.models.passes import StepTime

COMPUTE, MEMORY, CAPACITY, NETWORK, TTFT, TPOT, SOFTWARE, BATCH = range(1, len(LIMITS))
_PARTS = (COMPUTE, MEMORY, NETWORK, SOFTWARE)  # of a pass


@dataclass(frozen=True)
class Batch:
    """Batch of a replica and the bounds it comes from. [sequence]."""

    batch: Array
    capacity: Array
    slots: Array
    tpot: Array
    ttft: Array

    def tightest(self) -> Array:
        """Code of the smallest bound. [1]."""
        bounds = (self.capacity, self.tpot, self.ttft, self.slots)
        return _first(bounds, reduce(np.minimum, bounds), (CAPACITY, TPOT, TTFT, BATCH))


def weight(bound: Array) -> Array:
    """Weight of a bound in the envelope of several. [1].

    Fourth powers: two bounds that meet give one 16 % below.

    Parameters
    ----------
    bound
        Batch that it allows. [sequence]

    References
    ----------
    Own rule.
    """
    inverse = 1.0 / bound
    square = inverse * inverse
    return square * square


def envelope(weights: Array) -> Array:
    """Smooth lower envelope of the bounds whose weights were added. [sequence].

    Parameters
    ----------
    weights
        Sum of :func:`weight` over the bounds. [1]

    References
    ----------
    Own rule.
    """
    return np.asarray(1.0 / np.sqrt(np.sqrt(weights)))


def limit(
    bounds: Batch, step: StepTime, prompt: StepTime, share: Array, feasible: Any
) -> Array:
    """Code of what would have to give for more throughput. [1].

    Parameters
    ----------
    bounds
        Batch and its bounds. [sequence]
    step, prompt
        Parts of a decode step and of a prompt. [s]
    share
        Share of busy time spent on prompts. [1]
    feasible
        Whether the replica works at all. [1]

    References
    ----------
    Own rule.
    """
    rest = 1.0 - share
    parts = [
        getattr(step, part.name) / step.total * rest
        + getattr(prompt, part.name) / prompt.total * share
        for part in fields(StepTime)
    ]
    slowest = _first(parts, reduce(np.maximum, parts), _PARTS)
    cap = bounds.tightest()
    # With work growing in proportion to the batch, a larger batch would not help.
    fixed = rest - rest * step.compute / step.total
    return cap + (feasible & ~(fixed > 0.25)) * (slowest - cap)


def _first(values: Sequence[Array], extreme: Array, codes: tuple[int, ...]) -> Array:
    """Code of the first of some values that is their extreme.

    In steps of a byte, several times as quick as stacking them and np.argmax.
    """
    place: Any = np.int8(0)
    for value in reversed(values[:-1]):
        place = (value != extreme) * (place + np.int8(1))
    return np.array(codes)[place]


def slowest(step: StepTime) -> Array:
    """Code into LIMITS of the largest part of a pass. [1].

    Parameters
    ----------
    step
        Parts of a pass. [s]

    References
    ----------
    Own rule.
    """
    parts = [getattr(step, part.name) for part in fields(StepTime)]
    stacked = np.stack(np.broadcast_arrays(*parts))
    return np.array(_PARTS)[np.argmax(np.nan_to_num(stacked), axis=0)]
