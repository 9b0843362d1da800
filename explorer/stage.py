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
        self._places = {
            view.name: pn.Column(sizing_mode="stretch_width", visible=False, margin=0)
            for view in self.views
        }
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

    @property
    def parts(self) -> list[Viewable]:
        """What stands on the page: the tabs, and a place for each view."""
        return [self.nav, *self._places.values()]

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
        raise unknown_name("view", name, self._places)

    def open(self, name: str) -> None:
        """Show a view, and build it when it is opened for the first time."""
        view = self.named(name)
        before, place = self._places[self.view.name], self._places[name]
        self.view = view
        if not place.objects:
            place.objects = [self._build(view)]
        before.visible = False
        place.visible = True
        self.nav.active = name
        self._opened()

    def begin(self, name: str = "") -> None:
        """Build and show the first view, before anybody listens."""
        self.view = self.named(name) if name else self.view
        self.nav.active = self.view.name
        place = self._places[self.view.name]
        place.objects, place.visible = [self._build(self.view)], True

    def _heard(self, message: dict[str, Any]) -> None:
        if message.get("type") == "view" and message.get("name") in self._places:
            self.open(message["name"])
