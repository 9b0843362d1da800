"""Is it worth it: the cash flows of an option against those of the reference."""

from __future__ import annotations

from typing import Any

import numpy as np

from breakeven.models import finance, ledger
from breakeven.models.base import Array
from breakeven.models.economics import MONTH
from breakeven.models.nre import tco_to_nre
from breakeven.models.programme import (
    Returns,
    Setting,
    cash_by_month,
    fleet_project,
    same_work,
    settings,
)
from breakeven.models.project import Project
from breakeven.models.study import Context, Outcome, Output, Study
from breakeven.models.tco import monthly_rate
from breakeven.models.units import MONTHS_PER_YEAR

# Why there is one rate of return, several, or none; and whether it is paid back.
RATES = (
    "one rate of return",
    "several rates of return: read the net present value",
    "never pays: no year brings money back",
    "nothing is put in: every year brings money back",
    "no rate of return: the net present value keeps its sign",
    "unknown",
)
PAYBACKS = (
    "paid back",
    "nothing to pay back",
    "never pays back within the horizon",
    "unknown",
)


def returns(context: Context) -> Outcome:
    """Cash flows of every option against the reference, and what they return. [mixed].

    Parameters
    ----------
    context
        What the study may use. [mixed]

    References
    ----------
    EQ-03 to EQ-07, EQ-35.
    """
    terms = settings(context)
    last = len(context.costs) - 1
    found = []
    for place in range(len(context.costs)):
        ratio = same_work(context, place, terms[place])
        none, whole = np.asarray(0.0), np.asarray(1.0)
        own = fleet_project(context, place, terms[place], whole, none)
        other = fleet_project(context, last, terms[last], ratio, none)
        found.append(_against(context, place, own, other, terms, ratio))
    stacked = {name: np.stack([f[name] for f in found]) for name in found[0]}
    for name, value in stacked.items():  # the reference has nothing to be set against
        value[-1] = _UNKNOWN.get(name, np.nan)
    years = np.arange(terms[0].yearly.operation.shape[-1], dtype=float)
    return stacked | {"years": years, "months": terms[0].months}


ONCE = ("NRE", "port")
BOUGHT = ("chip", "server", "network", "storage")
_UNKNOWN = {"irr_reason": len(RATES) - 1, "payback_reason": len(PAYBACKS) - 1}


def _against(
    context: Context,
    place: int,
    own: Project,
    other: Project,
    terms: list[Setting],
    ratio: Array,
) -> dict[str, Array]:
    """What one project brings in place of another that does the same work."""
    parts = {
        "one_off_flow": _sum(own, ONCE) - _sum(other, ONCE),
        "capital_flow": _sum(own, BOUGHT) - _sum(other, BOUGHT),
        "resale_flow": own.lines["resale"] - other.lines["resale"],
        "running_flow": own.operating - other.operating,
        "tax_flow": own.tax - other.tax,
        "net_flow": own.net - other.net,
    }
    wide = (*context.shape, own.net.shape[-1])
    spread = {name: _wide(value, wide) for name, value in parts.items()}
    mine = cash_by_month(context, place, terms[place], np.asarray(1.0), own.tax)
    theirs = cash_by_month(context, -1, terms[-1], ratio, other.tax)
    net, rate = mine - theirs, monthly_rate(terms[0].rate)
    discount = finance.discount_factors(rate, net.shape[-1])
    spread["cumulative"] = np.cumsum(net, -1)
    spread["cumulative_discounted"] = np.cumsum(net * discount, -1)
    costs = -finance.net_present_value(rate, mine)
    rival = -finance.net_present_value(rate, theirs)
    single = {
        **_rates(net),
        **_paybacks(net, discount),
        **_rule(rival, costs, parts["one_off_flow"]),
        **_resales(context, place, own, other, terms[place]),
    }
    return spread | {n: np.array(context.spread(v)) for n, v in single.items()}


def _rates(net: Array) -> dict[str, Array]:
    """Yearly rate of return nearest to zero, the next one, how many, and why."""
    rates = np.expm1(MONTHS_PER_YEAR * np.log1p(finance.internal_rates_of_return(net)))
    count = np.isfinite(rates).sum(axis=-1)
    order = np.argsort(np.where(np.isfinite(rates), np.abs(rates), np.inf), axis=-1)
    first = np.take_along_axis(rates, order, -1)
    changes = finance.sign_changes(net)
    known = np.isfinite(net).all(axis=-1)
    reason = np.select(
        [~known, count == 1, count > 1, changes > 0, (net >= 0.0).all(axis=-1)],
        [5, 0, 1, 4, 3],
        2,
    )
    return {
        "irr": first[..., 0],
        "irr_other": first[..., 1],
        "irr_count": count,
        "irr_reason": reason,
    }


def _paybacks(months: Array, discount: Array) -> dict[str, Array]:
    """Months until it is paid back, at face value and discounted."""
    begun = np.array(months)
    first = np.take_along_axis(months, (months != 0.0).argmax(-1)[..., None], -1)[
        ..., 0
    ]
    # a first outlay after month 0 is still one: no balance of nothing is a payback
    begun[..., 0] -= np.where(
        (months[..., 0] == 0.0) & (first < 0.0), -1e-9 * first, 0.0
    )
    plain = finance.payback_period(begun)
    later = finance.payback_period(begun * discount)
    known = np.isfinite(months).all(axis=-1)
    reason = np.select([~known, np.isinf(plain), plain == 0.0], [3, 2, 1], 0)
    finite = [np.where(np.isfinite(value), value, np.nan) for value in (plain, later)]
    return {
        "payback": finite[0],
        "discounted_payback": finite[1],
        "payback_reason": reason,
    }


def _rule(rival: Array, costs: Array, once: Array) -> dict[str, Array]:
    """Two-for-two: the reference's cost over what is put in, and what that must be."""
    spent = -np.asarray(once)[..., 0]
    rest = costs - spent
    better = rival / np.where(rest > 0.0, rest, np.nan)
    return {
        "rule_has": rival / np.where(spent > 0.0, spent, np.nan),
        "rule_needs": np.where(np.isfinite(better), tco_to_nre(better), np.nan),
    }


def _resales(
    context: Context, place: int, own: Project, other: Project, terms: Setting
) -> dict[str, Array]:
    """What both fleets buy and sell, and what batches left at the horizon fetch."""
    money = context.base["finance"]
    life = np.asarray(money["life"] / MONTH, float)
    groups = list(context.scenario.options.values())[place]
    quotes = groups.resale.table if groups.resale else None
    ages = ledger.ages_left(terms.months, terms.monthly.purchases, life[..., None])

    def worth(age: Array) -> Array:
        if quotes is not None:
            return np.where(np.isnan(age), np.nan, finance.quoted_value(age, *quotes))
        return ledger.resale_share(age, life, money["residual_value"])

    return {
        "bought": -_sum(own, BOUGHT).sum(-1),
        "resale": own.lines["resale"].sum(-1),
        "rival_bought": -_sum(other, BOUGHT).sum(-1),
        "rival_resale": other.lines["resale"].sum(-1),
        "oldest": ages[0],
        "youngest": ages[1],
        "oldest_worth": worth(ages[0]),
        "youngest_worth": worth(ages[1]),
    }


def _sum(item: Project, names: tuple[str, ...]) -> Array:
    zero = np.zeros(item.net.shape[-1])
    return np.asarray(
        sum((v for n, v in item.lines.items() if n in names), start=zero), float
    )


def _wide(value: Array, shape: tuple[int, ...]) -> Array:
    return np.array(np.broadcast_to(value, shape))


def _output(unit: str, label: str, axis: str = "", **more: Any) -> Output:
    return Output(unit, label, axis, by_option=True, **more)


RETURNS = Study(
    name="returns",
    title="Returns of the programme",
    group=Returns,
    evaluate=returns,
    outputs={
        "years": Output("year", "Years", "years", shared=True),
        "months": Output("month", "Months", "months", shared=True),
        "net_flow": _output("USD", "Net cash flow against the reference", "years"),
        "one_off_flow": _output("USD", "of which one-off: NRE and port", "years"),
        "capital_flow": _output("USD", "of which purchases", "years"),
        "resale_flow": _output("USD", "of which resale", "years"),
        "running_flow": _output("USD", "of which running costs and rent", "years"),
        "tax_flow": _output("USD", "of which taxes", "years"),
        "cumulative": _output("USD", "Cumulative net cash flow", "months"),
        "cumulative_discounted": _output(
            "USD", "Cumulative net cash flow, discounted", "months"
        ),
        "irr": _output("1/year", "Internal rate of return, nearest to zero"),
        "irr_other": _output("1/year", "The next internal rate of return"),
        "irr_count": _output("1", "Number of internal rates of return"),
        "irr_reason": _output("1", "What there is of a rate", words=RATES),
        "payback": _output("month", "Payback"),
        "discounted_payback": _output("month", "Discounted payback"),
        "payback_reason": _output("1", "Whether it is paid back", words=PAYBACKS),
        "bought": _output("USD", "Purchases to the horizon, replacements included"),
        "resale": _output("USD", "Resale to the horizon"),
        "rival_bought": _output("USD", "Purchases of the reference for the same work"),
        "rival_resale": _output("USD", "Resale of the reference for the same work"),
        "oldest": _output("month", "Age of the oldest batch left at the horizon"),
        "youngest": _output("month", "Age of the youngest batch left at the horizon"),
        "oldest_worth": _output("1", "What the oldest then fetches, share of price"),
        "youngest_worth": _output("1", "What the youngest then fetches, the same"),
        "rule_has": _output("1", "Cost of the reference over what is put in"),
        "rule_needs": _output("1", "What two-for-two asks of that ratio"),
    },
)
