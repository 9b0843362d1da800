"""Several processes that answer on one port, and one that watches over them."""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Callable
from typing import NoReturn

_LOG = logging.getLogger("breakeven.serve")
_FALLS, _WITHIN = 5, 60.0  # so many deaths in so many seconds: something is wrong


def run(count: int, work: Callable[[], int]) -> int:
    """Exit status of ``count`` processes that work until they are told to stop.

    A process that dies is started anew; SIGTERM and SIGINT are passed on to all.
    """
    children = {_fork(work) for _ in range(count)}
    stopping = False

    def stop(*_: object) -> None:
        nonlocal stopping
        stopping = True
        for child in children:
            os.kill(child, signal.SIGTERM)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    fallen: list[float] = []
    status = 0
    while children:
        child, how = os.wait()
        children.discard(child)
        if stopping:
            continue
        now = time.monotonic()
        fallen = [*(t for t in fallen if now - t < _WITHIN), now]
        code = os.waitstatus_to_exitcode(how)
        _LOG.error("worker died", extra={"pid": child, "status": code})
        if len(fallen) >= _FALLS:
            status = 1
            stop()
        else:
            children.add(_fork(work))
    return status


def _fork(work: Callable[[], int]) -> int:
    """Process number of a child that works."""
    child = os.fork()
    return child or _child(work)


def _child(work: Callable[[], int]) -> NoReturn:
    status = 1
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one that watches passes on
        status = work()
    except Exception:
        _LOG.exception("worker failed")
    finally:
        os._exit(status)
