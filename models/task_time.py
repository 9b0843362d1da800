"""How long a task of an agent takes: sums of many steps, each with a heavy tail.

Means say nothing about a wait: a few tool calls in a hundred carry most of the tool
time. So cost follows means, and a wait follows percentiles: the number of steps, the
tokens of each and the time of each tool call are lognormal through their median and
their 90th percentile, and the sums are taken over points that fill the cube of the
three evenly.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from breakeven.models.base import Array, Model, fraction, quantity

_UPPER = float(ndtri(0.9))  # standard scores between a median and a 90th percentile
POINTS = 256
# Root of x^4 = x + 1: its powers move along each axis of the cube without ever meeting.
_STEP = 1.2207440846057596
_CUBE = ndtri(
    (0.5 + np.arange(1, POINTS + 1)[:, None] * _STEP ** -np.arange(1.0, 4.0)) % 1.0
).T


def spread(p50: Array, p90: Array) -> Array:
    """Standard deviation of the logarithm of a lognormal through two percentiles. [1].

    ``s = ln(p90 / p50) / 1.2816``; 0 where the median is 0: nothing varies.

    Parameters
    ----------
    p50
        Median. [any unit]
    p90
        90th percentile. [the same unit]

    References
    ----------
    Own definition.
    """
    safe = np.where(np.asarray(p50) > 0.0, p50, 1.0)
    ratio = np.where(np.asarray(p50) > 0.0, np.asarray(p90) / safe, 1.0)
    return np.log(ratio) / _UPPER


def lognormal_mean(p50: Array, p90: Array) -> Array:
    """Mean of a lognormal through two percentiles. [unit of the arguments].

    ``p50 exp(s^2 / 2)``.

    Parameters
    ----------
    p50
        Median. [any unit]
    p90
        90th percentile. [the same unit]

    References
    ----------
    Own definition.
    """
    return p50 * np.exp(spread(p50, p90) ** 2 / 2.0)


def _sum(count: Array, mean: Array, variation: Array, score: Array) -> Array:
    """Sum of ``count`` draws at a standard score, itself taken as lognormal.

    ``variation`` is the squared coefficient of variation of one draw; that of the sum
    is smaller by the count (Fenton's moments).
    """
    some = np.where(count > 0.0, count, 1.0)
    share = np.log1p(variation / some)
    total = some * mean * np.exp(np.sqrt(share) * score - share / 2.0)
    return np.where(count > 0.0, total, 0.0)


def task_time(
    share: Array,
    steps_p50: Array,
    steps_p90: Array,
    ttft: Array,
    tpot: Array,
    output_p50: Array,
    output_p90: Array,
    tool_calls: Array,
    tool_time_p50: Array,
    tool_time_p90: Array,
) -> Array:
    """Time that a share of tasks does not exceed, from request to end. [s].

    Each step waits for its first token, then decodes; tools run one after the other,
    as many as a Poisson law gives. Users who think, and containers that start, are not
    in it. The three lengths are taken as independent: where long tasks have longer
    prompts, the tail is heavier.

    Parameters
    ----------
    share
        Share of tasks. [1]
    steps_p50
        Median number of LLM calls of a task. [step]
    steps_p90
        90th percentile of it. [step]
    ttft
        Time to first token. [s]
    tpot
        Time per output token. [s]
    output_p50
        Median of the tokens of one call. [token]
    output_p90
        90th percentile of them. [token]
    tool_calls
        Mean tool calls of a step. [call]
    tool_time_p50
        Median time of a tool call. [s]
    tool_time_p90
        90th percentile of it. [s]

    References
    ----------
    Sums of lognormals: L. F. Fenton, IRE Trans. Commun. Syst. 8(1), 1960,
    doi:10.1109/TCOM.1960.1097606; points: M. Roberts' generalised golden ratio.
    """
    arguments = np.broadcast_arrays(
        *(np.asarray(value, float)[..., None] for value in (
            share, steps_p50, steps_p90, ttft, tpot, output_p50, output_p90,
            tool_calls, tool_time_p50, tool_time_p90,
        ))
    )  # fmt: skip
    share, few, many, ttft, tpot, short, long, calls, quick, slow = arguments
    by_steps, by_output, by_tools = _CUBE
    steps = np.maximum(few * np.exp(spread(few, many) * by_steps), 1.0)
    tokens = _sum(
        steps,
        lognormal_mean(short, long),
        np.expm1(spread(short, long) ** 2),
        by_output,
    )
    tools = _sum(
        steps * calls,
        lognormal_mean(quick, slow),
        np.exp(spread(quick, slow) ** 2),
        by_tools,
    )
    total = steps * ttft + np.maximum(tokens - steps, 0.0) * tpot + tools
    return _quantile(total, share[..., 0])


def _quantile(values: Array, share: Array) -> Array:
    """Quantile along the last axis, another share for each row."""
    ordered = np.sort(values, axis=-1)
    place = share * (POINTS - 1)
    below = np.floor(place).astype(int)
    above = np.minimum(below + 1, POINTS - 1)
    low = np.take_along_axis(ordered, below[..., None], -1)[..., 0]
    high = np.take_along_axis(ordered, above[..., None], -1)[..., 0]
    return low + (place - below) * (high - low)


class TaskTime(Model):
    """Time that a share of tasks does not exceed, from request to end."""

    share = fraction(0.5, "Share of tasks")
    steps_p50 = quantity(
        60.0, "step", "Median number of LLM calls", slider=(1, 200), bounds=(1, None)
    )
    steps_p90 = quantity(
        105.0, "step", "90th percentile of LLM calls", slider=(1, 400), bounds=(1, None)
    )
    ttft = quantity(1.0, "s", "Time to first token", slider=(0.05, 30))
    tpot = quantity(25.0, "ms", "Time per output token", slider=(1, 200))
    output_p50 = quantity(
        150.0, "token", "Median tokens of one call", slider=(1, 2000), bounds=(1, None)
    )
    output_p90 = quantity(
        500.0,
        "token",
        "90th percentile of the tokens of one call",
        slider=(1, 5000),
        bounds=(1, None),
    )
    tool_calls = quantity(1.0, "call", "Mean tool calls of a step", slider=(0, 5))
    tool_time_p50 = quantity(0.5, "s", "Median time of a tool call", slider=(0, 20))
    tool_time_p90 = quantity(
        8.0, "s", "90th percentile of the time of a tool call", slider=(0, 100)
    )
    equation, result_unit = staticmethod(task_time), "s"
