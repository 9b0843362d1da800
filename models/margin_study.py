"""How low utilisation or price may fall before money is lost, by three measures."""

from __future__ import annotations

from typing import Any

import numpy as np

from breakeven.models.annuity import capital_recovery_factor
from breakeven.models.base import Array, Group, fraction, quantity
from breakeven.models.crossing import CROSSINGS, crossing
from breakeven.models.economics import MONTH, YEAR, hosted_price
from breakeven.models.given import inputs_of
from breakeven.models.hourly import UTILISATIONS, Hourly, hourly, kinked, line
from breakeven.models.study import Context, Outcome, Output, Study
from breakeven.models.tco import monthly_rate

# Prices of the map over the one charged now, and its utilisations.
FACTORS = np.geomspace(0.03, 3.0, 25)
MILLION = 1e6  # tokens of the unit in which a price is given
SHARES = UTILISATIONS[1::2]
RUNNING = (
    "hosting",
    "electricity",
    "maintenance",
    "staff and software",
    "rent",
    "tokens",
)
SOURCES = ("set", "price list of a host", "cost of the reference", "unknown")


class Margin(Group):
    """The price charged, and the debt that the fleet carries."""

    price = quantity(
        None,
        "USD/Mtoken",
        "Price charged per unit of work; empty: a host's price for the same mix, else "
        "what the reference costs",
        slider=(0.1, 100.0),
        log=True,
    )
    debt_share = fraction(0.6, "Share of the purchases that is borrowed")
    debt_rate = quantity(
        0.09, "1/year", "Interest on the debt", bounds=(-0.5, None), slider=(0.0, 0.2)
    )
    debt_term = quantity(
        5.0,
        "year",
        "Years over which the debt is repaid",
        inclusive=(False, True),
        slider=(1.0, 8.0),
    )


def margin(context: Context) -> Outcome:
    """Gross margin by utilisation and price, and the lines where it turns. [1].

    Parameters
    ----------
    context
        What the study may use. [mixed]

    References
    ----------
    EQ-31, EQ-38, EQ-40.
    """
    charged, source = _charged(context)
    found = [_of(context, place, charged) for place in range(len(context.costs))]
    table = {name: np.stack([f[name] for f in found]) for name in found[0]}
    prices = charged[..., None] * FACTORS
    shared = {"utilisations": SHARES, "prices": prices, "price": charged}
    return table | shared | {"price_source": np.full(context.shape, source)}


def _charged(context: Context) -> tuple[Array, int]:
    """Price charged per unit of work, and where it comes from."""
    given = context.base["margin"]["price"]
    if given is not None:
        return np.array(context.spread(np.asarray(given) * MILLION)), 0
    key = next(iter(context.scenario.options))
    hosted: Any = hosted_price(inputs_of(context.scenario, context.base, key))
    if hosted is not None:
        return np.array(context.spread(hosted * context.scale)), 1
    rival = np.array(context.table["cost_per_token"][-1])
    return rival, 2 if np.isfinite(rival).any() else 3


def _of(context: Context, place: int, charged: Array) -> dict[str, Array]:
    """Margins of one option, and the utilisations from which each measure is met."""
    found = hourly(context, place, UTILISATIONS)
    worth = found.work[..., -1] / UTILISATIONS[-1] / context.scale
    price = charged[..., None] * FACTORS
    cost = found.unit_cost(context.scale)[..., 1::2]
    table = 1.0 - cost[..., None, :] / price[..., :, None]
    outcome = {"margins": np.reshape(table, (*context.shape, -1))}
    now = np.asarray(context.table["cost_per_token"][place])
    outcome["margin_now"] = 1.0 - now / charged
    lines = {
        "zero": found.cost,
        "debt": line(context, found, RUNNING) + _service(context, found),
        "power": line(context, found, ("electricity",)),
    }
    for name, total in lines.items():
        shares, _ = _from(context, total, worth, price)
        outcome[f"{name}_line"] = shares
        here, reason = _from(context, total, worth, charged[..., None])
        outcome[f"{name}_now"] = here[..., 0]
        outcome[f"{name}_reason"] = reason[..., 0]
    return outcome


def _service(context: Context, found: Hourly) -> Array:
    """Debt service of one chip per second."""
    terms = context.base["margin"]
    rate = monthly_rate(np.asarray(terms["debt_rate"], float) * YEAR)
    factor = capital_recovery_factor(rate, terms["debt_term"] / MONTH) / MONTH
    borrowed = found.economics.purchase * terms["debt_share"]
    return np.broadcast_to(borrowed * factor, context.shape)[..., None]


def _from(
    context: Context, total: Array, worth: Array, price: Array
) -> tuple[Array, Array]:
    """Utilisation from which revenue covers a cost, at each price, and why none."""
    floor, level, steep = (part[..., None] for part in kinked(total))
    low, high = (np.full(price.shape, UTILISATIONS[i]) for i in (0, -1))
    return crossing(_gap, low, high, floor, level, steep, worth[..., None] * price)


def _gap(share: Array, floor: Array, level: Array, steep: Array, due: Array) -> Array:
    """Cost of a chip less its revenue, both per second."""
    return np.maximum(floor, level + steep * share) - due * share


def _output(unit: str, label: str, axis: str = "", **more: Any) -> Output:
    return Output(unit, label, axis, by_option=True, **more)


_COVERS = {
    "zero": "all costs",
    "debt": "running costs and debt",
    "power": "electricity",
}

MARGIN = Study(
    name="margin",
    title="Margin by utilisation and price",
    group=Margin,
    evaluate=margin,
    outputs={
        "utilisations": Output("1", "Utilisation", "utilisations", shared=True),
        "prices": Output("USD/{scaled}", "Price", "prices"),
        "price": Output("USD/{scaled}", "Price charged"),
        "price_source": Output("1", "Where the price comes from", words=SOURCES),
        "margins": _output("1", "Gross margin, utilisation within price", "cells"),
        "margin_now": _output("1", "Gross margin now"),
        **{
            name: output
            for measure, what in _COVERS.items()
            for name, output in (
                (
                    f"{measure}_line",
                    _output("1", f"Utilisation that covers {what}, by price", "prices"),
                ),
                (
                    f"{measure}_now",
                    _output("1", f"Utilisation that covers {what} at this price"),
                ),
                (
                    f"{measure}_reason",
                    _output("1", f"Whether {what} can be covered", words=CROSSINGS),
                ),
            )
        },
    },
)
