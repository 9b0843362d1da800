"""The study of a deal: its stated terms, what they imply, and where they disagree.

Every number has three cases, low, middle and high, and a fourth: the count, price and
utilisation as they are set. A term that nobody has disclosed has none of the three, and
what would follow from it has none either.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from breakeven.models import agent_study, agents, deals, power, units
from breakeven.models.acquisition import ACQUISITIONS
from breakeven.models.base import Array
from breakeven.models.deal_inputs import Deal
from breakeven.models.economics import owned
from breakeven.models.study import Context, Output, Study

CASES = ("low", "middle", "high", "set")
# How one range stands to another: they overlap, lie apart, or the middle of one is
# above what it is held against.
CONSISTENT, ABOVE, BELOW, MIDDLE_ABOVE = 0.0, 1.0, 2.0, 3.0


def _case(unit: str, label: str) -> Output:
    return Output(unit, label, axis="case")


OUTPUTS = {
    "case": Output("1", "Low, middle, high, and as set", axis="case", shared=True),
    "stated_cores": _case("core", "Cores, as read"),
    "stated_chips": _case("chip", "Chips, as read"),
    "claimed_chips": _case("chip", "Chips, as other headlines claim"),
    "stated_power": _case("MW", "Power, as read"),
    "stated_value": _case("BUSD", "Value, as read"),
    "term": _case("year", "Term"),
    "hours": _case("h", "Hours of the term"),
    "supply": _case("chip", "Chips of this kind thought to exist"),
    "chips": _case("chip", "Chips"),
    "cores": _case("core", "Cores"),
    "claimed_cores": _case("core", "Cores that the claimed chips would have"),
    "power": _case("MW", "Facility power, all chips at their limit"),
    "value": _case("BUSD", "Value at the price as set: every hour, or the purchase"),
    "chip_price": _case("USD", "Money per chip that the value as read comes to"),
    "price": _case("USD/h", "Price of a chip-hour that the value as read comes to"),
    "core_price": _case("USD/h", "Price of a core-hour that it comes to"),
    "price_ratio": _case("1", "That price over the price as set"),
    "set_price": Output("USD/h", "Price of a chip-hour as set"),
    "set_core_price": Output("USD/h", "Price of a core-hour as set"),
    "set_chip_price": Output("USD", "Purchase of a chip with its server as set"),
    "supply_share": _case("1", "Share of the known supply"),
    "work_per_day": _case("{scaled}/day", "Work per day at the utilisation as set"),
    "tasks_per_day": _case("task/day", "Tasks per day"),
    "chips_check": Output("1", "Claimed chips against those of the stated terms"),
    "value_check": Output("1", "Value at the price as set against the stated value"),
    "supply_check": Output("1", "Chips against the known supply"),
    "power_check": Output("1", "Power of the chips against the stated power"),
}


def evaluate(context: Context) -> dict[str, Any]:
    """Outputs of the study for the first option. [mixed].

    Parameters
    ----------
    context
        Inputs and the core's results. [mixed]

    References
    ----------
    models/deals.py for the equations.
    """
    stated = {name: _stated(context, name) for name in Deal.quantities()}
    machine = _machine(context)
    found = _implied(context, stated, machine)
    named = {"stated_cores": "cores", "stated_chips": "chips", "term": "term"}
    named["hours"] = "term"
    named |= {"claimed_chips": "claimed_chips", "stated_power": "power"}
    named |= {"stated_value": "value", "supply": "known_supply"}
    found |= {name: stated[own] for name, own in named.items()}
    found |= _checks(found)
    table: dict[str, Any] = {"case": np.arange(float(len(CASES)))}
    for name, output in OUTPUTS.items():
        if name == "case":
            continue
        size = (len(CASES),) if output.axis else ()
        unit = output.unit.replace("{scaled}", "1")
        value = found[name] / units.factor(unit)
        table[name] = np.broadcast_to(value, (*context.shape, *size))
    table["work_per_day"] = table["work_per_day"] / context.scale
    return table


def _stated(context: Context, name: str) -> Array:
    """A term in base units: low, middle, high, and the middle again as set.

    Ends are those of its evidence; a value that somebody set has none but itself.
    """
    value = context.base["deal"][name]
    if value is None:
        return np.full(len(CASES), np.nan)
    middle = np.asarray(value, float)
    evidence = context.scenario.evidence.get(f"deal.{name}")
    factor = units.factor(Deal.unit(name))
    low, high = (None, None) if evidence is None else (evidence.low, evidence.high)
    ends = [middle if end is None else end * factor for end in (low, high)]
    cases = (np.minimum(ends[0], middle), middle, np.maximum(ends[1], middle), middle)
    return np.stack(np.broadcast_arrays(*cases), axis=-1)


def _machine(context: Context) -> dict[str, Array]:
    """Price, power, cores and work of a chip of the first option, in base units."""
    key, groups = next(iter(context.scenario.options.items()))
    chip, cost = context.base[f"{key}.chip"], context.costs[0]
    bought = owned(groups.option)
    price = context.table["cost_per_hour"][0] / units.HOUR
    named = ACQUISITIONS[groups.option.acquisition].price
    if named and not bought:
        price = chip[named]
    values = {
        "price": price,
        "purchase": cost.purchase if bought else None,
        "power": power.facility_power(
            cost.provisioned_power, context.base["site"]["pue"]
        ),
        "cores": chip["cores"],
        "work": cost.reached,
        "tasks": _tasks(context, chip),
        "count": context.table["count"][0],
    }
    return {
        name: np.asarray(np.nan if v is None else v, float)[..., None]
        for name, v in values.items()
    }


def _tasks(context: Context, chip: dict[str, Any]) -> Array:
    """Tasks of the workload that one chip does per time, averaged over all hours."""
    found = agent_study.evaluate(context)
    if context.scenario.workload.kind == "cpu":
        held = agents.bound_core_time(
            found["compute_core_seconds"][0], found["memory_core_seconds"][0]
        )
        return np.asarray(np.nan if chip["cores"] is None else chip["cores"] / held)
    return np.asarray(context.costs[0].reached / found["output_tokens"])


def _implied(
    context: Context, stated: dict[str, Array], machine: dict[str, Array]
) -> dict[str, Any]:
    """What follows from the stated terms, and from what is set in the last case."""
    reported = stated["chip_power"]
    each = np.where(np.isfinite(reported), reported, machine["power"])
    chips = deals.chips_of_cores(stated["cores"], machine["cores"])
    chips = np.where(np.isfinite(chips), chips, stated["chips"])
    by_power = deals.chips_of_power(stated["power"], each[..., _OPPOSITE])
    counted = np.isfinite(chips[..., 1:2])
    chips = _with_set(np.where(counted, chips, by_power), machine["count"])
    drawn = np.where(counted | _LAST, chips * each, stated["power"])
    term, value = stated["term"], stated["value"]
    price = deals.implied_price(value, chips[..., _OPPOSITE], term[..., _OPPOSITE])
    once = value / chips[..., _OPPOSITE]
    bought = np.isfinite(machine["purchase"])
    hourly = deals.contract_value(chips, machine["price"], term)
    work = chips * machine["work"]
    return {
        "chips": chips,
        "cores": chips * machine["cores"],
        "claimed_cores": stated["claimed_chips"] * machine["cores"],
        "power": drawn,
        "value": np.where(bought, chips * machine["purchase"], hourly),
        "chip_price": once,
        "price": price,
        "core_price": price / machine["cores"],
        "price_ratio": np.where(
            bought, once / machine["purchase"], price / machine["price"]
        ),
        "set_price": machine["price"][..., 0],
        "set_core_price": (machine["price"] / machine["cores"])[..., 0],
        "set_chip_price": machine["purchase"][..., 0],
        "supply_share": deals.share_of_supply(
            chips, stated["known_supply"][..., _OPPOSITE]
        ),
        "work_per_day": work,
        "tasks_per_day": chips * machine["tasks"],
    }


# Where dividing turns low into high; the case as set stays where it is.
_OPPOSITE = [2, 1, 0, 3]
_LAST = np.arange(len(CASES)) == len(CASES) - 1


def _with_set(chips: Array, count: Array) -> Array:
    """Chips of the terms, the count as set in the last case."""
    shape = np.broadcast_shapes(chips[..., 0].shape, count[..., 0].shape)
    found = np.broadcast_to(chips, (*shape, len(CASES))).copy()
    found[..., -1] = count[..., 0]
    return found


def _checks(found: dict[str, Any]) -> dict[str, Array]:
    """Code of how two ranges stand to each other; not a number where one is missing."""
    counted = np.isfinite(found["stated_cores"]) | np.isfinite(found["stated_chips"])
    counted = counted[..., 1]
    return {
        "chips_check": _against(found["claimed_chips"], found["chips"]),
        "value_check": _against(found["value"], found["stated_value"]),
        "supply_check": _against(found["chips"], found["supply"], middle=1),
        # power that chips were counted from says nothing about it
        "power_check": np.where(
            counted, _against(found["power"], found["stated_power"]), np.nan
        ),
    }


def _against(first: Array, second: Array, middle: int = 2) -> Array:
    """Whether a range lies above another, below it, or overlaps with it.

    ``middle`` is the case of the second that the middle of the first is held against.
    """
    code = np.where(first[..., 1] > second[..., middle], MIDDLE_ABOVE, CONSISTENT)
    code = np.where(first[..., 0] > second[..., 2], ABOVE, code)
    code = np.where(first[..., 2] < second[..., 0], BELOW, code)
    known = np.isfinite(first[..., 1]) & np.isfinite(second[..., 1])
    return np.where(known, code, np.nan)


DEAL = Study(
    name="deal",
    title="Deal",
    group=Deal,
    evaluate=evaluate,
    outputs=OUTPUTS,
    needs=("agent", "carbon"),
)
