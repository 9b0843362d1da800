"""What a chip costs at another utilisation, or acquired in another way.

Throughput does not depend on how busy a chip is, so an option's performance is kept and
its economics are asked again: the same equations as everywhere, with one more axis.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from breakeven.models.base import Array
from breakeven.models.economics import Economics, economics
from breakeven.models.given import inputs_of
from breakeven.models.rounding import filled
from breakeven.models.study import Context

UTILISATIONS = np.linspace(0.02, 1.0, 50)


@dataclass(frozen=True)
class Hourly:
    """Cost and work of one chip per second, utilisation on the last axis.

    ``design`` is the part of the cost that pays for NRE and port; ``work`` is 0 where
    nothing is done.
    """

    cost: Array
    design: Array
    work: Array
    economics: Economics

    def unit_cost(self, scale: float) -> Array:
        """Levelised cost of work. [USD/{scaled}].

        Parameters
        ----------
        scale
            Size of the unit of work in base units. [1]
        """
        return self.cost / np.where(self.work > 0.0, self.work, np.nan) * scale


def hourly(
    context: Context, place: int, utilisation: Array, acquisition: str = ""
) -> Hourly:
    """Cost and work of one chip at other utilisations. [USD/s, 1/s].

    Parameters
    ----------
    context
        What the study may use. [mixed]
    place
        Position of the option. [1]
    utilisation
        Shares of hours, on the last axis of the result. [1]
    acquisition
        A way to acquire in place of the option's own. [text]

    References
    ----------
    EQ-32, EQ-40.
    """
    key = tuple(context.scenario.options)[place]
    given = inputs_of(context.scenario, context.base, key)
    ahead = (*np.shape(utilisation), *(1,) * len(context.shape))
    use = {**given["option"], "utilisation": np.reshape(utilisation, ahead)}
    found = economics(
        context.scenario.options[key].option,
        {**given, "option": use},
        context.works[place],
        acquisition,
    )
    count = context.table["count"][place]
    if context.scenario.options[key].option.rounding != "none":
        found = filled(found, context.table["installed"][place] / count)
    each = np.where(np.equal(found.one_off, 0.0), 0.0, found.one_off / count)
    design = each * found.recovery
    total = sum(found.lines.values()) + design
    wide = (*np.shape(utilisation), *context.shape)
    return Hourly(
        cost=_last(total, wide),
        design=_last(design, wide),
        work=_last(found.work, wide),
        economics=found,
    )


def line(context: Context, found: Hourly, names: tuple[str, ...]) -> Array:
    """Sum of some cost lines of a chip per second, utilisation last. [USD/s].

    Parameters
    ----------
    context
        What the study may use. [mixed]
    found
        Cost and work of one chip. [USD/s, 1/s]
    names
        Cost lines; one that the option does not have is nothing. [text]

    References
    ----------
    EQ-32.
    """
    lines: dict[str, Any] = found.economics.lines
    total = sum((lines[n] for n in names if n in lines), start=np.asarray(0.0))
    return _last(total, (found.cost.shape[-1], *context.shape))


def straight(cost: Array) -> tuple[Array, Array]:
    """Level and slope in utilisation of a cost that is a straight line. [USD/s].

    Parameters
    ----------
    cost
        Cost at :data:`UTILISATIONS`, on the last axis. [USD/s]

    References
    ----------
    EQ-40.
    """
    low, high = UTILISATIONS[[0, -1]]
    slope = (cost[..., -1] - cost[..., 0]) / (high - low)
    return cost[..., 0] - slope * low, slope


def kinked(cost: Array) -> tuple[Array, Array, Array]:
    """Floor, level and slope of a cost that is flat, then a straight line. [USD/s].

    The floor is that of a take-or-pay contract, minus infinity where there is none.

    Parameters
    ----------
    cost
        Cost at :data:`UTILISATIONS`, on the last axis. [USD/s]

    References
    ----------
    EQ-19, EQ-40.
    """
    low, near, high = UTILISATIONS[0], UTILISATIONS[-2], UTILISATIONS[-1]
    slope = (cost[..., -1] - cost[..., -2]) / (high - near)
    early = (cost[..., 1] - cost[..., 0]) / (UTILISATIONS[1] - low)
    flat = np.abs(early) <= 1e-9 * np.abs(cost[..., -1])
    floor = np.where(flat, cost[..., 0], -np.inf)
    return floor, cost[..., -1] - slope * high, slope


def _last(value: Array, shape: tuple[int, ...]) -> Array:
    """A value with its first axis, that of utilisation, moved to the end."""
    return np.moveaxis(np.broadcast_to(value, shape), 0, -1)
