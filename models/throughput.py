"""Throughput of one chip: the best layout, its batch under an SLO, and what limits it.

Layouts lie on a leading axis, so one evaluation covers layouts × draws and its loops
run over the draws. A point that
cannot work is NaN with a code into :data:`LIMITS`, never an exception.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from breakeven.models import limits, llm, parallel
from breakeven.models import training as train
from breakeven.models.base import Array
from breakeven.models.limits import slowest
from breakeven.models.llm import Architecture, Arithmetic
from breakeven.models.machine import LIMITS, Machine, Stack
from breakeven.models.parallel import ServingLayout, TrainingLayout
from breakeven.models.search import best_state
from breakeven.models.serving import Formats
from breakeven.models.steady import Demand, Replica, Serving, steady_state
from breakeven.models.training import Job

__all__ = [
    "LIMITS",
    "Architecture",
    "Demand",
    "Machine",
    "Replica",
    "Serving",
    "Stack",
    "Training",
    "serving",
    "slowest",
    "steady_state",
    "training",
]


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


def serving(
    shape: Mapping[str, Any],
    machine: Machine,
    stack: Mapping[str, Any],
    *,
    input_length: ArrayLike,
    output_length: ArrayLike,
    cached_fraction: ArrayLike = 0.0,
    ttft_limit: ArrayLike = np.inf,
    tpot_limit: ArrayLike = np.inf,
    weight_bytes: ArrayLike = 1.0,
    kv_bytes: ArrayLike = 2.0,
    concurrency: ArrayLike = np.inf,
    speculation: ArrayLike = 1.0,
    disaggregated: ArrayLike = 0.0,
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
    disaggregated
        1 when prompts have chips of their own, 0 when they share. [1]
    layouts
        Replicas to compare; all powers of two up to 64 chips by default. [chip]

    References
    ----------
    G.-I. Yu et al., "Orca," OSDI 2022 (continuous batching); A. Agrawal et al.,
    "Sarathi-Serve," 2024, arXiv:2403.02310 (prompts share the step with decoding).
    """
    if layouts is None:
        layouts = parallel.serving_layouts(bool(np.any(shape["experts"])))
    demand = Demand(
        input_length=np.asarray(input_length, float),
        output_length=np.asarray(output_length, float),
        cached_fraction=np.asarray(cached_fraction, float),
        ttft_limit=np.asarray(ttft_limit, float),
        tpot_limit=np.asarray(tpot_limit, float),
        concurrency=np.asarray(concurrency, float),
        speculation=np.asarray(speculation, float),
        disaggregated=np.asarray(disaggregated, float),
    )
    formats = Formats(np.asarray(weight_bytes, float), np.asarray(kv_bytes, float))
    rank = _rank(shape, vars(machine), stack, vars(demand), vars(formats))
    replica = Replica(
        llm.arithmetic(_floats(shape)),
        machine,
        _floats(stack),
        _leading(layouts, rank),
        formats,
    )
    return best_state(replica, demand)


def training(
    shape: Mapping[str, Any],
    machine: Machine,
    stack: Mapping[str, Any],
    *,
    sequence_length: ArrayLike,
    global_batch: ArrayLike,
    count: ArrayLike,
    weight_bytes: ArrayLike = 2.0,
    recompute: str = "search",
    activations: bool = True,
    frozen: ArrayLike = 0.0,
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
    activations
        Whether kept activations must fit; the rows of the fit seldom say what was
        recomputed, so that its efficiencies hold without. [1]
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
    job = Job(
        *(np.asarray(x, float) for x in (sequence_length, global_batch, count, frozen))
    )
    weight_bytes = np.asarray(weight_bytes, float)
    rank = _rank(shape, vars(machine), stack, vars(job), {"weight": weight_bytes})
    layouts, chip = _leading(layouts, rank), machine
    model, settings = llm.arithmetic(_floats(shape)), _floats(stack)
    divides = _divides(model, chip, layouts, job)
    need = train.memory_per_chip(model, layouts, job, weight_bytes, activations)
    time = train.step_time(model, chip, settings, layouts, job)
    total = np.where(divides & (need <= chip.memory), time.total, np.inf)
    total = total / settings["realised_share"]
    stuck = np.where(np.any(divides, axis=0), limits.CAPACITY, limits.BATCH)
    tokens = job.sequence_length * job.global_batch / job.count
    flops = tokens * train.model_flops(model, job) / chip.peak_flops
    return _fastest(total, (tokens, flops, _longest(time), stuck), layouts)


def _divides(
    model: Arithmetic, machine: Machine, layouts: TrainingLayout, job: Job
) -> Any:
    """Which layouts the chips, the layers and the batch can be divided into. [1]."""
    replica = layouts.tensor * layouts.pipeline * layouts.context
    fits = (replica <= job.count) & (layouts.tensor <= machine.scale_up_domain)
    fits = fits & (layouts.pipeline <= model.layers)
    return fits & (job.count / replica <= job.global_batch)


def _fastest(
    total: Array, parts: tuple[Array, Array, Any, Any], layouts: TrainingLayout
) -> Training:
    """The layout of shortest step, on the leading axis. [mixed]."""
    tokens, flops, longest, stuck = parts
    chosen = np.argmin(total, axis=0)[None]

    def pick(value: Any) -> Array:
        whole = np.broadcast_to(value, total.shape)
        return np.take_along_axis(whole, chosen, axis=0)[0]

    feasible = np.isfinite(pick(total))
    blank = np.where(feasible, 1.0, np.nan)
    step = np.where(feasible, pick(total), np.nan)
    replica = layouts.tensor * layouts.pipeline * layouts.context
    return Training(
        token_rate=pick(tokens) / step,
        mfu=pick(flops) / step,
        step_time=step,
        chips_per_replica=pick(replica) * blank,
        tensor_parallel=pick(layouts.tensor) * blank,
        pipeline_parallel=pick(layouts.pipeline) * blank,
        recompute=pick(layouts.recompute) * blank,
        feasible=feasible,
        limited_by=np.where(feasible, pick(longest), stuck),
    )


def _longest(time: train.TrainingTime) -> Array:
    """Code into LIMITS of the largest part of an optimiser step. [1]."""
    parts = (time.compute, time.memory, time.network, time.bubble + time.overhead)
    codes = np.array((limits.COMPUTE, limits.MEMORY, limits.NETWORK, limits.SOFTWARE))
    return codes[np.argmax(np.stack(np.broadcast_arrays(*parts)), axis=0)]


def _rank(*given: Mapping[str, Any]) -> int:
    """Number of axes of the draws. [1]."""
    return max(np.ndim(value) for values in given for value in values.values())


def _leading(layouts: Any, rank: int) -> Any:
    """Layouts on an axis before those of the draws. [mixed]."""
    shape = (-1, *(1,) * rank)
    return replace(
        layouts,
        **{f.name: getattr(layouts, f.name).reshape(shape) for f in fields(layouts)},
    )


def _floats(values: Mapping[str, Any]) -> dict[str, Array]:
    return {name: np.asarray(value, float) for name, value in values.items()}
