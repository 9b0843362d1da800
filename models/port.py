"""What moving to another chip costs, and what being late costs: cash and value.

A team works until the port is ready; from then on the workload saves money at a steady
rate, unless the model family changes and takes part of the port with it. Time runs on
without steps, so that every answer moves smoothly with every input.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from breakeven.models.base import Array

_STEPS = 60  # of Newton's method; a handful is enough, the rest is never reached
_CLOSE = 1e-12


class Plan(NamedTuple):
    """What a port costs and saves; fields broadcast.

    ``upfront`` [USD] paid at the start, ``team_cost`` [USD/s] until it is ready,
    ``saving`` [USD/s] from then on, ``change_rate`` [1/s] of the model family,
    ``carried`` [1] the share of the port that survives such a change.
    """

    upfront: Array
    team_cost: Array
    saving: Array
    change_rate: Array
    carried: Array


def weighted_time(start: Array, end: Array, decay: Array) -> Array:
    """Time between two moments, each moment weighed by what is left then. [s].

    ``integral of exp(-k t)`` from start to end, and ``end - start`` at k = 0.

    Parameters
    ----------
    start
        First moment. [s]
    end
        Last moment, not before the first. [s]
    decay
        Rate at which the weight falls: discount, hazard, or both. [1/s]

    References
    ----------
    Own definition.
    """
    span = np.asarray(end, float) - start
    rate = np.asarray(decay, float) * span
    flat = np.abs(rate) < 1e-8  # the next term of the series is below rounding
    safe = np.where(flat, 1.0, rate)
    mean = np.where(flat, 1.0 - 0.5 * rate, -np.expm1(-safe) / safe)
    return span * np.exp(-np.asarray(decay, float) * start) * mean


def hazard(chance: Array, period: Array) -> Array:
    """Rate of an event that happens within a period with a given chance. [1/s].

    ``-ln(1 - p) / T``.

    Parameters
    ----------
    chance
        Chance within the period, below 1. [1]
    period
        The period. [s]

    References
    ----------
    Own definition: events at a constant rate.
    """
    return -np.log1p(-np.asarray(chance, float)) / period


def saving_time(
    start: Array, end: Array, change_rate: Array, carried: Array, discount: Array
) -> Array:
    """Expected time in which a port saves money, discounted. [s].

    ``integral of exp(-d t) (k + (1 - k) exp(-h t))``: once the model family has
    changed, the share k of the port still serves.

    Parameters
    ----------
    start
        When the port is ready. [s]
    end
        End of the time looked at, not before the start. [s]
    change_rate
        Rate of changes of the model family, from today on. [1/s]
    carried
        Share of the port that survives a change. [1]
    discount
        Continuous discount rate. [1/s]

    References
    ----------
    EQ-42, savings weighed by the chance that the model is still on the roadmap.
    """
    lasting = weighted_time(start, end, discount)
    fading = weighted_time(start, end, np.asarray(discount, float) + change_rate)
    return carried * lasting + (1.0 - np.asarray(carried, float)) * fading


def port_cash(time: Array, ready: Array, plan: Plan, discount: Array) -> Array:
    """Expected cash of a port from today up to a moment. [USD].

    ``-M - w t`` while the team works, plus the saving from then on. With a discount it
    is the net present value of all that happens up to that moment.

    Parameters
    ----------
    time
        The moment. [s]
    ready
        When the port is done, delay included; the team is paid until then. [s]
    plan
        What it costs and saves. [mixed]
    discount
        Continuous discount rate, 0 for cash as it flows. [1/s]

    References
    ----------
    EQ-42.
    """
    worked = weighted_time(np.asarray(0.0), np.minimum(time, ready), discount)
    end, risk = np.maximum(time, ready), (plan.change_rate, plan.carried)
    serving = saving_time(ready, end, *risk, discount)
    return plan.saving * serving - plan.upfront - plan.team_cost * worked


def payback_time(ready: Array, plan: Plan) -> Array:
    """Time after which a port has earned back what it cost, NaN when never. [s].

    ``d + M / saving`` when no change of the model family is expected. Otherwise found
    by Newton's method: cash rises ever more slowly, so each step stops short of the
    answer and none overshoots.

    Parameters
    ----------
    ready
        When the port is done. [s]
    plan
        What it costs and saves. [mixed]

    References
    ----------
    EQ-42.
    """
    spent = plan.upfront + plan.team_cost * np.asarray(ready, float)
    keep, rate = np.asarray(plan.carried, float), np.asarray(plan.change_rate, float)
    gain = np.where(np.asarray(plan.saving) > 0.0, plan.saving, np.nan)
    fading = (1.0 - keep) * np.exp(-rate * ready)
    with np.errstate(over="ignore"):  # what a port that fades for good can ever earn
        lasts = np.where(rate > 0.0, fading / np.where(rate > 0.0, rate, 1.0), np.inf)
        enough = gain * lasts > spent * (1.0 + 1e-9)
    gain = np.where((keep > 0.0) | enough, gain, np.nan)
    time = np.asarray(ready, float) + 0.0 * gain
    with np.errstate(all="ignore"):  # an answer beyond all numbers is none
        for _ in range(_STEPS):
            serving = saving_time(ready, time, rate, keep, np.asarray(0.0))
            slope = keep + (1.0 - keep) * np.exp(-rate * time)
            step = (spent / gain - serving) / slope
            time = time + step
            if not np.any(np.abs(step) > _CLOSE * np.abs(time)):
                break
    return np.where(np.isfinite(time), time, np.nan)


def breakeven_delay(
    planned: Array, horizon: Array, plan: Plan, discount: Array
) -> Array:
    """Delay beyond the plan at which a port is worth nothing, NaN when none. [s].

    NaN when it is worth nothing even on time. Found by Newton's method: the value falls
    with the delay ever more slowly, so no step overshoots.

    Parameters
    ----------
    planned
        When the port is ready on time. [s]
    horizon
        End of the time looked at. [s]
    plan
        What it costs and saves. [mixed]
    discount
        Continuous discount rate. [1/s]

    References
    ----------
    EQ-42.
    """
    keep = np.asarray(plan.carried, float)
    on_time = port_cash(horizon, planned, plan, discount)
    good = (on_time >= 0.0) & (np.asarray(planned) < horizon)
    ready = np.where(good, planned, np.nan)
    for _ in range(_STEPS):
        value = port_cash(horizon, ready, plan, discount)
        left = keep + (1.0 - keep) * np.exp(-np.asarray(plan.change_rate) * ready)
        earned = plan.team_cost + plan.saving * left
        step = value / (np.exp(-np.asarray(discount) * ready) * earned)
        ready = ready + step
        if not np.any(np.abs(step) > _CLOSE * np.abs(ready)):
            break
    return ready - planned


def breakeven_coverage(
    saving_value: Array, cost_value: Array, coverage: Array
) -> Array:
    """Share of the spending that has to move for a port to pay, NaN when none. [1].

    ``coverage x cost / saving``, both as present values.

    Parameters
    ----------
    saving_value
        Present value of the saving at the present coverage. [USD]
    cost_value
        Present value of the cost of the port. [USD]
    coverage
        Share of the spending that moves. [1]

    References
    ----------
    EQ-42, solved for the coverage.
    """
    gain = np.where(np.asarray(saving_value) > 0.0, saving_value, np.nan)
    share = coverage * np.asarray(cost_value, float) / gain
    return np.where(share <= 1.0, share, np.nan)
