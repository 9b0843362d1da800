"""One scenario of a file without a server: its figures, its lattice, its words."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from typing import Any

from bokeh.core.json_encoder import serialize_json
from bokeh.core.serialization import Serializer
from bokeh.document import Document

from breakeven.explorer import controls, refinement, stills, telling
from breakeven.explorer.elements import DERIVED, Elements
from breakeven.explorer.nodes import Axis
from breakeven.explorer.refinement import Accuracy
from breakeven.explorer.session import Session
from breakeven.explorer.sheet import Sheet, panel
from breakeven.explorer.views import evidence
from breakeven.explorer.views.base import View
from breakeven.models.results import plain
from breakeven.models.scenario import Scenario

KEY = "snapshot"
_SAMPLE = 48
_SAMPLED, _READ = 0.1, 0.5  # shares of the work: the rest is drawing figures
_FIXED = (
    '<p class="as-exported">As exported: this view does not follow the sliders, for '
    "its numbers may jump between settings. To move it, open the scenario again: "
    "Evidence, at the end.</p>"
)


@dataclass(frozen=True)
class Leaf:
    """One scenario of a file: what is shown, what the script is told, numbers."""

    sheet: Sheet
    told: dict[str, Any]
    blob: str
    live: tuple[str, ...]
    accuracy: Accuracy | None


# Views whose numbers run smoothly between settings, those of their studies too.
_SMOOTH = ("amortisation", "cost", "throughput", "power")


def follows(view: type[View]) -> bool:
    """Whether the numbers of a view may be interpolated between settings.

    Those of a study may jump, and the tornado asks for more than a buffer.
    """
    return view.name in _SMOOTH or (not view.studies and view.name != "sensitivity")


def leaf(
    scenario: Scenario,
    live: Sequence[str],
    views: Sequence[type[View]],
    today: date,
    progress: Callable[[float], None],
) -> Leaf:
    """One scenario with its lattice."""
    sections, messages = _sections(scenario, list(live) or default_live(scenario))
    specs = [c for section in sections for c in section["controls"]]
    moving = [view(KEY) for view in views if follows(view)]
    elements = Elements(scenario, moving, [c["name"] for c in specs])
    standing = [view(KEY) for view in views if not follows(view)]
    fixed = Elements(scenario, standing, ["finance.discount_rate"])
    axes = [refinement.axis_of(spec) for spec in specs]
    frames = _frames(elements, axes)
    progress(_SAMPLED)
    lattice, accuracy, dropped = refinement.refined(
        elements, axes, lambda x: progress(_SAMPLED + (_READ - _SAMPLED) * x)
    )
    told = telling.told(elements, lattice, frames, KEY)
    kept = tuple(axis["name"] for axis in told["axes"])
    told |= {"sections": _kept(sections, kept), "rows": evidence.rows(scenario)}
    told |= {"file": f"{scenario.name}.toml", "stills": _stills(fixed)}
    told["layouts"] |= telling.layouts(fixed)
    told["views"] = [*(view.name for view in views), "evidence"]
    drawn = _bodies(elements, fixed, told, lambda x: progress(_READ + x * (1 - _READ)))
    sheet = Sheet(
        scenario=scenario,
        results=elements.results,
        version=version("breakeven"),
        today=today,
        titles={view.name: view.title for view in views},
        panels={view.name: drawn[view.name] for view in views},
        answers=_answers(elements, told),
        accuracy=accuracy.said() if accuracy else "No input is live in this file.",
        messages=(*messages, *dropped),
    )
    progress(1.0)
    return Leaf(sheet, told, telling.blob(elements, lattice), kept, accuracy)


def _frames(elements: Elements, axes: Sequence[Axis]) -> list[telling.Frame]:
    """Ends of axes that follow from the curves, which the lattice need not hold."""
    sample = elements.rows(refinement.random_points(axes, _SAMPLE, seed=7))
    frames = refinement.frames(elements, sample)
    elements.roles[[index for index, *_ in frames]] = DERIVED
    return frames


def _answers(elements: Elements, told: dict[str, Any]) -> dict[str, str]:
    """Words of the strip at the inputs of the export."""
    buffer = elements.buffer(elements.first, "")
    return stills.slots(buffer, told["layouts"]["evidence"])


def _bodies(
    elements: Elements,
    fixed: Elements,
    told: dict[str, Any],
    progress: Callable[[float], None],
) -> dict[str, str]:
    """HTML of every tab; the figures go to what the script is told."""
    views = [(own, view) for own in (elements, fixed) for view in own.views]
    made = {}
    for done, (own, view) in enumerate(views, start=1):
        html, figures = _panel(own, view, told)
        made[view.name] = ((_FIXED if own is fixed else "") + html, figures)
        progress(done / (len(views) + 1))
    told["figures"] = {name: figures for name, (_, figures) in made.items()}
    return {name: html for name, (html, _) in made.items()}


def _stills(fixed: Elements) -> dict[str, list[Any]]:
    """Arrays of each view that does not move, as the script is told."""
    return {
        view.name: [
            plain(fixed.first[span.start : span.stop])
            for span in fixed.block(view.name)
        ]
        for view in fixed.views
    }


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
    # what a document would say of these roots, but for the components of Panel that
    # happen to be imported: a figure has none
    document: dict[str, Any] = {**Document().to_json(deferred=False)}
    document.pop("defs", None)
    document["roots"] = Serializer(deferred=False).encode(list(plots.values()))
    data = json.loads(serialize_json(document))
    return html, {"document": data, "roots": {p.id: n for n, p in plots.items()}}


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
