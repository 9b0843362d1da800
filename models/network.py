"""Time of the collectives of one pass of a replica that serves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from breakeven.models import parallel
from breakeven.models.base import Array
from breakeven.models.llm import Arithmetic
from breakeven.models.machine import Machine
from breakeven.models.parallel import ServingLayout

ACTIVATION_BYTES = 2.0  # activations cross links and memory in bf16


def network_time(
    model: Arithmetic,
    machine: Machine,
    stack: Mapping[str, Any],
    layout: ServingLayout,
    tokens: Array,
) -> Array:
    """Time of the collectives of one pass over all layers. [s].

    Cut matrices: two all-reduces a layer. Replicated attention: two all-to-alls a
    mixture layer, each token visiting its experts.

    Parameters
    ----------
    model
        Arithmetic of the model. [mixed]
    machine
        Chip and links. [mixed]
    stack
        Link efficiency and latency. [mixed]
    layout
        Replica size and kind. [chip]
    tokens
        Tokens of the pass over the whole replica. [token]

    References
    ----------
    M. Shoeybi et al., "Megatron-LM," 2019, arXiv:1909.08053; DeepSeek-AI,
    "DeepSeek-V3," 2024, section 3.2, arXiv:2412.19437.
    """
    n, apart = layout.chips, layout.data_attention
    bandwidth = parallel.link_bandwidth(machine, n) * stack["link_efficiency"]
    latency, row = stack["link_latency"], model.hidden * ACTIVATION_BYTES
    cut = parallel.all_reduce_time(tokens * row, n, bandwidth, latency)
    if not np.any(apart):
        return 2.0 * model.layers * cut
    sent = tokens / n * row * np.maximum(model.experts_per_token, 1.0)
    spread = parallel.all_to_all_time(sent, n, bandwidth, latency)
    return _over_layers(model, apart, cut, spread)


def startup_time(
    model: Arithmetic, stack: Mapping[str, Any], layout: ServingLayout
) -> Array:
    """Time of the collectives of one pass that does not grow with its tokens. [s].

    Parameters
    ----------
    model
        Arithmetic of the model. [mixed]
    stack
        Link latency. [mixed]
    layout
        Replica size and kind. [chip]

    References
    ----------
    As :func:`network_time`.
    """
    once = stack["link_latency"] * np.minimum(layout.chips - 1.0, 1.0)
    if not np.any(layout.data_attention):
        return 2.0 * model.layers * once
    return _over_layers(model, layout.data_attention, once, once)


def _over_layers(model: Arithmetic, apart: Array, cut: Array, spread: Array) -> Array:
    """Time of two collectives in each layer that has them. [s]."""
    layers = np.where(model.moe_layers > 0, model.moe_layers, model.layers)
    return (1.0 - apart) * 2.0 * model.layers * cut + apart * 2.0 * layers * spread
