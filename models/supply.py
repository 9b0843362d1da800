"""What it costs when a supplier slips or cuts, and what a second source is worth.

A supplier is on time, slips, or cuts the allocation. What is missing is bought on the
spot market for the time it is missing. A second supplier takes a share of the volume,
costs more, and fails partly for the same reasons and partly for its own.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from breakeven.models.base import Array

STATES = ("on time", "slips", "cuts")


class Sourcing(NamedTuple):
    """What the two suppliers charge and hold, per unit of demand; fields broadcast.

    ``cost`` [USD] of a unit from the first supplier, ``second_cost`` [USD] from the
    second, ``spot`` [USD] on the spot market; ``share`` [1] of the volume that the
    second holds, ``surge`` [1] of the demand that it can add at short notice,
    ``common`` [1] of the failures that hit both, ``missing`` the shares [1] that a
    supplier lacks in each of :data:`STATES`.
    """

    cost: Array
    second_cost: Array
    spot: Array
    share: Array
    surge: Array
    common: Array
    missing: tuple[Array, Array, Array]


def expected_cost(
    chances: Array, supplied: Array, demand: Array, cost: Array, spot: Array
) -> Array:
    """Expected cost of a demand that one supplier may fail to meet. [USD].

    ``sum_s p_s (Q_s c + max(0, D - Q_s) p_spot)``, states on the last axis.

    Parameters
    ----------
    chances
        Chance of each state; they add up to 1. [1]
    supplied
        What the supplier delivers in each state, up to the demand. [unit]
    demand
        What is needed. [unit]
    cost
        Cost of a unit from the supplier. [USD/unit]
    spot
        Cost of a unit on the spot market. [USD/unit]

    References
    ----------
    EQ-44.
    """
    need = np.asarray(demand, float)[..., None]
    got = np.minimum(supplied, need)
    each = np.asarray(cost, float)[..., None] * got
    each = each + np.asarray(spot, float)[..., None] * (need - got)
    return np.asarray((np.asarray(chances, float) * each).sum(axis=-1))


def state_chances(disruption: Array, slip_share: Array) -> tuple[Array, Array, Array]:
    """Chance of each state of a supplier, in the order of STATES. [1].

    Parameters
    ----------
    disruption
        Chance that anything goes wrong. [1]
    slip_share
        Share of that in which the supplier slips; else it cuts. [1]

    References
    ----------
    EQ-44.
    """
    wrong = np.asarray(disruption, float)
    slips = wrong * slip_share
    return 1.0 - wrong, slips, wrong - slips


def single_cost(state: int, sourcing: Sourcing) -> Array:
    """Cost per unit of demand with one supplier in a state. [USD].

    Parameters
    ----------
    state
        Position in STATES. [1]
    sourcing
        Prices and shares. [mixed]

    References
    ----------
    EQ-44.
    """
    lacking = sourcing.missing[state]
    return (1.0 - lacking) * sourcing.cost + lacking * sourcing.spot


def dual_cost(first: int, second: int, sourcing: Sourcing) -> Array:
    """Cost per unit of demand with two suppliers, each in a state. [USD].

    The second holds its share of the volume and, when the first falls short, adds up to
    its surge; the rest is bought on the spot market.

    Parameters
    ----------
    first
        State of the first supplier: position in STATES. [1]
    second
        State of the second. [1]
    sourcing
        Prices and shares. [mixed]

    References
    ----------
    EQ-44 with two suppliers.
    """
    held = np.asarray(sourcing.share, float)
    own = (1.0 - held) * (1.0 - sourcing.missing[first])
    works = 1.0 - sourcing.missing[second]
    lacking = (1.0 - held) * sourcing.missing[first]
    other = held * works + np.minimum(lacking, sourcing.surge * works)
    rest = np.maximum(1.0 - own - other, 0.0)
    return own * sourcing.cost + other * sourcing.second_cost + rest * sourcing.spot


def single_expectation(
    disruption: Array, slip_share: Array, sourcing: Sourcing
) -> Array:
    """Expected cost per unit of demand with one supplier. [USD].

    Parameters
    ----------
    disruption
        Chance that anything goes wrong. [1]
    slip_share
        Share of that in which the supplier slips. [1]
    sourcing
        Prices and shares. [mixed]

    References
    ----------
    EQ-44.
    """
    chances = state_chances(disruption, slip_share)
    return sum(
        (p * single_cost(i, sourcing) for i, p in enumerate(chances)), np.asarray(0.0)
    )


def dual_expectation(disruption: Array, slip_share: Array, sourcing: Sourcing) -> Array:
    """Expected cost per unit of demand with two suppliers. [USD].

    ``P(i, j) = k p_i [i = j] + (1 - k) p_i p_j``: with chance k the same event hits
    both, else each fails on its own.

    Parameters
    ----------
    disruption
        Chance that anything goes wrong at a supplier. [1]
    slip_share
        Share of that in which it slips. [1]
    sourcing
        Prices and shares. [mixed]

    References
    ----------
    EQ-44 with two suppliers; the mixture is our own definition.
    """
    chances = state_chances(disruption, slip_share)
    common = np.asarray(sourcing.common, float)
    total = np.asarray(0.0)
    for i, p in enumerate(chances):
        total = total + common * p * dual_cost(i, i, sourcing)
        for j, q in enumerate(chances):
            total = total + (1.0 - common) * p * q * dual_cost(i, j, sourcing)
    return total


def worst_cost(
    disruption: Array, slip_share: Array, sourcing: Sourcing, *, dual: bool
) -> Array:
    """Highest cost per unit of demand that has a chance. [USD].

    Parameters
    ----------
    disruption
        Chance that anything goes wrong at a supplier. [1]
    slip_share
        Share of that in which it slips. [1]
    sourcing
        Prices and shares. [mixed]
    dual
        Whether there are two suppliers. [1]

    References
    ----------
    EQ-44, the largest term instead of the sum.
    """
    chances = state_chances(disruption, slip_share)
    common = np.asarray(sourcing.common, float)
    worst = np.asarray(-np.inf)
    for i, p in enumerate(chances):
        if not dual:
            worst = np.maximum(
                worst, np.where(p > 0.0, single_cost(i, sourcing), -np.inf)
            )
            continue
        for j, q in enumerate(chances):
            chance = (1.0 - common) * p * q + (common * p if i == j else 0.0)
            cost = dual_cost(i, j, sourcing)
            worst = np.maximum(worst, np.where(chance > 0.0, cost, -np.inf))
    return worst


def paying_chance(at_none: Array, at_half: Array, at_all: Array) -> Array:
    """Chance of disruption from which a second source pays; NaN when none does. [1].

    The saving is a parabola in the chance, given by its values at 0, 1/2 and 1; the
    answer is the smallest chance at which it is not negative.

    Parameters
    ----------
    at_none
        Saving of the second source when nothing goes wrong. [USD]
    at_half
        Saving at a chance of one half. [USD]
    at_all
        Saving when something is sure to go wrong. [USD]

    References
    ----------
    EQ-44, solved for the chance.
    """
    c = np.asarray(at_none, float)
    b = 4.0 * np.asarray(at_half, float) - 3.0 * c - at_all
    a = np.asarray(at_all, float) - b - c
    with np.errstate(all="ignore"):
        root = np.sqrt(np.where(b * b >= 4.0 * a * c, b * b - 4.0 * a * c, np.nan))
        lean = -0.5 * (b + np.where(b >= 0.0, root, -root))
        both = np.stack(np.broadcast_arrays(lean / a, c / lean))
    both = np.where((both > 0.0) & (both <= 1.0), both, np.inf)
    first = both.min(axis=0)
    first = np.where(np.isfinite(first), first, np.nan)
    return np.where(c >= 0.0, 0.0, np.where(np.isfinite(c + b + a), first, np.nan))
