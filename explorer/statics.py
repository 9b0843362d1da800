"""Scripts and styles sent compressed, and kept by the browser once they are there.

Each file is compressed once, not at every request, and away from the event loop.
"""

from __future__ import annotations

import asyncio
import gzip
from functools import lru_cache
from pathlib import Path
from typing import Any

import bokeh.server.urls
import panel.io.server
from bokeh.server.views.multi_root_static_handler import MultiRootStaticHandler
from bokeh.server.views.static_handler import StaticHandler
from tornado.web import StaticFileHandler

_PLAIN = frozenset(".js .mjs .css .json .map .svg .html .txt".split())
_LEAST = 1024  # bytes from which compression pays
_WEEK = 7 * 24 * 3600
_YEAR = 365 * 24 * 3600


@lru_cache(maxsize=256)
def _compressed(path: str, modified: float) -> bytes:
    return gzip.compress(Path(path).read_bytes(), 9, mtime=0)


class _Compressed(StaticFileHandler):
    """A file as it is, or compressed for whoever takes it so."""

    def get_cache_time(self, path: str, modified: Any, mime_type: str) -> int:
        """Time for which the browser need not ask again. [s]."""
        # what has its version or digest in its address never changes under it
        return _YEAR if self.request.query else _WEEK

    async def get(self, path: str, include_body: bool = True) -> None:
        """Answer with the file."""
        self.path = self.parse_url_path(path)
        absolute = self.validate_absolute_path(
            self.root, self.get_absolute_path(self.root, self.path)
        )
        if absolute is None:
            return
        file = Path(absolute)
        takes = "gzip" in self.request.headers.get("Accept-Encoding", "")
        small = file.stat().st_size < _LEAST
        if (
            not takes
            or small
            or file.suffix not in _PLAIN
            or "Range" in self.request.headers
        ):
            await super().get(path, include_body)
            return
        self.absolute_path = absolute
        self.modified = self.get_modified_time()
        self.set_headers()
        self.set_header("Vary", "Accept-Encoding")
        if self.should_return_304():
            self.set_status(304)
            return
        data = await asyncio.to_thread(_compressed, absolute, file.stat().st_mtime)
        self.set_header("Content-Encoding", "gzip")
        self.set_header("Content-Length", len(data))
        if include_body:
            self.write(data)

    def _pays(self, file: Path) -> bool:
        """Whether the browser takes it compressed, and that is smaller."""
        asked = self.request.headers
        takes = "gzip" in asked.get("Accept-Encoding", "") and "Range" not in asked
        return takes and file.suffix in _PLAIN and file.stat().st_size >= _LEAST


class _Own(_Compressed, StaticHandler):
    """Files of Bokeh."""


class _Extensions(_Compressed, MultiRootStaticHandler):
    """Files of Panel and its extensions."""


def install() -> None:
    """Serve the files of Bokeh and Panel so."""
    ours = {StaticHandler: _Own, MultiRootStaticHandler: _Extensions}
    patterns = bokeh.server.urls.toplevel_patterns
    patterns[:] = [(p[0], ours.get(p[1], p[1]), *p[2:]) for p in patterns]
    panel.io.server.StaticHandler = _Own  # for an application at the root


def compress_ahead() -> None:
    """Compress the largest scripts before the first visitor asks for them."""
    from bokeh.embed.bundle import extension_dirs

    folders = [Path(str(folder)) for folder in extension_dirs.values()]
    folders.append(Path(bokeh.__file__).parent / "server" / "static" / "js")
    names = ("bokeh.min.js", "panel.min.js")
    for file in (folder / name for folder in folders for name in names):
        if file.is_file():
            _compressed(str(file.resolve()), file.stat().st_mtime)
