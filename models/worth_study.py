"""What a programme is worth today: cheap enough to be drawn thousands of times."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from breakeven.models import finance
from breakeven.models.base import Array, Group
from breakeven.models.programme import (
    cash_by_month,
    fleet_project,
    present_work,
    same_work,
    settings,
)
from breakeven.models.study import Context, Outcome, Output, Study
from breakeven.models.tco import monthly_rate

BINS = 48
TAIL = 0.01  # of the draws on either side, gathered in the outer bins


class Worth(Group):
    """No inputs of its own: taxes belong to the study of returns."""


class Distribution(NamedTuple):
    """Shares of draws between edges, and the odds of more than nothing."""

    edges: Array
    shares: Array
    gains: float
    median: float


def worth(context: Context) -> Outcome:
    """Present value of each option's costs, and against the reference. [USD].

    Monthly flows to the horizon, the fleet that is left sold there; the reference's
    fleet is scaled to do the option's work.

    Parameters
    ----------
    context
        What the study may use. [mixed]

    References
    ----------
    EQ-03, EQ-15.
    """
    every = settings(context)
    terms = every[0]
    rate, places = monthly_rate(terms.rate), range(len(context.costs))
    none = np.zeros(terms.yearly.operation.shape[-1])
    taxed = bool(np.any(terms.tax_rate))

    def cost(place: int, ratio: Array) -> Array:
        price = np.asarray(0.0)
        own = every[place]
        tax = fleet_project(context, place, own, ratio, price).tax if taxed else none
        flows = cash_by_month(context, place, own, ratio, tax)
        return -finance.net_present_value(rate, flows)

    own = [cost(place, np.asarray(1.0)) for place in places]
    rival = [cost(-1, same_work(context, place, terms)) for place in places]
    done = np.stack(
        [context.spread(present_work(context, place, terms)) for place in places]
    )
    done = done * np.array(context.spread(1.0 - terms.tax_rate)) / context.scale
    gain = np.stack(rival) - np.stack(own)
    gain[-1] = np.nan  # the reference has nothing to be set against
    costs = np.stack([np.array(context.spread(value)) for value in own])
    return {"npv": gain, "present_cost": costs, "levelised": costs / done}


def distribution(values: Array, bins: int = BINS) -> Distribution:
    """Histogram of draws, those that are not a number left out. [1].

    The outer bins hold the tails beyond the 1st and the 99th percentile.

    Parameters
    ----------
    values
        Draws. [any]
    bins
        Number of bins. [1]

    References
    ----------
    Own definition.
    """
    known = values[np.isfinite(values)]
    if not known.size:
        return Distribution(np.empty(0), np.empty(0), np.nan, np.nan)
    low, high = np.quantile(known, (TAIL, 1.0 - TAIL))
    edges = np.linspace(low, high if high > low else low + 1.0, bins + 1)
    counts, _ = np.histogram(np.clip(known, edges[0], edges[-1]), edges)
    gains = float(np.mean(known > 0.0))
    return Distribution(edges, counts / known.size, gains, float(np.median(known)))


def _output(unit: str, label: str) -> Output:
    return Output(unit, label, by_option=True)


WORTH = Study(
    name="worth",
    title="Present value of the programme",
    group=Worth,
    evaluate=worth,
    needs=("returns",),
    outputs={
        "npv": _output("USD", "Net present value against the reference"),
        "present_cost": _output("USD", "Present value of all costs to the horizon"),
        "levelised": _output(
            "USD/{scaled}", "Levelised cost over the horizon, with installation and tax"
        ),
    },
)
