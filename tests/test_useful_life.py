"""A shorter life: schedules against a loop, identities, tables that are refused."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from breakeven.explorer import load_scenario
from breakeven.explorer.session import Session
from breakeven.models import finance, useful_life
from breakeven.models.base import Array
from breakeven.models.residual import depreciation_change
from breakeven.models.useful_life_study import METHODS, YEARS

lives = st.floats(1.0 / 12.0, 10.0)
shares = st.floats(0.0, 0.9)


def loop(salvage: float, life: float, revised: float, at: float, time: float) -> float:
    """Book value by small steps: each charge follows from the life in force."""
    steps, book = 4000, 1.0
    for k in range(steps):
        now, span = time * k / steps, time / steps
        if now < at:
            rate = (1.0 - salvage) / life if now < life else 0.0
        else:
            left = revised - now
            rate = (book - salvage) / left if left > span else (book - salvage) / span
        book = max(book - rate * span, salvage)
    return book


@given(
    salvage=shares, life=lives, revised=lives, at=st.floats(0, 8), time=st.floats(0, 9)
)
def test_a_revision_is_prospective(
    salvage: float, life: float, revised: float, at: float, time: float
) -> None:
    args = [np.asarray(v) for v in (salvage, life, revised, at, time)]
    found = float(useful_life.revised_book(*args))
    if min(abs(time - at), abs(time - revised), abs(revised - at)) > 0.02:
        assert found == pytest.approx(loop(salvage, life, revised, at, time), abs=4e-3)
    if time <= at:  # past charges are not restated
        before = useful_life.line_book(args[0], args[1], args[4])
        assert found == pytest.approx(float(before))
    assert salvage - 1e-12 <= found <= 1.0


@given(salvage=shares, life=lives, revised=lives, at=st.floats(0.0, 0.05))
def test_the_change_of_the_charge_is_that_of_the_standard(
    salvage: float, life: float, revised: float, at: float
) -> None:
    args = [np.asarray(v) for v in (salvage, life, revised, at)]
    left = float(useful_life.line_book(args[0], args[1], args[3])) - salvage
    expected = depreciation_change(left, life - at, revised - at)
    found = float(useful_life.charge_change(*args))
    assert found == pytest.approx(float(expected), rel=1e-9, abs=1e-12)


def test_a_life_that_is_over_is_written_off_at_once() -> None:
    args = [np.asarray(v) for v in (0.1, 6.0, 3.0, 4.0)]
    assert float(useful_life.charge_change(*args)) == math.inf
    book = useful_life.revised_book(*args, np.array([4.0, 4.001]))
    assert book[0] > 0.1
    assert book[1] == pytest.approx(0.1)


@given(bonus=st.floats(0.0, 1.0), life=st.integers(3, 10))
def test_tax_depreciation_adds_up_to_the_price(bonus: float, life: int) -> None:
    rates = finance.macrs_rates(float(life))
    charges = useful_life.tax_charges(rates, np.asarray(bonus))
    assert float(charges.sum()) == pytest.approx(1.0)
    assert charges[0] == pytest.approx(bonus + (1.0 - bonus) * rates[0])


def study(**changes: object) -> dict[str, Array]:
    scenario = load_scenario().with_values(
        {f"useful_life.{n}": v for n, v in changes.items()}
    )
    return scenario.evaluate(studies=("useful_life",)).studies["useful_life"].arrays


def test_the_published_site_swings_by_seventy_per_cent() -> None:
    found = study()
    assert float(found["site_booked"]) == pytest.approx(31.5e9 / 6 + 2.2e9)
    assert float(found["site_revised"]) == pytest.approx(12.7e9, rel=1e-9)
    assert float(found["site_swing"]) == pytest.approx(0.7, abs=0.01)


def test_the_rows_are_the_schedules_of_finance() -> None:
    found = study()
    salvage = 0.08
    rows = dict(zip(METHODS, found["charge"], strict=True))
    plain = (1.0, salvage, 6.0)
    np.testing.assert_allclose(rows["straight line"][:6], finance.straight_line(*plain))
    np.testing.assert_allclose(
        rows["sum of digits"][:6], finance.sum_of_years_digits(*plain)
    )
    np.testing.assert_allclose(
        rows["double declining"][:6], finance.declining_balance(*plain, switch=True)
    )
    np.testing.assert_allclose(rows["tax (MACRS)"][:6], finance.macrs_rates(5))
    value = np.exp(-0.4 * YEARS)
    np.testing.assert_allclose(rows["market"], value[:-1] - value[1:])
    for method in METHODS[:4]:
        assert rows[method].sum() == pytest.approx(1.0 - salvage)


def test_1_gw_is_the_purchases_over_the_provisioned_power() -> None:
    scenario = load_scenario()
    found = scenario.evaluate(studies=("useful_life",)).studies["useful_life"]
    for i, groups in enumerate(scenario.options.values()):
        chip = groups.chip
        price = chip.price if groups.option.acquisition == "buy" else chip.unit_cost
        bought = price + chip.server_cost + chip.network_cost
        power = (chip.tdp + chip.host_power + chip.network_power) * scenario.site.pue
        assert found["capital"][i] == pytest.approx(bought / power * 1e9)
        assert found["booked_charge"][i] == pytest.approx(
            found["capital"][i] * 0.92 / 6.0
        )


def test_the_cost_of_work_at_a_life_is_that_of_a_scenario_with_it() -> None:
    scenario = load_scenario()
    found = scenario.evaluate(studies=("useful_life",)).studies["useful_life"]
    for name, life in (("booked", 6.0), ("revised", 3.0)):
        other = scenario.evaluate({"finance.life": life}).cost_per_token
        np.testing.assert_allclose(found[f"{name}_cost"], other, rtol=1e-12)


def test_rented_chips_have_nothing_to_depreciate() -> None:
    scenario = load_scenario().with_values({"gpu.acquisition": "rent"})
    found = scenario.evaluate(studies=("useful_life",)).studies["useful_life"]
    assert np.isnan(found["capital"][1])
    assert np.isnan(found["revised_cost"][1])
    assert np.isfinite(found["capital"][0])


def test_a_table_of_quotes_may_rise_and_is_read_as_it_stands() -> None:
    ages, shares_ = useful_life.quotes("1:0.5, 2:0.4, 3:0.6")
    assert ages.tolist() == [0.0, 1.0, 2.0, 3.0]
    assert shares_.tolist() == [1.0, 0.5, 0.4, 0.6]
    found = study(market_quotes="1:0.5, 2:0.4, 3:0.6", market="quotes")
    np.testing.assert_allclose(found["book"][METHODS.index("market")][:4], shares_)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("2:0.5,1:0.6", "ages must ascend"),
        ("1:0.5, 1:0.6", "ages must ascend"),
        ("1:0.5:3", "must be age:share"),
        ("one:0.5", "must be age:share"),
        ("1:-0.5", "must not be negative"),
        ("-1:0.5", "ages must ascend"),
    ],
)
def test_a_bad_table_is_refused_with_its_rule(text: str, rule: str) -> None:
    with pytest.raises(ValueError, match=rule) as caught:
        load_scenario().with_values({"useful_life.market_quotes": text})
    assert "\n" not in str(caught.value)
    refused = Session().change({"useful_life.market_quotes": text})
    assert rule in refused["useful_life.market_quotes"]


def test_a_life_under_a_month_is_refused() -> None:
    with pytest.raises(ValueError, match=r"booked_life = 0\.05 must be at least"):
        load_scenario().with_values({"useful_life.booked_life": 0.05})


def test_draws_go_through_the_study() -> None:
    life = np.array([2.0, 3.0, 4.5])
    found = load_scenario().evaluate(
        {"useful_life.revised_life": life}, studies=("useful_life",)
    )
    arrays = found.studies["useful_life"]
    assert arrays["book"].shape == (3, len(METHODS), YEARS.size)
    for k, value in enumerate(life):
        alone = study(revised_life=float(value))
        np.testing.assert_allclose(arrays["book"][k], alone["book"])
        np.testing.assert_allclose(
            arrays["revised_charge"][:, k], alone["revised_charge"]
        )
