"""The arithmetic of transformers against published counts, and config.json files."""

from __future__ import annotations

import numpy as np
import pytest

from breakeven.models import llm
from breakeven.models.llm_config import ConfigError, architecture
from breakeven.presets import tables


def found(name):
    values = {q: row.central for q, row in tables.preset("llms", name).items()}
    return llm.arithmetic(llm.Architecture(**values).base())


@pytest.mark.parametrize(
    ("name", "total"),
    [  # element counts of the weight files on the hub
        ("llama3_8b", 8_030_261_248),
        ("llama3_70b", 70_553_706_496),
        ("llama3_1_405b", 405_853_388_800),
        ("llama2_7b", 6_738_415_616),
        ("llama2_13b", 13_015_864_320),
        ("llama2_70b", 68_976_648_192),
        ("mistral_7b", 7_248_023_552),
        ("mixtral_8x7b", 46_702_792_704),
    ],
)
def test_parameters_equal_the_published_count(name, total):
    assert float(found(name).parameters) == total


@pytest.mark.parametrize(
    ("name", "total", "active", "cached"),
    [  # model cards: totals and active parameters as rounded there
        ("deepseek_v3", 671e9, 37e9, 61 * 576),
        ("qwen3_235b_a22b", 235e9, 22e9, 94 * 2 * 4 * 128),
        ("qwen3_30b_a3b", 30.5e9, 3.3e9, 48 * 2 * 4 * 128),
        ("gpt_oss_120b", 117e9, 5.1e9, 36 * 2 * 8 * 64),
        ("kimi_k2", 1.03e12, 32e9, 61 * 576),
        ("palm_540b", 540e9, 540e9, 118 * 2 * 256),
    ],
)
def test_mixtures_and_caches_match_their_cards(name, total, active, cached):
    model = found(name)
    assert float(model.parameters) == pytest.approx(total, rel=0.01)
    assert float(model.active_weights) == pytest.approx(active, rel=0.1)
    assert float(model.kv_elements) == cached


def test_coverage_grows_from_one_token_to_all_experts():
    model = found("mixtral_8x7b")
    share = llm.coverage(model, np.array([1.0, 2.0, 8.0, 1e4]))
    assert share[0] == pytest.approx(2 / 8)
    assert share[1] == pytest.approx(1 - 0.75**2)
    assert np.all(np.diff(share) > 0)
    assert share[-1] == pytest.approx(1.0)
    assert float(llm.coverage(found("llama3_8b"), np.float64(64.0))) == 0.0


def test_a_sliding_window_bounds_what_local_layers_see():
    model = found("gpt_oss_120b")
    assert float(llm.visible_context(model, np.float64(100.0))) == 100.0
    assert float(llm.visible_context(model, np.float64(10_128.0))) == 5128.0


LLAMA = {
    "model_type": "llama",
    "hidden_size": 4096,
    "num_hidden_layers": 32,
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "intermediate_size": 14336,
    "vocab_size": 128256,
    "tie_word_embeddings": False,
}
DEEPSEEK = {
    "model_type": "deepseek_v3",
    "hidden_size": 7168,
    "num_hidden_layers": 61,
    "num_attention_heads": 128,
    "num_key_value_heads": 128,
    "intermediate_size": 18432,
    "vocab_size": 129280,
    "n_routed_experts": 256,
    "num_experts_per_tok": 8,
    "n_shared_experts": 1,
    "moe_intermediate_size": 2048,
    "first_k_dense_replace": 3,
    "kv_lora_rank": 512,
    "q_lora_rank": 1536,
    "qk_rope_head_dim": 64,
    "qk_nope_head_dim": 128,
    "v_head_dim": 128,
    "tie_word_embeddings": False,
}
QWEN = {
    "model_type": "qwen3_moe",
    "hidden_size": 2048,
    "num_hidden_layers": 48,
    "num_attention_heads": 32,
    "num_key_value_heads": 4,
    "head_dim": 128,
    "intermediate_size": 6144,
    "vocab_size": 151936,
    "num_experts": 128,
    "num_experts_per_tok": 8,
    "moe_intermediate_size": 768,
    "decoder_sparse_step": 1,
    "mlp_only_layers": [],
    "tie_word_embeddings": False,
    "sliding_window": None,
}
OSS = {
    "model_type": "gpt_oss",
    "hidden_size": 2880,
    "num_hidden_layers": 36,
    "num_attention_heads": 64,
    "num_key_value_heads": 8,
    "head_dim": 64,
    "intermediate_size": 2880,
    "vocab_size": 201088,
    "num_local_experts": 128,
    "num_experts_per_tok": 4,
    "sliding_window": 128,
    "layer_types": ["sliding_attention", "full_attention"] * 18,
    "tie_word_embeddings": False,
}


@pytest.mark.parametrize(
    ("config", "name"),
    [
        (LLAMA, "llama3_8b"),
        (DEEPSEEK, "deepseek_v3"),
        (QWEN, "qwen3_30b_a3b"),
        (OSS, "gpt_oss_120b"),
    ],
)
def test_a_configuration_gives_the_model_of_the_preset(config, name):
    mine = llm.arithmetic(llm.Architecture(**architecture(config)).base())
    ours = found(name)
    for field in ("parameters", "active_weights", "kv_elements", "sliding_layers"):
        assert float(getattr(mine, field)) == float(getattr(ours, field)), field


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"model_type": "mamba2"}, "model_type"),
        ({"hidden_size": None}, "hidden_size"),
        ({"num_hidden_layers": "many"}, "num_hidden_layers"),
        ({"layer_types": ["linear_attention"], "sliding_window": 8}, "layer_types"),
        ({"num_kv_shared_layers": 4}, "num_kv_shared_layers"),
        ({"kv_lora_rank": 512}, "qk_rope_head_dim"),
    ],
)
def test_what_is_not_understood_is_refused_by_name(change, field):
    with pytest.raises(ConfigError, match=field):
        architecture({**LLAMA, **change})
