"""Deals behind headlines: what they imply, and where arithmetic contradicts them."""

from __future__ import annotations

import numpy as np
import pytest

from breakeven.explorer import load_scenario
from breakeven.explorer.documents import ScenarioError, build
from breakeven.explorer.state import document
from breakeven.models import deal_study
from breakeven.models.study import Finding
from breakeven.presets import tables

DEALS = {
    "meta-aws-graviton5": "meta_aws_2026",
    "meta-aws-trainium": "trainium_reading",
    "anthropic-aws-5gw": "anthropic_aws_2026",
    "project-rainier": "project_rainier",
    "anthropic-google-tpu": "anthropic_google_2025",
    "meta-broadcom-mtia": "meta_broadcom_2026",
    "maia-200": "maia200_2026",
    "meta-nvidia-millions": "meta_nvidia_2026",
}
LOW, MIDDLE, HIGH, SET = range(4)


def found(name: str, **values: float) -> Finding:
    scenario = load_scenario(name)
    if values:
        scenario = scenario.with_values(
            {n.replace("__", "."): v for n, v in values.items()}
        )
    return scenario.evaluate(studies=("deal",)).studies["deal"]


def test_tens_of_millions_of_cores_cannot_be_millions_of_chips():
    deal = found("meta-aws-graviton5")
    np.testing.assert_allclose(deal["chips"][:3], [20e6 / 192, 30e6 / 192, 50e6 / 192])
    np.testing.assert_allclose(deal["claimed_cores"][0], 1e6 * 192)
    assert deal["chips_check"] == deal_study.ABOVE


def test_list_price_times_cores_times_hours_is_38_6_billion():
    deal = found("meta-aws-graviton5")
    assert deal["value"][MIDDLE] == pytest.approx(
        30e6 * 0.04892 * 26_280 / 1e9, rel=1e-5
    )
    assert deal["value"][MIDDLE] == pytest.approx(38.6, abs=0.05)
    assert deal["value"][LOW] == pytest.approx(25.7, abs=0.05)
    assert deal["value_check"] == deal_study.ABOVE  # even the low end is above 10
    # 6 billion over three years on 30 million cores
    assert deal["core_price"][MIDDLE] == pytest.approx(0.0076, abs=5e-5)


def test_a_price_that_fits_the_headline_settles_it():
    price = 192 * 0.0076
    deal = found("meta-aws-graviton5", asic__price=price)
    assert deal["value"][MIDDLE] == pytest.approx(6.0, rel=0.01)
    assert deal["value_check"] == deal_study.CONSISTENT
    assert deal["price_ratio"][MIDDLE] == pytest.approx(1.0, rel=0.01)


def test_millions_of_trainium_exceed_all_that_are_thought_to_exist():
    deal = found("meta-aws-trainium")
    np.testing.assert_allclose(deal["power"][[LOW, HIGH]], [450, 1650])  # 0.5 kW each
    assert deal["power"][MIDDLE] == pytest.approx(1000)
    assert deal["supply_share"][MIDDLE] == pytest.approx(2e6 / 1_856_963)
    assert deal["supply_check"] == deal_study.MIDDLE_ABOVE
    assert np.isnan(deal["value_check"])  # there is no value to hold against


def test_chips_follow_from_power_where_no_count_is_stated():
    deal = found("anthropic-aws-5gw")
    np.testing.assert_allclose(deal["chips"][MIDDLE], 5e9 / 500)
    np.testing.assert_allclose(deal["power"][:3], deal["stated_power"][:3])
    assert np.isnan(deal["power_check"])


@pytest.mark.parametrize("name", DEALS)
def test_no_term_of_a_deal_is_a_point_without_a_range(name: str):
    deal = found(name)
    cases = [n for n, o in deal.outputs.items() if o.axis and n != "case"]
    for output in cases:
        low, middle, high, _ = deal[output]
        known = np.isfinite([low, middle, high])
        assert known.all() or not known.any(), output
        if known.all():
            assert low <= middle <= high, output


@pytest.mark.parametrize("name", DEALS)
def test_what_is_set_moves_the_last_case_alone(name: str):
    before = found(name)
    scenario = load_scenario(name)
    key = next(iter(scenario.options))
    count = scenario.options[key].option.count
    after = found(name, **{f"{key}__count": 2 * count})
    np.testing.assert_allclose(after["chips"][SET], 2 * before["chips"][SET])
    np.testing.assert_allclose(after["power"][SET], 2 * before["power"][SET])
    np.testing.assert_array_equal(after["chips"][:3], before["chips"][:3])


def test_an_undisclosed_term_has_no_number_and_what_is_set_has():
    deal = found("maia-200")
    assert np.isnan(deal["chips"][:3]).all()
    assert deal["chips"][SET] == pytest.approx(6144)
    assert np.isnan(deal["stated_value"]).all()


@pytest.mark.parametrize(("name", "preset"), DEALS.items())
def test_a_scenario_of_a_deal_says_whose_and_keeps_it(name: str, preset: str):
    scenario = load_scenario(name)
    assert scenario.presets["deal"] == preset
    again = build(document(scenario), "again")
    assert again.presets["deal"] == preset
    before = scenario.evaluate(studies=("deal",)).studies["deal"]
    after = again.evaluate(studies=("deal",)).studies["deal"]
    for output in before.outputs:
        np.testing.assert_array_equal(before[output], after[output])


def test_a_draw_of_a_term_moves_what_follows_from_it():
    cores = np.array([20e6, 30e6, 60e6])
    results = load_scenario("meta-aws-graviton5").evaluate(
        {"deal.cores": cores}, studies=("deal",)
    )
    deal = results.studies["deal"]
    np.testing.assert_allclose(deal["chips"][:, MIDDLE], cores / 192)


def test_an_unknown_deal_is_refused_with_near_names():
    text = document(load_scenario("meta-aws-graviton5"))
    with pytest.raises(ScenarioError, match=r"own.toml: .*near: meta_aws_2026"):
        build({**text, "deal": "meta_aws_2027"}, "own.toml")


# ------------------------------------------------------------------ the table


@pytest.mark.parametrize("name", tables.names("deals"))
def test_a_deal_has_a_status_parties_and_sources(name: str):
    texts = {d.detail: d for d in tables.details("deals", name)}
    for detail in ("deal_status", "announced", "parties", "deal_chip"):
        assert texts[detail].text
        assert texts[detail].source in tables.sources()
    assert tables.label("deals", name).label != name
    for row in tables.rows("deals"):
        if row.status == "estimate":
            assert row.low is not None


def test_the_counterfactual_says_that_it_is_one():
    texts = {d.detail: d.text for d in tables.details("deals", "trainium_reading")}
    assert "counterfactual" in texts["deal_status"].lower()
    assert "counterfactual" in load_scenario("meta-aws-trainium").title
