"""Ranges of the answers: roughly while a slider moves, sharply once it rests.

All of it is done beside the event loop, so no step of a drag waits. While the inputs
move, a few draws are evaluated again and again for wherever they are by then; the same
points of the same sequence each time, so that bands move but do not flicker. What is
found rides with the next message. A timer starts anew with each step; when it ends,
many draws are evaluated, which a further step or the reader ends.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from breakeven.explorer.known import key_of
from breakeven.explorer.odds import Ranges, Weights, ranges
from breakeven.explorer.session import Session
from breakeven.models.kept import Kept
from breakeven.models.scenario import Scenario

WAIT = 0.2  # seconds
MOVING = 2000  # draws while a slider moves
DRAWS = 20_000  # draws at rest
_PAUSE = 0.03  # seconds that a step of a drag may take to come
_SHOWN = 0.05  # share of the work between two reports of it
# One for the drags of all sessions and one for what rests: the event loop answers.
_DRAG = ThreadPoolExecutor(1, thread_name_prefix="bands")
_WORKER = ThreadPoolExecutor(1, thread_name_prefix="ranges")
_LOG = logging.getLogger(__name__)


class _Turns:
    """Lets drags have bands as often as the machine can spare, whoever drags.

    One is at work at a time, and then the processor is left to others for as long as
    that took, times the sessions that drag.
    """

    def __init__(self) -> None:
        self._moved: dict[int, float] = {}
        self._free = 0.0
        self._busy = False

    def moving(self, session: int) -> int:
        """Sessions that moved within a second, of which this is one."""
        now = time.monotonic()
        self._moved[session] = now
        self._moved = {s: t for s, t in self._moved.items() if now - t < 1.0}
        return len(self._moved)

    def take(self) -> bool:
        """Whether a session may begin now; to be given back when it may."""
        now = time.monotonic()
        if self._busy or now < self._free:
            return False
        self._busy, self._began = True, now
        return True

    def give(self) -> None:
        """Say that the work is done."""
        now = time.monotonic()
        self._free = now + (now - self._began) * max(1, len(self._moved)) / 2.0
        self._busy = False


_TURNS = _Turns()
_KNOWN: Kept[Ranges] = Kept(32)  # of some 100 kB each


class Rest:
    """Follows a scenario as it moves and rests, and finds its ranges.

    Parameters
    ----------
    scenario
        Gives the scenario as it stands.
    told
        Called on the event loop when ranges are known that no message will carry soon.
    progress
        Called on the event loop with the share of the work done; 1 at its end.
    watched
        Whether anybody looks at the page; for nobody nothing is worked out at rest.

    Attributes
    ----------
    found
        Latest ranges, or None when they belong to another scenario.
    """

    def __init__(
        self,
        scenario: Callable[[], Scenario],
        told: Callable[[], None],
        progress: Callable[[float], None] = lambda share: None,
        watched: Callable[[], bool] = lambda: True,
    ) -> None:
        self._scenario, self._told, self._progress = scenario, told, progress
        self._watched = watched
        self._turn = 0
        self._timer: asyncio.TimerHandle | None = None
        self._shadow: Session | None = None
        self._behind: dict[str, Any] = {}
        self._weights: Weights | None = None
        self._fresh = False
        self.found: Ranges | None = None

    def moved(self, values: Mapping[str, Any] | None = None) -> None:
        """Follow the inputs to ``values``; without any it is another scenario."""
        self._turn += 1
        if self._timer:
            self._timer.cancel()
        if values is None or not all(
            isinstance(value, float | int) for value in values.values()
        ):
            self.found = self._shadow = self._weights = None
            self._behind = {}
        else:
            self._behind |= values
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # a script: nobody waits
            self.found = None
            return
        # A server on which many drag calls nobody at rest between two of their steps.
        wait = WAIT * max(1.0, _TURNS.moving(id(self)) / 2.0)
        self._drag(loop)
        self._timer = loop.call_later(wait, self._begin, loop, self._turn)

    def stop(self) -> None:
        """End the work at rest; what is known by then stays."""
        self._turn += 1
        self._progress(1.0)

    def news(self) -> Ranges | None:
        """Ranges that no message has carried yet."""
        fresh, self._fresh = self._fresh, False
        return self.found if fresh else None

    # ------------------------------------------------------------------- moving
    def _drag(self, loop: asyncio.AbstractEventLoop) -> None:
        """Find a few draws for where the inputs are now, unless that is under way."""
        if self._shadow is not None and self._behind and _TURNS.take():
            turn, values = self._turn, self._behind
            self._behind = {}
            shadow = self._shadow
            done = loop.run_in_executor(_DRAG, self._roughly, shadow, values)
            done.add_done_callback(lambda future: self._came(turn, future))

    def _roughly(self, shadow: Session, values: Mapping[str, Any]) -> Ranges:
        """Ranges of a scenario that follows the page's own, in another thread."""
        shadow.change(values)
        return ranges(shadow.scenario, MOVING, self._weights, weighed=False)

    def _came(self, turn: int, future: asyncio.Future[Ranges]) -> None:
        _TURNS.give()
        if not self._kept(future, self._shadow is not None):
            return
        loop = asyncio.get_running_loop()
        if turn == self._turn:  # the next step of a drag may well carry them
            loop.call_later(_PAUSE, self._tell, turn)
        elif self._behind:  # if nothing moves any more, they still come before rest
            loop.call_later(_PAUSE, self._drag, loop)

    def _tell(self, turn: int) -> None:
        if turn == self._turn and self._fresh:
            self._told()

    def _kept(self, future: asyncio.Future[Ranges], wanted: bool) -> bool:
        """Keep what was found, if it is still wanted; whether there is anything."""
        if future.cancelled():
            return False
        if error := future.exception():
            if not isinstance(error, InterruptedError):
                _LOG.error("no ranges: %s", error)
            return False
        if wanted:
            self.found, self._fresh = future.result(), True
        return wanted

    # ---------------------------------------------------------------------- rest
    def _begin(self, loop: asyncio.AbstractEventLoop, turn: int) -> None:
        if not self._watched():
            return
        scenario = self._scenario().copy()  # the page's own may move meanwhile
        shown = -1.0

        def progress(done: int, total: int) -> None:
            nonlocal shown
            if turn != self._turn or not self._watched():
                raise InterruptedError
            if done / total >= shown + _SHOWN:
                shown = done / total
                loop.call_soon_threadsafe(self._progress, min(shown, 0.99))

        if self._shadow is None:
            # something to see at once: bands of a scenario that has just come
            first = loop.run_in_executor(_WORKER, self._first, turn, scenario)
            first.add_done_callback(lambda future: self._came_first(turn, future))
        done = loop.run_in_executor(_WORKER, self._sharply, scenario, progress)
        done.add_done_callback(lambda future: self._end(turn, future))

    def _first(self, turn: int, scenario: Scenario) -> tuple[Session, Ranges]:
        if turn != self._turn or not self._watched():
            raise InterruptedError
        key = key_of(scenario, MOVING)
        found = _KNOWN.find(key)
        if found is None:
            found = _KNOWN.keep(key, ranges(scenario, MOVING, weighed=False))
        return Session(scenario), found

    def _came_first(
        self, turn: int, future: asyncio.Future[tuple[Session, Ranges]]
    ) -> None:
        # the exception first: one that nobody asked for is logged as an error
        if future.cancelled() or future.exception() or turn != self._turn:
            return
        self._shadow, self.found = future.result()
        self._fresh = True
        self._behind = {}
        self._told()

    def _sharply(
        self, scenario: Scenario, progress: Callable[[int, int], None]
    ) -> Ranges:
        key = key_of(scenario, DRAWS)
        found = _KNOWN.find(key)
        if found is not None:
            return found  # without a word of progress: it could arrive after the end
        progress(0, 1)
        return _KNOWN.keep(key, ranges(scenario, DRAWS, progress=progress))

    def _end(self, turn: int, future: asyncio.Future[Ranges]) -> None:
        if self._kept(future, turn == self._turn) and self.found:
            self._weights = self.found.weights
            self._told()
            self._progress(1.0)
