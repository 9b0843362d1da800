"""Stock widgets of a view, in the dress of the page: pickers, files, text, a button."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import panel as pn

from breakeven.explorer.components import script

_LOOK: dict[str, Any] = {
    "stylesheets": [script("fields.css")],
    "margin": (8, 12, 8, 0),
}


def select(
    name: str, options: Mapping[str, str] | Sequence[str], width: int = 240
) -> pn.widgets.Select:
    """Picker of one of some options."""
    return pn.widgets.Select(label=name, options=options, width=width, **_LOOK)


def file(name: str, accept: str) -> pn.widgets.FileInput:
    """Chooser of one file of the reader; ``accept`` are its endings."""
    return pn.widgets.FileInput(label=name, accept=accept, width=270, **_LOOK)


def text(name: str, placeholder: str) -> pn.widgets.TextInput:
    """Box for a line of text."""
    return pn.widgets.TextInput(label=name, placeholder=placeholder, width=330, **_LOOK)


def button(name: str, *, disabled: bool = False) -> pn.widgets.Button:
    """Button that does what it says."""
    return pn.widgets.Button(label=name, disabled=disabled, **_LOOK)
