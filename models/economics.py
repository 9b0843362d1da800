"""Cost lines of one option: what it takes to own or rent one chip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from breakeven.models import power, tco
from breakeven.models.annuity import capital_recovery_factor
from breakeven.models.base import Array
from breakeven.models.inputs import Option
from breakeven.models.performance import Performance
from breakeven.models.power_load import load_power_share
from breakeven.models.units import HOUR, HOURS_PER_MONTH, MONTHS_PER_YEAR

MONTH = HOURS_PER_MONTH * HOUR
YEAR = MONTHS_PER_YEAR * MONTH

# The input that holds the price under each way to acquire a chip.
PRICE_OF = {
    "buy": "price",
    "build": "unit_cost",
    "rent": "rental_price",
    "commit_1yr": "commit_1yr_price",
    "commit_3yr": "commit_3yr_price",
}


@dataclass(frozen=True)
class Economics:
    """Money, power and work of one chip per second, before volume matters.

    ``lines`` are levelised USD/s per chip by cost line, without NRE; ``running`` is
    what is paid in cash per second once the chip is installed.
    """

    lines: dict[str, Array]
    purchase: Array
    one_off: Array
    running: Array
    recovery: Array
    work: Array
    busy_power: Array
    chip_power: Array
    it_power: Array
    facility_power: Array
    provisioned_power: Array
    notes: tuple[str, ...]


def owned(option: Option) -> bool:
    """Whether the chips are bought or built rather than rented. [1].

    Parameters
    ----------
    option
        The option. [choice]

    References
    ----------
    Own definition.
    """
    return option.acquisition in ("buy", "build")


def economics(
    option: Option, given: dict[str, dict[str, Any]], performance: Performance
) -> Economics:
    """Cost lines, power and work of one chip of an option. [mixed].

    Parameters
    ----------
    option
        How the chip is acquired. [choice]
    given
        Inputs of the groups chip, option, site and finance in base units. [mixed]
    performance
        Work rate and loads. [mixed]

    References
    ----------
    EQ-15, EQ-31, EQ-32.
    """
    chip, use = given["chip"], given["option"]
    busy = use["utilisation"] * use["availability"]
    draw = _power(chip, given["site"], performance, busy)
    work = tco.mean_work_rate(performance.rate, use["utilisation"], use["availability"])
    price = chip[PRICE_OF[option.acquisition]]
    notes: list[str] = []
    if price is None:
        price = np.nan
        notes.append(_unpriced(option))
    build = _owned_lines if owned(option) else _rented_lines
    lines, purchase, recovery = build(option, given, price, busy, draw, notes)
    design = chip["nre"] if option.acquisition == "build" else 0.0
    if design is None:
        design = np.nan
        notes.append(f"{option.label}: NRE is not published and has no estimate")
    capital = {"chip", "server", "network"} if owned(option) else set()
    running = sum(v for k, v in lines.items() if k not in capital)
    return Economics(
        lines=lines,
        purchase=purchase,
        one_off=design + use["port_cost"],
        running=np.asarray(running),
        recovery=recovery,
        work=work,
        busy_power=draw["share"],
        chip_power=draw["chip"],
        it_power=draw["it"],
        facility_power=draw["facility"],
        provisioned_power=draw["provisioned"],
        notes=tuple(notes),
    )


def _power(
    chip: dict[str, Any], site: dict[str, Any], performance: Performance, busy: Array
) -> dict[str, Array]:
    names = ("tdp", "host_power", "network_power")
    known = [np.asarray(np.nan if chip[n] is None else chip[n]) for n in names]
    tdp, host, network = known
    share = load_power_share(
        performance.memory_load,
        performance.compute_load,
        chip["idle_power"],
        chip["base_rise"],
        chip["memory_rise"],
        chip["compute_rise"],
        chip["ceiling"],
    )
    mean = power.mean_chip_power(tdp, share, chip["idle_power"], busy)
    it = power.it_power(mean, host, network)
    limit = power.it_power(tdp, host, network)
    facility = power.facility_power(it, site["pue"])
    return {
        "share": share,
        "chip": mean,
        "it": it,
        "facility": facility,
        "provisioned": limit,
    }


def _owned_lines(
    option: Option,
    given: dict[str, dict[str, Any]],
    price: Array,
    busy: Array,
    draw: dict[str, Array],
    notes: list[str],
) -> tuple[dict[str, Array], Array, Array]:
    chip, site, finance = given["chip"], given["site"], given["finance"]
    rate = tco.monthly_rate(finance["discount_rate"] * YEAR)
    periods = finance["life"] / MONTH
    parts = {
        "chip": price,
        "server": chip["server_cost"],
        "network": chip["network_cost"],
    }
    for name in [name for name, value in parts.items() if value is None]:
        parts[name] = np.nan
        notes.append(
            f"{option.label}: {name} cost is not published and has no estimate"
        )
    lines = {
        name: tco.capital_charge(cost, finance["residual_value"], rate, periods) / MONTH
        for name, cost in parts.items()
    }
    purchase = parts["chip"] + parts["server"] + parts["network"]
    lines["hosting"] = tco.hosting_cost(draw["provisioned"], site["hosting_price"])
    lines["electricity"] = tco.electricity_cost(
        draw["facility"], site["electricity_price"]
    )
    lines["maintenance"] = purchase * finance["maintenance_rate"]
    staff = finance["staff_cost"] + given["option"]["software_cost"]
    lines["staff and software"] = staff
    return lines, purchase, capital_recovery_factor(rate, periods) / MONTH


def _rented_lines(
    option: Option,
    given: dict[str, dict[str, Any]],
    price: Array,
    busy: Array,
    draw: dict[str, Array],
    notes: list[str],
) -> tuple[dict[str, Array], Array, Array]:
    finance, use = given["finance"], given["option"]
    committed = option.acquisition.startswith("commit")
    billed = tco.billed_share(
        busy, use["committed_share"], use["idle_billed"], committed
    )
    if not committed and option.idle_billed == 0.0:
        notes.append(
            f"{option.label} is rented on demand and billed while busy only; "
            "idle_billed = 1 would bill every hour"
        )
    lines = {"rent": tco.rent_cost(price, billed)}
    lines["staff and software"] = np.asarray(use["software_cost"])
    rate = tco.monthly_rate(finance["discount_rate"] * YEAR)
    recovery = capital_recovery_factor(rate, finance["life"] / MONTH) / MONTH
    return lines, np.asarray(0.0), recovery


def _unpriced(option: Option) -> str:
    words = {
        "buy": "is not sold: no purchase price is published",
        "build": "has no published or estimated unit cost",
        "rent": "has no published on-demand price",
        "commit_1yr": "has no published 1-year price",
        "commit_3yr": "has no published 3-year price",
    }
    return f"{option.label} {words[option.acquisition]}"
