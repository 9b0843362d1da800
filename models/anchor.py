"""An anchor customer: what it changes, who pays for the design, which prices suit both.

The provider makes its own chips and sells more of them to one large customer. The price
of a chip lies between what the provider must have and what the customer would pay for
its best alternative; where the first is above the second there is no deal.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from breakeven.models.annuity import capital_recovery_factor
from breakeven.models.base import Array, Model, quantity

SPLITS = ("by volume", "incremental", "Shapley")


class Split(NamedTuple):
    """Shares of the one-off cost: of the owner, of the anchor. [USD, USD]."""

    own: Array
    anchor: Array


def shared_unit_cost(
    variable_cost: ArrayLike, nre: ArrayLike, own: ArrayLike, anchor: ArrayLike
) -> Array:
    """Cost of one unit with the design spread over both volumes. [USD].

    Arguments broadcast: variable_cost [USD] of making one, nre [USD], own [chip] and
    anchor [chip] volumes.

    c_var + NRE / (V_0 + V_1).

    References
    ----------
    EQ-43.
    """
    volume = np.asarray(own, dtype=float) + np.asarray(anchor, dtype=float)
    return np.asarray(variable_cost, dtype=float) + np.asarray(nre, float) / volume


def gain_per_unit(nre: ArrayLike, own: ArrayLike, anchor: ArrayLike) -> Array:
    """What the anchor takes off each of the owner's units, split by volume. [USD].

    Arguments broadcast: nre [USD], own [chip] and anchor [chip] volumes.

    NRE / V_0 - NRE / (V_0 + V_1), written so that no anchor gives exactly 0.

    References
    ----------
    EQ-43.
    """
    v0, v1 = np.asarray(own, dtype=float), np.asarray(anchor, dtype=float)
    return np.asarray(nre, dtype=float) / v0 * (v1 / (v0 + v1))


def split_cost(
    rule: str,
    nre: ArrayLike,
    extras: ArrayLike,
    own: ArrayLike,
    anchor: ArrayLike,
    alone: ArrayLike,
) -> Split:
    """Shares of design and extras under a rule; they sum to both. [USD].

    rule is one of ``SPLITS``. Arguments broadcast: nre [USD] of the common design,
    extras [USD] that only the anchor needs, own [chip] and anchor [chip] volumes, alone
    [USD] what the anchor's own programme would cost.

    By volume: the anchor pays its share of chips, and its extras. Incremental: its
    extras only. Shapley: half of what each brings to the other, 1/2 (alone + joint -
    NRE) for the anchor with joint = NRE + extras; NRE / 2 each when either alone would
    need the full NRE. Without chips for the anchor there is nobody to share with.

    Raises
    ------
    ValueError
        When there is no such rule.

    References
    ----------
    .. [1] L. S. Shapley, "A value for n-person games," Contributions to the Theory of
       Games II, Princeton Univ. Press, 1953, 307-317. EQ-43.
    """
    if rule not in SPLITS:
        raise ValueError(f"split = {rule!r} must be one of {', '.join(SPLITS)}")
    design, more = np.asarray(nre, dtype=float), np.asarray(extras, dtype=float)
    v0, v1 = np.asarray(own, dtype=float), np.asarray(anchor, dtype=float)
    some = v1 > 0.0
    if rule == "by volume":
        paid = design * v1 / (v0 + v1) + more
    elif rule == "incremental":
        paid = more + 0.0 * design
    else:
        paid = 0.5 * (np.asarray(alone, dtype=float) + more)
    theirs = np.where(some, paid, 0.0)
    return Split(design + np.where(some, more, 0.0) - theirs, theirs)


def charged_price(
    variable_cost: ArrayLike, share: ArrayLike, anchor: ArrayLike, margin: ArrayLike
) -> Array:
    """Price of a chip that recovers a share of the design at a margin. [USD].

    Arguments broadcast: variable_cost [USD], share [USD] of the one-off cost, anchor
    [chip] volume, margin [1] gross margin of the provider, below 1.

    (c_var + share / V_1) / (1 - m); not a number without a volume.

    References
    ----------
    EQ-29, EQ-43.
    """
    volume = np.asarray(anchor, dtype=float)
    each = np.asarray(share, float) / np.where(volume > 0.0, volume, np.nan)
    cost = np.asarray(variable_cost, dtype=float) + each
    return cost / (1.0 - np.asarray(margin, dtype=float))


def ceiling_price(
    alternative: ArrayLike, other_cost: ArrayLike, per_price: ArrayLike
) -> Array:
    """Price of a chip at which the customer may as well take its alternative. [USD].

    Arguments broadcast: alternative [USD] cost of the same work over the chip's life,
    other_cost [USD] of running the chip for that life, its price apart, per_price [1]
    cost over the life for each USD of price (resale, upkeep and spares included).

    (alternative - other) / k; negative where running it alone costs more.

    References
    ----------
    EQ-28, EQ-43.
    """
    gap = np.asarray(alternative, dtype=float) - np.asarray(other_cost, dtype=float)
    return gap / np.asarray(per_price, dtype=float)


def present_share(rate: ArrayLike, years: ArrayLike) -> Array:
    """Present value of 1 USD paid evenly over some years, at year ends. [1].

    Arguments broadcast: rate [1/year], years [year], above 0.

    1 / (n CRF(r, n)).

    References
    ----------
    EQ-01.
    """
    return 1.0 / (np.asarray(years, float) * capital_recovery_factor(rate, years))


def financing_gain(
    debt: ArrayLike, debt_rate: ArrayLike, rate: ArrayLike, years: ArrayLike
) -> Array:
    """Present value of borrowing below one's cost of capital. [USD].

    Arguments broadcast: debt [USD] repaid in level payments, debt_rate [1/year] it
    carries, rate [1/year] cost of capital, years [year].

    D (1 - CRF(k_d, n) / CRF(r, n)); negative where debt is the dearer money.

    References
    ----------
    EQ-01, EQ-19.
    """
    cost = capital_recovery_factor(debt_rate, years)
    return np.asarray(debt, float) * (1.0 - cost / capital_recovery_factor(rate, years))


class SharedUnitCost(Model):
    """Cost of one unit with the design spread over both volumes."""

    variable_cost = quantity(4_000.0, "USD", "Making one unit", slider=(100, 20_000))
    nre = quantity(0.5, "BUSD", "One-off cost", slider=(0.01, 20), log=True)
    own = quantity(
        5e5, "chip", "Own chips", inclusive=(False, True), slider=(1e3, 1e7), log=True
    )
    anchor = quantity(1e6, "chip", "Chips of the anchor", slider=(1e3, 1e7), log=True)
    equation, result_unit = staticmethod(shared_unit_cost), "USD"


class ChargedPrice(Model):
    """Price of a chip that recovers a share of the design at a margin."""

    variable_cost = quantity(4_000.0, "USD", "Making one unit", slider=(100, 20_000))
    share = quantity(0.3, "BUSD", "Share of the design", slider=(0.0, 5))
    anchor = quantity(
        1e6, "chip", "Chips of the anchor", inclusive=(False, True), slider=(1e3, 1e7)
    )
    margin = quantity(
        0.3,
        "1",
        "Gross margin of the provider",
        bounds=(None, 1.0),
        inclusive=(True, False),
        slider=(0.0, 0.8),
    )
    equation, result_unit = staticmethod(charged_price), "USD"
