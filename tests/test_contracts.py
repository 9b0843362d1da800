"""Learning curves, commitments, volume ladders and market values."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from breakeven.models import finance


def test_learning_in_both_readings() -> None:
    total = sum(finance.learned_cost(100.0, k, 0.9) for k in range(1, 201))
    crawford = finance.total_cost_crawford(100.0, [1, 2, 12, 13, 200], 0.9)
    np.testing.assert_allclose(crawford[-1], total, rtol=1e-7)
    assert crawford[0] == 100.0
    nothing = finance.total_cost_crawford, finance.total_cost_wright
    assert [total_(100.0, 0, 0.9) for total_ in nothing] == [0.0, 0.0]
    np.testing.assert_allclose(crawford[1], 190.0, rtol=1e-12)
    # An exponent of -1, where the integral is a logarithm.
    harmonic = sum(1.0 / k for k in range(1, 101))
    np.testing.assert_allclose(
        finance.total_cost_crawford(1.0, 100, 0.5), harmonic, rtol=1e-7
    )
    average = finance.total_cost_wright(100.0, 7, 0.9)
    np.testing.assert_allclose(average, 520.76, atol=0.005)
    marginal = finance.marginal_cost_wright(100.0, np.arange(1, 8), 0.9)
    np.testing.assert_allclose(marginal.sum(), average, rtol=1e-12)


def test_contracts_at_their_edges() -> None:
    assert finance.breakeven_hours(1000, 0.1, 0.5) == np.inf
    assert finance.breakeven_hours(0, 0.5, 0.1) == 0.0
    assert finance.owning_utilisation(1.0, 2.0, 2.0) == np.inf
    assert finance.take_or_pay_price(2.0, 0.8, 0.0) == np.inf
    assert finance.take_or_pay_price(2.0, 0.8, 0.9) == 2.0
    assert finance.take_or_pay_price(2.0, 0.0, 0.0) == 2.0
    assert finance.forward_price_ratio(3.0, 1.0) == 0.0
    assert np.isnan(finance.forward_price_ratio(3.1, 1.0))
    assert finance.forward_price_ratio(2.0, 2.0) == 1.0
    assert finance.falling_revenue(2.0, 1.0, 5) == 10.0
    assert finance.falling_revenue(2.0, 0.0, 5) == 2.0
    np.testing.assert_allclose(
        finance.falling_revenue(1.0, 1.0 + 1e-15, 5), 5.0, rtol=1e-12
    )
    debt = finance.financeable_debt(1.6, 0.08, 5, 1.25)
    assert -finance.payment(0.08, 5, debt) == pytest.approx(1.6 / 1.25)


@given(long=st.floats(0.34, 3.0))
def test_forward_prices_average_to_the_long_price(long: float) -> None:
    path = finance.forward_prices(1.0, long)
    np.testing.assert_allclose(path.mean(), long, rtol=1e-12)


STEPS, CUTS = [10.0, 100.0, 500.0], [0.05, 0.20, 0.30]


@given(count=st.floats(1.0, 1000.0))
def test_volume_ladders(count: float) -> None:
    all_units = finance.all_units_cost(2.0, count, STEPS, CUTS)
    incremental = finance.incremental_cost(2.0, count, STEPS, CUTS)
    bought = finance.cheapest_count(2.0, count, STEPS, CUTS)
    assert all_units <= incremental * (1.0 + 1e-12) <= 2.0 * count * (1.0 + 1e-12)
    assert bought >= count
    least = finance.all_units_cost(2.0, bought, STEPS, CUTS)
    for more in itertools.chain([count], (s for s in STEPS if s > count)):
        assert least <= finance.all_units_cost(2.0, more, STEPS, CUTS) + 1e-12


def test_buying_more_can_cost_less() -> None:
    assert finance.cheapest_count(1.0, [9.0, 96.0, 85.0], STEPS, CUTS).tolist() == [
        9.0,
        100.0,
        100.0,
    ]
    assert finance.all_units_cost(1.0, 10, STEPS, CUTS) == pytest.approx(9.5)
    np.testing.assert_allclose(
        finance.incremental_cost(1.0, [10, 100, 200], STEPS, CUTS), [10, 95.5, 175.5]
    )


def test_market_value_as_a_curve_and_as_quotes() -> None:
    decay = finance.decay_from_orders(0.14)
    np.testing.assert_allclose(finance.market_value(1.0, decay, 1.0), 10**-0.14)
    ages, quotes = [0.0, 2.0, 3.0], [8.0, 1.7, 2.35]
    found = finance.quoted_value([-1.0, 1.0, 3.0, 9.0], ages, quotes)
    np.testing.assert_allclose(found, [8.0, 4.85, 2.35, 2.35])
    assert finance.economic_charge(100.0, 70.0, 0.1) == pytest.approx(40.0)
    assert finance.depreciation_change(60.0, 4.0, 3.0) == pytest.approx(5.0)
