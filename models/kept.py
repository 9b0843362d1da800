"""What was worked out lately, so that the same is not worked out again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from contextlib import suppress
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """Latest values by what they follow from; safe to ask from several threads.

    Parameters
    ----------
    most
        Values kept; the one that was asked for longest ago goes first. [1]
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._found: OrderedDict[Hashable, Value] = OrderedDict()

    def find(self, key: Hashable) -> Value | None:
        """Value kept under ``key``, or None. [mixed]."""
        found = self._found.get(key)
        if found is not None:
            self._touch(key)
        return found

    def keep(self, key: Hashable, found: Value) -> Value:
        """Keep a value under ``key`` and return it. [mixed]."""
        self._found[key] = found
        self._touch(key)
        while len(self._found) > self._most:
            self._found.popitem(last=False)
        return found

    def _touch(self, key: Hashable) -> None:
        # Another thread may have let go of it since.
        with suppress(KeyError):
            self._found.move_to_end(key)
