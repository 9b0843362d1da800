"""Study: what if a supplier slips or cuts the allocation, and a second source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from breakeven.models import supply
from breakeven.models.base import Array, Group, fraction, quantity
from breakeven.models.economics import MONTH
from breakeven.models.study import Context, Outcome, Output, Study

CHANCES = np.linspace(0.0, 1.0, 51)


class Supply(Group):
    """What may go wrong at a supplier, and what a second one would cost."""

    slip_chance = fraction(
        None, "Chance that the supplier delivers late within the period"
    )
    slip = quantity(None, "month", "Months by which deliveries slip", slider=(0, 24))
    cut_chance = fraction(
        None, "Chance that the supplier cuts the allocation for the period"
    )
    cut = fraction(None, "Share of the allocation that is cut")
    period = quantity(
        None,
        "month",
        "Months that are looked at",
        inclusive=(False, True),
        slider=(3, 60),
    )
    spot_premium = quantity(
        None,
        "1",
        "Cost of work on the spot market, over that of the reference",
        slider=(0.5, 6),
    )
    second_share = fraction(None, "Share of the volume that the second source holds")
    second_premium = quantity(
        None,
        "1",
        "Cost of work on the second source, over that of the first",
        slider=(0.5, 3),
    )
    second_surge = fraction(
        None, "Share of the demand that the second source adds at short notice"
    )
    common = fraction(
        None, "Share of failures that hit both sources: same foundry, same memory"
    )
    second_port = quantity(
        None, "MUSD", "One-off cost of qualifying and porting to it", slider=(0, 500)
    )

    def rule(self, given: Mapping[str, ArrayLike]) -> str:
        """Rule between the chances that is broken; empty when they stand."""
        chances = [
            np.asarray(given[name] if name in given else getattr(self, name) or 0.0)
            for name in ("slip_chance", "cut_chance")
        ]
        total = float(np.max(chances[0] + chances[1], initial=0.0))
        if total <= 1.0 + 1e-12:
            return ""
        names = "supply.slip_chance + supply.cut_chance"
        return f"{names} = {total:g}: the chances must add up to at most 1"


def _outcome(context: Context) -> Outcome:
    """Expected and worst cost of each option's supply, with and without a second."""
    given = context.base["supply"]
    rows = [_row(context, i, given) for i in range(len(context.scenario.options))]
    found: dict[str, Any] = {"chances": CHANCES}
    for name in rows[0]:
        axis = (CHANCES.size,) if OUTPUTS[name].axis else ()
        shape = (*context.shape, *axis)
        found[name] = np.stack([np.broadcast_to(row[name], shape) for row in rows])
    return found


def _row(context: Context, i: int, given: dict[str, Array]) -> dict[str, Array]:
    """Outputs of one option; the present chance comes before those of the curve."""
    wrong = np.asarray(given["slip_chance"] + given["cut_chance"], float)
    certain = wrong > 0.0
    slips = _last(given["slip_chance"] / np.where(certain, wrong, 1.0))
    slips = np.where(_last(certain), slips, 0.5)
    work = _last(context.table["work_per_month"][i] * given["period"] / MONTH)
    port, sourcing = _last(given["second_port"]), _sourcing(context, i, given)
    curve = np.broadcast_to(CHANCES, (*wrong.shape, CHANCES.size))
    chance = np.concatenate([_last(wrong), curve], axis=-1)
    one = work * supply.single_expectation(chance, slips, sourcing)
    two = work * supply.dual_expectation(chance, slips, sourcing) + port
    now = _last(wrong), slips, sourcing
    gain = one - two
    return {
        "single": one[..., 0],
        "dual": two[..., 0],
        "undisturbed": (work * sourcing.cost)[..., 0],
        "worst_single": (work * supply.worst_cost(*now, dual=False))[..., 0],
        "worst_dual": (work * supply.worst_cost(*now, dual=True) + port)[..., 0],
        "saving": gain[..., 0],
        "paying_chance": supply.paying_chance(
            *(gain[..., 1 + k] for k in (0, CHANCES.size // 2, CHANCES.size - 1))
        ),
        "disruption": wrong,
        "spot_cost": sourcing.spot[..., 0],
        "single_by_chance": one[..., 1:],
        "dual_by_chance": two[..., 1:],
    }


def _sourcing(context: Context, i: int, given: dict[str, Array]) -> supply.Sourcing:
    """Prices and shares of an option, with an axis for the chances at the end."""
    cost = _last(context.table["cost_per_token"][i])
    spot = _last(context.table["cost_per_token"][-1] * given["spot_premium"])
    late = np.minimum(given["slip"] / given["period"], 1.0)
    return supply.Sourcing(
        cost=cost,
        second_cost=cost * _last(given["second_premium"]),
        spot=spot,
        share=_last(given["second_share"]),
        surge=_last(given["second_surge"]),
        common=_last(given["common"]),
        missing=(np.asarray(0.0), _last(late), _last(given["cut"])),
    )


def _last(value: Any) -> Array:
    """A value with one more axis at the end, for the chances."""
    return np.asarray(value, float)[..., None]


def _by_option(unit: str, label: str, axis: str = "") -> Output:
    return Output(unit, label, axis, by_option=True)


OUTPUTS = {
    "chances": Output("1", "Chance of a disruption", "chances", shared=True),
    "single": _by_option("USD", "Expected cost with one source"),
    "dual": _by_option("USD", "Expected cost with a second source"),
    "undisturbed": _by_option("USD", "Cost when nothing goes wrong"),
    "worst_single": _by_option("USD", "Worst case with one source"),
    "worst_dual": _by_option("USD", "Worst case with a second source"),
    "saving": _by_option("USD", "Expected saving of the second source"),
    "paying_chance": _by_option("1", "Chance from which the second source pays"),
    "disruption": _by_option("1", "Chance that anything goes wrong"),
    "spot_cost": _by_option("USD/{scaled}", "Cost of work on the spot market"),
    "single_by_chance": _by_option("USD", "Expected cost, one source", "chances"),
    "dual_by_chance": _by_option("USD", "Expected cost, two sources", "chances"),
}

SUPPLY = Study("supply", "Supply risk", Supply, _outcome, OUTPUTS)
