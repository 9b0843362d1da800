"""`breakeven serve`: safe unless told otherwise, says what it does, ends politely."""

from __future__ import annotations

import json
import logging
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import browser
import pytest
from pages import OWN, answer, box, opened, settled
from playwright.sync_api import Browser, expect
from servers import Served, ask, serve

from breakeven.apps import cli
from breakeven.explorer import auth, door, limits, serving


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with serve("--max-sessions", "40") as found:
        yield found


@pytest.fixture(autouse=True)
def log_as_before() -> Iterator[None]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield
    root.handlers[:], level = before
    root.setLevel(level)


# ------------------------------------------------------------------------- refusals
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--port", "99999"], "--port 99999 must be between 0 and 65535"),
        (["--workers", "0"], "--workers 0 must be at least 1"),
        (["--max-sessions", "-1"], "must be at least 1"),
        (["--prefix", "../x"], "--prefix '../x' must be a path"),
        (["--allow-origin", "*"], "no scheme, no wildcard"),
        (["--allow-origin", "https://a.b"], "must be HOST or HOST:PORT"),
        (["--presets", "/no/such"], "there is no such folder"),
        (["--basic-auth", "/no/such"], "No such file"),
        (["--oauth-provider", "nobody"], "is not known; known: "),
        (["--oauth-provider", "github"], "needs the variable PANEL_OAUTH_KEY"),
    ],
)
def test_what_cannot_work_is_refused_in_a_line(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    port = [] if "--port" in words else ["--port", str(browser.free_port())]
    assert cli.main(["serve", *port, *words, "--log-level", "error"]) == 2
    text = capsys.readouterr().err
    assert said in text
    assert text.count("\n") == 1


@pytest.mark.parametrize("text", ["[]", "{}", '{"a": 1}', "no"])
def test_a_file_of_passwords_is_checked(text: str, tmp_path: Path) -> None:
    file = tmp_path / "users.json"
    file.write_text(text)
    with pytest.raises(ValueError, match="--basic-auth"):
        auth.Login(str(file)).check()


def test_a_port_in_use_is_said(server: Served) -> None:
    port = server.url.rsplit(":", 1)[1].strip("/")
    command = [sys.executable, "-m", "breakeven.apps.cli", "serve", "--port", port]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "cannot listen on localhost" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_only_this_machine_by_default() -> None:
    plain = serving.Server()
    assert plain.host == "localhost"
    assert plain.allowed(5006) == ["127.0.0.1:5006", "localhost:5006"]
    named = serving.Server(host="192.0.2.1", origins=("tools.example",), prefix="x/y/")
    assert named.allowed(80) == ["192.0.2.1:80", "tools.example"]
    assert named.root == "/x/y"


# --------------------------------------------------------------------------- limits
def test_a_browser_may_not_ask_for_too_much() -> None:
    good, refused = limits.sane({"a.b": 1.0, "x" * 999: 2, "c": "y" * 999, 7: 1})
    assert good == {"a.b": 1.0}
    assert len(refused) == 3
    assert all(len(text) < 90 for text in refused.values())
    assert limits.sane(dict.fromkeys(map(str, range(1000)), 1.0))[0] == {}
    with pytest.raises(ValueError, match="rows: 1,000,000; at most 100,000 on a page"):
        limits.within(1e6, limits.ROWS, "rows")


@pytest.mark.browser
def test_a_full_server_says_so_in_words(chromium: Browser) -> None:
    with serve("--max-sessions", "1") as server:
        page = opened(chromium.new_page(), server.url)
        status, headers, text = ask(server.url)
        assert (status, headers["Retry-After"]) == (503, "60")
        assert "All places are taken" in text
        page.close()
        assert "full" in server.events()


# ---------------------------------------------------------------------------- people
@pytest.mark.browser
def test_a_password_opens_the_page(chromium: Browser, tmp_path: Path) -> None:
    users = tmp_path / "users.json"
    users.write_text('{"ada": "a long password"}')
    with serve("--basic-auth", str(users)) as server:
        assert ask(server.url)[0] == 302
        assert ask(f"{server.url}healthz")[0] == 200
        with browser.clean_page(chromium) as page:
            page.goto(server.url)
            page.get_by_label("Name").fill("ada")
            page.get_by_label("Password").fill("wrong")
            page.get_by_role("button", name="Sign in").click()
            expect(page.get_by_role("alert")).to_contain_text("Invalid")
            page.get_by_label("Name").fill("ada")
            page.get_by_label("Password").fill("a long password")
            page.get_by_role("button", name="Sign in").click()
            expect(answer(page)).not_to_be_empty(timeout=20_000)


def test_a_provider_is_asked_who_somebody_is() -> None:
    secrets = {
        "PANEL_OAUTH_KEY": "key-of-the-app",
        "PANEL_OAUTH_SECRET": "secret-of-the-app",
        "PANEL_COOKIE_SECRET": "0123456789abcdef0123456789abcdef",
    }
    with serve("--oauth-provider", "github", **secrets) as server:
        status, headers, _ = ask(server.url)
        assert status == 302
        status, headers, _ = ask(f"{server.url}login")
        assert status == 302
        assert headers["Location"].startswith("https://github.com/login/oauth/")
        assert "client_id=key-of-the-app" in headers["Location"]
        assert "secret-of-the-app" not in str(headers)


# ------------------------------------------------------------------- life and death
@pytest.mark.browser
def test_a_page_outlives_its_server(chromium: Browser) -> None:
    port = browser.free_port()
    page = chromium.new_page()
    with serve(port=port) as server:
        opened(page, server.url)
        page.get_by_role("tab", name="Money", exact=True).click()
        count = box(page, f"{OWN} chips")
        count.fill("123,000")
        count.press("Enter")
        settled(page)
        assert server.stop(signal.SIGKILL) != 0
        expect(page.get_by_role("alert")).to_contain_text("does not answer")
    with serve(port=port):
        expect(page.get_by_role("alert")).to_have_count(0, timeout=30_000)
        expect(box(page, f"{OWN} chips")).to_have_value("123,000", timeout=20_000)
        expect(page.get_by_role("tab", name="Money", exact=True)).to_have_attribute(
            "aria-selected", "true"
        )
    page.close()


@pytest.mark.browser
def test_it_ends_politely_and_logs_lines_of_json(chromium: Browser) -> None:
    with serve() as server:
        page = opened(chromium.new_page(), f"{server.url}?site.pue=1.3")
        assert server.stop() == 0
        expect(page.get_by_role("alert")).to_contain_text("does not answer")
        events, text = server.events(), server.log.read_text()
        page.close()
    assert events[-2:] == ["stopping", "stopped"]
    assert "session opened" in events
    assert "Traceback" not in text
    assert "site.pue" not in text, "what is asked for is nobody's business"


def test_workers_share_a_port_and_end_together() -> None:
    with serve("--workers", "2", "--prefix", "/tools", prefix="/tools") as server:
        assert ask(server.url)[0] == 200
        ready = {line["pid"] for line in server.lines() if line["event"] == "ready"}
        assert len(ready) == 2
        assert server.stop() == 0
        assert server.events().count("stopped") == 2


def test_words_are_plain_pages() -> None:
    for status in (403, 404, 500, 503, 418):
        text = door.words(status)
        assert "<script" not in text
        assert "<h1>" in text


@pytest.mark.parametrize("name", ["Containerfile", "breakeven.service"])
def test_what_is_deployed_starts_the_command_as_it_is(name: str) -> None:
    text = (browser.ROOT / "deploy" / name).read_text()
    if name == "Containerfile":
        (entry,) = re.findall(r"^ENTRYPOINT (.*)$", text, re.M)
        (more,) = re.findall(r"^CMD (.*)$", text, re.M)
        words = [*json.loads(entry), *json.loads(more)]
    else:
        (line,) = re.findall(r"^ExecStart=(.*)$", text, re.M)
        words = line.split()
    assert words[0] == "/opt/breakeven/bin/breakeven"
    args = cli._parser(words[1:]).parse_args(words[1:])
    assert args.command == "serve"
    assert args.log_format == "json"
