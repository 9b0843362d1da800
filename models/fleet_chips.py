"""Chips and workloads of a fleet priced by the equations of a scenario.

Each chip is evaluated once for every kind of work, all workloads of that kind along one
axis: throughput, power and cost are those that a scenario of the same inputs has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from breakeven.models import power
from breakeven.models.base import Array, Group
from breakeven.models.economics import Economics, economics, owned
from breakeven.models.inputs import Chip, Option, Workload
from breakeven.models.llm import Architecture
from breakeven.models.performance import Performance, performance
from breakeven.models.results import UNPRICED, limit_name
from breakeven.models.throughput import Stack


@dataclass(frozen=True)
class Candidate:
    """A chip that a fleet may hold: how it is used, and its stack by kind of work."""

    option: Option
    chip: Chip
    stacks: Mapping[str, Stack]


@dataclass(frozen=True)
class Load:
    """A workload of a fleet and the language model it runs."""

    workload: Workload
    llm: Architecture


@dataclass
class Table:
    """Chips × workloads in base units; what a chip cannot serve is not a number.

    ``reasons`` say why, by chip and workload; ``notes`` are those of the economics.
    """

    rate: Array
    running: Array
    rent: Array
    charge: Array
    purchase: Array
    chip_share: Array
    one_off: Array
    recovery: Array
    power: Array
    reasons: dict[tuple[int, int], str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def table(
    candidates: Sequence[Candidate],
    loads: Sequence[Load],
    site: Group,
    finance: Group,
) -> Table:
    """Rate, power and cost of every chip on every workload. [mixed].

    Parameters
    ----------
    candidates
        Chips. [mixed]
    loads
        Workloads with their models. [mixed]
    site, finance
        Groups of a scenario. [mixed]

    References
    ----------
    models/performance.py and models/economics.py, once a chip and kind of work.
    """
    shape = (len(candidates), len(loads))
    found = _blank(*shape)
    shared = {"site": site.base(), "finance": finance.base()}
    for k, item in enumerate(candidates):
        for kind in dict.fromkeys(load.workload.kind for load in loads):
            places = [w for w, load in enumerate(loads) if load.workload.kind == kind]
            if kind != "cpu" and kind not in item.stacks:
                continue
            given = shared | _given(item, kind, [loads[w] for w in places])
            work = performance(loads[places[0]].workload, item.option, given)
            cost = economics(item.option, given, work)
            _put(found, k, places, item.option, work, cost, shared["site"])
    return found


def _blank(chips: int, loads: int) -> Table:
    """Table of which nothing is known yet."""
    rate, running, rent = np.full((3, chips, loads), np.nan)
    charge, purchase, part, once, recovery, drawn = np.full((6, chips), np.nan)
    return Table(
        rate, running, rent, charge, purchase, part, once, recovery, power=drawn
    )


def _given(item: Candidate, kind: str, loads: Sequence[Load]) -> dict[str, Any]:
    """Inputs in base units, workloads and models as arrays over the workloads."""
    stack = item.stacks.get(kind)
    return {
        "option": item.option.base(),
        "chip": item.chip.base(),
        "stack": stack.base() if stack else {},
        "workload": _side([load.workload.base() for load in loads]),
        "llm": _side([load.llm.base() for load in loads]),
    }


def _side(groups: list[dict[str, Any]]) -> dict[str, Any]:
    """Groups side by side: an array a quantity, not a number where it is unknown."""
    found = {}
    for name in groups[0]:
        values = [np.nan if group[name] is None else group[name] for group in groups]
        found[name] = np.array(values, float) if np.isfinite(values).any() else None
    return found


def _put(
    found: Table,
    k: int,
    places: list[int],
    option: Option,
    work: Performance,
    cost: Economics,
    site: dict[str, Any],
) -> None:
    """Fill a row of the table with one evaluation."""
    wide = (len(places),)

    def spread(value: Any) -> Array:
        return np.broadcast_to(np.asarray(value, float), wide)

    running = spread(cost.running)
    charge = spread(sum((cost.lines[n] for n in cost.parts), np.asarray(0.0)))
    priced = np.isfinite(running + charge + spread(cost.one_off))
    rate = spread(cost.work)
    found.rate[k, places] = np.where(priced, rate, np.nan)
    found.running[k, places] = running
    rent = [cost.lines[n] for n in ("rent", "tokens") if n in cost.lines]
    found.rent[k, places] = spread(sum(rent, np.asarray(0.0)))
    found.charge[k], found.purchase[k] = charge[0], spread(cost.purchase)[0]
    found.one_off[k] = spread(cost.one_off)[0]
    found.recovery[k] = spread(cost.recovery)[0]
    bought = spread(cost.parts.get("chip", 0.0))[0]
    found.chip_share[k] = bought / found.purchase[k] if found.purchase[k] else 0.0
    drawn = spread(power.facility_power(cost.provisioned_power, site["pue"]))[0]
    # what is rented stands in somebody else's hall
    found.power[k] = drawn if owned(option) else 0.0
    limits = np.broadcast_to(work.limited_by, wide)
    for place, (w, good) in enumerate(zip(places, np.isfinite(rate), strict=True)):
        if not (good and priced[place]):
            code = float(limits[place]) if not good else UNPRICED
            found.reasons[k, w] = limit_name(code)
    found.notes += [*work.notes, *cost.notes]
