"""Many draws in pieces that fit the cache of a processor; the numbers stay the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

import numpy as np

from breakeven.models import study
from breakeven.models.base import Array
from breakeven.models.results import Results

CHUNK = 4096
# Fields that no draw changes.
_SHARED = "options labels reference work_unit work_label notes months volumes".split()


def pieces(given: Mapping[str, Any]) -> Iterator[dict[str, Array]]:
    """Overrides cut along their first draw axis into pieces of :data:`CHUNK`. [mixed].

    Parameters
    ----------
    given
        Overrides by dotted name; they broadcast together. [mixed]

    Raises
    ------
    ValueError
        When they do not broadcast.
    """
    arrays = {name: np.asarray(value) for name, value in given.items()}
    shape = common_shape(arrays)
    if not shape or shape[0] <= CHUNK:
        yield arrays
        return
    for start in range(0, shape[0], CHUNK):
        cut = slice(start, start + CHUNK)
        yield {
            name: array[cut]
            if array.ndim == len(shape) and array.shape[0] > 1
            else array
            for name, array in arrays.items()
        }


def common_shape(arrays: Mapping[str, Array]) -> tuple[int, ...]:
    """Shape that overrides broadcast to. [1].

    Parameters
    ----------
    arrays
        Overrides by dotted name. [mixed]

    Raises
    ------
    ValueError
        When they do not broadcast: one line with names and shapes.
    """
    try:
        return np.broadcast_shapes(*(array.shape for array in arrays.values()))
    except ValueError:
        said = ", ".join(f"{n} {a.shape}" for n, a in arrays.items() if a.ndim)
        raise ValueError(f"overrides do not broadcast: {said}") from None


def joined(parts: list[Results]) -> Results:
    """Results of the pieces as one. [mixed].

    Parameters
    ----------
    parts
        Results in the order of the pieces. [mixed]
    """
    if len(parts) == 1:
        return parts[0]
    table: dict[str, Any] = {}
    for item in fields(Results):
        values = [getattr(part, item.name) for part in parts]
        if item.name == "studies":
            table[item.name] = {
                name: study.joined([part[name] for part in values])
                for name in values[0]
            }
        elif item.name in _SHARED or not np.size(values[0]):
            table[item.name] = values[0]
        else:
            axis = 2 if item.name == "breakdown" else 1
            table[item.name] = np.concatenate(values, axis=axis)
    table["notes"] = tuple(dict.fromkeys(n for part in parts for n in part.notes))
    return Results(**table)
