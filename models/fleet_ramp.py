"""The study ``ramp``: the way to the fleet, quarter by quarter, by HiGHS.

The steady mix says where a site ends. On the way there, power comes hall by hall, and
what is bought early is charged for longer: another programme, solved for each draw.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from breakeven.models.base import Array, Group
from breakeven.models.economics import YEAR
from breakeven.models.fleet_terms import QUARTER, Terms, risen, terms
from breakeven.models.study import Context, Output, Study

if TYPE_CHECKING:
    from breakeven.models.fleet import Fleet, Plan

__all__ = ["RAMP"]

LONGEST = 24  # quarters

OUTPUTS: dict[str, Output] = {
    "cap": Output("MW", "Facility power of the site", "quarter"),
    "power": Output("MW", "Facility power in use", "quarter", by_option=True),
    "in_use": Output("chip", "Chips at work", "quarter", by_option=True),
    "bought": Output("chip", "Chips bought", "quarter", by_option=True),
    "margin": Output("USD", "Present margin over all quarters"),
    "work": Output("{scaled}", "Work over all quarters"),
    "plain_margin": Output("USD", "Present margin if nothing goes wrong"),
    "plain_work": Output("{scaled}", "Work if nothing goes wrong"),
    "power_worth": Output("USD/MW", "One more MW in every quarter"),
    "power_work": Output("{scaled}/MW", "One more MW in every quarter"),
    "budget_worth": Output("USD/BUSD", "One more billion dollars of budget"),
    "budget_work": Output("{scaled}/BUSD", "One more billion dollars of budget"),
}


class Ramp(Group):
    """The way to the fleet has no inputs beyond those of fleet and allocation."""


def _evaluate(context: Context) -> dict[str, Any]:
    """Outputs of every draw, one programme each, two where something goes wrong."""
    given = terms(context)
    aim = context.scenario.studied["fleet"].aim  # type: ignore[attr-defined]
    rate = np.broadcast_to(context.base["finance"]["discount_rate"], context.shape)
    parts = [
        _outputs(given.piece(slice(place, place + 1)), aim, context, float(one))
        for place, one in enumerate(rate.reshape(-1) * YEAR)
    ]
    found = {}
    for name, output in OUTPUTS.items():
        value = np.stack([part[name] for part in parts])
        value = value.reshape((*context.shape, *value.shape[1:]))
        if output.by_option:
            value = np.moveaxis(value, len(context.shape), 0)
        found[name] = value
    return found


def _outputs(given: Terms, aim: str, context: Context, rate: float) -> dict[str, Any]:
    """Outputs of one draw."""
    from breakeven.models.fleet_plan import best_plan  # the solver: when it is asked

    objective = "margin" if aim == "margin" else "tokens"
    if objective == "margin" and not np.isfinite(given.price[0]):
        return _nothing(len(context.costs))
    keys = tuple(context.scenario.options)
    fleet = fleet_of(given, objective, keys, rate)
    best = best_plan(fleet)
    calm = given.plain()
    troubled = any(
        (getattr(given, n) != 0).any() for n in ("late", "short", "price_rise")
    )
    plain = best
    if troubled:
        plain = best_plan(
            fleet_of(calm, objective, tuple(context.scenario.options), rate)
        )
    if not best.ok:
        return _nothing(len(context.costs))
    work = "work" if aim == "work" else "worth"
    found = _nothing(len(context.costs))
    scale = context.scale
    found |= _courses(fleet, best) | _totals(fleet, best, "", scale)
    found |= _totals(fleet, plain, "plain_", scale)
    assert best.worth is not None
    size = scale if aim == "work" else 1.0
    found[f"power_{work}"] = np.asarray(best.worth.power.sum() * 1e6 / size)
    found[f"budget_{work}"] = np.asarray(best.worth.budget * 1e9 / size)
    return found


def _nothing(options: int) -> dict[str, Any]:
    """Outputs where there is no mix."""
    shapes = {
        n: (options, LONGEST) if o.by_option else (LONGEST,) if o.axis else ()
        for n, o in OUTPUTS.items()
    }
    return {name: np.full(shape, np.nan) for name, shape in shapes.items()}


def _courses(fleet: Fleet, best: Plan) -> dict[str, Array]:
    """Courses over the quarters, not a number after the last."""
    in_use = best.in_use
    rows = {
        "cap": fleet.power_cap / 1e6,
        "power": in_use * fleet.power[:, None] / 1e6,
        "in_use": in_use,
        "bought": best.bought,
    }
    found = {}
    for name, row in rows.items():
        longer = np.full((*row.shape[:-1], LONGEST), np.nan)
        longer[..., : row.shape[-1]] = row
        found[name] = longer
    return found


def _totals(fleet: Fleet, best: Plan, prefix: str, scale: float) -> dict[str, Any]:
    """Margin and work of a plan."""
    return {
        f"{prefix}margin": np.asarray(best.revenue - best.cost),
        f"{prefix}work": np.asarray(best.served.sum() * fleet.period / scale),
    }


def fleet_of(given: Terms, objective: str, keys: tuple[str, ...], rate: float) -> Fleet:
    """Programme of one draw of a scenario's terms. [mixed].

    Parameters
    ----------
    given
        Terms of one draw. [mixed]
    objective
        margin or tokens. [text]
    keys
        Keys of the options. [text]
    rate
        Discount rate. [1/year]

    References
    ----------
    EQ-39 by quarter.
    """
    from breakeven.models.fleet import Fleet
    from breakeven.models.fleet_build import ramped

    now = risen(given)
    quarters = round(float(now.quarters[0]))
    every = np.arange(quarters)

    def each(values: Array) -> Array:
        return np.repeat(values[0][:, None], quarters, axis=1)

    least = {
        k: float(s) for k, s in zip(keys, now.least_share[0], strict=True) if s > 0
    }
    most = {k: float(s) for k, s in zip(keys, now.most_share[0], strict=True) if s < 1}
    return Fleet(
        chips=keys,
        workloads=("work",),
        vendors=keys,
        rate=now.work.T,
        running=now.running.T,
        charge=each(now.charge),
        purchase=each(now.purchase),
        one_off=now.one_off[0],
        one_off_charge=(now.one_off * now.recovery)[0],
        power=now.power[0],
        weight=now.power[0],
        supply=_supply(now, every),
        existing=np.zeros(len(keys)),
        demand=np.full((1, quarters), now.demand[0]),
        price=np.full((1, quarters), now.price[0]),
        power_cap=ramped(float(now.power_cap[0]), float(now.ramp[0]), quarters),
        budget=float(now.budget[0]),
        discount=np.exp(-np.log1p(rate) * (every + 0.5) / 4.0),
        period=QUARTER,
        objective=objective,
        least_share=least,
        most_share=most,
    )


def _supply(now: Terms, every: Any) -> Array:
    """Most deliveries of each chip in each quarter."""
    late = now.late[0][:, None] / QUARTER
    part = np.clip(every + 1.0 - late, 0.0, 1.0)
    flow = now.delivery[0][:, None] * QUARTER * (1.0 - now.short[0][:, None])
    with np.errstate(invalid="ignore"):
        supply = np.where(part > 0.0, flow * part, 0.0)
    supply = np.where(np.isnan(supply), 0.0, supply)
    return np.where(now.able[0][:, None], supply, 0.0)


RAMP = Study(
    name="ramp",
    title="Way to the fleet",
    group=Ramp,
    evaluate=_evaluate,
    outputs=OUTPUTS,
    needs=("fleet", "allocation"),
)
