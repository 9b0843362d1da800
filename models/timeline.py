"""The fleets of a scenario over time: cash spent, cost to date, month of crossing."""

from __future__ import annotations

from typing import Any

import numpy as np

from breakeven.models import amortization
from breakeven.models.base import Array
from breakeven.models.economics import MONTH, Economics


def over_time(
    base: dict[str, dict[str, Any]],
    costs: list[Economics],
    counts: list[Array],
    scale: float,
    shape: tuple[int, ...],
    *,
    curves: bool,
) -> dict[str, Any]:
    """Cumulative cost, cost to date and the month of crossing. [mixed].

    Parameters
    ----------
    base
        Inputs by group in base units. [mixed]
    costs, counts
        Economics of one chip, and chips of each option. [mixed, 1]
    scale
        Size of the unit of work in base units. [1]
    shape
        Shape of the draws. [1]
    curves
        Whether to keep the curves by month. [1]

    References
    ----------
    EQ-06, EQ-27.
    """
    months, fleet = _fleet(base["finance"])
    output = [count * cost.work for count, cost in zip(counts, costs, strict=True)]
    spending = _spending(costs, counts)

    def spent(*amounts: Array) -> Array:
        one_off, bought, resold, monthly = (_last(amount) for amount in amounts)
        return amortization.cumulative_cost(one_off, bought, resold, monthly, fleet)

    crossing = [
        amortization.crossing_month(spent(*_beyond(own, spending[-1], share)), months)
        for own, share in zip(
            spending[:-1], (work / output[-1] for work in output), strict=False
        )
    ]
    crossing.append(np.asarray(np.nan))  # an option does not overtake itself
    found = {"breakeven_month": stacked(crossing, shape), "months": months}
    if not curves:
        return found | dict.fromkeys(("cumulative_cost", "cost_to_date"), np.empty(0))
    total = [spent(*parts) for parts in spending]
    to_date = [
        amortization.cost_to_date(money, _last(work * MONTH), fleet.operation) * scale
        for money, work in zip(total, output, strict=True)
    ]
    spread = (*shape, months.size)
    curve = {"cumulative_cost": stacked(total, spread)}
    return found | curve | {"cost_to_date": stacked(to_date, spread)}


def _spending(
    costs: list[Economics], counts: list[Array]
) -> list[tuple[Array, Array, Array, Array]]:
    """One-off costs, purchases, resales and costs a month of each fleet."""
    return [
        (
            cost.one_off,
            count * cost.purchase,
            count * cost.purchase * cost.residual,
            count * (cost.running * MONTH),
        )
        for cost, count in zip(costs, counts, strict=True)
    ]


def _beyond(
    own: tuple[Array, ...], rival: tuple[Array, ...], share: Array
) -> tuple[Array, ...]:
    """What an option spends beyond a rival's fleet that does the same work.

    One-off costs, purchases, resales and costs a month; cumulative cost is linear in
    them. The rival's chips scale with the work, what it pays once does not.
    """
    rest = (a - b * share for a, b in zip(own[1:], rival[1:], strict=True))
    return own[0] - rival[0], *rest


def _fleet(finance: dict[str, Any]) -> tuple[Array, amortization.Schedule]:
    """Months of the horizon, and the schedule of a fleet over them."""
    if np.ndim(finance["horizon"]):
        raise ValueError(
            "finance.horizon is the length of the month axis: one value only"
        )
    months = np.arange(0.0, np.floor(finance["horizon"] / MONTH) + 1.0)
    period = _last(finance["deployment_period"] / MONTH)
    return months, amortization.schedule(months, period, _last(finance["life"] / MONTH))


def _last(value: Any) -> Array:
    """A value with one more axis at the end, for the months."""
    return np.asarray(value, float)[..., None]


def stacked(values: list[Any], shape: tuple[int, ...]) -> Array:
    """Values of the options over all draws. [unit of the values].

    Parameters
    ----------
    values
        One an option; each broadcasts to the draws. [any]
    shape
        Shape of the draws. [1]

    References
    ----------
    Own definition.
    """
    return np.stack([np.broadcast_to(np.asarray(v, float), shape) for v in values])
