"""Caps on a few chips as rows, the corners where they meet, and their inverses."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from breakeven.models.base import Array

TINY = 1e-9  # of scaled rows and columns, which are about 1
NEAR = 1e-7  # by which a row may be missed


@dataclass(frozen=True)
class Caps:
    """Chips side by side (last axis, K) and the caps on them; infinite is no cap.

    ``value`` is what a chip brings [1/s or USD/s], ``work`` what it delivers [1/s],
    ``power`` what the site reserves for it [W], ``weight`` what shares are counted in
    [W], ``purchase`` its price [USD], ``supply`` the chips to be had [1],
    ``least_share`` and ``most_share`` of the weight [1], ``one_off`` what its design
    costs once [USD] and ``one_off_value`` what that takes off the value [as value].
    """

    value: Array
    work: Array
    power: Array
    weight: Array
    purchase: Array
    supply: Array
    least_share: Array
    most_share: Array
    one_off: Array
    one_off_value: Array
    power_cap: Array
    budget: Array
    demand: Array


def corner_points(caps: Caps) -> Array:
    """Corners of the region of two chips that the caps allow, in order. [1].

    One row a pair of caps; those that do not meet in a corner are not a number and
    stand last. Designs are taken as paid for in both.

    Parameters
    ----------
    caps
        Two chips and their caps. [mixed]

    References
    ----------
    EQ-39.
    """
    size = sizes(caps)
    rows = rows_of(caps, size)
    pairs = np.array(list(combinations(range(rows.shape[-2]), 2)))
    inverse, sound = inverses(rows, pairs)
    limit = limits(caps, size, np.ones(2, bool))
    point, inside = points(rows, limit, pairs, inverse)
    point = np.where((inside & sound)[..., None], point, np.nan)
    known = np.isfinite(point)
    middle = np.where(known, point, 0.0).sum(axis=-2, keepdims=True)
    middle = point - middle / np.maximum(known.sum(axis=-2, keepdims=True), 1)
    order = np.argsort(np.arctan2(middle[..., 1], middle[..., 0]), axis=-1)
    return np.take_along_axis(point, order[..., None], -2) * size[..., None, :]


def points(
    rows: Array, limit: Array, corners: Array, inverse: Array
) -> tuple[Array, Any]:
    """Where the rows of each corner meet, and whether all others hold there. [1].

    ``rows`` and ``limit`` are the sides of all rows, ``corners`` the rows that meet in
    each corner and ``inverse`` their inverse. Own definition.
    """
    at = limit[..., corners]
    finite = np.isfinite(at).all(axis=-1)
    safe = np.where(np.isfinite(at), at, 0.0)
    point = np.einsum("...ckj,...cj->...ck", inverse, safe)
    reached = np.einsum("...ck,...rk->...cr", point, rows)
    near = np.maximum(np.where(np.isfinite(limit), np.abs(limit), 0.0), 1.0) * NEAR
    held = (reached <= (limit + near)[..., None, :]).all(axis=-1)
    return point, held & finite


def sizes(caps: Caps) -> Array:
    """Chips that one cap alone would allow: the unit in which a mix is solved. [1].

    Levels of ``caps`` share one unit, so that they share their corners. Own definition.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        alone = np.stack(
            np.broadcast_arrays(
                caps.power_cap[..., None] / caps.power,
                caps.budget[..., None] / caps.purchase,
                caps.demand[..., None] / caps.work,
                caps.supply,
            )
        )
    alone = np.where(np.isfinite(alone) & (alone > 0), alone, np.inf).min(axis=0)
    # one unit for all levels of the caps, so that the corners are shared
    while alone.ndim > caps.value.ndim:
        alone = np.where(np.isfinite(alone), alone, -np.inf).max(axis=0)
    return np.where(np.isfinite(alone) & (alone > 0), alone, 1.0)


def coefficients(caps: Caps, size: Array) -> tuple[Array, Array, Array]:
    """Largest coefficient of the rows of power, budget and demand. [mixed].

    ``caps`` in columns of ``size`` chips. Own definition.
    """
    largest = [
        np.max(np.abs(np.nan_to_num(part * size)), axis=-1)
        for part in (caps.power, caps.purchase, caps.work)
    ]
    power, budget, demand = (np.where(part > 0, part, 1.0) for part in largest)
    return power, budget, demand


def rows_of(caps: Caps, size: Array) -> Array:
    """Left sides: power, budget, demand, supply, most, least, none below 0. [1].

    ``caps`` in columns of ``size`` chips, each row about 1. EQ-39.
    """
    kinds = size.shape[-1]
    unit = np.eye(kinds)
    scales = coefficients(caps, size)
    parts = (caps.power, caps.purchase, caps.work)
    found = [
        (part * size / scale[..., None])[..., None, :]
        for part, scale in zip(parts, scales, strict=True)
    ]
    weight = caps.weight * size
    weight = weight / np.maximum(weight.max(axis=-1, keepdims=True), 1e-300)
    most = weight[..., None, :] * (unit - caps.most_share[..., None])
    least = -weight[..., None, :] * (unit - caps.least_share[..., None])
    found += [unit, most, least, -unit]
    shape = np.broadcast_shapes(*(part.shape[:-2] for part in found))
    return np.concatenate(
        [np.broadcast_to(part, (*shape, *part.shape[-2:])) for part in found], axis=-2
    )


def limits(caps: Caps, size: Array, chosen: Array) -> Array:
    """Right sides of the rows when only the ``chosen`` chips may be bought. [1].

    ``caps`` in columns of ``size`` chips, as :func:`rows_of`. EQ-39.
    """
    kinds = size.shape[-1]
    paid = np.where(chosen, caps.one_off, 0.0).sum(axis=-1)
    power, budget, demand = coefficients(caps, size)
    supply = np.where(chosen, caps.supply, 0.0) / size
    upper = (
        (caps.power_cap / power)[..., None],
        ((caps.budget - paid) / budget)[..., None],
        (caps.demand / demand)[..., None],
        supply,
        np.zeros(3 * kinds),
    )
    shape = np.broadcast_shapes(*(part.shape[:-1] for part in upper))
    return np.concatenate(
        [np.broadcast_to(part, (*shape, part.shape[-1])) for part in upper], axis=-1
    )


def inverses(rows: Array, corners: Array) -> tuple[Array, Any]:
    """Inverse of the ``rows`` that meet in ``corners``, and whether they do meet. [1].

    Own definition.
    """
    square = rows[..., corners, :]
    square = np.where(np.isfinite(square), square, 0.0)
    sound = np.abs(np.linalg.det(square)) > 1e-10
    safe = np.where(sound[..., None, None], square, np.eye(rows.shape[-1]))
    return np.linalg.inv(safe), sound
