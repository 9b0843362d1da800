"""Early retirement and economic life: limits by hand, loops, and the old fleet."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from breakeven.explorer import load_scenario
from breakeven.explorer.documents import build
from breakeven.explorer.session import Session
from breakeven.explorer.state import document
from breakeven.models import retirement
from breakeven.models.base import Array
from breakeven.models.scenario import Scenario
from breakeven.models.units import factor

MONTH = factor("month")
STILL = {
    "electricity_growth": 0.0,
    "hardware_decline": 0.0,
    "new_software_gain": 0.0,
    "old_software_gain": 0.0,
    "maintenance_growth": 0.0,
    "price_decline": 0.0,
    "resale_share": 0.0,
}


def changed(**values: object) -> Scenario:
    return load_scenario().with_values(
        {f"retirement.{name}": value for name, value in values.items()}
    )


def found(scenario: Scenario) -> dict[str, Array]:
    return scenario.evaluate(studies=("retirement",)).studies["retirement"].arrays


@given(
    flows=st.lists(st.floats(0.0, 100.0), min_size=3, max_size=30),
    price=st.floats(0.0, 1000.0),
    share=st.floats(0.0, 1.0),
    rate=st.floats(0.0, 0.05),
)
def test_a_level_payment_over_a_life_is_worth_what_it_pays_for(
    flows: list[float], price: float, share: float, rate: float
) -> None:
    """Month by month in plain Python: the level cost repays everything exactly."""
    lives = np.arange(1.0, len(flows) + 1.0)
    resale = price * share * np.exp(-0.05 * lives)
    level = retirement.annual_equivalents(
        np.asarray(price), resale, np.array(flows), np.asarray(rate)
    )
    for n in range(1, len(flows) + 1):
        spent = price - resale[n - 1] / (1.0 + rate) ** n
        paid = 0.0
        for month in range(1, n + 1):
            spent += flows[month - 1] / (1.0 + rate) ** month
            paid += level[n - 1] / (1.0 + rate) ** month
        assert paid == pytest.approx(spent, rel=1e-9, abs=1e-9)


@given(st.lists(st.floats(-10.0, 10.0), min_size=2, max_size=40))
def test_the_first_month_is_that_of_a_loop(values: list[float]) -> None:
    months = np.arange(float(len(values)))
    expected = math.nan
    for k, value in enumerate(values):
        if value >= 0.0:
            low = values[k - 1] if k else value
            expected = k - 1.0 - low / (value - low) if k else 0.0
            break
    answer = float(retirement.first_month(np.array(values), months))
    assert answer == pytest.approx(expected, nan_ok=True)


def test_contribution_and_holding_by_hand() -> None:
    args = [np.asarray(v) for v in (5.0, 2.0, 10.0, 6.0, 4.0)]
    assert float(retirement.contribution(*args)) == (3.0 * 10.0 - 6.0) / 4.0
    cost = retirement.holding_cost(np.asarray(100.0), np.asarray(0.3), np.asarray(0.1))
    assert float(cost) == pytest.approx(40.0)


def test_the_book_value_never_falls_below_salvage() -> None:
    ages = np.array([0.0, 2.0, 5.0, 9.0])
    book = retirement.straight_book(
        np.asarray(100.0), np.asarray(0.1), ages, np.asarray(5.0)
    )
    np.testing.assert_allclose(book, [100.0, 64.0, 10.0, 10.0])


def test_at_rest_the_old_cost_is_the_running_cost_of_the_same_chip() -> None:
    """The old fleet is of the reference's chip: its running lines are the same."""
    scenario = changed(**STILL)
    arrays, results = found(scenario), scenario.evaluate()
    lines = dict(zip(_lines(), results.breakdown[:, -1], strict=True))
    running = sum(
        lines[n]
        for n in ("hosting", "electricity", "maintenance", "staff and software")
    )
    np.testing.assert_allclose(arrays["old_cost"], running, rtol=1e-12)
    np.testing.assert_allclose(
        arrays["new_cost"], results.cost_per_token[:, None] + 0 * arrays["months"]
    )
    assert np.isnan(arrays["month"]).all()  # paid for is cheaper than in full


def _lines() -> tuple[str, ...]:
    from breakeven.models.tco import COST_LINES

    return COST_LINES


def test_the_month_is_where_a_loop_over_months_finds_it() -> None:
    scenario = load_scenario()
    arrays, results = found(scenario), scenario.evaluate()
    lines = dict(zip(_lines(), results.breakdown[:, 0], strict=True))
    chip = scenario.options["gpu"].chip
    price = chip.price + chip.server_cost + chip.network_cost
    old = dict(zip(_lines(), results.breakdown[:, 1], strict=True))
    work = results.work_per_month[1] / results.count[1]
    falling = sum(lines[n] for n in "chip server network storage maintenance".split())
    still = lines["NRE"] + lines["hosting"] + lines["staff and software"]
    before, answer = 0.0, math.nan
    for month in range(61):
        years = month / 12.0
        new = falling * 0.75**years + still + lines["electricity"] * 1.03**years
        new /= 1.15**years
        value = 0.8 * price * math.exp(-0.4 * (3.0 + years))
        holding = value * (0.4 + math.log(1.1)) / 12.0 / work
        kept = old["hosting"] + old["staff and software"] + holding
        kept += old["electricity"] * 1.03**years + old["maintenance"] * 1.1**years
        kept /= 1.05**years
        assert arrays["old_cost"][month] == pytest.approx(kept, rel=1e-9)
        assert arrays["new_cost"][0, month] == pytest.approx(new, rel=1e-9)
        if math.isnan(answer) and kept >= new:
            answer = month - 1.0 + before / (before - (new - kept))
        before = new - kept
    assert float(arrays["month"][0]) == pytest.approx(answer, rel=1e-9)


def test_the_write_off_is_book_less_sale() -> None:
    arrays = found(changed(market_value=1000.0, book_value=5000.0, **_now()))
    assert arrays["month"].tolist() == [0.0, 0.0]
    np.testing.assert_allclose(arrays["write_off"], 5000.0 - 0.8 * 1000.0)
    fleet = arrays["old_count"] * arrays["write_off"]
    np.testing.assert_allclose(arrays["fleet_write_off"], fleet)


def _now() -> dict[str, object]:
    """Repairs so dear that the old fleet is to be switched off at once."""
    return {"old_software_gain": -0.5, "maintenance_growth": 2.0, "age": 60} | {
        "value_decay": 30.0
    }


def test_with_no_decline_and_no_wear_a_chip_is_kept_as_long_as_can_be() -> None:
    arrays = found(changed(**STILL))
    assert np.all(np.diff(arrays["cost_by_life"]) < 0.0)
    assert np.isnan(arrays["economic_life"]).all()


def test_faster_wear_shortens_the_economic_life() -> None:
    slow, fast = (
        found(changed(hardware_decline=0.0, maintenance_growth=wear))["economic_life"]
        for wear in (0.4, 0.8)
    )
    assert fast[0] < slow[0]


def test_draws_go_through_the_study() -> None:
    declines = np.array([0.1, 0.25, 0.4])
    arrays = (
        load_scenario()
        .evaluate({"retirement.hardware_decline": declines}, studies=("retirement",))
        .studies["retirement"]
    )
    assert arrays["new_cost"].shape == (2, 3, arrays["months"].size)
    for k, decline in enumerate(declines):
        alone = found(changed(hardware_decline=float(decline)))
        np.testing.assert_allclose(arrays["month"][:, k], alone["month"])
        np.testing.assert_allclose(
            arrays["economic_life"][:, k], alone["economic_life"]
        )


def test_the_old_fleet_is_picked_like_any_chip_and_kept_in_a_document() -> None:
    session = Session()
    assert session.picks()["old.chip"] == "h100_sxm"
    before = found(session.scenario)["old_cost"][0]
    assert session.change({"old.chip": "a100_80gb_sxm"}) == {}
    after = found(session.scenario)["old_cost"][0]
    assert after > before
    assert session.address()["old.chip"] == "a100_80gb_sxm"
    again = build(document(session.scenario), "again")
    assert found(again)["old_cost"][0] == pytest.approx(after, rel=1e-12)
    assert "unknown preset" in session.change({"old.chip": "a1000"})["old.chip"]
    visited = Session()
    assert visited.visit({"old.chip": "a100_80gb_sxm", "old.chip.tdp": "450"}) == {}
    assert visited.scenario.studied["old.chip"].tdp == 450.0


def test_the_old_fleet_follows_the_reference_until_it_is_picked() -> None:
    session = Session()
    session.change({"gpu.chip": "h200_sxm"})
    assert session.picks()["old.chip"] == "h200_sxm"
    session.change({"old.chip": "a100_80gb_sxm"})
    session.change({"gpu.chip": "b200_hgx"})
    assert session.picks()["old.chip"] == "a100_80gb_sxm"


def test_a_chip_without_a_price_says_so() -> None:
    from breakeven.explorer.findings import said

    scenario = load_scenario()
    scenario.studied["old.chip"].price = None
    scenario.studied["old.chip"].unit_cost = None
    results = scenario.evaluate(studies=("retirement",))
    assert "no published price" in said(scenario, results, ("retirement",))[0]
