"""Where the views of a page stand: one is visible, each is built when first opened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import panel as pn
from panel.viewable import Viewable

from breakeven.explorer.components import Nav
from breakeven.explorer.views.base import View
from breakeven.models.base import unknown_name

Sections = Sequence[tuple[str, Sequence[View]]]


class Stage:
    """The views of a page by section, the row of tabs, and the one that is open.

    Parameters
    ----------
    key
        Key of the page.
    sections
        Title of each section and its views.
    build
        Gives the layout of a view, figures included.
    opened
        Called once another view has been opened.
    """

    def __init__(
        self,
        key: str,
        sections: Sections,
        build: Callable[[View], Viewable],
        opened: Callable[[], None],
    ) -> None:
        self.views = [view for _, views in sections for view in views]
        self._build, self._opened = build, opened
        self.view = self.views[0]
        self._places: dict[str, pn.Column] = {}
        shown = [
            {
                "title": title,
                "views": [{"name": v.name, "title": v.title} for v in views],
            }
            for title, views in sections
        ]
        self.nav = Nav(
            self._heard,
            key=key,
            sections=shown,
            active=self.view.name,
            sizing_mode="stretch_width",
            margin=0,
        )
        # What stands on the page: the tabs, and a place for each view that was opened.
        self.body = pn.Column(self.nav, sizing_mode="stretch_width", margin=0)

    def named(self, name: str) -> View:
        """View of a name.

        Raises
        ------
        KeyError
            When there is no such view; near names are offered.
        """
        for view in self.views:
            if view.name == name:
                return view
        raise unknown_name("view", name, [view.name for view in self.views])

    def open(self, name: str) -> None:
        """Show a view, and build it when it is opened for the first time."""
        view = self.named(name)
        before = self._places[self.view.name]
        self.view = view
        before.visible = False
        self._show(view)
        self.nav.active = name
        self._opened()

    def begin(self, name: str = "") -> None:
        """Build and show the first view, before anybody listens."""
        self.view = self.named(name) if name else self.view
        self.nav.active = self.view.name
        self._show(self.view)

    def _show(self, view: View) -> None:
        """Make the place of a view visible, and the view with it the first time."""
        if view.name in self._places:
            self._places[view.name].visible = True
            return
        place = pn.Column(self._build(view), sizing_mode="stretch_width", margin=0)
        self._places[view.name] = place
        self.body.append(place)

    def _heard(self, message: dict[str, Any]) -> None:
        known = [view.name for view in self.views]
        if message.get("type") == "view" and message.get("name") in known:
            self.open(message["name"])
