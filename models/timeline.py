"""The fleets of a scenario over time: cash and work to date, month of crossing."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from breakeven.models import amortization
from breakeven.models.base import Array
from breakeven.models.economics import MONTH, Economics

CURVES = ("cumulative_cost", "work_to_date", "cost_to_date")


class _Fleet(NamedTuple):
    """One option's fleet: its money, its work, and what rising use takes from both.

    One-off costs, purchases, resales, running costs and work a month in the end;
    ``saved`` and ``undone`` are cumulative by month, None where use does not rise.
    """

    money: tuple[Array, Array, Array, Array]
    work: Array
    saved: Array | None
    undone: Array | None

    def spent(self, fleet: amortization.Schedule) -> Array:
        """Cash to date by month. [USD]."""
        spent = _cash(self.money, fleet)
        return spent if self.saved is None else spent - self.saved

    def done(self, fleet: amortization.Schedule) -> Array:
        """Work to date by month. [1]."""
        done = _last(self.work) * fleet.operation
        return done if self.undone is None else done - self.undone


def over_time(
    base: dict[str, dict[str, Any]],
    costs: list[Economics],
    counts: list[Array],
    scale: float,
    shape: tuple[int, ...],
    *,
    curves: bool,
) -> dict[str, Any]:
    """Cumulative cost and work, cost to date, and the month of crossing. [mixed].

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
    months, period, schedule = _schedule(base["finance"])
    fleets = [
        _fleet(cost, count, months, period)
        for cost, count in zip(costs, counts, strict=True)
    ]
    crossing = [
        amortization.crossing_month(_difference(own, fleets[-1], schedule), months)
        for own in fleets[:-1]
    ]
    crossing.append(np.asarray(np.nan))  # an option does not overtake itself
    found = {"breakeven_month": stacked(crossing, shape), "months": months}
    if not curves:
        return found | dict.fromkeys(CURVES, np.empty(0))
    total = [fleet.spent(schedule) for fleet in fleets]
    work = [fleet.done(schedule) for fleet in fleets]
    to_date = [
        amortization.cost_to_date(money, done) * scale
        for money, done in zip(total, work, strict=True)
    ]
    spread = (*shape, months.size)
    curve = {"cumulative_cost": stacked(total, spread)}
    curve["work_to_date"] = stacked(work, spread) / scale
    return found | curve | {"cost_to_date": stacked(to_date, spread)}


def _fleet(cost: Economics, count: Array, months: Array, period: Array) -> _Fleet:
    """Money and work of one option's fleet."""
    money = (
        cost.one_off,
        count * cost.purchase,
        count * cost.purchase * cost.residual,
        count * (cost.reached_running * MONTH),
    )
    work = count * cost.reached * MONTH
    if (rise := cost.rise) is None:
        return _Fleet(money, work, None, None)
    early = amortization.early_months(months, period, rise.missing_work.shape[-1])
    size = _last(count * MONTH)
    saved = size * np.matvec(early, rise.missing_running)
    return _Fleet(money, work, saved, size * np.matvec(early, rise.missing_work))


def _cash(money: tuple[Array, ...], fleet: amortization.Schedule) -> Array:
    """Cash to date by month of one-off costs, purchases, resales and running costs."""
    one_off, bought, resold, monthly = (_last(amount) for amount in money)
    return amortization.cumulative_cost(one_off, bought, resold, monthly, fleet)


def _difference(own: _Fleet, rival: _Fleet, schedule: amortization.Schedule) -> Array:
    """What an option has spent beyond a rival's fleet that has done the same work.

    Where use rises, the rival's fleet is sized month by month to the work done so far.
    """
    if own.saved is None and rival.saved is None:
        beyond = _beyond(own.money, rival.money, own.work / rival.work)
        return _cash(beyond, schedule)
    done, other = own.done(schedule), rival.done(schedule)
    share = done / np.where(other > 0.0, other, np.nan)
    first = np.arange(share.shape[-1]) == 0  # before any work: as in the first month
    share = np.where(first & np.isnan(share), share[..., 1:2], share)
    once = _last(rival.money[0])
    return own.spent(schedule) - once - (rival.spent(schedule) - once) * share


def _beyond(
    own: tuple[Array, ...], rival: tuple[Array, ...], share: Array
) -> tuple[Array, ...]:
    """What an option spends beyond a rival's fleet that does the same work.

    One-off costs, purchases, resales and costs a month; cumulative cost is linear in
    them. The rival's chips scale with the work, what it pays once does not.
    """
    rest = (a - b * share for a, b in zip(own[1:], rival[1:], strict=True))
    return own[0] - rival[0], *rest


def _schedule(finance: dict[str, Any]) -> tuple[Array, Array, amortization.Schedule]:
    """Months of the horizon, those of installation, and the schedule over them."""
    if np.ndim(finance["horizon"]):
        raise ValueError(
            "finance.horizon is the length of the month axis: one value only"
        )
    months = np.arange(0.0, np.floor(finance["horizon"] / MONTH) + 1.0)
    period = _last(finance["deployment_period"] / MONTH)
    life = _last(finance["life"] / MONTH)
    return months, period, amortization.schedule(months, period, life)


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
    found = np.empty((len(values), *shape))
    for row, value in enumerate(values):
        found[row] = value
    return found
