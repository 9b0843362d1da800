"""The menu of the bar: what a reader can take away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import panel_material_ui as pmui

from breakeven.explorer import share


def share_button(picked: Callable[[str], None]) -> pmui.MenuButton:
    """Menu of the kinds of file; ``picked`` gets one, or nothing for the link."""
    kinds = share.kinds()
    items = [{"label": share.LINK, "icon": "link"}]
    items += [{"label": label, "icon": "download"} for label in kinds.values()]
    by_label = {label: kind for kind, label in kinds.items()}
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
