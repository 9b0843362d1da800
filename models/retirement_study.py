"""Study: when the old fleet should be switched off, and how long a new one runs."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from breakeven.models import retirement, tco
from breakeven.models.base import Array
from breakeven.models.chip import Chip
from breakeven.models.economics import MONTH, YEAR, Economics, economics
from breakeven.models.performance import performance
from breakeven.models.residual import market_value
from breakeven.models.retirement_inputs import OLD, Retirement
from breakeven.models.study import Context, Outcome, Output, Study
from breakeven.models.throughput import Stack
from breakeven.models.units import MONTHS_PER_YEAR

LIVES = np.arange(1.0, 121.0)
MEGAWATT = 1e6  # W
# Lines of cost that follow the price of new hardware.
_FALLING = "chip server network storage maintenance rent tokens".split()


class _Paths(NamedTuple):
    """What moves with time: factors over years, on the last axis."""

    electricity: Array
    hardware: Array
    new_work: Array
    old_work: Array
    repairs: Array
    price: Array


def _paths(given: dict[str, Any], time: Array) -> _Paths:
    """Factors after times in years."""
    rates = (
        given["electricity_growth"],
        -np.asarray(given["hardware_decline"], float),
        given["new_software_gain"],
        given["old_software_gain"],
        given["maintenance_growth"],
        -np.asarray(given["price_decline"], float),
    )
    return _Paths(*(retirement.growth(time, _last(rate * YEAR)) for rate in rates))


def _old(context: Context) -> Economics:
    """Economics of one old chip, doing the work of the reference as it does."""
    scenario, base = context.scenario, context.base
    key, chip = scenario.reference, base[f"{OLD}.chip"]
    shared = {name: base[name] for name in ("workload", "site", "finance")}
    given = shared | {
        "option": base[key],
        "chip": chip,
        "stack": base[f"{OLD}.stack"],
        "llm": base["workload.llm"],
    }
    option = scenario.options[key].option
    work = performance(scenario.workload, option, given)
    bought = "build" if chip["price"] is None else "buy"
    return economics(option, given, work, bought)


def _worth(context: Context, old: Economics) -> tuple[Array, Array]:
    """Market value and book value of an old chip today. [USD]."""
    given, finance = context.base["retirement"], context.base["finance"]
    age = given["age"]
    market = given["market_value"]
    if market is None:
        market = market_value(old.purchase, given["value_decay"], age)
    book = given["book_value"]
    if book is None:
        book = retirement.straight_book(
            old.purchase, finance["residual_value"], age, finance["life"]
        )
    return np.asarray(market, float), np.asarray(book, float)


def _kept(context: Context, old: Economics, months: Array) -> dict[str, Array]:
    """Cost of work on the old fleet by month, what it earns, and what it is worth."""
    given = context.base["retirement"]
    paths = _paths(given, months / MONTHS_PER_YEAR)
    market, book = _worth(context, old)
    rate = np.log1p(context.base["finance"]["discount_rate"] * YEAR) / YEAR
    spent = _last(given["value_decay"]) * months * MONTH
    sale = _last(given["resale_share"] * market) * np.exp(-spent)
    lines = {name: _last(value) for name, value in old.lines.items()}
    moved = ("electricity", "maintenance", *old.parts)
    cost = retirement.avoidable_cost(
        sum((v for k, v in lines.items() if k not in moved), np.asarray(0.0)),
        lines["electricity"] * paths.electricity,
        lines["maintenance"] * paths.repairs,
        retirement.holding_cost(sale, _last(given["value_decay"]), _last(rate)),
        _last(old.work) * paths.old_work,
    )
    power = _last(old.provisioned_power * context.base["site"]["pue"])
    price = _price(context, paths)
    work = _last(old.work) * paths.old_work
    earned = retirement.contribution(price, cost, work, np.asarray(0.0), power)
    left = np.maximum(context.base["finance"]["life"] - given["age"], MONTH)
    gone = np.minimum(months * MONTH / _last(left), 1.0)
    salvage = np.minimum(book, old.purchase * context.base["finance"]["residual_value"])
    books = _last(book) - _last(book - salvage) * gone
    return {
        "cost": cost,
        "earned": earned,
        "write_off": books - sale,
        "market": market,
        "book": book,
    }


def _price(context: Context, paths: _Paths) -> Array:
    """Price of work by month. [USD]."""
    today = context.table["cost_per_token"][-1] / context.scale
    return _last(today * context.base["retirement"]["markup"]) * paths.price


class _Bought(NamedTuple):
    """Cost of work on a new chip by month: its parts, without software gains. [USD]."""

    falling: Array
    design: Array
    running: Array
    repairs: Array


def _bought(context: Context, i: int, paths: _Paths) -> _Bought:
    """Cost of work on a chip of an option bought in each month."""
    lines = dict(zip(tco.COST_LINES, context.table["breakdown"][:, i], strict=True))
    part = {name: _last(value / context.scale) for name, value in lines.items()}
    capital = sum(part[n] for n in _FALLING if n != "maintenance")
    steady = sum(part[n] for n in ("hosting", "staff and software"))
    return _Bought(
        falling=capital * paths.hardware,
        design=part["NRE"] + 0.0 * paths.hardware,
        running=steady + part["electricity"] * paths.electricity,
        repairs=part["maintenance"] * paths.hardware,
    )


def _option(
    context: Context, i: int, old: dict[str, Array], months: Array
) -> dict[str, Array]:
    """When an option should take over, with and without a cap on power."""
    given, cost = context.base["retirement"], context.costs[i]
    paths = _paths(given, months / MONTHS_PER_YEAR)
    new = _bought(context, i, paths)
    full = sum(new) / paths.new_work
    power = _last(cost.provisioned_power * context.base["site"]["pue"])
    work = _last(cost.work) * paths.new_work
    cash = (new.running + new.repairs) / paths.new_work
    capital = (new.falling + new.design) * _last(cost.work)
    earned = retirement.contribution(_price(context, paths), cash, work, capital, power)
    month = retirement.first_month(old["cost"] - full, months)
    capped = retirement.first_month(earned - old["earned"], months)
    lost = _at(old["write_off"], month, months)
    return {
        "new_cost": full * context.scale,
        "new_contribution": earned * MEGAWATT * MONTH,
        "month": month,
        "capped_month": capped,
        "write_off": lost,
        **_life(context, i),
    }


def _life(context: Context, i: int) -> dict[str, Array]:
    """Level cost of work over lives of 1, 2, … months, and the cheapest life."""
    given, cost = context.base["retirement"], context.costs[i]
    finance = context.base["finance"]
    ages = (LIVES - 0.5) / MONTHS_PER_YEAR
    paths = _paths(given, ages)
    successor = sum(_bought(context, i, paths)) / paths.new_work
    today = _last(context.table["cost_per_token"][i] / context.scale)
    lines = {name: _last(value) for name, value in cost.lines.items()}
    grown = {"electricity": paths.electricity, "maintenance": paths.repairs}
    running = sum(
        (v * grown.get(k, 1.0) for k, v in lines.items() if k not in cost.parts),
        np.asarray(0.0),
    )
    obsolete = _last(cost.work) * (today - successor)
    bought = cost.purchase if cost.parts else np.asarray(np.nan)
    worth = _last(bought * given["resale_share"]) * np.exp(
        -_last(given["value_decay"]) * LIVES * MONTH
    )
    rate = tco.monthly_rate(finance["discount_rate"] * YEAR)
    level = retirement.annual_equivalents(
        bought + 0.0 * rate, worth, (running + obsolete) * MONTH, rate
    )
    each = level / _last(cost.work * MONTH) * context.scale
    best = retirement.least_month(each)
    return {"cost_by_life": each, "economic_life": best}


def _at(values: Array, month: Array, months: Array) -> Array:
    """Values at a month, on a straight line between two; NaN at no month."""
    known = np.where(np.isnan(month), 0.0, month)
    index = np.clip(known.astype(int), 0, months.size - 2)[..., None]
    values = np.broadcast_to(values, (*np.shape(month), months.size))
    low, high = (
        np.take_along_axis(values, index + step, -1)[..., 0] for step in (0, 1)
    )
    found = low + (high - low) * (known - index[..., 0])
    return np.where(np.isnan(month), np.nan, found)


def _outcome(context: Context) -> Outcome:
    """The old fleet, and when each option should take over."""
    horizon = np.floor(context.base["finance"]["horizon"] / MONTH)
    months = np.arange(0.0, horizon + 1.0)
    old = _old(context)
    kept = _kept(context, old, months)
    rows = [_option(context, i, kept, months) for i in range(len(context.costs))]
    sizes = {"months": (months.size,), "lives": (LIVES.size,), "": ()}
    found: dict[str, Any] = {"months": months, "lives": LIVES}
    for name in rows[0]:
        shape = (*context.shape, *sizes[OUTPUTS[name].axis])
        found[name] = np.stack([np.broadcast_to(row[name], shape) for row in rows])
    wide = (*context.shape, months.size)
    found["old_cost"] = np.broadcast_to(kept["cost"] * context.scale, wide)
    earned = kept["earned"] * MEGAWATT * MONTH
    found["old_contribution"] = np.broadcast_to(earned, wide)
    found["market_now"] = context.spread(kept["market"])
    found["book_now"] = context.spread(kept["book"])
    monthly = old.work * MONTH / context.scale
    count = context.table["work_per_month"][-1] / monthly
    found["old_count"] = context.spread(count)
    found["fleet_write_off"] = found["write_off"] * found["old_count"]
    return found


def _last(value: Any) -> Array:
    """A value with one more axis at the end, for months or lives."""
    return np.asarray(value, float)[..., None]


def _by_option(unit: str, label: str, axis: str = "") -> Output:
    return Output(unit, label, axis, by_option=True)


OUTPUTS = {
    "months": Output("month", "Months from today", "months", shared=True),
    "lives": Output("month", "Months that a chip is kept", "lives", shared=True),
    "old_cost": Output("USD/{scaled}", "Avoidable cost on the old fleet", "months"),
    "old_contribution": Output("USD/MW/month", "What 1 MW of it earns", "months"),
    "market_now": Output("USD", "Market value of an old chip today"),
    "book_now": Output("USD", "Book value of an old chip today"),
    "old_count": Output("chip", "Old chips that do the work of the reference"),
    "new_cost": _by_option("USD/{scaled}", "Full cost on new chips", "months"),
    "new_contribution": _by_option(
        "USD/MW/month", "What 1 MW of new chips earns, capital paid", "months"
    ),
    "month": _by_option("month", "Month to switch the old fleet off"),
    "capped_month": _by_option("month", "The same when power is the cap"),
    "write_off": _by_option("USD", "Written off per old chip then"),
    "fleet_write_off": _by_option("USD", "Written off for the old fleet then"),
    "cost_by_life": _by_option("USD/{scaled}", "Level cost of work by life", "lives"),
    "economic_life": _by_option("month", "Life of the lowest level cost"),
}

RETIREMENT = Study(
    "retirement",
    "Retirement",
    Retirement,
    _outcome,
    OUTPUTS,
    beside={f"{OLD}.chip": Chip, f"{OLD}.stack": Stack},
)
