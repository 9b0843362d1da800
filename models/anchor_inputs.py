"""The inputs of a deal with an anchor customer.

A shell: it declares quantities and choices and does no arithmetic.
"""

from __future__ import annotations

from typing import Any

import param

from breakeven.models.anchor import SPLITS
from breakeven.models.base import Group, fraction, quantity


class Anchor(Group):
    """What the customer takes, on which terms, and what else it could do."""

    split: Any = param.Selector(
        default="by volume",
        objects=list(SPLITS),
        doc="Who pays for the design: by chips, only what the anchor adds, or Shapley",
    )
    volume = quantity(
        1e6,
        "chip",
        "Chips that the anchor customer takes over the term",
        slider=(1e3, 1e7),
        log=True,
    )
    own_volume = quantity(
        None,
        "chip",
        "Chips the provider makes for itself; empty: the count of the first option",
        inclusive=(False, True),
        slider=(1e3, 1e7),
        log=True,
    )
    term = quantity(
        3.0,
        "year",
        "Term of the agreement",
        inclusive=(False, True),
        slider=(1, 10),
    )
    floor = fraction(0.85, "Take-or-pay floor: share that is paid in any case")
    use = fraction(1.0, "Share of what is committed that the anchor really takes")
    margin = quantity(
        0.2,
        "1",
        "Gross margin of the provider on the chips it sells",
        bounds=(0.0, 1.0),
        inclusive=(True, False),
        slider=(0.0, 0.8),
    )
    extras = quantity(
        0.0, "MUSD", "One-off cost of what only the anchor needs", slider=(0, 300)
    )
    customer_nre = quantity(
        None,
        "MUSD",
        "One-off cost of a chip programme of the customer's own",
        slider=(0, 3_000),
    )
    customer_wait = quantity(
        24.0,
        "month",
        "Months until a chip of its own would run; until then it buys the rival",
        slider=(0, 60),
    )
    debt_rate = quantity(
        0.06,
        "1/year",
        "Interest on debt secured by the floor",
        bounds=(0.0, None),
        slider=(0.0, 0.2),
    )
    coverage = quantity(
        1.3,
        "1",
        "Secured revenue over debt service that a lender asks for",
        bounds=(1.0, None),
        slider=(1.0, 2.5),
    )
