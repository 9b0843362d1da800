"""Ranges that were found once are kept: most pages open on the same inputs.

Twenty thousand draws and the indices of a scenario take a second of a processor. Fifty
readers who open the default page ask for the same ones.
"""

from __future__ import annotations

import pickle
from collections import OrderedDict
from threading import Lock

from breakeven.explorer.odds import Ranges
from breakeven.models.scenario import Scenario

MOST = 32  # ranges kept, of some 100 kB each


class Known:
    """Latest ranges by what they follow from; safe to ask from several threads."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._found: OrderedDict[bytes, Ranges] = OrderedDict()
        self._lock = Lock()

    def find(self, key: bytes) -> Ranges | None:
        """Ranges kept under ``key``, or None."""
        with self._lock:
            found = self._found.get(key)
            if found is not None:
                self._found.move_to_end(key)
            return found

    def keep(self, key: bytes, found: Ranges) -> Ranges:
        """Keep ranges under ``key``, and let go of those asked for longest ago."""
        with self._lock:
            self._found[key] = found
            self._found.move_to_end(key)
            while len(self._found) > self._most:
                self._found.popitem(last=False)
        return found


def key_of(scenario: Scenario, draws: int) -> bytes:
    """Everything that the ranges of a scenario follow from, as one key.

    Parameters
    ----------
    scenario
        The scenario.
    draws
        How many draws are asked for.
    """
    values = [
        (prefix, {n: v for n, v in group.param.values().items() if n != "name"})
        for prefix, group in scenario.groups().items()
    ]
    evidence = [
        (name, e.low, e.high, e.status, e.drawn)
        for name, e in sorted(scenario.evidence.items())
    ]
    rules = (scenario.sizing, scenario.anchor, tuple(scenario.options), draws)
    drawn = (scenario.distributions, scenario.correlations)
    return pickle.dumps((values, evidence, rules, drawn), protocol=5)
