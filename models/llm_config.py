"""Shape of a model from a Hugging Face ``config.json``, or the field that stops it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Decoders whose layers are what Architecture describes, by ``model_type``.
GATED = frozenset(
    "llama mistral mixtral qwen2 qwen3 qwen2_moe qwen3_moe gemma gemma2 phi3 olmo "
    "olmo2 granite gpt_oss deepseek_v2 deepseek_v3 kimi_k2 internlm2 smollm3 cohere "
    "cohere2 exaone4 ernie4_5 glm glm4 glm4_moe seed_oss llama4_text".split()
)
PLAIN = frozenset(
    "gpt2 gptj gpt_neox gpt_bigcode opt bloom falcon mpt starcoder2".split()
)
# Whose output matrix is the input embedding unless the file says otherwise.
TIED = frozenset("gemma gemma2 gpt2 gpt_bigcode opt bloom mpt cohere cohere2".split())
# Fields that change the shape in ways that Architecture cannot say.
REFUSED = (
    "ssm_state_size",
    "mamba_d_state",
    "mamba_n_heads",
    "linear_num_key_heads",
    "linear_conv_kernel_dim",
    "num_codebooks",
    "encoder_layers",
    "num_kv_shared_layers",
    "index_topk",
    "attention_chunk_size",
)
_NAMES = {
    "layers": ("num_hidden_layers", "n_layer", "n_layers", "num_layers"),
    "hidden": ("hidden_size", "n_embd", "d_model"),
    "heads": ("num_attention_heads", "n_head", "n_heads"),
    "kv_heads": ("num_key_value_heads", "num_kv_heads", "n_head_kv"),
    "ffn": ("intermediate_size", "n_inner", "ffn_dim", "ffn_hidden_size"),
    "vocab": ("vocab_size",),
    "experts": ("n_routed_experts", "num_local_experts", "num_experts"),
    "experts_per_token": ("num_experts_per_tok", "num_experts_per_token"),
    "expert_ffn": ("moe_intermediate_size",),
}


class ConfigError(ValueError):
    """A configuration that is not understood; the message names the field."""


def architecture(config: Mapping[str, Any]) -> dict[str, float]:
    """Quantities of Architecture from a ``config`` as its JSON gives it. [mixed].

    Raises
    ------
    ConfigError
        When a field is missing, is not a number, or describes what the shape cannot.
    """
    inner = config.get("text_config")
    if isinstance(inner, Mapping):
        config = {**config, **inner}
    kind = str(config.get("model_type", ""))
    if kind not in GATED | PLAIN:
        raise ConfigError(f"model_type = {kind!r} is not understood")
    for field in REFUSED:
        if config.get(field):
            raise ConfigError(f"{field} = {config[field]} is not understood")
    hidden = _number(config, "hidden")
    heads = _number(config, "heads")
    head_dim = _optional(config, ("head_dim",)) or hidden / heads
    layers = _number(config, "layers")
    shape = {
        "layers": layers,
        "hidden": hidden,
        "heads": heads,
        "kv_heads": _kv_heads(config, heads),
        "head_dim": head_dim,
        "value_dim": head_dim,
        "ffn": _optional(config, _NAMES["ffn"]) or 4.0 * hidden,
        "ffn_matrices": 3.0 if kind in GATED else 2.0,
        "vocab": _number(config, "vocab"),
        "tied_embeddings": float(bool(config.get("tie_word_embeddings", kind in TIED))),
    }
    return shape | _latent(config) | _mixture(config, layers) | _window(config, layers)


def _kv_heads(config: Mapping[str, Any], heads: float) -> float:
    if config.get("multi_query") is True:
        return 1.0
    return _optional(config, _NAMES["kv_heads"]) or heads


def _latent(config: Mapping[str, Any]) -> dict[str, float]:
    """Latent attention: ranks, rotary part, and heads widened by it."""
    rank = _optional(config, ("kv_lora_rank",))
    none = {"query_rank": 0.0, "kv_rank": 0.0, "rope_dim": 0.0}
    if not rank:
        return none
    rotary = _needed(config, "qk_rope_head_dim")
    return {
        "kv_rank": rank,
        "query_rank": _optional(config, ("q_lora_rank",)) or 0.0,
        "rope_dim": rotary,
        "head_dim": _needed(config, "qk_nope_head_dim") + rotary,
        "value_dim": _needed(config, "v_head_dim"),
        "kv_heads": 1.0,
    }


def _mixture(config: Mapping[str, Any], layers: float) -> dict[str, float]:
    """Experts: how many, how wide, in which layers."""
    experts = _optional(config, _NAMES["experts"])
    names = ("experts", "experts_per_token", "shared_experts", "expert_ffn")
    if not experts or experts < 2:
        return dict.fromkeys((*names, "moe_layers"), 0.0)
    width = _optional(config, _NAMES["expert_ffn"])
    if config.get("model_type") == "llama4_text":
        width = _needed(config, "intermediate_size")
    width = width or _number(config, "ffn")
    shared = _optional(config, ("n_shared_experts", "num_shared_experts")) or 0.0
    extra = _optional(config, ("shared_expert_intermediate_size",))
    if extra:
        shared = extra / width
    result = {
        "experts": experts,
        "experts_per_token": _number(config, "experts_per_token"),
        "shared_experts": 1.0 if config["model_type"] == "llama4_text" else shared,
        "expert_ffn": width,
        "moe_layers": _moe_layers(config, layers),
    }
    dense = _optional(config, ("intermediate_size_mlp",))
    return result | ({"ffn": dense} if dense else {})


def _moe_layers(config: Mapping[str, Any], layers: float) -> float:
    dense = _optional(config, ("first_k_dense_replace",)) or 0.0
    every = _optional(config, ("interleave_moe_layer_step", "decoder_sparse_step"))
    every = every or _optional(config, ("moe_layer_freq",)) or 1.0
    only = config.get("mlp_only_layers") or ()
    return float((layers - dense - len(only)) // every)


def _window(config: Mapping[str, Any], layers: float) -> dict[str, float]:
    """Sliding windows: width, and the share of layers that have one."""
    none = {"sliding_window": 0.0, "sliding_layers": 0.0}
    width = _optional(config, ("sliding_window",))
    if not width or config.get("use_sliding_window") is False:
        return none
    kinds = config.get("layer_types")
    pattern = _optional(config, ("sliding_window_pattern",))
    if isinstance(kinds, list):
        known = {"sliding_attention", "full_attention"}
        for name in kinds:
            if name not in known:
                raise ConfigError(
                    f"layer_types holds {name!r}, which is not understood"
                )
        share = kinds.count("sliding_attention") / layers
    else:
        share = (pattern - 1.0) / pattern if pattern else 1.0
    return {"sliding_window": width, "sliding_layers": share} if share else none


def _number(config: Mapping[str, Any], quantity: str) -> float:
    found = _optional(config, _NAMES[quantity])
    if found is None:
        names = " or ".join(_NAMES[quantity])
        raise ConfigError(f"{names} is missing")
    return found


def _needed(config: Mapping[str, Any], field: str) -> float:
    found = _optional(config, (field,))
    if found is None:
        raise ConfigError(f"{field} is missing")
    return found


def _optional(config: Mapping[str, Any], names: tuple[str, ...]) -> float | None:
    for name in names:
        value = config.get(name)
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0:
            raise ConfigError(f"{name} = {value!r} is not a count")
        return float(value)
    return None
