"""The software port: limits by hand, a loop over small steps, roots that are roots."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from breakeven.explorer import load_scenario
from breakeven.models import port
from breakeven.models.units import MONTHS_PER_YEAR, factor

MONTH, YEAR = factor("month"), factor("year")
NO_RATE = np.asarray(0.0)

plans = st.builds(
    lambda upfront, team, saving, chance, carried: port.Plan(
        *(
            np.asarray(v)
            for v in (
                upfront * 1e6,
                team * 1e6 / MONTH,
                saving * 1e6 / MONTH,
                port.hazard(np.asarray(chance), np.asarray(YEAR)),
                carried,
            )
        )
    ),
    st.floats(0.0, 50.0),
    st.floats(0.01, 10.0),
    st.floats(0.01, 50.0),
    st.floats(0.0, 0.95),
    st.floats(0.0, 1.0),
)
readies = st.floats(0.0, 40.0)


def stepwise(months: float, ready: float, plan: port.Plan, yearly: float) -> float:
    """Cash month by month in plain Python, each month cut into many pieces."""
    pieces = 400
    step = 1.0 / pieces
    rate = math.log1p(yearly) / MONTHS_PER_YEAR
    hazard = float(plan.change_rate) * MONTH
    total = -float(plan.upfront)
    for k in range(round(months * pieces)):
        month = (k + 0.5) * step
        if month < ready:
            flow = -float(plan.team_cost) * MONTH
        else:
            kept = float(plan.carried)
            alive = kept + (1.0 - kept) * math.exp(-hazard * month)
            flow = float(plan.saving) * MONTH * alive
        total += flow * step * math.exp(-rate * month)
    return total


@given(plan=plans, ready=st.integers(0, 12), yearly=st.floats(0.0, 0.3))
def test_value_is_that_of_a_loop_over_small_steps(
    plan: port.Plan, ready: int, yearly: float
) -> None:
    rate = np.asarray(math.log1p(yearly) / YEAR)
    found = port.port_cash(
        np.asarray(18.0 * MONTH), np.asarray(ready * MONTH), plan, rate
    )
    slow = stepwise(18.0, ready, plan, yearly)
    size = float(plan.upfront + (plan.team_cost + plan.saving) * 18.0 * MONTH)
    assert float(found) == pytest.approx(slow, abs=1e-5 * size)


@given(ready=readies, cost=st.floats(0.1, 100.0), saving=st.floats(0.1, 100.0))
def test_payback_is_delay_plus_cost_over_saving(
    ready: float, cost: float, saving: float
) -> None:
    plan = port.Plan(
        np.asarray(cost), NO_RATE, np.asarray(saving / MONTH), NO_RATE, NO_RATE
    )
    found = port.payback_time(np.asarray(ready * MONTH), plan) / MONTH
    assert float(found) == pytest.approx(ready + cost / saving, rel=1e-12)


@given(plan=plans, ready=readies)
def test_at_payback_the_cash_is_zero_and_without_it_never_positive(
    plan: port.Plan, ready: float
) -> None:
    start = np.asarray(ready * MONTH)
    back = port.payback_time(start, plan)
    size = float(plan.upfront + plan.team_cost * start) + 1.0
    if math.isnan(float(back)):
        far = np.asarray(1e4 * YEAR)
        assert float(port.port_cash(far, start, plan, NO_RATE)) <= 1e-9 * size
    else:
        assert back >= start
        cash = float(port.port_cash(back, start, plan, NO_RATE))
        assert abs(cash) <= 1e-6 * (size + float(plan.saving * back))


@given(plan=plans, planned=st.floats(0.0, 24.0), yearly=st.floats(0.0, 0.3))
def test_at_the_breakeven_delay_nothing_is_left(
    plan: port.Plan, planned: float, yearly: float
) -> None:
    rate = np.asarray(math.log1p(yearly) / YEAR)
    end, start = np.asarray(60.0 * MONTH), np.asarray(planned * MONTH)
    delay = port.breakeven_delay(start, end, plan, rate)
    on_time = float(port.port_cash(end, start, plan, rate))
    if math.isnan(float(delay)):
        assert on_time < 0.0
        return
    assert on_time >= 0.0
    assert delay >= 0.0
    size = float(plan.upfront + (plan.saving + plan.team_cost) * end)
    assert abs(float(port.port_cash(end, start + delay, plan, rate))) <= 1e-8 * size


def test_breakeven_coverage_by_hand() -> None:
    share = port.breakeven_coverage(np.asarray(80.0), np.asarray(20.0), np.asarray(0.4))
    assert float(share) == pytest.approx(0.1)
    assert np.isnan(port.breakeven_coverage(np.asarray(-1.0), np.asarray(1.0), 0.5))
    assert np.isnan(port.breakeven_coverage(np.asarray(1.0), np.asarray(3.0), 0.5))


def test_a_changing_family_takes_all_but_what_is_carried() -> None:
    """A hazard without end leaves the carried share of the saving, and no more."""
    month = np.asarray(MONTH)
    args = (NO_RATE, 10.0 * month, np.asarray(1.0), np.asarray(0.25), NO_RATE)
    assert float(port.saving_time(*args)) == pytest.approx(2.5 * MONTH, rel=1e-6)


def test_the_study_moves_nothing_to_the_reference_and_takes_draws() -> None:
    scenario = load_scenario()
    delays = np.array([0.0, 3.0, 12.0])
    found = scenario.evaluate({"port.delay": delays}, studies=("port",)).studies["port"]
    assert found["cash"].shape == (2, 3, found["months"].size)
    assert np.isnan(found["value"][-1]).all()
    assert np.all(np.diff(found["value"][0]) < 0.0)
    np.testing.assert_allclose(found["lateness"][0, 0], 0.0, atol=1e-6)
    for k, delay in enumerate(delays):
        one = scenario.with_values({"port.delay": float(delay)})
        alone = one.evaluate(studies=("port",)).studies["port"]
        np.testing.assert_allclose(found["value"][0, k], alone["value"][0], rtol=1e-12)
        np.testing.assert_allclose(
            found["value_by_delay"][0, 0, int(delay)], alone["value"][0], rtol=1e-12
        )


def test_the_saving_is_the_difference_of_the_costs_of_the_same_work() -> None:
    scenario = load_scenario().with_values({"port.coverage": 0.5, "asic.port_cost": 7})
    results = scenario.evaluate(studies=("port",))
    free = scenario.with_values({"asic.port_cost": 0.0}).evaluate()
    spared = free.cost_per_token[-1] - free.cost_per_token[0]
    expected = 0.5 * spared * free.work_per_month[0]
    found = results.studies["port"]
    np.testing.assert_allclose(found["saving"][0], expected, rtol=1e-9)
    team = 24 * 450e3 * 9 / 12
    np.testing.assert_allclose(found["cost"][0], 7e6 + team, rtol=1e-12)


def test_a_chip_that_saves_nothing_never_pays_back() -> None:
    results = (
        load_scenario().with_values({"asic.price": 40_000}).evaluate(studies=("port",))
    )
    found = results.studies["port"]
    assert found["saving"][0] < 0.0
    assert np.isnan(found["payback"][0])
    assert np.isnan(found["breakeven_delay"][0])
    assert np.isnan(found["breakeven_coverage"][0])
