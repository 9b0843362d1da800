"""Study: what the software port costs, and what being late costs."""

from __future__ import annotations

from typing import Any

import numpy as np

from breakeven.models import port
from breakeven.models.base import Array, Group, fraction, quantity
from breakeven.models.economics import MONTH, YEAR
from breakeven.models.study import Context, Outcome, Output, Study

DELAYS = np.arange(0.0, 37.0)


class Port(Group):
    """The team that moves the workload to another chip, and what may go wrong."""

    engineers = quantity(
        None, "1", "Engineers who work on the port", slider=(1, 200), log=True
    )
    duration = quantity(
        None, "month", "Months until the port is ready, as planned", slider=(0, 36)
    )
    engineer_cost = quantity(
        None,
        "USD/year",
        "Cost of one engineer a year, all in",
        slider=(100_000, 1_000_000),
    )
    coverage = fraction(None, "Share of the spending that moves to the new chip")
    delay = quantity(
        None,
        "month",
        "Months that the port is late; the team is paid, nothing is saved",
        slider=(0, 36),
    )
    change_chance = quantity(
        None,
        "1",
        "Chance that the model family changes within a year",
        bounds=(0.0, 1.0),
        inclusive=(True, False),
        slider=(0.0, 0.9),
    )
    carried = fraction(
        None, "Share of the port that still serves after a change of model family"
    )


def _outcome(context: Context) -> Outcome:
    """Cash and value of the port to each option, the reference left out."""
    base = context.base
    horizon = np.floor(base["finance"]["horizon"] / MONTH)
    axes = {"months": np.arange(0.0, horizon + 1.0), "delays": DELAYS}
    movers = list(context.scenario.options)[:-1]
    rows = [
        _row(base, _saving(context, i), base[key]["port_cost"], axes)
        for i, key in enumerate(movers)
    ]
    # nothing moves to the reference, where it is
    rows.append(dict.fromkeys(rows[0], np.asarray(np.nan)))
    found: dict[str, Any] = dict(axes)
    for name in rows[0]:
        axis = OUTPUTS[name].axis
        shape = (*context.shape, *((axes[axis].size,) if axis else ()))
        found[name] = np.stack([np.broadcast_to(row[name], shape) for row in rows])
    return found


def _saving(context: Context, i: int) -> Array:
    """Saving of an option against the reference when all of the work moves. [USD/s].

    Its one-off cost of a port is taken out: here it is paid at the start.
    """
    cost, key = context.costs[i], list(context.scenario.options)[i]
    each = context.base[key]["port_cost"] / context.table["count"][i]
    once = each * cost.recovery / cost.work * context.scale
    own = context.table["cost_per_token"][i] - once
    spared = context.table["cost_per_token"][-1] - own
    return np.asarray(spared * context.table["work_per_month"][i] / MONTH)


def _row(
    base: dict[str, dict[str, Any]],
    saving: Array,
    upfront: Array,
    axes: dict[str, Array],
) -> dict[str, Array]:
    """Outputs of the port to one option."""
    given = base["port"]
    rate = np.log1p(base["finance"]["discount_rate"] * YEAR) / YEAR
    planned, ready = given["duration"], given["duration"] + given["delay"]
    gain = np.asarray(saving * given["coverage"], float)
    changes = port.hazard(given["change_chance"], np.asarray(YEAR))
    team = given["engineers"] * given["engineer_cost"]
    plan = port.Plan(upfront, team, gain, changes, given["carried"])
    end = np.asarray(axes["months"][-1] * MONTH)
    value, on_time = (port.port_cash(end, at, plan, rate) for at in (ready, planned))
    cost = -port.port_cash(end, ready, plan._replace(saving=0.0 * gain), rate)
    wide = port.Plan(*(_last(part) for part in plan))
    later = _last(planned) + axes["delays"] * MONTH
    left = port.breakeven_delay(planned, end, plan, rate)
    return {
        "cash": _by_month(axes["months"], ready, wide),
        "cash_on_time": _by_month(axes["months"], planned, wide),
        "value_by_delay": port.port_cash(end, later, wide, _last(rate)),
        "delay": given["delay"] / MONTH + 0.0 * gain,
        "ready": ready / MONTH + 0.0 * gain,
        "cost": upfront + team * ready + 0.0 * gain,
        "saving": gain * MONTH,
        "payback": port.payback_time(ready, plan) / MONTH,
        "value": value,
        "value_on_time": on_time,
        "lateness": on_time - value,
        "breakeven_delay": left / MONTH,
        "breakeven_coverage": port.breakeven_coverage(
            value + cost, cost, given["coverage"]
        ),
    }


def _by_month(months: Array, ready: Array, plan: port.Plan) -> Array:
    """Cash at the end of each month, undiscounted. [USD]."""
    return port.port_cash(months * MONTH, _last(ready), plan, np.asarray(0.0))


def _last(value: Any) -> Array:
    """A value with one more axis at the end, for months or delays."""
    return np.asarray(value, float)[..., None]


def _by_option(unit: str, label: str, axis: str = "") -> Output:
    return Output(unit, label, axis, by_option=True)


OUTPUTS = {
    "months": Output("month", "Months", "months", shared=True),
    "delays": Output("month", "Delay beyond the plan", "delays", shared=True),
    "cash": _by_option("USD", "Cumulative cash of the port", "months"),
    "cash_on_time": _by_option("USD", "The same without delay", "months"),
    "value_by_delay": _by_option("USD", "Net present value by delay", "delays"),
    "delay": _by_option("month", "Delay beyond the plan"),
    "ready": _by_option("month", "Month in which the port is ready"),
    "cost": _by_option("USD", "Paid for the port"),
    "saving": _by_option("USD/month", "Saving once ready"),
    "payback": _by_option("month", "Month in which the port has paid for itself"),
    "value": _by_option("USD", "Net present value of the port"),
    "value_on_time": _by_option("USD", "Net present value without delay"),
    "lateness": _by_option("USD", "Value lost to the delay"),
    "breakeven_delay": _by_option("month", "Delay at which nothing is left"),
    "breakeven_coverage": _by_option("1", "Coverage at which the port pays"),
}

PORT = Study("port", "Software port", Port, _outcome, OUTPUTS)
