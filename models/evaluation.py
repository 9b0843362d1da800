"""The way through the door: overrides checked, converted once, compared in pieces."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from numpy.typing import ArrayLike

from breakeven.models import chunks, studies, units
from breakeven.models.base import Array, Group, check_rules
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
    arrays = _checked(groups, given)
    fixed = {prefix: group.base() for prefix, group in groups.items()}

    def results(piece: Mapping[str, Array]) -> Results:
        base = {prefix: dict(values) for prefix, values in fixed.items()}
        for dotted, value in piece.items():
            prefix, _, last = dotted.rpartition(".")
            base[prefix][last] = value * units.factor(groups[prefix].unit(last))
        return compare(scenario, base, sizing, anchor, curves=curves, asked=asked)

    # months and studies multiply what a row takes, so that fewer fit the cache
    most = chunks.PLAIN if curves == "cost" and not asked else chunks.CHUNK
    return chunks.joined(chunks.mapped(results, chunks.pieces(arrays, most)))


def _checked(
    groups: Mapping[str, Group], given: Mapping[str, ArrayLike]
) -> dict[str, Array]:
    """Overrides as arrays in declared units, refused when one breaks a rule."""
    split: dict[str, dict[str, ArrayLike]] = {prefix: {} for prefix in groups}
    arrays = {}
    for dotted, value in given.items():
        prefix, _, last = dotted.rpartition(".")
        if last not in groups[prefix].quantities():
            raise ValueError(f"{dotted} is a choice, not a number: set it on a copy")
        arrays[dotted] = groups[prefix].checked(last, value, dotted)
        split[prefix][last] = arrays[dotted]
    check_rules(groups, split)
    return arrays


def _used(
    scenario: Scenario, given: Mapping[str, Any], asked: Iterable[str]
) -> dict[str, Group]:
    """Groups to convert: the core, those of the studies asked for, and of overrides."""
    prefixes = studies.used(scenario.options, asked, given)
    more = {p: group for p, group in scenario.studied.items() if p in prefixes}
    return scenario.core() | more
