"""Scenario documents: a TOML file (or a dictionary of the same shape) and a Scenario.

A document names presets and changes values by dotted name; `base` starts from another
scenario. A number may be a plain value in the input's own unit, or a table
`{value, unit, low, high, status, source, url, date, note}`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from breakeven import presets
from breakeven.explorer import declared
from breakeven.explorer.filling import (
    ScenarioError,
    assign,
    fill,
    known_keys,
    mark_unused,
    put,
    scenario_evidence,
    use_chip,
)
from breakeven.explorer.quoted import put_tables
from breakeven.explorer.study_filling import fill_studies
from breakeven.models.base import Evidence, Group, check_rules
from breakeven.models.choices import choices_first
from breakeven.models.inputs import Chip, Finance, Option, Site, Workload
from breakeven.models.llm import Architecture
from breakeven.models.scenario import OptionGroups, Scenario, settable
from breakeven.models.throughput import Stack

VERSION = 1
# What brings a document of a version to the next one.
MIGRATIONS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
KEYS = (
    "version name title description base sizing anchor workload llm site finance "
    "deal old options values correlations tables"
).split()
_TABLED = ("options", "values", "correlations", "tables")
PICKS = ("workload", "llm", "site", "finance")
_TABLES = {
    "workload": "workloads",
    "llm": "llms",
    "site": "sites",
    "finance": "finance",
}


def scenario_folder() -> Path:
    """Folder of the ready scenarios."""
    return Path(presets.__file__).parent / "scenarios"


def scenario_names() -> tuple[str, ...]:
    """Names of the ready scenarios, the default first, those of deals last."""
    found = sorted(p.stem for p in scenario_folder().glob("*.toml"))
    default = "trainium2-vs-h100"
    rest = (name for name in found if name != default)
    return (default, *sorted(rest, key=_of_a_deal))


@cache
def _of_a_deal(name: str) -> bool:
    """Whether a ready scenario is one of a deal."""
    text = (scenario_folder() / f"{name}.toml").read_text(encoding="utf-8")
    return "deal" in tomllib.loads(text)


def read(source: str | Path) -> tuple[dict[str, Any], str]:
    """Document of a ready scenario or a TOML file, and what to call it in errors.

    Raises
    ------
    KeyError
        When it is neither a ready scenario nor a file.
    ScenarioError
        When the file is not TOML.
    """
    path = Path(source)
    if str(source) in scenario_names():
        path = scenario_folder() / f"{source}.toml"
    elif not path.is_file():
        near = get_close_matches(str(source), scenario_names(), 3, 0.4)
        hint = (
            f"near: {', '.join(near)}"
            if near
            else f"known: {', '.join(scenario_names())}"
        )
        raise KeyError(f"{source!r} is neither a scenario nor a file; {hint}")
    try:
        return parsed(path.read_text(encoding="utf-8"), path.name), path.name
    except UnicodeDecodeError as error:
        raise ScenarioError(f"{path.name}: not TOML: {error}") from None


def parsed(text: str, origin: str) -> dict[str, Any]:
    """Document of a TOML text; ``origin`` is named in errors.

    Raises
    ------
    ScenarioError
        When it is not TOML.
    """
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise ScenarioError(f"{origin}: not TOML: {error}") from None


def build(document: Mapping[str, Any], origin: str) -> Scenario:
    """Scenario of a document; ``origin`` is named in errors.

    Raises
    ------
    ScenarioError
        One line with file, key, value and rule.
    """
    try:
        return _build(_merged(document, origin), origin)
    except (KeyError, ValueError) as error:
        said = str(error.args[0])
        if not said.startswith(f"{origin}:"):
            said = f"{origin}: {said}"
        raise ScenarioError(said) from None


def migrated(document: Mapping[str, Any], origin: str) -> dict[str, Any]:
    """A document of an older version as one of this version.

    Raises
    ------
    ScenarioError
        When it is of a newer version, or of none that there was.
    """
    found, version = dict(document), document.get("version", VERSION)
    if not isinstance(version, int):
        return found  # refused with the other types
    if version > VERSION:
        rule = f"is newer than this Breakeven reads ({VERSION}): update it"
        raise ScenarioError(f"{origin}: version = {version} {rule}")
    while version < VERSION:
        if version not in MIGRATIONS:
            rule = f"is not known; this is version {VERSION}"
            raise ScenarioError(f"{origin}: version = {version} {rule}")
        found = MIGRATIONS[version](found) | {"version": version + 1}
        version += 1
    return found


def _merged(document: Mapping[str, Any], origin: str) -> dict[str, Any]:
    """The document over its base, key by key."""
    document = migrated(document, origin)
    known_keys(document, KEYS, origin)
    _types(document, origin)
    if "base" not in document:
        return dict(document)
    try:
        below, name = read(document["base"])
        below = migrated(below, name)
    except KeyError as error:
        raise ScenarioError(f"{origin}: base: {error.args[0]}") from None
    if "base" in below:
        raise ScenarioError(f"{origin}: base {name} has a base itself")
    merged = {**below, **document}
    options = dict(below.get("options", {}))
    values = dict(below.get("values", {}))
    for key, changes in document.get("options", {}).items():
        before = options.get(key, {})
        if changes.get("chip", before.get("chip")) != before.get("chip"):
            # what the base says of the other chip is not true of this one
            before = {k: v for k, v in before.items() if k not in ("count", "label")}
            values = {k: v for k, v in values.items() if not k.startswith(f"{key}.")}
        options[key] = {**before, **changes}
    merged["options"] = options
    merged["values"] = {**values, **document.get("values", {})}
    both = below.get("correlations", {}) | document.get("correlations", {})
    merged |= {"correlations": both} if both else {}
    if "sizing" not in document and "anchor" not in document:
        merged["counted"] = _counted(document)
    return merged


def _counted(document: Mapping[str, Any]) -> list[str]:
    """Inputs whose counts a document sets itself, as ``Scenario.sized`` asks."""
    tables = document.get("options", {})
    counts = [f"{key}.count" for key, table in tables.items() if "count" in table]
    return [*counts, *(n for n in document.get("values", {}) if n.endswith(".count"))]


def _types(document: Mapping[str, Any], origin: str) -> None:
    for key, value in document.items():
        if key in _TABLED:
            good = isinstance(value, dict)
        else:
            good = isinstance(value, int if key == "version" else str)
        if not good:
            kind = "a table" if key in _TABLED else "text"
            raise ScenarioError(f"{origin}: {key} = {value!r} must be {kind}")
    for key, value in document.get("options", {}).items():
        if not isinstance(value, dict):
            raise ScenarioError(f"{origin}: options.{key} = {value!r} must be a table")


def _build(document: Mapping[str, Any], origin: str) -> Scenario:
    lacking = [k for k in ("name", *PICKS, "options") if k not in document]
    if lacking:
        raise ScenarioError(f"{origin}: lacks {', '.join(lacking)} (or a base)")
    evidence: dict[str, Evidence] = {}
    values, shapes = declared.split(document.get("values", {}))
    shared = _shared(document, values, origin, evidence)
    options = {}
    for key, table in document["options"].items():
        if not key.isidentifier() or key in shared:
            rule = f"option key {key!r} must be a plain new word"
            raise ScenarioError(f"{origin}: {rule}")
        plain, more = declared.split(table, f"{key}.")
        shapes |= more
        options[key] = _option(key, plain, shared["workload"], origin, evidence)
    scenario = Scenario(
        name=document["name"],
        title=document.get("title", document["name"]),
        description=document.get("description", ""),
        options=options,
        **shared,
        sizing=document.get("sizing", "match"),
        anchor=document.get("anchor", ""),
        presets={
            pick: document[pick] for pick in (*PICKS, "deal", "old") if pick in document
        },
        evidence=evidence,
    )
    fill_studies(scenario)
    for dotted in choices_first(scenario, values):
        assign(scenario, dotted, values[dotted], origin)
    declared.put(scenario, shapes, document.get("correlations", {}))
    if document.get("counted"):
        counted = dict.fromkeys(document["counted"], 0.0)
        scenario.sizing, scenario.anchor = scenario.sized(counted)
    put_tables(scenario, document.get("tables", {}), origin)
    check_rules(scenario.groups())
    mark_unused(scenario)
    return scenario


def _shared(
    document: Mapping[str, Any],
    values: dict[str, Any],
    origin: str,
    evidence: dict[str, Evidence],
) -> dict[str, Any]:
    """Groups that all options share; takes their values out of ``values``.

    They come before the options, because the kind of work decides which stack serves.
    """
    shared: dict[str, Group] = {"workload": Workload(), "llm": Architecture()}
    shared |= {"site": Site(), "finance": Finance()}
    for pick, group in shared.items():
        prefix = "workload.llm" if pick == "llm" else pick
        fill(group, prefix, _TABLES[pick], document[pick], evidence)
        for dotted in [n for n in values if n.rpartition(".")[0] == prefix]:
            last = dotted.rpartition(".")[2]
            known_keys([last], settable(group), f"{origin}: {prefix}")
            own = scenario_evidence(origin)
            put(group, prefix, last, values.pop(dotted), evidence, own)
    return shared


def _option(
    key: str,
    table: Mapping[str, Any],
    workload: Workload,
    origin: str,
    evidence: dict[str, Evidence],
) -> OptionGroups:
    """Groups of one option from its table in the document."""
    option = Option()
    choices = [n for n in option.param.objects("existing") if n != "name"]
    known_keys(table, ["chip", "stack", *choices], f"{origin}: options.{key}")
    if "chip" not in table:
        raise ScenarioError(f"{origin}: options.{key} lacks chip")
    if not isinstance(table.get("stack", ""), str):
        rule = f"stack = {table['stack']!r} must be text"
        raise ScenarioError(f"{origin}: options.{key}: {rule}")
    groups = OptionGroups(option, Chip(), Stack())
    fill(option, key, "options", "option", evidence)
    given = {n: v for n, v in table.items() if n not in ("chip", "stack")}
    for name, value in given.items():
        put(option, key, name, value, evidence, scenario_evidence(origin))
    use_chip(groups, key, str(table["chip"]), workload, evidence, table.get("stack"))
    if "label" not in table:
        option.label = presets.label("chips", groups.chip_name).label
    return groups
