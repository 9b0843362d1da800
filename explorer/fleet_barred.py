"""A fleet that its caps do not allow, in words: what is in the way, what would do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from breakeven.explorer import site_empty
from breakeven.explorer.fleets import FleetPlan
from breakeven.explorer.words import money, quantity_text, watts_text
from breakeven.models.fleet import UNBOUNDED, Fleet, Plan
from breakeven.models.fleet_relaxation import (
    Relaxation,
    relaxations,
    together,
    unserved,
)

REASON = 9.0  # times its size that a cap may grow by: tenfold at most
HAIR = 1e-5  # change of a cap below which there is none


@dataclass(frozen=True)
class Told:
    """A fleet, its best mix, and what is needed to speak of them."""

    plan: FleetPlan
    fleet: Fleet
    best: Plan

    def label(self, key: str) -> str:
        """Name of a chip, workload or vendor as a reader knows it."""
        return self.plan.labels().get(key, key)

    def amount(self, value: float) -> str:
        """An amount of the objective: present dollars, or work."""
        if self.fleet.objective == "tokens":
            return f"{quantity_text(value)} tokens"
        return money(value)


def rules(told: Told) -> Iterator[str]:
    """Rules on shares that no mix keeps. [text]."""
    fleet = told.fleet
    owners = list(dict.fromkeys(fleet.vendors))
    yield from site_empty.shares(
        [(told.label(v), fleet.least_share.get(v, 0.0)) for v in owners],
        [(told.label(v), fleet.most_share.get(v, 1.0)) for v in owners],
    )


def infeasible(told: Told) -> list[str]:
    """Why there is no mix, and the least change of each cap that would allow one."""
    if told.best.status == UNBOUNDED:
        return [
            "Nothing limits the mix: rented chips need neither the site's power nor "
            "its budget. Give them a supply, or the workloads a demand."
        ]
    lacking = unserved(told.fleet)
    if lacking:
        names = ", ".join(told.label(w) for w in lacking)
        return [f"No mix: no chip of the fleet can serve {names}."]
    if barred := list(rules(told)):
        return barred
    found = [
        item
        for item in relaxations(told.fleet)
        if HAIR < item.relative <= REASON and not _none_served(item)
    ]
    lines = ["No mix serves the demand within all caps. "]
    if found:
        lines[0] += "One of these alone would do:"
        lines += [f"* {relaxation(told, item)}" for item in found]
    else:
        lines[0] += "No change of one cap within reason (tenfold) would do."
    both = together(told.fleet)
    if any(item.relative > REASON and item.cap == "supply" for item in both):
        lines.append(
            "To serve all of it, no change of all caps within reason would do."
        )
    elif both:
        said = ", ".join(relaxation(told, item) for item in both)
        lines.append(f"To serve all of it, the least change of all caps: {said}.")
    return lines


def _none_served(item: Relaxation) -> bool:
    """Whether it asks to serve next to nothing."""
    return item.cap == "demand" and item.amount > 1.0 - HAIR


def relaxation(told: Told, item: Relaxation) -> str:
    """One relaxation in words."""
    who = told.label(item.vendor) if item.vendor else ""
    share = f"{item.amount:.1%}"
    if item.cap == "power":
        return f"{watts_text(item.amount)} more power in every quarter"
    if item.cap == "budget":
        return f"{money(item.amount)} more budget"
    if item.cap == "demand":
        return f"serving {1.0 - item.amount:.1%} of every demand"
    if item.cap == "supply":
        more = f"{item.relative:.0%} more"
        if item.relative > 2.0:
            more = f"{quantity_text(1.0 + item.relative)} times the"
        return f"{more} supply of {who or 'every chip'}{_chips_of(told, item)}"
    if item.cap == "most":
        return f"{share} (of all power) more for {who} than it may have at most"
    return f"{share} (of all power) less for {who} than it has to have"


def _chips_of(told: Told, item: Relaxation) -> str:
    """Chips to be had before and after a change of supply."""
    fleet = told.fleet
    mine = fleet.of(item.vendor) if item.vendor else np.ones(len(fleet.chips), bool)
    supply = fleet.supply[mine]
    before = float(supply[np.isfinite(supply)].sum())
    after = quantity_text(before * (1.0 + item.relative))
    return f" ({after} chips over the plan, not {quantity_text(before)})"
