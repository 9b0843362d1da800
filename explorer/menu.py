"""The menu of the bar: what a reader can take away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import panel_material_ui as pmui

from breakeven.explorer import share


def share_button(picked: Callable[[str], None]) -> pmui.MenuButton:
    """Menu of link, code and the kinds of file.

    ``picked`` gets the suffix of a file, ``py`` for code, ``shelf`` for what is
    saved, or nothing for the link.
    """
    kinds = share.labels()
    items = [{"label": share.LINK, "icon": "link"}]
    items.append({"label": share.CODE, "icon": "code"})
    items.append({"label": share.SHELF, "icon": "bookmarks"})
    items += [{"label": label, "icon": "download"} for label in kinds.values()]
    by_label = {label: kind for kind, label in kinds.items()} | {
        share.CODE: "py",
        share.SHELF: "shelf",
    }
    button = pmui.MenuButton(
        label="Share",
        items=items,
        variant="text",
        color="default",
        margin=(0, 8),
        sx={"color": "var(--be-ink)", "textTransform": "none", "fontWeight": 600},
    )

    def chosen(item: Mapping[str, Any]) -> None:
        picked(by_label.get(item["label"], ""))

    button.on_click(chosen)
    return button
