"""The search for a layout: a rough look leaves out none that could be the best."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from breakeven.explorer import load_scenario
from breakeven.explorer.axes import variant
from breakeven.models import search, throughput, uncertainty
from breakeven.models.base import Array
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario

DRAWS = 1500
MODELS = ("llama3_70b", "llama3_8b", "deepseek_v3", "gpt_oss_120b", "qwen3_32b")
CHIPS = ("trainium2", "tpu_v6e", "h100_sxm", "mi300x", "gb200_nvl72")
BASE = load_scenario()


def wild(scenario: Scenario, seed: int) -> dict[str, Array]:
    """Every range drawn, and a load far beyond what anybody would ask for."""
    generator = np.random.default_rng(seed)
    loads = {
        "input_length": (1.5, 5.0),
        "output_length": (0.5, 4.0),
        "interactivity": (0.0, 2.5),
        "ttft_limit": (-1.0, 2.0),
    }
    return uncertainty.draws(scenario, DRAWS, seed, idle=True) | {
        f"workload.{name}": 10.0 ** generator.uniform(*ends, DRAWS)
        for name, ends in loads.items()
    }


def solved(monkeypatch: pytest.MonkeyPatch, whole: bool, *given: Any) -> Results:
    """Results with every layout solved, or only those that a rough look leaves."""
    scenario, overrides = given
    chosen = search.best_of_all if whole else search.best_state
    monkeypatch.setattr(throughput, "best_state", chosen)
    found: Results = scenario.evaluate(overrides, curves="cost")
    return found


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("chip", CHIPS)
def test_the_few_give_what_all_give(
    monkeypatch: pytest.MonkeyPatch, model: str, chip: str
) -> None:
    scenario = variant(BASE, {"llm": model, "asic.chip": chip, "gpu.chip": chip})
    draws = wild(scenario, CHIPS.index(chip) * 10 + MODELS.index(model))
    whole = solved(monkeypatch, True, scenario, draws)
    few = solved(monkeypatch, False, scenario, draws)
    assert whole.feasible.any()
    for item in fields(Results):
        if item.name in ("studies", "notes"):
            continue
        one, other = getattr(whole, item.name), getattr(few, item.name)
        np.testing.assert_array_equal(other, one, err_msg=item.name)


def test_a_rough_look_leaves_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Solving all would be as exact; the look is there to be quick."""
    solved_layouts: list[int] = []
    plain = search._solved

    def counted(replica: Any, demand: Any, layout: Any) -> Any:
        solved_layouts.append(layout.size)
        return plain(replica, demand, layout)

    monkeypatch.setattr(search, "_solved", counted)
    BASE.evaluate(uncertainty.draws(BASE, DRAWS, idle=True), curves="cost")
    assert sum(solved_layouts) < 1.3 * len(BASE.options) * DRAWS


def test_few_draws_and_draws_on_two_axes_are_solved_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A look of its own would cost more than it saves, or has no one axis to cut."""
    monkeypatch.setattr(search, "looked_at", pytest.fail)
    lengths = np.geomspace(100.0, 1e4, 400)
    BASE.evaluate({"workload.input_length": lengths[:100]})
    wide = {"workload.input_length": lengths[:, None]}
    found = BASE.evaluate(wide | {"gpu.chip.hbm_bandwidth": np.array([[2.0, 3.0]])})
    assert found.token_rate.shape == (2, 400, 2)


def test_an_order_of_layouts_that_tie_is_kept() -> None:
    """Where nothing works all layouts tie in how they fail: the first is named."""
    draws = {"workload.interactivity": np.linspace(4000.0, 5000.0, 600)}
    found = BASE.evaluate(draws, curves="cost")
    one = BASE.evaluate({"workload.interactivity": 4000.0}, curves="cost")
    assert not found.feasible.any()
    np.testing.assert_array_equal(found.limited_by[:, 0], np.ravel(one.limited_by))
