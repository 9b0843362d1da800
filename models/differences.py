"""Two scenarios side by side: which inputs differ, and what each does to the answer.

What an input contributes is its Shapley value: the mean, over all orders in which the
differing inputs could be changed one after the other, of what its change does. The
contributions add up to the difference of the answers exactly, and no order is favoured.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import factorial
from typing import Any

import numpy as np

from breakeven.models.answers import answered
from breakeven.models.base import Array
from breakeven.models.scenario import Scenario, settable

MOST = 8  # players of the game: 2^8 evaluations
_RULES = ("sizing", "anchor")
_TABLES = ("load", "resale")  # of an option, beside its groups


@dataclass(frozen=True)
class Difference:
    """One input that differs, by its name in the first scenario."""

    name: str
    before: Any
    after: Any
    unit: str


@dataclass(frozen=True)
class Part:
    """Inputs that are changed together, and what they contribute to the answer."""

    label: str
    names: tuple[str, ...]
    value: float


@dataclass(frozen=True)
class Comparison:
    """Answers of two scenarios, inputs that differ, and their contributions.

    ``parts`` is empty when some mixture of the two has no answer.
    """

    answer: str
    before: float
    after: float
    differences: tuple[Difference, ...]
    parts: tuple[Part, ...]


def differences(first: Scenario, second: Scenario) -> tuple[Difference, ...]:
    """Inputs and tables that differ; options are matched by position. [mixed].

    Parameters
    ----------
    first, second
        The scenarios. [mixed]

    Raises
    ------
    ValueError
        When they have not as many options.

    References
    ----------
    Own definition.
    """
    mine, others = first.groups(), _aligned(first, second)
    found = []
    for prefix, group in mine.items():
        for name in settable(group):
            before, after = getattr(group, name), getattr(others[prefix], name)
            if before != after:
                unit = (group.param[name].metadata or {}).get("unit", "choice")
                found.append(Difference(f"{prefix}.{name}", before, after, unit))
    for theirs, key in _keys(first, second).items():
        for name in _TABLES:
            before = getattr(first.options[key], name)
            after = getattr(second.options[theirs], name)
            if before != after:
                found.append(Difference(f"{key}.{name}", before, after, "table"))
    anchor = _keys(first, second)[second.anchor]
    if first.sizing != second.sizing:
        found.append(Difference("sizing", first.sizing, second.sizing, "choice"))
    if first.anchor != anchor:
        found.append(Difference("anchor", first.anchor, anchor, "choice"))
    return tuple(found)


def compared(
    first: Scenario, second: Scenario, answer: str = "ratio", option: str = ""
) -> Comparison:
    """Answers of two scenarios and what leads from one to the other. [mixed].

    Up to eight differing inputs each count alone; more are taken together by group,
    such as a chip, and, if there are still more, by option.

    Parameters
    ----------
    first, second
        The scenarios. [mixed]
    answer
        One of ``answers.ANSWERS``. [text]
    option
        Option of the first scenario that is asked about; its first by default. [text]

    Raises
    ------
    KeyError
        When there is no such answer or option.
    ValueError
        When the scenarios have not as many options.

    References
    ----------
    L. S. Shapley, "A value for n-person games," Contributions to the Theory of Games
    II, Princeton University Press, 1953.
    """
    option = option or next(iter(first.options))
    listed = differences(first, second)
    told = [item for item in listed if not item.name.endswith(".label")]
    players = _players([item.name for item in told])
    values = _values(first, {i.name: i.after for i in told}, players, answer, option)
    before, after = float(values[0]), float(values[-1])
    parts: list[Part] = []
    if np.isfinite(values).all():
        for (label, names), value in zip(
            players.items(), _shapley(values), strict=True
        ):
            parts.append(Part(label, names, float(value)))
    parts.sort(key=lambda part: -abs(part.value))
    return Comparison(answer, before, after, listed, tuple(parts))


def _keys(first: Scenario, second: Scenario) -> dict[str, str]:
    """Key of each option of the second scenario in the first, by position."""
    if len(first.options) != len(second.options):
        counts = f"{len(first.options)} and {len(second.options)}"
        raise ValueError(f"scenarios with {counts} options cannot be compared")
    return dict(zip(second.options, first.options, strict=True))


def _aligned(first: Scenario, second: Scenario) -> dict[str, Any]:
    """Groups of the second scenario by the prefixes of the first."""
    keys = _keys(first, second)
    found = {}
    for prefix, group in second.groups().items():
        head, dot, rest = prefix.partition(".")
        found[f"{keys.get(head, head)}{dot}{rest}"] = group
    return found


def _players(names: list[str]) -> dict[str, tuple[str, ...]]:
    """Inputs that are changed together: alone, by group, or by option."""
    for cut in (_alone, _group, _option):
        found: dict[str, tuple[str, ...]] = {}
        for name in names:
            found[cut(name)] = (*found.get(cut(name), ()), name)
        if len(found) <= MOST:
            return found
    return {"all": tuple(names)}


def _alone(name: str) -> str:
    return name


def _group(name: str) -> str:
    return "sizing" if name in _RULES else name.rpartition(".")[0]


def _option(name: str) -> str:
    return "sizing" if name in _RULES else name.partition(".")[0]


def _values(
    first: Scenario,
    after: dict[str, Any],
    players: dict[str, tuple[str, ...]],
    answer: str,
    option: str,
) -> Array:
    """Answer of every mixture: bit ``i`` says whether player ``i`` has changed."""
    mixed = first.copy()
    groups = mixed.groups()
    before = {n: _read(first, n) for n in after}
    sets = list(players.values())
    values = np.full(2 ** len(sets), np.nan)
    present = 0
    for step in range(values.size):
        mask = step ^ (step >> 1)  # Gray code: one player a step
        for i, names in enumerate(sets):
            if (mask ^ present) >> i & 1:
                source = after if mask >> i & 1 else before
                for name in names:
                    _write(mixed, groups, name, source[name])
        present = mask
        try:
            results = mixed.evaluate(curves=False)
        except ValueError:  # inputs that contradict each other
            continue
        values[mask] = float(answered(results, answer, option))
    return values


def _read(scenario: Scenario, name: str) -> Any:
    if name in _RULES:
        return getattr(scenario, name)
    prefix, _, last = name.rpartition(".")
    if last in _TABLES and prefix in scenario.options:
        return getattr(scenario.options[prefix], last)
    return getattr(scenario.groups()[prefix], last)


def _write(scenario: Scenario, groups: dict[str, Any], name: str, value: Any) -> None:
    if name in _RULES:
        setattr(scenario, name, value)
        return
    prefix, _, last = name.rpartition(".")
    if last in _TABLES and prefix in scenario.options:
        setattr(scenario.options[prefix], last, value)
        return
    setattr(groups[prefix], last, value)


def _shapley(values: Array) -> Array:
    """Shapley value of each player from the worth of every coalition."""
    count = int(values.size).bit_length() - 1
    masks = np.arange(values.size)
    sizes = np.array([int(mask).bit_count() for mask in masks])
    weights = np.array(
        [
            factorial(s) * factorial(count - s - 1) / factorial(count)
            for s in range(count)
        ]
    )
    found = np.zeros(count)
    for i in range(count):
        without = masks[(masks >> i & 1) == 0]
        gain = values[without | (1 << i)] - values[without]
        found[i] = float((weights[sizes[without]] * gain).sum())
    return found
