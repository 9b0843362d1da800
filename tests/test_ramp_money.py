"""What a ramp of utilisation does to curves, power, break-evens and draws."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import samples
from hypothesis import given, settings
from hypothesis import strategies as st
from ramps import ACQUISITIONS, WEEK, priced

from breakeven.models import quotes, ramping
from breakeven.models.scenario import Scenario
from breakeven.models.tco import COST_LINES
from breakeven.models.trace import worked_cost


def line(age: np.ndarray, option: object) -> np.ndarray:
    """Area under the line of use up to an age."""
    period, start = option.ramp_period, option.ramp_start
    during = start * age + (1.0 - start) * age**2 / (2.0 * period)
    return np.where(age < period, during, age - (1.0 - start) * period / 2.0)


def looped(scenario: Scenario, steps: int = 300) -> tuple[np.ndarray, np.ndarray]:
    """Work and electricity of the GPU fleet to date, tranche by tranche."""
    groups, money = scenario.options["gpu"], scenario.finance
    option, chip = groups.option, groups.chip
    results = scenario.evaluate()
    months = np.arange(int(money.horizon) + 1.0)
    grid = np.arange(0.0, months[-1], 0.05) + 0.025
    work, energy = np.zeros(months.size), np.zeros(months.size)
    rate = float(results.token_rate[1]) * 730.0 * 3600.0 / 1e6
    share = float(results.busy_power[1])
    for begun in (np.arange(steps) + 0.5) / steps * money.deployment_period:
        age = grid - begun
        use = line(np.floor(age) + 1.0, option) - line(np.floor(age), option)
        asked = option.utilisation * use
        served = groups.load.served(asked) if groups.load else asked
        busy = np.where(age > 0.0, served, 0.0) * option.availability
        watts = chip.tdp * (busy * share + (age > 0.0) * (1.0 - busy) * chip.idle_power)
        watts += (age > 0.0) * (chip.host_power + chip.network_power)
        count = float(results.count[1]) / steps
        for total, flow in ((work, rate * busy), (energy, watts * 0.73)):
            ends = np.concatenate([[0.0], np.cumsum(flow) * 0.05])
            total += count * ends[:: round(1.0 / 0.05)]
    return work, energy * scenario.site.pue


@pytest.mark.parametrize("load", [None, WEEK])
@pytest.mark.parametrize(("deployment", "period"), [(24.0, 9.0), (6.0, 30.0)])
def test_curves_are_what_chips_add_up_to(
    load: quotes.Load | None, deployment: float, period: float
) -> None:
    values = {"gpu__ramp_period": period, "finance__deployment_period": deployment}
    scenario = priced(**values, gpu__ramp_start=0.2)
    scenario.options["gpu"].load = load
    dearer = scenario.with_values({"site.electricity_price": 1.0861})
    work, energy = looped(scenario)
    results = scenario.evaluate()
    np.testing.assert_allclose(results.work_to_date[1][6:], work[6:], rtol=5e-4)
    added = dearer.evaluate().cumulative_cost[1] - results.cumulative_cost[1]
    np.testing.assert_allclose(added[6:], energy[6:], rtol=5e-4)


def test_what_is_provisioned_does_not_rise() -> None:
    plain, risen = (
        priced(gpu__ramp_period=months, asic__ramp_period=months).evaluate()
        for months in (0.0, 18.0)
    )
    for name in "count installed capex site_power work_per_month busy_power".split():
        np.testing.assert_allclose(getattr(risen, name), getattr(plain, name))
    both = zip(risen.breakdown, plain.breakdown, strict=True)
    lines = dict(zip(COST_LINES, both, strict=True))
    per_work = plain.cost_per_hour / plain.cost_per_token
    less = risen.cost_per_hour / risen.cost_per_token
    for name in ("chip", "hosting", "maintenance", "staff and software"):
        mine, yours = lines[name]
        np.testing.assert_allclose(mine * less, yours * per_work, rtol=1e-12)
    mine, yours = lines["electricity"]
    assert np.all(mine * less < yours * per_work)  # used kWh rise
    assert np.all(mine > yours)  # but an idle chip draws too
    assert np.all(risen.facility_power < plain.facility_power)
    assert np.all(risen.energy_per_token > plain.energy_per_token)
    assert "used as asked after 18 months" in " ".join(risen.notes)


def test_energy_of_work_is_that_of_a_whole_life() -> None:
    scenario = priced(gpu__ramp_period=24.0, finance__life=4.0)
    results, plain = scenario.evaluate(), priced().evaluate()
    groups, busy = scenario.options["gpu"], 0.6 * 0.97
    ages = np.arange(1.0, 49.0)
    use = busy * ramping.rising_share(ages, 24.0, groups.option.ramp_start)
    chip, share = groups.chip, float(results.busy_power[1])
    watts = chip.tdp * (use * share + (1.0 - use) * chip.idle_power)
    watts = (watts + chip.host_power + chip.network_power) * scenario.site.pue
    done = use * float(results.token_rate[1]) * 3600.0 / 1e6
    expected = watts.sum() / 1000.0 / done.sum()
    assert float(results.energy_per_token[1]) == pytest.approx(expected, rel=1e-12)
    assert results.energy_per_token[1] > plain.energy_per_token[1]
    assert float(results.facility_power[1]) == pytest.approx(watts.mean(), rel=1e-12)


def test_equal_ramps_leave_the_comparison_and_a_slow_one_costs() -> None:
    level = priced().evaluate(studies=["worth"])
    both = priced(asic__ramp_period=12.0, gpu__ramp_period=12.0).evaluate()
    own = priced(asic__ramp_period=12.0).evaluate(studies=["worth"])
    assert both.breakeven_month[0] == pytest.approx(level.breakeven_month[0], abs=0.2)
    assert not own.breakeven_month[0] <= level.breakeven_month[0]
    assert own.cost_per_token[0] > level.cost_per_token[0]
    assert own.studies["worth"]["npv"][0] < level.studies["worth"]["npv"][0]


def test_the_crossing_is_where_costs_to_date_meet() -> None:
    results = priced(asic__ramp_period=12.0, asic__ramp_start=0.0).evaluate()
    month = float(results.breakeven_month[0])
    assert 0 < month < 60
    own, rival = results.cost_to_date
    before, after = math.floor(month), math.ceil(month)
    assert own[before] > rival[before]
    assert np.all(own[after:] <= rival[after:])


def test_the_value_is_that_of_the_same_work() -> None:
    scenario = priced(asic__ramp_period=12.0, gpu__ramp_period=4.0)
    study = scenario.evaluate(studies=["worth", "returns"]).studies
    worth = study["worth"]
    work = worth["present_cost"] / worth["levelised"]
    rival = worth["levelised"][1] * work[0]
    assert worth["npv"][0] == pytest.approx(rival - worth["present_cost"][0], rel=1e-9)
    last = study["returns"]["cumulative_discounted"][0, -1]
    assert worth["npv"][0] == pytest.approx(last, rel=1e-9)
    parts = ("one_off_flow", "capital_flow", "resale_flow", "running_flow", "tax_flow")
    flows = sum(study["returns"][name][0] for name in parts)
    np.testing.assert_allclose(flows, study["returns"]["net_flow"][0], rtol=1e-9)


def test_taxes_see_the_ramp() -> None:
    values = {"returns.tax_rate": 0.25, "gpu.ramp_period": 12.0}
    study = priced().with_values(values).evaluate(studies=["worth", "returns"]).studies
    last = study["returns"]["cumulative_discounted"][0, -1]
    assert study["worth"]["npv"][0] == pytest.approx(last, rel=1e-9)


@pytest.mark.parametrize("acquisition", ACQUISITIONS)
def test_break_evens_of_use_hold_when_that_use_is_set(acquisition: str) -> None:
    scenario = priced(gpu__acquisition=acquisition, gpu__ramp_period=15.0)
    found = scenario.evaluate(studies=["terms", "breakeven"])
    here = found.studies["terms"][f"now_{acquisition}"][1]
    assert here == pytest.approx(float(found.cost_per_token[1]), rel=2e-4)
    share = float(found.studies["terms"]["even_commit_1yr"][1])
    if np.isfinite(share):
        at = scenario.with_values({"gpu.utilisation": share})
        terms = at.evaluate(studies=["terms"]).studies["terms"]
        assert terms["now_buy"][1] == pytest.approx(
            terms["now_commit_1yr"][1], rel=2e-3
        )


def test_whole_racks_rise_too() -> None:
    values = {"gpu.rounding": "server", "sizing": "fixed", "gpu.count": 1001.0}
    scenario = priced(gpu__ramp_period=10.0).with_values(values)
    results = scenario.evaluate(studies=["worth"])
    last = worked_cost(scenario, results, "gpu")[-1]
    assert last.value == pytest.approx(float(results.cost_per_token[1]), rel=1e-12)


@settings(max_examples=25, deadline=None)
@given(
    period=st.floats(0.01, 120.0),
    start=st.floats(0.0, 0.99),
    deployment=st.floats(0.0, 60.0),
    rate=st.floats(-0.1, 0.6),
)
def test_a_ramp_never_makes_work_cheaper(
    period: float, start: float, deployment: float, rate: float
) -> None:
    shared = {"finance.deployment_period": deployment, "finance.discount_rate": rate}
    plain = priced().with_values(shared).evaluate()
    values = {"gpu.ramp_period": period, "gpu.ramp_start": start}
    risen = priced().with_values({**shared, **values}).evaluate()
    assert risen.cost_per_token[1] >= plain.cost_per_token[1] * (1 - 1e-12)
    assert np.all(risen.work_to_date[1] <= plain.work_to_date[1] * (1 + 1e-9) + 1e-9)
    assert np.all(np.diff(risen.work_to_date[1]) >= -1e-9)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("gpu.ramp_period", -1.0, "at least 0 [month]"),
        ("gpu.ramp_period", 121.0, "at most 120 [month]"),
        ("asic.ramp_start", 1.2, "at most 1 [1]"),
        ("asic.ramp_start", -0.1, "at least 0 [1]"),
        ("gpu.ramp_period", math.inf, "not finite"),
    ],
)
def test_a_ramp_that_is_none_is_refused(name: str, value: float, words: str) -> None:
    for refused in (
        lambda: samples.scenario().with_values({name: value}),
        lambda: samples.scenario().evaluate({name: [0.0, value]}),
    ):
        with pytest.raises(ValueError, match=r"ramp") as error:
            refused()
        assert name in str(error.value)
        assert words in str(error.value)
        assert "\n" not in str(error.value)


def test_many_draws_are_the_scalars() -> None:
    scenario = priced(gpu__acquisition="commit_1yr")
    draws = {
        "gpu.ramp_period": np.array([0.0, 6.5, 40.0]),
        "gpu.ramp_start": np.array([0.5, 0.0, 0.9]),
        "finance.life": np.array([3.0, 4.5, 6.0]),
        "finance.discount_rate": np.array([0.0, 0.1, 0.2]),
        "finance.deployment_period": np.array([0.0, 12.0, 30.0]),
    }
    asked = ("worth", "returns", "terms", "breakeven", "margin")
    together = scenario.evaluate(draws, studies=asked)
    for place, name in itertools.product(range(3), asked):
        one = {key: value[place] for key, value in draws.items()}
        alone = scenario.evaluate(one, studies=asked)
        np.testing.assert_allclose(
            together.cost_to_date[:, place], alone.cost_to_date, rtol=1e-9
        )
        for key, output in alone.studies[name].outputs.items():
            if not output.shared:
                axis = 1 if output.by_option else 0
                mine = np.take(together.studies[name][key], place, axis=axis)
                np.testing.assert_allclose(
                    mine, alone.studies[name][key], rtol=1e-6, err_msg=key
                )
