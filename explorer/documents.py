"""Scenario documents: a TOML file (or a dictionary of the same shape) and a Scenario.

A document names presets and changes values by dotted name; `base` starts from another
scenario. A number may be a plain value in the input's own unit, or a table
`{value, unit, low, high, status, source, url, date, note}`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from breakeven import presets
from breakeven.models import units
from breakeven.models.base import Evidence, Group
from breakeven.models.inputs import Chip, Finance, Option, Site, Workload
from breakeven.models.llm import Architecture
from breakeven.models.scenario import OptionGroups, Scenario
from breakeven.models.throughput import Stack
from breakeven.presets.stacks import stack_for

VERSION = 1
KEYS = (
    "version name title description base sizing anchor workload llm site finance "
    "options values"
).split()
PICKS = ("workload", "llm", "site", "finance")
_TABLES = {
    "workload": "workloads",
    "llm": "llms",
    "site": "sites",
    "finance": "finance",
}
_VALUE_KEYS = "value unit low high status source url date note".split()


class ScenarioError(ValueError):
    """A scenario document that breaks a rule: one line with file, key and rule."""


def scenario_folder() -> Path:
    """Folder of the ready scenarios."""
    return Path(presets.__file__).parent / "scenarios"


def scenario_names() -> tuple[str, ...]:
    """Names of the ready scenarios, the default first."""
    found = sorted(p.stem for p in scenario_folder().glob("*.toml"))
    default = "trainium2-vs-h100"
    return (default, *(name for name in found if name != default))


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
        return tomllib.loads(path.read_text(encoding="utf-8")), path.name
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ScenarioError(f"{path.name}: not TOML: {error}") from None


def build(document: Mapping[str, Any], origin: str) -> Scenario:
    """Scenario of a document; ``origin`` is named in errors.

    Raises
    ------
    ScenarioError
        One line with file, key, value and rule.
    """
    merged = _merged(document, origin)
    try:
        return _build(merged, origin)
    except ScenarioError:
        raise
    except (KeyError, ValueError) as error:
        raise ScenarioError(f"{origin}: {error.args[0]}") from None


def _merged(document: Mapping[str, Any], origin: str) -> dict[str, Any]:
    """The document over its base, key by key."""
    _known(document, KEYS, origin)
    _types(document, origin)
    if document.get("version", VERSION) != VERSION:
        said = f"version = {document['version']!r}"
        raise ScenarioError(f"{origin}: {said} is not known; this is version {VERSION}")
    if "base" not in document:
        return dict(document)
    try:
        below, name = read(document["base"])
    except KeyError as error:
        raise ScenarioError(f"{origin}: base: {error.args[0]}") from None
    if "base" in below:
        raise ScenarioError(f"{origin}: base {name} has a base itself")
    merged = {**below, **document}
    options = dict(below.get("options", {}))
    for key, changes in document.get("options", {}).items():
        options[key] = {**options.get(key, {}), **changes}
    merged["options"] = options
    merged["values"] = {**below.get("values", {}), **document.get("values", {})}
    return merged


def _types(document: Mapping[str, Any], origin: str) -> None:
    for key, value in document.items():
        if key in ("options", "values"):
            good = isinstance(value, dict)
        else:
            good = isinstance(value, int if key == "version" else str)
        if not good:
            kind = "a table" if key in ("options", "values") else "text"
            raise ScenarioError(f"{origin}: {key} = {value!r} must be {kind}")
    for key, value in document.get("options", {}).items():
        if not isinstance(value, dict):
            raise ScenarioError(f"{origin}: options.{key} = {value!r} must be a table")


def _build(document: Mapping[str, Any], origin: str) -> Scenario:
    lacking = [k for k in ("name", *PICKS, "options") if k not in document]
    if lacking:
        raise ScenarioError(f"{origin}: lacks {', '.join(lacking)} (or a base)")
    evidence: dict[str, Evidence] = {}
    shared = {"workload": Workload(), "llm": Architecture(), "site": Site()}
    shared["finance"] = Finance()
    for pick, group in shared.items():
        prefix = "workload.llm" if pick == "llm" else pick
        fill(group, prefix, _TABLES[pick], document[pick], evidence)
    options = {}
    for key, table in document["options"].items():
        if not key.isidentifier() or key in shared:
            raise ScenarioError(
                f"{origin}: option key {key!r} must be a plain new word"
            )
        options[key] = _option(key, table, shared["workload"], origin, evidence)
    scenario = Scenario(
        name=document["name"],
        title=document.get("title", document["name"]),
        description=document.get("description", ""),
        options=options,
        **shared,
        sizing=document.get("sizing", "match"),
        anchor=document.get("anchor", ""),
        presets={pick: document[pick] for pick in PICKS},
        evidence=evidence,
    )
    for dotted, value in document.get("values", {}).items():
        assign(scenario, dotted, value, origin)
    return scenario


def _option(
    key: str,
    table: Mapping[str, Any],
    workload: Group,
    origin: str,
    evidence: dict[str, Evidence],
) -> OptionGroups:
    """Groups of one option from its table in the document."""
    option = Option()
    choices = [n for n in option.param.objects("existing") if n != "name"]
    _known(table, ["chip", "stack", *choices], f"{origin}: options.{key}")
    if "chip" not in table:
        raise ScenarioError(f"{origin}: options.{key} lacks chip")
    groups = OptionGroups(option, Chip(), Stack())
    fill(option, key, "options", "option", evidence)
    given = {n: v for n, v in table.items() if n not in ("chip", "stack")}
    scenario_own = Evidence("scenario", source=f"scenario {origin}")
    for name, value in given.items():
        _put(option, key, name, value, evidence, scenario_own)
    use_chip(groups, key, str(table["chip"]), workload, evidence, table.get("stack"))
    if "label" not in table:
        option.label = presets.label("chips", groups.chip_name).label
    return groups


def use_chip(
    groups: OptionGroups,
    key: str,
    chip: str,
    workload: Group,
    evidence: dict[str, Evidence],
    stack: str | None = None,
) -> None:
    """Put a chip preset, with the stack that serves it, into the groups of an option.

    Raises
    ------
    KeyError
        When there is no such chip; near names are offered.
    """
    presets.preset("chips", chip)
    groups.chip, groups.chip_name = Chip(), chip
    for name in [
        n for n in evidence if n.startswith((f"{key}.chip.", f"{key}.stack."))
    ]:
        del evidence[name]
    fill(groups.chip, f"{key}.chip", "options", "chip", evidence)
    fill(groups.chip, f"{key}.chip", "chips", chip, evidence)
    groups.stack, groups.stack_name = Stack(), ""
    if workload.kind == "cpu":  # type: ignore[attr-defined]
        return
    groups.stack_name = stack or stack_for(chip, workload.kind)[0]  # type: ignore[attr-defined]
    fill(groups.stack, f"{key}.stack", "stacks", groups.stack_name, evidence)


def fill(
    group: Group, prefix: str, table: str, preset: str, evidence: dict[str, Evidence]
) -> None:
    """Fill a group from a preset: values in the declared units, evidence beside them."""
    values = {}
    declared = group.quantities()
    for name, row in presets.preset(table, preset).items():
        if name not in declared:
            continue
        evidence[f"{prefix}.{name}"] = row_evidence(row, group.unit(name))
        if row.central is not None:
            factor = units.conversion(row.unit, group.unit(name))
            values[name] = row.central * factor
    for detail in presets.details(table, preset):
        if detail.detail in group.param and detail.detail not in declared:
            values[detail.detail] = detail.text
    group.param.update(**values)


def row_evidence(row: presets.Row, unit: str) -> Evidence:
    """Evidence of a preset row, its range in ``unit``."""
    source = presets.sources().get(row.source)
    factor = units.conversion(row.unit, unit)
    status = row.status
    if source is not None and source.access == "secondhand":
        status = f"{status}, secondhand"
    return Evidence(
        status=status,
        source=source.title if source else row.source,
        url=source.url if source else "",
        date=row.date,
        note=row.note,
        low=None if row.low is None else row.low * factor,
        high=None if row.high is None else row.high * factor,
    )


def assign(scenario: Scenario, dotted: str, value: Any, origin: str) -> None:
    """Set one value of a document, with its evidence."""
    name = scenario.resolve(dotted)
    prefix, _, last = name.rpartition(".")
    own = Evidence("scenario", source=f"scenario {origin}")
    _put(scenario.groups()[prefix], prefix, last, value, scenario.evidence, own)


def _put(
    group: Group,
    prefix: str,
    name: str,
    value: Any,
    evidence: dict[str, Evidence],
    own: Evidence,
) -> None:
    """One value, plain or as a table, into a group and its evidence."""
    dotted = f"{prefix}.{name}"
    table = value if isinstance(value, dict) else {"value": value}
    _known(table, _VALUE_KEYS, dotted)
    number = table.get("value")
    if name in group.quantities():
        factor = units.conversion(table.get("unit", group.unit(name)), group.unit(name))
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise ScenarioError(
                f"{dotted} = {number!r} is not a number [{group.unit(name)}]"
            )
        setattr(group, name, float(group.checked(name, number * factor, dotted)))
        low, high = (table[k] * factor if k in table else None for k in ("low", "high"))
    else:
        known = getattr(group.param[name], "objects", None)
        if not isinstance(number, str) or (known and number not in known):
            rule = f"one of {', '.join(known)}" if known else "text"
            raise ScenarioError(f"{dotted} = {number!r} must be {rule}")
        setattr(group, name, number)
        low = high = None
    words = {
        k: str(table[k])
        for k in ("status", "source", "url", "date", "note")
        if k in table
    }
    evidence[dotted] = Evidence(**{**own.__dict__, **words, "low": low, "high": high})


def _known(found: Iterable[str], known: Iterable[str], where: str) -> None:
    for key in found:
        if key not in known:
            near = get_close_matches(key, list(known), 3, 0.4)
            hint = f"near: {', '.join(near)}" if near else f"known: {', '.join(known)}"
            raise ScenarioError(f"{where}: unknown key {key!r}; {hint}")
