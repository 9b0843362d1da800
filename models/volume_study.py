"""Study: at what volume an own chip beats the rival, per work of one rival chip."""

from __future__ import annotations

from typing import Any

import numpy as np

from breakeven.models import making
from breakeven.models.acquisition import ACQUISITIONS
from breakeven.models.base import Array, Group, quantity
from breakeven.models.lifetime import Life, given_of, life_of
from breakeven.models.silicon_study import laws
from breakeven.models.study import Context, Outcome, Output, Study
from breakeven.models.units import factor


class Volume(Group):
    """What the question of volume needs beside the options."""

    lateness = quantity(
        0.0, "MUSD", "Cost of the own chip arriving late", slider=(0, 2_000)
    )
    replaced = quantity(
        None,
        "1",
        "Rival chips replaced by one own chip; empty: as the throughput model says",
        inclusive=(False, True),
        slider=(0.05, 3.0),
    )


def _range(context: Context, name: str) -> tuple[float, float]:
    """Ends of the range of an input in base units, NaN where there is none."""
    evidence = context.scenario.evidence.get(name)
    if evidence is None or evidence.low is None or evidence.high is None:
        return np.nan, np.nan
    prefix, _, last = name.rpartition(".")
    size = factor(context.scenario.groups()[prefix].unit(last))
    return evidence.low * size, evidence.high * size


def own_ends(context: Context, place: int, price: Array) -> tuple[Array, Array]:
    """Unit cost of an own chip at the good and the bad end of its range. [USD].

    As given: the range of the figure. As made: defect density and memory price both at
    one end of theirs.

    Parameters
    ----------
    context
        The scenario and its inputs. [mixed]
    place
        Position of the option. [1]
    price
        Unit cost in use. [USD]

    References
    ----------
    EQ-22, EQ-25.
    """
    key = list(context.scenario.options)[place]
    if context.scenario.options[key].option.cost_basis == "given":
        low, high = _range(context, f"{key}.chip.unit_cost")
        return (
            np.fmin(np.where(np.isnan(low), price, low), price),
            np.fmax(np.where(np.isnan(high), price, high), price),
        )
    ends = []
    inputs = context.base[f"{key}.silicon"]
    for end in (0, 1):
        moved = {
            name: _range(context, f"{key}.silicon.{name}")[end]
            for name in ("defect_density", "memory_price")
        }
        known = {name: value for name, value in moved.items() if np.isfinite(value)}
        volume = making.lifetime_volume(inputs)
        lines = making.bill(*laws(context.scenario, key), inputs | known, volume)
        ends.append(making.added(lines))
    return np.fmin(ends[0], price), np.fmax(ends[1], price)


def _rival(context: Context) -> tuple[Array, Array, Array]:
    """Cost of one rival chip over its life, with its one-off cost, and its ends."""
    cost = context.costs[-1]
    whole = context.table["cost_per_token"][-1] / context.scale
    total = whole * cost.work / cost.recovery
    kind = list(context.scenario.options.values())[-1].option.acquisition
    name = ACQUISITIONS[kind].price
    if not name:
        return total, total, total
    life = life_of(context, len(context.costs) - 1, kind)
    key = list(context.scenario.options)[-1]
    low, high = _range(context, f"{key}.chip.{name}")
    ends = [
        np.where(np.isnan(end), total, total + life.per_price * (end - life.price))
        for end in (low, high)
    ]
    return total, np.fmin(ends[0], total), np.fmax(ends[1], total)


def _own(context: Context, place: int, rival: tuple[Array, Array, Array]) -> Outcome:
    """Outputs of one own chip, in the work of one rival chip where it says so."""
    inputs = context.base["volume"]
    life: Life = life_of(context, place, "build")
    given = given_of(context, place)
    ratio = context.costs[place].work / context.costs[-1].work
    replaced = ratio if inputs["replaced"] is None else inputs["replaced"]
    nre = given["chip"]["nre"]
    design = np.asarray(np.nan if nre is None else nre)
    one_off = design + given["option"]["port_cost"] + inputs["lateness"]
    low, high = own_ends(context, place, life.price)
    costs = [life.at(value) for value in (life.price, low, high)]
    saving = replaced * rival[0] - costs[0]
    best, worst = replaced * rival[2] - costs[1], replaced * rival[1] - costs[2]
    count = context.table["count"][place]
    plain = {
        "replaced": replaced,
        "unit_cost": life.price,
        "one_off": one_off,
        "own_life": costs[0],
        "own_beside": life.other,
        "own_per_price": life.per_price,
        "rival_share": replaced * rival[0],
        "saving": saving,
        "breakeven": _volume(one_off, saving),
        "breakeven_low": _volume(one_off, best),
        "breakeven_high": _volume(one_off, worst),
        "per_chip": one_off / count,
        "gain": saving * count - one_off,
    }
    found = {name: context.spread(value) for name, value in plain.items()}
    for name, cost in zip(("curve", "curve_low", "curve_high"), costs, strict=True):
        found[name] = _by_volume(context, cost, one_off, replaced)
    return found


def _volume(one_off: Array, saving: Array) -> Array:
    """Chips that earn a one-off cost back, NaN where none saves anything."""
    return one_off / np.where(saving > 0.0, saving, np.nan)


def _by_volume(context: Context, cost: Array, one_off: Array, replaced: Array) -> Array:
    """Cost of the work of one rival chip, by own chips made."""
    shape = (*context.shape, 1)
    cost, one_off, replaced = (
        np.broadcast_to(np.asarray(v, float)[..., None], shape)
        for v in (cost, one_off, replaced)
    )
    return (cost + one_off / context.table["volumes"]) / replaced


def _level(context: Context, rival: tuple[Array, Array, Array]) -> dict[str, Any]:
    """Outputs of the rival itself: a level line, and nothing to earn back."""
    none = context.spread(np.nan)
    names = (
        "unit_cost own_beside own_per_price one_off saving breakeven breakeven_low "
        "breakeven_high per_chip gain"
    ).split()
    lines = {
        name: np.repeat(context.spread(value)[..., None], _length(context), axis=-1)
        for name, value in zip(("curve", "curve_low", "curve_high"), rival, strict=True)
    }
    whole = context.spread(rival[0])
    one = {"own_life": whole, "rival_share": whole, "replaced": context.spread(1.0)}
    return dict.fromkeys(names, none) | one | lines


def _length(context: Context) -> int:
    return int(np.size(context.table["volumes"]))


def evaluate(context: Context) -> Outcome:
    """Outputs of the study. [mixed].

    Parameters
    ----------
    context
        The scenario and what the core found. [mixed]

    References
    ----------
    EQ-27, EQ-28.
    """
    rival = _rival(context)
    last = len(context.costs) - 1
    each = [_own(context, place, rival) for place in range(last)]
    each.append(_level(context, rival))
    found: Outcome = {name: np.stack([one[name] for one in each]) for name in each[0]}
    return found | {"volumes": context.table["volumes"]}


def _each(unit: str, label: str, axis: str = "") -> Output:
    return Output(unit, label, axis, by_option=True)


OUTPUTS = {
    "replaced": _each("1", "Rival chips replaced by one own chip"),
    "unit_cost": _each("USD", "Unit cost of an own chip in use"),
    "one_off": _each("USD", "NRE, port and lateness"),
    "own_life": _each("USD", "One own chip over its life, one-off costs apart"),
    "own_beside": _each("USD", "The same beside the unit cost: server, power, upkeep"),
    "own_per_price": _each("1", "What each USD of unit cost adds over the life"),
    "rival_share": _each("USD", "The rival chips that do the same work"),
    "saving": _each("USD", "Saved by each own chip over its life"),
    "breakeven": _each("chip", "Volume from which building beats the rival"),
    "breakeven_low": _each("chip", "The same at the good ends of cost and price"),
    "breakeven_high": _each("chip", "The same at the bad ends of cost and price"),
    "per_chip": _each("USD", "One-off costs per own chip at the present count"),
    "gain": _each("USD", "Saved by the whole fleet after one-off costs"),
    "curve": _each("USD", "Work of one rival chip, by own chips made", "volume"),
    "curve_low": _each("USD", "The same at the good end", "volume"),
    "curve_high": _each("USD", "The same at the bad end", "volume"),
    "volumes": Output("chip", "Own chips made", "volume", shared=True),
}

VOLUME = Study(
    name="volume",
    title="Volume",
    group=Volume,
    evaluate=evaluate,
    outputs=OUTPUTS,
)
