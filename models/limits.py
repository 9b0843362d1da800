"""What holds throughput back: codes into LIMITS, from times and bounds."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from breakeven.models.base import Array
from breakeven.models.machine import LIMITS
from breakeven.models.passes import StepTime

COMPUTE, MEMORY, CAPACITY, NETWORK, TTFT, TPOT, SOFTWARE, BATCH = range(1, len(LIMITS))


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
        bounds = np.broadcast_arrays(self.capacity, self.tpot, self.ttft, self.slots)
        codes = np.array((CAPACITY, TPOT, TTFT, BATCH))
        return codes[np.argmin(np.stack(bounds), axis=0)]


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
    with np.errstate(divide="ignore"):
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
    bounds: Batch, step: StepTime, prompt: StepTime, share: Array, feasible: Array
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
    parts = np.stack(
        np.broadcast_arrays(
            *(
                getattr(step, part.name) / step.total * (1.0 - share)
                + getattr(prompt, part.name) / prompt.total * share
                for part in fields(StepTime)
            )
        )
    )
    codes = np.array((COMPUTE, MEMORY, NETWORK, SOFTWARE))
    slowest = codes[np.argmax(np.nan_to_num(parts), axis=0)]
    cap = bounds.tightest()
    # With work growing in proportion to the batch, a larger batch would not help.
    fixed = 1.0 - share - (1.0 - share) * step.compute / step.total
    code = np.where(fixed > 0.25, cap, slowest)
    return np.where(feasible, code, cap)


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
    codes = np.array((COMPUTE, MEMORY, NETWORK, SOFTWARE))
    return codes[np.argmax(np.nan_to_num(stacked), axis=0)]
