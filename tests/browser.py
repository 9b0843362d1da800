"""A real Chromium and a running server, for the tests that drive the page.

Run as a script it makes sure that a Chromium starts: the system's, else Playwright's,
else the package of a Debian-like distribution.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Playwright,
    sync_playwright,
)
from playwright.sync_api import Error as PlaywrightError

ROOT = Path(__file__).resolve().parent.parent
SYSTEM_NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ("--disable-gpu", "--disable-background-networking")
PATIENCE = 60_000  # ms that a machine with much else to do may take for anything
LOCAL = ("127.0.0.1", "localhost", "::1", "")


def launch(playwright: Playwright) -> Browser:
    """Start the first Chromium that starts: the system's, then Playwright's."""
    found = [path for name in SYSTEM_NAMES if (path := shutil.which(name))]
    found.append(playwright.chromium.executable_path)
    reasons = []
    for path in found:
        try:
            return playwright.chromium.launch(executable_path=path, args=FLAGS)
        except PlaywrightError as error:
            reasons.append(f"{path}: {str(error).splitlines()[0]}")
    raise RuntimeError(
        "no Chromium starts (make browser installs one): " + "; ".join(reasons)
    )


def free_port() -> int:
    """Number of a port that nothing listens on."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: list[str], url: str, seconds: float = 180) -> Iterator[str]:
    """Run a server until the block ends; yield ``url`` once it answers 200."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        try:
            deadline = time.monotonic() + seconds
            # the first page may take its time: asked anew, it would be made anew
            while not answers(url, seconds):
                if process.poll() is not None or time.monotonic() > deadline:
                    log.seek(0)
                    output = log.read().decode(errors="replace")
                    raise RuntimeError(f"{command} does not serve {url}\n{output}")
                time.sleep(0.1)
            yield url
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def answers(url: str, seconds: float = 10) -> bool:
    """Whether an address answers 200 now, or within some seconds of being asked."""
    try:
        with urllib.request.urlopen(url, timeout=seconds) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


@contextmanager
def panel_serve(app: Path, *arguments: str) -> Iterator[str]:
    """Serve one app with ``panel serve`` on a free port; yield its address."""
    port = free_port()
    command = [sys.executable, "-m", "panel", "serve", str(app), "--port", str(port)]
    with running([*command, *arguments], f"http://localhost:{port}/{app.stem}") as url:
        yield url


@contextmanager
def breakeven_serve(*arguments: str, python: str = sys.executable) -> Iterator[str]:
    """Serve the product as its users do, ``breakeven serve``; yield its address."""
    port = free_port()
    command = [str(Path(python).parent / "breakeven"), "serve", "--port", str(port)]
    with running([*command, *arguments], f"http://localhost:{port}/") as url:
        yield url


def console_fault(entry: ConsoleMessage) -> list[str]:
    """What is wrong with one line of the browser's console, if anything."""
    return [f"console: {entry.text}"] if entry.type == "error" else []


def foreign(url: str) -> list[str]:
    """What is wrong with one request: that it leaves this machine."""
    return [] if (urlsplit(url).hostname or "") in LOCAL else [f"foreign: {url}"]


@contextmanager
def clean_page(
    browser: Browser, *, width: int = 1280, height: int = 800
) -> Iterator[Page]:
    """Open a page; when the block ends, no error and no foreign request is allowed."""
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(f"uncaught: {error}"))
    page.on("console", lambda entry: faults.extend(console_fault(entry)))
    page.on("request", lambda request: faults.extend(foreign(request.url)))
    page.on("websocket", lambda websocket: faults.extend(foreign(websocket.url)))
    try:
        yield page
    finally:
        context.close()
    assert not faults, "\n".join(faults)


def administrator() -> list[str] | None:
    """Words to put before a command that needs the administrator; None: cannot."""
    if not hasattr(os, "geteuid"):
        return None
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    return [sudo] if sudo else None


def install_from_playwright() -> None:
    """Download Playwright's Chromium, where its server can be reached."""
    subprocess.run(
        [sys.executable, "-m", "playwright", "install", "chromium"], check=False
    )


def install_packages(*packages: str) -> None:
    """Install packages with apt-get, where there is one."""
    before = administrator()
    if before is None or shutil.which("apt-get") is None:
        return
    apt = [*before, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]
    subprocess.run([*apt, "update"], check=False)
    install = [*apt, "install", "-y", "--no-install-recommends", *packages]
    subprocess.run(install, check=False)


def install_from_distribution() -> None:
    """Install the package ``chromium`` with apt-get, where there is one."""
    # a bare Chromium draws no letters: it comes without a font
    install_packages("chromium", "fonts-dejavu-core", "fonts-liberation")


def version() -> str:
    """Version of the Chromium that starts."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        try:
            return browser.version
        finally:
            browser.close()


def main() -> int:
    """Find a Chromium that starts, or install one; return the exit code."""
    reason = ""
    for install in (None, install_from_playwright, install_from_distribution):
        if install is not None:
            print(f"{reason}\nTrying: {install.__doc__}", flush=True)
            install()
        try:
            print(f"Chromium {version()} starts")
        except RuntimeError as error:
            reason = str(error)
        else:
            return 0
    print(f"error: {reason}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
