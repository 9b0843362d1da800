"""The frame of the page: bar, drawer and theme of panel-material-ui."""

from __future__ import annotations

from typing import Any

import panel as pn
import panel_material_ui as pmui
from panel.util import edit_readonly
from panel.viewable import Viewable

from breakeven.explorer.components import Slot
from breakeven.explorer.style import FONT
from breakeven.explorer.views.strip import SENTENCES

_BAR = {
    "@media (prefers-reduced-motion: reduce)": {
        "*, *::before, *::after": {
            "transition": "none !important",
            "animation": "none !important",
        }
    },
    ".MuiAppBar-root": {
        # these two tell the widgets of the bar that it is not in the primary colour
        "bgcolor": "primary.contrastText",
        "color": "primary.main",
        "backgroundColor": "var(--be-surface) !important",
        "backgroundImage": "none",
        "boxShadow": "none",
        "borderBottom": "1px solid var(--be-line)",
    },
    ".title": {
        "color": "var(--be-ink) !important",
        "fontSize": "18px !important",
        "fontWeight": "700 !important",
        "letterSpacing": "-0.02em",
    },
    ".MuiDrawer-paper": {
        "backgroundColor": "var(--be-ground)",
        "backgroundImage": "none",
        "borderRight": "1px solid var(--be-line)",
    },
    "main": {"backgroundColor": "var(--be-ground)"},
    ".main-content": {"scrollbarGutter": "stable"},
    ".MuiLinearProgress-root, .MuiToolbar-root h5": {"display": "none"},
    ".MuiToolbar-root": {
        "minHeight": "52px !important",
        "paddingLeft": "16px !important",
    },
}
TABS = {
    ".MuiTab-root": {
        "textTransform": "none",
        "fontSize": "14px",
        "fontWeight": 600,
        "minHeight": "44px",
    },
    ".MuiTabs-root": {"borderBottom": "1px solid var(--be-line)"},
}
_THEME = {
    mode: {
        "palette": {
            "primary": {"main": accent},
            "background": {"default": ground, "paper": surface},
        },
        "typography": {"fontFamily": FONT},
    }
    for mode, accent, ground, surface in (
        ("light", "#0B6BC2", "#f4f6f8", "#ffffff"),
        ("dark", "#5AB0FF", "#0d1218", "#151c24"),
    )
}


def page(
    header: list[Viewable], sidebar: list[Viewable], main: list[Viewable]
) -> pmui.Page:
    """A page with a bar on top and a drawer on the left."""
    before = _following_busy()
    found = pmui.Page(
        title="Breakeven",
        meta_name="Breakeven",
        header=header,
        sidebar=sidebar,
        sidebar_width=352,
        sidebar_resizable=False,
        main=main,
        sx=_BAR,
        theme_config=_THEME,
        busy_indicator=None,
    )
    # The page would follow the server's busy state, unseen: two messages and two walks
    # through all models per event, more than the evaluation itself costs, and the
    # server would hold on to every page that was ever opened.
    for watcher in _following_busy():
        if watcher not in before:
            pn.state.param.unwatch(watcher)
    with edit_readonly(found):
        found.busy = False
    return found


def _following_busy() -> list[Any]:
    """Watchers of the server's busy state."""
    return list(pn.state.param.watchers.get("busy", {}).get("value", ()))


def answers(key: str) -> Slot:
    """The strip on top: sentences, their odds, and figures with their ranges."""
    lines = "".join(
        f'<p class="slot sentence" data-slot="strip/sentence{i}"></p>'
        for i in range(SENTENCES)
    )
    html = (
        '<div class="top"><h1 class="slot eyebrow" data-slot="strip/eyebrow"></h1>'
        '<div class="slot work" data-slot="strip/work" hidden></div>'
        '<button type="button" class="tour" data-slot="strip/tour">'
        f"New here? A short tour</button></div>{lines}"
        '<p class="slot because" data-slot="strip/because"></p>'
        '<p class="slot odds" data-slot="strip/odds"></p>'
        '<dl class="slot figures" data-slot="strip/figures"></dl>'
        '<ul class="slot notes" data-slot="strip/notes"></ul>'
        '<p class="live" role="status" data-slot="strip/live"></p>'
    )
    return Slot(
        key=key,
        slot="strip",
        look="strip ranged",
        tag="section",
        html=html,
        sizing_mode="stretch_width",
        margin=0,
    )
