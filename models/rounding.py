"""Whole servers and whole racks: what is bought beyond the chips that are needed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from breakeven.models.base import Array
from breakeven.models.economics import Economics

if TYPE_CHECKING:
    from breakeven.models.scenario import Scenario

_SLACK = 1e-9  # of a unit: a count that is whole but for rounding stays
SIZES = {"server": "chips_per_server", "rack": "chips_per_rack"}


def whole(count: Array, size: Array) -> Array:
    """Least number of chips that is whole units and not fewer than needed. [1].

    ``ceil(N / n) n``.

    Parameters
    ----------
    count
        Chips needed. [1]
    size
        Chips in one unit that is bought. [1]

    References
    ----------
    Own definition.
    """
    return np.ceil(np.asarray(count, float) / size - _SLACK) * size


def installed(
    scenario: Scenario, base: dict[str, dict[str, Any]], key: str, count: Array
) -> Array:
    """Chips that are installed for those that are needed. [1].

    Parameters
    ----------
    scenario
        Choice of each option. [choice]
    base
        Inputs by the prefix of their names. [mixed]
    key
        Key of the option. [text]
    count
        Chips needed. [1]

    Raises
    ------
    ValueError
        When the size of the unit is not known.

    References
    ----------
    Own definition.
    """
    unit = scenario.options[key].option.rounding
    if unit == "none":
        return count
    size = base[f"{key}.chip"][SIZES[unit]]
    if size is None:
        raise ValueError(
            f"{key}.rounding = {unit!r} needs {key}.chip.{SIZES[unit]}, which is not "
            "published"
        )
    return whole(count, size)


def filled(cost: Economics, factor: Array) -> Economics:
    """Economics of a needed chip with its part of those that fill up a unit. [mixed].

    The chips that fill up the last server or rack cost and draw what the others do.

    Parameters
    ----------
    cost
        Economics of one chip. [mixed]
    factor
        Chips installed over chips needed. [1]

    References
    ----------
    Own definition.
    """
    return replace(
        cost,
        lines={name: value * factor for name, value in cost.lines.items()},
        parts={name: value * factor for name, value in cost.parts.items()},
        purchase=cost.purchase * factor,
        running=cost.running * factor,
        it_power=cost.it_power * factor,
        facility_power=cost.facility_power * factor,
        provisioned_power=cost.provisioned_power * factor,
        rise=None if cost.rise is None else cost.rise.scaled(factor),
    )
