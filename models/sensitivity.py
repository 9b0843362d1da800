"""Which inputs an answer hangs on, one by one, and how two of them trade off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from breakeven.models.answers import answer as answer_of
from breakeven.models.answers import answered
from breakeven.models.base import Array
from breakeven.models.ranges import Distributions, distributions, ends

if TYPE_CHECKING:
    from breakeven.models.scenario import Scenario


@dataclass(frozen=True)
class Bar:
    """One bar of a tornado: an input at its P10 and P90, and the answer at each.

    NaN where an option does not work there; ``swing`` is then infinite.
    """

    name: str
    unit: str
    doc: str
    value: float
    low: float
    high: float
    at_low: float
    at_high: float
    swing: float


@dataclass(frozen=True)
class Tornado:
    """Bars of one answer, the longest first, around its value at the present inputs."""

    answer: str
    unit: str
    label: str
    option: str
    base: float
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Axis:
    """Values of one input along a map, in its unit; ``present`` is the scenario's."""

    name: str
    unit: str
    doc: str
    values: Array
    log: bool
    present: float | None


@dataclass(frozen=True)
class TwoWay:
    """Options compared over a grid of two inputs: option first, then y, then x.

    ``ratio`` is levelised cost over the reference's: equal costs lie on the contour 1,
    or 0 of ``advantage``, which is what the option saves [USD per unit of work].
    ``cheapest`` is the position of the cheapest option, -1 where none works.
    """

    x: Axis
    y: Axis
    options: tuple[str, ...]
    reference: str
    ratio: Array
    advantage: Array
    breakeven_month: Array
    cheapest: Array


def tornado(
    scenario: Scenario,
    answer: str = "ratio",
    option: str = "",
    *,
    given: Distributions | None = None,
) -> Tornado:
    """Answer with each uncertain input alone at its P10 and at its P90. [mixed].

    Inputs that change nothing have no bar.

    Parameters
    ----------
    scenario
        The scenario; the other inputs stay as they are. [mixed]
    answer
        Name of the answer, of models/answers.py. [text]
    option
        Key of the option; the first one by default. [text]
    given
        Distributions in place of those of the ranges, by dotted name. [mixed]

    Raises
    ------
    KeyError
        When there is no such answer, option or input.
    ValueError
        When a range is wrong.

    References
    ----------
    T. G. Eschenbach, "Spiderplots versus tornado diagrams for sensitivity analysis,"
    Interfaces 22(6), 1992, doi:10.1287/inte.22.6.40.
    """
    asked, uncertain = answer_of(answer), distributions(scenario, given)
    option = option or next(iter(scenario.options))
    limits = {name: ends(item) for name, item in uncertain.items()}
    present = {name: _present(scenario, name, uncertain) for name in uncertain}
    table = {}
    for place, name in enumerate(uncertain):
        column = np.full(2 * len(uncertain) + 1, present[name])
        column[2 * place : 2 * place + 2] = limits[name]
        table[name] = column
    results = scenario.evaluate(table, curves=False)
    values = np.atleast_1d(answered(results, answer, option))
    base, bars = float(values[-1]), []
    for place, name in enumerate(uncertain):
        low, high = (float(v) for v in values[2 * place : 2 * place + 2])
        if (low == base and high == base) or np.isnan((low, base, high)).all():
            continue
        reach = max(low, base, high) - min(low, base, high)
        broken = bool(np.isnan((low, base, high)).any())
        unit, doc = _described(scenario, name)
        bars.append(
            Bar(name, unit, doc, present[name], *limits[name], low, high,
                np.inf if broken else reach)
        )  # fmt: skip
    bars.sort(key=lambda bar: -bar.swing)
    unit = asked.unit.format(scaled=results.work_unit)
    return Tornado(answer, unit, asked.label, option, base, tuple(bars))


def axis(
    scenario: Scenario,
    name: str,
    count: int = 41,
    low: float | None = None,
    high: float | None = None,
) -> Axis:
    """Values of one input over its slider, evenly in its logarithm where it is so. [1].

    Parameters
    ----------
    scenario
        The scenario. [mixed]
    name
        Dotted name of a quantity; ``asic.price`` is the price in use. [text]
    count
        Values. [1]
    low, high
        Ends in place of those of the slider. [unit of the input]

    Raises
    ------
    KeyError
        When there is no such input; near names are offered.
    ValueError
        When it is a choice, low is not below high, or either is out of bounds.

    References
    ----------
    Own definition.
    """
    full = scenario.resolve(name)
    prefix, _, last = full.rpartition(".")
    group = scenario.groups().get(prefix)
    if group is None or last not in group.quantities():
        raise ValueError(f"{name} is a choice, not a number: it is no axis")
    parameter, value = group.param[last], getattr(group, last)
    slider = parameter.softbounds or (None, None)
    around = (value / 4.0, value * 4.0) if value else (0.0, 1.0)
    start, stop = (
        next(float(x) for x in choice if x is not None)
        for choice in zip((low, high), slider, around, strict=True)
    )
    group.checked(last, (start, stop), name)
    if not start < stop:
        raise ValueError(f"{name}: low {start:g} is not below high {stop:g}")
    log = bool((parameter.metadata or {}).get("log")) and start > 0.0
    space = np.geomspace if log else np.linspace
    values = np.asarray(space(start, stop, count), float)
    return Axis(full, group.unit(last), parameter.doc or "", values, log, value)


def two_way(
    scenario: Scenario, x: str | Axis, y: str | Axis, count: int = 41
) -> TwoWay:
    """Break-even map: options compared over a grid of any two inputs. [mixed].

    Parameters
    ----------
    scenario
        The scenario; the other inputs stay as they are. [mixed]
    x, y
        Dotted names, or axes of :func:`axis`. [text]
    count
        Values along an axis that is given by name. [1]

    Raises
    ------
    KeyError
        When there is no such input; near names are offered.
    ValueError
        When both are the same input, or one is no axis.

    References
    ----------
    EQ-32, EQ-33 on a grid.
    """
    across = x if isinstance(x, Axis) else axis(scenario, x, count)
    up = y if isinstance(y, Axis) else axis(scenario, y, count)
    if across.name == up.name:
        raise ValueError(f"{across.name} is on both axes: choose two inputs")
    grid = {across.name: across.values[None, :], up.name: up.values[:, None]}
    results = scenario.evaluate(grid, curves=False)
    cost = results.cost_per_token
    rival = cost[results.option(results.reference)]
    known = np.where(np.isnan(cost), np.inf, cost)
    works = np.isfinite(known).any(axis=0)
    return TwoWay(
        x=across,
        y=up,
        options=results.options,
        reference=results.reference,
        ratio=cost / rival,
        advantage=rival - cost,
        breakeven_month=results.breakeven_month,
        cheapest=np.where(works, known.argmin(axis=0), -1),
    )


def _present(scenario: Scenario, name: str, uncertain: Distributions) -> float:
    """Value of an input now; the median of its distribution when it has none."""
    prefix, _, last = name.rpartition(".")
    value = getattr(scenario.groups()[prefix], last)
    return float(uncertain[name].quantile(0.5)) if value is None else float(value)


def _described(scenario: Scenario, name: str) -> tuple[str, str]:
    """Unit and meaning of an input."""
    prefix, _, last = name.rpartition(".")
    group = scenario.groups()[prefix]
    return group.unit(last), group.param[last].doc or ""
