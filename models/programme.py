"""The fleets of a scenario as projects: shapes over time, taxes, cash by month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import param

from breakeven.models import amortization, finance, ledger
from breakeven.models.base import Array, Group, fraction, quantity
from breakeven.models.economics import MONTH, YEAR
from breakeven.models.project import Project, project
from breakeven.models.study import Context
from breakeven.models.tco import monthly_rate
from breakeven.models.units import MONTHS_PER_YEAR

METHODS = ("macrs", "straight_line")


class Returns(Group):
    """Taxes of the programme; none by default."""

    tax_rate = fraction(0.0, "Tax rate on profits; 0 leaves taxes out")
    tax_life = quantity(
        5.0,
        "year",
        "Years over which purchases are written off for tax",
        bounds=(1, 40),
        slider=(3, 20),
    )
    bonus_share = fraction(
        0.0, "Share of a purchase written off in its first year (bonus depreciation)"
    )
    depreciation: Any = param.Selector(
        default="macrs",
        objects=list(METHODS),
        doc="Tax schedule: MACRS (half-year convention) or a straight line",
    )


@dataclass(frozen=True)
class Setting:
    """What all projects of a scenario share: shapes by month and year, rates."""

    months: Array
    period: Array
    monthly: ledger.Shapes
    yearly: ledger.Shapes
    deductions: Array
    rate: Array
    tax_rate: Array


def settings(context: Context) -> list[Setting]:
    """Shapes over time and rates of the project of each option. [mixed].

    They are the same but for what used hardware is worth, which may be a table.

    Parameters
    ----------
    context
        What the study may use. [mixed]

    References
    ----------
    EQ-11, EQ-12.
    """
    shared: Setting | None = None
    found = []
    for groups in context.scenario.options.values():
        quotes = groups.resale.table if groups.resale else None
        if quotes is None:
            shared = shared or setting(context)
            found.append(shared)
        else:
            found.append(setting(context, quotes))
    return found


def setting(context: Context, quotes: tuple[Array, Array] | None = None) -> Setting:
    """Shapes over time and rates of a project of a scenario. [mixed].

    Parameters
    ----------
    context
        What the study may use. [mixed]
    quotes
        Ages [month] and values of used hardware, share of the price [1], in place of
        the residual value.

    Raises
    ------
    ValueError
        When the life for tax is an array: one schedule for all draws.

    References
    ----------
    EQ-11.
    """
    money, tax = context.base["finance"], context.base["returns"]
    months = np.asarray(context.table["months"])
    period, life = (_last(money[n] / MONTH) for n in ("deployment_period", "life"))
    residual = _last(money["residual_value"])
    shape = ledger.shapes(months, period, life, residual, quotes)
    years = tax["tax_life"] / YEAR
    if np.ndim(years):
        raise ValueError("returns.tax_life sets the table of tax years: one value only")
    group = context.scenario.studied["returns"]
    rates = (
        finance.macrs_rates(float(years))
        if getattr(group, "depreciation", METHODS[0]) == "macrs"
        else finance.straight_line(1.0, 0.0, float(years))
    )
    purchases = shape.purchases
    bonus = np.asarray(tax["bonus_share"], float)
    return Setting(
        months=months,
        period=period,
        monthly=shape,
        yearly=ledger.Shapes(*(ledger.by_year(part) for part in shape)),
        deductions=ledger.deductions(months, purchases, life, rates, bonus),
        rate=np.asarray(money["discount_rate"] * YEAR, float),
        tax_rate=np.asarray(tax["tax_rate"], float),
    )


def fleet_project(
    context: Context, place: int, terms: Setting, ratio: Array, price: Array
) -> Project:
    """Project of one option, its fleet scaled to do other work. [USD].

    Parameters
    ----------
    context
        What the study may use. [mixed]
    place
        Position of the option. [1]
    terms
        Shapes and rates. [mixed]
    ratio
        Work to do over the work of the option's own fleet. [1]
    price
        Price of a unit of work in base units. [USD]

    References
    ----------
    EQ-15, EQ-28: the fleet follows the work, what is paid once does not.
    """
    cost = context.costs[place]
    key = tuple(context.scenario.options)[place]
    chips = context.table["count"][place] * ratio
    use = context.base[key]
    lines = {n: v for n, v in cost.reached_lines.items() if n not in cost.parts}
    less = missing(context, place, terms)
    wide = _last(chips)
    software = np.asarray(use["software_cost"], float)
    lines["staff"] = lines.pop("staff and software") - software
    lines["software"] = software
    port = np.asarray(use["port_cost"], float)
    return project(
        {name: chips * value for name, value in cost.parts.items()},
        {"NRE": cost.one_off - port, "port": port},
        {name: chips * value * MONTH for name, value in lines.items()},
        chips * cost.reached * MONTH,
        price,
        terms.yearly,
        terms.deductions,
        terms.rate,
        terms.tax_rate,
        {name: wide * ledger.by_year(flow) for name, flow in less.items()},
    )


def missing(context: Context, place: int, terms: Setting) -> dict[str, Array]:
    """What use that still rises leaves out each month, per chip of the fleet. [mixed].

    Running costs by line [USD] and ``work`` [1]; empty where use does not rise.

    Parameters
    ----------
    context
        What the study may use. [mixed]
    place
        Position of the option. [1]
    terms
        Shapes and rates. [mixed]

    References
    ----------
    :func:`~breakeven.models.amortization.early_months`.
    """
    if (rise := context.costs[place].rise) is None:
        return {}
    ages = rise.missing_work.shape[-1]
    early = np.diff(
        amortization.early_months(terms.months, terms.period, ages),
        axis=-2,
        prepend=0.0,
    )
    flows = rise.missing | {"work": rise.missing_work}
    return {n: np.matvec(early, gap * MONTH) for n, gap in flows.items()}


def present_work(context: Context, place: int, terms: Setting) -> Array:
    """Work of an option's fleet to the horizon, discounted. [1].

    Parameters
    ----------
    context
        What the study may use. [mixed]
    place
        Position of the option. [1]
    terms
        Shapes and rates. [mixed]

    References
    ----------
    EQ-15.
    """
    cost, rate = context.costs[place], monthly_rate(terms.rate)
    flow = _last(cost.reached * MONTH) * terms.monthly.operation
    less = missing(context, place, terms)
    flow = flow - less["work"] if less else flow
    return np.asarray(
        context.table["count"][place] * finance.net_present_value(rate, flow)
    )


def same_work(context: Context, place: int, terms: Setting) -> Array:
    """Work of an option's fleet over that of the reference's. [1].

    Both to the horizon and discounted, which makes no difference while neither rises.

    Parameters
    ----------
    context
        What the study may use. [mixed]
    place
        Position of the option. [1]
    terms
        Shapes and rates. [mixed]

    References
    ----------
    EQ-15, EQ-28.
    """
    own, rival = context.costs[place], context.costs[-1]
    if own.rise is None and rival.rise is None:
        count = context.table["count"]
        return np.asarray(count[place] * own.work / (count[-1] * rival.work))
    last = len(context.costs) - 1
    works = [present_work(context, at, terms) for at in (place, last)]
    return np.asarray(works[0] / works[1])


def cash_by_month(
    context: Context, place: int, terms: Setting, ratio: Array, tax: Array
) -> Array:
    """Net cash flow of a fleet by month; taxes fall at the end of their year. [USD].

    Parameters
    ----------
    context
        What the study may use. [mixed]
    place
        Position of the option. [1]
    terms
        Shapes and rates. [mixed]
    ratio
        Work to do over the work of the option's own fleet. [1]
    tax
        Tax by year, a refund when positive. [USD]

    References
    ----------
    EQ-15, EQ-28.
    """
    cost, shape = context.costs[place], terms.monthly
    chips = context.table["count"][place] * ratio
    running = chips * cost.reached_running * MONTH
    net = ledger.cash_flow(cost.one_off, chips * cost.purchase, running, shape)
    less = missing(context, place, terms)
    net = net + sum(_last(chips) * v for n, v in less.items() if n != "work")
    net = np.array(np.broadcast_to(net, (*context.shape, terms.months.size)))
    due = np.minimum(np.arange(tax.shape[-1]) * MONTHS_PER_YEAR, net.shape[-1] - 1)
    net[..., due] += tax
    return net


def _last(value: Any) -> Array:
    return np.asarray(value, float)[..., None]
