"""Groups filled from presets and from the values of a document, with their evidence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Any

from breakeven import presets
from breakeven.models import units
from breakeven.models.base import Evidence, Group
from breakeven.models.choices import bring
from breakeven.models.inputs import PRECISIONS, Chip, Workload
from breakeven.models.llm import Architecture
from breakeven.models.scenario import OptionGroups, Scenario
from breakeven.models.throughput import Stack
from breakeven.presets.stacks import PHASES, stack_for

# What a planner decides is not uncertain: its range is shown, not drawn from.
_DECIDED = frozenset(
    "ttft_limit interactivity deployment_period committed_share idle_billed "
    "count spare_share tax_rate bonus_share power_cap budget ramp quarters least_share "
    "most_share late short price_rise gross_margin ramp_period ramp_start".split()
)
# Facts that are shown for what they are; no result depends on them.
_IDLE = frozenset("chips_per_server".split())
# A fit knows the whole far better than its parts, whose ranges are correlated; for a
# stack, `realised_share` carries the interval of the whole rate.
_FITTED = ("stacks", "power_load")
_VALUE_KEYS = "value unit low high status source url date note drawn".split()


class ScenarioError(ValueError):
    """A scenario document that breaks a rule: one line with file, key and rule."""


def use_chip(
    groups: OptionGroups,
    key: str,
    chip: str,
    workload: Workload,
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
    fill(groups.chip, f"{key}.chip", "power_load", "accelerator", evidence)
    fill(groups.chip, f"{key}.chip", "chips", chip, evidence)
    groups.stack, groups.stack_name, groups.borrowed = Stack(), "", ""
    if workload.kind == "cpu":
        return
    groups.stack_name = stack or stack_for(chip, workload.kind)[0]
    fill(groups.stack, f"{key}.stack", "stacks", groups.stack_name, evidence)
    groups.formats = stack_formats(groups.stack_name)
    if groups.stack_name != f"{chip}_{PHASES[workload.kind]}":
        _borrow(groups, f"{key}.stack.realised_share", evidence)
    for name, (value, found) in groups.formats[groups.option.precision].items():
        setattr(groups.stack, name, value)
        evidence[f"{key}.stack.{name}"] = found


def _borrow(groups: OptionGroups, share: str, evidence: dict[str, Evidence]) -> None:
    """Say wherever the whole rate is explained that it was measured on other chips."""
    name = _label(groups.chip_name)
    owner = groups.stack_name.rpartition("_")[0]
    owner = _label(owner) if owner in presets.names("chips") else "its class"
    groups.borrowed = (
        f"no public measurement of {name}: efficiency borrowed from {owner}"
    )
    for form in groups.formats.values():
        if "realised_share" in form:
            value, found = form["realised_share"]
            form["realised_share"] = value, replace(found, note=groups.borrowed)
    evidence[share] = replace(evidence[share], note=groups.borrowed)


def _label(chip: str) -> str:
    """Name of a chip as a reader knows it."""
    return presets.label("chips", chip).label


def stack_formats(stack: str) -> dict[str, dict[str, tuple[float, Evidence]]]:
    """What each number format changes in a stack: values with evidence, by format.

    Rows such as ``compute_efficiency_bf16`` hold it; a format without such rows has
    the ones without a suffix.
    """
    rows = presets.preset("stacks", stack)
    changed = {
        name.removesuffix(f"_{precision}")
        for name in rows
        for precision in PRECISIONS
        if name.endswith(f"_{precision}")
    }
    return {
        precision: {
            name: _stack_value(rows.get(f"{name}_{precision}", rows[name]), name)
            for name in changed
        }
        for precision in PRECISIONS
    }


def _stack_value(row: presets.Row, name: str) -> tuple[float, Evidence]:
    """Value and evidence of one row of a stack, under the name of its quantity."""
    unit = Stack.unit(name)
    found = replace(row_evidence(row, unit), drawn=name == "realised_share")
    return (row.central or 0.0) * units.conversion(row.unit, unit), found


def fill(
    group: Group, prefix: str, table: str, preset: str, evidence: dict[str, Evidence]
) -> None:
    """Fill a group from a preset: values in declared units, evidence beside them."""
    values = {}
    declared = group.quantities()
    for name, row in presets.preset(table, preset).items():
        if name not in declared:
            continue
        found = row_evidence(row, group.unit(name))
        part = table in _FITTED and name != "realised_share"
        if part or name in _DECIDED:
            found = replace(found, drawn=False)
        evidence[f"{prefix}.{name}"] = found
        if row.central is not None:
            factor = units.conversion(row.unit, group.unit(name))
            values[name] = row.central * factor
    for detail in presets.details(table, preset):
        if detail.detail in group.param and detail.detail not in declared:
            values[detail.detail] = detail.text
    group.param.update(**values)


def put_model(scenario: Scenario, name: str, shape: Architecture, file: str) -> None:
    """Make a model that of a scenario; every figure of it says which file it is from.

    The scenario keeps the name of its preset, so that it can still be written down as
    what differs from that.
    """
    today = datetime.now(UTC).date().isoformat()
    found = Evidence("edited", file, date=today, note=f"configuration of {name}")
    scenario.llm = shape
    for quantity in shape.quantities():
        scenario.evidence[f"workload.llm.{quantity}"] = found


def mark_unused(scenario: Scenario) -> None:
    """Say of every input that no preset and no document sets what its value means."""
    for dotted, item in scenario.inputs().items():
        found = item.evidence
        if dotted.rpartition(".")[2] in _IDLE and item.value is not None:
            note = f"plays no part in the results. {found.note}".strip()
            source = found.source or "Breakeven"
            scenario.evidence[dotted] = replace(
                found, status="unused", source=source, note=note
            )
            continue
        if found.status != "default" or item.unit == "choice":
            continue
        if dotted.endswith(".count"):
            note = f"follows from {scenario.anchor}.count: the options do the same work"
        else:
            note = "plays no part in this scenario"
        scenario.evidence[dotted] = Evidence("unused", "Breakeven", note=note)


def row_evidence(row: presets.Row, unit: str) -> Evidence:
    """Evidence of a preset row, its range in ``unit``; a row may rest on several."""
    known = presets.sources()
    documents = [known[key] for key in (row.source, *row.further_sources)]
    factor = units.conversion(row.unit, unit)
    status = row.status
    if any(document.access == "secondhand" for document in documents):
        status = f"{status}, secondhand"
    return Evidence(
        status=status,
        source="; ".join(document.title for document in documents) or row.source,
        url=next((document.url for document in documents if document.url), ""),
        date=row.date,
        note=row.note,
        low=None if row.low is None else row.low * factor,
        high=None if row.high is None else row.high * factor,
    )


def assign(scenario: Scenario, dotted: str, value: Any, origin: str) -> None:
    """Set one value of a document, with its evidence."""
    name = scenario.resolve(dotted)
    prefix, _, last = name.rpartition(".")
    own = scenario_evidence(origin)
    put(scenario.groups()[prefix], prefix, last, value, scenario.evidence, own)
    if last == "precision":
        scenario.use_format(prefix)
    bring(scenario, prefix, last)


def scenario_evidence(origin: str) -> Evidence:
    """Evidence of a value that a scenario chooses rather than finds."""
    return Evidence("scenario", source=f"scenario {origin}")


def put(
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
    known_keys(table, _VALUE_KEYS, dotted)
    number = table.get("value")
    if name in group.quantities():
        found, low, high = _numbers(dotted, table, group.unit(name))
        if found is not None:
            found = float(group.checked(name, found, dotted))
            group.admit(name)
        setattr(group, name, found)
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
    evidence[dotted] = replace(
        own,
        **words,
        low=low,
        high=high,
        drawn=bool(table.get("drawn", name not in _DECIDED)),
    )


def _numbers(
    dotted: str, table: dict[str, Any], unit: str
) -> tuple[float | None, float | None, float | None]:
    """Value, low and high of a table in ``unit``; no value where it is absent."""
    factor = _factor(dotted, table, unit)
    if table.get("status") == "absent" and "value" not in table:
        return None, None, None
    found: list[float | None] = []
    for key in ("value", "low", "high"):
        number = table.get(key)
        if key != "value" and number is None:
            found.append(None)
            continue
        said = dotted if key == "value" else f"{dotted}.{key}"
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise ScenarioError(f"{said} = {number!r} is not a number [{unit}]")
        try:
            found.append(float(number) * factor)
        except OverflowError:
            raise ScenarioError(f"{said} is too large for a number") from None
    value, low, high = found
    if value is not None and None not in (low, high) and not low <= value <= high:  # type: ignore[operator]
        rule = f"low {low:g} <= value <= high {high:g} must hold"
        raise ScenarioError(f"{dotted} = {value:g}: {rule}")
    return value, low, high


def _factor(dotted: str, table: dict[str, Any], unit: str) -> float:
    """Factor from the unit that a document gives to the declared one."""
    try:
        return units.conversion(str(table.get("unit", unit)), unit)
    except ValueError as error:
        raise ScenarioError(f"{dotted} = {table.get('value')!r}: {error}") from None


def known_keys(found: Iterable[str], known: Iterable[str], where: str) -> None:
    """Refuse a key that is not known, with the nearest that are."""
    for key in found:
        if key not in known:
            near = get_close_matches(key, list(known), 3, 0.4)
            hint = f"near: {', '.join(near)}" if near else f"known: {', '.join(known)}"
            raise ScenarioError(f"{where}: unknown key {key!r}; {hint}")
