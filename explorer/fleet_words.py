"""The mix of a fleet in words: what it is, what limits it, what more would bring."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from breakeven.explorer import fleet_barred
from breakeven.explorer.fleet_barred import Told, infeasible
from breakeven.explorer.words import money, quantity_text, watts_text

__all__ = ["Told", "infeasible", "report", "sentences", "worths"]

LEAST = 0.5  # chips: fewer are none


def report(told: Told) -> str:
    """Everything about a mix but what may go wrong, as text."""
    lines = [f"{told.plan.title}: {_site(told)}", ""]
    if not told.best.ok:
        return "\n".join([*lines, *infeasible(told)])
    lines += [f"* {line}" for line in sentences(told)]
    if not _any(told):
        return "\n".join(lines)
    return "\n".join([*lines, "", *_chips(told), "", *_quarters(told)])


def _site(told: Told) -> str:
    """Power and money that the site has, as they are set."""
    fleet = told.fleet
    caps = [watts_text(fleet.power_cap[-1])] * bool(np.isfinite(fleet.power_cap[-1]))
    caps += [money(fleet.budget)] * bool(np.isfinite(fleet.budget))
    return " and ".join(caps) or "no caps"


def _any(told: Told) -> bool:
    """Whether any chip is at work in any quarter."""
    return bool((told.best.in_use >= LEAST).any())


def sentences(told: Told) -> list[str]:
    """The mix, what it leaves out, and what one more of each cap is worth."""
    if not _any(told) and (barred := list(fleet_barred.rules(told))):
        return barred
    return [*_answer(told), *_paid(told), *_unused(told), *worths(told)]


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
    said = f"It takes {watts_text(best.power[-1])}"
    if np.isfinite(cap):
        said += f" of {watts_text(cap)}"
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


def _paid(told: Told) -> Iterator[str]:
    """What work is sold for."""
    if told.fleet.objective != "margin":
        return
    prices = [
        f"{told.label(work)} {money(float(price) * 1e6)}"
        for work, price in zip(
            told.fleet.workloads, told.fleet.price[:, 0], strict=True
        )
    ]
    given = [line.market.price is not None for line in told.plan.lines.values()]
    how = ""
    if not all(given):
        ratio = quantity_text(told.plan.caps.price_ratio)
        but = ", where no price is set" * any(given)
        how = (
            f", {ratio} times what they cost on {told.label(told.plan.reference)}{but}"
        )
    yield f"A million tokens are sold for: {', '.join(prices)}{how}."


def _mix(told: Told, quarter: int) -> Iterator[str]:
    """Chips at work in a quarter, the most power first."""
    in_use = told.best.in_use[:, quarter]
    for k in np.argsort(-in_use * np.maximum(told.fleet.weight, 1.0)):
        if in_use[k] >= LEAST:
            yield f"{quantity_text(in_use[k])} {told.label(told.fleet.chips[k])}"


def _unused(told: Told) -> Iterator[str]:
    """Chips that are not bought, and chips that are switched off."""
    best, fleet = told.best, told.fleet
    unused = best.in_use.max(axis=1) < LEAST
    there = fleet.existing >= LEAST
    if never := [
        told.label(chip)
        for chip, no, stands in zip(fleet.chips, unused, there, strict=True)
        if no and not stands
    ]:
        yield f"Not worth buying: {', '.join(never)}."
    if dark := [
        f"{quantity_text(n)} {told.label(chip)}"
        for chip, no, n in zip(fleet.chips, unused, fleet.existing, strict=True)
        if no and n >= LEAST
    ]:
        yield f"On the site from the start and never switched on: {', '.join(dark)}."
    idle = best.installed[:, -1] - best.in_use[:, -1]
    off = [
        f"{quantity_text(n)} {told.label(chip)}"
        for chip, n, used in zip(fleet.chips, idle, best.in_use, strict=True)
        if n >= LEAST and used.max() >= LEAST
    ]
    if off:
        yield (
            f"On the site and switched off in the end: {', '.join(off)}. Other chips "
            "make more of their power."
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
    lines += _asked(told, verb)
    lines += _scarce(told, verb)
    lines += _shares(told, verb)
    return lines


def _asked(told: Told, verb: str) -> Iterator[str]:
    """Workloads whose demand limits the mix."""
    assert told.best.worth is not None
    if told.fleet.objective == "cost":
        return
    worth = told.best.worth.demand[:, -1]
    asked = np.isfinite(told.fleet.demand[:, -1])
    limits = [
        told.label(work)
        for work, value, some in zip(told.fleet.workloads, worth, asked, strict=True)
        if some and value > 0
    ]
    if limits:
        yield (
            f"In the last quarter demand limits {', '.join(limits)}: more of it {verb} "
            "more."
        )


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


def _served(told: Told) -> np.ndarray:
    """Share of the demand that is served; 1 where all that is made is sold."""
    demand = told.fleet.demand
    safe = np.where(np.isfinite(demand) & (demand > 0), demand, np.nan)
    return np.where(np.isnan(safe), 1.0, told.best.served / safe)


def _chips(told: Told) -> Iterator[str]:
    """Table of the chips."""
    best, fleet = told.best, told.fleet
    counts = f"{'bought':>10}{'in use':>10}{'off':>10}"
    yield f"{'chip':22}{counts}{'MW':>8}{'spent':>10}  serves"
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
            f"{quantity_text(max(best.installed[k, -1] - best.in_use[k, -1], 0)):>10}"
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
