"""Pictures of every view, light and dark, at three widths, in docs/screenshots.

python benchmarks/screenshots.py [--views cost power] [--folder FOLDER]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

import browser  # noqa: E402
from pages import BUSY, OPEN, SHOWN, opened, settled  # noqa: E402

from breakeven.explorer.page import Explorer  # noqa: E402

WIDTHS = {390: 844, 1280: 800, 1920: 1080}
HEIGHT = """() => Math.max(...[...document.querySelectorAll("*")].flatMap((host) =>
  host.shadowRoot ? [...host.shadowRoot.querySelectorAll("main")] : [])
  .map((node) => node.scrollHeight))"""


def whole(page: Page, width: int) -> None:
    """Make the window as tall as what it shows, within reason."""
    tall = int(page.evaluate(HEIGHT)) + 64
    page.set_viewport_size({"width": width, "height": min(max(tall, 600), 4000)})
    settled(page)


def pictures(chromium: Browser, url: str, views: list[str], folder: Path) -> int:
    """Number of pictures taken: a file for each view, theme and width. [1]."""
    taken = 0
    for width, height in WIDTHS.items():
        for theme in ("light", "dark"):
            page = chromium.new_page(viewport={"width": width, "height": height})
            opened(page, f"{url}?theme={theme}")
            for view in views:
                page.set_viewport_size({"width": width, "height": height})
                page.evaluate(OPEN, view)
                page.wait_for_function(SHOWN, arg=view, timeout=BUSY)
                settled(page)
                whole(page, width)
                page.screenshot(path=folder / f"{view}-{theme}-{width}.png")
                taken += 1
                print(f"\r{taken} pictures, {view} {theme} {width}    ", end="")
            page.close()
    print()
    return taken


def main() -> int:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    known = [view.name for view in Explorer().views]
    parser.add_argument("--views", nargs="+", choices=known, default=known)
    parser.add_argument("--folder", type=Path, default=ROOT / "docs" / "screenshots")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    with browser.breakeven_serve() as url, sync_playwright() as playwright:
        chromium = browser.launch(playwright)
        taken = pictures(chromium, url, given.views, given.folder)
        chromium.close()
    print(f"{taken} pictures in {given.folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
