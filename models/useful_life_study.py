"""Study: what if the chips last three years and not six."""

from __future__ import annotations

from typing import Any

import numpy as np
import param

from breakeven.models import tco
from breakeven.models import useful_life as book
from breakeven.models.annuity import capital_recovery_factor
from breakeven.models.base import Array, Group, fraction, quantity
from breakeven.models.cash_flow import discount_factors
from breakeven.models.depreciation import (
    declining_balance,
    macrs_rates,
    sum_of_years_digits,
)
from breakeven.models.economics import MONTH, YEAR
from breakeven.models.residual import market_value, quoted_value
from breakeven.models.study import Context, Outcome, Output, Study

YEARS = np.arange(0.0, 11.0)
GIGAWATT = 1e9  # W
LIVES = ("booked", "revised")
METHODS = (
    "straight line",
    "revised",
    "sum of digits",
    "double declining",
    "tax (MACRS)",
    "market",
)


class Quotes(param.String[Any]):
    """A table of second-hand quotes in words, ages ascending."""

    def _validate(self, val: Any) -> None:
        super()._validate(val)
        book.quotes(val)


class UsefulLife(Group):
    """Lives and schedules: as booked, as revised, for tax, on the market."""

    booked_life = quantity(
        None,
        "year",
        "Useful life as booked",
        bounds=(book.MONTH_OF_YEAR, 10.0),
        slider=(1, 8),
    )
    revised_life = quantity(
        None,
        "year",
        "Useful life as revised, counted from the purchase",
        bounds=(book.MONTH_OF_YEAR, 10.0),
        slider=(1, 8),
    )
    revision = quantity(
        None,
        "year",
        "Age at which the life is revised; earlier charges stand",
        bounds=(0.0, 10.0),
        slider=(0, 5),
    )
    tax_life = quantity(
        None,
        "year",
        "Property class for US tax; computers and servers are of 5 years",
        bounds=(1.0, 10.0),
        slider=(3, 10),
    )
    bonus = fraction(None, "Share that tax law lets expense in the first year")
    tax_rate = fraction(None, "Tax rate on profit; moves the tax line alone")
    decay = quantity(
        None,
        "1/year",
        "Rate at which the second-hand value falls, as a curve",
        slider=(0.0, 1.0),
    )
    site_capital = quantity(
        None, "BUSD", "Purchases of a published site of 1 GW", slider=(5, 80)
    )
    site_other = quantity(
        None, "BUSD/year", "What that site costs besides, a year", slider=(0, 10)
    )
    market: Any = param.Selector(
        default="curve",
        objects=["curve", "quotes"],
        doc="Second-hand value from the curve or from the table of quotes",
    )
    market_quotes = Quotes(
        default="", doc="Table of quotes: age in years and share of the price, …"
    )


def _books(context: Context) -> Array:
    """Book value by each of METHODS at the ends of YEARS, per purchase price. [1]."""
    given, finance = context.base["useful_life"], context.base["finance"]
    life, revised, at = (
        _last(given[n] / YEAR) for n in ("booked_life", "revised_life", "revision")
    )
    salvage = _last(finance["residual_value"])
    plain = (np.asarray(1.0), salvage[..., 0], life[..., 0])
    span = YEARS.size - 1
    schedules = (
        sum_of_years_digits(*plain, years=span),
        declining_balance(*plain, years=span, switch=True),
        _fitted(_tax(given)),
    )
    group: Any = context.scenario.studied["useful_life"]
    if group.market == "quotes":
        market = quoted_value(YEARS, *book.quotes(group.market_quotes))
    else:
        market = market_value(1.0, _last(given["decay"] * YEAR), YEARS)
    rows = [
        book.line_book(salvage, life, YEARS),
        book.revised_book(salvage, life, revised, at, YEARS),
        *(_left(charges) for charges in schedules),
        market,
    ]
    shape = (*context.shape, YEARS.size)
    return np.stack([np.broadcast_to(row, shape) for row in rows], axis=-2)


def _tax(given: dict[str, Array]) -> Array:
    """Tax rates with the share expensed at once."""
    rates = macrs_rates(given["tax_life"] / YEAR)
    return book.tax_charges(rates, given["bonus"])


def _fitted(charges: Array) -> Array:
    """Charges over as many years as are shown."""
    span = YEARS.size - 1
    short = max(span - charges.shape[-1], 0)
    padded = np.concatenate([charges, np.zeros((*charges.shape[:-1], short))], axis=-1)
    return np.asarray(padded[..., :span])


def _left(charges: Array) -> Array:
    """What charges leave of 1 at the end of years 0, 1, …."""
    start = np.zeros((*charges.shape[:-1], 1))
    return np.asarray(1.0 - np.concatenate([start, charges.cumsum(axis=-1)], axis=-1))


def _outcome(context: Context) -> Outcome:
    """Schedules per purchase price, and what they mean for a GW of each option."""
    given, finance = context.base["useful_life"], context.base["finance"]
    books = _books(context)
    charges = book.yearly_charges(books)
    salvage = finance["residual_value"]
    lives = [given[f"{n}_life"] / YEAR for n in LIVES]
    at = given["revision"] / YEAR
    change = book.charge_change(salvage, lives[0], lives[1], at)
    tax = _tax(given)
    worth = discount_factors(finance["discount_rate"] * YEAR, tax.shape[-1] + 1)
    shield = given["tax_rate"] * np.vecdot(tax, worth[..., 1:])
    straight = [(1.0 - salvage) / life for life in lives]
    per_price = {
        "booked_charge": straight[0],
        "revised_charge": straight[1],
        "tax_charge": tax[..., 0],
        "market_charge": charges[..., -1, 0],
        "charge_change": change,
        "tax_shield": shield,
    }
    rows = [_option(context, i, per_price) for i in range(len(context.costs))]
    found: dict[str, Any] = {
        name: np.stack([np.broadcast_to(row[name], context.shape) for row in rows])
        for name in rows[0]
    }
    site, other = given["site_capital"], given["site_other"] * YEAR
    yearly = [site / life + other for life in lives]
    found |= {
        f"site_{k}": context.spread(v) for k, v in zip(LIVES, yearly, strict=True)
    }
    found["site_swing"] = context.spread(yearly[1] / yearly[0] - 1.0)
    return found | {
        "years": YEARS,
        "book": books,
        "charge": charges,
    }


def _option(context: Context, i: int, per_price: dict[str, Array]) -> dict[str, Array]:
    """What the schedules mean for 1 GW of an option, and for its cost of work."""
    cost, finance = context.costs[i], context.base["finance"]
    bought = cost.purchase if cost.parts else np.asarray(np.nan)
    power = cost.provisioned_power * context.base["site"]["pue"]
    capital = bought / power * GIGAWATT
    given, lines = context.base["useful_life"], context.table["breakdown"][:, i]
    held = sum(lines[tco.COST_LINES.index(n)] for n in cost.parts)
    design = lines[tco.COST_LINES.index("NRE")]
    rest = context.table["cost_per_token"][i] - held - design
    found = {name: capital * share for name, share in per_price.items()}
    now = _factors(finance, finance["life"])
    for name in LIVES:
        charge, recovery = _factors(finance, given[f"{name}_life"])
        other = rest + held * charge / now[0] + design * recovery / now[1]
        found[f"{name}_cost"] = other + 0.0 * bought
    return found | {"capital": capital}


def _factors(finance: dict[str, Array], life: Array) -> tuple[Array, Array]:
    """Monthly charge per price of what is resold at the end, and of what is not."""
    rate, periods = tco.monthly_rate(finance["discount_rate"] * YEAR), life / MONTH
    one = np.asarray(1.0)
    charge = tco.capital_charge(one, finance["residual_value"], rate, periods)
    return charge, capital_recovery_factor(rate, periods)


def _last(value: Any) -> Array:
    """A value with one more axis at the end, for the years."""
    return np.asarray(value, float)[..., None]


def _per_gigawatt(label: str, unit: str = "USD/year") -> Output:
    return Output(unit, f"{label}, 1 GW of facility power", by_option=True)


OUTPUTS = {
    "years": Output("year", "Years since the purchase", "years", shared=True),
    "book": Output("1", "Book value by method, per purchase price", "methods, years"),
    "charge": Output("1/year", "Charge of each year by method", "methods, years"),
    "site_booked": Output("USD/year", "Published site, booked life, no salvage"),
    "site_revised": Output("USD/year", "Published site, revised life, no salvage"),
    "site_swing": Output("1", "Change of its yearly cost by the shorter life"),
    "capital": _per_gigawatt("Purchases", "USD"),
    "booked_charge": _per_gigawatt("Yearly charge over the booked life"),
    "revised_charge": _per_gigawatt("Yearly charge over the revised life"),
    "tax_charge": _per_gigawatt("Tax depreciation of the first year"),
    "market_charge": _per_gigawatt("Loss of market value in the first year"),
    "charge_change": _per_gigawatt("Change of the yearly charge by the revision"),
    "tax_shield": _per_gigawatt("Present value of the tax saved", "USD"),
    "booked_cost": Output(
        "USD/{scaled}", "Levelised cost over the booked life", by_option=True
    ),
    "revised_cost": Output(
        "USD/{scaled}", "Levelised cost over the revised life", by_option=True
    ),
}

USEFUL_LIFE = Study("useful_life", "Useful life", UsefulLife, _outcome, OUTPUTS)
