"""Tasks of agents: published totals, limits by hand, identities, heavy tails."""

from __future__ import annotations

import numpy as np
import pytest

from breakeven.explorer import load_scenario
from breakeven.explorer.session import Session
from breakeven.models import agents, task_time
from breakeven.models.scenario import Scenario
from breakeven.presets import tables

AGENTIC = (
    "chat_assistant customer_service coding_interactive coding_autonomous "
    "deep_research batch_workflow rag"
).split()


def on(workload: str) -> Scenario:
    session = Session("trainium2-vs-h100")
    assert not session.change({"workload": workload})
    return session.scenario


def figure(workload: str, name: str) -> float:
    value = tables.preset("workloads", workload)[name].central
    assert value is not None
    return value


# ------------------------------------------------------------ published totals


@pytest.mark.parametrize(
    ("workload", "low", "high", "check"),
    [
        # a mean of products exceeds the product of means: long tasks have long prompts
        ("coding_interactive", 0.94, 1.0, "check_input_tokens_mean"),
        ("coding_autonomous", 0.85, 1.0, "check_tokens_nilenso_gpt5"),
        ("coding_autonomous", 0.95, 1.0, "check_tokens_nilenso_sonnet45"),
        ("deep_research", 0.57, 1.43, "check_tokens"),  # 2 to 5 million
    ],
)
def test_tokens_of_a_task_are_those_published(
    workload: str, low: float, high: float, check: str
):
    found = on(workload).evaluate(studies=("agent",)).studies["agent"]
    total = float(found["fresh_tokens"] + found["cached_tokens"])
    if check != "check_input_tokens_mean":
        total += float(found["output_tokens"])
    assert low < total / figure(workload, check) < high


def test_a_ticket_has_the_history_that_was_measured():
    found = on("customer_service").evaluate(studies=("agent",)).studies["agent"]
    calls = figure("customer_service", "calls_per_task")
    # the prompt holds tool schemas of 2,520 tokens and 1,500 retrieved, besides
    history = float(found["fresh_tokens"] + found["cached_tokens"]) - calls * 4020
    known = figure("customer_service", "check_input_tokens_history_only_mean")
    assert 0.9 < history / known < 1.1
    # two to three times what is visible, for hidden reasoning and guardrails
    visible = figure("customer_service", "check_visible_output_tokens_mean")
    assert 2.0 < float(found["output_tokens"]) / visible < 3.0


def test_output_and_tool_time_of_coding_are_those_measured():
    found = on("coding_interactive").evaluate(studies=("agent",)).studies["agent"]
    known = figure("coding_interactive", "check_output_tokens_mean")
    assert 0.94 < float(found["output_tokens"]) / known < 1.0
    # 59 % of 28.3 s a step, 8.8 steps
    assert float(found["tool_time"][0]) == pytest.approx(150, rel=0.03)
    found = on("coding_autonomous").evaluate(studies=("agent",)).studies["agent"]
    assert 266 <= float(found["tool_time"][0]) <= 296
    # 46 to 50 core-seconds on the core of the test bed, half of the paid ones at work
    paid = 50 / 0.6 / 0.5
    assert float(found["compute_core_seconds"][0]) == pytest.approx(paid, rel=0.1)


@pytest.mark.parametrize("workload", AGENTIC)
def test_every_workload_has_a_cost_and_a_wait(workload: str):
    found = on(workload).evaluate(studies=("agent",)).studies["agent"]
    for name in ("cost", "time_p50", "time_p90", "energy", "tasks_per_day_mw"):
        assert (found[name] > 0).all(), name
    assert (found["time_p90"] > found["time_p50"]).all()


def test_training_has_no_tasks():
    results = load_scenario("train-405b-tpu-v5p-vs-h100").evaluate(studies=("agent",))
    assert np.isnan(results.studies["agent"]["cost"]).all()


def test_another_workload_brings_its_task_and_leaves_the_price_of_a_core() -> None:
    session = Session("trainium2-vs-h100")
    session.change({"agent.core_price": 0.03, "agent.steps_p50": 50.0})
    assert not session.change({"workload": "coding_autonomous"})
    agent = session.scenario.studied["agent"]
    assert agent.core_price == 0.03
    assert agent.steps_p50 == figure("coding_autonomous", "steps_p50")
    assert session.scenario.evidence["agent.core_price"].status == "edited"
    session.change({"agent.core_price": {"reset": True}})
    assert agent.core_price == session.original.studied["agent"].core_price != 0.03


# ------------------------------------------------------------------ identities


@pytest.mark.parametrize("workload", AGENTIC)
def test_parts_add_up(workload: str):
    results = on(workload).evaluate(studies=("agent", "carbon"))
    found = results.studies["agent"]
    parts = sum(found[f"{part}_cost"] for part in ("accelerator", "cpu", "memory"))
    np.testing.assert_allclose(found["cost"], parts)
    np.testing.assert_allclose(
        found["accelerator_cost"],
        results.cost_per_token * found["output_tokens"] / 1e6,
    )
    np.testing.assert_allclose(
        found["cpu_cost_share"], 1 - found["accelerator_cost"] / found["cost"]
    )
    np.testing.assert_allclose(
        found["cores"], np.maximum(found["compute_cores"], found["memory_cores"])
    )
    grid = 369.5  # g/kWh
    np.testing.assert_allclose(found["carbon"], found["energy"] / 1e3 * grid)


def test_carbon_of_work_is_operational_and_embodied_apart():
    results = load_scenario().evaluate(studies=("carbon",))
    found = results.studies["carbon"]
    np.testing.assert_allclose(found["operational"], results.carbon)
    np.testing.assert_allclose(found["total"], found["operational"] + found["embodied"])
    fleet = results.count * 300.0 / 1e3  # t, the first option at the default
    assert found["fleet_embodied"][0] == pytest.approx(fleet[0])
    # a fleet's making, over its life, is what its work carries
    life, months = 60.0, results.work_per_month
    np.testing.assert_allclose(
        found["embodied"] * months * life / 1e3, found["fleet_embodied"]
    )


def test_memory_binds_where_it_is_held_for_long():
    scenario = on("coding_autonomous")
    sizes = np.array([0.0, 0.5, 8.0])
    found = scenario.evaluate({"agent.sandbox_memory": sizes}, studies=("agent",))
    cores = found.studies["agent"]
    assert cores["memory_cost"][0, 0] == 0.0
    assert (np.diff(cores["cost"][0]) >= 0).all()
    assert cores["memory_cores"][0, 2] == pytest.approx(
        16 * cores["memory_cores"][0, 1]
    )


def test_processors_price_their_own_tools():
    results = load_scenario("graviton5-vs-x86").evaluate(studies=("agent",))
    found = results.studies["agent"]
    seconds = 70 * 1.25  # calls of an autonomous coding task, on a server core
    np.testing.assert_allclose(
        found["cpu_cost"], results.cost_per_token / 3600 * seconds
    )
    assert (found["accelerator_cost"] == 0).all()


# -------------------------------------------------------------- limits by hand


def test_a_sandbox_lives_as_long_as_its_parts():
    alive = agents.sandbox_time(10.0, 3.0, 2.0, 1.0, 5.0, 0.5)
    assert alive == pytest.approx(5 + 10 * (3 + 2) / 0.5)
    assert agents.memory_core_time(2e9, alive, 4e9) == pytest.approx(52.5)
    assert agents.bound_core_time(60.0, 52.5) == 60.0
    # 1,000 token/s over 100 tokens a task is 10 tasks/s, each 60 core-seconds
    assert agents.cores_per_accelerator(60.0, 1000.0, 1.0, 100.0) == 600.0


def quantile(share: float, **changed: float) -> float:
    given = {
        "steps_p50": 10.0, "steps_p90": 10.0, "ttft": 1.0, "tpot": 0.02,
        "output_p50": 101.0, "output_p90": 101.0, "tool_calls": 0.0,
        "tool_time_p50": 1.0, "tool_time_p90": 1.0,
    }  # fmt: skip
    return float(task_time.task_time(np.asarray(share), **{**given, **changed}))


def test_without_spread_a_task_takes_the_sum_of_its_steps():
    assert quantile(0.5) == pytest.approx(10 * (1 + 100 * 0.02))
    assert quantile(0.9) == pytest.approx(quantile(0.5))


def simulated(rng: np.random.Generator, count: int, **given: float) -> np.ndarray:
    def lognormal(p50: float, p90: float, size: int) -> np.ndarray:
        spread = np.log(p90 / p50) / 1.2815515655446004
        return p50 * np.exp(spread * rng.standard_normal(size))

    steps = np.maximum(lognormal(given["steps_p50"], given["steps_p90"], count), 1.0)
    found = np.empty(count)
    for i, many in enumerate(np.floor(steps + rng.random(count)).astype(int)):
        tokens = lognormal(given["output_p50"], given["output_p90"], many)
        calls = rng.poisson(given["tool_calls"] * many)
        tools = lognormal(given["tool_time_p50"], given["tool_time_p90"], calls)
        decoded = np.maximum(tokens - 1.0, 0.0).sum() * given["tpot"]
        found[i] = many * given["ttft"] + decoded + tools.sum()
    return found


@pytest.mark.parametrize("workload", ["coding_autonomous", "chat_assistant", "rag"])
def test_waits_are_those_of_a_simulation(workload: str):
    names = {
        "steps_p50": "steps_p50", "steps_p90": "steps_p90",
        "output_p50": "output_length_p50", "output_p90": "output_length_p90",
        "tool_calls": "tool_calls_per_step_mean",
        "tool_time_p50": "tool_time_p50", "tool_time_p90": "tool_time_p90",
    }  # fmt: skip
    given = {own: figure(workload, name) for own, name in names.items()}
    given |= {"ttft": 1.0, "tpot": 0.025}
    times = simulated(np.random.default_rng(7), 20_000, **given)
    for share in (0.5, 0.9):
        found = quantile(share, **given)
        assert found == pytest.approx(np.quantile(times, share), rel=0.08)


def test_a_heavier_tail_moves_the_slow_task_more_than_the_median():
    calm = {"tool_calls": 1.0, "tool_time_p90": 2.0}
    wild = {"tool_calls": 1.0, "tool_time_p90": 30.0}
    slow = quantile(0.9, **wild) / quantile(0.9, **calm)
    assert slow > 1.2 * quantile(0.5, **wild) / quantile(0.5, **calm)
