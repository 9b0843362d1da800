"""`breakeven serve` as a process whose log and end a test can look at."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any

import browser


@dataclass
class Served:
    """A server that runs: its address, its process, and what it has logged."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def events(self) -> list[str]:
        return [line["event"] for line in self.lines()]

    def stop(self, how: int = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        return self.process.wait(timeout=20)


@contextmanager
def serve(
    *arguments: str, port: int = 0, prefix: str = "", **environment: str
) -> Iterator[Served]:
    """Run ``breakeven serve`` with a log of JSON lines; stop it when the block ends."""
    port = port or browser.free_port()
    command = [str(Path(sys.executable).parent / "breakeven"), "serve"]
    command += ["--port", str(port), "--log-format", "json", *arguments]
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                command, stdout=out, stderr=out, env={**os.environ, **environment}
            )
        found = Served(f"http://localhost:{port}{prefix}/", process, log)
        try:
            _wait(found)
            yield found
        finally:
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(timeout=10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


def _wait(served: Served, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not browser.answers(f"{served.url}healthz"):
        if served.process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"does not serve: {served.log.read_text()}")
        time.sleep(0.1)


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def ask(
    url: str, data: bytes | None = None, **headers: str
) -> tuple[int, Message, str]:
    """Status, headers and text of one answer; redirects are answers too."""
    request = urllib.request.Request(
        url, data, {k.replace("_", "-"): v for k, v in headers.items()}
    )
    opener = urllib.request.build_opener(_Stay)
    try:
        with opener.open(request, timeout=20) as answer:
            return answer.status, answer.headers, answer.read().decode("latin-1")
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode("latin-1")
