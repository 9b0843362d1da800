"""From chips, workloads and rules to the programme of a fleet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from breakeven.models import tco
from breakeven.models.base import Array
from breakeven.models.economics import MONTH, YEAR
from breakeven.models.fleet import Fleet
from breakeven.models.fleet_chips import Table
from breakeven.models.fleet_what_if import cut, dearer, delayed

QUARTER = 3 * MONTH


@dataclass(frozen=True)
class Names:
    """Chips, their vendors, and workloads; ``reference`` is the chip compared with."""

    chips: tuple[str, ...]
    vendors: tuple[str, ...]
    workloads: tuple[str, ...]
    reference: str


Inputs = Mapping[str, Any]


def fleet(
    names: Names,
    found: Table,
    caps: Inputs,
    finance: Inputs,
    deliveries: Sequence[Inputs],
    demands: Sequence[float],
    markets: Sequence[Inputs],
    rules: Mapping[str, Inputs],
    objective: str,
) -> Fleet:
    """Fleet of the chips and workloads of a table. [mixed].

    Parameters
    ----------
    names
        Names, in the order of the table. [text]
    found
        Rate, power and cost of each chip on each workload. [mixed]
    caps
        Caps of the site in base units. [mixed]
    finance
        Inputs of the group finance in base units. [mixed]
    deliveries
        Supply of each chip in base units. [mixed]
    demands
        Work asked for at the start, infinite where all that is made is sold. [1/s]
    markets
        Growth and price of each workload in base units. [mixed]
    rules
        Shares of vendors and what may go wrong with them, by vendor. [mixed]
    objective
        cost, margin or tokens. [text]

    References
    ----------
    EQ-15, EQ-39.
    """
    quarters = round(float(caps["quarters"]))
    every = np.arange(quarters)
    rate = tco.monthly_rate(finance["discount_rate"] * YEAR)
    growth = np.array([market["growth"] for market in markets])
    price = prices(found, names, caps, markets)
    built = Fleet(
        chips=names.chips,
        workloads=names.workloads,
        vendors=names.vendors,
        demand=np.asarray(demands)[:, None] * (1.0 + growth[:, None]) ** every,
        price=np.repeat(price[:, None], quarters, axis=1),
        power_cap=ramped(float(caps["power_cap"]), float(caps["ramp"]), quarters),
        budget=float(caps["budget"]),
        discount=np.exp(-np.log1p(rate) * 3.0 * (every + 0.5)),
        period=QUARTER,
        objective=objective,
        **_shares(rules),
        **_columns(found, deliveries, every),
    )
    for chip, one in zip(names.chips, deliveries, strict=True):
        built = troubled(built, chip, one)
    for vendor, one in rules.items():
        built = troubled(built, vendor, one)
    return built


def _shares(rules: Mapping[str, Inputs]) -> dict[str, Any]:
    """Rules on shares that say anything."""
    return {
        "least_share": {
            v: float(r["least_share"]) for v, r in rules.items() if r["least_share"] > 0
        },
        "most_share": {
            v: float(r["most_share"]) for v, r in rules.items() if r["most_share"] < 1
        },
    }


def _columns(found: Table, deliveries: Sequence[Inputs], every: Any) -> dict[str, Any]:
    """What is known of each chip; one of which nothing is known cannot be had."""
    able = np.isfinite(found.rate + found.purchase[:, None])
    usable: Any = able.any(axis=1)
    supply = np.stack([_supply(one, every) for one in deliveries])

    def known(values: Array) -> Array:
        return np.where(usable, np.nan_to_num(values), 0.0)

    def each(values: Array) -> Array:
        return np.repeat(known(values)[:, None], every.size, axis=1)

    return {
        "rate": np.where(able, found.rate, 0.0),
        "running": np.where(able, found.running, 0.0),
        "rent": np.where(able, found.rent, 0.0),
        "charge": each(found.charge),
        "purchase": each(found.purchase),
        "one_off": known(found.one_off),
        "one_off_charge": known(found.one_off * found.recovery),
        "power": known(found.power),
        "weight": known(found.power),
        "supply": np.where(usable[:, None], supply, 0.0),
        "existing": np.array([one["existing"] for one in deliveries]) * usable,
        "rack": np.array([one["rack"] for one in deliveries]),
        "vendor_share": known(found.chip_share),
    }


def troubled(built: Fleet, vendor: str, trouble: Inputs) -> Fleet:
    """Fleet after what may go wrong with a vendor or a chip. [mixed].

    Parameters
    ----------
    built
        The fleet. [mixed]
    vendor
        Vendor, or a single chip. [text]
    trouble
        Its late, short and price_rise in base units. [mixed]

    References
    ----------
    EQ-44.
    """
    if trouble["late"]:
        built = delayed(built, vendor, float(trouble["late"]) / QUARTER)
    if trouble["short"]:
        built = cut(built, vendor, float(trouble["short"]))
    if trouble["price_rise"]:
        built = dearer(built, vendor, float(trouble["price_rise"]))
    return built


def ramped(cap: float, ramp: float, quarters: int) -> Array:
    """Power of the site in each quarter, the same step in each until all is there. [W].

    Parameters
    ----------
    cap
        All of the power. [W]
    ramp
        Quarters until it is there. [1]
    quarters
        Quarters of the plan. [1]

    References
    ----------
    Own definition.
    """
    return cap * np.minimum(1.0, (np.arange(quarters) + 1.0) / max(ramp, 1.0))


def _supply(one: Inputs, every: Any) -> Array:
    """Most deliveries of a chip in each quarter; the first may be a part of one."""
    flow = one["supply"]
    if flow is None:
        flow = np.inf
    first = float(one["first"]) / QUARTER
    part = np.clip(every + 1.0 - first, 0.0, 1.0)
    with np.errstate(invalid="ignore"):
        return np.where(part > 0, flow * QUARTER * part, 0.0)


def prices(
    found: Table, names: Names, caps: Inputs, markets: Sequence[Inputs]
) -> Array:
    """Price of a unit of each workload. [USD].

    The market's, or ``price_ratio`` times what the work costs on the reference chip;
    not a number where that cannot do it.

    Parameters
    ----------
    found
        Rate, power and cost of each chip on each workload. [mixed]
    names
        Names, in the order of the table. [text]
    caps
        Caps of the site in base units. [mixed]
    markets
        Growth and price of each workload in base units. [mixed]

    References
    ----------
    Own definition.
    """
    place = names.chips.index(names.reference)
    cost = (found.charge[place] + found.running[place]) / found.rate[place]
    given = np.array([np.nan if m["price"] is None else m["price"] for m in markets])
    return np.where(np.isnan(given), float(caps["price_ratio"]) * cost, given)
