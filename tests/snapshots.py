"""What the tests of the page in one file share: the file, and how it is opened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from browser import console_fault
from playwright.sync_api import Browser, Page

from breakeven.explorer import load_scenario, snapshot
from breakeven.explorer.snapshot import Snapshot


@cache
def made() -> Snapshot:
    """Snapshot of the default scenario, made once."""
    return snapshot.snapshot(load_scenario())


def written(folder: Path) -> Path:
    """The same as a file."""
    path = folder / "page.html"
    path.write_text(made().html, encoding="utf-8")
    return path


@contextmanager
def opened(chromium: Browser, file: Path, **context: Any) -> Iterator[Page]:
    """The file on a page without network; no request but itself, no error."""
    own = chromium.new_context(
        **{"viewport": {"width": 1280, "height": 800}, "offline": True, **context}
    )
    page = own.new_page()
    faults: list[str] = []
    asked: list[str] = []
    page.on("pageerror", lambda error: faults.append(f"uncaught: {error}"))
    page.on("console", lambda entry: faults.extend(console_fault(entry)))
    page.on("dialog", lambda dialog: faults.append(f"dialog: {dialog.message}"))
    page.on("request", lambda request: asked.append(request.url))
    try:
        page.goto(file.as_uri())
        if context.get("java_script_enabled", True):
            page.locator("html.complete").wait_for(state="attached")
        assert asked == [file.as_uri()]
        yield page
        assert {url.partition("#")[0] for url in asked} == {file.as_uri()}
        assert not faults, "\n".join(faults)
    finally:
        own.close()
