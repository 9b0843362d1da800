"""The fleet over time against a loop over small steps, and the month of crossing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from breakeven.models import amortization as am

MONTHS = np.arange(0.0, 121.0)


def looped(period: float, life: float, steps: int = 400) -> np.ndarray:
    """Purchases, resales and chip-months, one small tranche added after another."""
    starts = (np.arange(steps) + 0.5) / steps * period
    bought = np.zeros_like(MONTHS)
    sold = np.zeros_like(MONTHS)
    worked = np.zeros_like(MONTHS)
    for start in starts:
        for generation in range(int(MONTHS[-1] // life) + 2):
            bought += (start + generation * life <= MONTHS) / steps
            sold += (start + (generation + 1) * life <= MONTHS) / steps
        worked += np.maximum(MONTHS - start, 0.0) / steps
    return np.array([bought, sold, worked])


@pytest.mark.parametrize(("period", "life"), [(24.0, 60.0), (36.0, 30.0), (6.0, 13.0)])
def test_schedule_is_what_tranches_add_up_to(period: float, life: float) -> None:
    fleet = am.schedule(MONTHS, period, life)
    for closed, summed in zip(fleet, looped(period, life), strict=True):
        np.testing.assert_allclose(closed, summed, atol=0.02)


def test_all_at_once_is_the_limit_of_a_short_installation() -> None:
    at_once = am.schedule(MONTHS, 0.0, 60.0)
    quick = am.schedule(MONTHS, 1e-9, 60.0)
    assert at_once.purchases[0] == 1.0
    np.testing.assert_allclose(at_once.operation, quick.operation, atol=1e-8)
    between = MONTHS % 60.0 > 0.0  # on the month of replacement itself they differ
    np.testing.assert_allclose(at_once.purchases[between], quick.purchases[between])


def test_cumulative_cost_by_hand() -> None:
    # 10 chips at 1,000 USD, all at month 0, 5 USD a month each, design 2,000 USD,
    # replaced at month 3 with 10 % recovered.
    fleet = am.schedule(np.arange(5.0), 0.0, 3.0)
    cost = am.cumulative_cost(2000.0, 10_000.0, 1000.0, 50.0, fleet)
    np.testing.assert_allclose(cost, [12_000, 12_050, 12_100, 21_150, 21_200])


def test_crossing_is_interpolated_between_months() -> None:
    months = np.arange(4.0)
    assert am.crossing_month(np.array([3.0, 1.0, -1.0, -2.0]), months) == 1.5


@pytest.mark.parametrize(
    ("gap", "month"),
    [
        ([-1.0, -2.0, -3.0], 0.0),
        ([3.0, 2.0, 1.0], np.nan),
        ([-1.0, 1.0, 2.0], np.nan),  # starts cheaper, ends dearer: it does not last
        ([-1.0, 1.0, -1.0], 1.5),  # the last crossing counts
        ([1.0, np.nan, -1.0], np.nan),
        ([0.0, 0.0, 0.0], 0.0),
    ],
)
def test_crossing_in_every_shape(gap: list[float], month: float) -> None:
    found = am.crossing_month(np.array(gap), np.arange(3.0))
    np.testing.assert_equal(found, month)


@given(
    one_off=st.floats(0, 1e9),
    dear=st.floats(1e3, 1e5),
    cheap=st.floats(1e3, 1e5),
    period=st.floats(0, 60),
    count=st.floats(1, 1e6),
)
def test_crossing_is_where_the_curves_meet(
    one_off: float, dear: float, cheap: float, period: float, count: float
) -> None:
    months = np.arange(0.0, 121.0)
    fleet = am.schedule(months, period, 400.0)
    own = am.cumulative_cost(one_off, count * cheap, 0.0, count * 10.0, fleet)
    rival = am.cumulative_cost(0.0, count * dear, 0.0, count * 12.0, fleet)
    month = float(am.crossing_month(own - rival, months))
    later = months > (month if np.isfinite(month) else np.inf)
    assert np.all(own[later] <= rival[later] * (1 + 1e-9) + 1e-6)
    if np.isfinite(month) and month > 0:
        before = np.interp(np.floor(month), months, own - rival)
        assert before >= -1e-6 * one_off


def test_cost_to_date_falls_towards_the_running_cost() -> None:
    fleet = am.schedule(MONTHS, 0.0, 1e9)
    total = am.cumulative_cost(1e6, 1e6, 0.0, 5000.0, fleet)
    unit = am.cost_to_date(total, 100.0 * 2000.0 * fleet.operation)
    assert np.isnan(unit[0])
    assert np.all(np.diff(unit[1:]) < 0)
    assert unit[-1] == pytest.approx((1e6 + 1e6 + 120 * 5000) / (120 * 2e5))
