"""What may go wrong with each vendor of a fleet, and what its rules on shares cost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from breakeven.explorer.fleet_words import Told
from breakeven.models.fleet import Fleet, Plan
from breakeven.models.fleet_plan import best_plan
from breakeven.models.fleet_what_if import cut, dearer, delayed, without_shares

SLIP, CUT, RISE = 2.0, 0.5, 0.2  # quarters, share of deliveries, share of the price

CALM = 5e-4  # share of the objective below which nothing is said to change

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class WhatIf:
    """One event: its vendor, what happens, and the best mix then."""

    vendor: str
    event: str
    fleet: Fleet
    plan: Plan


def _cases(told: Told) -> Iterator[tuple[str, str, Fleet]]:
    """Every event to look at."""
    fleet = told.fleet
    if fleet.least_share or fleet.most_share:
        yield "", "without rules on vendors' shares", without_shares(fleet)
    for vendor in dict.fromkeys(fleet.vendors):
        yield vendor, f"slips by {SLIP:g} quarters", delayed(fleet, vendor, SLIP)
        yield vendor, f"delivers {CUT:.0%} less", cut(fleet, vendor, CUT)
        yield vendor, f"asks {RISE:.0%} more", dearer(fleet, vendor, RISE)


def what_ifs(told: Told, progress: Progress = lambda done, total: None) -> list[WhatIf]:
    """The best mix after each event, the worst event first."""
    cases, found = list(_cases(told)), []
    for done, (vendor, event, fleet) in enumerate(cases, 1):
        found.append(WhatIf(vendor, event, fleet, best_plan(fleet)))
        progress(done, len(cases))
    return sorted(found, key=lambda item: -loss(told, item))


def loss(told: Told, item: WhatIf) -> float:
    """What an event takes from the objective; infinite when no mix is left."""
    if not item.plan.ok:
        return float("inf")
    lost = told.best.value - item.plan.value
    return -lost if told.fleet.objective == "cost" else lost


def sentence(told: Told, item: WhatIf) -> str:
    """One event in words."""
    who = f"{told.label(item.vendor)} " if item.vendor else ""
    head = f"{who}{item.event}" if who else f"W{item.event[1:]} ({_rules(told)})"
    lost = loss(told, item)
    if not item.plan.ok:
        return f"{head}: no mix is left."
    if _calm(told, item):
        return f"{head}: nothing changes."
    share = abs(lost) / abs(told.best.value) if told.best.value else 0.0
    amount = told.amount(abs(lost))
    part = f" ({share:.1%})" if told.best.value else ""
    if not item.vendor:
        return f"{head}: {amount} more{part}. That is what diversity costs."
    return f"{head}: {amount} {'less' if lost > 0 else 'more'}{part}."


def _rules(told: Told) -> str:
    """Rules on vendors' shares, as they are set."""
    fleet = told.fleet
    least = [f"{told.label(v)} at least {s:.0%}" for v, s in fleet.least_share.items()]
    most = [f"{told.label(v)} at most {s:.0%}" for v, s in fleet.most_share.items()]
    return ", ".join(least + most)


def said(told: Told, found: list[WhatIf]) -> list[str]:
    """Every event that changes something, then the vendors that change nothing."""
    calm = [item for item in found if _calm(told, item)]
    lines = [sentence(told, item) for item in found if item not in calm]
    moved = {item.vendor for item in found if item not in calm}
    idle = [item.vendor for item in calm if item.vendor and item.vendor not in moved]
    if idle:
        who = " or ".join(told.label(vendor) for vendor in dict.fromkeys(idle))
        lines.append(f"Whatever of these happens to {who}, nothing changes.")
    if any(not item.vendor for item in calm):
        lines.append(f"The rules on vendors' shares ({_rules(told)}) cost nothing.")
    return lines


def _calm(told: Told, item: WhatIf) -> bool:
    """Whether an event changes nothing to speak of."""
    return item.plan.ok and abs(loss(told, item)) <= CALM * abs(told.best.value)
