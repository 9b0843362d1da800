"""What stands around the views of a page: bar, drawer, and the strip of answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from panel.viewable import Viewable

from breakeven.explorer import menu
from breakeven.explorer.components import Frame, Slot
from breakeven.explorer.views.strip import SENTENCES


def page(
    key: str,
    sidebar: Viewable,
    main: Viewable,
    picked: Callable[[str], None],
    *,
    whole: bool,
) -> Frame:
    """A page with a bar on top and a drawer on the left.

    ``picked`` hears what was picked in the Share menu; a ``whole`` page fills its
    window, as a part of a notebook does not.
    """

    def heard(message: dict[str, Any]) -> None:
        if message.get("type") == "share" and message.get("kind") in menu.kinds():
            picked(message["kind"])

    return Frame(
        heard,
        key=key,
        title="Breakeven",
        menu=menu.items(),
        sidebar=sidebar,
        main=main,
        whole=whole,
        sizing_mode="stretch_width",
        margin=0,
    )


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
