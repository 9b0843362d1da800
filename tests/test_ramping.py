"""Utilisation that rises over months: closed forms, no ramp, what a life costs."""

from __future__ import annotations

import math
from dataclasses import fields

import numpy as np
import numpy_financial as npf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ramps import ACQUISITIONS, WEEK, priced

from breakeven.explorer import load_scenario
from breakeven.models import amortization, quotes, ramping
from breakeven.models.annuity import capital_recovery_factor
from breakeven.models.scenario import Scenario
from breakeven.models.studies import STUDIES
from breakeven.models.trace import worked_cost


@given(period=st.floats(0.0, 120.0), start=st.floats(0.0, 1.0))
def test_the_months_of_a_ramp_average_to_the_area_under_the_line(
    period: float, start: float
) -> None:
    ages = np.arange(1.0, 121.0)
    share = ramping.rising_share(ages, period, start)
    assert np.all(np.diff(share) >= -1e-12)
    assert np.all((share >= start - 1e-12) & (share <= 1.0))
    area = 120.0 - (1.0 - start) * period / 2.0
    np.testing.assert_allclose(share.sum(), area, rtol=1e-12)
    straight = start + (1.0 - start) * np.minimum((ages - 0.5) / max(period, 1e-9), 1)
    whole = ages <= math.floor(period)
    np.testing.assert_allclose(share[whole], straight[whole], rtol=1e-12)
    assert np.all(share[ages - 1.0 >= period] == 1.0)


@given(
    rate=st.one_of(st.floats(-0.02, 0.08), st.sampled_from([0.0, 1e-16, -1e-13])),
    periods=st.floats(6.0, 119.0),
)
def test_weights_of_the_months_are_those_of_a_level_charge(
    rate: float, periods: float
) -> None:
    weights = ramping.month_weights(np.asarray(rate), np.asarray(periods), 120)
    np.testing.assert_allclose(weights.sum(), 1.0, rtol=1e-10)
    recovery = float(capital_recovery_factor(rate, periods))
    whole = np.arange(1.0, math.floor(periods) + 1.0)
    found = weights[: whole.size]
    np.testing.assert_allclose(found, recovery * (1.0 + rate) ** -whole, rtol=1e-9)
    shares = ramping.month_shares(np.asarray(periods), 120)
    np.testing.assert_allclose(shares.sum(), 1.0, rtol=1e-12)


@pytest.mark.parametrize("period", [0.0, 7.3, 24.0])
def test_chip_months_by_age_are_what_tranches_add_up_to(period: float) -> None:
    months, ages, steps = np.arange(61.0), 40, 1000
    found = amortization.early_months(months, np.array([period]), ages)
    summed = np.zeros_like(found)
    for begun in (np.arange(steps) + 0.5) / steps * period:
        for age in range(ages):
            summed[:, age] += np.clip(months - begun - age, 0.0, 1.0) / steps
    np.testing.assert_allclose(found, summed, atol=2e-3)
    every = amortization.early_months(months, np.array([period]), 61).sum(axis=-1)
    whole = amortization.chip_months(months, np.array(period))
    np.testing.assert_allclose(every, whole, atol=1e-9)


def same(first: Scenario, second: Scenario) -> None:
    """Every number of two scenarios, to the last bit."""
    asked = tuple(n for n in STUDIES if n not in ("fleet", "allocation", "ramp"))
    one, two = (s.evaluate(studies=asked) for s in (first, second))
    for item in fields(one):
        mine, yours = (getattr(r, item.name) for r in (one, two))
        if isinstance(mine, np.ndarray):
            np.testing.assert_array_equal(mine, yours, err_msg=item.name)
        elif item.name != "studies":
            assert mine == yours
    for name, study in one.studies.items():
        for key, value in study.arrays.items():
            np.testing.assert_array_equal(value, two.studies[name][key], err_msg=key)


def test_no_ramp_changes_nothing() -> None:
    plain = load_scenario()
    for none in (
        {"asic.ramp_start": 0.0, "gpu.ramp_start": 0.7},
        {"asic.ramp_period": 12.0, "asic.ramp_start": 1.0},
    ):
        same(plain, plain.with_values(none))


def test_no_ramp_among_draws_is_no_ramp() -> None:
    scenario = priced()
    plain = scenario.evaluate(studies=["worth", "terms"])
    swept = scenario.evaluate(
        {"gpu.ramp_period": [0.0, 12.0, 3.5]}, studies=["worth", "terms"]
    )
    alone = [
        scenario.with_values({"gpu.ramp_period": months}).evaluate()
        for months in (12.0, 3.5)
    ]
    for name in "cost_per_token cost_to_date energy_per_token count site_power".split():
        got = getattr(swept, name)
        want = getattr(plain, name)
        np.testing.assert_allclose(got[:, 0], want, rtol=1e-12, err_msg=name)
        for place, one in enumerate(alone, 1):
            want = getattr(one, name)
            np.testing.assert_allclose(got[:, place], want, rtol=1e-12, err_msg=name)
    for key in ("npv", "levelised"):
        got, want = (r.studies["worth"][key] for r in (swept, plain))
        np.testing.assert_allclose(got[:, 0], want, rtol=1e-9)


@pytest.mark.parametrize("acquisition", ACQUISITIONS)
@pytest.mark.parametrize("load", [None, WEEK])
@pytest.mark.parametrize("period", [5.0, 13.7])
def test_levelised_revenue_pays_for_discounted_cost(
    acquisition: str, load: quotes.Load | None, period: float
) -> None:
    """One fleet bought at once, every month of its life added up apart."""
    scenario = priced(
        gpu__acquisition=acquisition,
        gpu__ramp_period=period,
        gpu__ramp_start=0.1,
        asic__ramp_period=9.0,
        finance__deployment_period=0.0,
        finance__life=4.0,
        finance__horizon=48.0,
    )
    for groups in scenario.options.values():
        groups.load = load
    results = scenario.evaluate(studies=["worth"])
    levelised = results.studies["worth"]["levelised"]
    np.testing.assert_allclose(levelised, results.cost_per_token, rtol=1e-12)
    rate = 1.1 ** (1.0 / 12.0) - 1.0
    cash = np.diff(results.cumulative_cost, prepend=0.0)[1]
    work = np.diff(results.work_to_date, prepend=0.0)[1]
    if acquisition in ("buy", "build"):
        cash[-1] -= results.capex[1] - results.one_off[1]  # the next fleet
    revenue = float(results.cost_per_token[1]) * work
    assert npf.npv(rate, revenue) == pytest.approx(npf.npv(rate, cash), rel=1e-9)


@pytest.mark.parametrize("acquisition", ACQUISITIONS)
@pytest.mark.parametrize("load", [None, WEEK])
@pytest.mark.parametrize("life", [5.0, 1.3])
def test_the_chain_redone_month_by_month_agrees(
    acquisition: str, load: quotes.Load | None, life: float
) -> None:
    scenario = priced(
        gpu__acquisition=acquisition,
        gpu__ramp_period=20.5,
        asic__ramp_period=3.0,
        asic__ramp_start=0.0,
        finance__life=life,
    )
    for groups in scenario.options.values():
        groups.load = load
    results = scenario.evaluate()
    for place, key in enumerate(scenario.options):
        last = worked_cost(scenario, results, key)[-1]
        cost = float(results.cost_per_token[place])
        assert last.value == pytest.approx(cost, rel=1e-12)
