"""Parts of one pass over the layers, and how arithmetic and traffic overlap in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from breakeven.models.base import Array


@dataclass(frozen=True)
class StepTime:
    """Parts of one step of one replica; they add up. [s]."""

    compute: Array
    memory: Array
    network: Array
    overhead: Array

    @cached_property
    def total(self) -> Array:
        """Sum of the parts. [s]."""
        return self.compute + self.memory + self.network + self.overhead


@dataclass(frozen=True)
class StepTerms:
    """What a decode step takes as a function of its batch.

    Per sequence: ``arithmetic`` and ``cache`` [s]; whatever the batch: ``weights`` and
    ``experts`` (times the share of experts that the batch visits) [s]; network and
    overhead have a part of each kind [s]. ``unvisited`` is the logarithm of the share
    of experts that one token leaves alone [1], ``mixture`` whether there are any.
    """

    arithmetic: Array
    weights: Array
    experts: Array
    unvisited: Array
    mixture: bool
    cache: Array
    network: tuple[Array, Array]
    overhead: tuple[Array, Array]

    def traffic(self, batch: Array) -> Array:
        """Time of the memory traffic alone. [s]."""
        moved = self.weights + batch * self.cache
        if self.mixture:
            moved = moved - self.experts * np.expm1(batch * self.unvisited)
        return moved

    def at(self, batch: Array) -> StepTime:
        """Parts of a step. [s]."""
        return blended(
            batch * self.arithmetic,
            self.traffic(batch),
            self.network[0] + batch * self.network[1],
            self.overhead[0] + batch * self.overhead[1],
        )

    def total(self, batch: Array) -> Array:
        """Time of a step: the sum of its parts, found at once. [s]."""
        both = _both(batch * self.arithmetic, self.traffic(batch))
        fixed, each = self.straight
        return both + (fixed + batch * each)

    @cached_property
    def straight(self) -> tuple[Array, Array]:
        """Network and overhead whatever the batch, and for each sequence. [s]."""
        return self.network[0] + self.overhead[0], self.network[1] + self.overhead[1]

    def tangent(self, batch: Array) -> tuple[Array, Array]:
        """Time of a step, and by how much another sequence lengthens it. [s]."""
        fixed, each = self.straight
        compute, memory = batch * self.arithmetic, self.traffic(batch)
        roots = np.sqrt(compute), np.sqrt(memory)
        side = np.cbrt(compute * roots[0] + memory * roots[1])
        more = self.cache
        if self.mixture:
            unread = self.experts * np.exp(batch * self.unvisited)
            more = more - unread * self.unvisited
        slope = (roots[0] * self.arithmetic + roots[1] * more) / side
        return side * side + (fixed + batch * each), slope + each


def blended(compute: Array, memory: Array, network: Array, overhead: Array) -> StepTime:
    """Parts of a pass whose arithmetic and memory traffic overlap in part. [s].

    (compute^1.5 + memory^1.5)^(2/3), split in proportion: an exponent of 1 would add
    the two, a large one take the longer; kernels follow each other but prefetch.

    Parameters
    ----------
    compute, memory, network, overhead
        Parts as if each were alone. [s]

    References
    ----------
    Form of S. Williams et al., "Roofline," Commun. ACM 52(4), 2009,
    doi:10.1145/1498765.1498785, with a rounded ridge; the exponent by cross-validation.
    """
    share = _both(compute, memory) / (compute + memory)
    return StepTime(compute * share, memory * share, network, overhead)


def traffic_share(step: StepTime) -> Array:
    """Share of a pass in which memory would be busy at the attained bandwidth. [1].

    Undoes the blend: the traffic alone over the whole pass.

    Parameters
    ----------
    step
        Parts of a pass, from :func:`blended`. [s]

    References
    ----------
    Own definition.
    """
    both = step.compute + step.memory
    return step.memory * both / _both(step.compute, step.memory) / step.total


def _both(first: Array, second: Array) -> Array:
    """Blend of two times; roots are several times quicker than general powers. [s]."""
    left, right = np.sqrt(first), np.sqrt(second)
    left *= first
    right *= second
    both = np.cbrt(left + right)
    both *= both
    return both
