"""What one chip costs over its life, and how that moves with the price of the chip.

The present value of everything a chip takes, from purchase to electricity: the same
lines as the levelised cost, over the capital recovery factor instead of over work.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from breakeven.models.acquisition import ACQUISITIONS
from breakeven.models.base import Array
from breakeven.models.economics import Economics, economics
from breakeven.models.given import inputs_of
from breakeven.models.study import Context


class Life(NamedTuple):
    """Cost of one chip over its life as a function of its price. [USD, 1, USD].

    ``other`` is what it costs beside its price, ``per_price`` what each USD of price
    adds (resale, upkeep and spares included), ``price`` the price as given.
    """

    other: Array
    per_price: Array
    price: Array

    def at(self, price: Array) -> Array:
        """Cost over the life at a price. [USD].

        Parameters
        ----------
        price
            Price of the chip. [USD]
        """
        return self.other + self.per_price * price


def lifetime(cost: Economics) -> Array:
    """Present value of what one chip costs over its life, NRE left out. [USD].

    Parameters
    ----------
    cost
        Economics of the chip. [mixed]

    References
    ----------
    EQ-15, EQ-28.
    """
    lines = sum(cost.lines.values(), start=np.asarray(0.0))
    return np.asarray(lines / cost.recovery)


def life_of(context: Context, place: int, acquisition: str) -> Life:
    """Cost of one chip of an option over its life, if acquired in some way. [mixed].

    Parameters
    ----------
    context
        The scenario and its inputs. [mixed]
    place
        Position of the option. [1]
    acquisition
        A way to acquire that has a price of a chip. [choice]

    References
    ----------
    EQ-15, EQ-28.
    """
    name = ACQUISITIONS[acquisition].price
    given = given_of(context, place)
    at_none = lifetime(_priced(context, place, acquisition, given, name, 0.0))
    at_one = lifetime(_priced(context, place, acquisition, given, name, 1.0))
    price = given["chip"][name]
    return Life(
        other=at_none,
        per_price=at_one - at_none,
        price=np.asarray(np.nan if price is None else price, float),
    )


def given_of(context: Context, place: int) -> dict[str, dict[str, Any]]:
    """Inputs that an option depends on, by group. [mixed].

    Parameters
    ----------
    context
        The scenario and its inputs. [mixed]
    place
        Position of the option. [1]

    References
    ----------
    Own definition.
    """
    key = list(context.scenario.options)[place]
    return inputs_of(context.scenario, context.base, key)


def _priced(
    context: Context,
    place: int,
    acquisition: str,
    given: dict[str, dict[str, Any]],
    name: str,
    price: float,
) -> Economics:
    """Economics of an option with its chip at some price."""
    option = list(context.scenario.options.values())[place].option
    chip = given["chip"] | {name: np.asarray(price)}
    return economics(option, given | {"chip": chip}, context.works[place], acquisition)
