"""Axes of a sweep: a range of a number, or a list of numbers, choices or presets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from breakeven import presets
from breakeven.explorer.session import Session
from breakeven.models.base import unknown_name
from breakeven.models.scenario import Scenario

Array = NDArray[np.float64]

MOST = 10_000_000  # values on one axis; they are held in memory
# Pickers of the page: the table of presets behind each.
_PICKED = {
    "workload": "workloads",
    "llm": "llms",
    "site": "sites",
    "finance": "finance",
}


@dataclass(frozen=True)
class Axis:
    """Values of one input, in its unit, or names of choices."""

    name: str
    values: Array | tuple[str, ...]

    @property
    def numeric(self) -> bool:
        """Whether it is a number, which one evaluation takes as an array."""
        return not isinstance(self.values, tuple)

    @property
    def size(self) -> int:
        """Number of values."""
        return len(self.values)


def axis(text: str, scenario: Scenario) -> Axis:
    """Axis written `NAME=LO:HI:N[:log]` or `NAME=A,B,...`.

    Raises
    ------
    KeyError
        When no input, choice or picker has the name; near names are offered.
    ValueError
        When it does not read so, or a logarithmic axis touches zero.
    """
    name, sign, span = (part.strip() for part in text.partition("="))
    if not sign or not name or not span:
        raise ValueError(f"--over {text!r} must read NAME=LO:HI:N[:log] or NAME=A,B")
    table = _table(name, scenario)
    if table is None and _is_number(name, scenario):
        return Axis(name, _numbers(name, span) if "," in span else _range(name, span))
    values = tuple(part.strip() for part in span.split(","))
    if ":" in span:
        raise ValueError(
            f"{name} is a choice, not a number: list values as {name}=A,B, not {span!r}"
        )
    if len(set(values)) < len(values):
        raise ValueError(f"{name}: a value is listed twice in {span!r}")
    if table is not None:
        for value in values:
            presets.preset(table, value)
    return Axis(name, values)


def axes(texts: Sequence[str], scenario: Scenario) -> tuple[Axis, ...]:
    """Axes of a sweep, each input on one of them only.

    Raises
    ------
    KeyError, ValueError
        As :func:`axis`, and when two axes are the same input.
    """
    found = tuple(axis(text, scenario) for text in texts)
    names = [
        scenario.resolve(item.name) if item.numeric else item.name for item in found
    ]
    if len(set(names)) < len(names):
        raise ValueError("an axis is given twice")
    return found


def variant(scenario: Scenario, choices: dict[str, str]) -> Scenario:
    """The scenario with other presets or choices, as the page would set them.

    Raises
    ------
    ValueError
        When one of them is refused.
    """
    if not choices:
        return scenario
    session = Session(scenario)
    for name, said in session.visit(choices).items():
        raise ValueError(said if said.startswith(name) else f"{name}: {said}")
    return session.scenario


def _table(name: str, scenario: Scenario) -> str | None:
    """Table of presets that a name picks from, None for an input."""
    if name in _PICKED:
        return _PICKED[name]
    key, _, last = name.rpartition(".")
    return "chips" if last == "chip" and key in scenario.options else None


def _is_number(name: str, scenario: Scenario) -> bool:
    """Whether a name is a quantity rather than a choice."""
    if name in ("sizing", "anchor"):
        return False
    try:
        prefix, _, last = scenario.resolve(name).rpartition(".")
    except KeyError:
        chips = (f"{key}.chip" for key in scenario.options)
        raise unknown_name(
            "input", name, [*scenario.names(), *_PICKED, *chips]
        ) from None
    return last in scenario.groups()[prefix].quantities()


def _numbers(name: str, span: str) -> Array:
    try:
        values = np.array([float(part) for part in span.split(",")])
    except ValueError:
        raise ValueError(f"{name} = {span!r} must be numbers apart by commas") from None
    if np.unique(values).size < values.size:
        raise ValueError(f"{name}: a value is listed twice in {span!r}")
    return values


def _range(name: str, span: str) -> Array:
    """Values of `LO:HI:N[:log]`; a lone number is an axis of one value."""
    parts = span.split(":")
    rule = f"--over {f'{name}={span}'!r} must read NAME=LO:HI:N[:log] or NAME=A,B"
    if len(parts) not in (1, 3, 4) or parts[3:] not in ([], ["log"]):
        raise ValueError(rule)
    try:
        low, high = float(parts[0]), float(parts[min(1, len(parts) - 1)])
        number = int(parts[2]) if len(parts) > 1 else 1
    except ValueError:
        raise ValueError(rule) from None
    if number > MOST:
        raise ValueError(
            f"{name}: {number:,} values on one axis are more than {MOST:,}"
        )
    if number < 1 or not np.isfinite([low, high]).all():
        raise ValueError(f"{rule}: N is at least 1, LO and HI are finite")
    if low > high:
        raise ValueError(f"{name}: low {low:g} is above high {high:g}")
    if parts[3:] and low <= 0:
        raise ValueError(f"{name}: a logarithmic axis starts above 0, not at {low:g}")
    space = np.geomspace if parts[3:] else np.linspace
    return np.asarray(space(low, high, number), float)
