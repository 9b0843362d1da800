"""Time of a decode step and of a prompt on one replica, and what bounds its batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from breakeven.models import llm
from breakeven.models.base import Array
from breakeven.models.llm import Arithmetic
from breakeven.models.machine import Machine
from breakeven.models.network import ACTIVATION_BYTES, network_time, startup_time
from breakeven.models.parallel import ServingLayout
from breakeven.models.passes import StepTerms, StepTime, blended

CHUNK = 8192.0  # tokens of prompt that engines process in one pass [token]
LATENT_WORK = 4.0  # absorbed latent attention: work over that of ordinary heads


@dataclass(frozen=True)
class Formats:
    """Bytes per stored weight and per cached element. [byte]."""

    weight_bytes: Array
    kv_bytes: Array


def weights_per_chip(
    model: Arithmetic, layout: ServingLayout, formats: Formats
) -> Array:
    """Weights that one chip of a replica stores. [byte].

    Cut over all chips, but attention and shared matrices are whole on each chip when
    attention is replicated; the input embedding counts, in the format of the weights.

    Parameters
    ----------
    model
        Arithmetic of the model. [mixed]
    layout
        Replica size and kind. [chip]
    formats
        Bytes per weight. [byte]

    References
    ----------
    Own accounting of the layouts of TensorRT-LLM and vLLM.
    """
    common = model.attention_weights + model.dense_weights
    common = common + model.head_weights + model.embedding_weights
    cut = layout.data_attention + (1.0 - layout.data_attention) / layout.chips
    elements = common * cut + model.expert_weights / layout.chips
    return elements * formats.weight_bytes


def kv_per_sequence(
    model: Arithmetic, layout: ServingLayout, formats: Formats, context: Array
) -> Array:
    """Cache of one sequence, summed over the chips of a replica. [byte].

    Heads cannot be cut finer than one per chip: with fewer key-value heads than
    chips the cache is repeated. Replicated attention keeps it once.

    Parameters
    ----------
    model
        Arithmetic of the model. [mixed]
    layout
        Replica size and kind. [chip]
    formats
        Bytes per cached element. [byte]
    context
        Tokens cached. [token]

    References
    ----------
    R. Pope et al., "Efficiently scaling transformer inference," 2022, arXiv:2211.05102.
    """
    repeated = np.maximum(layout.chips / model.kv_shards, 1.0)
    copies = repeated + layout.data_attention * (1.0 - repeated)
    seen = llm.visible_context(model, context)
    return seen * model.kv_elements * formats.kv_bytes * copies


def score_flops(model: Arithmetic) -> Array:
    """Attention work of one decoded token per token of context. [FLOP].

    2·h·(k + v) per layer; a latent cache multiplies each query with the whole latent
    instead, about four times that.

    Parameters
    ----------
    model
        Arithmetic of the model. [mixed]

    References
    ----------
    DeepSeek-AI, "DeepSeek-V2," 2024, appendix C, arXiv:2405.04434.
    """
    latent = model.kv_elements < 1024.0 * model.layers
    single = latent & (model.kv_shards == 1.0)
    width = model.score_width
    return 2.0 * width * np.where(single, LATENT_WORK, np.ones((), width.dtype))


def step_time(
    model: Arithmetic,
    machine: Machine,
    stack: Mapping[str, Any],
    layout: ServingLayout,
    formats: Formats,
    batch: Array,
    context: Array,
) -> StepTime:
    """Parts of the time of one decode step of a replica. [s].

    Arithmetic and memory traffic overlap in part (see :func:`blended`); experts are
    read by expected coverage; two collectives a layer. Range: batch >= 1; no
    speculative decoding.

    Parameters
    ----------
    model
        Arithmetic of the model. [mixed]
    machine
        Chip and links. [mixed]
    stack
        Quantities of :class:`~breakeven.models.machine.Stack` in base units. [mixed]
    layout
        Replica size and kind. [chip]
    formats
        Bytes per weight and cached element. [byte]
    batch
        Sequences of the replica. [sequence]
    context
        Mean tokens cached per sequence. [token]

    References
    ----------
    R. Pope et al., 2022, arXiv:2211.05102; form of the overheads: docs/accuracy.md.
    """
    terms = step_terms(model, machine, stack, layout, formats, context)
    return terms.at(np.asarray(batch, float))


def step_terms(
    model: Arithmetic,
    machine: Machine,
    stack: Mapping[str, Any],
    layout: ServingLayout,
    formats: Formats,
    context: Array,
) -> StepTerms:
    """Time of a decode step of a replica as a function of its batch. [s].

    All that a search for the batch has to find out once.

    Parameters
    ----------
    model, machine, stack, layout, formats, context
        As :func:`step_time`. [mixed]

    References
    ----------
    As :func:`step_time`.
    """
    n, apart = layout.chips, layout.data_attention
    compute = stack["compute_efficiency"] * machine.peak_flops * n
    attention = stack["attention_efficiency"] * machine.peak_flops * n
    memory = stack["hbm_efficiency"] * machine.hbm_bandwidth * n
    expert = stack["expert_efficiency"]
    routed = model.expert_weights * model.experts_per_token / model.experts
    work = 2.0 * (model.active_weights - routed) + 2.0 * routed / expert
    seen = llm.visible_context(model, context)
    common = model.attention_weights + model.dense_weights + model.head_weights
    read = common * (1.0 + apart * (n - 1.0))
    cache = kv_per_sequence(model, layout, formats, context)
    layers = model.layers * stack["layer_overhead"]
    layers = layers + model.moe_layers * stack["expert_overhead"]
    ranks = 1.0 + apart * (n - 1.0)
    none, one = np.zeros((), n.dtype), np.ones((), n.dtype)
    return StepTerms(
        arithmetic=work / compute + seen * score_flops(model) / attention,
        weights=read * formats.weight_bytes / memory,
        experts=model.expert_weights / expert * formats.weight_bytes / memory,
        unvisited=llm.unvisited(model),
        mixture=bool(np.any(model.expert_weights > 0.0)),
        cache=cache / memory,
        network=(
            startup_time(model, stack, layout),
            network_time(model, machine, {**stack, "link_latency": none}, layout, one),
        ),
        overhead=(layers, stack["sequence_overhead"] / ranks),
    )


def prompt_time(
    model: Arithmetic,
    machine: Machine,
    stack: Mapping[str, Any],
    layout: ServingLayout,
    formats: Formats,
    length: Array,
    cached: Array,
    chunk: Any = CHUNK,
) -> StepTime:
    """Parts of the time of one prompt on a whole replica. [s].

    Matrix work of the tokens not cached, causal scores against all tokens, activation
    traffic, and per chunk the weights and the overheads of one pass.

    Parameters
    ----------
    model
        Arithmetic of the model. [mixed]
    machine
        Chip and links. [mixed]
    stack
        Quantities of Stack in base units. [mixed]
    layout
        Replica size and kind. [chip]
    formats
        Bytes per weight and cached element. [byte]
    length
        Prompt. [token]
    cached
        Share of the prompt found in the prefix cache. [1]
    chunk
        Tokens of one pass over the weights. [token]

    References
    ----------
    R. Pope et al., 2022, arXiv:2211.05102.
    """
    n, tokens = layout.chips, length * (1.0 - cached)
    peak, expert = machine.peak_flops * n, stack["expert_efficiency"]
    routed = model.expert_weights * model.experts_per_token / model.experts
    body = model.active_weights - model.head_weights - routed
    work = 2.0 * tokens * (body + routed / expert) + 2.0 * model.head_weights
    middle = llm.visible_context(model, length * (1.0 + cached) / 2.0)
    scores = 2.0 * model.score_width * middle * tokens
    arithmetic = work / (stack["compute_efficiency"] * peak)
    arithmetic = arithmetic + scores / (stack["attention_efficiency"] * peak)
    passes = tokens / chunk
    weights = weights_per_chip(model, layout, formats) * passes
    element, visits = stack["activation_traffic"], model.experts_per_token
    moved = element * model.layers * model.hidden * tokens
    moved = moved + element * model.moe_layers * (visits * model.hidden * tokens)
    memory = stack["hbm_efficiency"] * machine.hbm_bandwidth
    traffic = (weights + moved * ACTIVATION_BYTES / n) / memory
    layers = model.layers * stack["layer_overhead"]
    layers = layers + model.moe_layers * stack["expert_overhead"]
    network = network_time(model, machine, stack, layout, chunk) * passes
    return blended(arithmetic, traffic, network, layers * passes)
