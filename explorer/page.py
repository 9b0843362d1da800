"""The page: controls on the left, answers on top, tabs below.

One message from the browser is one change of the session, one evaluation, and one
packed buffer back for the tab that is visible.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import panel as pn
from panel.viewable import Viewable, Viewer

from breakeven.explorer import (
    controls,
    handbook,
    handout,
    limits,
    promptness,
    shelf,
    shell,
    visit,
    wire,
)
from breakeven.explorer.components import Controls, Hub
from breakeven.explorer.notebook import Notebook
from breakeven.explorer.odds import Ranges
from breakeven.explorer.rest import Rest
from breakeven.explorer.session import Session
from breakeven.explorer.stage import Stage
from breakeven.explorer.views import SECTIONS, strip
from breakeven.explorer.views.accuracy import Accuracy
from breakeven.explorer.views.base import Fed, Feed, View, present
from breakeven.explorer.views.evidence import Evidence
from breakeven.explorer.words import worked_steps
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario


class Explorer(Notebook, Viewer):
    """The explorer of one scenario: displays itself in Jupyter, serves as a page.

    Parameters
    ----------
    scenario
        A ready scenario's name, a Scenario, or nothing for the default.

    Examples
    --------
    >>> explorer = Explorer("trainium2-vs-h100")  # doctest: +SKIP
    >>> explorer.update({"gpu.price": 24_000.0})  # doctest: +SKIP
    """

    def __init__(self, scenario: Scenario | str | None = None, **params: Any) -> None:
        super().__init__(**params)
        self.key = uuid.uuid4().hex[:8]
        self.session = Session(scenario)
        self.refused = self._visit()
        self.stage = self._stage()
        for view in self.views:
            view.ranged, view.redraw = True, lambda: self.show(structure=True)
        told = (self._rested, self._worked, visit.watched())
        self.rest = Rest(lambda: self.scenario, *told)
        self.hub = Hub(self._heard, key=self.key, width=0, height=0, margin=0)
        self.stage.begin(self._asked())  # its own controls come with the others
        self.controls = Controls(
            self._heard,
            key=self.key,
            spec=self._spec(),
            docs=handbook.address(),
            address=pn.state.curdoc is not None
            and bool(pn.state.session_args is not None),
            sizing_mode="stretch_width",
            margin=0,
        )
        results = self.evaluated()
        self.hub.start = {
            **self._message(self.view, results),
            "layout": self.layout(self.view, results),
        }
        self.page = self._page()

    # ------------------------------------------------------------------- state
    @property
    def views(self) -> list[View]:
        """Every view of the page, in the order of the tabs."""
        return self.stage.views

    @property
    def view(self) -> View:
        """The view that is visible."""
        return self.stage.view

    def _spec(self) -> list[dict[str, Any]]:
        """The controls, those of the visible view among them."""
        return controls.sections(self.session, self.view.title, self.view.inputs)

    def _asked(self) -> str:
        """Name of the view that the address asks for, empty when it does not."""
        name = visit.addressed().get("view", "")
        try:
            return self.stage.named(name).name if name else ""
        except KeyError as error:
            self.refused["view"] = str(error.args[0])
            return ""

    def _visit(self) -> dict[str, str]:
        """Take the state from the address of the page, if it has one."""
        good, refused = limits.sane(visit.state())
        return (self.session.visit(good) if good else {}) | refused

    def evaluated(self, view: View | None = None) -> Results:
        """One evaluation: what the visible tab and the answers need."""
        view = view or self.view
        return self.scenario.evaluate(
            view.overrides(self.scenario), curves=view.curves, studies=view.studies
        )

    # ------------------------------------------------------------------ events
    def _heard(self, message: Mapping[str, Any]) -> None:
        """Answer a message of the browser."""
        kind = message.get("type")
        if kind == "ready":
            promptness.hasten()
            self.rest.moved()
            self.show(structure=True)
        elif kind == "set" and isinstance(message.get("values"), Mapping):
            self.change(message["values"], message.get("seq"))
        elif kind == "stop":
            self.rest.stop()
        elif kind in shelf.KINDS:
            shelf.Shelf(self.session, self.hub.send, self.renew).heard(message)
        elif kind == "reset":
            self.session.start(self.session.loaded)
            self.renew()

    def renew(self) -> None:
        """Send controls and answers anew."""
        self.rest.moved()
        self.controls.renew(self._spec())
        self.show(structure=True)

    def change(self, values: Mapping[str, Any], sequence: int | None = None) -> None:
        """Change inputs, evaluate once, and send the visible tab."""
        values, refused = limits.sane(values)
        refused |= self.session.change(values)
        structure = any(self.session.structural(n) for n in values)
        self.rest.moved(None if structure else values)
        reset = any(isinstance(v, Mapping) for v in values.values())
        if structure or reset:
            self.controls.renew(self._spec())
        self.show(sequence, structure=structure, refused=refused, changed=values)

    def _rested(self) -> None:
        """Send the visible tab again, with the ranges that are now known."""
        self.rest.news()
        results, found = self.evaluated(), self.rest.found
        if found and found.weights:  # axes move at rest only
            for view in self.views:
                view.settle(found, present(results))
        message = self._message(self.view, results, found)
        self.hub.send({k: message[k] for k in ("view", "buffer", "ranges")})

    def _worked(self, share: float) -> None:
        """Say how far the work on the ranges is."""
        self.hub.send({"progress": share})

    def show(
        self,
        sequence: int | None = None,
        *,
        structure: bool = False,
        refused: Mapping[str, str] | None = None,
        changed: Mapping[str, Any] | None = None,
    ) -> None:
        """Send one buffer for the visible tab; its layout too when that has changed."""
        view, scenario = self.view, self.scenario
        results = self.evaluated()
        news = self.rest.news()
        message = self._message(view, results, self.rest.found if structure else news)
        message["keep"] = self.rest.found is not None
        if sequence is not None:
            message["seq"] = sequence
        if structure:
            message["layout"] = self.layout(view, results)
        if refused or self.refused:
            message["errors"] = {**self.refused, **(refused or {})}
            self.refused = {}
            good = {n: self._value(n) for n in message["errors"]}
            message["values"] = {n: v for n, v in good.items() if v is not None}
        if structure or changed is None:
            view.refresh(scenario, present(results))
        elif isinstance(view, Evidence):
            message["rows"] = view.changed(scenario, changed)
            message["trace"] = worked_steps(scenario, present(results))
        self.hub.send(message)

    def _message(
        self, view: View, results: Results, found: Ranges | None = None
    ) -> dict[str, Any]:
        """What every answer to the browser holds, ranges where there are any."""
        more = self._ranges(view, results, found)
        message = {
            "view": view.name,
            "buffer": self.buffer(view, results, more),
            "derived": strip.followers(self.scenario, results),
            "notes": list(results.notes),
        }
        if view.studies:
            message["said"] = view.sentences(self.scenario, present(results))
        return message | ({"ranges": [entry for entry, _ in more]} if more else {})

    def _ranges(self, view: View, results: Results, found: Ranges | None) -> Feed:
        """What is added to the buffer when ranges are known."""
        if found is None:
            return []
        answers = strip.ranges(self.scenario, present(results), found)
        return [*answers, *view.ranges(found)]

    def buffer(
        self, view: View, results: Results, more: Sequence[Fed] = ()
    ) -> wire.Buffer:
        """Numbers of the answers and of one tab, packed; ranges come last."""
        scenario, last = self.scenario, [a for _, arrays in more for a in arrays]
        return wire.packed(
            [
                *strip.arrays(scenario, present(results)),
                *view.arrays(scenario, results),
                *last,
            ]
        )

    def layout(self, view: View, results: Results) -> dict[str, Any]:
        """Where each array of the buffer goes."""
        scenario = self.scenario
        return {
            "title": scenario.title,
            "options": [{"label": label} for label in results.labels],
            "axes": view.axes(scenario, results),
            "figures": view.captions(results),
            "entries": [*strip.entries(results), *view.entries(scenario, results)],
        }

    def _value(self, name: str) -> float | None:
        try:
            prefix, _, last = self.scenario.resolve(name).rpartition(".")
        except KeyError:
            return None
        value = getattr(self.scenario.groups().get(prefix), last, None)
        return value if isinstance(value, float) else None

    # ------------------------------------------------------------------ layout
    def _stage(self) -> Stage:
        """Every view under its section; those that need the session get it."""
        accuracy = Accuracy(self.key, self.session, self.renew)
        made = [
            (title, [view(self.key) for view in views]) for title, views in SECTIONS
        ]
        made[-1][1].append(accuracy)
        return Stage(self.key, made, self._body, self._opened)

    def _body(self, view: View) -> Viewable:
        """Question, answer in words and figures of a view."""
        return view.framed(self.scenario, self.evaluated(view))

    def _opened(self) -> None:
        spec = self._spec()
        if [s["title"] for s in spec] != [s["title"] for s in self.controls.spec]:
            self.controls.renew(spec)
        self.show(structure=True)

    def _shared(self, kind: str) -> None:
        """Hand out what was picked in the Share menu."""
        handout.hand_out(self.hub.send, self.scenario, kind, self.view.name)

    def _page(self) -> Viewable:
        main = pn.Column(
            self.hub,
            shell.answers(self.key),
            self.stage.body,
            sizing_mode="stretch_width",
            margin=0,
            styles={"padding": "14px max(clamp(8px, 1.3vw, 16px), 50% - 760px) 24px"},
        )
        return shell.page(
            self.key,
            self.controls,
            main,
            self._shared,
            whole=pn.state.curdoc is not None,
        )

    def __panel__(self) -> Viewable:
        return self.page
