"""Presets and models joined: scenarios by name or file, as documents and as JSON.

Nothing here needs a screen, so loading a scenario stays as quick as NumPy.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from breakeven.explorer import declared, documents, quoted
from breakeven.explorer.documents import ScenarioError, scenario_names
from breakeven.models.inputs import Workload
from breakeven.models.kept import Kept
from breakeven.models.results import plain
from breakeven.models.scenario import Scenario
from breakeven.models.studies import STUDIES
from breakeven.presets.tables import own_folder

__all__ = [
    "ScenarioError",
    "document",
    "load_scenario",
    "read_scenario",
    "ready_scenario",
    "scenario_names",
    "scenario_shelf",
    "scenario_title",
    "to_json",
]

_READY: Kept[Scenario] = Kept(64)


def load_scenario(source: str | Path = "trainium2-vs-h100") -> Scenario:
    """Scenario of a ready name or a TOML file, ready to evaluate.

    Raises
    ------
    KeyError
        When the name is not known; near names are offered.
    ScenarioError
        When the file breaks a rule: one line with file, key, value and rule.
    """
    return documents.build(*documents.read(source))


def ready_scenario(name: str = "") -> Scenario:
    """A copy of a ready scenario; the default one without a name.

    Each is built once in a process: filling forty groups from the tables takes twenty
    times as long as a copy of them, and every page that opens needs one.
    """
    name = name or scenario_names()[0]
    key = (name, own_folder())
    found = _READY.find(key) or _READY.keep(key, load_scenario(name))
    return found.copy()


def read_scenario(text: str, origin: str = "scenario") -> Scenario:
    """Scenario of the text of a TOML document; ``origin`` is named in errors.

    Raises
    ------
    ScenarioError
        When the text breaks a rule: one line with key, value and rule.
    """
    return documents.build(documents.parsed(text, origin), origin)


def scenario_title(name: str) -> str:
    """Title of a ready scenario, without building it."""
    return str(documents.read(name)[0].get("title", name))


def scenario_shelf(name: str) -> str:
    """Where a ready scenario stands in the picker, without building it."""
    return "Deals in the news" if "deal" in documents.read(name)[0] else "Ready"


def document(scenario: Scenario) -> dict[str, Any]:
    """Document that rebuilds a scenario: its presets, and what differs from them."""
    result: dict[str, Any] = {"version": documents.VERSION, "name": scenario.name}
    result |= {"title": scenario.title, "description": scenario.description}
    result |= {"sizing": scenario.sizing, "anchor": scenario.anchor, **scenario.presets}
    result["options"] = {
        key: {"chip": groups.chip_name, "stack": groups.stack_name}
        if groups.stack_name
        else {"chip": groups.chip_name}
        for key, groups in scenario.options.items()
    }
    values: dict[str, Any] = {}
    if scenario.workload.kind != Workload.param["kind"].default:
        values["workload.kind"] = scenario.workload.kind
    plainer = documents.build({**result, "values": dict(values)}, scenario.name)
    before = plainer.inputs()
    for dotted, item in scenario.inputs().items():
        was = before[dotted]
        shape = scenario.distributions.get(dotted)
        same = (item.value, item.evidence) == (was.value, was.evidence)
        same = same and shape == plainer.distributions.get(dotted)
        if same or item.evidence.status == "unused":
            continue
        if item.value is None:
            if was.value is not None:
                values[dotted] = {"status": "absent"}
            continue
        values[dotted] = _value(item) | (declared.written(shape) if shape else {})
    result["values"] = values
    if scenario.correlations:
        result["correlations"] = {
            ", ".join(pair): value for pair, value in scenario.correlations.items()
        }
    if tables := quoted.to_document(scenario):
        result["tables"] = tables
    return result


def _value(item: Any) -> dict[str, Any]:
    """One input as the table of a document."""
    table: dict[str, Any] = {"value": item.value}
    if item.unit != "choice":
        table["unit"] = item.unit
    evidence = item.evidence
    for name in ("low", "high", "status", "source", "url", "date", "note"):
        if (value := getattr(evidence, name)) not in (None, ""):
            table[name] = value
    if evidence.low is not None and not evidence.drawn:
        table["drawn"] = False
    return table


def to_json(scenario: Scenario) -> dict[str, Any]:
    """Inputs with unit, status and source, and results, as JSON knows them."""
    from breakeven.explorer import findings  # all words: only where they are said

    results = scenario.evaluate(studies=STUDIES)
    table = results.scalars()
    curves = {
        name: {"unit": results.unit(name), "value": plain(getattr(results, name))}
        for name in (
            "months",
            "cumulative_cost",
            "work_to_date",
            "cost_to_date",
            "volumes",
            "cost_by_volume",
        )
    }
    return {
        "scenario": scenario.name,
        "title": scenario.title,
        "sizing": scenario.sizing,
        "anchor": scenario.anchor,
        "inputs": {n: item.record() for n, item in scenario.inputs().items()},
        "results": {
            name: {"unit": results.unit(name), "value": value}
            for name, value in table.items()
        },
        "studies": findings.to_json(scenario, results),
        "curves": curves,
    }
