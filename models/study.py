"""What a study is: one decision around a scenario, with inputs of its own.

The core of a scenario says what options cost and deliver. A study adds one decision to
it (an anchor customer, a port, a second source): a group of inputs, a pure function of
them and of the core's results, and declared outputs. It goes through the same
``Scenario.evaluate()`` as everything else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from breakeven.models.base import Array, Group

if TYPE_CHECKING:
    from breakeven.models.economics import Economics
    from breakeven.models.performance import Performance
    from breakeven.models.scenario import Scenario


@dataclass(frozen=True)
class Output:
    """One result of a study: unit, label, and which axes its array has.

    Axes stand in this order: the options when ``by_option``, then the draws, then the
    positions of the output that ``axis`` names. An output that no draw changes, such as
    those positions, is ``shared`` and has no axis of draws. With ``words`` the values
    are codes, places in them: reasons why another output has no value.
    """

    unit: str
    label: str
    axis: str = ""
    by_option: bool = False
    shared: bool = False
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Context:
    """What a study may use: the scenario, inputs in base units, and the core's results.

    ``table`` holds the fields of Results by name, the option first; ``scale`` is the
    size of the unit of work in base units, ``shape`` that of the draws.
    """

    scenario: Scenario
    base: dict[str, dict[str, Any]]
    works: list[Performance]
    costs: list[Economics]
    table: dict[str, Any]
    scale: float
    shape: tuple[int, ...]

    @property
    def rises(self) -> bool:
        """Whether the use of any option rises: bills then bend more than once."""
        return any(cost.rise is not None for cost in self.costs)

    def spread(self, value: Any) -> Array:
        """A value over all draws. [unit of the value]."""
        return np.broadcast_to(np.asarray(value, float), self.shape)


Outcome = dict[str, Any]


@dataclass(frozen=True)
class Study:
    """One decision: its name, inputs, equation and outputs.

    With ``per_option`` every option has a group of its own under
    ``<option>.<name>``, else the scenario has one under ``<name>``. ``needs`` names
    other studies whose inputs it reads, ``beside`` further groups of its own.
    """

    name: str
    title: str
    group: Callable[[], Group]
    evaluate: Callable[[Context], Outcome]
    outputs: Mapping[str, Output]
    per_option: bool = False
    needs: tuple[str, ...] = ()
    beside: Mapping[str, Callable[[], Group]] = field(default_factory=dict)

    def prefixes(self, options: Mapping[str, Any]) -> Iterator[str]:
        """Prefixes of the dotted names of its inputs. [text]."""
        if self.per_option:
            yield from (f"{key}.{self.name}" for key in options)
        else:
            yield self.name
            yield from self.beside

    def made(self, prefix: str) -> Group:
        """A new group for one of the prefixes. [mixed]."""
        return self.beside.get(prefix, self.group)()


@dataclass(frozen=True)
class Finding:
    """Outputs of one study, as arrays that know their unit, label and axis."""

    arrays: Mapping[str, Any]
    outputs: Mapping[str, Output] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        """Array of one output."""
        return self.arrays[name]

    def mapped(self, change: Callable[[Any, Output], Any]) -> Finding:
        """The same outputs, each array changed by a function of it. [mixed].

        Parameters
        ----------
        change
            Gives the new array from the old one and its declaration. [mixed]
        """
        found = {n: change(a, self.outputs[n]) for n, a in self.arrays.items()}
        return Finding(found, self.outputs)


def found(study: Study, context: Context) -> Finding:
    """Outputs of a study, checked against what it declares. [mixed].

    Parameters
    ----------
    study
        The study. [choice]
    context
        What it may use. [mixed]

    Raises
    ------
    ValueError
        When it leaves out an output or returns one that it does not declare.

    References
    ----------
    Own definition.
    """
    outcome = study.evaluate(context)
    odd = set(outcome) ^ set(study.outputs)
    if odd:
        raise ValueError(f"study {study.name}: outputs {sorted(odd)} are not declared")
    return Finding({n: outcome[n] for n in study.outputs}, study.outputs)


def first_draw(array: Any, output: Output) -> Any:
    """The present inputs of a sweep that starts with them. [unit of the output].

    Parameters
    ----------
    array
        Values over the draws of a one-dimensional sweep. [unit of the output]
    output
        Their declaration. [choice]

    References
    ----------
    Own definition.
    """
    if output.shared:
        return array
    return array[:, 0] if output.by_option else array[0]


def joined(parts: list[Finding]) -> Finding:
    """Findings of pieces of the draws as one. [mixed].

    Parameters
    ----------
    parts
        Findings in the order of the pieces. [mixed]

    References
    ----------
    Own definition.
    """
    first, arrays = parts[0], {}
    for name, output in first.outputs.items():
        values = [part[name] for part in parts]
        axis = 1 if output.by_option else 0
        arrays[name] = values[0] if output.shared else np.concatenate(values, axis=axis)
    return Finding(arrays, first.outputs)
