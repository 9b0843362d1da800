"""What a deal with an anchor customer is computed from, in base units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from breakeven.models.base import Array
from breakeven.models.economics import MONTH, YEAR
from breakeven.models.lifetime import Life, given_of, life_of
from breakeven.models.study import Context


@dataclass(frozen=True)
class Deal:
    """What the outputs are computed from, in base units."""

    context: Context
    terms: dict[str, Any]
    life: Life
    nre: Array
    port: Array
    own: Array
    replaced: Array
    rate: Array
    years: Array
    spread: Array

    @property
    def volume(self) -> Array:
        """Chips of the anchor."""
        return np.asarray(self.terms["volume"], float)

    @property
    def alone(self) -> Array:
        """Cost of a programme of the customer's own."""
        value = self.terms["customer_nre"]
        return np.asarray(np.nan if value is None else value, float)


def deal_of(context: Context) -> Deal:
    """Terms, lives and money of the deal. [mixed].

    Parameters
    ----------
    context
        The scenario and what the core found. [mixed]

    References
    ----------
    EQ-43.
    """
    finance, terms = context.base["finance"], context.base["anchor"]
    given, nre = given_of(context, 0), given_of(context, 0)["chip"]["nre"]
    count, own = context.table["count"][0], terms["own_volume"]
    rate = np.asarray(finance["discount_rate"], float) * YEAR
    months = np.asarray(finance["deployment_period"], float) / MONTH
    hazard = np.log1p(rate) * np.maximum(months, 1e-9) / 12.0
    none = np.abs(hazard) < 1e-9
    spread = np.where(none, 1.0, -np.expm1(-hazard) / np.where(none, 1.0, hazard))
    return Deal(
        context=context,
        terms=terms,
        life=life_of(context, 0, "build"),
        nre=np.asarray(np.nan if nre is None else nre, float),
        port=np.asarray(given["option"]["port_cost"], float),
        own=np.asarray(count if own is None else own, float),
        replaced=context.costs[0].work / context.costs[-1].work,
        rate=rate,
        years=np.asarray(terms["term"], float) / YEAR,
        spread=spread,
    )


def each(cost: Array, volume: Array) -> Array:
    """Share of one chip in a cost, not a number without chips. [USD].

    Parameters
    ----------
    cost
        Cost of all of them. [USD]
    volume
        Chips. [chip]

    References
    ----------
    EQ-43.
    """
    return cost / np.where(volume > 0.0, volume, np.nan)


def per_work(deal: Deal, cost: Array) -> Array:
    """A cost over the life of one provider's chip, per unit of work. [USD].

    Parameters
    ----------
    deal
        The deal. [mixed]
    cost
        Cost over the life of one chip. [USD]

    References
    ----------
    EQ-33.
    """
    own = deal.context.costs[0]
    return cost * own.recovery / own.work * deal.context.scale
