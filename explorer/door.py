"""What stands between the network and the page: headers, limits, words when refused.

`breakeven serve` puts these handlers in the place of Panel's; under `panel serve` the
page protects itself as far as it can, with :func:`guard`.
"""

from __future__ import annotations

import json
import logging
import secrets
from html import escape
from importlib.metadata import version
from typing import Any

from panel.io import server as panel_server
from panel.io.server import DocHandler, WSHandler
from tornado.httputil import HTTPHeaders, HTTPServerRequest
from tornado.web import OutputTransform, RequestHandler

_LOG = logging.getLogger("breakeven.serve")
BUSY = 13  # added to 1000: a websocket's "try again later"

# A page evaluates no text and runs no script but the server's own files, those that
# carry this answer's nonce, and modules that Panel hands to the browser as blobs; it
# reaches no other host.
_POLICY = {
    "default-src": "'none'",
    "script-src": "'self' 'nonce-{nonce}' blob:",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self' blob:",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
}
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
_WORDS = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Breakeven: {title}</title><style>
:root{{color-scheme:light dark}}body{{font:16px/1.5 system-ui,sans-serif;max-width:34em;
margin:20vh auto 0;padding:0 20px}}h1{{font-size:22px}}p{{opacity:.85}}</style></head>
<body><main><h1>{title}</h1><p>{text}</p><p><a href="">Try again</a></p></main></body>
</html>"""
_SAID = {
    403: ("Not allowed", "This address may not be opened."),
    404: ("No such page", "There is nothing at this address on this server."),
    500: ("This page could not be made", "The server's log says why."),
    503: (
        "All places are taken",
        "As many people use this server as it can answer quickly. "
        "Please try again in a few minutes; your address keeps your inputs.",
    ),
}


def policy(nonce: str) -> str:
    """Content security policy of a page whose own scripts carry ``nonce``."""
    said = (f"{name} {value}" for name, value in _POLICY.items())
    return "; ".join(said).format(nonce=nonce)


def words(status: int) -> str:
    """Plain page that says why there is no other."""
    title, text = _SAID.get(status, (f"Error {status}", "The server's log says why."))
    return _WORDS.format(title=escape(title), text=escape(text))


def signed(html: str, nonce: str) -> str:
    """A page whose scripts carry ``nonce``."""
    return html.replace("<script", f'<script nonce="{nonce}"')


class Headers(OutputTransform):
    """Puts the headers on every answer, and the nonce into every page."""

    def __init__(self, request: HTTPServerRequest) -> None:
        self.request = request

    def transform_first_chunk(
        self, status_code: int, headers: HTTPHeaders, chunk: bytes, finishing: bool
    ) -> tuple[int, HTTPHeaders, bytes]:
        """Answer with the headers of a safe page."""
        for name, value in _HEADERS.items():
            headers[name] = value
        nonce = secrets.token_urlsafe(16)
        headers["Content-Security-Policy"] = policy(nonce)
        del headers["Server"]
        if headers.get("Content-Type", "").startswith("text/html") and chunk:
            chunk = signed(chunk.decode(), nonce).encode()
            if "Content-Length" in headers:
                headers["Content-Length"] = str(len(chunk))
        return status_code, headers, chunk


class Plain(RequestHandler):
    """Says in words what went wrong; also the answer to unknown addresses."""

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Write a plain page."""
        self.finish(words(status_code))


class Nothing(Plain):
    """Answer to addresses at which there is nothing."""

    def prepare(self) -> None:
        """Refuse."""
        self.send_error(404)


class Health(RequestHandler):
    """Tells a supervisor that the server answers, and how full it is."""

    def get(self) -> None:
        """Write the state as JSON."""
        state = {
            "status": "ok",
            "version": version("breakeven"),
            "sessions": sessions(self.application),
            "max_sessions": self.settings["max_sessions"],
        }
        self.set_header("Content-Type", "application/json")
        self.set_header("Cache-Control", "no-store")
        self.write(json.dumps(state))


def sessions(application: Any) -> int:
    """Pages that a server holds, the half-made included. [1]."""
    contexts = application.applications.values()
    return sum(len({*c._sessions, *c._pending_sessions}) for c in contexts)


class Door(DocHandler):
    """The page, for as many as there is room for; nobody enters another's session."""

    async def get(self, *args: Any, **kwargs: Any) -> None:
        """Answer with the page, or with the reason why not."""
        chosen = {"bokeh-session-id", "bokeh-token"} & set(self.request.arguments)
        if chosen or "Bokeh-Session-Id" in self.request.headers:
            self.send_error(403)
        elif sessions(self.application) >= self.settings["max_sessions"]:
            _LOG.warning("full", extra={"sessions": self.settings["max_sessions"]})
            self.set_status(503)
            self.set_header("Retry-After", "60")
            self.finish(words(503))
        else:
            await super().get(*args, **kwargs)

    write_error = Plain.write_error


class Wire(WSHandler):
    """The websocket of a page; a page that the server does not know needs room."""

    async def _async_open(self, token: str) -> None:
        known = panel_server.get_session_id(token) in self.application_context._sessions
        if not known and sessions(self.application) >= self.settings["max_sessions"]:
            self.close(1000 + BUSY, "all places are taken")
            return
        await super()._async_open(token)


def guard() -> None:
    """Protect the pages of a server that somebody else has started.

    Its documents get the headers and the nonces; its static files stay as they are.
    """
    if getattr(DocHandler, "guarded", False):
        return
    plain = DocHandler.write

    def write(self: DocHandler, chunk: Any) -> None:
        if isinstance(chunk, str):
            nonce = secrets.token_urlsafe(16)
            for name, value in _HEADERS.items():
                self.set_header(name, value)
            self.set_header("Content-Security-Policy", policy(nonce))
            chunk = signed(chunk, nonce)
        plain(self, chunk)

    DocHandler.write = write  # type: ignore[method-assign]
    DocHandler.guarded = True  # type: ignore[attr-defined]
