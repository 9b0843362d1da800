"""Rates of return: every root, against polynomials, numpy-financial and pyxirr."""

from __future__ import annotations

import datetime

import numpy as np
import numpy_financial as npf
import pytest
import pyxirr
from hypothesis import given
from hypothesis import strategies as st

from breakeven.models import finance

amounts = st.floats(0.01, 1e6)


@given(outlay=amounts, inflows=st.lists(amounts, min_size=1, max_size=40))
def test_one_sign_change_has_one_rate_that_zeroes_the_present_value(
    outlay: float, inflows: list[float]
) -> None:
    flows = np.array([-outlay, *inflows])
    rate = finance.internal_rate_of_return(flows)
    assert rate > -1.0
    inside = finance.net_present_value(rate, flows)
    # Next to -1 the digits of r itself, not those of 1 + r, set the limit.
    digits = 1e-9 + 1e-15 * len(flows) / (1.0 + rate)
    assert abs(inside) <= digits * finance.net_present_value(rate, np.abs(flows))
    assert finance.rate_of_return_count(flows) == 1
    np.testing.assert_allclose(finance.internal_rate_of_return(-flows), rate)


def test_many_draws_agree_with_both_libraries() -> None:
    rng = np.random.default_rng(7)
    flows = np.abs(rng.normal(size=(200, 25)))
    flows[:, 0] = -rng.uniform(1.0, 60.0, 200)
    ours = finance.internal_rate_of_return(flows)
    np.testing.assert_allclose(ours, [npf.irr(row) for row in flows], atol=1e-9)
    theirs = [pyxirr.irr(row.tolist()) for row in flows]
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9)


def polynomial_rates(flows: np.ndarray) -> np.ndarray:
    """All rates above -1, as the eigenvalues of a companion matrix give them."""
    roots = np.roots(flows[::-1])
    real = roots[(np.abs(roots.imag) < 1e-9) & (roots.real > 0.0)].real
    return np.sort(1.0 / real - 1.0)


def test_all_rates_of_flows_that_change_sign_often() -> None:
    flows = np.random.default_rng(11).normal(size=(400, 14))
    found = finance.internal_rates_of_return(flows)
    assert found.shape == (400, 13)
    nearest = finance.internal_rate_of_return(flows)
    counts = finance.rate_of_return_count(flows)
    assert np.all(counts <= finance.sign_changes(flows))
    assert counts.max() >= 3
    assert counts.min() == 0
    for row, rates, best, count in zip(flows, found, nearest, counts, strict=True):
        due = polynomial_rates(row)
        np.testing.assert_allclose(rates[:count], due, rtol=1e-7, atol=1e-9)
        assert np.all(np.isnan(rates[count:]))
        assert np.isnan(best) == (count == 0)
        if count:
            assert best == due[np.argmin(np.abs(due))] or np.isclose(
                abs(best), np.abs(due).min(), rtol=1e-7
            )


@pytest.mark.parametrize(
    ("flows", "rates"),
    [
        ([-1000, 3600, -4310, 1716], [0.1, 0.2, 0.3]),
        ([1, -2, 0.9999], [-0.01, 0.01]),
        ([1, -2, 1.0001], []),
        ([-100, 100, 0, -7], [-0.678894, -0.083300]),
        ([0, -100, 0, 121], [0.1]),
        ([-100, 100], [0.0]),
        ([10, -21, 11], [0.0, 0.1]),
        ([-100, 0, 0], []),
        ([0, 0, 0], []),
        ([5.0], []),
    ],
)
def test_known_rates(flows: list[float], rates: list[float]) -> None:
    found = finance.internal_rates_of_return(flows)
    assert found.shape == (len(flows) - 1,)
    assert finance.rate_of_return_count(flows) == len(rates)
    np.testing.assert_allclose(found[: len(rates)], rates, atol=1e-6)


def test_a_rate_of_zero_is_found_beside_others() -> None:
    flows = np.random.default_rng(1).integers(-3, 4, size=(2000, 12)).astype(float)
    flows[:, -1] -= flows.sum(axis=-1)
    flows = flows[finance.sign_changes(flows) > 0]
    # Where the root at 0 is a double one, rounding leaves its square root.
    assert np.all(np.abs(finance.internal_rate_of_return(flows)) < 1e-5)


def test_a_present_value_that_only_touches_zero() -> None:
    assert finance.rate_of_return_count([1, -2, 1]) == 1
    assert abs(finance.internal_rate_of_return([1, -2, 1])) < 1e-6


def test_sign_changes_skip_zeros() -> None:
    flows = [[-1, 0, 2, 0, -3], [0, 0, 1, 1, 0], [0, 0, 0, 0, 0]]
    assert finance.sign_changes(flows).tolist() == [2, 0, 0]


def test_shapes_follow_from_shapes_only() -> None:
    flows = np.array([[[-1.0, 2.0]], [[1.0, 2.0]], [[np.nan, 1.0]], [[-1.0, np.inf]]])
    rate = finance.internal_rate_of_return(flows)
    assert rate.shape == (4, 1)
    np.testing.assert_allclose(rate[:, 0], [1.0, np.nan, np.nan, np.nan])
    assert finance.internal_rate_of_return(np.zeros((0, 5))).shape == (0,)
    assert finance.internal_rate_of_return([-1.0, 2.0]).shape == ()


@pytest.mark.parametrize("scale", [1e-250, 1e-12, 1.0, 1e12, 1e250])
def test_the_rate_does_not_depend_on_the_currency(scale: float) -> None:
    flows = scale * np.array([-100.0, 39, 59, 55, 20])
    assert finance.internal_rate_of_return(flows) == pytest.approx(0.2809484212)


def test_extreme_rates() -> None:
    assert finance.internal_rate_of_return([-1, 1e12]) == pytest.approx(1e12 - 1)
    assert finance.internal_rate_of_return([-1e12, 1]) == pytest.approx(1e-12 - 1)
    tiny = finance.internal_rate_of_return([-1.0, 1.0 + 1e-15])
    assert tiny == pytest.approx(1.1102230246251565e-15, rel=0.3)
    monthly = np.full(361, 1.0)
    monthly[0] = -200.0
    rate = finance.internal_rate_of_return(monthly)
    assert finance.capital_recovery_factor(rate, 360) == pytest.approx(1 / 200)


def test_dated_flows_agree_with_pyxirr() -> None:
    rng = np.random.default_rng(3)
    start = datetime.date(2024, 2, 29)
    for _ in range(50):
        days = np.append(0, np.sort(rng.integers(300, 3000, 12)))
        flows = np.append(-rng.uniform(1.0, 12.0), rng.uniform(0.0, 1.5, 12))
        dates = [start + datetime.timedelta(days=int(d)) for d in days]
        due = pyxirr.xirr(dates, flows.tolist())
        assert finance.dated_internal_rate_of_return(days, flows) == pytest.approx(
            due, rel=1e-9, abs=1e-9
        )
        assert finance.dated_internal_rate_of_return(dates, flows) == pytest.approx(due)
        value = finance.dated_net_present_value(0.07, dates, flows)
        assert value == pytest.approx(pyxirr.xnpv(0.07, dates, flows.tolist()))


def test_dates_in_any_order_and_twice_on_a_day() -> None:
    rate = finance.dated_internal_rate_of_return([365, 0, 365, 0], [100, -90, 10, -10])
    assert rate == pytest.approx(0.1)
    when = np.array(["2025-01-01", "2026-01-01"], dtype="datetime64[s]")
    both = finance.dated_internal_rate_of_return(when, [[-100.0, 120], [100, 100]])
    np.testing.assert_allclose(both, [0.2, np.nan])


@given(
    flows=st.lists(
        st.floats(-1e6, -1e-3) | st.floats(1e-3, 1e6) | st.just(0.0),
        min_size=2,
        max_size=20,
    ),
    finance_rate=st.floats(0.0, 0.5),
    reinvest_rate=st.floats(0.0, 0.5),
)
def test_the_modified_rate_agrees_with_numpy_financial(
    flows: list[float], finance_rate: float, reinvest_rate: float
) -> None:
    given_ = flows, finance_rate, reinvest_rate
    ours = finance.modified_internal_rate_of_return(*given_)
    np.testing.assert_allclose(ours, npf.mirr(*given_), rtol=1e-7, atol=1e-9)


def test_the_modified_rate_broadcasts() -> None:
    far = finance.modified_internal_rate_of_return([1.0, -1e-310], 0.1, 0.1)
    assert far == np.inf
    flows = np.array([[-100.0, 50, -60, 70], [1, 2, 3, 4]])
    table = [[[0.1]], [[0.2]]]
    rates = finance.modified_internal_rate_of_return(flows, table, 0.12)
    assert rates.shape == (2, 2)
    assert np.all(np.isnan(rates[:, 1]))
