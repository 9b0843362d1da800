"""Study: how much of a chip's price is margin, from wafer to a gigawatt of chips.

Each seller's price is the next one's cost. What a chip costs to make comes from the
study of its making; the last margin is what the price in use leaves above it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from breakeven.models import making, power
from breakeven.models.base import Array, Group, fraction, quantity
from breakeven.models.lifetime import given_of, life_of
from breakeven.models.margin import gross_margin, price_at_other_margin
from breakeven.models.silicon_study import laws
from breakeven.models.study import Context, Outcome, Output, Study
from breakeven.models.units import HOUR

STEPS = (
    "making at cost",
    "foundry's margin",
    "memory maker's margin",
    "seller's margin",
    "server",
    "network and storage",
    "building",
)
CHIP = STEPS.index("seller's margin") + 1  # the steps before make the price of a chip
_SILICON = [making.BILL.index("good silicon"), making.BILL.index("lost silicon")]
_MEMORY, _PARTNER = making.BILL.index("memory"), making.BILL.index("partner's margin")


class Markup(Group):
    """Margins on the way from wafer to data centre."""

    foundry_margin = fraction(0.6, "Gross margin in the price of a wafer")
    memory_margin = fraction(0.55, "Gross margin in the price of memory")
    other_margin = quantity(
        0.5,
        "1",
        "Another gross margin of the seller of the chip",
        bounds=(0.0, 1.0),
        inclusive=(True, False),
        slider=(0.0, 0.9),
    )
    facility_price = quantity(
        11.7, "USD/W", "Building, cooling and power train, per IT watt", slider=(5, 25)
    )


def _price(context: Context, place: int) -> Array:
    """Price of the chip as the option comes by it; what it is made for when built."""
    option = list(context.scenario.options.values())[place].option
    chip = given_of(context, place)["chip"]
    names = ("unit_cost", "price")
    if option.acquisition != "build":
        names = ("price", "unit_cost")
    for name in names:
        if chip[name] is not None:
            return np.asarray(chip[name], float)
    return np.asarray(np.nan)


def _steps(context: Context, place: int, price: Array) -> tuple[list[Array], Array]:
    """Money of each step for one chip, and what the chip costs to make. [USD]."""
    terms = context.base["markup"]
    key = list(context.scenario.options)[place]
    inputs, chip = context.base[f"{key}.silicon"], given_of(context, place)["chip"]
    volume = making.lifetime_volume(inputs)
    lines = making.bill(*laws(context.scenario, key), inputs, volume)
    bill = making.added(lines[:_PARTNER])
    wafer = making.added(lines[_SILICON]) * terms["foundry_margin"]
    memory = lines[_MEMORY] * terms["memory_margin"]
    parts = [
        np.asarray(np.nan if chip[n] is None else chip[n], float)
        for n in ("server_cost", "network_cost")
    ]
    building = terms["facility_price"] * context.costs[place].provisioned_power
    return [
        bill - wafer - memory,
        wafer,
        memory,
        price - bill,
        *parts,
        np.asarray(building),
    ], bill


def _option(context: Context, place: int) -> dict[str, Any]:
    """Outputs of one option."""
    terms, site = context.base["markup"], context.base["site"]
    price = _price(context, place)
    steps, bill = _steps(context, place, price)
    limit = context.costs[place].provisioned_power
    chips = 1e9 / power.facility_power(limit, site["pue"])
    beside = sum(steps[CHIP:], start=np.asarray(0.0))
    capex = price + beside
    margin = gross_margin(price, bill)
    other = price_at_other_margin(price, margin, terms["other_margin"])
    plain = {
        "price": price,
        "bill": bill,
        "seller_margin": margin,
        "capex": capex,
        "chips_per_gw": chips,
        "capex_per_gw": capex * chips / 1e9,
        "other_price": other,
        "saved": price - other,
        "saved_share": (price - other) / capex,
        "saved_per_gw": (price - other) * chips / 1e9,
        **_cloud(context, place, price),
    }
    found = {name: context.spread(value) for name, value in plain.items()}
    each = np.stack([context.spread(step) for step in steps], axis=-1)
    return found | {
        "steps": each,
        "steps_per_gw": each * np.asarray(context.spread(chips))[..., None] / 1e9,
    }


def _cloud(context: Context, place: int, price: Array) -> dict[str, Array]:
    """Share of a rent that is above the full cost of the chip-hour it pays for."""
    cost, chip = context.costs[place], given_of(context, place)["chip"]
    life = life_of(context, place, "buy")
    owned = life.at(price) * cost.recovery * HOUR
    rents = {}
    for name in ("rental_price", "commit_3yr_price"):
        rent = np.nan if chip[name] is None else np.asarray(chip[name]) * HOUR
        rents[name] = gross_margin(rent, owned)
    return {
        "hour_cost": owned,
        "cloud_margin": rents["rental_price"],
        "cloud_margin_3yr": rents["commit_3yr_price"],
    }


def evaluate(context: Context) -> Outcome:
    """Outputs of the study. [mixed].

    Parameters
    ----------
    context
        The scenario and what the core found. [mixed]

    References
    ----------
    EQ-25, EQ-29.
    """
    each = [_option(context, place) for place in range(len(context.costs))]
    return {name: np.stack([one[name] for one in each]) for name in each[0]}


def _each(unit: str, label: str, axis: str = "") -> Output:
    return Output(unit, label, axis, by_option=True)


OUTPUTS = {
    "steps": _each("USD", "What each step adds to one chip", "step"),
    "steps_per_gw": _each("BUSD/GW", "What each step adds to a gigawatt", "step"),
    "price": _each("USD", "Price of the chip in use"),
    "bill": _each("USD", "What it costs to make, the seller's margin left out"),
    "seller_margin": _each("1", "Gross margin of the seller of the chip"),
    "capex": _each("USD", "Chip, server, network and building"),
    "chips_per_gw": _each("chip/GW", "Chips that a gigawatt of facility power feeds"),
    "capex_per_gw": _each("BUSD/GW", "Paid for a gigawatt"),
    "other_price": _each("USD", "Price at the other margin"),
    "saved": _each("USD", "Saved on one chip at the other margin"),
    "saved_share": _each("1", "The same as a share of all that is paid"),
    "saved_per_gw": _each("BUSD/GW", "Saved on a gigawatt at the other margin"),
    "hour_cost": _each("USD/h", "Full cost of a chip-hour at that price"),
    "cloud_margin": _each("1", "Share of the on-demand rent above that cost"),
    "cloud_margin_3yr": _each("1", "Share of the 3-year rent above that cost"),
}

MARKUP = Study(
    name="markup",
    title="Margins",
    group=Markup,
    evaluate=evaluate,
    outputs=OUTPUTS,
    needs=("silicon",),
)
