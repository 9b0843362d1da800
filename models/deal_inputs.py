"""Terms of a deal, as its parties or the press state them."""

from __future__ import annotations

from breakeven.models.base import Group, quantity


class Deal(Group):
    """Terms of a deal as its parties or the press state them; None: not disclosed."""

    cores = quantity(
        None, "core", "Cores that the headline states", slider=(1e5, 1e9), log=True
    )
    chips = quantity(
        None, "chip", "Chips that the headline states", slider=(1e3, 1e8), log=True
    )
    claimed_chips = quantity(
        None,
        "chip",
        "Chips that other headlines claim for the same deal",
        slider=(1e3, 1e8),
        log=True,
    )
    power = quantity(
        None,
        "MW",
        "Facility power that the headline states",
        slider=(1, 20_000),
        log=True,
    )
    chip_power = quantity(
        None,
        "kW",
        "Facility power per chip, all in, as reported",
        inclusive=(False, True),
        slider=(0.1, 5),
    )
    term = quantity(
        None, "year", "Length of the deal", inclusive=(False, True), slider=(0.5, 15)
    )
    value = quantity(
        None, "BUSD", "Value that the headline states", slider=(0.1, 500), log=True
    )
    known_supply = quantity(
        None,
        "chip",
        "Chips of this kind thought to exist when it was announced",
        inclusive=(False, True),
        slider=(1e4, 1e8),
        log=True,
    )
