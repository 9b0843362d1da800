"""Time of one optimiser step of a training run on a given layout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from breakeven.models import llm, parallel
from breakeven.models.base import Array
from breakeven.models.llm import Arithmetic
from breakeven.models.machine import Machine
from breakeven.models.parallel import TrainingLayout

ACTIVATION_BYTES = 2.0  # activations and weight gathers travel in bf16
STATE_BYTES = 12.0  # fp32 master weight and two Adam moments, sharded over all chips
LOCAL_BYTES = 6.0  # bf16 weight and fp32 gradient held where they are used
COLLECTIVES = 8.0  # gathers and scatters per layer under tensor parallelism, both ways


@dataclass(frozen=True)
class Job:
    """One training run; fields broadcast.

    ``sequence_length`` [token], ``global_batch`` [sequence], ``count`` [chip];
    ``frozen`` 1 when only adapters are trained (LoRA): no weight gradients, no
    optimiser states.
    """

    sequence_length: Array
    global_batch: Array
    count: Array
    frozen: Any = 0.0


@dataclass(frozen=True)
class TrainingTime:
    """Parts of one optimiser step, exposed on the critical path; they add up. [s]."""

    compute: Array
    memory: Array
    network: Array
    bubble: Array
    overhead: Array

    @property
    def total(self) -> Array:
        """Sum of the parts. [s]."""
        return self.compute + self.memory + self.network + self.bubble + self.overhead


def model_flops(model: Arithmetic, job: Job) -> Array:
    """Arithmetic of one trained token, recomputation left out. [FLOP].

    6 per active weight (4 when the weights are frozen) and three times the causal
    scores, 2·h·(k + v)·S/2 per layer.

    Parameters
    ----------
    model
        Arithmetic of the model. [mixed]
    job
        Sequence length and whether weights are frozen. [mixed]

    References
    ----------
    A. Chowdhery et al., "PaLM," 2022, appendix B, arXiv:2204.02311.
    """
    matrices = (6.0 - 2.0 * job.frozen) * model.active_weights
    return matrices + 3.0 * score_flops(model, job)


def score_flops(model: Arithmetic, job: Job) -> Array:
    """Causal attention work of one token in one forward pass. [FLOP].

    2·h·(k + v)·S/2 per layer; local layers see at most their window.

    Parameters
    ----------
    model
        Arithmetic of the model. [mixed]
    job
        Sequence length. [mixed]

    References
    ----------
    A. Chowdhery et al., 2022, appendix B, arXiv:2204.02311.
    """
    middle = llm.visible_context(model, job.sequence_length / 2.0)
    return 2.0 * model.score_width * middle


def memory_per_chip(
    model: Arithmetic,
    layout: TrainingLayout,
    job: Job,
    weight_bytes: Array,
    activations: bool = True,
) -> Array:
    """Weights, gradients, optimiser states and activations of one chip. [byte].

    Optimiser states are sharded over all chips; kept activations are 34 bytes per
    hidden element and token (2 with full recomputation), for as many micro-batches as
    there are stages. Fragmentation and communication buffers are left out.

    Parameters
    ----------
    model
        Arithmetic of the model. [mixed]
    layout, job
        Degrees of parallelism; sequence length, batch and chips. [mixed]
    weight_bytes, activations
        Bytes of one frozen weight; whether kept activations count. [byte, 1]

    References
    ----------
    V. Korthikanti et al., "Reducing activation recomputation in large transformer
    models," 2022, equation 2, arXiv:2205.05198; S. Rajbhandari et al., "ZeRO," 2020,
    arXiv:1910.02054.
    """
    dense = model.parameters - model.expert_weights
    held = dense / layout.tensor + model.expert_weights / layout.expert
    held = held / layout.pipeline
    held = held + layout.fsdp * (model.parameters / job.count - held)
    local = LOCAL_BYTES + job.frozen * (weight_bytes - LOCAL_BYTES)
    states = STATE_BYTES * (1.0 - job.frozen) * model.parameters / job.count
    kept = 34.0 + layout.recompute * (2.0 - 34.0)
    tokens = layout.micro_batch * job.sequence_length / layout.context
    held_tokens = kept * model.hidden * tokens * model.layers / layout.tensor
    return held * local + states + float(activations) * held_tokens


def step_time(
    model: Arithmetic,
    machine: Machine,
    stack: Mapping[str, Any],
    layout: TrainingLayout,
    job: Job,
) -> TrainingTime:
    """Parts of the time of one optimiser step. [s].

    Per replica of tensor × pipeline × context chips: matrix products and scores
    (forward once, backward twice, forward again when recomputed), activation traffic,
    exposed collectives, launch overheads, the pipeline bubble (p − 1)/(v·m) of m
    micro-batches, and once per step gradient exchange, optimiser traffic and a fixed
    cost. Range: batch divides over the replicas; failures and evaluations left out.

    Parameters
    ----------
    model
        Arithmetic of the model. [mixed]
    machine
        Chip and links. [mixed]
    stack
        Quantities of Stack in base units. [mixed]
    layout
        Degrees of parallelism. [chip]
    job
        Sequence length, batch, chips, frozen weights. [mixed]

    References
    ----------
    D. Narayanan et al., SC 2021, doi:10.1145/3458817.3476209; the form of the
    overheads is chosen by cross-validation, docs/accuracy.md.
    """
    tokens = job.sequence_length * job.global_batch / job.count
    again = 1.0 + layout.recompute / (3.0 - job.frozen)
    expert = stack["expert_efficiency"]
    routed = model.expert_weights * model.experts_per_token / model.experts
    weighted = model.active_weights - routed + routed / expert
    matrices = (6.0 - 2.0 * job.frozen) * weighted * again
    scores = 3.0 * score_flops(model, job) * again
    compute = matrices / stack["compute_efficiency"]
    compute = compute + scores / stack["attention_efficiency"]
    compute = tokens * compute / machine.peak_flops
    memory = tokens * activation_time(model, machine, stack) * again
    network = tokens * pass_network_time(model, machine, stack, layout)
    launches = model.layers * stack["layer_overhead"]
    launches = 3.0 * launches + 3.0 * model.moe_layers * stack["expert_overhead"]
    per_pass = layout.micro_batch * job.sequence_length
    shards = layout.tensor * layout.context
    overhead = tokens * launches * again * shards / per_pass
    replicas = job.count / (shards * layout.pipeline)
    micro = np.maximum(job.global_batch / replicas / layout.micro_batch, 1.0)
    idle = (layout.pipeline - 1.0) / (layout.interleave * micro)
    bubble = idle * (compute + memory + network + overhead)
    network = network + gradient_time(model, machine, stack, layout, job)
    states = 2.0 * STATE_BYTES * (1.0 - job.frozen) * model.parameters / job.count
    memory = memory + states / (stack["hbm_efficiency"] * machine.hbm_bandwidth)
    return TrainingTime(
        compute, memory, network, bubble, overhead + stack["step_overhead"]
    )


def activation_time(
    model: Arithmetic, machine: Machine, stack: Mapping[str, Any]
) -> Array:
    """Memory time per trained token of all that is not a matrix product. [s].

    Parameters
    ----------
    model
        Arithmetic of the model. [mixed]
    machine
        Memory bandwidth. [mixed]
    stack
        Activation traffic and memory efficiency. [mixed]

    References
    ----------
    V. Korthikanti et al., 2022, section 4, arXiv:2205.05198 (34 bytes kept per hidden
    element; the traffic is several times that and is fitted).
    """
    rows = model.layers + model.moe_layers * model.experts_per_token
    moved = 3.0 * stack["activation_traffic"] * rows * model.hidden * ACTIVATION_BYTES
    return moved / (stack["hbm_efficiency"] * machine.hbm_bandwidth)


def pass_network_time(
    model: Arithmetic,
    machine: Machine,
    stack: Mapping[str, Any],
    layout: TrainingLayout,
) -> Array:
    """Exposed collectives per token trained on one chip, within the passes. [s].

    Tensor parallelism: eight gathers or scatters a layer, forward and backward
    together. Experts: four all-to-alls a mixture layer (two per direction), forward and
    backward. Pipeline transfers are hidden.

    Parameters
    ----------
    model
        Arithmetic of the model. [mixed]
    machine
        Links. [mixed]
    stack
        Link efficiency and exposed share. [mixed]
    layout
        Degrees of parallelism. [chip]

    References
    ----------
    V. Korthikanti et al., 2022, arXiv:2205.05198; DeepSeek-AI, 2024, section 3.2,
    arXiv:2412.19437.
    """
    row = model.hidden * ACTIVATION_BYTES
    attained = stack["link_efficiency"] / stack["exposed_communication"]
    inside = parallel.link_bandwidth(machine, layout.tensor) * attained
    cut = COLLECTIVES * model.layers * row * (layout.tensor - 1.0) / inside
    group = np.minimum(layout.expert, model.experts)
    across = parallel.link_bandwidth(machine, group) * attained
    visits = 4.0 * model.moe_layers * model.experts_per_token * row
    return cut + visits * (group - 1.0) / group / across


def gradient_time(
    model: Arithmetic,
    machine: Machine,
    stack: Mapping[str, Any],
    layout: TrainingLayout,
    job: Job,
) -> Array:
    """Exposed exchange of gradients and weights per optimiser step. [s].

    Gradients are scattered and weights gathered once per step (fp32 and bf16, 6 bytes
    a weight); fully sharded runs gather twice and scatter once per micro-batch.

    Parameters
    ----------
    model
        Arithmetic of the model. [mixed]
    machine
        Links. [mixed]
    stack
        Link efficiency and exposed share. [mixed]
    layout
        Degrees of parallelism. [chip]
    job
        Batch and chips. [mixed]

    References
    ----------
    S. Rajbhandari et al., "ZeRO," SC 2020, arXiv:1910.02054.
    """
    shards = layout.tensor * layout.pipeline * layout.context
    replicas = np.maximum(job.count / shards, 1.0)
    attained = stack["link_efficiency"] / stack["exposed_communication"]
    bandwidth = parallel.link_bandwidth(machine, job.count) * attained
    dense = model.parameters - model.expert_weights
    held = dense / layout.tensor + model.expert_weights / layout.expert
    once = 6.0 * (1.0 - job.frozen) * held / layout.pipeline
    micro = np.maximum(job.global_batch / replicas / layout.micro_batch, 1.0)
    often = (6.0 - 2.0 * job.frozen) * model.parameters * micro
    size = once + layout.fsdp * (often - once)
    return size * (replicas - 1.0) / replicas / bandwidth
