"""Ways to come by computing: bought, built, rented on several terms, or by the token.

A way to acquire names the input that holds its price, whether the chips are the
owner's, and which hours are billed. Everything else follows from these.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from breakeven.models.base import Array

HOSTED = "workload.llm.hosted_output_price"


@dataclass(frozen=True)
class Acquisition:
    """One way to acquire: its name, price input, and what to say without a price.

    ``price`` names an input of the chip; it is empty for a hosted API, whose price list
    belongs to the language model.
    """

    name: str
    price: str
    unpriced: str
    owned: bool = False


ACQUISITIONS = {
    item.name: item
    for item in (
        Acquisition(
            "buy", "price", "is not sold: no purchase price is published", True
        ),
        Acquisition(
            "build", "unit_cost", "has no published or estimated unit cost", True
        ),
        Acquisition("rent", "rental_price", "has no published on-demand price"),
        Acquisition("spot", "spot_price", "has no published spot price"),
        Acquisition(
            "block", "capacity_block_price", "has no published price of capacity blocks"
        ),
        Acquisition("commit_1yr", "commit_1yr_price", "has no published 1-year price"),
        Acquisition("commit_3yr", "commit_3yr_price", "has no published 3-year price"),
        Acquisition("api", "", "is not sold by the token: no price list of the model"),
    )
}


def price_name(key: str, acquisition: str) -> str:
    """Dotted name of the price in use. [text].

    Parameters
    ----------
    key
        Key of the option. [text]
    acquisition
        One of :data:`ACQUISITIONS`. [text]

    References
    ----------
    Own definition.
    """
    price = ACQUISITIONS[acquisition].price
    return f"{key}.chip.{price}" if price else HOSTED


def on_demand_share(busy_share: Array, idle_billed: Array) -> Array:
    """Share of hours that a chip rented on demand is billed. [1].

    Busy hours, and a share of the idle ones: 0 when the chip is given back.

    Parameters
    ----------
    busy_share
        Share of hours in use. [1]
    idle_billed
        Share of idle hours billed. [1]

    References
    ----------
    EQ-17.
    """
    return busy_share + (1.0 - busy_share) * idle_billed


def spot_share(busy_share: Array, idle_billed: Array, rework: Array) -> Array:
    """Hours billed per hour there is, for spot capacity. [1].

    ``(1 + w)`` times the hours on demand: what an interruption loses is done again, on
    one more chip when all hours are busy, so that the share may exceed 1.

    Parameters
    ----------
    busy_share
        Share of hours in use. [1]
    idle_billed
        Share of idle hours billed. [1]
    rework
        Hours done again per useful hour. [1]

    References
    ----------
    EQ-17.
    """
    return on_demand_share(busy_share, idle_billed) * (1.0 + rework)


def committed_share_billed(busy_share: Array, committed_share: Array) -> Array:
    """Share of hours billed under a commitment. [1].

    ``max(u, theta)``: at least the take-or-pay floor.

    Parameters
    ----------
    busy_share
        Share of hours in use. [1]
    committed_share
        Take-or-pay floor. [1]

    References
    ----------
    EQ-19.
    """
    return np.maximum(busy_share, committed_share)


def block_share(busy_share: Array) -> Array:
    """Share of hours billed of a capacity block: all of them, paid in advance. [1].

    Parameters
    ----------
    busy_share
        Share of hours in use. [1]

    References
    ----------
    EQ-19 at a floor of 1.
    """
    return np.ones_like(np.asarray(busy_share, dtype=float))


def billed(acquisition: str, use: dict[str, Array], busy_share: Array) -> Array:
    """Share of hours billed to whoever rents a chip. [1].

    Parameters
    ----------
    acquisition
        One of :data:`ACQUISITIONS` that is rented by the hour. [text]
    use
        Inputs of the option in base units. [mixed]
    busy_share
        Share of hours in use. [1]

    References
    ----------
    EQ-17, EQ-19.
    """
    committed = use["committed_share"]
    kinds: dict[str, Callable[[], Array]] = {
        "rent": lambda: on_demand_share(busy_share, use["idle_billed"]),
        "spot": lambda: spot_share(busy_share, use["idle_billed"], use["rework"]),
        "block": lambda: block_share(busy_share),
        "commit_1yr": lambda: committed_share_billed(busy_share, committed),
        "commit_3yr": lambda: committed_share_billed(busy_share, committed),
    }
    return kinds[acquisition]()


def token_price(
    input_price: Array,
    cached_price: Array,
    output_price: Array,
    input_length: Array,
    output_length: Array,
    cached_fraction: Array,
) -> Array:
    """Price of one output token of a hosted API, its prompt included. [USD].

    ``p_out + (ISL / OSL) (p_in (1 - h) + p_cached h)``: the price list applied to the
    mix of one call, so that it compares with a cost per output token.

    Parameters
    ----------
    input_price
        Price of a prompt token. [USD]
    cached_price
        Price of a prompt token found in the prefix cache. [USD]
    output_price
        Price of a generated token. [USD]
    input_length
        Prompt of one call. [token]
    output_length
        Tokens generated by one call. [token]
    cached_fraction
        Share of prompt tokens found in the prefix cache. [1]

    References
    ----------
    EQ-33, EQ-38.
    """
    prompt = input_price * (1.0 - cached_fraction) + cached_price * cached_fraction
    return output_price + input_length / output_length * prompt


def hosted_price(given: dict[str, dict[str, Any]]) -> Array | None:
    """Price of an output token of a hosted API, or None. [USD].

    Parameters
    ----------
    given
        Inputs of the groups workload and llm in base units. [mixed]

    References
    ----------
    EQ-33, EQ-38.
    """
    model, load = given["llm"], given["workload"]
    entry, output = model["hosted_input_price"], model["hosted_output_price"]
    if entry is None or output is None:
        return None
    cached = model["hosted_cached_price"]
    return token_price(
        entry,
        entry if cached is None else cached,
        output,
        load["input_length"],
        load["output_length"],
        load["cached_fraction"],
    )
