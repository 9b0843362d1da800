"""The steps of returns, retirement and the anchor add up to what they say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from breakeven.explorer import load_scenario, money_working
from breakeven.explorer.page import Explorer
from breakeven.explorer.views import sides

STUDIES = ("returns", "worth", "retirement", "anchor")


@pytest.fixture(scope="module")
def found() -> tuple[Any, Any]:
    scenario = load_scenario("trainium2-vs-h100")
    return scenario, scenario.evaluate(studies=STUDIES)


def test_cash_discounting_and_payback_add_up(found: tuple[Any, Any]) -> None:
    scenario, results = found
    value = money_working.returns(scenario, results).values
    net = np.diff(results.studies["returns"]["cumulative"][0], prepend=0.0)
    months = np.arange(net.size)
    assert value["total"] == pytest.approx(net.sum())
    discounted = (net / (1.0 + value["rate"]) ** (months / 12.0)).sum()
    assert value["total"] + value["waiting"] == pytest.approx(discounted)
    share = value["before"] / (value["before"] - value["after"])
    assert value["month"] + share == pytest.approx(value["payback"], abs=1e-6)
    for name in ("first", "second"):
        factors = (1.0 + value[name]) ** (months / 12.0)
        assert abs((net / factors).sum()) < 1e-6 * np.abs(net / factors).sum()


def test_resale_is_the_decay_of_each_batch_by_its_age(found: tuple[Any, Any]) -> None:
    scenario, results = found
    value = money_working.returns(scenario, results).values
    ages = np.arange(value["youngest"], value["oldest"] + 1.0)
    assert ages.size == scenario.finance.deployment_period
    worth = value["residual"] ** (ages / value["life"])
    assert value["oldest_worth"] == pytest.approx(worth[-1])
    assert value["youngest_worth"] == pytest.approx(worth[0])
    assert value["resale"] == pytest.approx(value["bought"] * worth.mean())
    other = value["rival_bought"] * worth.mean()
    assert value["rival_resale"] == pytest.approx(other)
    assert value["resale_flow"] == pytest.approx(value["resale"] - other)


def test_the_old_fleet_goes_where_both_costs_meet(found: tuple[Any, Any]) -> None:
    scenario, results = found
    said = money_working.retirement(scenario, results)
    value = said.values
    assert said.case == 0
    assert value["old_at"] == pytest.approx(value["new_at"], rel=1e-3)
    assert value["then"] == value["age"] + value["month"]
    dear = scenario.evaluate({"retirement.hardware_decline": 0.0}, studies=STUDIES)
    kept = money_working.retirement(scenario, dear)
    assert kept.case == int(np.isnan(dear.studies["retirement"]["month"][0]))


def test_present_value_of_the_anchor_without_its_idle_hours(
    found: tuple[Any, Any],
) -> None:
    scenario, results = found
    _, value = sides.working(scenario, results.studies["anchor"])
    alone = value["own_volume"] * value["saving"] - value["nre"]
    assert value["npv_without"] == pytest.approx(alone)
    each = value["price"] * value["taken"] * value["paid_worth"]
    each -= value["variable_cost"] * value["made_worth"]
    brought = value["anchor_volume"] * each - value["extras"]
    assert value["npv_with"] == pytest.approx(alone + brought)
    assert value["idle_effect"] > brought


@pytest.mark.parametrize("name", ["returns", "retirement", "anchor"])
@pytest.mark.parametrize("case", ["trainium2-vs-h100", "graviton5-vs-x86"])
def test_the_layout_stays_while_numbers_move(name: str, case: str) -> None:
    explorer = Explorer(load_scenario(case))
    view = next(view for view in explorer.views if view.name == name)
    explorer.stage.open(view.name)
    before = view.entries(explorer.scenario, explorer.evaluated())
    explorer.scenario.finance.discount_rate = 0.3
    explorer.scenario.finance.residual_value = 0.0
    after = view.entries(explorer.scenario, explorer.evaluated())
    assert before == after
