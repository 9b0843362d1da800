"""Many draws in pieces that fit the cache of a processor; the numbers stay the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import fields
from typing import Any

import numpy as np

from breakeven.models import study
from breakeven.models.base import Array
from breakeven.models.results import Results

CHUNK = 4096  # rows of a piece at most
PLAIN = 16_384  # the same where a row is a few hundred numbers
_LEAST = 2048  # rows that are worth a thread of their own
# Threads at work on pieces: NumPy lets go of the interpreter inside its loops, but what
# is between them runs one at a time, so that more would gain little.
_THREADS = 4
# Fields that no draw changes.
_SHARED = "options labels reference work_unit work_label notes months volumes".split()


def pieces(
    given: Mapping[str, Any], most: int, threads: int = _THREADS
) -> Iterator[dict[str, Array]]:
    """Overrides cut along their first draw axis, a piece for each thread. [mixed].

    Parameters
    ----------
    given
        Overrides by dotted name; they broadcast together. [mixed]
    most
        Rows of a piece at most. [1]
    threads
        Threads to be kept at work. [1]

    Raises
    ------
    ValueError
        When they do not broadcast.
    """
    arrays = {name: np.asarray(value) for name, value in given.items()}
    shape = common_shape(arrays)
    rows = shape[0] if shape else 1
    size = min(most, max(_LEAST, -(-rows // threads)))
    if rows <= size:
        yield arrays
        return
    for start in range(0, rows, size):
        cut = slice(start, start + size)
        yield {
            name: array[cut]
            if array.ndim == len(shape) and array.shape[0] > 1
            else array
            for name, array in arrays.items()
        }


def mapped(
    work: Callable[[dict[str, Array]], Results], given: Iterable[dict[str, Array]]
) -> list[Results]:
    """Results of pieces in their order, several computed at the same time. [mixed].

    Parameters
    ----------
    work
        Gives the results of one piece. [mixed]
    given
        The pieces. [mixed]

    References
    ----------
    Own definition.
    """
    waiting = list(given)
    if len(waiting) == 1:
        return [work(waiting[0])]
    with ThreadPoolExecutor(min(_THREADS, len(waiting))) as threads:
        # how NumPy treats overflows is part of the context of the caller
        running = [threads.submit(copy_context().run, work, piece) for piece in waiting]
        return [task.result() for task in running]


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
