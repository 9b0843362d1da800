"""All numbers of a replica, a demand or what was solved of them; some of the draws."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.intp]


def changed(value: Any, change: Callable[[Any], Any]) -> Any:
    """The same with each of its numbers changed. [mixed].

    Parameters
    ----------
    value
        Numbers in dataclasses, dictionaries and tuples. [mixed]
    change
        Gives the new number or array. [mixed]

    References
    ----------
    Own definition.
    """
    if isinstance(value, np.ndarray | float):  # first, since most are
        return change(value)
    if isinstance(value, dict):
        return {name: changed(item, change) for name, item in value.items()}
    if isinstance(value, tuple):
        return tuple(changed(item, change) for item in value)
    if is_dataclass(value):
        own = {f.name: changed(getattr(value, f.name), change) for f in fields(value)}
        return replace(value, **own)  # type: ignore[type-var]
    return value if isinstance(value, bool) else change(value)


def common_shape(*values: Any) -> tuple[int, ...]:
    """Shape that all numbers broadcast to. [1].

    Parameters
    ----------
    values
        As in :func:`changed`. [mixed]

    References
    ----------
    Own definition.
    """
    shapes = set()

    def noted(array: Any) -> Any:
        shapes.add(np.shape(array))
        return array

    changed(values, noted)
    return np.broadcast_shapes(*shapes)


def some_of(value: Any, draws: Places, count: int) -> Any:
    """The same for some of the draws, which lie on the last axis. [mixed].

    Parameters
    ----------
    value
        As in :func:`changed`. [mixed]
    draws
        Places of those draws. [1]
    count
        Draws; what has no such axis is the same in all of them. [1]

    References
    ----------
    Own definition.
    """

    def cut(array: Any) -> Any:
        return array[..., draws] if np.shape(array)[-1:] == (count,) else array

    return changed(value, cut)


def replaced(value: Any, draws: Places, other: Any, places: Places, count: int) -> Any:
    """The same with some draws taken from another of its kind. [mixed].

    Parameters
    ----------
    value
        As in :func:`changed`. [mixed]
    draws
        Places of those draws. [1]
    other
        What they are taken from. [mixed]
    places
        Places of those draws in it. [1]
    count
        Draws; what has no such axis is the same in all of them. [1]

    References
    ----------
    Own definition.
    """
    if isinstance(value, tuple):
        pairs = zip(value, other, strict=True)
        return tuple(replaced(own, draws, new, places, count) for own, new in pairs)
    if is_dataclass(value):
        new = {
            f.name: replaced(
                getattr(value, f.name), draws, getattr(other, f.name), places, count
            )
            for f in fields(value)
        }
        return replace(value, **new)  # type: ignore[type-var]
    if np.shape(value) != (count,):
        return value
    found = np.array(value)
    found[draws] = other[places]
    return found
