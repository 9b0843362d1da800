"""Files made beside the event loop, so that everybody's sliders go on moving."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import panel as pn

from breakeven.explorer import share
from breakeven.models.scenario import Scenario

_LOG = logging.getLogger(__name__)
# One at a time: a picture or a page takes a processor for seconds.
_MAKERS = ThreadPoolExecutor(1, thread_name_prefix="breakeven-files")
Send = Callable[[dict[str, Any]], None]


def hand_out(send: Send, scenario: Scenario, kind: str, view: str) -> None:
    """Say that a file is being made, make it, and send it when it is there.

    ``kind`` is a suffix, ``py`` for code to paste, or nothing for the link. Without an
    event loop, as in a script, a file is made at once.
    """
    if kind == "shelf":
        send({"shelf": True})
        return
    if kind in ("", "py"):
        code = {"clip": share.code(scenario), "told": "Python copied"} if kind else {}
        send(code or {"copy": True})
        return
    send({"busy": share.waiting(kind)})
    kept = scenario.copy()
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        send(made(kept, kind, view))
        return
    document = pn.state.curdoc

    def deliver(message: dict[str, Any]) -> None:
        if document is None:
            send(message)
        elif document.session_context is not None:  # else the page has been left
            document.add_next_tick_callback(lambda: send(message))

    def told(done: float) -> None:
        message = {"busy": f"{share.waiting(kind)} {done:.0%}"}
        loop.call_soon_threadsafe(deliver, message)

    future = loop.run_in_executor(_MAKERS, made, kept, kind, view, told)
    future.add_done_callback(lambda done: deliver(done.result()))


def made(
    scenario: Scenario,
    kind: str,
    view: str,
    told: Callable[[float], None] = lambda share: None,
) -> dict[str, Any]:
    """Message with a file, or with a line on why there is none."""
    try:
        return {"file": share.file(scenario, kind, view, told), "busy": ""}
    except (KeyError, ValueError, ArithmeticError, OSError) as error:
        said = error.args[0] if error.args else error
        return {"busy": "", "say": f"No file: {said}"}
    except Exception:
        _LOG.exception("a .%s file failed", kind)
        return {"busy": "", "say": "That did not work; the server's log says why."}
