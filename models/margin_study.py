"""How low utilisation or price may fall before money is lost, by three measures."""

from __future__ import annotations

from typing import Any

import numpy as np

from breakeven.models.acquisition import hosted_price
from breakeven.models.annuity import capital_recovery_factor
from breakeven.models.base import Array, Group, fraction, quantity
from breakeven.models.crossing import CROSSINGS, crossing, crossing_on
from breakeven.models.economics import MONTH, YEAR
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


_COVERS = {
    "zero": "all costs",
    "debt": "running costs and debt",
    "power": "electricity",
}


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
    places = range(len(context.costs))
    chips = [hourly(context, place, UTILISATIONS) for place in places]
    prices = charged[..., None] * FACTORS
    asked = np.concatenate([prices, charged[..., None]], axis=-1)
    shares, reasons = _covered(context, chips, asked)
    found = [
        _of(context, place, chips[place], charged, prices)
        | {f"{name}_line": shares[place, k, ..., :-1] for k, name in enumerate(_COVERS)}
        | {f"{name}_now": shares[place, k, ..., -1] for k, name in enumerate(_COVERS)}
        | {
            f"{name}_reason": reasons[place, k, ..., -1]
            for k, name in enumerate(_COVERS)
        }
        for place in places
    ]
    table = {name: np.stack([f[name] for f in found]) for name in found[0]}
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


def _of(
    context: Context, place: int, found: Hourly, charged: Array, price: Array
) -> dict[str, Array]:
    """Margins of one option by price and utilisation, and now."""
    cost = found.unit_cost(context.scale)[..., 1::2]
    table = 1.0 - cost[..., None, :] / price[..., :, None]
    now = np.asarray(context.table["cost_per_token"][place])
    return {
        "margins": np.reshape(table, (*context.shape, -1)),
        "margin_now": 1.0 - now / charged,
    }


def _covered(
    context: Context, chips: list[Hourly], price: Array
) -> tuple[Array, Array]:
    """Utilisation from which revenue covers each cost at each price, and why none.

    By option, then by measure, in one search.
    """
    total = np.stack(
        [
            [
                chip.cost,
                line(context, chip, RUNNING) + _service(context, chip),
                line(context, chip, ("electricity",)),
            ]
            for chip in chips
        ]
    )
    worth = np.stack([chip.work[..., -1] for chip in chips])[:, None]
    due = (worth / UTILISATIONS[-1] / context.scale)[..., None] * price
    if context.rises:
        gap = total[..., None, :] - due[..., None] * UTILISATIONS
        return crossing_on(gap, UTILISATIONS)
    floor, level, steep = (part[..., None] for part in kinked(total))
    wide = np.broadcast_shapes(due.shape, floor.shape)
    low, high = (np.full(wide, UTILISATIONS[place]) for place in (0, -1))
    return crossing(_gap, low, high, floor, level, steep, due)


def _service(context: Context, found: Hourly) -> Array:
    """Debt service of one chip per second."""
    terms = context.base["margin"]
    rate = monthly_rate(np.asarray(terms["debt_rate"], float) * YEAR)
    factor = capital_recovery_factor(rate, terms["debt_term"] / MONTH) / MONTH
    borrowed = found.economics.purchase * terms["debt_share"]
    return np.broadcast_to(borrowed * factor, context.shape)[..., None]


def _gap(share: Array, floor: Array, level: Array, steep: Array, due: Array) -> Array:
    """Cost of a chip less its revenue, both per second."""
    return np.maximum(floor, level + steep * share) - due * share


def _output(unit: str, label: str, axis: str = "", **more: Any) -> Output:
    return Output(unit, label, axis, by_option=True, **more)


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
