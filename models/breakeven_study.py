"""Where two options cost the same: in months, volume, utilisation and price."""

from __future__ import annotations

from typing import Any

import numpy as np

from breakeven.models.acquisition import ACQUISITIONS
from breakeven.models.base import Array, Group
from breakeven.models.crossing import CROSSINGS, crossing, crossing_on
from breakeven.models.economics import economics
from breakeven.models.given import HOSTED_PRICES, inputs_of
from breakeven.models.hourly import UTILISATIONS, hourly, kinked
from breakeven.models.rounding import filled
from breakeven.models.study import Context, Outcome, Output, Study

MOST = 100.0  # factor on a price up to which a break-even is looked for
VOLUMES = (
    "breaks even",
    "nothing to earn back",
    "no volume: each chip alone costs more than the rival",
    "unknown: a cost is not known",
)
MONTHS = (
    "overtakes",
    "cheaper from the start",
    "does not overtake within the horizon",
    "unknown: a cost is not known",
)
UNKNOWN = 3


class Breakeven(Group):
    """No inputs of its own."""


def breakeven(context: Context) -> Outcome:
    """Break-evens of every option with the reference, and why there is none. [mixed].

    Each with everything else as set: the volume of
    :func:`~breakeven.models.tco.breakeven_volume`, the month of
    :func:`~breakeven.models.amortization.crossing_month`, the utilisation of the
    option at its present count, and the factor on its price and on the reference's.

    Parameters
    ----------
    context
        What the study may use. [mixed]

    References
    ----------
    EQ-28, EQ-40.
    """
    cost = context.table["cost_per_token"]
    gap = cost - cost[-1]
    busy = _utilisations(context, cost[-1])
    slopes = np.stack([_slope(context, place) for place in range(len(cost))])
    steep = np.stack([slopes, np.broadcast_to(slopes[-1], slopes.shape)])
    price = _prices(steep, np.stack([gap, -gap]))
    table = {
        "utilisation": busy[0],
        "utilisation_reason": busy[1],
        "price_factor": price[0][0],
        "price_reason": price[1][0],
        "rival_factor": price[0][1],
        "rival_reason": price[1][1],
    }
    known = [
        _known(context, place, np.isfinite(cost[place] + cost[-1]))
        for place in range(len(cost))
    ]
    table |= {name: np.stack([item[name] for item in known]) for name in known[0]}
    for name, value in table.items():  # the reference is not set against itself
        value[-1] = UNKNOWN if name.endswith("_reason") else np.nan
    return {name: table[name] for name in BREAKEVEN.outputs}


def _known(context: Context, place: int, known: Any) -> dict[str, Array]:
    """Volume and month, which the core has found, with the reason of a gap."""
    volume = context.table["breakeven_volume"][place]
    month = context.table["breakeven_month"][place]
    free: Any = context.table["one_off"][place] == 0.0
    return {
        "volume": np.where(free, np.nan, volume),
        "volume_reason": np.select(
            [~known, free, np.isnan(volume)], [UNKNOWN, 1, 2], 0
        ),
        "month": np.array(month),
        "month_reason": np.select(
            [~known, np.isnan(month), month == 0.0], [UNKNOWN, 2, 1], 0
        ),
    }


def _utilisations(context: Context, rival: Array) -> tuple[Array, Array]:
    """Utilisation from which each option costs less than the reference does now."""
    chips = [
        hourly(context, place, UTILISATIONS) for place in range(len(context.costs))
    ]
    work = np.stack([chip.work[..., -1] for chip in chips])
    worth = work / UTILISATIONS[-1] * rival / context.scale

    def gap(
        share: Array, floor: Array, level: Array, steep: Array, due: Array
    ) -> Array:
        return np.maximum(floor, level + steep * share) - due * share

    cost = np.stack([chip.cost for chip in chips])
    if context.rises:
        return crossing_on(cost - worth[..., None] * UTILISATIONS, UTILISATIONS)
    low, high = (np.full(worth.shape, UTILISATIONS[i]) for i in (0, -1))
    return crossing(gap, low, high, *kinked(cost), worth)


def _slope(context: Context, place: int) -> Array:
    """Change of an option's levelised cost when the price in use doubles."""
    options = tuple(context.scenario.options)
    option = context.scenario.options[options[place]].option
    given = inputs_of(context.scenario, context.base, options[place])
    dearer = economics(option, _dearer(given, option.acquisition), context.works[place])
    if option.rounding != "none":
        table = context.table
        dearer = filled(dearer, table["installed"][place] / table["count"][place])
    now = context.costs[place]
    each = sum(dearer.lines.values()) - sum(now.lines.values())
    return context.spread(each / now.work * context.scale)


def _prices(slope: Array, excess: Array) -> tuple[Array, Array]:
    """Factors on prices in use at which an excess of cost over a rival is gone."""

    def gap(factor: Array, steep: Array, over: Array) -> Array:
        return over + steep * (factor - 1.0)

    low, high = np.zeros(slope.shape), np.full(slope.shape, MOST)
    return crossing(gap, low, high, slope, excess)


def _dearer(given: dict[str, dict[str, Any]], acquisition: str) -> dict[str, Any]:
    """The same inputs at twice the price in use."""
    name = ACQUISITIONS[acquisition].price
    group = "chip" if name else "llm"
    prices = (name,) if name else HOSTED_PRICES
    changed = dict(given[group])
    for price in prices:
        if changed[price] is not None:
            changed[price] = 2.0 * changed[price]
    return {**given, group: changed}


def _output(unit: str, label: str, **more: Any) -> Output:
    return Output(unit, label, by_option=True, **more)


BREAKEVEN = Study(
    name="breakeven",
    title="Break-even in months, volume, utilisation and price",
    group=Breakeven,
    evaluate=breakeven,
    outputs={
        "month": _output("month", "Month from which it stays cheaper"),
        "month_reason": _output("1", "Whether it overtakes", words=MONTHS),
        "volume": _output("chip", "Volume at which one-off costs are earned"),
        "volume_reason": _output("1", "Whether a volume exists", words=VOLUMES),
        "utilisation": _output("1", "Utilisation from which it costs less"),
        "utilisation_reason": _output(
            "1", "Whether a utilisation exists", words=CROSSINGS
        ),
        "price_factor": _output("1", "Price at which costs are equal, over its own"),
        "price_reason": _output("1", "Whether such a price exists", words=CROSSINGS),
        "rival_factor": _output(
            "1", "Price of the reference at which costs are equal, over its own"
        ),
        "rival_reason": _output(
            "1", "Whether such a price of the reference exists", words=CROSSINGS
        ),
    },
)
