"""Roots of present values: all of them, isolated by interval bounds.

Works on rows of flows c at times t, in x = ln(1 + r), where the present value is
sum c exp(-t x). A row that changes sign once has one root, bounded in closed form. One
that changes sign twice has none, two, or one where it touches zero: counted from the
first flow of the middle sign, its present value has a single summit. For other rows the
line of x is cut in halves until on each piece the present value or its slope provably
keeps its sign, so that none is missed and none counted twice.

References
----------
.. [1] R. E. Moore, R. B. Kearfott and M. J. Cloud, "Introduction to Interval Analysis,"
   SIAM, 2009, doi:10.1137/1.9780898717716.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from breakeven.models.base import Array

_CLOSE = 1e-7  # roots of x nearer than this count as one
_ROUNDING = 1e-14
_CHUNK = 100_000  # elements of a work array

Index = NDArray[np.int64]
Mask = NDArray[np.bool_]


def sign_changes(cash_flows: ArrayLike) -> Index:
    """Number of times that cash flows change sign, zeros skipped. [1].

    Time is on the last axis of cash_flows [USD]. 0: no rate of return exists; 1:
    exactly one above -1; more: none or several, at most this many (Descartes' rule).

    References
    ----------
    .. [1] G. B. Hazen, "A new perspective on multiple internal rates of return," Eng.
       Econ. 48(1), 31-51, 2003.
    """
    sign = np.sign(np.asarray(cash_flows, dtype=float))
    last = np.zeros(sign.shape[:-1])
    count = np.zeros(sign.shape[:-1], dtype=np.int64)
    for t in range(sign.shape[-1]):
        now = sign[..., t]
        count += now * last < 0.0
        last = np.where(now == 0.0, last, now)
    return count


def present_value_roots(times: Array, flows: Array) -> tuple[Index, Array]:
    """Row [1] and x = ln(1 + r) [1] of every root, in no order.

    times [period] and flows [USD] have time on the last axis; a row is the position in
    the leading axes of flows, flattened. Flows that are not finite have no root.
    """
    span = flows.shape[-1]
    if span < 2 or not flows.size:
        return np.empty(0, np.int64), np.empty(0)
    c = flows.reshape(-1, span)
    t = np.broadcast_to(times, flows.shape).reshape(-1, span)
    finite = np.asarray(np.isfinite(c + t).all(axis=-1))
    size = np.abs(np.where(finite[:, None], c, 0.0)).max(axis=-1)
    c = np.where(finite[:, None], c, 0.0) / np.where(size > 0.0, size, 1.0)[:, None]
    changes = sign_changes(c)
    rows, roots = [np.empty(0, np.int64)], [np.empty(0)]
    for part in _parts(np.flatnonzero(changes == 1), _CHUNK // span):
        rows.append(part)
        roots.append(_refined(c[part], t[part], *_single(c[part], t[part])))
    for part in _parts(np.flatnonzero(changes == 2), _CHUNK // span):
        row, low, high = _paired(c[part], t[part])
        rows.append(part[row])
        roots.append(_refined(c[part[row]], t[part[row]], low, high))
    for part in _parts(np.flatnonzero(changes > 2), _CHUNK // (32 * span)):
        row, low, high = _isolated(c[part], t[part])
        rows.append(part[row])
        roots.append(_refined(c[part[row]], t[part[row]], low, high))
    return np.concatenate(rows), np.concatenate(roots)


def _parts(rows: Index, size: int) -> list[Index]:
    """Rows in pieces small enough for the work arrays to stay in cache."""
    step = max(size, 1)
    return [rows[first : first + step] for first in range(0, rows.size, step)]


def _log_ratio(c: Array, t: Array, x: Array) -> tuple[Array, Array]:
    """Log of present inflows over present outflows, and its slope in x.

    It has the roots of the present value, no overflow, and is almost a straight line.
    """
    with np.errstate(divide="ignore"):
        size = np.log(np.abs(c))
    return _ratio(size, c > 0.0, c < 0.0, t, x)


def _ratio(
    size: Array, inflow: Mask, outflow: Mask, t: Array, x: Array
) -> tuple[Array, Array]:
    """The same from logs of the sizes of the flows and their signs."""
    exponent = size - t * x[:, None]
    tops = [
        np.where(side, exponent, -np.inf).max(axis=-1) for side in (inflow, outflow)
    ]
    weight = np.exp(exponent - np.where(inflow, tops[0][:, None], tops[1][:, None]))
    value, slope = tops[0] - tops[1], np.zeros(x.shape)
    for side, sign in ((inflow, 1.0), (outflow, -1.0)):
        part = np.where(side, weight, 0.0)
        total = part.sum(axis=-1)
        value = value + sign * np.log(total)
        slope -= sign * np.vecdot(part, t) / total
    return value, slope


def _single(c: Array, t: Array) -> tuple[Array, Array]:
    """Bounds of the one root of flows that change sign once.

    The slope of the log ratio is at least the time between the last flow of the one
    sign and the first of the other, so the root is no further than value / gap.
    """
    value, _ = _log_ratio(c, t, np.zeros(c.shape[0]))
    first = np.take_along_axis(c, (c != 0.0).argmax(axis=-1)[:, None], -1)
    early = np.sign(c) == np.sign(first)
    late = (c != 0.0) & ~early
    gap = np.where(late, t, np.inf).min(-1) - np.where(early, t, -np.inf).max(-1)
    far = -np.sign(first[:, 0]) * value / gap * (1.0 + 1e-9)
    return np.minimum(far, 0.0) - 1e-9, np.maximum(far, 0.0) + 1e-9


def _paired(c: Array, t: Array) -> tuple[Index, Array, Array]:
    """Row, low and high of the roots of flows that change sign twice.

    With time counted from the first flow of the middle sign, the slope in x changes
    sign once, so the present value has one summit, and a root on each side of it where
    it rises above zero. Where both sides are below zero within ``_CLOSE`` they are one.
    """
    first = np.take_along_axis(c, (c != 0.0).argmax(axis=-1)[:, None], -1)
    middle = np.sign(c) == -np.sign(first)
    origin = np.take_along_axis(t, middle.argmax(axis=-1)[:, None], -1)
    slope = -c * (t - origin)
    summit = _refined(slope, t, *_single(slope, t))
    height = _sign(c, t, summit) * -np.sign(first[:, 0])
    sides = [
        _sign(c, t, summit + step) * first[:, 0] >= 0.0 for step in (-_CLOSE, _CLOSE)
    ]
    single = (height == 0.0) | ((height > 0.0) & sides[0] & sides[1])
    both, touch = np.flatnonzero((height > 0.0) & ~single), np.flatnonzero(single)
    ends = [_reach(c, t, first=False), _reach(c, t, first=True)]
    ends = [np.minimum(ends[0], summit), np.maximum(ends[1], summit)]
    row = np.concatenate([both, both, touch])
    low = np.concatenate([ends[0][both], summit[both], summit[touch]])
    high = np.concatenate([summit[both], ends[1][both], summit[touch]])
    return row, low, high


def _refined(c: Array, t: Array, low: Array, high: Array) -> Array:
    """Root between ``low`` and ``high``: Newton on the log ratio, kept inside.

    Where both ends have one sign the present value only touches zero: the middle.
    """
    below, above = _sign(c, t, low), _sign(c, t, high)
    rising = np.where(above != 0.0, above, -below)
    low, high = low.copy(), high.copy()
    result = 0.5 * (low + high)
    result = np.where(below == above, result, np.clip(0.0, low, high))
    left = np.flatnonzero(below != above)
    with np.errstate(divide="ignore"):
        size = np.log(np.abs(c))
    inflow, outflow = c > 0.0, c < 0.0
    for _ in range(200):
        x = result[left]
        value, slope = _ratio(size[left], inflow[left], outflow[left], t[left], x)
        over = rising[left] * value > 0.0
        high[left], low[left] = (
            np.where(over, x, high[left]),
            np.where(over, low[left], x),
        )
        with np.errstate(all="ignore"):
            new = x - value / slope
        inside = (new >= low[left]) & (new <= high[left])
        result[left] = np.where(inside, new, 0.5 * (low[left] + high[left]))
        left = left[np.abs(result[left] - x) > 1e-13 * (1.0 + np.abs(x))]
        if not left.size:
            break
    return result


def _isolated(c: Array, t: Array) -> tuple[Index, Array, Array]:
    """Row, low and high of intervals of x that hold one root each, together all."""
    low, high = _reach(c, t, first=False), _reach(c, t, first=True)
    share = np.linspace(0.0, 1.0, 9)
    edges = np.concatenate([low[:, None] * (1.0 - share), high[:, None] * share[1:]], 1)
    row = np.repeat(np.arange(c.shape[0]), edges.shape[1] - 1)
    a, b = edges[:, :-1].ravel(), edges[:, 1:].ravel()
    found: list[tuple[Index, Array, Array]] = []
    blurred: list[tuple[Index, Array, Array]] = []
    while row.size:
        crossing, unclear = _verdict(c[row], t[row], a, b)
        found.append((row[crossing], a[crossing], b[crossing]))
        narrow = unclear & (b - a < _CLOSE)
        blurred.append((row[narrow], a[narrow], b[narrow]))
        wide = unclear & ~narrow
        middle = 0.5 * (a[wide] + b[wide])
        row = np.concatenate([row[wide], row[wide]])
        a, b = np.concatenate([a[wide], middle]), np.concatenate([middle, b[wide]])
    found.append(
        _merged(c, t, *(np.concatenate(part) for part in zip(*blurred, strict=True)))
    )
    rows, lows, highs = (np.concatenate(part) for part in zip(*found, strict=True))
    return rows, lows, highs


def _reach(c: Array, t: Array, *, first: bool) -> Array:
    """Bound of x beyond which the first (or the last) flow outweighs all others."""
    if not first:
        c, t = c[:, ::-1], -t[:, ::-1]
    used = c != 0.0
    start = used.argmax(axis=-1)[:, None]
    lead = np.take_along_axis(np.abs(c), start, -1)[:, 0]
    origin = np.take_along_axis(t, start, -1)
    later = used & (t > origin)
    gap = np.where(later, t - origin, np.inf).min(axis=-1)
    rest = np.where(later, np.abs(c), 0.0).sum(axis=-1)
    bound = np.maximum(np.log(rest) - np.log(lead), 0.0) / gap * (1.0 + 1e-9) + 1e-9
    return bound if first else -bound


def _verdict(c: Array, t: Array, a: Array, b: Array) -> tuple[Mask, Mask]:
    """Whether one root is crossed between a and b, and whether that stays unclear.

    Each flow is bounded by its values at both ends, about its centre of gravity in
    time; so is the slope. A sum of bounds that excludes zero settles the interval, and
    so does a value in the middle that the steepest slope cannot bring to zero.
    """
    middle = 0.5 * (a + b)
    exponent = -t * middle[:, None]
    with np.errstate(divide="ignore"):
        exponent += np.log(np.abs(c))
    weight = np.sign(c) * np.exp(exponent - exponent.max(axis=-1, keepdims=True))
    size = np.abs(weight)
    centre = (size * t).sum(axis=-1) / size.sum(axis=-1)
    lag = centre[:, None] - t
    swing = np.exp(np.minimum(np.abs(lag) * (0.5 * (b - a))[:, None], 600.0))
    bounds = []
    for term in (weight, weight * lag):
        large, small = np.abs(term) * swing, np.abs(term) / swing
        noise = _ROUNDING * large.sum(axis=-1)
        least = np.where(term > 0.0, small, -large).sum(axis=-1) - noise
        most = np.where(term > 0.0, large, -small).sum(axis=-1) + noise
        bounds.append((least, most, noise))
    (least, most, noise), (falling, rising, _) = bounds
    steepest = np.maximum(-falling, rising) * 0.5 * (b - a)
    absent = (least > 0.0) | (most < 0.0)
    absent |= np.abs(weight.sum(axis=-1)) > steepest + noise
    monotone = (falling > 0.0) | (rising < 0.0)
    ends = _sign(c, t, a), _sign(c, t, b)
    crossed = (ends[0] != ends[1]) & (ends[1] != 0.0)
    return ~absent & monotone & crossed, ~absent & ~monotone


def _sign(c: Array, t: Array, x: Array) -> Array:
    """Sign of the present value at x, the same whichever interval asks."""
    with np.errstate(divide="ignore"):
        exponent = np.log(np.abs(c)) - t * x[:, None]
    top = exponent.max(axis=-1, keepdims=True)
    size = np.exp(exponent - top)
    total = (np.sign(c) * size).sum(axis=-1)
    return np.where(np.abs(total) <= _ROUNDING * size.sum(axis=-1), 0.0, np.sign(total))


def _merged(
    c: Array, t: Array, row: Index, a: Array, b: Array
) -> tuple[Index, Array, Array]:
    """Neighbouring unclear intervals as one, where it holds a root or touches zero."""
    order = np.lexsort((a, row))
    row, a, b = row[order], a[order], b[order]
    new = np.ones(row.size, dtype=bool)
    new[1:] = (row[1:] != row[:-1]) | (a[1:] > b[:-1] + 0.1 * _CLOSE)
    start = np.flatnonzero(new)
    row, a, b = (
        row[start],
        a[start],
        b[np.append(start[1:], new.size)[: start.size] - 1],
    )
    signs = [_sign(c[row], t[row], a + (b - a) * part) for part in (0.0, 0.5, 1.0)]
    kept = (signs[2] != 0.0) & ((signs[0] != signs[2]) | (signs[1] == 0.0))
    return row[kept], a[kept], b[kept]
