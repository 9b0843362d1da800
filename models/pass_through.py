"""The lowest price that an owner could charge, as chips, prices and software improve.

Three lines by month. What a fleet bought today has to earn falls as its software gets
faster. What a fleet bought later has to earn falls by that and by what a dollar buys.
And below its running cost today's fleet is switched off (EQ-41).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from breakeven.models import units
from breakeven.models.base import Array, Group, Model, quantity
from breakeven.models.study import Context, Output, Study

MONTHS = np.arange(0.0, 61.0)
_YEAR = units.factor("year")
_MONTH = units.factor("month")


def software_speed(time: Array, gain: Array, settling_time: Array) -> Array:
    """Speed of a chip over its speed today, as its software matures. [1].

    ``1 + (g - 1) (1 - exp(-t / tau))``: fast at first, then less and less.

    Parameters
    ----------
    time
        Time from now. [s]
    gain
        Speed in the end over the speed today. [1]
    settling_time
        Time after which 63 % of the gain is there. [s]

    References
    ----------
    Own definition.
    """
    return 1.0 - (np.asarray(gain) - 1.0) * np.expm1(-np.asarray(time) / settling_time)


def price_floor(cost: Array, margin: Array) -> Array:
    """Lowest price at a gross margin. [USD].

    ``cost / (1 - margin)``.

    Parameters
    ----------
    cost
        Full cost. [USD]
    margin
        Gross margin that the owner keeps. [1]

    References
    ----------
    EQ-29.
    """
    return cost / (1.0 - np.asarray(margin))


def falling(start: Array, rate: Array, time: Array) -> Array:
    """A price that falls by the same share each year. [USD].

    ``p (1 + r)^-t``; r is the yearly rise of what a dollar buys.

    Parameters
    ----------
    start
        Price now. [USD]
    rate
        Yearly growth of what a dollar buys. [1/s]
    time
        Time from now. [s]

    References
    ----------
    Own definition.
    """
    years = np.asarray(time) / _YEAR
    return start * np.exp(-years * np.log1p(np.asarray(rate) * _YEAR))


class SoftwareSpeed(Model):
    """Speed of a chip over its speed today, as its software matures."""

    time = quantity(12.0, "month", "Time from now", slider=(0, 60))
    gain = quantity(
        1.5,
        "1",
        "Speed in the end over the speed today",
        bounds=(1, None),
        slider=(1, 4),
    )
    settling_time = quantity(
        12.0,
        "month",
        "Time after which 63 % of it is there",
        inclusive=(False, True),
        slider=(1, 36),
    )
    equation, result_unit = staticmethod(software_speed), "1"


class PassThrough(Group):
    """How chips, prices and software improve, and what the owner keeps."""

    hardware_gain = quantity(
        None,
        "1/year",
        "Growth of what a dollar of new hardware does at a fixed precision",
        slider=(0, 0.8),
    )
    software_gain = quantity(
        None,
        "1",
        "Speed that software of the same chip reaches over the speed today",
        bounds=(1, None),
        slider=(1, 4),
    )
    settling_time = quantity(
        None,
        "month",
        "Time after which 63 % of the software's gain is there",
        inclusive=(False, True),
        slider=(1, 36),
    )
    margin = quantity(
        None,
        "1",
        "Gross margin that the owner keeps",
        bounds=(0, 1),
        inclusive=(True, False),
        slider=(0, 0.9),
    )
    market_decline = quantity(
        None,
        "1",
        "Factor by which list prices of LLM services fell in a year at the same "
        "capability: smaller models are most of it",
        bounds=(1, None),
        slider=(1, 1000),
        log=True,
    )


def _curve(label: str, *, by_option: bool = True) -> Output:
    return Output("USD/{scaled}", label, axis="months", by_option=by_option)


OUTPUTS = {
    "months": Output("month", "Months from now", axis="months", shared=True),
    "keep_price": _curve("Lowest price of a fleet bought today"),
    "new_price": _curve("Lowest price of a fleet bought in that month"),
    "floor_price": _curve("Running cost of a fleet bought today"),
    "task_price": Output(
        "USD", "Lowest price of a task", axis="months", by_option=True
    ),
    "market_price": _curve("Market price, were it today's lowest", by_option=False),
    "market_low": _curve("The same, fastest decline", by_option=False),
    "market_high": _curve("The same, slowest decline", by_option=False),
    "retirement": Output(
        "month", "Month from which a new fleet beats running the old", by_option=True
    ),
}


def evaluate(context: Context) -> dict[str, Any]:
    """Outputs of the study for every option. [mixed].

    Parameters
    ----------
    context
        Inputs and the core's results. [mixed]

    References
    ----------
    EQ-29, EQ-41.
    """
    given = {n: _last(v) for n, v in context.base["passthrough"].items()}
    time = MONTHS * _MONTH
    speed = software_speed(time, given["software_gain"], given["settling_time"])
    cost = _last(context.table["cost_per_token"])
    running = np.stack(
        [context.spread(c.running / c.work * context.scale) for c in context.costs]
    )
    full = price_floor(cost, given["margin"])
    keep = full / speed
    new = falling(keep, given["hardware_gain"], time)
    floor = _last(running) / speed
    best = np.min(np.where(np.isfinite(new), new, np.inf), axis=0)
    work = context.base["workload"]
    tokens = _last(work["calls_per_task"] * work["output_length"] / context.scale)
    cores = _last(work["calls_per_task"] * work["core_seconds"] / context.scale)
    each = {"serving": tokens, "cpu": cores}.get(context.scenario.workload.kind, np.nan)
    start = np.min(np.where(np.isfinite(full), full, np.inf), axis=0)
    start = np.where(np.isfinite(start), start, np.nan)
    market = [start * f ** (-time / _YEAR) for f in _declines(context)]
    shape = (*context.shape, MONTHS.size)
    found = {"keep_price": keep, "new_price": new, "floor_price": floor}
    found["task_price"] = new * each
    table = {n: np.broadcast_to(v, (len(cost), *shape)) for n, v in found.items()}
    names = ("market_price", "market_low", "market_high")
    table |= {n: np.broadcast_to(v, shape) for n, v in zip(names, market, strict=True)}
    return table | {"months": MONTHS, "retirement": _retirement(floor, best)}


def _declines(context: Context) -> list[Array]:
    """Yearly factor of the market: middle, fastest, slowest; a set one has no range."""
    value = _last(context.base["passthrough"]["market_decline"])
    evidence = context.scenario.evidence.get("passthrough.market_decline")
    ends = (None, None) if evidence is None else (evidence.high, evidence.low)
    return [value, *(value if end is None else np.asarray(end) for end in ends)]


def _retirement(floor: Array, best: Array) -> Array:
    """First month in which the best new fleet costs less than running the old."""
    beaten = floor > best
    first = np.argmax(beaten, axis=-1)
    return np.where(beaten.any(axis=-1), MONTHS[first], np.nan)


def _last(value: Any) -> Array:
    """A value with one more axis at the end, not a number where it is unknown."""
    return np.asarray(np.nan if value is None else value, float)[..., None]


PASS_THROUGH = Study(
    name="passthrough",
    title="Pass-through",
    group=PassThrough,
    evaluate=evaluate,
    outputs=OUTPUTS,
)
