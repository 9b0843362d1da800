"""Choices that bring figures along: what belongs together changes together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from breakeven.models.base import Evidence, Group

if TYPE_CHECKING:
    from breakeven.models.scenario import Scenario

Brought = dict[str, tuple[Any, Evidence]]


@dataclass(frozen=True)
class Bundles:
    """Values that come with each value of a choice, by ``<study>.<choice>``.

    A copy of a scenario shares them: they are facts and nobody changes them.
    """

    table: dict[str, dict[str, Brought]] = field(default_factory=dict)

    def __deepcopy__(self, memo: dict[int, Any]) -> Bundles:
        """The same: there is nothing to change."""
        return self

    def of(self, prefix: str, name: str) -> dict[str, Brought]:
        """What each value of a choice brings. [mixed].

        Parameters
        ----------
        prefix
            Prefix of the group of the choice. [text]
        name
            Name of the choice. [text]
        """
        return self.table.get(f"{prefix.rpartition('.')[2]}.{name}", {})


def bring(scenario: Scenario, prefix: str, name: str) -> None:
    """Give a group what the present value of one of its choices brings along. [mixed].

    What the choice replaces and does not bring is left unknown.

    Parameters
    ----------
    scenario
        The scenario, changed in place. [mixed]
    prefix
        Prefix of the group. [text]
    name
        Name of the choice. [text]

    References
    ----------
    Own definition.
    """
    group = scenario.groups()[prefix]
    if name in group.quantities():
        return
    for last in group.brought(name):
        setattr(group, last, None)
        note = f"belongs to another {name.replace('_', ' ')}: set it, or pick a preset"
        scenario.evidence[f"{prefix}.{last}"] = Evidence("absent", note=note)
    chosen = scenario.bundles.of(prefix, name).get(getattr(group, name), {})
    for last, (value, evidence) in chosen.items():
        setattr(group, last, value)
        scenario.evidence[f"{prefix}.{last}"] = evidence
        if last not in group.quantities():
            bring(scenario, prefix, last)


def followers(scenario: Scenario, prefix: str, name: str) -> tuple[str, ...]:
    """Inputs of a group that a choice may change, itself left out. [text].

    Parameters
    ----------
    scenario
        The scenario. [mixed]
    prefix
        Prefix of the group. [text]
    name
        Name of the choice. [text]

    References
    ----------
    Own definition.
    """
    group = scenario.groups()[prefix]
    found = dict.fromkeys(group.brought(name))
    for brought in scenario.bundles.of(prefix, name).values():
        for last in brought:
            found[last] = None
            if last not in group.quantities():
                found |= dict.fromkeys(followers(scenario, prefix, last))
    return tuple(found)


def admit(group: Group, name: str, dotted: str) -> None:
    """Refuse what the choices of a group rule out, by its dotted name. [choice].

    Parameters
    ----------
    group
        The group. [mixed]
    name
        Name of the input. [text]
    dotted
        Its dotted name, for the message. [text]

    Raises
    ------
    ValueError
        One line with the dotted name and the rule.

    References
    ----------
    Own definition.
    """
    try:
        group.admit(name)
    except ValueError as error:
        raise ValueError(f"{dotted}: {error}") from None


def choices_first(scenario: Scenario, names: Iterable[str]) -> list[str]:
    """Names of inputs, those of choices first: a choice may bring other values. [text].

    Parameters
    ----------
    scenario
        The scenario. [mixed]
    names
        Dotted names. [text]

    References
    ----------
    Own definition.
    """
    groups = scenario.groups()

    def place(name: str) -> int:
        prefix, _, last = name.rpartition(".")
        group = groups.get(prefix)
        declared = list(group.param.objects("existing")) if group else []
        chosen = last in declared and group and last not in group.quantities()
        return declared.index(last) if chosen else 1000

    return sorted(names, key=place)
