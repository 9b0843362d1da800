"""One control: what it is called, how far it goes, and what is known of its value."""

from __future__ import annotations

import re
from typing import Any

import param

from breakeven import presets
from breakeven.explorer.session import Session
from breakeven.explorer.wording import group_title, input_title
from breakeven.models.base import Evidence, Group
from breakeven.models.useful_life_study import Quotes

Spec = dict[str, Any]
_TABLES = {"process": "processes", "yield_model": "yields", "run": "training_runs"}
_CHOICES = {
    "given": "as given",
    "made": "as made",
    "organic": "Organic substrate",
    "chip-last": "Interposer, chips last",
    "chip-first": "Fan-out, chips first",
}


def choice_title(name: str, value: str) -> str:
    """What a reader is told of one value of a choice. [text]."""
    if table := _TABLES.get(name):
        return presets.label(table, value).label
    return _CHOICES.get(value, value)


def control(session: Session, name: str, label: str, aria: str) -> Spec:
    """Control of a quantity or a choice."""
    prefix, _, last = name.rpartition(".")
    group = session.scenario.groups()[prefix]
    if last in group.quantities():
        return number(session, name, label, aria)
    parameter, value = group.param[last], getattr(group, last)
    if isinstance(parameter, Quotes):
        words = choice(name, label, value, [], aria=aria)
        return words | {"text": True, "titles": {"text": parameter.doc or ""}}
    if isinstance(parameter, param.Selector):
        choices = [
            {"value": str(o), "label": choice_title(last, str(o))}
            for o in parameter.objects
        ]
    else:
        choices = _inputs(session, parameter.doc or "")
    return choice(name, label, value, choices, aria=aria)


def _inputs(session: Session, usual: str) -> list[Spec]:
    """Every number of the scenario by dotted name; an empty one is the usual."""
    found: list[Spec] = [{"value": "", "label": usual.rpartition("empty is ")[2]}]
    scenario = session.scenario
    for prefix, group in scenario.core().items():
        key, title = prefix.partition(".")[0], group_title(scenario, prefix)
        owner = scenario.options[key].option.label if key in scenario.options else ""
        found += [
            {
                "value": f"{prefix}.{name}",
                "label": f"{owner}: {input_title(name)}"
                if owner
                else input_title(name),
                "group": title,
            }
            for name in group.quantities()
            if getattr(group, name) is not None
        ]
    return found


def empty_words(doc: str) -> str:
    """What a box without a value says, from what its meaning says of that. [text]."""
    if "; empty" not in doc:
        return "not published"
    limit = re.search("; empty when there is (no [a-z]+)", doc)
    return limit.group(1) if limit else "automatic"


def number(session: Session, name: str, label: str, aria: str) -> Spec:
    """Control of one quantity: range, scale, evidence, preset value."""
    scenario = session.scenario
    dotted = scenario.resolve(name)
    prefix, _, last = dotted.rpartition(".")
    group = scenario.groups()[prefix]
    parameter, value = group.param[last], getattr(group, last)
    evidence = scenario.evidence.get(dotted)
    if evidence is None:
        evidence = (
            Evidence("absent", note="not published") if value is None else Evidence()
        )
    fallback = session.fallback(name)
    slider, log = _slider(group, last, value)
    bounds = parameter.bounds or (None, None)
    return {
        "kind": "number",
        "name": name,
        "full": dotted,
        "label": label,
        "aria": aria,
        "unit": group.unit(last),
        "bounds": list(bounds),
        "slider": slider,
        "log": log,
        "doc": parameter.doc or "",
        "empty": empty_words(parameter.doc or ""),
        "value": value,
        "fallback": fallback,
        "evidence": {
            "status": evidence.status,
            "source": evidence.source,
            "date": evidence.date,
            "note": evidence.note,
            "low": evidence.low,
            "high": evidence.high,
        },
    }


def _slider(group: Group, name: str, value: float | None) -> tuple[list[float], bool]:
    """Ends of a slider, the present value included, and whether it is in logs."""
    parameter = group.param[name]
    low, high = parameter.softbounds or (None, None)
    log = bool(parameter.metadata.get("log"))
    if low is None or high is None:
        low, high = 0.0, 10 * (value or 1.0)
    if value is not None:
        low, high = min(low, value), max(high, value)
    return [float(low), float(high)], log and low > 0


def choice(
    name: str,
    label: str,
    value: Any,
    choices: list[Spec],
    *,
    aria: str = "",
    segments: bool = False,
    titles: dict[str, str] | None = None,
) -> Spec:
    """Control of one choice."""
    return {
        "kind": "choice",
        "name": name,
        "label": label,
        "aria": aria or label,
        "value": value,
        "fallback": value,
        "choices": choices,
        "segments": segments,
        "titles": titles or {},
        "keep": True,
    }


def preset_names(table: str) -> tuple[str, ...]:
    """Presets of a table, none when there is no such table."""
    return presets.names(table) if table in presets.table_names() else ()


def picker(
    name: str, label: str, table: str, value: str | None, aria: str = ""
) -> Spec:
    """Choice among the presets of a table, by vendor where vendors are known."""
    choices = []
    for preset in preset_names(table):
        said = presets.label(table, preset)
        choices.append({"value": preset, "label": said.label, "group": said.vendor})
    if value not in [c["value"] for c in choices]:
        choices.insert(0, {"value": value or "", "label": value or "own figures"})
    return choice(name, label, value, choices, aria=aria)
