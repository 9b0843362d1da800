"""Fleets that the tests solve: the published two chips, and random ones."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.random import Generator

from breakeven.models.fleet import Fleet


def two_chips(**changes: Any) -> Fleet:
    """Two chips under a cap of power and one of money, for one quarter of a second."""
    one = np.ones((2, 1))
    given: dict[str, Any] = {
        "chips": ("a", "b"),
        "workloads": ("work",),
        "vendors": ("A", "B"),
        "rate": np.array([[1.0], [2.2]]),
        "running": 0.0 * one,
        "charge": 0.0 * one,
        "purchase": np.array([[15.0], [45.0]]),
        "one_off": np.zeros(2),
        "one_off_charge": np.zeros(2),
        "power": np.array([1.25, 2.1]),
        "weight": np.array([1.25, 2.1]),
        "supply": np.inf * one,
        "existing": np.zeros(2),
        "demand": np.full((1, 1), np.inf),
        "price": np.ones((1, 1)),
        "power_cap": np.array([1e5]),
        "budget": 1.5e6,
        "discount": np.ones(1),
        "period": 1.0,
        "objective": "margin",
    }
    return Fleet(**(given | changes))


def random_fleet(
    rng: Generator, chips: int, works: int, quarters: int, **changes: Any
) -> Fleet:
    """A fleet in real sizes: watts, dollars, tokens."""
    wide = (chips, quarters)
    growth = np.linspace(0.3, 1.0, quarters)
    price = rng.uniform(8e3, 5e4, (chips, 1)) * np.ones(quarters)
    weight = rng.uniform(800, 2500, chips)
    able = rng.random((chips, works)) < 0.9
    given: dict[str, Any] = {
        "chips": tuple(f"chip{k}" for k in range(chips)),
        "workloads": tuple(f"work{w}" for w in range(works)),
        "vendors": tuple("ABCDE"[k % 5] for k in range(chips)),
        "rate": rng.uniform(50, 500, (chips, works)) * able,
        "running": rng.uniform(1e-4, 3e-4, (chips, works)),
        "charge": price * 2e-8,
        "purchase": price,
        "one_off": np.zeros(chips),
        "one_off_charge": np.zeros(chips),
        "power": weight,
        "weight": weight,
        "supply": rng.uniform(1e3, 2e4, wide),
        "existing": np.zeros(chips),
        "demand": rng.uniform(1e5, 2e6, (works, 1)) * growth,
        "price": np.full((works, quarters), 8e-6),
        "power_cap": 1e8 * growth,
        "budget": 2e9,
        "discount": 1.1 ** (-(np.arange(quarters) + 0.5) / 4),
        "period": 7_884_000.0,
        "objective": "margin",
    }
    return Fleet(**(given | changes))


def drawn(seed: int, objective: str = "margin", **changes: object) -> Fleet:
    """A random fleet with rules on shares; a demand that its caps can meet."""
    rng = np.random.default_rng(seed)
    fleet = random_fleet(rng, 4, 2, 3, objective=objective)
    if objective == "cost":
        fleet = replace(fleet, demand=fleet.demand * 1e-2, rate=fleet.rate + 10.0)
    shares = {"most_share": {"A": 0.5}, "least_share": {"B": 0.1}}
    return replace(fleet, **(shares | changes))  # type: ignore[arg-type]
