"""Fixtures shared by the tests: folders, a server, a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import browser
import pytest
from hypothesis import settings
from playwright.sync_api import Browser, Page, expect, sync_playwright

from breakeven.models.scenario import Scenario

# A slow machine is no failure, and a failure must come back on the next run.
settings.register_profile("breakeven", deadline=None, derandomize=True)
settings.load_profile("breakeven")
expect.set_options(timeout=browser.PATIENCE)


@pytest.fixture(scope="session")
def root() -> Path:
    """Folder of the repository."""
    return browser.ROOT


@pytest.fixture(scope="session")
def served() -> Iterator[str]:
    """Address of the page, served as ``panel serve apps/explorer.py`` does."""
    with browser.panel_serve(browser.ROOT / "apps" / "explorer.py") as url:
        yield url


# Not for the session: an event loop runs while Playwright does, and asyncio.run, which
# notebooks need, is refused in the modules that come after.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A headless Chromium; without one the test fails, it is not skipped."""
    with sync_playwright() as playwright:
        started = browser.launch(playwright)
        try:
            yield started
        finally:
            started.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """An empty page of 1280 x 800, on which no error and no foreign request may occur.

    ``page.goto(served)`` opens the explorer.
    """
    with browser.clean_page(chromium) as opened:
        yield opened


@pytest.fixture
def evaluated(monkeypatch: pytest.MonkeyPatch) -> list[Scenario]:
    """Every scenario that is evaluated, once for each time."""
    calls: list[Scenario] = []
    plain = Scenario.evaluate

    def counted(self: Scenario, *given: Any, **more: Any) -> Any:
        calls.append(self)
        return plain(self, *given, **more)

    monkeypatch.setattr(Scenario, "evaluate", counted)
    return calls
