"""What a server answers over HTTP: headers, files, refusals."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from servers import Served, ask, serve


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with serve("--max-sessions", "40") as found:
        yield found


def test_the_state_is_told_to_a_supervisor(server: Served) -> None:
    status, headers, text = ask(f"{server.url}healthz")
    assert (status, headers["Cache-Control"]) == (200, "no-store")
    assert json.loads(text)["status"] == "ok"
    assert json.loads(text)["max_sessions"] == 40


@pytest.mark.parametrize(
    "path", ["", "explorer", "healthz", "nope", "static/js/bokeh.min.js?v=1"]
)
def test_every_answer_has_the_headers_of_a_safe_page(server: Served, path: str) -> None:
    _, headers, _ = ask(f"{server.url}{path}")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Server"] is None


def test_a_nonce_is_used_once(server: Served) -> None:
    found = [ask(server.url) for _ in range(2)]
    policies = {headers["Content-Security-Policy"] for _, headers, _ in found}
    assert len(policies) == 2
    for _, headers, text in found:
        assert "<script>" not in text
        nonce = headers["Content-Security-Policy"].split("'nonce-")[1].split("'")[0]
        assert text.count("<script") == text.count(f'<script nonce="{nonce}"')


def test_scripts_are_compressed_and_kept(server: Served) -> None:
    url = f"{server.url}static/js/bokeh.min.js?v=1"
    _, headers, text = ask(url, Accept_Encoding="gzip")
    assert headers["Content-Encoding"] == "gzip"
    assert len(text) < 500_000
    assert "max-age=31" in headers["Cache-Control"]
    status, _, _ = ask(url, Accept_Encoding="gzip", If_None_Match=headers["Etag"])
    assert status == 304


@pytest.mark.parametrize(
    "path",
    [
        "static/../../../etc/passwd",
        "static/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "static/extensions/panel/../../../../../etc/passwd",
        "static/extensions/nobody/x.js",
        "explorer/autoload.js?bokeh-autoload-element=1",
        "explorer/metadata",
    ],
)
def test_nothing_else_is_given_out(server: Served, path: str) -> None:
    status, _, text = ask(f"{server.url}{path}")
    assert status in (403, 404)
    assert "root:" not in text
    assert "Traceback" not in text


def test_nobody_enters_the_session_of_another(server: Served) -> None:
    for query in ("bokeh-session-id=x", "bokeh-token=x"):
        assert ask(f"{server.url}?{query}")[0] == 403
    assert ask(server.url, Bokeh_Session_Id="x")[0] == 403


def test_a_page_of_another_host_may_not_open_the_websocket(server: Served) -> None:
    place = urlsplit(server.url)
    shake = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "MDEyMzQ1Njc4OWFiY2RlZg==",
    }
    for origin, status in (
        ("http://evil.example", 403),
        ("http://localhost:1", 403),
        (server.url.rstrip("/"), 101),
    ):
        connection = HTTPConnection(place.hostname or "", place.port, timeout=20)
        connection.request("GET", "/ws", headers={**shake, "Origin": origin})
        assert connection.getresponse().status == status
        connection.close()
