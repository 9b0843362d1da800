"""A site's fleet: chips of several vendors, workloads and caps, and the best mix.

Who buys how many of which chip in which quarter, and what each then serves, is a linear
programme (EQ-39, over quarters and workloads). Designs that are paid for once whatever
the volume, and whole racks, make it a mixed-integer one. Everything is in base units.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from breakeven.models.base import Array

OBJECTIVES = ("cost", "margin", "tokens")
OPTIMAL, INFEASIBLE, UNBOUNDED = "optimal", "infeasible", "unbounded"


@dataclass(frozen=True)
class Fleet:
    """What may be bought, what it serves, and within which caps; in base units.

    Axes are chip (K), workload (W) and quarter (Q).

    Attributes
    ----------
    rate
        Mean work of a chip on a workload, K × W; 0 where it cannot serve it. [1/s]
    running
        Cash cost of a chip in use, K × W. [USD/s]
    charge
        Capital charge of a chip by quarter of purchase, K × Q. [USD/s]
    purchase
        Price with server and network by quarter of purchase, K × Q. [USD]
    one_off, one_off_charge
        Paid once a chip is used at all, and its capital charge, K. [USD], [USD/s]
    power
        Facility power reserved for a chip in use at the site, K. [W]
    weight
        What vendors' shares are counted in, K: facility power wherever hosted. [W]
    supply
        Most chips to be had in a quarter, K × Q. [1]
    existing
        Chips there at the start, K; their price is sunk. [1]
    demand
        Work asked for, W × Q; infinite where all that is made is sold. [1/s]
    price
        What a unit of work is sold for, W × Q. [USD]
    power_cap, budget
        Facility power, Q, and money for purchases over all quarters. [W], [USD]
    least_share, most_share
        Share of each vendor in the weight in use, by vendor. [1]
    discount
        Present value of a dollar of each quarter, Q. [1]
    period
        Length of a quarter. [s]
    rack
        Chips that can only be bought together, K; used when racks are whole. [1]
    vendor_share
        Part of the purchase that the vendor sets, K; the rest is server and network.
        All of it when not given. [1]
    rent
        Part of the running cost that the vendor sets, K × W; none when not given.
        [USD/s]
    """

    chips: tuple[str, ...]
    workloads: tuple[str, ...]
    vendors: tuple[str, ...]
    rate: Array
    running: Array
    charge: Array
    purchase: Array
    one_off: Array
    one_off_charge: Array
    power: Array
    weight: Array
    supply: Array
    existing: Array
    demand: Array
    price: Array
    power_cap: Array
    budget: float
    discount: Array
    period: float
    objective: str = "margin"
    least_share: Mapping[str, float] = field(default_factory=dict)
    most_share: Mapping[str, float] = field(default_factory=dict)
    rack: Array | None = None
    vendor_share: Array | None = None
    rent: Array | None = None

    def __post_init__(self) -> None:
        """Check what the equations rely on: the objective and the shapes."""
        if self.objective not in OBJECTIVES:
            known = ", ".join(OBJECTIVES)
            raise ValueError(f"objective = {self.objective!r} must be one of {known}")
        chips, works, quarters = self.shape
        due = {
            "rate": (chips, works), "running": (chips, works),
            "charge": (chips, quarters), "purchase": (chips, quarters),
            "supply": (chips, quarters), "demand": (works, quarters),
            "price": (works, quarters), "power_cap": (quarters,),
            **dict.fromkeys(
                ("one_off", "one_off_charge", "power", "weight", "existing"), (chips,)
            ),
        }  # fmt: skip
        for name, shape in due.items():
            if np.shape(getattr(self, name)) != shape:
                found = np.shape(getattr(self, name))
                raise ValueError(f"fleet {name} has shape {found}, not {shape}")
        for vendor in (*self.least_share, *self.most_share):
            if vendor not in self.vendors:
                raise ValueError(f"no chip of the fleet is of vendor {vendor!r}")

    @property
    def shape(self) -> tuple[int, int, int]:
        """Chips, workloads, quarters."""
        return len(self.chips), len(self.workloads), len(self.discount)

    def of(self, vendor: str) -> Array:
        """Which chips a vendor makes; a chip's own name is a vendor too."""
        return np.array(
            [vendor in (v, c) for v, c in zip(self.vendors, self.chips, strict=True)]
        )


@dataclass(frozen=True)
class Worth:
    """Shadow prices: what one more of a cap adds to the objective, never below 0.

    In present dollars (or in work, when work is the objective) per unit: a watt in one
    quarter, a dollar of budget, a chip more in one quarter, a unit of demand per
    second in one quarter, and the whole share (1) of a vendor, up for the most it may
    have and down for the least it has to have.
    """

    power: Array
    budget: float
    supply: Array
    demand: Array
    most_share: Mapping[str, float]
    least_share: Mapping[str, float]


@dataclass(frozen=True)
class Plan:
    """The best mix, or why there is none (``status``).

    ``value`` is the objective: present cost [USD] to be small, present margin [USD] or
    work to be large. ``bought`` and ``installed`` are K × Q, ``used`` K × W × Q,
    ``served`` W × Q [1/s].
    """

    status: str
    objective: str
    value: float
    bought: Array
    installed: Array
    used: Array
    served: Array
    power: Array
    spend: float
    cost: float
    revenue: float
    opened: Array
    worth: Worth | None

    @property
    def ok(self) -> bool:
        """Whether there is a mix."""
        return self.status == OPTIMAL

    @property
    def in_use(self) -> Array:
        """Chips at work, K × Q. [1]."""
        return np.asarray(self.used.sum(axis=1))

    def shares(self, fleet: Fleet) -> dict[str, float]:
        """Share of each vendor in the weight in use over all quarters. [1]."""
        weight = fleet.weight * self.in_use.sum(axis=1)
        total = weight.sum()
        found = {v: weight[fleet.of(v)].sum() for v in dict.fromkeys(fleet.vendors)}
        return {v: float(x / total) if total else np.nan for v, x in found.items()}


def present_cost(fleet: Fleet, bought: Array, used: Array, opened: Array) -> Array:
    """Present cost of a plan: capital charges of the quarters, and running cost. [USD].

    A chip bought in a quarter is charged for that quarter and all later ones of the
    plan; what its life has left after the plan is not charged to it.

    Parameters
    ----------
    fleet
        Chips, workloads and caps. [mixed]
    bought
        Chips bought, K × Q. [1]
    used
        Chips in use, K × W × Q. [1]
    opened
        1 for each chip whose one-off cost is paid, K. [1]

    References
    ----------
    EQ-15 by quarter.
    """
    left = remaining(fleet)
    capital = (fleet.charge * left * bought).sum()
    running = (fleet.running[..., None] * fleet.discount * used).sum() * fleet.period
    return np.asarray(
        capital + running + (fleet.one_off_charge * opened).sum() * left[0]
    )


def remaining(fleet: Fleet) -> Array:
    """Discounted time from each quarter to the end of the plan, Q. [s].

    Parameters
    ----------
    fleet
        Chips, workloads and caps. [mixed]

    References
    ----------
    Own definition.
    """
    return np.cumsum(fleet.discount[::-1])[::-1] * fleet.period
