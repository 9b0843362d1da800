"""Fleet documents: a TOML file (or a ready one) and the fleet it describes."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from breakeven import presets
from breakeven.explorer import documents
from breakeven.explorer.filling import (
    ScenarioError,
    fill,
    known_keys,
    put,
    scenario_evidence,
    use_chip,
)
from breakeven.explorer.fleets import FleetPlan, Line, Member, of_scenario
from breakeven.models.base import Evidence, Group
from breakeven.models.fleet_inputs import Delivery, FleetCaps, Market, Rules
from breakeven.models.inputs import Chip, Finance, Option, Site, Workload
from breakeven.models.llm import Architecture
from breakeven.models.scenario import OptionGroups, settable
from breakeven.models.throughput import Stack

KEYS = (
    "version name title description site finance objective reference fleet chips "
    "workloads vendors values"
).split()
NEEDED = ("name", "site", "finance", "chips", "workloads")


def fleet_folder() -> Path:
    """Folder of the ready fleets."""
    return Path(presets.__file__).parent / "fleets"


def fleet_names() -> tuple[str, ...]:
    """Names of the ready fleets."""
    return tuple(sorted(path.stem for path in fleet_folder().glob("*.toml")))


def read(source: str | Path) -> tuple[dict[str, Any], str]:
    """Document of a ready fleet, a scenario or a file, and what to call it in errors.

    Raises
    ------
    KeyError
        When it is none of them; near names are offered.
    ScenarioError
        When the file is not TOML.
    """
    path = Path(source)
    if str(source) in fleet_names():
        path = fleet_folder() / f"{source}.toml"
    elif str(source) in documents.scenario_names() or path.is_file():
        return documents.read(source)
    else:
        known = [*fleet_names(), *documents.scenario_names()]
        near = get_close_matches(str(source), known, 3, 0.4) or list(fleet_names())
        said = f"{source!r} is neither a fleet, a scenario nor a file"
        raise KeyError(f"{said}; near: {', '.join(near)}")
    return tomllib.loads(path.read_text(encoding="utf-8")), path.name


def is_scenario(document: Mapping[str, Any]) -> bool:
    """Whether a document is one of a scenario rather than of a fleet."""
    return "options" in document or "base" in document


def load_fleet(source: str | Path, objective: str = "") -> FleetPlan:
    """Fleet of a ready name, of a file, or of the options of a scenario.

    Raises
    ------
    KeyError
        When it is none of them; near names are offered.
    ScenarioError
        When the file breaks a rule: one line with file, key, value and rule.
    """
    document, origin = read(source)
    if is_scenario(document):
        return of_scenario(documents.build(document, origin), objective)
    if objective:
        document["objective"] = objective
    return build(document, origin)


def build(document: Mapping[str, Any], origin: str) -> FleetPlan:
    """Fleet of a document; ``origin`` is named in errors.

    Raises
    ------
    ScenarioError
        One line with file, key, value and rule.
    """
    try:
        return _build(document, origin)
    except (KeyError, ValueError) as error:
        said = str(error.args[0])
        if not said.startswith(f"{origin}:"):
            said = f"{origin}: {said}"
        raise ScenarioError(said) from None


def _build(document: Mapping[str, Any], origin: str) -> FleetPlan:
    _checked(document, origin)
    evidence: dict[str, Evidence] = {}
    site, finance, caps = Site(), Finance(), FleetCaps()
    fill(site, "site", "sites", document["site"], evidence)
    fill(finance, "finance", "finance", document["finance"], evidence)
    fill(caps, "fleet", "study_fleet", "default", evidence)
    _put_all(caps, "fleet", document.get("fleet", {}), evidence, origin)
    lines = {
        key: _line(key, table, evidence, origin)
        for key, table in document["workloads"].items()
    }
    kinds = dict.fromkeys(line.workload.kind for line in lines.values())
    members = {
        key: _member(key, table, list(kinds), evidence, origin)
        for key, table in document["chips"].items()
    }
    plan = FleetPlan(
        name=str(document["name"]),
        title=str(document.get("title", document["name"])),
        description=str(document.get("description", "")),
        objective=str(document.get("objective", "margin")),
        reference=str(document.get("reference", next(reversed(members), ""))),
        site=site,
        finance=finance,
        caps=caps,
        members=members,
        lines=lines,
        evidence=evidence,
    )
    plan.vendors = _vendors(plan, document.get("vendors", {}), origin)
    for dotted, value in document.get("values", {}).items():
        prefix, _, last = plan.resolve(dotted).rpartition(".")
        own = scenario_evidence(origin)
        put(plan.groups()[prefix], prefix, last, value, evidence, own)
    return plan


def _checked(document: Mapping[str, Any], origin: str) -> None:
    """Refuse a document that lacks a key, or has one that it should not have."""
    known_keys(document, KEYS, origin)
    lacking = [key for key in NEEDED if key not in document]
    if lacking:
        raise ScenarioError(f"{origin}: lacks {', '.join(lacking)}")
    for key in ("chips", "workloads", "vendors", "fleet", "values"):
        if not isinstance(document.get(key, {}), dict):
            raise ScenarioError(f"{origin}: {key} must be a table")


def _put_all(
    group: Group,
    prefix: str,
    values: Mapping[str, Any],
    evidence: dict[str, Evidence],
    origin: str,
) -> None:
    """Values of a table of the document into a group."""
    known_keys(values, settable(group), f"{origin}: {prefix}")
    for name, value in values.items():
        put(group, prefix, name, value, evidence, scenario_evidence(origin))


def _line(
    key: str, table: Mapping[str, Any], evidence: dict[str, Evidence], origin: str
) -> Line:
    """One workload with its model and market."""
    _table(key, table, ("workload", "llm"), f"{origin}: workloads")
    found = Line(
        Workload(), Architecture(), Market(), str(table.get("label", "")), False
    )
    prefix = f"workloads.{key}"
    fill(found.workload, prefix, "workloads", table["workload"], evidence)
    fill(found.llm, f"{prefix}.llm", "llms", table["llm"], evidence)
    market = {n: v for n, v in table.items() if n in settable(found.market)}
    rest = {
        n: v
        for n, v in table.items()
        if n not in ("workload", "llm", "label") and n not in market
    }
    _put_all(found.market, f"{prefix}.market", market, evidence, origin)
    _put_all(found.workload, prefix, rest, evidence, origin)
    found.asked = "demand" in table
    found.label = found.label or presets.label("workloads", table["workload"]).label
    return found


def _member(
    key: str,
    table: Mapping[str, Any],
    kinds: list[str],
    evidence: dict[str, Evidence],
    origin: str,
) -> Member:
    """One chip with a stack for each kind of work."""
    _table(key, table, ("chip",), f"{origin}: chips")
    prefix, option, delivery = f"chips.{key}", Option(), Delivery()
    fill(option, prefix, "options", "option", evidence)
    own = {n: v for n, v in table.items() if n in settable(delivery)}
    rest = {n: v for n, v in table.items() if n != "chip" and n not in own}
    _put_all(option, prefix, rest, evidence, origin)
    _put_all(delivery, f"{prefix}.allocation", own, evidence, origin)
    groups, stacks, borrowed = OptionGroups(option, Chip(), Stack()), {}, []
    for kind in kinds:
        said: dict[str, Evidence] = {}
        use_chip(groups, prefix, table["chip"], Workload(kind=kind), said)
        for name, item in said.items():
            before, _, last = name.rpartition(".")
            stack = before == f"{prefix}.stack"
            evidence[f"{before}_{kind}.{last}" if stack else name] = item
        if kind != "cpu":
            stacks[kind] = groups.stack
        borrowed += [groups.borrowed] if groups.borrowed else []
    if "label" not in table:
        option.label = presets.label("chips", table["chip"]).label
    name = str(table["chip"])
    return Member(option, groups.chip, stacks, delivery, name, tuple(borrowed))


def _table(key: str, table: Any, needed: tuple[str, ...], where: str) -> None:
    """Refuse an entry that is no table, lacks a key, or has an odd name."""
    if not isinstance(table, dict):
        raise ScenarioError(f"{where}.{key} = {table!r} must be a table")
    if not key.isidentifier():
        raise ScenarioError(f"{where}: {key!r} must be a plain word")
    for name in needed:
        if not isinstance(table.get(name), str):
            raise ScenarioError(f"{where}.{key} lacks {name}, the name of a preset")


def _vendors(
    plan: FleetPlan, tables: Mapping[str, Any], origin: str
) -> dict[str, Rules]:
    """Rules of each vendor of the fleet."""
    every = list(dict.fromkeys(member.vendor for member in plan.members.values()))
    known_keys(tables, every, f"{origin}: vendors")
    found = {key: Rules() for key in every}
    for key, table in tables.items():
        if not isinstance(table, dict):
            raise ScenarioError(f"{origin}: vendors.{key} must be a table")
        _put_all(found[key], f"vendors.{key}", table, plan.evidence, origin)
    return found
