"""One control: what it is called, how far it goes, and what is known of its value."""

from __future__ import annotations

from typing import Any

from breakeven import presets
from breakeven.explorer.session import Session
from breakeven.models.base import Evidence, Group

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
    choices = [
        {"value": str(o), "label": choice_title(last, str(o))}
        for o in group.param[last].objects
    ]
    return choice(name, label, getattr(group, last), choices, aria=aria)


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
        "label": label,
        "aria": aria,
        "unit": group.unit(last),
        "bounds": list(bounds),
        "slider": slider,
        "log": log,
        "doc": parameter.doc or "",
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
