"""What a server writes about itself: a line for people or a line of JSON an event.

Addresses are logged without what follows the question mark, which may hold prices that
are nobody's business; a session is named by a digest, since its name is a key to it.
"""

from __future__ import annotations

import hashlib
import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any

FORMATS = ("text", "json")
LEVELS = ("debug", "info", "warning", "error")
_LOG = logging.getLogger("breakeven.serve")
_KNOWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color"}
# Libraries that tell more than an operator wants to know.
_QUIET = {"bokeh": "WARNING", "tornado.access": "CRITICAL", "panel": "WARNING"}


class _Lines(logging.Formatter):
    """One line of text an event, what belongs to it behind."""

    def format(self, record: logging.LogRecord) -> str:
        parts = [_time(record), record.levelname.lower(), record.getMessage()]
        parts += [f"{name}={value}" for name, value in _more(record).items()]
        text = " ".join(parts)
        if record.exc_info:
            text += "\n" + self.formatException(record.exc_info)
        return text


class _Json(logging.Formatter):
    """One line of JSON an event."""

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, Any] = {
            "time": _time(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            **_more(record),
        }
        if record.exc_info:
            said["traceback"] = self.formatException(record.exc_info)
        return json.dumps(said, default=str, ensure_ascii=False)


def _time(record: logging.LogRecord) -> str:
    moment = datetime.fromtimestamp(record.created, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _more(record: logging.LogRecord) -> dict[str, Any]:
    return {k: v for k, v in vars(record).items() if k not in _KNOWN}


def set_up(form: str = "text", level: str = "info") -> None:
    """Send all that is logged to standard error, in one form."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if form == "json" else _Lines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name, least in _QUIET.items():
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(logging.DEBUG if level == "debug" else least)


def request(handler: Any) -> None:
    """Log one answer of the server, as Tornado asks its application to."""
    asked, status = handler.request, handler.get_status()
    quiet = "/static/" in asked.path or asked.path.endswith("/healthz")
    level = logging.DEBUG if quiet and status < 400 else logging.INFO
    more = {
        "method": asked.method,
        "path": asked.path,
        "status": status,
        "ms": round(1000 * asked.request_time(), 1),
        "remote": asked.remote_ip,
    }
    _LOG.log(logging.WARNING if status >= 500 else level, "request", extra=more)


def session_opened(context: Any) -> None:
    """Log that a page was opened."""
    _LOG.info("session opened", extra={"session": digest(context.id)})


def session_closed(context: Any) -> None:
    """Log that a page was closed."""
    _LOG.info("session closed", extra={"session": digest(context.id)})


def digest(session: str) -> str:
    """Name by which a session is known in the log."""
    return hashlib.sha256(session.encode()).hexdigest()[:10]
