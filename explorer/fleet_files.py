"""The mix of a fleet as data: JSON and rows of a table."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from breakeven.explorer.files import replacing
from breakeven.explorer.fleet_what_if import WhatIf, loss, sentence
from breakeven.explorer.fleet_words import Told, infeasible, sentences
from breakeven.models.fleet_relaxation import relaxations
from breakeven.models.results import plain

COLUMNS = (
    "quarter [1]",
    "chip",
    "vendor",
    "bought [chip]",
    "installed [chip]",
    "in use [chip]",
    "power [MW]",
    "spend [USD]",
)


def to_json(told: Told, events: list[WhatIf]) -> dict[str, Any]:
    """Inputs, mix, shadow prices and events, as JSON knows them."""
    plan, fleet, best = told.plan, told.fleet, told.best
    found = {
        "fleet": plan.name,
        "title": plan.title,
        "objective": fleet.objective,
        "status": best.status,
        "chips": list(fleet.chips),
        "vendors": list(fleet.vendors),
        "workloads": list(fleet.workloads),
        "said": sentences(told) if best.ok else infeasible(told),
        "inputs": {n: item.record() for n, item in plan.inputs().items()},
    }
    if not best.ok:
        changes = relaxations(fleet) if best.status == "infeasible" else ()
        return found | {"relaxations": [vars(item) for item in changes]}
    work = "token" if fleet.objective == "tokens" else "USD"
    return found | {
        "results": _results(told, work),
        "what_if": [
            {
                "vendor": item.vendor,
                "event": item.event,
                "value": plain(item.plan.value),
                "lost": plain(loss(told, item)),
                "said": sentence(told, item),
            }
            for item in events
        ],
    }


def _results(told: Told, unit: str) -> dict[str, Any]:
    """Arrays of the mix with their units."""
    best, fleet = told.best, told.fleet
    found: dict[str, tuple[str, Any]] = {
        "value": (unit, best.value),
        "cost": ("USD", best.cost),
        "revenue": ("USD", best.revenue),
        "spend": ("USD", best.spend),
        "bought": ("chip", best.bought),
        "installed": ("chip", best.installed),
        "used": ("chip", best.used),
        "served": ("token/s", best.served),
        "demand": ("token/s", fleet.demand),
        "power": ("MW", best.power / 1e6),
    }
    if best.worth is not None:
        worth = best.worth
        found |= {
            "worth_power": (f"{unit}/MW", worth.power * 1e6),
            "worth_budget": (f"{unit}/USD", worth.budget),
            "worth_supply": (f"{unit}/chip", worth.supply),
            "worth_most_share": (f"{unit}/%", _points(worth.most_share)),
            "worth_least_share": (f"{unit}/%", _points(worth.least_share)),
        }
    return {
        name: {
            "unit": unit,
            "value": value if isinstance(value, dict) else plain(value),
        }
        for name, (unit, value) in found.items()
    }


def _points(shares: Any) -> dict[str, float]:
    """Worth of one point of each vendor's share."""
    return {vendor: worth * 0.01 for vendor, worth in shares.items()}


def checked(path: Path) -> None:
    """Refuse a file that a mix cannot be written to.

    Raises
    ------
    ValueError
        When the name does not end in .csv.
    """
    if path.suffix != ".csv":
        raise ValueError(f"{path.name}: a mix is written to .csv")


def write(told: Told, path: Path) -> int:
    """Write the mix by quarter and chip, once it is complete; the number of rows."""
    checked(path)
    rows = list(_rows(told))
    with (
        replacing(path) as draft,
        draft.open("w", newline="", encoding="utf-8") as file,
    ):
        writer = csv.writer(file)
        works = [f"on {w} [chip]" for w in told.fleet.workloads]
        writer.writerow([*COLUMNS, *works])
        writer.writerows(rows)
    return len(rows)


def _rows(told: Told) -> Iterator[list[object]]:
    best, fleet = told.best, told.fleet
    in_use = best.in_use
    for q in range(fleet.shape[2]):
        for k, chip in enumerate(fleet.chips):
            used = best.used[k, :, q].tolist()
            yield [
                q + 1,
                chip,
                fleet.vendors[k],
                float(best.bought[k, q]),
                float(best.installed[k, q]),
                float(in_use[k, q]),
                float(in_use[k, q] * fleet.power[k] / 1e6),
                float(best.bought[k, q] * fleet.purchase[k, q]),
                *used,
            ]
