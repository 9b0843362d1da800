"""Figures drawn once and cast anew for every page.

HoloViews takes a tenth of a second for a figure, and every visitor needs the same ones:
only the names of their sources differ, by the key of the page. What HoloViews made the
first time is kept as text, and read back with another key.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable
from itertools import count
from typing import Any

from bokeh.core.serialization import Deserializer, Serialized, Serializer
from bokeh.plotting import figure as Figure

_MOST = 400  # moulds kept, some 20 kB each
_MOULDS: dict[Hashable, str] = {}
_CASTS = count()


def cast(look: Hashable, key: str, draw: Callable[[], Figure]) -> Figure:
    """Figure of a look for the page of a key, drawn if there is none yet.

    Parameters
    ----------
    look
        All that the figure depends on, the key of its page aside.
    key
        Key of the page, with which the names of sources and ranges begin.
    draw
        Draws it.
    """
    text = _MOULDS.get(look)
    if text is None:
        drawn = draw()
        if len(_MOULDS) < _MOST:
            made = Serializer(deferred=False).serialize(drawn)
            _MOULDS[look] = _nameless(json.dumps(made.content), key)
        return drawn
    number = next(_CASTS)
    content = json.loads(text, object_hook=lambda part: _named(part, key, number))
    found: Any = Deserializer().deserialize(Serialized(content, []))
    return found


def _nameless(text: str, key: str) -> str:
    """Text of a figure without the key of its page."""
    return text.replace(f'"name": "{key}:', '"name": ":')


def _named(part: dict[str, Any], key: str, number: int) -> dict[str, Any]:
    """Part of a figure with the key of its page and an identity of its own."""
    name = part.get("name")
    if isinstance(name, str) and name.startswith(":"):
        part["name"] = f"{key}{name}"
    if "id" in part and isinstance(part["id"], str):
        part["id"] = f"c{number}-{part['id']}"
    return part
