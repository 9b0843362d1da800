"""How much one visitor may ask for, so that the others are still answered.

The page says what was refused and what is allowed; the command line, which works for
nobody but its user, has no such bounds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

UPLOAD = 1_000_000  # bytes of one file
MESSAGE = 4_000_000  # bytes of one message on the websocket: a file is one
INPUTS = 400  # inputs that one message, or one address, may change
NAME = 200  # characters of the name of an input
TEXT = 400  # characters of a value
ROWS = 100_000  # rows of a sweep's file that is brought to a page
MEASURED = 1_000  # measured rows that are brought, and predicted while others wait
SESSIONS = 100  # pages open at once on one server


def within(found: float, most: float, what: str) -> None:
    """Refuse more than is allowed.

    Raises
    ------
    ValueError
        One line that names what was asked for, its size and the bound.
    """
    if found > most:
        raise ValueError(f"{what}: {found:,.0f}; at most {most:,} on a page")


def sane(values: Mapping[Any, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Changes that a browser may ask for, and what it may not, each with its reason.

    A browser sends names, numbers, short texts and resets; whatever else arrives was
    not sent by the page.
    """
    if len(values) > INPUTS:
        said = f"{len(values):,} inputs at once; at most {INPUTS} change together"
        return {}, {_short(next(iter(values))): said}
    good: dict[str, Any] = {}
    refused: dict[str, str] = {}
    for name, value in values.items():
        if not isinstance(name, str) or len(name) > NAME:
            said = f"a name of an input has at most {NAME} characters"
            refused[_short(name)] = said
        elif isinstance(value, str | list | dict) and len(value) > TEXT:
            refused[name] = f"a value has at most {TEXT} characters"
        else:
            good[name] = value
    return good, refused


def _short(name: Any) -> str:
    text = str(name)
    return text if len(text) <= 40 else f"{text[:39]}…"
