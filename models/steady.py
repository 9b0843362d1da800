"""Steady state of continuous batching on given layouts, and what holds it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from breakeven.models import llm
from breakeven.models import serving as serve
from breakeven.models.base import Array
from breakeven.models.llm import Arithmetic
from breakeven.models.machine import LIMITS, Machine
from breakeven.models.parallel import ServingLayout
from breakeven.models.serving import Formats, StepTime

COMPUTE, MEMORY, CAPACITY, NETWORK, TTFT, TPOT, SOFTWARE, BATCH = range(1, len(LIMITS))
_ROUNDS = 6  # fixed-point rounds for the batch; they settle the coverage of experts
_NOTHING = 1e-300  # a batch of none that can still be divided by
_PULL = 0.7  # weight, in log, of each round's answer: less would settle slower
_ROUNDING = 4.0  # sharpness with which bounds of the batch blend into each other


@dataclass(frozen=True)
class Serving:
    """Steady state of serving, per chip and per replica; NaN where infeasible."""

    output_rate: Array
    prompt_rate: Array
    ttft: Array
    tpot: Array
    batch: Array
    chips_per_replica: Array
    prefill_share: Array
    mfu: Array
    mbu: Array
    compute_load: Array
    memory_load: Array
    feasible: Array
    limited_by: Array


@dataclass(frozen=True)
class Demand:
    """Requests and limits in base units; fields broadcast over draws and layouts.

    ``speculation`` is the tokens accepted per step of a sequence; ``disaggregated`` 1
    puts prompts on chips of their own, so that they never slow a decoding step (the
    cache is handed over at no cost), 0 shares every chip. With ``best_effort`` a limit
    that nothing meets is served one sequence at a time, instead of not at all.
    """

    input_length: Array
    output_length: Array
    cached_fraction: Array
    ttft_limit: Array
    tpot_limit: Array
    concurrency: Any = np.inf
    speculation: Any = 1.0
    disaggregated: Any = 0.0
    best_effort: bool = False


@dataclass(frozen=True)
class Batch:
    """Batch of a replica and the bounds it comes from. [sequence]."""

    batch: Array
    capacity: Array
    slots: Array
    tpot: Array
    ttft: Array


def steady_state(
    model: Arithmetic,
    machine: Machine,
    stack: Mapping[str, Any],
    layout: ServingLayout,
    formats: Formats,
    demand: Demand,
) -> Serving:
    """Steady state of every layout, without choosing one. [mixed].

    Parameters
    ----------
    model
        Arithmetic of the model. [mixed]
    machine
        Chip and links. [mixed]
    stack
        Quantities of Stack in base units. [mixed]
    layout
        Replicas. [chip]
    formats
        Bytes per weight and cached element. [byte]
    demand
        Requests and limits. [mixed]

    References
    ----------
    As :func:`serving`.
    """
    context = demand.input_length + demand.output_length / 2.0
    prompt = serve.prompt_time(
        model, machine, stack, layout, formats, demand.input_length,
        demand.cached_fraction,
    )  # fmt: skip
    per_token = prompt.total / demand.output_length
    bounds = _batch(model, machine, stack, layout, formats, demand, prompt.total)
    batch = bounds.batch
    step = serve.step_time(model, machine, stack, layout, formats, batch, context)
    pace = step.total / demand.speculation
    cycle = pace + batch * per_token
    share = batch * per_token / cycle
    together = 1.0 - demand.disaggregated
    rate = batch / cycle / layout.chips * stack["realised_share"]
    flops = llm.token_flops(model, context)
    flops = flops + _prompt_flops(model, demand) / demand.output_length
    read = (step.memory / pace * (1 - share)) + prompt.memory / prompt.total * share
    busy = (step.compute / pace * (1 - share)) + prompt.compute / prompt.total * share
    feasible = (batch >= 1.0) & np.isfinite(rate)
    blank = np.where(feasible, 1.0, np.nan)
    per_second = rate / machine.peak_flops
    return Serving(
        output_rate=rate * blank,
        prompt_rate=rate * demand.input_length / demand.output_length * blank,
        ttft=(prompt.total / (1.0 - share * together) + step.total) * blank,
        tpot=(pace + batch * per_token * together) * blank,
        batch=batch * blank,
        chips_per_replica=layout.chips * blank,
        prefill_share=share * blank,
        mfu=per_second * flops * blank,
        mbu=read * stack["hbm_efficiency"] * stack["realised_share"] * blank,
        compute_load=busy * stack["compute_efficiency"] * blank,
        memory_load=read * stack["hbm_efficiency"] * blank,
        feasible=feasible,
        limited_by=_limit(bounds, step, prompt, share, feasible),
    )


def _prompt_flops(model: Arithmetic, demand: Demand) -> Array:
    fresh = demand.input_length * (1.0 - demand.cached_fraction)
    middle = demand.input_length * (1.0 + demand.cached_fraction) / 2.0
    return fresh * llm.token_flops(model, middle)


def _batch(
    model: Arithmetic,
    machine: Machine,
    stack: Mapping[str, Any],
    layout: ServingLayout,
    formats: Formats,
    demand: Demand,
    prompt: Array,
) -> Batch:
    """Largest batch that every bound allows; 0 where there is none. [sequence].

    The step is affine in the batch but for the coverage of experts, so each bound is
    closed; rounds settle the coverage.
    """
    context = demand.input_length + demand.output_length / 2.0
    spare = machine.memory - serve.weights_per_chip(model, layout, formats)
    kept = serve.kv_per_sequence(model, layout, formats, context) / layout.chips
    capacity = np.maximum(spare, 0.0) / kept
    ranks = 1.0 + layout.data_attention * (layout.chips - 1.0)
    slots = np.minimum(stack["max_batch"] * ranks, demand.concurrency)
    batch = np.maximum(_blend(capacity, slots), 1.0)
    per_token = prompt / demand.output_length * (1.0 - demand.disaggregated)
    tpot = ttft = np.full(np.shape(batch), np.inf)
    limited = np.any(np.isfinite(demand.tpot_limit) | np.isfinite(demand.ttft_limit))
    for _ in range(_ROUNDS if limited else 0):
        step = serve.step_time(model, machine, stack, layout, formats, batch, context)
        again = 1.001 * batch
        more = serve.step_time(model, machine, stack, layout, formats, again, context)
        slope = (more.total - step.total) / (0.001 * batch) / demand.speculation
        base = step.total / demand.speculation - slope * batch
        room = demand.tpot_limit - base
        tpot = np.maximum(room, 0.0) / (slope + per_token)
        spare_time = demand.ttft_limit - step.total
        ratio = np.maximum(spare_time / prompt - 1.0, 0.0)
        pressure = per_token - ratio * slope
        ttft = np.where(
            pressure > 0, ratio * base / np.maximum(pressure, _NOTHING), np.inf
        )
        ttft = np.where((ratio > 0) | (pressure <= 0), ttft, 0.0)
        target = _blend(_blend(capacity, slots), _blend(tpot, ttft))
        batch = np.maximum(target, 1e-3) ** _PULL * batch ** (1.0 - _PULL)
    met = (np.minimum(tpot, ttft) >= 1.0) | demand.best_effort
    runs = (np.minimum(capacity, slots) >= 1.0) & met
    batch = np.where(runs, np.maximum(batch, 1.0), _NOTHING)
    return Batch(batch, capacity, slots, tpot, ttft)


def _blend(first: Array, second: Array) -> Array:
    """Smooth lower envelope of two bounds, at most 16 % below the smaller. [1]."""
    small, large = np.minimum(first, second), np.maximum(first, second)
    known = np.isfinite(large)
    ratio = np.where(known, small, 0.0) / np.maximum(
        np.where(known, large, 1.0), 1e-300
    )
    return small / (1.0 + ratio**_ROUNDING) ** (1.0 / _ROUNDING)


def _limit(
    bounds: Batch, step: StepTime, prompt: StepTime, share: Array, feasible: Array
) -> Array:
    """Code of what would have to give for more throughput. [1]."""
    parts = np.stack(
        np.broadcast_arrays(
            *(
                getattr(step, part.name) / step.total * (1.0 - share)
                + getattr(prompt, part.name) / prompt.total * share
                for part in fields(StepTime)
            )
        )
    )
    codes = np.array((COMPUTE, MEMORY, NETWORK, SOFTWARE))
    slowest = codes[np.argmax(np.nan_to_num(parts), axis=0)]
    caps = np.stack(
        np.broadcast_arrays(bounds.capacity, bounds.tpot, bounds.ttft, bounds.slots)
    )
    cap = np.array((CAPACITY, TPOT, TTFT, BATCH))[np.argmin(caps, axis=0)]
    # With work growing in proportion to the batch, a larger batch would not help.
    fixed = 1.0 - share - (1.0 - share) * step.compute / step.total
    code = np.where(fixed > 0.25, cap, slowest)
    return np.where(feasible, code, cap)


def slowest(step: StepTime) -> Array:
    """Code into LIMITS of the largest part of a pass. [1].

    Parameters
    ----------
    step
        Parts of a pass. [s]

    References
    ----------
    Own rule.
    """
    parts = [getattr(step, part.name) for part in fields(StepTime)]
    stacked = np.stack(np.broadcast_arrays(*parts))
    codes = np.array((COMPUTE, MEMORY, NETWORK, SOFTWARE))
    return codes[np.argmax(np.nan_to_num(stacked), axis=0)]
