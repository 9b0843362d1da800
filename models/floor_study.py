"""The lowest price of a million tokens that pays for everything, part by part."""

from __future__ import annotations

from typing import Any

import numpy as np

from breakeven.models.acquisition import hosted_price
from breakeven.models.base import Array, Group, quantity
from breakeven.models.given import inputs_of
from breakeven.models.study import Context, Outcome, Output, Study
from breakeven.models.tco import COST_LINES

# Parts of the floor and the cost lines that each holds.
PARTS = {
    "capex": ("chip", "server"),
    "network": ("network", "storage"),
    "design": ("NRE",),
    "hosting": ("hosting",),
    "power": ("electricity",),
    "upkeep": ("maintenance", "staff and software"),
    "rent": ("rent", "tokens"),
}


class Floor(Group):
    """What is asked beyond the floor."""

    gross_margin = quantity(
        0.0,
        "1",
        "Gross margin asked on the price; 0 gives the floor itself",
        bounds=(0.0, 1.0),
        inclusive=(True, False),
        slider=(0.0, 0.9),
    )


def floor(context: Context) -> Outcome:
    """Floor of each option by part, with margin, and by kind of token. [USD].

    The floor is the levelised cost: at that price the net present value is zero at the
    discount rate. Prompt and output tokens share it by the busy time that each takes;
    a cached prompt token takes none.

    Parameters
    ----------
    context
        What the study may use. [mixed]

    References
    ----------
    EQ-15, EQ-29, EQ-33.
    """
    breakdown = context.table["breakdown"]
    places = {name: COST_LINES.index(name) for name in COST_LINES}
    found: Outcome = {
        part: sum(breakdown[places[name]] for name in names)
        for part, names in PARTS.items()
    }
    found["floor"] = np.array(context.table["cost_per_token"])
    margin = context.base["floor"]["gross_margin"]
    found["price"] = found["floor"] / (1.0 - np.asarray(margin, float))
    running = ("hosting", "power", "upkeep", "rent")
    found["cash_floor"] = sum(found[part] for part in running)
    found |= _by_token(context, found["floor"])
    found["hosted"] = np.stack(
        [_hosted(context, key) for key in context.scenario.options]
    )
    return found


def _by_token(context: Context, floor: Array) -> dict[str, Array]:
    """Floor of a prompt token and of an output token, by the time each takes."""
    load = context.base["workload"]
    prompts = context.table["prefill_share"]
    fresh = load["input_length"] * (1.0 - load["cached_fraction"])
    ratio = np.asarray(fresh / load["output_length"], float)
    per_input = floor * prompts / np.where(ratio > 0.0, ratio, np.nan)
    return {"input": per_input, "output": floor * (1.0 - prompts)}


def _hosted(context: Context, key: str) -> Array:
    """Price of a hosted API for the mix of the workload, NaN when none is known."""
    price: Any = hosted_price(inputs_of(context.scenario, context.base, key))
    each = np.nan if price is None else price * context.scale
    return context.spread(each)


def _output(unit: str, label: str) -> Output:
    return Output(unit, label, by_option=True)


FLOOR = Study(
    name="floor",
    title="Price floor",
    group=Floor,
    evaluate=floor,
    outputs={
        "capex": _output("USD/{scaled}", "Chips and servers"),
        "network": _output("USD/{scaled}", "Network and storage"),
        "design": _output("USD/{scaled}", "NRE and port"),
        "hosting": _output("USD/{scaled}", "Hosting, by provisioned kW"),
        "power": _output("USD/{scaled}", "Electricity, by used kWh"),
        "upkeep": _output("USD/{scaled}", "Maintenance, staff, software"),
        "rent": _output("USD/{scaled}", "Rent or tokens"),
        "floor": _output("USD/{scaled}", "Price floor: net present value zero"),
        "price": _output("USD/{scaled}", "Price with the margin that is asked"),
        "cash_floor": _output("USD/{scaled}", "Running costs alone"),
        "input": _output("USD/{scaled}", "Floor of prompt tokens not cached"),
        "output": _output("USD/{scaled}", "Floor of output tokens"),
        "hosted": _output("USD/{scaled}", "Hosted API for the same mix of tokens"),
    },
)
