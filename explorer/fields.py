"""Stock widgets of a view, in the dress of the page: pickers, files, text, a button."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import panel as pn

from breakeven.explorer.components import script

_CSS = script("fields.css")


def _look(width: int) -> dict[str, Any]:
    """Dress of a widget that is so wide [pixel] where there is room, else less."""
    # a width of its own would be the least width of all that it stands in
    return {
        "stylesheets": [_CSS],
        "margin": (8, 12, 8, 0),
        "sizing_mode": "stretch_width",
        "max_width": width,
        "styles": {"flex": f"1 1 {width}px"},
    }


def select(
    name: str, options: Mapping[str, str] | Sequence[str], width: int = 240
) -> pn.widgets.Select:
    """Picker of one of some options."""
    return pn.widgets.Select(label=name, options=options, **_look(width))


def file(name: str, accept: str) -> pn.widgets.FileInput:
    """Chooser of one file of the reader; ``accept`` are its endings."""
    return pn.widgets.FileInput(label=name, accept=accept, **_look(270))


def text(name: str, placeholder: str) -> pn.widgets.TextInput:
    """Box for a line of text."""
    return pn.widgets.TextInput(label=name, placeholder=placeholder, **_look(330))


def button(name: str, *, disabled: bool = False) -> pn.widgets.Button:
    """Button that does what it says."""
    return pn.widgets.Button(label=name, disabled=disabled, **_look(200))
