"""Throughput of one chip: the best layout, its batch under an SLO, and what limits it.

Layouts lie on a trailing axis, so one evaluation covers draws × layouts. A point that
cannot work is NaN with a code into :data:`LIMITS`, never an exception.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from breakeven.models import llm, parallel
from breakeven.models import serving as serve
from breakeven.models import training as train
from breakeven.models.base import Array
from breakeven.models.llm import Arithmetic, Architecture
from breakeven.models.machine import LIMITS, Machine, Stack
from breakeven.models.parallel import ServingLayout, TrainingLayout
from breakeven.models.serving import Formats, StepTime
from breakeven.models.training import Job

__all__ = [
    "LIMITS",
    "Architecture",
    "Machine",
    "Serving",
    "Stack",
    "Training",
    "serving",
    "training",
]

_COMPUTE, _MEMORY, _CAPACITY, _NETWORK, _TTFT, _TPOT, _SOFTWARE, _BATCH = range(1, 9)
_ROUNDS = 6  # fixed-point rounds for the batch; four reach 0.1 % on every preset
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
class Training:
    """Steady state of training; NaN where infeasible."""

    token_rate: Array
    mfu: Array
    step_time: Array
    chips_per_replica: Array
    tensor_parallel: Array
    pipeline_parallel: Array
    recompute: Array
    feasible: Array
    limited_by: Array


@dataclass(frozen=True)
class Demand:
    """Requests and limits in base units; fields broadcast over draws and layouts."""

    input_length: Array
    output_length: Array
    cached_fraction: Array
    ttft_limit: Array
    tpot_limit: Array
    concurrency: Array = np.float64(np.inf)
    speculation: Array = np.float64(1.0)


@dataclass(frozen=True)
class Batch:
    """Batch of a replica and the bounds it comes from. [sequence]."""

    batch: Array
    capacity: Array
    slots: Array
    tpot: Array
    ttft: Array


def serving(
    shape: Mapping[str, Any],
    machine: Machine,
    stack: Mapping[str, Any],
    *,
    input_length: Array,
    output_length: Array,
    cached_fraction: Array = np.float64(0.0),
    ttft_limit: Array = np.float64(np.inf),
    tpot_limit: Array = np.float64(np.inf),
    weight_bytes: Array = np.float64(1.0),
    kv_bytes: Array = np.float64(2.0),
    concurrency: Array = np.float64(np.inf),
    speculation: Array = np.float64(1.0),
    layouts: ServingLayout | None = None,
) -> Serving:
    """Steady state of continuous batching on the best replica. [mixed].

    Each step decodes a batch and prefills batch/OSL prompts; TPOT is their sum, TTFT a
    prompt slowed by the decoding beside it plus one step. The batch is the largest that
    memory, engine, TPOT and TTFT allow.

    Parameters
    ----------
    shape
        Quantities of Architecture in base units. [mixed]
    machine
        Chip and links. [mixed]
    stack
        Quantities of Stack in base units. [mixed]
    input_length, output_length
        Tokens of a prompt and of an answer. [token]
    cached_fraction
        Share of the prompt found in the prefix cache. [1]
    ttft_limit, tpot_limit
        Slowest accepted; infinite when there is none. [s]
    weight_bytes, kv_bytes
        Bytes per stored weight and cached element. [byte]
    concurrency
        Requests in flight per replica at most. [sequence]
    speculation
        Tokens accepted per step of a sequence; 1 without speculative decoding. [token]
    layouts
        Replicas to compare; all powers of two up to 64 chips by default. [chip]

    References
    ----------
    G.-I. Yu et al., "Orca," OSDI 2022 (continuous batching); A. Agrawal et al.,
    "Sarathi-Serve," 2024, arXiv:2403.02310 (prompts share the step with decoding).
    """
    layouts = layouts or parallel.serving_layouts()
    demand = Demand(
        *(
            _trailing(x)
            for x in (
                input_length, output_length, cached_fraction, ttft_limit, tpot_limit,
                concurrency, speculation,
            )
        )
    )  # fmt: skip
    formats = Formats(_trailing(weight_bytes), _trailing(kv_bytes))
    return _best(
        steady_state(
            llm.arithmetic(_trailing_all(shape)),
            _trailing_machine(machine),
            _trailing_all(stack),
            layouts,
            formats,
            demand,
        )
    )


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
    tpot = pace + batch * per_token
    share = batch * per_token / tpot
    rate = batch / tpot / layout.chips * stack["serving_efficiency"]
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
        ttft=(prompt.total / (1.0 - share) + step.total) * blank,
        tpot=tpot * blank,
        batch=batch * blank,
        chips_per_replica=layout.chips * blank,
        prefill_share=share * blank,
        mfu=per_second * flops * blank,
        mbu=read * stack["hbm_efficiency"] * stack["serving_efficiency"] * blank,
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
    per_token = prompt / demand.output_length
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
            pressure > 0, ratio * base / np.maximum(pressure, 1e-300), np.inf
        )
        target = _blend(_blend(capacity, slots), _blend(tpot, ttft))
        batch = np.sqrt(np.maximum(target, 1e-3) * batch)
    allowed = np.where(
        np.minimum(np.minimum(capacity, slots), np.minimum(tpot, ttft)) >= 1.0,
        batch,
        0.0,
    )
    return Batch(
        np.where(allowed > 0, np.maximum(batch, 1.0), 0.0) + 1e-300,
        capacity,
        slots,
        tpot,
        ttft,
    )


def _blend(first: Array, second: Array) -> Array:
    """Smooth lower envelope of two bounds, at most 16 % below the smaller. [1]."""
    small = np.minimum(first, second)
    large = np.maximum(first, second)
    ratio = np.where(np.isfinite(large), small / np.maximum(large, 1e-300), 0.0)
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
    codes = np.array((_COMPUTE, _MEMORY, _NETWORK, _SOFTWARE))
    slowest = codes[np.argmax(np.nan_to_num(parts), axis=0)]
    caps = np.stack(
        np.broadcast_arrays(bounds.capacity, bounds.tpot, bounds.ttft, bounds.slots)
    )
    cap = np.array((_CAPACITY, _TPOT, _TTFT, _BATCH))[np.argmin(caps, axis=0)]
    # With work growing in proportion to the batch, a larger batch would not help.
    fixed = 1.0 - share - (1.0 - share) * step.compute / step.total
    code = np.where(fixed > 0.25, cap, slowest)
    return np.where(feasible, code, cap)


def _best(every: Serving) -> Serving:
    """The layout of highest output, on the trailing axis. [mixed]."""
    score = np.nan_to_num(every.output_rate, nan=-1.0)
    shape = score.shape
    chosen = np.argmax(score, axis=-1)[..., None]
    picked = {
        f.name: np.take_along_axis(
            np.broadcast_to(getattr(every, f.name), shape), chosen, axis=-1
        )[..., 0]
        for f in fields(every)
    }
    return Serving(**picked)


def training(
    shape: Mapping[str, Any],
    machine: Machine,
    stack: Mapping[str, Any],
    *,
    sequence_length: Array,
    global_batch: Array,
    count: Array,
    weight_bytes: Array = np.float64(2.0),
    recompute: str = "search",
    frozen: Array = np.float64(0.0),
    layouts: TrainingLayout | None = None,
) -> Training:
    """Steady state of training on the fastest layout that fits. [mixed].

    Parameters
    ----------
    shape
        Quantities of Architecture in base units. [mixed]
    machine
        Chip and links. [mixed]
    stack
        Quantities of Stack in base units. [mixed]
    sequence_length
        Tokens of a sequence. [token]
    global_batch
        Sequences of one optimiser step. [sequence]
    count
        Chips of the run. [chip]
    weight_bytes
        Bytes of a frozen weight (LoRA); trained weights keep bf16 and fp32. [byte]
    recompute
        "search", "full" or "selective". [choice]
    frozen
        1 when only adapters are trained, else 0. [1]
    layouts
        Layouts to compare. [chip]

    References
    ----------
    D. Narayanan et al., SC 2021, doi:10.1145/3458817.3476209.
    """
    layouts = layouts or parallel.training_layouts()
    if recompute != "search":
        kept = layouts.recompute == float(recompute == "full")
        layouts = replace(
            layouts, **{f.name: getattr(layouts, f.name)[kept] for f in fields(layouts)}
        )
    model = llm.arithmetic(_trailing_all(shape))
    chip = _trailing_machine(machine)
    job = Job(*(_trailing(x) for x in (sequence_length, global_batch, count, frozen)))
    settings = _trailing_all(stack)
    replica = layouts.tensor * layouts.pipeline * layouts.context
    divides = (replica <= job.count) & (layouts.tensor <= chip.scale_up_domain)
    divides = divides & (layouts.pipeline <= model.layers)
    divides = divides & (job.count / replica <= job.global_batch)
    need = train.memory_per_chip(model, layouts, job, _trailing(weight_bytes))
    time = train.step_time(model, chip, settings, layouts, job)
    fits = divides & (need <= chip.memory)
    return _fastest(model, chip, layouts, job, time, fits, divides)


def _fastest(
    model: Arithmetic,
    machine: Machine,
    layouts: TrainingLayout,
    job: Job,
    time: train.TrainingTime,
    fits: Array,
    divides: Array,
) -> Training:
    total = np.where(fits, time.total, np.inf)
    chosen = np.argmin(total, axis=-1)[..., None]

    def pick(value: Array) -> Array:
        whole = np.broadcast_to(value, total.shape)
        return np.take_along_axis(whole, chosen, axis=-1)[..., 0]

    step = pick(total)
    feasible = np.isfinite(step)
    step = np.where(feasible, step, np.nan)
    parts = np.stack(
        [
            pick(p)
            for p in (
                time.compute,
                time.memory,
                time.network,
                time.bubble + time.overhead,
            )
        ]
    )
    codes = np.array((_COMPUTE, _MEMORY, _NETWORK, _SOFTWARE))
    stuck = np.where(np.any(divides, axis=-1), _CAPACITY, _BATCH)
    tokens = pick(job.sequence_length * job.global_batch / job.count)
    rate = tokens / step
    flops = pick(train.model_flops(model, job) / machine.peak_flops)
    blank = np.where(feasible, 1.0, np.nan)
    replica = layouts.tensor * layouts.pipeline * layouts.context
    return Training(
        token_rate=rate,
        mfu=rate * flops,
        step_time=step,
        chips_per_replica=pick(replica) * blank,
        tensor_parallel=pick(layouts.tensor) * blank,
        pipeline_parallel=pick(layouts.pipeline) * blank,
        recompute=pick(layouts.recompute) * blank,
        feasible=feasible,
        limited_by=np.where(feasible, codes[np.argmax(parts, axis=0)], stuck),
    )


def _trailing(value: Any) -> Array:
    """``value`` with one more axis at the end, for the layouts. [1]."""
    return np.asarray(value, float)[..., None]


def _trailing_all(values: Mapping[str, Any]) -> dict[str, Array]:
    return {name: _trailing(value) for name, value in values.items()}


def _trailing_machine(machine: Machine) -> Machine:
    return Machine(*(_trailing(getattr(machine, f.name)) for f in fields(machine)))
