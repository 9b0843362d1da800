"""A scenario as one HTML file that needs no server: its main sliders still work.

The file holds the figures and scripts of the live page and a lattice of precomputed
results in place of the server; without JavaScript it shows sentences and tables.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bokeh.core.json_encoder import serialize_json
from bokeh.document import Document

from breakeven.explorer import controls, refinement, stills, telling
from breakeven.explorer.elements import DERIVED, Elements
from breakeven.explorer.files import replacing
from breakeven.explorer.refinement import Accuracy
from breakeven.explorer.session import Session
from breakeven.explorer.sheet import Sheet, panel, rendered
from breakeven.explorer.views import evidence
from breakeven.explorer.views.amortisation import Amortisation
from breakeven.explorer.views.base import View
from breakeven.explorer.views.cost import Cost
from breakeven.explorer.views.power import Power
from breakeven.explorer.views.throughput import Throughput
from breakeven.models.scenario import Scenario

VIEWS: tuple[type[View], ...] = (Amortisation, Cost, Throughput, Power)
KEY = "snapshot"
_SAMPLE = 48


@dataclass(frozen=True)
class Snapshot:
    """A page in one file, what is live on it, and how exact that is."""

    html: str
    live: tuple[str, ...]
    accuracy: Accuracy | None
    messages: tuple[str, ...]

    def report(self) -> str:
        """Size, live controls and error, for a terminal."""
        lines = [f"{len(self.html.encode()):,} bytes; live: {', '.join(self.live)}"]
        if self.accuracy:
            lines.append(self.accuracy.said())
        return "\n".join([*lines, *self.messages])


def to_html(scenario: Scenario, live: Sequence[str] = ()) -> str:
    """Page of a scenario as text; ``live`` names the inputs that keep a slider."""
    return snapshot(scenario, live).html


def write(scenario: Scenario, path: Path, live: Sequence[str] = ()) -> Snapshot:
    """Write the page of a scenario to a file; a failure leaves none."""
    with replacing(path) as draft:
        made = snapshot(scenario, live)
        draft.write_text(made.html, encoding="utf-8")
    return made


def default_live(scenario: Scenario) -> list[str]:
    """Inputs that keep a slider when none are named."""
    first, last = next(iter(scenario.options)), scenario.reference
    lead = "workload.demand" if scenario.sizing == "demand" else None
    build = scenario.options[first].option.acquisition == "build"
    return [
        lead or f"{scenario.anchor}.count",
        f"{first}.utilisation",
        f"{first}.price",
        *([f"{first}.chip.nre"] if build else []),
        f"{last}.utilisation",
        f"{last}.price",
        "site.electricity_price",
        "finance.discount_rate",
    ]


def snapshot(
    scenario: Scenario, live: Sequence[str] = (), today: date | None = None
) -> Snapshot:
    """Page of a scenario in one file.

    Raises
    ------
    KeyError, ValueError
        When an input that should be live does not exist or cannot be.
    """
    sections, messages = _sections(scenario, list(live) or default_live(scenario))
    specs = [c for section in sections for c in section["controls"]]
    elements = Elements(scenario, [v(KEY) for v in VIEWS], [c["name"] for c in specs])
    axes = [refinement.axis_of(spec) for spec in specs]
    sample = elements.rows(refinement.random_points(axes, _SAMPLE, seed=7))
    frames = refinement.frames(elements, sample)
    elements.roles[[index for index, *_ in frames]] = DERIVED
    lattice, accuracy, dropped = refinement.refined(elements, axes)
    told = telling.told(elements, lattice, frames, KEY)
    kept = tuple(axis["name"] for axis in told["axes"])
    told["sections"] = _kept(sections, kept)
    told["rows"] = evidence.rows(scenario)
    told["file"] = f"{scenario.name}.toml"
    bodies = {view.name: _panel(elements, view, told) for view in elements.views}
    told["figures"] = {name: figures for name, (_, figures) in bodies.items()}
    said = accuracy.said() if accuracy else "No input is live in this file."
    buffer = elements.buffer(elements.first, "")
    sheet = Sheet(
        scenario=scenario,
        results=elements.results,
        version=version("breakeven"),
        today=today or datetime.now(UTC).date(),
        titles={view.name: view.title for view in elements.views},
        panels={name: html for name, (html, _) in bodies.items()},
        answers=stills.slots(buffer, told["layouts"]["evidence"]),
        accuracy=said,
        messages=(*messages, *dropped),
    )
    html = rendered(sheet, told, telling.blob(elements, lattice))
    return Snapshot(html, kept, accuracy, sheet.messages)


def _kept(sections: list[dict[str, Any]], names: Sequence[str]) -> list[dict[str, Any]]:
    """Sections with the controls that are live after all."""
    for section in sections:
        section["controls"] = [c for c in section["controls"] if c["name"] in names]
    found = [section for section in sections if section["controls"]]
    if found:
        found[0]["first"] = True  # where the button stands that resets all
    return found


def _sections(
    scenario: Scenario, names: Sequence[str]
) -> tuple[list[dict[str, Any]], list[str]]:
    """Controls of the live inputs, in the sections of the page; what has no value."""
    wanted = {scenario.resolve(name): name for name in names}
    _checked(scenario, wanted)
    session, messages = Session(scenario), list[str]()
    shown = controls.sections(session)
    flat = [(s, s["controls"]) for s in shown]
    for section in shown:
        for group in section.get("groups", ()):
            flat.append(({"title": group["title"]}, group["controls"]))
    sections: list[dict[str, Any]] = []
    found: set[str] = set()
    for section, all_controls in flat:
        mine = []
        for control in all_controls:
            if control["kind"] != "number":
                continue
            dotted = scenario.resolve(control["name"])
            if dotted in wanted and dotted not in found:
                found.add(dotted)
                if control["value"] is None:
                    messages.append(f"{control['aria']} is not live: not published")
                else:
                    mine.append(control)
        if mine:
            head = {k: v for k, v in section.items() if k not in ("controls", "groups")}
            sections.append({**head, "controls": mine})
    return sections, messages


def _checked(scenario: Scenario, wanted: dict[str, str]) -> None:
    """Refuse what can have no slider, in one line."""
    for dotted, name in wanted.items():
        prefix, _, last = dotted.rpartition(".")
        group = scenario.groups().get(prefix)
        if group is None or last not in group.quantities():
            raise ValueError(f"{name} is a choice, not a number: it cannot be live")
        follows = last == "count" and scenario.sizing != "fixed"
        if follows and (scenario.sizing == "demand" or prefix != scenario.anchor):
            raise ValueError(f"{name} follows from the others: it cannot be live")
        if dotted == "finance.horizon":
            raise ValueError(f"{name} is the length of the curves: it cannot be live")


def _panel(
    elements: Elements, view: View, told: dict[str, Any]
) -> tuple[str, dict[str, Any]]:
    """HTML of one tab, and its figures for the drawing library."""
    layout = told["layouts"][view.name]
    texts = stills.slots(elements.buffer(elements.first, view.name), layout)
    body = view.body(elements.scenario, elements.results)
    html, plots = panel(body, texts, view.name)
    document = Document()
    roots = {}
    for name, plot in plots.items():
        document.add_root(plot)
        roots[plot.id] = name
    data = json.loads(serialize_json(document.to_json(deferred=False)))
    return html, {"document": data, "roots": roots}
