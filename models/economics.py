"""Cost lines of one option: what it takes to own or rent one chip."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from breakeven.models import power, ramping, tco
from breakeven.models.acquisition import (
    ACQUISITIONS,
    Acquisition,
    billed,
    hosted_price,
)
from breakeven.models.annuity import capital_recovery_factor
from breakeven.models.base import Array
from breakeven.models.inputs import Option
from breakeven.models.performance import Performance
from breakeven.models.power_load import load_power_share
from breakeven.models.rising_costs import Rise, over_life
from breakeven.models.units import HOUR, HOURS_PER_MONTH, MONTHS_PER_YEAR

MONTH = HOURS_PER_MONTH * HOUR
YEAR = MONTHS_PER_YEAR * MONTH


@dataclass(frozen=True)
class Economics:
    """Money, power and work of one chip per second, before volume matters.

    ``lines`` are levelised USD/s per chip by cost line, without NRE; ``parts`` is what
    is bought, in USD by the same names, ``residual`` the share of it that is left at
    the end of its life; ``running`` is what is paid in cash per second once the chip is
    installed. Where utilisation rises, lines, running and work are means over the life,
    discounted, powers are plain means, and ``rise`` holds what they are month by month.
    """

    lines: dict[str, Array]
    parts: dict[str, Array]
    purchase: Array
    residual: Array
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
    rise: Rise | None = None

    @property
    def reached(self) -> Array:
        """Work per second once the chip is used as asked: counts follow from it."""
        return self.work if self.rise is None else self.rise.work

    @property
    def reached_lines(self) -> dict[str, Array]:
        """Cost lines once the chip is used as asked."""
        return self.lines if self.rise is None else self.rise.lines

    @property
    def reached_running(self) -> Array:
        """Cash per second once the chip is used as asked."""
        return self.running if self.rise is None else self.rise.running

    @property
    def mean_work(self) -> Array:
        """Work per second over the life, not discounted: energy is spread over it."""
        return self.work if self.rise is None else self.rise.mean_work


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
    return ACQUISITIONS[option.acquisition].owned


def economics(
    option: Option,
    given: dict[str, dict[str, Any]],
    performance: Performance,
    acquisition: str = "",
) -> Economics:
    """Cost lines, power and work of one chip of an option. [mixed].

    Parameters
    ----------
    option
        How the chip is acquired. [choice]
    given
        Inputs of the groups chip, option, workload, llm, site and finance in base
        units. [mixed]
    performance
        Work rate and loads. [mixed]
    acquisition
        A way to acquire in place of the option's own. [text]

    References
    ----------
    EQ-15, EQ-31, EQ-32.
    """
    kind = ACQUISITIONS[acquisition or option.acquisition]
    level = _level(option, given, performance, kind)
    if "rising" not in given["option"]:
        return level
    names = ("rate", "memory_load", "compute_load")
    known = [np.asarray(getattr(performance, n), float)[..., None] for n in names]
    rate, memory, compute = known
    wide = replace(performance, rate=rate, memory_load=memory, compute_load=compute)
    early = _level(option, ramping.widened(given), wide, kind)
    return over_life(level, early, given, _term(given["finance"]), option.label)


def _level(
    option: Option,
    given: dict[str, dict[str, Any]],
    performance: Performance,
    kind: Acquisition,
) -> Economics:
    """Economics of a chip whose use does not change."""
    chip, use = given["chip"], given["option"]
    busy = use["utilisation"] * use["availability"]
    draw = _power(chip, given["site"], performance, busy)
    work = tco.mean_work_rate(performance.rate, use["utilisation"], use["availability"])
    notes: list[str] = []
    parts = _parts(option, kind, given, notes) if kind.owned else {}
    recovery = capital_recovery_factor(*_term(given["finance"]))
    if kind.owned:
        lines = _owned_lines(given, parts, draw, recovery)
    elif kind.price:
        lines = _rented_lines(option, kind, given, busy, notes)
    else:
        lines = _hosted_lines(option, kind, given, work, notes)
        draw = dict.fromkeys(draw, np.asarray(np.nan))  # the host's affair
    design = chip["nre"] if kind.name == "build" else 0.0
    if design is None:
        design = np.nan
        notes.append(f"{option.label}: NRE is not published and has no estimate")
    running = sum(v for k, v in lines.items() if k not in parts)
    return Economics(
        lines=lines,
        parts=parts,
        purchase=np.asarray(sum(parts.values(), start=np.asarray(0.0))),
        residual=np.asarray(given["finance"]["residual_value"], float),
        one_off=design + use["port_cost"],
        running=np.asarray(running),
        recovery=recovery / MONTH,
        work=work,
        notes=tuple(notes),
        rise=None,
        **draw,
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
        "busy_power": share,
        "chip_power": mean,
        "it_power": it,
        "facility_power": facility,
        "provisioned_power": limit,
    }


def _term(finance: dict[str, Array]) -> tuple[Array, Array]:
    """Monthly rate, and months of useful life."""
    rate = tco.monthly_rate(finance["discount_rate"] * YEAR)
    return rate, finance["life"] / MONTH


def _priced(
    option: Option, kind: Acquisition, price: Array | None, notes: list[str]
) -> Array:
    """A price, or NaN and a note where there is none."""
    if price is None:
        notes.append(f"{option.label} {kind.unpriced}")
        return np.asarray(np.nan)
    return price


def _parts(
    option: Option,
    kind: Acquisition,
    given: dict[str, dict[str, Any]],
    notes: list[str],
) -> dict[str, Array]:
    """What is bought with one chip, spares included."""
    chip = given["chip"]
    parts = {"chip": _priced(option, kind, chip[kind.price], notes)}
    for name in ("server", "network"):
        parts[name] = chip[f"{name}_cost"]
        if parts[name] is None:
            parts[name] = np.asarray(np.nan)
            notes.append(
                f"{option.label}: {name} cost is not published and has no estimate"
            )
    parts["storage"] = parts["network"] * chip["storage_share"]
    parts["network"] = parts["network"] * (1.0 - chip["storage_share"])
    spares = 1.0 + given["finance"]["spare_share"]
    return {name: cost * spares for name, cost in parts.items()}


def _owned_lines(
    given: dict[str, dict[str, Any]],
    parts: dict[str, Array],
    draw: dict[str, Array],
    recovery: Array,
) -> dict[str, Array]:
    """What bought chips cost; all parts share the factors of ``tco.capital_charge``."""
    site, finance = given["site"], given["finance"]
    lost = tco.lost_share(finance["residual_value"], *_term(finance))
    lines = {name: cost * lost * recovery / MONTH for name, cost in parts.items()}
    lines["hosting"] = tco.hosting_cost(
        draw["provisioned_power"], site["hosting_price"]
    )
    lines["electricity"] = tco.electricity_cost(
        draw["facility_power"], site["electricity_price"]
    )
    purchase = sum(parts.values(), start=np.asarray(0.0))
    lines["maintenance"] = purchase * finance["maintenance_rate"]
    staff = finance["staff_cost"] + given["option"]["software_cost"]
    return lines | {"staff and software": staff}


def _rented_lines(
    option: Option,
    kind: Acquisition,
    given: dict[str, dict[str, Any]],
    busy: Array,
    notes: list[str],
) -> dict[str, Array]:
    use = given["option"]
    price = _priced(option, kind, given["chip"][kind.price], notes)
    if kind.name == "rent" and option.idle_billed == 0.0:
        notes.append(
            f"{option.label} is rented on demand and billed while busy only; "
            "idle_billed = 1 would bill every hour"
        )
    rent = tco.rent_cost(price, billed(kind.name, use, busy))
    return {"rent": rent, "staff and software": np.asarray(use["software_cost"])}


def _hosted_lines(
    option: Option,
    kind: Acquisition,
    given: dict[str, dict[str, Any]],
    work: Array,
    notes: list[str],
) -> dict[str, Array]:
    price = _priced(option, kind, hosted_price(given), notes)
    notes.append(
        f"{option.label} stands for a hosted API: its count says how many chips would "
        "do the same work, its power is the host's"
    )
    use = given["option"]
    return {
        "tokens": work * price,
        "staff and software": np.asarray(use["software_cost"]),
    }
