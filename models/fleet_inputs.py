"""What a site's planner decides: caps, value of work, and rules for each chip."""

from __future__ import annotations

from typing import Any

import param

from breakeven.models.base import Group, fraction, quantity

VALUES = ("margin", "work")


class FleetCaps(Group):
    """Caps of the site, and what the fleet is to make the most of."""

    aim: Any = param.Selector(
        default="margin",
        objects=list(VALUES),
        doc="What the fleet makes the most of: margin (price of work less all costs, "
        "a year) or work (tokens)",
    )
    power_cap = quantity(
        1000.0,
        "MW",
        "Facility power of the site, at the meter",
        inclusive=(False, True),
        slider=(10, 5000),
        log=True,
    )
    budget = quantity(
        40.0,
        "BUSD",
        "Money for chips, servers, network and designs; the hall is rented",
        inclusive=(False, True),
        slider=(0.1, 300),
        log=True,
    )
    price_ratio = quantity(
        1.3,
        "1",
        "Price of work over what it costs on the option compared with",
        slider=(0.5, 3.0),
    )
    demand = quantity(
        None,
        "token/day",
        "Most work that can be sold; empty when there is no limit",
        inclusive=(False, True),
        slider=(1e9, 1e15),
        log=True,
    )
    quarters = quantity(
        12.0, "1", "Quarters that are planned", bounds=(1, 24), slider=(4, 20)
    )
    ramp = quantity(
        8.0,
        "1",
        "Quarters until all of the power is there, the same part in each",
        bounds=(0, 24),
        slider=(0, 12),
    )


class Allocation(Group):
    """What may be had of one option's chip, and what may go wrong with it."""

    supply = quantity(
        None,
        "chip/month",
        "Most chips that the vendor delivers; empty when there is no limit",
        slider=(100, 1e6),
        log=True,
    )
    least_share = fraction(0.0, "Least share of the fleet's power, by rule")
    most_share = fraction(1.0, "Most share of the fleet's power, by rule")
    late = quantity(0.0, "month", "What if every delivery comes later", slider=(0, 24))
    short = fraction(0.0, "What if this share of every delivery does not come")
    price_rise = quantity(
        0.0,
        "1",
        "What if the chip costs this share more",
        bounds=(-0.95, 1.0),
        slider=(-0.5, 1.0),
    )


class Delivery(Allocation):
    """What may be had of one chip of a fleet, and what is there already."""

    existing = quantity(
        0.0,
        "chip",
        "Chips there at the start; their price is sunk",
        slider=(0, 1e6),
        log=True,
    )
    first = quantity(0.0, "month", "Month in which deliveries begin", slider=(0, 36))
    rack = quantity(
        1.0,
        "chip",
        "Chips that can only be bought together",
        bounds=(1, None),
        slider=(1, 256),
    )


class Market(Group):
    """What becomes of one workload of a fleet: growth of its demand, and its price."""

    growth = quantity(
        0.0,
        "1",
        "Growth of the demand in each quarter",
        bounds=(-0.99, None),
        slider=(-0.2, 0.5),
    )
    price = quantity(
        None,
        "USD/Mtoken",
        "Price of a million tokens made, prompt included; empty: price_ratio times the "
        "cost on the chip compared with",
        slider=(0.01, 100),
        log=True,
    )


class Rules(Group):
    """What one vendor may have of the fleet, and what may go wrong with it."""

    least_share = fraction(0.0, "Least share of the fleet's power, by rule")
    most_share = fraction(1.0, "Most share of the fleet's power, by rule")
    late = quantity(0.0, "month", "What if every delivery comes later", slider=(0, 24))
    short = fraction(0.0, "What if this share of every delivery does not come")
    price_rise = quantity(
        0.0,
        "1",
        "What if the vendor's chips cost this share more",
        bounds=(-0.95, 1.0),
        slider=(-0.5, 1.0),
    )
