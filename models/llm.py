"""The arithmetic of a transformer: parameters, cache, FLOP, from its shape alone.

Counts follow the weight matrices exactly (norms included, biases left out), so that
they agree with published totals. Multi-head, grouped, multi-query and latent attention,
dense and mixture-of-experts layers and sliding windows are one set of formulas: a
feature that a model lacks is a zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from breakeven.models.base import Array, Group, fraction, quantity


class Architecture(Group):
    """Shape of one decoder-only language model; absent features are 0."""

    layers = quantity(
        80.0, "layer", "Transformer layers", bounds=(1, None), slider=(8, 160)
    )
    hidden = quantity(
        8192.0, "element", "Width of the residual stream", bounds=(1, None),
        slider=(512, 32_768), log=True,
    )  # fmt: skip
    heads = quantity(
        64.0, "1", "Query heads of one layer", bounds=(1, None), slider=(4, 256)
    )
    kv_heads = quantity(
        8.0, "1", "Key-value heads of one layer: 1 is multi-query; unused with a "
        "latent cache", bounds=(1, None), slider=(1, 128),
    )  # fmt: skip
    head_dim = quantity(
        128.0, "element", "Width of one query and key head", bounds=(1, None),
        slider=(32, 512),
    )  # fmt: skip
    value_dim = quantity(
        128.0, "element", "Width of one value head", bounds=(1, None), slider=(32, 512)
    )
    ffn = quantity(
        28_672.0, "element", "Inner width of a dense feed-forward layer",
        slider=(0, 131_072),
    )  # fmt: skip
    ffn_matrices = quantity(
        3.0, "1", "Matrices of a feed-forward block: 3 when gated, else 2",
        bounds=(2, 3), slider=(2, 3),
    )  # fmt: skip
    vocab = quantity(
        128_256.0, "token", "Vocabulary", bounds=(1, None), slider=(8_000, 300_000)
    )
    tied_embeddings = fraction(
        0.0, "1 when input and output embeddings are one matrix, else 0"
    )
    experts = quantity(
        0.0, "expert", "Routed experts of a mixture layer; 0 for a dense model",
        slider=(0, 512),
    )  # fmt: skip
    experts_per_token = quantity(
        0.0, "expert", "Routed experts that each token visits", slider=(0, 16)
    )
    shared_experts = quantity(
        0.0, "expert", "Experts that every token visits", slider=(0, 4)
    )
    expert_ffn = quantity(
        0.0, "element", "Inner width of one expert", slider=(0, 32_768)
    )
    moe_layers = quantity(
        0.0, "layer", "Layers whose feed-forward block is a mixture", slider=(0, 128)
    )
    query_rank = quantity(
        0.0, "element", "Rank of compressed queries (latent attention); 0 when full",
        slider=(0, 4096),
    )  # fmt: skip
    kv_rank = quantity(
        0.0, "element", "Rank of the cached latent (MLA); 0 for ordinary heads",
        slider=(0, 2048),
    )  # fmt: skip
    rope_dim = quantity(
        0.0, "element", "Rotary part of a head that MLA caches beside the latent",
        slider=(0, 256),
    )  # fmt: skip
    sliding_window = quantity(
        0.0, "token", "Window of local attention layers; 0 when there are none",
        slider=(0, 131_072),
    )  # fmt: skip
    sliding_layers = fraction(0.0, "Share of layers whose attention is local")
    hosted_input_price = quantity(
        None, "USD/Mtoken", "Price of prompt tokens at a hosted API", slider=(0, 20)
    )
    hosted_cached_price = quantity(
        None, "USD/Mtoken", "Price of cached prompt tokens at a hosted API; empty: as "
        "other prompt tokens", slider=(0, 20),
    )  # fmt: skip
    hosted_output_price = quantity(
        None, "USD/Mtoken", "Price of generated tokens at a hosted API", slider=(0, 60)
    )


@dataclass(frozen=True)
class Arithmetic:
    """What the shape implies; every field broadcasts. Weights are element counts."""

    attention_weights: Array
    dense_weights: Array
    expert_weights: Array
    head_weights: Array
    embedding_weights: Array
    active_weights: Array
    parameters: Array
    kv_elements: Array
    score_width: Array
    layers: Array
    moe_layers: Array
    hidden: Array
    experts: Array
    experts_per_token: Array
    kv_shards: Array
    sliding_window: Array
    sliding_layers: Array


def attention_weights(shape: Mapping[str, Any]) -> Array:
    """Elements of the attention matrices of one layer. [element].

    With a latent cache: queries d·q + q·h·k (d·h·k when q = 0), latent d·(r + p),
    expansion r·h·(k − p + v), output h·v·d [1]_; otherwise d·k·(h + g) + d·v·(g + h).
    Biases and norms are left out.

    Parameters
    ----------
    shape
        Quantities of :class:`Architecture` in base units. [mixed]

    References
    ----------
    .. [1] DeepSeek-AI, "DeepSeek-V2," 2024, section 2.1, arXiv:2405.04434.
    """
    d, h, g = shape["hidden"], shape["heads"], shape["kv_heads"]
    k, v = shape["head_dim"], shape["value_dim"]
    q, r, p = shape["query_rank"], shape["kv_rank"], shape["rope_dim"]
    queries = np.where(np.greater(q, 0), d * q + q * h * k, d * h * k)
    latent = queries + d * (r + p) + r * h * (k - p + v) + h * v * d
    return np.where(np.greater(r, 0), latent, d * k * (h + g) + d * v * (g + h))


def kv_elements(shape: Mapping[str, Any]) -> Array:
    """Elements cached per token and layer. [element].

    Rank of the latent plus its rotary part (MLA), else g·(k + v).

    Parameters
    ----------
    shape
        Quantities of :class:`Architecture` in base units. [mixed]

    References
    ----------
    DeepSeek-AI, "DeepSeek-V2," 2024, table 1, arXiv:2405.04434.
    """
    latent = shape["kv_rank"] + shape["rope_dim"]
    heads = shape["kv_heads"] * (shape["head_dim"] + shape["value_dim"])
    return np.where(np.greater(shape["kv_rank"], 0), latent, heads)


def arithmetic(shape: Mapping[str, Any]) -> Arithmetic:
    """Weights, cache and work per token of a model of this shape. [mixed].

    Weights by class over all layers; ``active_weights`` are those multiplied for one
    token (experts visited, router and output head; the input embedding is a look-up).
    Elements are exact for matrices and norms; biases are left out (< 0.1 %).

    Parameters
    ----------
    shape
        Quantities of :class:`Architecture` in base units. [mixed]

    References
    ----------
    .. [1] Published totals of Llama 3.1 (8,030,261,248 and 405,853,388,800 elements)
       and of DeepSeek-V3 (671 G, arXiv:2412.19437) are met.
    .. [2] R. Pope et al., 2022, section 3.3, arXiv:2211.05102.
    """
    layers, moe = np.asarray(shape["layers"], float), shape["moe_layers"]
    d, matrices = np.asarray(shape["hidden"], float), shape["ffn_matrices"]
    attention = layers * attention_weights(shape)
    expert = moe * matrices * d * shape["expert_ffn"]
    shared = expert * shape["shared_experts"] + moe * d * shape["experts"]
    dense = (layers - moe) * matrices * d * shape["ffn"] + shared
    head = d * shape["vocab"]
    embedding = head * (1.0 - shape["tied_embeddings"])
    norms = (2.0 * layers + 1.0) * d
    routed = expert * shape["experts"]
    active = attention + dense + head + expert * shape["experts_per_token"]
    # A latent is whole on every chip; with one head the batch is cut instead [2]_.
    mla, single = np.greater(shape["kv_rank"], 0), np.less_equal(shape["kv_heads"], 1)
    shards = np.where(mla, 1.0, np.where(single, np.inf, shape["kv_heads"]))
    return Arithmetic(
        attention_weights=attention,
        dense_weights=dense,
        expert_weights=routed,
        head_weights=head,
        embedding_weights=embedding,
        active_weights=active,
        parameters=attention + dense + routed + head + embedding + norms,
        kv_elements=layers * kv_elements(shape),
        score_width=layers * shape["heads"] * (shape["head_dim"] + shape["value_dim"]),
        layers=layers,
        moe_layers=np.asarray(moe, float),
        hidden=d,
        experts=np.maximum(shape["experts"], 1.0),
        experts_per_token=np.asarray(shape["experts_per_token"], float),
        kv_shards=shards,
        sliding_window=np.asarray(shape["sliding_window"], float),
        sliding_layers=np.asarray(shape["sliding_layers"], float),
    )


def visible_context(model: Arithmetic, context: Array) -> Array:
    """Cached tokens that an average layer keeps and reads, at a context. [token].

    Local layers see at most their window. Range: any context >= 0.

    Parameters
    ----------
    model
        From :func:`arithmetic`. [mixed]
    context
        Tokens before the present one. [token]

    References
    ----------
    I. Beltagy et al., "Longformer," 2020, arXiv:2004.05150.
    """
    if not np.any(model.sliding_layers):
        return context
    window = np.where(model.sliding_window > 0, model.sliding_window, np.inf)
    return context + model.sliding_layers * (np.minimum(context, window) - context)


def coverage(model: Arithmetic, tokens: Array) -> Array:
    """Expected share of the routed experts that a batch visits. [1].

    1 − (1 − k/E)^tokens: independent uniform routing; real routing is skewed, so the
    share is an upper estimate at small batches. 0 for a dense model.

    Parameters
    ----------
    model
        From :func:`arithmetic`. [mixed]
    tokens
        Tokens routed together. [token]

    References
    ----------
    Occupancy of independent draws (coupon collector); own application to experts.
    """
    return -np.expm1(tokens * unvisited(model))


def unvisited(model: Arithmetic) -> Array:
    """Logarithm of the share of experts that one token leaves alone. [1].

    Parameters
    ----------
    model
        From :func:`arithmetic`. [mixed]

    References
    ----------
    As :func:`coverage`.
    """
    share = np.minimum(model.experts_per_token / model.experts, 1.0 - 1e-12)
    return np.log1p(-share)


def token_flops(model: Arithmetic, context: Array) -> Array:
    """Arithmetic of one generated token at a context: matrices and scores. [FLOP].

    2 per active weight, 2·context·h·(k + v) for scores and values of each layer. With a
    latent cache that is absorbed into the queries the scores cost more; see
    :func:`breakeven.models.serving.step_time`.

    Parameters
    ----------
    model
        From :func:`arithmetic`. [mixed]
    context
        Tokens before the present one. [token]

    References
    ----------
    J. Kaplan et al., "Scaling laws," 2020, table 1, arXiv:2001.08361.
    """
    seen = visible_context(model, context)
    return 2.0 * model.active_weights + 2.0 * seen * model.score_width
