"""Results with their draws last, as a view takes many of them at once.

An evaluation has the options first, then the draws, then months or a sweep of the
view's own. A view speaks of options and months alone: with the draws behind them, the
same expressions serve one draw, which has no such axis, and thousands.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from breakeven.models.results import Results
from breakeven.models.study import Output

Array = NDArray[np.float64]

_SHARED = ("months", "volumes")  # what no draw changes


def last(results: Results) -> Results:
    """Results whose draws have one axis, with that axis behind all others."""
    return _mapped(results, lambda array, axis: np.moveaxis(array, axis, -1))


def taken(results: Results, which: Any) -> Results:
    """Some draws of results that have them last, or one as if there were no others."""
    return _mapped(results, lambda array, _: array[..., which])


def columns(array: Any, size: int, count: int) -> Array:
    """Elements of an array in each of some draws, a column for each.

    Parameters
    ----------
    array
        An array of one draw, the same in all, or one with the draws last.
    size
        Elements in one draw. [1]
    count
        Draws. [1]
    """
    flat = np.asarray(array, dtype=float)
    own = flat.reshape(size, -1)
    return np.broadcast_to(own, (size, count))


def _mapped(results: Results, change: Callable[[Any, int], Any]) -> Results:
    """Results with every array of draws changed; its axis of draws is told."""

    def studied(array: Any, output: Output) -> Any:
        return array if output.shared else change(array, int(output.by_option))

    found: dict[str, Any] = {}
    for item in fields(results):
        value = getattr(results, item.name)
        if item.name == "studies":
            found[item.name] = {n: f.mapped(studied) for n, f in value.items()}
        elif isinstance(value, np.ndarray) and item.name not in _SHARED and value.size:
            found[item.name] = change(value, 2 if item.name == "breakdown" else 1)
    return replace(results, **found)
