"""The study of what a chip costs to make: bill, design, volume, what moves it most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from breakeven.models import making, units
from breakeven.models.base import Array
from breakeven.models.making_parts import good_die
from breakeven.models.silicon_inputs import Silicon
from breakeven.models.study import Context, Outcome, Output, Study

if TYPE_CHECKING:
    from breakeven.models.scenario import Scenario


def made(scenario: Scenario, key: str, inputs: dict[str, Any]) -> tuple[Array, Array]:
    """Unit cost of the chip of an option as computed, and its one-off cost. [USD].

    Parameters
    ----------
    scenario
        The scenario; choices of the option's making. [choice]
    key
        Key of the option. [text]
    inputs
        Inputs of its making in base units. [mixed]

    References
    ----------
    EQ-25, EQ-26.
    """
    volume = making.lifetime_volume(inputs)
    lines = making.bill(*laws(scenario, key), inputs, volume)
    return making.added(lines), making.added(making.one_off(inputs))


def laws(scenario: Scenario, key: str) -> tuple[str, str]:
    """Yield law and kind of packaging of an option's chip. [choice].

    Parameters
    ----------
    scenario
        The scenario. [mixed]
    key
        Key of the option. [text]

    References
    ----------
    Own definition.
    """
    group: Any = scenario.studied[f"{key}.silicon"]
    return group.law, group.packaging


def trailing(inputs: dict[str, Any]) -> dict[str, Any]:
    """Inputs with one more axis at the end. [mixed].

    Parameters
    ----------
    inputs
        Inputs in base units, None where unknown. [mixed]

    References
    ----------
    Own definition.
    """
    return {
        name: None if value is None else np.asarray(value, float)[..., None]
        for name, value in inputs.items()
    }


def _option(context: Context, key: str) -> dict[str, Any]:
    """Outputs of one option."""
    inputs = context.base[f"{key}.silicon"]
    law, packaging = laws(context.scenario, key)
    lines = making.bill(law, packaging, inputs, making.lifetime_volume(inputs))
    total, design = making.added(lines), making.one_off(inputs)
    die = good_die(law, inputs)
    volumes = context.table["volumes"]
    longer = trailing(inputs)
    variable = making.added(making.bill(law, packaging, longer, volumes))
    share = making.added(design)[..., None] / volumes
    chip = context.base[f"{key}.chip"]
    plain = {
        "unit_cost": total,
        "nre": making.added(design),
        "cost_with_nre": total + making.added(design) / making.lifetime_volume(inputs),
        "given_cost": _known(chip["unit_cost"]),
        "given_nre": _known(chip["nre"]),
        "gross_dies": die.gross,
        "die_yield": die.share,
        "good_die_cost": die.cost,
        "volume": making.lifetime_volume(inputs),
        "state": making.state(law, inputs, total),
    }
    found = {name: context.spread(value) for name, value in plain.items()}
    for name, value in (
        ("bill", np.moveaxis(lines, 0, -1)),
        ("bill_share", np.moveaxis(lines / total, 0, -1)),
        ("nre_lines", np.moveaxis(design, 0, -1)),
        ("cost_by_volume", variable + share),
    ):
        found[name] = np.broadcast_to(value, (*context.shape, value.shape[-1]))
    return found | _swings(context.scenario, key)


def _known(value: Any) -> Array:
    return np.asarray(np.nan if value is None else value, float)


def _swings(scenario: Scenario, key: str) -> dict[str, Array]:
    """Cost with its share of NRE, each input alone at both ends of its range.

    One vectorised evaluation around the present inputs, whatever is drawn beside them.
    """
    names = Silicon.quantities()
    count = len(names)
    ends = np.full((2, count), np.nan)
    values = scenario.studied[f"{key}.silicon"].base()
    for place, name in enumerate(names):
        value, evidence = values[name], scenario.evidence.get(f"{key}.silicon.{name}")
        if value is None:
            continue
        column = np.full(2 * count + 1, float(value))
        if evidence and evidence.low is not None and evidence.high is not None:
            ends[:, place] = evidence.low, evidence.high
            factor = units.factor(Silicon.unit(name))
            column[[place, count + place]] = ends[:, place] * factor
        values[name] = column
    volume = making.lifetime_volume(values)
    lines = making.bill(*laws(scenario, key), values, volume)
    cost = making.added(lines) + making.added(making.one_off(values)) / volume
    cost = np.broadcast_to(cost, (2 * count + 1,))
    known = np.isfinite(ends[0])
    return {
        "input_low": ends[0],
        "input_high": ends[1],
        "cost_at_low": np.where(known, cost[:count], np.nan),
        "cost_at_high": np.where(known, cost[count:-1], np.nan),
    }


def evaluate(context: Context) -> Outcome:
    """Outputs of the study. [mixed].

    Parameters
    ----------
    context
        The scenario and what the core found. [mixed]

    References
    ----------
    EQ-16, EQ-21 to EQ-27.
    """
    each = [_option(context, key) for key in context.scenario.options]
    found: Outcome = {name: np.stack([one[name] for one in each]) for name in each[0]}
    return found | {"volumes": context.table["volumes"]}


def _each(unit: str, label: str, axis: str = "", *, shared: bool = False) -> Output:
    return Output(unit, label, axis, by_option=True, shared=shared)


OUTPUTS = {
    "unit_cost": _each("USD", "What one chip costs its owner to have made"),
    "nre": _each("USD", "One-off cost of the design"),
    "cost_with_nre": _each("USD", "Unit cost with its share of the one-off cost"),
    "bill": _each("USD", "Bill of materials by line", "line"),
    "bill_share": _each("1", "Share of each line in the unit cost", "line"),
    "nre_lines": _each("USD", "One-off cost by line", "design line"),
    "given_cost": _each("USD", "Unit cost as published or estimated"),
    "given_nre": _each("USD", "One-off cost as published or estimated"),
    "gross_dies": _each("die", "Dies on a wafer"),
    "die_yield": _each("1", "Share of dies that can be sold"),
    "good_die_cost": _each("USD", "Tested good die"),
    "volume": _each("chip", "Chips made over the life of the design"),
    "state": _each("1", "Whether it can be made, and else why not"),
    "volumes": Output("chip", "Chips made", "volume", shared=True),
    "cost_by_volume": _each("USD", "Unit cost with its share of NRE", "volume"),
    "input_low": _each("1", "Low end of each input, in its unit", "input", shared=True),
    "input_high": _each("1", "High end of each input", "input", shared=True),
    "cost_at_low": _each("USD", "Cost with NRE at the low end", "input", shared=True),
    "cost_at_high": _each("USD", "Cost with NRE at the high end", "input", shared=True),
}

SILICON = Study(
    name="silicon",
    title="Making of the chip",
    group=Silicon,
    evaluate=evaluate,
    outputs=OUTPUTS,
    per_option=True,
)
