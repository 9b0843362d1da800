"""The way through the door: overrides checked, converted once, compared in pieces."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from numpy.typing import ArrayLike

from breakeven.models import chunks, studies
from breakeven.models.base import Group, check_rules
from breakeven.models.comparison import compare
from breakeven.models.results import Curves, Results

if TYPE_CHECKING:
    from breakeven.models.scenario import Scenario


def evaluated(
    scenario: Scenario,
    overrides: Mapping[str, ArrayLike],
    *,
    curves: Curves,
    asked: tuple[str, ...],
) -> Results:
    """Results of a scenario, some inputs replaced by arrays. [mixed].

    Parameters
    ----------
    scenario
        The scenario; it is not changed. [mixed]
    overrides
        Arrays in declared units by dotted name; they broadcast together. [mixed]
    curves
        Whether to keep the curves by month and by volume, or those by month. [1]
    asked
        Studies whose outputs are wanted. [text]

    Raises
    ------
    KeyError
        When an override names no input, or there is no such study.
    ValueError
        When a value is out of bounds, not finite, or overrides do not broadcast.

    References
    ----------
    Own definition.
    """
    given = {scenario.resolve(name): value for name, value in overrides.items()}
    sizing, anchor = scenario.sized(given)
    groups = _used(scenario, given, asked)

    def results(piece: Mapping[str, ArrayLike]) -> Results:
        split: dict[str, dict[str, ArrayLike]] = {prefix: {} for prefix in groups}
        for dotted, value in piece.items():
            prefix, _, last = dotted.rpartition(".")
            if last not in groups[prefix].quantities():
                raise ValueError(
                    f"{dotted} is a choice, not a number: set it on a copy"
                )
            split[prefix][last] = groups[prefix].checked(last, value, dotted)
        check_rules(groups, split)
        base = {prefix: group.base(split[prefix]) for prefix, group in groups.items()}
        return compare(scenario, base, sizing, anchor, curves=curves, asked=asked)

    return chunks.joined(chunks.mapped(results, chunks.pieces(given)))


def _used(
    scenario: Scenario, given: Mapping[str, Any], asked: Iterable[str]
) -> dict[str, Group]:
    """Groups to convert: the core, those of the studies asked for, and of overrides."""
    prefixes = studies.used(scenario.options, asked, given)
    more = {p: group for p, group in scenario.studied.items() if p in prefixes}
    return scenario.core() | more
