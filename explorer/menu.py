"""The menu of the bar: what a reader can take away."""

from __future__ import annotations

from breakeven.explorer import share


def items() -> list[dict[str, str]]:
    """Label, kind and mark of each line of the Share menu.

    A kind is the suffix of a file, ``py`` for code, ``shelf`` for what is saved, or
    nothing for the link.
    """
    found = [
        {"label": share.LINK, "kind": "", "mark": "link"},
        {"label": share.CODE, "kind": "py", "mark": "code"},
        {"label": share.SHELF, "kind": "shelf", "mark": "shelf"},
    ]
    files = share.labels().items()
    return [
        *found,
        *({"label": label, "kind": kind, "mark": "file"} for kind, label in files),
    ]


def kinds() -> set[str]:
    """Every kind of the menu."""
    return {item["kind"] for item in items()}
