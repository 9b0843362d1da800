"""The mix of a fleet in words: what it is, what limits it, what more would bring."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from breakeven.explorer.fleets import FleetPlan
from breakeven.explorer.words import money, quantity_text
from breakeven.models.fleet import UNBOUNDED, Fleet, Plan
from breakeven.models.fleet_relaxation import (
    Relaxation,
    relaxations,
    together,
    unserved,
)

LEAST = 0.5  # chips: fewer are none


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


def report(told: Told) -> str:
    """Everything about a mix but what may go wrong, as text."""
    lines = [told.plan.title, ""]
    if not told.best.ok:
        return "\n".join([*lines, *infeasible(told)])
    lines += [f"* {line}" for line in sentences(told)]
    return "\n".join([*lines, "", *_chips(told), "", *_quarters(told)])


def sentences(told: Told) -> list[str]:
    """The mix, what it leaves out, and what one more of each cap is worth."""
    return [*_answer(told), *_unused(told), *worths(told)]


def _answer(told: Told) -> Iterator[str]:
    best, fleet = told.best, told.fleet
    quarters = fleet.shape[2]
    what = {
        "cost": f"The least that the demand costs is {money(best.cost)}",
        "margin": f"The best mix earns {money(best.value)}",
        "tokens": f"The best mix makes {quantity_text(best.value)} tokens",
    }[fleet.objective]
    over = " in present value" if fleet.objective != "tokens" else ""
    mix = ", ".join(_mix(told, -1)) or "no chip at all"
    yield f"{what}{over} over {quarters} quarters. At the end {mix}."
    cap = fleet.power_cap[-1]
    said = f"It takes {_megawatts(best.power[-1])}"
    if np.isfinite(cap):
        said += f" of {_megawatts(cap)}"
    said += f" and {money(best.spend)}"
    if np.isfinite(fleet.budget):
        said += f" of {money(fleet.budget)}"
    yield f"{said}."
    short = [
        f"{told.label(w)} {share:.0%}"
        for w, share in zip(fleet.workloads, _served(told)[:, -1], strict=True)
        if share < 0.995
    ]
    if short:
        yield f"In the last quarter it does not serve all: {', '.join(short)}."


def _mix(told: Told, quarter: int) -> Iterator[str]:
    """Chips at work in a quarter, the most power first."""
    in_use = told.best.in_use[:, quarter]
    for k in np.argsort(-in_use * np.maximum(told.fleet.weight, 1.0)):
        if in_use[k] >= LEAST:
            yield f"{quantity_text(in_use[k])} {told.label(told.fleet.chips[k])}"


def _unused(told: Told) -> Iterator[str]:
    """Chips that are not bought, and chips that are switched off."""
    best, fleet = told.best, told.fleet
    never = [
        told.label(c)
        for c, n in zip(fleet.chips, best.in_use.max(axis=1), strict=True)
        if n < LEAST
    ]
    if never:
        yield f"Not worth using: {', '.join(never)}."
    idle = best.installed[:, -1] - best.in_use[:, -1]
    off = [
        f"{quantity_text(n)} {told.label(chip)}"
        for chip, n, used in zip(fleet.chips, idle, best.in_use, strict=True)
        if n >= LEAST and used.max() >= LEAST
    ]
    if off:
        yield (
            f"Switched off in the end: {', '.join(off)}. Other chips make more of "
            "their power."
        )


def worths(told: Told) -> list[str]:
    """What one more of each cap is worth, in words with its unit."""
    found, fleet = told.best.worth, told.fleet
    if found is None:
        return []
    lines = []
    verb = {"cost": "saves", "margin": "earns", "tokens": "makes"}[fleet.objective]
    watt = float(found.power.sum()) * 1e6
    if np.isfinite(fleet.power_cap).any():
        if watt > 0:
            peak = int(found.power.argmax()) + 1
            lines.append(
                f"One more MW in every quarter {verb} {told.amount(watt)}, the most of "
                f"it in quarter {peak}."
            )
        else:
            lines.append("One more MW is worth nothing: power does not limit the mix.")
    if np.isfinite(fleet.budget):
        if found.budget > 0:
            dollar = found.budget * 1e6
            lines.append(
                f"One more million dollars of budget {verb} {told.amount(dollar)}."
            )
        else:
            lines.append(
                "One more dollar of budget is worth nothing: money does not limit it."
            )
    lines += _scarce(told, verb)
    lines += _shares(told, verb)
    return lines


def _scarce(told: Told, verb: str) -> Iterator[str]:
    """The chip of which one more is worth the most, and when."""
    assert told.best.worth is not None
    supply = told.fleet.supply
    offered = (supply > 0) & np.isfinite(supply)
    worth = np.where(offered, told.best.worth.supply, 0.0)
    if worth.max(initial=0.0) <= 1e-9 * abs(told.best.value):
        return
    k, q = np.unravel_index(worth.argmax(), worth.shape)
    yield (
        f"One more {told.label(told.fleet.chips[k])} in quarter {q + 1} {verb} "
        f"{told.amount(float(worth[k, q]))}: the scarcest chip."
    )


def _shares(told: Told, verb: str) -> Iterator[str]:
    """What one point of each vendor's share is worth, where it is worth anything."""
    assert told.best.worth is not None
    least = 1e-9 * abs(told.best.value)
    for vendor, worth in told.best.worth.most_share.items():
        if worth * 0.01 > least:
            who, what = told.label(vendor), told.amount(worth * 0.01)
            yield f"One point more of the most that {who} may have {verb} {what}."
    for vendor, worth in told.best.worth.least_share.items():
        if worth * 0.01 > least:
            who, what = told.label(vendor), told.amount(worth * 0.01)
            yield f"One point less of the least that {who} has to have {verb} {what}."


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
    found = relaxations(told.fleet)
    lines = ["No mix serves the demand within all caps. One of these alone would do:"]
    lines += [f"* {relaxation(told, item)}" for item in found]
    if both := together(told.fleet):
        said = ", ".join(relaxation(told, item) for item in both)
        lines.append(f"To serve all of it, the least change of all caps: {said}.")
    return lines


def relaxation(told: Told, item: Relaxation) -> str:
    """One relaxation in words."""
    who = told.label(item.vendor) if item.vendor else ""
    share = f"{item.amount:.1%}"
    if item.cap == "power":
        return f"{_megawatts(item.amount)} more power in every quarter"
    if item.cap == "budget":
        return f"{money(item.amount)} more budget"
    if item.cap == "demand":
        return f"serving {1.0 - item.amount:.1%} of every demand"
    if item.cap == "supply":
        more = f"{item.relative:.0%} more"
        if item.relative > 2.0:
            more = f"{quantity_text(1.0 + item.relative)} times the"
        return f"{more} supply of {who or 'every chip'}"
    if item.cap == "most":
        return f"{share} (of all power) more for {who} than it may have at most"
    return f"{share} (of all power) less for {who} than it has to have"


def _megawatts(watts: float) -> str:
    if abs(watts) >= 9.995e8:
        return f"{quantity_text(watts / 1e9)} GW"
    return f"{quantity_text(watts / 1e6)} MW"


def _served(told: Told) -> np.ndarray:
    """Share of the demand that is served; 1 where all that is made is sold."""
    demand = told.fleet.demand
    safe = np.where(np.isfinite(demand) & (demand > 0), demand, np.nan)
    return np.where(np.isnan(safe), 1.0, told.best.served / safe)


def _chips(told: Told) -> Iterator[str]:
    """Table of the chips."""
    best, fleet = told.best, told.fleet
    yield f"{'chip':22}{'bought':>10}{'in use':>10}{'MW':>8}{'spent':>10}  serves"
    for k, chip in enumerate(fleet.chips):
        if best.installed[k, -1] < LEAST and best.in_use[k].max() < LEAST:
            continue
        spent = float((fleet.purchase[k] * best.bought[k]).sum())
        spent += float(fleet.one_off[k] * best.opened[k])
        used = best.used[k, :, -1]
        works = [told.label(fleet.workloads[w]) for w in np.flatnonzero(used >= LEAST)]
        yield (
            f"{told.label(chip):22}{quantity_text(best.bought[k].sum()):>10}"
            f"{quantity_text(best.in_use[k, -1]):>10}"
            f"{best.in_use[k, -1] * fleet.power[k] / 1e6:>8.0f}{money(spent):>10}  "
            f"{', '.join(works)}"
        )


def _quarters(told: Told) -> Iterator[str]:
    """Table of the quarters: power, chips in use, share served."""
    best, fleet = told.best, told.fleet
    kept = [k for k in range(fleet.shape[0]) if best.in_use[k].max() >= LEAST]
    names = "".join(f"{told.label(fleet.chips[k])[:12]:>14}" for k in kept)
    yield f"{'quarter':8}{'MW':>8}{names}{'served':>9}"
    share = np.minimum(_served(told), 1.0).mean(axis=0)
    for q in range(fleet.shape[2]):
        cells = "".join(f"{quantity_text(best.in_use[k, q]):>14}" for k in kept)
        yield f"{q + 1:<8}{best.power[q] / 1e6:>8.0f}{cells}{share[q]:>9.0%}"
