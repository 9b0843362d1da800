"""The anchor customer and the volume that pays: splits, ranges, both sides, limits."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from breakeven.explorer import findings
from breakeven.explorer.page import Explorer
from breakeven.explorer.state import load_scenario, scenario_names
from breakeven.models import anchor, finance, silicon
from breakeven.models.anchor_outputs import ALTERNATIVES
from breakeven.models.scenario import Scenario

costs = st.floats(1e6, 1e10)
volumes = st.floats(1e2, 1e8)


def study(scenario: Scenario, name: str = "anchor", **overrides: Any) -> Any:
    return scenario.evaluate(overrides, studies=(name,)).studies[name]


def test_the_published_effect_on_unit_cost() -> None:
    # Chiplet Actuary's 5 nm module: an anchor of three times the own volume
    before, after = (
        anchor.shared_unit_cost(516.2361, 1_455_913_333.0, 5e5, more)
        for more in (0.0, 1.5e6)
    )
    np.testing.assert_allclose([before, after], [3428.063, 1244.193], rtol=2e-4)
    gain = anchor.gain_per_unit(1_455_913_333.0, 5e5, 1.5e6)
    assert gain == pytest.approx(before - after)


@given(nre=costs, extras=st.floats(0.0, 1e9), own=volumes, theirs=volumes, alone=costs)
def test_splits_sum_to_design_and_extras(
    nre: float, extras: float, own: float, theirs: float, alone: float
) -> None:
    for rule in anchor.SPLITS:
        shares = anchor.split_cost(rule, nre, extras, own, theirs, alone)
        assert shares.own + shares.anchor == pytest.approx(nre + extras)
        nobody = anchor.split_cost(rule, nre, extras, own, 0.0, alone)
        assert (float(nobody.own), float(nobody.anchor)) == (nre, 0.0)


@given(nre=costs, own=volumes, more=st.floats(1.0, 100.0))
def test_shapley_lies_between_the_others_for_a_large_anchor(
    nre: float, own: float, more: float
) -> None:
    # either alone would need the full design, and the anchor takes no fewer chips
    paid = {
        rule: anchor.split_cost(rule, nre, 0.0, own, own * more, nre).anchor
        for rule in anchor.SPLITS
    }
    assert paid["Shapley"] == pytest.approx(nre / 2.0)
    assert paid["incremental"] <= paid["Shapley"]
    assert paid["Shapley"] <= paid["by volume"] * (1.0 + 1e-12)


@given(nre=costs, own=volumes, theirs=volumes)
def test_the_gain_is_what_the_curves_differ_by(
    nre: float, own: float, theirs: float
) -> None:
    gain = anchor.gain_per_unit(nre, own, theirs)
    alone = anchor.shared_unit_cost(0.0, nre, own, 0.0)
    both = anchor.shared_unit_cost(0.0, nre, own, theirs)
    assert gain == pytest.approx(alone - both, rel=1e-6, abs=1e-6 * float(alone))
    assert anchor.gain_per_unit(nre, own, 0.0) == 0.0


def test_an_unknown_rule_is_refused() -> None:
    with pytest.raises(ValueError, match="must be one of by volume"):
        anchor.split_cost("by luck", 1.0, 0.0, 1.0, 1.0, 1.0)
    with pytest.raises(ValueError, match=r"anchor\.split = 'by luck'"):
        load_scenario().with_values({"anchor.split": "by luck"})


def test_money_that_costs_the_same_gains_nothing() -> None:
    assert anchor.financing_gain(1e9, 0.08, 0.08, 5.0) == pytest.approx(0.0, abs=1e-3)
    assert anchor.financing_gain(1e9, 0.05, 0.10, 5.0) > 0.0
    assert anchor.financing_gain(1e9, 0.10, 0.05, 5.0) < 0.0
    level = finance.net_present_value(0.08, [0.0, *[1.0 / 4.0] * 4])
    assert anchor.present_share(0.08, 4.0) == pytest.approx(float(level))


def test_a_ceiling_makes_the_customer_indifferent() -> None:
    found = study(load_scenario())
    for name in ALTERNATIVES:
        again = study(
            load_scenario().with_values({"anchor.split": "incremental"}),
            **{"anchor.margin": 1.0 - float(found["floor_price"] / found[_c(name)])},
        )
        assert again["price"] == pytest.approx(found[_c(name)])
        cost = again[f"customer_{name}"]
        assert again["customer_deal"] == pytest.approx(cost)


def _c(name: str) -> str:
    return f"ceiling_{name}"


def test_no_anchor_changes_nothing() -> None:
    found = study(load_scenario(), **{"anchor.volume": 0.0})
    assert found["gain"] == 0.0
    assert found["cost_with"] == found["cost_without"]
    np.testing.assert_array_equal(found["curve_with"], found["curve_without"])
    assert found["npv_with"] == pytest.approx(float(found["npv_without"]))
    assert np.isnan(found["price"])
    assert found["paid_by_anchor"] == 0.0


def test_an_anchor_moves_unit_cost_less_the_more_is_made() -> None:
    counts = np.array([1e4, 1e5, 1e6, 1e7])
    found = study(load_scenario(), **{"asic.count": counts})
    share = found["gain"] / found["cost_without"]
    assert np.all(np.diff(share) < 0.0)
    assert share[0] > 0.9
    assert share[-1] < 0.01


def test_take_or_pay_is_borne_by_one_side_or_the_other() -> None:
    uses = np.array([0.0, 0.5, 0.85, 0.9, 1.0])
    found = study(load_scenario(), **{"anchor.use": uses, "anchor.floor": 0.85})
    whole = found["price"] * found["anchor_volume"]
    np.testing.assert_allclose(found["revenue"] + found["lost_revenue"], whole)
    np.testing.assert_allclose(found["secured"], 0.85 * whole)
    assert np.all(found["revenue"] >= found["secured"] * (1.0 - 1e-12))
    np.testing.assert_allclose(found["shortfall"][2:], 0.0, atol=1e-3)
    assert np.all(found["shortfall"][:2] > 0.0)
    assert np.all(np.diff(found["npv_with"]) >= -1e-3)
    np.testing.assert_allclose(found["npv_with"][:3], found["npv_floor"][:3])


def test_a_deal_without_a_price_says_so() -> None:
    scenario = load_scenario("trainium3-vs-b200")
    found = study(scenario, **{"anchor.customer_wait": 0.0})
    assert found["agreement"] == 0.0
    assert found["ceiling_price"] < found["floor_price"]
    results = scenario.evaluate(studies=("anchor",))
    said = " ".join(findings.said(scenario, results, ["anchor"]))
    assert "No price suits both" in said


@pytest.mark.parametrize("name", scenario_names())
def test_every_scenario_has_an_answer_in_words(name: str) -> None:
    scenario = load_scenario(name)
    results = scenario.evaluate(studies=("anchor", "volume", "silicon"))
    for study_name in ("anchor", "volume", "silicon"):
        lines = findings.said(scenario, results, [study_name])
        assert lines
        assert not any("nan" in line or "inf " in line for line in lines), lines


@pytest.mark.parametrize("name", ["trainium2-vs-h100", "tpu-v7-vs-gb200"])
def test_the_volume_that_pays_is_that_of_the_core(name: str) -> None:
    scenario = load_scenario(name)
    results = scenario.evaluate(studies=("volume",))
    found = results.studies["volume"]
    np.testing.assert_allclose(
        found["breakeven"][:-1], results.breakeven_volume[:-1], rtol=1e-9
    )
    own = found["own_life"][0], found["rival_share"][0]
    again = silicon.breakeven_volume(found["one_off"][0], own[1], own[0])
    assert found["breakeven"][0] == pytest.approx(float(again))
    curve, volumes = found["curve"], found["volumes"]
    crossing = np.interp(0.0, (curve[1] - curve[0]), volumes)
    assert crossing == pytest.approx(found["breakeven"][0], rel=0.01)


def test_lateness_and_replacement_move_the_volume() -> None:
    scenario = load_scenario()
    plain = study(scenario, "volume")["breakeven"][0]
    late = study(scenario, "volume", **{"volume.lateness": [0.0, 100.0]})
    np.testing.assert_allclose(late["breakeven"][0], [plain, 1.2 * plain])
    few = study(scenario, "volume", **{"volume.replaced": [0.1, 0.5]})
    assert np.isnan(few["breakeven"][0][0])
    assert few["breakeven"][0][1] < plain


def test_made_costs_move_the_band_by_yield_and_memory() -> None:
    made = load_scenario().with_values({"asic.cost_basis": "made"})
    found = study(made, "volume")
    assert found["unit_cost"][0] == pytest.approx(
        float(study(made, "silicon")["unit_cost"][0])
    )
    assert (
        found["curve_low"][0, -1] < found["curve"][0, -1] < found["curve_high"][0, -1]
    )


@pytest.mark.parametrize("name", ["volume", "anchor", "markup", "bill"])
def test_what_is_worked_by_hand_has_every_number(name: str) -> None:
    explorer = Explorer()
    view = next(v for v in explorer.views if v.name == name)
    results = explorer.evaluated(view)
    fed = view.feed(explorer.scenario, results)
    entry, (numbers,) = next(
        (e, a) for e, a in fed if e.get("element") == f"{name}/working"
    )
    values = dict(zip(entry["names"], numbers[1:], strict=True))
    text = entry["sentences"]["0"]
    used = set(re.findall(r"\{(\w+):", text))
    assert used <= set(values)
    assert len(used) >= 6
    assert all(np.isfinite(values[n]) for n in used)


def test_a_life_is_linear_in_the_price() -> None:
    found = study(load_scenario(), "volume", **{"asic.chip.unit_cost": [1e3, 4e3, 9e3]})
    whole = found["own_beside"] + found["own_per_price"] * found["unit_cost"]
    np.testing.assert_allclose(whole[0], found["own_life"][0])
