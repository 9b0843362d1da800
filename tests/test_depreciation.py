"""Depreciation schedules, tax rates, cost of capital and levelised cost."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from breakeven import presets
from breakeven.models import finance

assets = st.tuples(st.floats(100.0, 1e7), st.floats(0.0, 0.9), st.integers(1, 40))


@given(asset=assets)
def test_book_value_ends_at_salvage(asset: tuple[float, float, int]) -> None:
    cost, share, life = asset
    salvage = share * cost
    for charges in (
        finance.straight_line(cost, salvage, life),
        finance.sum_of_years_digits(cost, salvage, life),
        finance.declining_balance(cost, salvage, life, switch=True),
    ):
        book = finance.book_value(cost, charges)
        assert book.shape == (life + 1,)
        assert book[0] == cost
        np.testing.assert_allclose(book[-1], salvage, rtol=1e-9, atol=1e-9 * cost)
        assert np.all(charges >= -1e-9 * cost)


@given(asset=assets, factor=st.floats(1.0, 3.0))
def test_declining_balance_never_goes_below_salvage(
    asset: tuple[float, float, int], factor: float
) -> None:
    cost, share, life = asset
    charges = finance.declining_balance(cost, share * cost, life, factor)
    book = finance.book_value(cost, charges)
    assert np.all(book >= share * cost * (1.0 - 1e-12) - 1e-9)
    assert np.all(np.diff(charges) <= 1e-9 * cost)


def test_lives_may_be_fractional_and_differ() -> None:
    lines = finance.straight_line(11.0, 0.0, [5.5, 2.0])
    np.testing.assert_allclose(lines[0], [2, 2, 2, 2, 2, 1])
    np.testing.assert_allclose(lines[1], [5.5, 5.5, 0, 0, 0, 0])
    np.testing.assert_allclose(finance.sum_of_years_digits(18, 0, 5.5).sum(), 18)
    assert finance.straight_line([[1.0], [2.0]], 0.0, 3, years=8).shape == (2, 1, 8)


@given(
    life=st.integers(1, 30),
    factor=st.floats(1.0, 2.0),
    first=st.sampled_from([0.125, 0.375, 0.5, 0.625, 0.875, 1.0]),
)
def test_macrs_deducts_the_whole_cost(life: int, factor: float, first: float) -> None:
    rates_ = finance.macrs_rates(life, factor, first)
    assert rates_.shape == (life + 1,)
    assert np.all(rates_ >= 0.0)
    np.testing.assert_allclose(rates_.sum(), 1.0, rtol=1e-12)


@pytest.mark.parametrize("life", [3, 5, 7, 10, 15, 20])
def test_the_tax_table_is_the_rules_but_for_its_rounding(life: int) -> None:
    rows = presets.preset("macrs", f"macrs_{life}")
    table = np.array([row.value for row in rows.values()]) / 100.0
    rules = finance.macrs_rates(life, 1.5 if life > 10 else 2.0)
    np.testing.assert_allclose(table, rules, rtol=0.0, atol=1.1e-4)
    np.testing.assert_allclose(table.sum(), 1.0, rtol=1e-12)


def test_macrs_by_quarter_and_an_unknown_class() -> None:
    # IRS Publication 946, table A-5: 5-year property placed in the fourth quarter.
    fourth = [0.05, 0.38, 0.228, 0.1368, 0.1094, 0.0958]
    np.testing.assert_allclose(finance.macrs_rates(5, 2.0, 0.125), fourth, atol=5e-5)
    assert finance.macrs_rates(5, 2.0, [[0.5], [1.0]]).shape == (2, 1, 6)
    with pytest.raises(KeyError, match="near: macrs_"):
        presets.preset("macrs", "macrs_6")


@given(rate=st.floats(0.0, 0.3), tax=st.floats(0.0, 0.5), years=st.integers(1, 30))
def test_the_fixed_charge_rate_covers_capital_and_tax(
    rate: float, tax: float, years: int
) -> None:
    charges = finance.straight_line(1.0, 0.0, years)
    value = finance.tax_shield_value(1.0, rate, charges)
    revenue = finance.fixed_charge_rate(rate, years, tax, value)
    after_tax = revenue - tax * revenue + finance.tax_shield(tax, charges)
    flows = np.concatenate([[-1.0], after_tax])
    assert abs(finance.net_present_value(rate, flows)) < 1e-10


@given(
    rate=st.floats(-0.1, 0.5),
    costs=st.lists(st.floats(0.0, 1e6), min_size=2, max_size=20),
    data=st.data(),
)
def test_revenue_at_the_levelised_cost_pays_the_costs(
    rate: float, costs: list[float], data: Any
) -> None:
    n = len(costs)
    output = data.draw(st.lists(st.floats(1.0, 1e6), min_size=n, max_size=n))
    price = finance.levelized_cost_of_cash_flows(rate, costs, output)
    profit = price * np.array(output) - np.array(costs)
    scale = finance.net_present_value(rate, costs) + 1.0
    assert abs(finance.net_present_value(rate, profit)) < 1e-10 * scale
