"""Parts of one pass over the layers, and how arithmetic and traffic overlap in it."""

from __future__ import annotations

from dataclasses import dataclass

from breakeven.models.base import Array

OVERLAP = 1.5  # exponent of the blend below, by cross-validation: docs/accuracy.md


@dataclass(frozen=True)
class StepTime:
    """Parts of one step of one replica; they add up. [s]."""

    compute: Array
    memory: Array
    network: Array
    overhead: Array

    @property
    def total(self) -> Array:
        """Sum of the parts. [s]."""
        return self.compute + self.memory + self.network + self.overhead


def blended(compute: Array, memory: Array, network: Array, overhead: Array) -> StepTime:
    """Parts of a pass whose arithmetic and memory traffic overlap in part. [s].

    (compute^p + memory^p)^(1/p), split in proportion: p = 1 adds the two, a large p
    takes the longer; kernels follow each other but prefetch.

    Parameters
    ----------
    compute, memory, network, overhead
        Parts as if each were alone. [s]

    References
    ----------
    Form of S. Williams et al., "Roofline," Commun. ACM 52(4), 2009,
    doi:10.1145/1498765.1498785, with a rounded ridge; p by cross-validation.
    """
    both = (compute**OVERLAP + memory**OVERLAP) ** (1.0 / OVERLAP)
    share = both / (compute + memory)
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
    blend = (step.compute**OVERLAP + step.memory**OVERLAP) ** (1.0 / OVERLAP)
    return step.memory * both / blend / step.total
