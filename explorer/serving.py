"""The page on a server of its own: safe unless told otherwise, and it ends politely."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import signal
import socket
import sys
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import bokeh.server.server
import panel as pn
from bokeh.document import Document
from bokeh.server.urls import per_app_patterns
from bokeh.server.util import bind_sockets
from panel.io.server import get_server
from panel.io.state import set_curdoc
from tornado.ioloop import IOLoop

from breakeven.explorer import auth, door, handbook, limits, logs, statics, workers
from breakeven.explorer.page import Explorer

_LOG = logging.getLogger("breakeven.serve")
LOOPBACK = ("localhost", "127.0.0.1", "::1")
PATHS = ("/", "/explorer")  # the second is what `panel serve` calls the page
_GIVE_WAY = 0.0005  # seconds between two threads
_FAREWELL = 0.3  # seconds in which the browsers hear that the server stops


@dataclass(frozen=True)
class Server:
    """What a server is asked to be.

    Parameters
    ----------
    host, port
        Where it listens; port 0 takes any that is free.
    workers
        Processes that share the port. [1].
    origins
        Hosts, with port, whose pages may open the websocket besides the own one.
    prefix
        Path under which everything lies.
    sessions
        Pages open at once, on all workers together. [1].
    login
        How people prove who they are.
    is_behind_proxy
        Whether headers of a proxy say who asks.
    show
        Whether to open a browser window.
    """

    host: str = "localhost"
    port: int = 5006
    workers: int = 1
    origins: tuple[str, ...] = ()
    prefix: str = ""
    sessions: int = limits.SESSIONS
    login: auth.Login = field(default_factory=auth.Login)
    is_behind_proxy: bool = False
    show: bool = False

    def run(self) -> int:
        """Serve until told to stop; the exit status."""
        sockets, port = self._listen()
        self._announce(port)
        secret = secrets.token_bytes(32)  # all workers know the same
        cookies = self.login.cookie_secret or secrets.token_urlsafe(32)

        def work() -> int:
            return self._work(sockets, port, secret, cookies)

        return work() if self.workers == 1 else workers.run(self.workers, work)

    # ------------------------------------------------------------------- outside
    def _listen(self) -> tuple[list[socket.socket], int]:
        try:
            return bind_sockets(self.host or None, self.port)
        except OSError as error:
            where = f"{self.host}:{self.port}"
            raise ValueError(f"cannot listen on {where}: {error.strerror}") from None

    def _announce(self, port: int) -> None:
        host = f"[{self.host}]" if ":" in self.host else self.host
        url = f"http://{host}:{port}{self.root}/"
        _LOG.info(f"Breakeven {version('breakeven')} on {url}", extra={"url": url})
        if self.host not in LOOPBACK and not self.login:
            _LOG.warning("anyone who can reach this address can open the page")
        if self.host in ("", "0.0.0.0", "::") and not self.origins:
            _LOG.warning(
                "pages work under localhost only: name this machine with "
                f"--allow-origin NAME:{port}"
            )

    @property
    def root(self) -> str:
        """Prefix with a slash before it and none behind; empty for none."""
        inner = self.prefix.strip("/")
        return f"/{inner}" if inner else ""

    def allowed(self, port: int) -> list[str]:
        """Hosts whose pages may open the websocket: the own one and those named."""
        own = {f"localhost:{port}", f"127.0.0.1:{port}"}
        if self.host not in (*LOOPBACK, "", "0.0.0.0", "::"):
            own = {f"{self.host}:{port}"}
        return [*sorted(own), *self.origins]

    # -------------------------------------------------------------------- inside
    def _work(
        self, sockets: list[socket.socket], port: int, secret: bytes, cookies: str
    ) -> int:
        """Serve in this process until told to stop."""
        bokeh.server.server.bind_sockets = lambda *_: (sockets, port)
        per_app_patterns[:] = [(r"/ws", door.Wire), (r"/?", door.Door)]
        statics.install()
        os.environ[handbook.SERVED] = f"{self.root}/{handbook.PATH}/"
        pn.state.on_session_created(logs.session_opened)
        pn.state.on_session_destroyed(logs.session_closed)
        share = -(-self.sessions // self.workers)
        server = get_server(
            dict.fromkeys(PATHS, document),
            port=port,
            secret_key=secret,
            websocket_origin=self.allowed(port),
            max_sessions=share,
            **self._settings(),
            **self.login.settings(cookies, self.root),
        )
        statics.compress_ahead()
        _warm()
        # the work on ranges gives way to whoever moves a slider, not after 5 ms
        sys.setswitchinterval(_GIVE_WAY)
        loop = server.io_loop
        _on_signals(loop, lambda: _stop(server, loop))
        server.start()
        _LOG.info("ready", extra={"pid": os.getpid(), "max_sessions": share})
        if self.show:
            loop.add_callback(server.show, "/")
        loop.start()
        server.stop()
        _LOG.info("stopped", extra={"pid": os.getpid()})
        return 0

    def _settings(self) -> dict[str, Any]:
        """What the server is told about its work, people aside."""
        return {
            "address": self.host or None,
            "title": "Breakeven",
            "location": False,
            "prefix": self.root,
            "extra_patterns": [
                (r"/healthz", door.Health),
                (rf"/{handbook.PATH}/(.*)", handbook.Handbook),
            ],
            "default_handler_class": door.Nothing,
            "transforms": [door.Headers],
            "log_function": logs.request,
            "sign_sessions": True,
            "check_unused_sessions_milliseconds": 5_000,
            "use_xheaders": self.is_behind_proxy,
            "websocket_max_message_size": limits.MESSAGE,
            "http_server_kwargs": {
                "max_buffer_size": 2 * limits.MESSAGE,
                "max_body_size": limits.MESSAGE,
                "idle_connection_timeout": 120,
            },
        }


def document() -> Any:
    """The page of one visitor."""
    if pn.state.curdoc is not None:
        pn.state.curdoc.config.update(
            reconnect_session=False, notify_connection_status=False, notifications=None
        )
    return Explorer().page


def _warm() -> None:
    """Make a page for nobody, so that the first visitor waits no longer than others."""
    nobody = Document()
    with set_curdoc(nobody):
        document().server_doc(nobody, location=False)
    nobody.to_json()
    context = SimpleNamespace(_document=nobody, id="", request=None)
    for callback in tuple(nobody.session_destroyed_callbacks):
        callback(context)


def _on_signals(loop: IOLoop, stop: Any) -> None:
    """Stop once, when told to by signal."""
    told = (signal.SIGTERM, signal.SIGINT)
    if sys.platform == "win32":
        for number in told:
            signal.signal(number, lambda *_: loop.add_callback_from_signal(stop))
        return
    for number in told:
        asyncio_loop = loop.asyncio_loop  # type: ignore[attr-defined]
        asyncio_loop.add_signal_handler(number, lambda: loop.add_callback(stop))


async def _stop(server: Any, loop: IOLoop) -> None:
    """Take no more visitors, say farewell to those who are here, and end the loop."""
    tornado = server._tornado
    _LOG.info("stopping", extra={"sessions": door.sessions(tornado)})
    server._http.stop()
    for client in list(tornado._clients):
        client._socket.close(1001, "the server stops")
    await asyncio.sleep(_FAREWELL)
    loop.stop()


def use_presets(folder: str) -> None:
    """Take presets from a folder besides the own ones; nothing is written to it.

    Raises
    ------
    ValueError
        When there is no such folder.
    """
    from breakeven.presets.tables import OWN_FOLDER

    path = Path(folder)
    if not path.is_dir():
        raise ValueError(f"--presets {folder}: there is no such folder")
    os.environ[OWN_FOLDER] = str(path.resolve())
