"""Time value of money: identities, edges, and numpy-financial as a witness."""

from __future__ import annotations

import numpy as np
import numpy_financial as npf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from breakeven.models import finance

rates = st.floats(-0.5, 1.0)
money = st.floats(1.0, 1e9)
periods = st.integers(1, 120)
CLOSE = {"rtol": 1e-9, "atol": 1e-9}


@given(rate=rates, n=periods)
def test_a_level_payment_repays_the_loan(rate: float, n: int) -> None:
    annuity = finance.capital_recovery_factor(rate, n)
    flows = np.full(n + 1, annuity)
    flows[0] = -1.0
    scale = max(1.0, (1.0 + rate) ** -n)
    assert abs(finance.net_present_value(rate, flows)) < 1e-11 * scale


@pytest.mark.parametrize("n", [1.0, 2.5, 20.0, 360.0])
@pytest.mark.parametrize("rate", [0.0, 1e-300, 1e-16, -1e-16, 1e-12, -1e-12, 1e-9])
def test_the_recovery_factor_next_to_zero_is_the_series(rate: float, n: float) -> None:
    series = (1.0 + rate * (n + 1.0) / 2.0) / n  # the next term is rate^2
    np.testing.assert_allclose(
        finance.capital_recovery_factor(rate, n), series, rtol=1e-13
    )


def test_the_recovery_factor_at_its_limits() -> None:
    factor = finance.capital_recovery_factor
    assert factor(0.0, 7) == 1.0 / 7.0
    assert factor(0.25, 1) == pytest.approx(1.25, rel=1e-15)
    assert factor(0.08, np.inf) == 0.08
    assert factor(-0.5, 2) == pytest.approx(1.0 / 6.0, rel=1e-15)
    assert factor(-0.99, 1000) >= 0.0
    assert np.isnan(factor(np.nan, 5))


@given(rate=rates, n=periods, loan=money, left=st.floats(-1e6, 1e6))
def test_loans_agree_with_numpy_financial(
    rate: float, n: int, loan: float, left: float
) -> None:
    if abs(rate) < 1e-4:  # numpy-financial loses digits there, see the test above
        rate = 0.0
    for advance in (0, 1):
        ours = finance.payment(rate, n, loan, left, advance)
        with np.errstate(invalid="ignore"):  # 0/0 at a rate of 0, then replaced
            theirs = npf.pmt(rate, n, loan, left, advance)
            balance = npf.fv(rate, n, ours, loan, advance)
        np.testing.assert_allclose(ours, theirs, rtol=1e-8, atol=1e-6)
        np.testing.assert_allclose(
            finance.future_value(rate, n, ours, loan, advance),
            balance,
            rtol=1e-8,
            atol=1e-6 * loan * max(1.0, (1.0 + rate) ** n),
        )


@given(rate=st.floats(1e-4, 0.5), n=st.integers(1, 60), loan=money)
def test_a_payment_splits_into_interest_and_principal(
    rate: float, n: int, loan: float
) -> None:
    period = np.arange(1, n + 1)
    interest = finance.interest_payment(rate, period, n, loan)
    principal = finance.principal_payment(rate, period, n, loan)
    payment = finance.payment(rate, n, loan)
    np.testing.assert_allclose(interest + principal, payment, rtol=1e-9)
    np.testing.assert_allclose(principal.sum(), -loan, rtol=1e-9)
    np.testing.assert_allclose(
        -interest.sum(), finance.total_interest(rate, n, loan), rtol=1e-7, atol=1e-9
    )
    # The last interest is that of one period; numpy-financial is coarse there.
    np.testing.assert_allclose(interest[-1], payment * rate / (1 + rate), rtol=1e-9)
    np.testing.assert_allclose(
        interest, npf.ipmt(rate, period, n, loan), rtol=1e-7, atol=1e-5 * loan
    )
    assert np.all(np.isnan(finance.interest_payment(rate, [0, n + 1], n, loan)))
    assert np.all(np.isnan(finance.principal_payment(rate, [0, n + 1], n, loan)))


@given(rate=rates, n=st.floats(1.0, 100.0), loan=money)
def test_the_number_of_payments_inverts_the_payment(
    rate: float, n: float, loan: float
) -> None:
    payment = finance.payment(rate, n, loan)
    if abs(payment) > loan * abs(rate) * (1.0 + 1e-6):
        found = finance.periods_to_repay(rate, payment, loan)
        np.testing.assert_allclose(found, n, rtol=1e-6)


def test_a_balance_beyond_the_largest_number() -> None:
    assert finance.future_value(0.5, 5000, -1, -1) == np.inf
    assert finance.future_value(0.0, 10, -100, -100) == 1100.0


def test_a_loan_that_is_never_repaid() -> None:
    repay = finance.periods_to_repay
    assert repay(0.07 / 12, -150, 8000) == pytest.approx(64.0733, abs=5e-5)
    assert repay(0.10, -10, 100) == np.inf  # pays the interest only
    assert repay(0.10, -5, 100) == np.inf
    assert repay(0.10, 20, 100) == np.inf  # the wrong sign
    assert repay(0.0, -10, 100) == 10.0
    assert repay(1e-16, -10, 100) == pytest.approx(10.0, rel=1e-14)
    assert repay(0.10, -10, 0.0) == 0.0
    assert np.isnan(repay(np.nan, -10, 100))


def test_the_first_flow_is_not_discounted_and_shapes_broadcast() -> None:
    assert finance.net_present_value(0.5, [7.0]) == 7.0
    flows = np.array([[-100.0, 60.0, 60.0], [-10.0, 0.0, 20.0]])
    table = finance.net_present_value(np.array([0.0, 0.1, 0.2])[:, None, None], flows)
    assert table.shape == (3, 2)
    by_hand = [[npf.npv(r, row) for row in flows] for r in (0.0, 0.1, 0.2)]
    np.testing.assert_allclose(table, by_hand, **CLOSE)
    assert finance.net_present_value([0.1, 0.2], flows).shape == (2,)
    assert finance.net_present_value([[0.1], [0.2]], flows).shape == (2,)
    assert finance.net_present_value(np.zeros((3, 1)), np.ones(4)).shape == (3,)
    assert finance.net_present_value(0.1, np.ones((4, 0, 5))).shape == (4, 0)


@pytest.mark.parametrize(
    ("flows", "period"),
    [
        ([-500, 300, 200, 150], 2.0),
        ([-100, 50], np.inf),
        ([100, -50], 0.0),
        ([-100, 0, 0, 100], 3.0),
        ([-100, 0, 0, 200], 2.5),
        ([-1.0] + 10 * [0.1], 10.0),  # 0.1 ten times is not 1 in binary
        ([-100, 150, -100], 2 / 3),
        ([0.0, 0.0], 0.0),
        ([-1.0], np.inf),
    ],
)
def test_payback(flows: list[float], period: float) -> None:
    np.testing.assert_allclose(finance.payback_period(flows), period, rtol=1e-12)


def test_payback_of_many_projects() -> None:
    flows = np.array([[-100.0, 60, 60], [-100, 10, 10], [-100, np.nan, 10]])
    np.testing.assert_allclose(
        finance.payback_period(flows), [1 + 40 / 60, np.inf, np.nan]
    )
    table = [[[0.0]], [[0.5]]]
    assert finance.discounted_payback_period(table, flows).shape == (2, 3)
    assert finance.discounted_payback_period(0.0, flows[0]) == 1 + 40 / 60
    assert finance.discounted_payback_period(0.5, flows[0]) == np.inf


@given(rate=st.floats(0.0, 0.3), years=st.integers(2, 30), flow=st.floats(0.05, 2.0))
def test_a_project_pays_back_when_its_present_value_is_not_negative(
    rate: float, years: int, flow: float
) -> None:
    flows = [-1.0] + years * [flow]
    value = finance.net_present_value(rate, flows)
    if abs(value) > 1e-9:
        pays = np.isfinite(finance.discounted_payback_period(rate, flows))
        assert pays == (value > 0.0)


def test_every_public_name_is_exported_once() -> None:
    assert len(finance.__all__) == len(set(finance.__all__))
    assert all(callable(getattr(finance, name)) for name in finance.__all__)
