"""Study: what the software port costs, and what being late costs."""

from __future__ import annotations

from typing import Any

import numpy as np

from breakeven.models import port
from breakeven.models.base import Array, Group, fraction, quantity
from breakeven.models.economics import MONTH, YEAR
from breakeven.models.study import Context, Outcome, Output, Study


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
    base, costs = context.base, context.costs
    plan = {name: base["port"][name] for name in Port.quantities()}
    rate = np.log1p(base["finance"]["discount_rate"] * YEAR) / YEAR
    months = np.arange(0.0, np.floor(base["finance"]["horizon"] / MONTH) + 1.0)
    keys = list(context.scenario.options)
    rows: list[dict[str, Array]] = []
    for i, key in enumerate(keys):
        per_work = costs[i].recovery / costs[i].work * context.scale
        design = base[key]["port_cost"] / context.table["count"][i] * per_work
        own = context.table["cost_per_token"][i] - design
        spared = (context.table["cost_per_token"][-1] - own) if i < len(keys) - 1 else np.nan
        saving = spared * context.table["work_per_month"][i] / MONTH
        rows.append(_row(plan, saving, base[key]["port_cost"], rate, months))
    found: dict[str, Any] = {
        name: np.stack(
            [
                np.broadcast_to(
                    row[name],
                    (*context.shape, months.size)
                    if OUTPUTS[name].axis
                    else context.shape,
                )
                for row in rows
            ]
        )
        for name in rows[0]
    }
    return found | {"months": months}


def _row(
    plan: dict[str, Array], saving: Array, upfront: Array, rate: Array, months: Array
) -> dict[str, Array]:
    """Outputs of the port to one option."""
    team = plan["engineers"] * plan["engineer_cost"]
    ready = plan["duration"] + plan["delay"]
    gain = np.asarray(saving * plan["coverage"], float)
    risk = port.hazard(plan["change_chance"], np.asarray(YEAR)), plan["carried"]
    horizon, zero = np.asarray(months[-1] * MONTH), np.asarray(0.0)
    flow = (upfront, team, gain, *risk)
    value = port.port_cash(horizon, ready, *flow, rate)
    on_time = port.port_cash(horizon, plan["duration"], *flow, rate)
    cost = -port.port_cash(horizon, ready, upfront, team, 0.0 * gain, *risk, rate)
    curves = [
        port.port_cash(
            months * MONTH,
            *(np.asarray(v, float)[..., None] for v in (moment, *flow)),
            zero,
        )
        for moment in (ready, plan["duration"])
    ]
    return {
        "cash": curves[0],
        "cash_on_time": curves[1],
        "ready": ready / MONTH + 0.0 * gain,
        "cost": upfront + team * ready + 0.0 * gain,
        "saving": gain * MONTH,
        "payback": port.payback_time(ready, *flow) / MONTH,
        "value": value,
        "value_on_time": on_time,
        "lateness": on_time - value,
        "breakeven_delay": port.breakeven_delay(
            plan["duration"], horizon, *flow, rate
        )
        / MONTH,
        "breakeven_coverage": port.breakeven_coverage(
            value + cost, cost, plan["coverage"]
        ),
    }


def _by_option(unit: str, label: str, axis: str = "") -> Output:
    return Output(unit, label, axis, by_option=True)


OUTPUTS = {
    "months": Output("month", "Months", "months", shared=True),
    "cash": _by_option("USD", "Cumulative cash of the port", "months"),
    "cash_on_time": _by_option("USD", "The same without delay", "months"),
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

STUDY = Study("port", "Software port", Port, _outcome, OUTPUTS)
