"""Distributions and correlations as a scenario file writes them, and back.

A value may say ``dist = "triangular"`` with ``minimum, mode, maximum``; ``pert``
likewise; ``uniform`` with ``minimum, maximum``; ``lognormal`` with ``median, sigma``;
``table`` with ``probabilities, values``. Any of them but the table takes ``low`` and
``high``, its P10 and P90, instead. All are in the unit of the value.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields
from difflib import get_close_matches
from itertools import pairwise
from typing import Any

from breakeven.explorer.filling import ScenarioError
from breakeven.models import units
from breakeven.models.distributions import (
    SCORE,
    Bounded,
    Distribution,
    Lognormal,
    Pert,
    Table,
    Triangular,
    Uniform,
    distribution,
)
from breakeven.models.ranges import distributions, ends
from breakeven.models.sampling import correlation_matrix
from breakeven.models.scenario import Scenario

_CLASSES: dict[str, type[Distribution]] = {
    "triangular": Triangular,
    "pert": Pert,
    "uniform": Uniform,
    "lognormal": Lognormal,
    "table": Table,
}
_PURE = ("sigma", "probabilities")  # parameters without the unit of the value
_KEYS = {f.name for kind in _CLASSES.values() for f in fields(kind)}
Shape = dict[str, Any]


def split(
    tables: Mapping[str, Any], prefix: str = ""
) -> tuple[dict[str, Any], dict[str, Shape]]:
    """Values without their distributions, and the distributions by name.

    A value that is not given is the median; P10 and P90 become its range.

    Raises
    ------
    ScenarioError
        One line with name, parameter and rule.
    """
    plain: dict[str, Any] = {}
    shapes: dict[str, Shape] = {}
    for name, table in tables.items():
        plain[name] = table
        if not isinstance(table, dict) or "dist" not in table:
            continue
        shape = {k: v for k, v in table.items() if k in {"dist", "value", "unit"}}
        shape |= {k: v for k, v in table.items() if k in {*_KEYS, "low", "high"}}
        found = read(f"{prefix}{name}", shape)
        rest = {k: v for k, v in table.items() if k not in {*_KEYS, "dist"}}
        low, high = ends(found)
        middle = float(found.quantile(0.5))
        plain[name] = {"value": middle, "low": low, "high": high} | rest
        shapes[f"{prefix}{name}"] = shape
    return plain, shapes


def read(
    name: str,
    shape: Shape,
    factor: float = 1.0,
    bounds: tuple[float | None, float | None] = (None, None),
) -> Distribution:
    """Distribution of a table of a file, times a factor, within hard bounds.

    Raises
    ------
    ScenarioError
        One line with name, parameter and rule.
    """
    kind = shape["dist"]
    if kind not in _CLASSES:
        near = get_close_matches(str(kind), _CLASSES, 1, 0.4)
        known = f"near: {near[0]}" if near else f"known: {', '.join(_CLASSES)}"
        raise ScenarioError(f"{name}: unknown dist {kind!r}; {known}")
    wanted = [field.name for field in fields(_CLASSES[kind])]
    given = {k: v for k, v in shape.items() if k in _KEYS}
    try:
        if "low" in shape and "high" in shape and not given:
            found = _from_range(name, kind, shape, factor)
        elif set(given) == set(wanted):
            found = _CLASSES[kind](
                **{k: _scaled(name, k, v, factor) for k, v in given.items()}
            )
            _ordered(name, given)
        else:
            need = f"{', '.join(wanted)}" + (
                "" if kind == "table" else ", or low and high"
            )
            raise ScenarioError(f"{name}: dist = {kind!r} needs {need}")
    except ValueError as error:
        said = str(error)
        raise ScenarioError(
            said if said.startswith(name) else f"{name}: {said}"
        ) from None
    floor, ceiling = (
        (-math.inf if bounds[0] is None else bounds[0]),
        (math.inf if bounds[1] is None else bounds[1]),
    )
    if not floor <= float(found.quantile(0.5)) <= ceiling:
        raise ScenarioError(f"{name}: its median leaves {floor:g} to {ceiling:g}")
    return Bounded(found, floor, ceiling) if bounds != (None, None) else found


def _from_range(name: str, kind: str, shape: Shape, factor: float) -> Distribution:
    """Distribution whose P10 and P90 are given."""
    low, high = (_scaled(name, key, shape[key], factor) for key in ("low", "high"))
    if low > high:
        raise ScenarioError(f"{name}: low {low:g} is above high {high:g}")
    if kind == "uniform":
        return Uniform(low - (high - low) / 8.0, high + (high - low) / 8.0)
    if kind == "lognormal":
        if low <= 0.0:
            raise ScenarioError(f"{name}: low {low:g} of a lognormal must be above 0")
        return Lognormal(math.sqrt(low * high), math.log(high / low) / (2.0 * SCORE))
    if kind == "table":
        raise ScenarioError(f"{name}: dist = 'table' needs probabilities, values")
    value = _scaled(
        name, "value", shape.get("value", (low + high) / 2.0 / factor), factor
    )
    found = distribution(name, low, value, high, kind=kind)
    return found.inner if isinstance(found, Bounded) else found


def _scaled(name: str, key: str, value: Any, factor: float) -> Any:
    """A parameter in the declared unit of the input."""
    size = 1.0 if key in _PURE else factor
    if isinstance(value, list):
        return tuple(_scaled(name, key, item, factor) for item in value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ScenarioError(f"{name}.{key} = {value!r} is not a number")
    return float(value) * size


def _ordered(name: str, given: Shape) -> None:
    """Refuse what is the wrong way round."""
    names = [key for key in ("minimum", "mode", "maximum") if key in given]
    for below, above in pairwise(names):
        if not given[below] <= given[above]:
            raise ScenarioError(
                f"{name}: {below} {given[below]:g} is above {above} {given[above]:g}"
            )
    for key in ("median", "sigma"):
        if key in given and not given[key] > 0:
            raise ScenarioError(f"{name}: {key} {given[key]:g} must be above 0")


def put(
    scenario: Scenario, shapes: Mapping[str, Shape], correlations: Mapping[str, Any]
) -> None:
    """Give inputs of a scenario their distributions and correlations.

    Raises
    ------
    ScenarioError, KeyError, ValueError
        When one is no number, leaves its bounds, or correlations contradict each other.
    """
    for name, shape in shapes.items():
        dotted = scenario.resolve(name)
        prefix, _, last = dotted.rpartition(".")
        group = scenario.groups()[prefix]
        if last not in group.quantities():
            raise ScenarioError(f"{name} is a choice: it has no distribution")
        unit = group.unit(last)
        factor = units.conversion(str(shape.get("unit", unit)), unit)
        bounds = group.param[last].bounds or (None, None)
        scenario.distributions[dotted] = read(name, shape, factor, bounds)
    if correlations:
        _correlate(scenario, correlations)


def _correlate(scenario: Scenario, table: Mapping[str, Any]) -> None:
    """Take the correlations of a file: ``"asic.utilisation, gpu.utilisation" = 0.8``.

    They have to agree with each other and with what moves together by itself.
    """
    from breakeven.explorer.odds import correlations  # needs SciPy's statistics

    for key, value in table.items():
        names = [part.strip() for part in key.split(",")]
        if len(names) != 2:
            raise ScenarioError(f"correlations: {key!r} must name two inputs")
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ScenarioError(f"correlations: {key} = {value!r} is not a number")
        first, second = (scenario.resolve(name) for name in names)
        scenario.correlations[first, second] = float(value)
    uncertain = list(distributions(scenario, studies=()))
    correlation_matrix(uncertain, scenario.correlations)
    correlation_matrix(uncertain, correlations(scenario))


def forget(scenario: Scenario, *prefixes: str) -> None:
    """Drop the distributions of groups whose values are about to be others."""
    for name in [*scenario.distributions]:
        if name.rpartition(".")[0] in prefixes:
            del scenario.distributions[name]


def written(found: Distribution) -> Shape:
    """Table of a file that reads back as a distribution."""
    inner = found.inner if isinstance(found, Bounded) else found
    kind = next(name for name, cls in _CLASSES.items() if isinstance(inner, cls))
    return {"dist": kind} | {
        field.name: list(value) if isinstance(value, tuple) else value
        for field in fields(inner)
        for value in [getattr(inner, field.name)]
    }
