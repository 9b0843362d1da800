"""Inputs of the retirement study: the old fleet, and how costs move with the years."""

from __future__ import annotations

from typing import Any

from breakeven.models.base import Group, fraction, quantity

OLD = "old"  # prefix of the chip and stack of the old fleet


def _growth(doc: str, slider: tuple[float, float]) -> Any:
    return quantity(
        None, "1/year", doc, bounds=(-0.9, None), inclusive=(False, True), slider=slider
    )


class Retirement(Group):
    """Age and worth of the old fleet, and how costs move from year to year."""

    age = quantity(None, "month", "Age of the old fleet today", slider=(0, 96))
    market_value = quantity(
        None,
        "USD",
        "What an old chip with its server fetches today; empty: by the loss of value",
        slider=(0, 40_000),
    )
    book_value = quantity(
        None,
        "USD",
        "Book value of an old chip today; empty: straight line over the useful life",
        slider=(0, 40_000),
    )
    value_decay = quantity(
        None, "1/year", "Rate at which second-hand values fall", slider=(0.0, 1.0)
    )
    resale_share = fraction(
        None, "Share of the market value that a sale brings in; 0 when it is scrapped"
    )
    electricity_growth = _growth("Growth of the electricity price", (-0.1, 0.2))
    hardware_decline = quantity(
        None,
        "1/year",
        "Fall of the price of new hardware",
        bounds=(0.0, 0.9),
        slider=(0.0, 0.6),
    )
    new_software_gain = _growth("Gain of throughput by software, new chips", (0.0, 0.6))
    old_software_gain = _growth("Gain of throughput by software, old chips", (0.0, 0.6))
    maintenance_growth = _growth("Growth of repairs with age", (0.0, 0.5))
    markup = quantity(
        None,
        "1",
        "Price of work today over the full cost on the reference",
        slider=(0.5, 4.0),
    )
    price_decline = quantity(
        None,
        "1/year",
        "Fall of the price of work",
        bounds=(0.0, 0.9),
        slider=(0.0, 0.8),
    )
