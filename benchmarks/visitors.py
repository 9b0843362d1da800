"""Visitors that speak to a server as a browser does, without a browser.

A visitor fetches the page, opens its websocket, pulls the document and moves a slider;
an answer is the buffer that carries the number of the move.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

_TOKEN = re.compile(r'"token":\s*"([^"]+)"')


@dataclass
class Visitor:
    """One page that somebody holds open."""

    url: str
    times: list[float] = field(default_factory=list)
    lost: int = 0
    errors: list[str] = field(default_factory=list)
    socket: WebSocketClientConnection | None = None
    controls: str = ""
    hub: str = ""
    waiting: dict[int, tuple[float, asyncio.Future[None]]] = field(default_factory=dict)
    moves: int = 0

    async def arrive(self) -> None:
        """Fetch the page, open its websocket and pull the document."""
        request = HTTPRequest(self.url, request_timeout=120, connect_timeout=120)
        answer = await AsyncHTTPClient().fetch(request)
        found = _TOKEN.search(answer.body.decode())
        if found is None:
            raise RuntimeError("the page has no token")
        place = urlsplit(self.url)
        own = f"{place.scheme}://{place.netloc}"
        self.socket = await websocket_connect(
            HTTPRequest(
                f"ws://{place.netloc}{place.path.rstrip('/')}/ws",
                headers={"Origin": own},
                connect_timeout=120,
            ),
            subprotocols=["bokeh", found[1]],
            max_message_size=50_000_000,
        )
        await self._message()  # ACK
        await self._send({"msgid": "1", "msgtype": "PULL-DOC-REQ"}, {})
        while True:
            head, text = await self._message()
            if head["msgtype"] == "PULL-DOC-REPLY":
                break
        self.hub = _model(text, "Hub1")
        self.controls = _model(text, "Controls1")
        await self.say(self.hub, {"type": "ready"})  # as the page does once it is there

    async def _message(self) -> tuple[dict[str, Any], str]:
        """Head and content of the next message; its buffers are read over."""
        assert self.socket is not None
        parts = []
        for _ in range(3):
            part = await self.socket.read_message()
            if part is None:
                raise ConnectionError("the server has closed the connection")
            parts.append(part)
        head = json.loads(parts[0])
        for _ in range(2 * int(head.get("num_buffers", 0))):
            await self.socket.read_message()
        return head, str(parts[2])

    async def _send(self, head: dict[str, str], content: dict[str, Any]) -> None:
        assert self.socket is not None
        for part in (head, {}, content):
            await self.socket.write_message(json.dumps(part))

    async def say(self, model: str, data: dict[str, Any]) -> None:
        """Send what a component of the page would send."""
        event = {
            "kind": "MessageSent",
            "msg_type": "bokeh_event",
            "msg_data": {
                "type": "event",
                "name": "data_event",
                "values": {
                    "type": "map",
                    "entries": [["model", {"id": model}], ["data", _encoded(data)]],
                },
            },
        }
        head = {"msgid": f"{time.monotonic_ns()}", "msgtype": "PATCH-DOC"}
        await self._send(head, {"events": [event]})

    async def listen(self) -> None:
        """Note when the answer to each move comes, until the connection ends."""
        try:
            while True:
                head, text = await self._message()
                if head["msgtype"] == "ERROR":
                    self.errors.append(text[:300])
                found = re.search(r'\["seq",\s*(\d+)\]', text)
                move = self.waiting.pop(int(found[1]), None) if found else None
                if move:
                    self.times.append(time.perf_counter() - move[0])
                    move[1].set_result(None)
        except (ConnectionError, asyncio.CancelledError):
            return

    async def move(self, name: str, value: float, patience: float = 10) -> None:
        """Move a slider, and wait for the answer."""
        self.moves += 1
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.waiting[self.moves] = (time.perf_counter(), done)
        data = {"type": "set", "values": {name: value}, "seq": self.moves}
        await self.say(self.controls, data)
        try:
            await asyncio.wait_for(done, patience)
        except TimeoutError:
            self.lost += 1

    def leave(self) -> None:
        """Close the page."""
        if self.socket is not None:
            self.socket.close()


def _encoded(value: Any) -> Any:
    """A value as the protocol writes it."""
    if isinstance(value, dict):
        entries = [[key, _encoded(part)] for key, part in value.items()]
        return {"type": "map", "entries": entries}
    return value


def _model(text: str, name: str) -> str:
    """Identity of the component whose data has a class of this name."""

    def search(part: Any, owner: str) -> str | None:
        if isinstance(part, dict):
            if part.get("name") == name and part.get("type") == "object":
                return owner
            owner = part.get("id", owner) if part.get("type") == "object" else owner
            part = list(part.values())
        if isinstance(part, list):
            for child in part:
                if found := search(child, owner):
                    return found
        return None

    found = search(json.loads(text), "")
    if found is None:
        raise RuntimeError(f"the document has no {name}")
    return found
