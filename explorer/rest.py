"""Ranges of the answers, found once the inputs have not moved for a moment.

Two thousand draws cost as much as a dozen steps of a drag, so none of them waits for
that: a timer starts anew with each step, the work is done beside the event loop, and
what comes back for inputs that have moved since is dropped.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from breakeven.explorer.odds import Ranges, ranges
from breakeven.models.scenario import Scenario

WAIT = 0.2  # seconds
DRAWS = 2000
# One for all sessions: the others keep their processor for the drags.
_WORKER = ThreadPoolExecutor(1, thread_name_prefix="ranges")
_LOG = logging.getLogger(__name__)


class Rest:
    """Waits for a scenario to rest, then finds its ranges.

    Parameters
    ----------
    scenario
        Gives the scenario as it stands.
    told
        Called on the event loop when the ranges of that scenario are known.
    """

    def __init__(
        self, scenario: Callable[[], Scenario], told: Callable[[], None]
    ) -> None:
        self._scenario = scenario
        self._told = told
        self._turn = 0
        self._timer: asyncio.TimerHandle | None = None
        self.found: Ranges | None = None

    def moved(self) -> None:
        """Forget the ranges of the old inputs and wait for the new ones to rest."""
        self.found = None
        self._turn += 1
        if self._timer:
            self._timer.cancel()
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # a script: nobody waits
            return
        self._timer = loop.call_later(WAIT, self._begin, loop, self._turn)

    def _begin(self, loop: asyncio.AbstractEventLoop, turn: int) -> None:
        scenario = self._scenario().copy()  # the page's own may move meanwhile
        done = loop.run_in_executor(_WORKER, self._ranges, turn, scenario)
        done.add_done_callback(lambda future: self._end(turn, future))

    def _ranges(self, turn: int, scenario: Scenario) -> Ranges | None:
        return ranges(scenario, DRAWS) if turn == self._turn else None

    def _end(self, turn: int, future: asyncio.Future[Ranges | None]) -> None:
        if turn != self._turn or future.cancelled():
            return
        if error := future.exception():
            _LOG.error("no ranges: %s", error)
            return
        self.found = future.result()
        self._told()
