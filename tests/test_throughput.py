"""The throughput model: limits by hand, signs, infeasible points, published runs."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from breakeven.models import llm, parallel, serving, throughput, training
from breakeven.models.parallel import ServingLayout
from breakeven.models.power_load import PowerLoad, chip_power
from breakeven.models.serving import Formats
from breakeven.models.throughput import LIMITS, Machine, Stack
from breakeven.presets import tables

H100 = Machine(
    peak_flops=np.float64(1979e12),
    hbm_bandwidth=np.float64(3.35e12),
    memory=np.float64(73.6e9),
    scale_up_bandwidth=np.float64(450e9),
    scale_up_domain=np.float64(8.0),
    scale_out_bandwidth=np.float64(50e9),
)
STACK = Stack().base()
LOAD = {"input_length": 2500.0, "output_length": 400.0}
MODELS = ("llama3_8b", "llama3_70b", "deepseek_v3", "gpt_oss_120b")


def shape(name):
    values = {q: row.central for q, row in tables.preset("llms", name).items()}
    return llm.Architecture(**values).base()


def solve(name="llama3_70b", machine=H100, stack=STACK, **changes):
    return throughput.serving(shape(name), machine, stack, **{**LOAD, **changes})


def test_a_small_batch_on_one_chip_reads_its_weights_at_the_attained_bandwidth():
    model = llm.arithmetic(shape("llama3_8b"))
    free = {name: 0.0 for name in STACK} | {
        "compute_efficiency": 1e9,
        "attention_efficiency": 1e9,
        "hbm_efficiency": 0.8,
        "expert_efficiency": 1.0,
        "link_efficiency": 1.0,
    }
    one = ServingLayout(np.float64(1.0), np.float64(0.0))
    formats = Formats(np.float64(2.0), np.float64(2.0))
    arguments = (model, H100, free, one, formats, np.float64(1.0), np.float64(1000.0))
    step = serving.step_time(*arguments)
    weights = 2.0 * (8_030_261_248 - 128_256 * 4096 - 65 * 4096)
    cache = 1000 * 2 * 65_536
    assert float(step.total) == pytest.approx((weights + cache) / (0.8 * 3.35e12))


def test_collectives_have_their_textbook_limits():
    none = parallel.all_reduce_time(1e6, np.float64(1.0), 1e9, 1e-5)
    assert float(none) == 0.0
    many = parallel.all_reduce_time(1e6, np.float64(1e9), 1e9, 1e-5)
    assert float(many) == pytest.approx(2e6 / 1e9 + 1e-5)
    assert float(parallel.link_bandwidth(H100, np.float64(8.0))) == 450e9
    far = float(parallel.link_bandwidth(H100, np.float64(1e9)))
    assert far == pytest.approx(50e9, rel=1e-6)


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize(
    "field", ["peak_flops", "hbm_bandwidth", "memory", "scale_up_bandwidth"]
)
def test_a_better_chip_is_never_slower(name, field):
    better = replace(H100, **{field: getattr(H100, field) * 1.3})
    before = solve(name, ttft_limit=2.0, tpot_limit=0.04)
    after = solve(name, better, ttft_limit=2.0, tpot_limit=0.04)
    assert float(after.output_rate) >= float(before.output_rate) * (1 - 1e-3)


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("limit", [0.015, 0.03, 0.06])
def test_the_slo_is_met_where_the_point_is_feasible(name, limit):
    found = solve(name, ttft_limit=2.0, tpot_limit=limit)
    if found.feasible:
        assert float(found.tpot) <= limit * 1.02
        assert float(found.ttft) <= 2.0 * 1.02
        assert float(found.batch) >= 1.0
    else:
        assert np.isnan(found.output_rate)


def test_a_looser_slo_serves_more():
    limits = np.array([0.012, 0.02, 0.04, 0.08, 0.2])
    rate = solve(tpot_limit=limits, ttft_limit=5.0).output_rate
    assert np.all(np.diff(rate) > 0)


def test_an_infeasible_point_is_nan_with_its_reason():
    tight = solve(tpot_limit=1e-4, ttft_limit=2.0)
    assert np.isnan(tight.output_rate)
    assert not tight.feasible
    assert LIMITS[int(tight.limited_by)] == "TPOT limit"
    slow = solve(ttft_limit=1e-3)
    assert LIMITS[int(slow.limited_by)] == "TTFT limit"
    tiny = replace(H100, memory=np.float64(1e8))
    full = solve(machine=tiny)
    assert LIMITS[int(full.limited_by)] == "memory capacity"


def test_draws_broadcast_to_the_same_numbers_as_scalars():
    draws = np.array([0.5, 0.7, 0.9])
    many = solve(stack={**STACK, "hbm_efficiency": draws}, tpot_limit=0.04)
    for i, value in enumerate(draws):
        one = solve(stack={**STACK, "hbm_efficiency": value}, tpot_limit=0.04)
        for f in fields(many):
            whole = getattr(many, f.name)[i]
            np.testing.assert_allclose(whole, getattr(one, f.name), rtol=1e-12)
    grid = solve(
        stack={**STACK, "hbm_efficiency": draws[:, None]},
        input_length=np.array([500.0, 5000.0]),
    )
    assert grid.output_rate.shape == (3, 2)


@pytest.mark.parametrize("name", MODELS)
def test_prefix_cache_speculation_and_disaggregation_help(name):
    plain = solve(name, tpot_limit=0.05, ttft_limit=3.0)
    cached = solve(name, tpot_limit=0.05, ttft_limit=3.0, cached_fraction=0.8)
    drafted = solve(name, tpot_limit=0.05, ttft_limit=3.0, speculation=1.8)
    apart = solve(name, tpot_limit=0.05, ttft_limit=3.0, disaggregated=1.0)
    assert cached.output_rate > plain.output_rate
    assert drafted.output_rate > plain.output_rate
    assert apart.output_rate >= plain.output_rate * (1 - 1e-3)
    assert apart.tpot <= 0.05 * 1.02


@given(
    factor=st.floats(0.5, 4.0),
    name=st.sampled_from(("hbm_efficiency", "compute_efficiency", "realised_share")),
)
def test_shares_of_peak_never_exceed_one(factor, name):
    value = min(STACK[name] * factor, 1.0)
    found = solve(stack={**STACK, name: value})
    assert 0 < float(found.mfu) < 1
    assert 0 < float(found.mbu) < 1


def test_doubling_seconds_doubles_every_time():
    slow = Machine(
        peak_flops=H100.peak_flops / 2,
        hbm_bandwidth=H100.hbm_bandwidth / 2,
        memory=H100.memory,
        scale_up_bandwidth=H100.scale_up_bandwidth / 2,
        scale_up_domain=H100.scale_up_domain,
        scale_out_bandwidth=H100.scale_out_bandwidth / 2,
    )
    times = ("layer_overhead", "expert_overhead", "link_latency", "sequence_overhead")
    stretched = {**STACK, **{name: STACK[name] * 2 for name in times}}
    once = solve("deepseek_v3", tpot_limit=0.05, ttft_limit=2.0)
    twice = solve("deepseek_v3", slow, stretched, tpot_limit=0.1, ttft_limit=4.0)
    assert float(twice.output_rate) == pytest.approx(float(once.output_rate) / 2)


RUN = {"sequence_length": 8192.0, "global_batch": 2048.0, "count": 1024.0}


def test_training_flops_follow_the_six_n_rule():
    model = llm.arithmetic(shape("llama3_8b"))
    job = training.Job(np.float64(1.0), np.float64(1.0), np.float64(1.0))
    flops = float(training.model_flops(model, job))
    assert flops == pytest.approx(6 * 7_504_658_432, rel=1e-3)
    adapters = replace(job, frozen=np.float64(1.0))
    assert float(training.model_flops(model, adapters)) / flops == pytest.approx(
        2 / 3, rel=1e-3
    )


@pytest.mark.parametrize("name", ["llama3_8b", "llama3_70b", "llama3_1_405b"])
def test_training_is_feasible_and_below_the_attainable_share(name):
    found = throughput.training(shape(name), H100, STACK, **RUN)
    assert found.feasible
    assert 0.1 < float(found.mfu) < STACK["compute_efficiency"]
    more = throughput.training(
        shape(name), H100, STACK, **RUN | {"global_batch": 4096.0}
    )
    assert more.token_rate >= found.token_rate


def test_recomputation_costs_time_where_memory_does_not_ask_for_it():
    kept = throughput.training(
        shape("llama3_8b"), H100, STACK, **RUN, recompute="selective"
    )
    again = throughput.training(
        shape("llama3_8b"), H100, STACK, **RUN, recompute="full"
    )
    assert again.token_rate < kept.token_rate


def test_a_model_that_fits_nowhere_is_refused_with_the_reason():
    small = replace(H100, memory=np.float64(1e9))
    found = throughput.training(shape("llama3_1_405b"), small, STACK, **RUN)
    assert np.isnan(found.token_rate)
    assert LIMITS[int(found.limited_by)] == "memory capacity"


def test_power_rises_from_idle_to_the_ceiling():
    values = PowerLoad(
        **{q: r.central for q, r in tables.preset("power_load", "accelerator").items()}
    ).base()
    load = np.linspace(0.0, 1.0, 11)
    power = chip_power(700.0, load, load, 0.15, **values)
    assert np.all(np.diff(power) > 0)
    assert 0.15 * 700 < power[0] < 0.6 * 700
    assert power[-1] < values["ceiling"] * 700
