"""Margins from wafer to gigawatt: sums, the other margin, published figures."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from breakeven.explorer import findings
from breakeven.explorer.state import load_scenario, scenario_names
from breakeven.models.markup_study import CHIP, STEPS


def study(name: str = "trainium2-vs-h100", **overrides: Any) -> Any:
    scenario = load_scenario(name)
    return scenario.evaluate(overrides, studies=("markup",)).studies["markup"]


def test_the_steps_make_the_price_and_all_that_is_paid() -> None:
    found = study(**{"gpu.chip.price": [20_000.0, 30_000.0]})
    steps = found["steps"]
    assert steps.shape[-1] == len(STEPS)
    np.testing.assert_allclose(steps[..., :CHIP].sum(axis=-1), found["price"])
    np.testing.assert_allclose(steps.sum(axis=-1), found["capex"])
    np.testing.assert_allclose(
        found["steps_per_gw"].sum(axis=-1), found["capex_per_gw"]
    )
    np.testing.assert_allclose(found["price"][1], [20_000.0, 30_000.0])


def test_another_margin_on_the_same_cost() -> None:
    same = study()["seller_margin"][1]
    found = study(**{"markup.other_margin": [same, 0.0, 0.5]})
    assert found["saved"][1][0] == pytest.approx(0.0, abs=1e-6)
    assert found["other_price"][1][1] == pytest.approx(found["bill"][1][1])
    assert found["other_price"][1][2] == pytest.approx(2.0 * found["bill"][1][2])
    share = found["saved"][1] / found["capex"][1]
    np.testing.assert_allclose(found["saved_share"][1], share)


def test_published_margins_and_a_published_gigawatt() -> None:
    h100, gb200 = study(), study("tpu-v7-vs-gb200")
    # chip-level margins of 79 to 88 % are reported for these parts
    assert 0.79 <= h100["seller_margin"][1] <= 0.89
    assert 0.79 <= gb200["seller_margin"][1] <= 0.89
    # Bernstein: 35 BUSD for a gigawatt of GB200, of which GPUs 39 %
    assert gb200["capex_per_gw"][1] == pytest.approx(35.0, rel=0.1)
    share = gb200["steps"][1][:CHIP].sum() / gb200["capex"][1]
    assert share == pytest.approx(0.39, abs=0.15)


@pytest.mark.parametrize("name", scenario_names())
def test_every_scenario_has_an_answer_in_words(name: str) -> None:
    scenario = load_scenario(name)
    results = scenario.evaluate(studies=("markup",))
    lines = findings.said(scenario, results, ["markup"])
    assert lines
    assert not any("nan" in line for line in lines), lines
