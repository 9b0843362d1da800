"""The documentation on the server: each page made when first asked for, then kept."""

from __future__ import annotations

import asyncio
import os
from functools import lru_cache

from tornado.web import HTTPError, RequestHandler

from breakeven.explorer import reference

PATH = "docs"
SERVED = "BREAKEVEN_DOCS"  # environment variable: where this server shows it


@lru_cache(maxsize=len(reference.PAGES))
def content(name: str) -> bytes:
    """One page, as it is sent."""
    return reference.page(name).encode()


class Handbook(RequestHandler):
    """Answers with a page of the documentation."""

    async def get(self, name: str) -> None:
        """Send the page of a name, the first one without."""
        name = name or "index.html"
        if name not in reference.PAGES:
            raise HTTPError(404)
        page = await asyncio.get_running_loop().run_in_executor(None, content, name)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.write(page)


def address() -> str:
    """Where the documentation is shown, empty where it is not."""
    return os.environ.get(SERVED, "")
