"""A site in its steady state: the mix of two to four chips under its caps, exactly.

A linear programme with so few columns has few corners. Which rows meet in a corner, and
whether that corner can be the best one at all, does not depend on how much of each cap
there is (EQ-39): one small inverse per corner answers every power cap, budget, supply
and set of designs at once, and gives the shadow prices as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from breakeven.models.base import Array
from breakeven.models.site_corners import (
    TINY,
    Caps,
    coefficients,
    inverses,
    limits,
    points,
    rows_of,
    sizes,
)


@dataclass(frozen=True)
class Mix:
    """The best mix: chips, what they bring, and what one more of each cap adds.

    Worths are per watt, dollar, unit of demand, chip and whole share, 0 where the cap
    does not bind. ``value`` is 0 and no chip stands where none is worth it; all is not
    a number where nothing bounds the mix or an input is unknown.
    """

    count: Array
    value: Array
    power_worth: Array
    budget_worth: Array
    demand_worth: Array
    supply_worth: Array
    most_worth: Array
    least_worth: Array


def best_mix(caps: Caps) -> Mix:
    """Best mix of chips under the caps. [mixed].

    Every argument broadcasts over the axes before the last; those that only the caps
    have (power, budget, demand, supply) cost next to nothing.

    Parameters
    ----------
    caps
        Chips and caps. [mixed]

    References
    ----------
    EQ-39; T. Gal, "Postoptimal Analyses, Parametric Programming, and Related Topics,"
    2nd ed., de Gruyter, 1995, ch. 4 (corners whose dual is feasible).
    """
    kinds = caps.value.shape[-1]
    size = sizes(caps)
    rows = rows_of(caps, size)
    corners = np.array(list(combinations(range(rows.shape[-2]), kinds)))
    inverse, sound = inverses(rows, corners)
    worth = np.einsum("...k,...ckj->...cj", caps.value * size, inverse)
    scale = np.max(np.abs(caps.value * size), axis=-1, initial=0.0)[..., None, None]
    sound &= (worth >= -TINY * np.maximum(scale, TINY)).all(axis=-1)
    kept = sound.reshape(-1, len(corners)).any(axis=0)
    corners, inverse = corners[kept], inverse[..., kept, :, :]
    worth, sound = worth[..., kept, :], sound[..., kept]
    found = [
        _best(caps, size, rows, corners, inverse, worth, sound, np.array(chosen))
        for chosen in _designs(caps)
    ]
    values = np.stack([value for value, _ in found])
    best = np.where(np.isnan(values), -np.inf, values).argmax(axis=0)
    value = np.take_along_axis(values, best[None], 0)[0]
    table = np.stack([part for _, part in found])
    part = np.take_along_axis(table, best[None, ..., None], 0)[0]
    return _mix(value, part, kinds)


def _designs(caps: Caps) -> list[list[bool]]:
    """Sets of chips to try: all, and fewer where a design costs something once."""
    kinds = caps.value.shape[-1]
    paid = [bool(np.any(np.nan_to_num(caps.one_off[..., k]) > 0)) for k in range(kinds)]
    found = [[True] * kinds]
    for k in np.flatnonzero(paid):
        found += [[on and i != k for i, on in enumerate(chosen)] for chosen in found]
    return found


def _best(
    caps: Caps,
    size: Array,
    rows: Array,
    corners: Array,
    inverse: Array,
    worth: Array,
    sound: Any,
    chosen: Array,
) -> tuple[Array, Array]:
    """Value and parts (chips, worth of each row) of the best corner of one set."""
    limit = limits(caps, size, chosen)
    point, inside = points(rows, limit, corners, inverse)
    gain = np.einsum("...ck,...k->...c", point, caps.value * size)
    gain = np.where(inside & sound, gain, -np.inf)
    if not len(corners):
        gain = np.full((*gain.shape[:-1], 1), -np.inf)
    best = gain.argmax(axis=-1)
    value = np.take_along_axis(gain, best[..., None], -1)[..., 0]
    fixed = np.where(chosen, caps.one_off_value, 0.0).sum(axis=-1)
    value = np.where(np.isfinite(value), value - fixed, np.nan)
    part = _parts(caps, size, rows, corners, point, worth, best, value)
    # a chip whose design is not paid for is not short of supply
    kinds = size.shape[-1]
    part[..., kinds + 3 : 2 * kinds + 3] *= chosen
    return value, part


def _parts(
    caps: Caps,
    size: Array,
    rows: Array,
    corners: Array,
    point: Array,
    worth: Array,
    best: Any,
    value: Array,
) -> Array:
    """Chips, then the worth of each row in the units of its cap."""
    if not len(corners):
        blank = np.full((*value.shape, size.shape[-1] + rows.shape[-2]), np.nan)
        return blank
    kinds = size.shape[-1]
    shape = value.shape
    point = np.broadcast_to(point, (*shape, *point.shape[-2:]))
    worth = np.broadcast_to(worth, (*shape, *worth.shape[-2:]))
    x = np.take_along_axis(point, best[..., None, None], -2)[..., 0, :] * size
    y = np.take_along_axis(worth, best[..., None, None], -2)[..., 0, :]
    dense = np.zeros((*shape, rows.shape[-2]))
    np.put_along_axis(dense, corners[best], y, -1)
    power, budget, demand = coefficients(caps, size)
    heavy = np.maximum((caps.weight * size).max(axis=-1, keepdims=True), 1e-300)
    total = (caps.weight * x).sum(axis=-1, keepdims=True) / heavy
    per = np.concatenate(
        np.broadcast_arrays(
            *[dense[..., :1] / power[..., None], dense[..., 1:2] / budget[..., None]]
        ),
        axis=-1,
    )
    rest = dense[..., 2:3] / demand[..., None]
    supply = dense[..., 3 : 3 + kinds] / size
    shares = dense[..., 3 + kinds : 3 + 3 * kinds] * total
    found = np.concatenate([x, per, rest, supply, shares], axis=-1)
    return np.where(np.isfinite(value)[..., None], found, np.nan)


def _mix(value: Array, part: Array, kinds: int) -> Mix:
    """Parts by name; what is not worth its design stays unbuilt."""
    ends = np.cumsum([kinds, 1, 1, 1, kinds, kinds, kinds])
    cuts = np.split(part, ends[:-1], axis=-1)
    return Mix(
        count=np.maximum(cuts[0], 0.0),
        value=value,
        power_worth=cuts[1][..., 0],
        budget_worth=cuts[2][..., 0],
        demand_worth=cuts[3][..., 0],
        supply_worth=cuts[4],
        most_worth=cuts[5],
        least_worth=cuts[6],
    )
