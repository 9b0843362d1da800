"""Cost lines against annuities worked by a loop, and the break-even of a design."""

from __future__ import annotations

import numpy as np
import numpy_financial as npf
import pytest

from breakeven.models import acquisition, power, tco


@pytest.mark.parametrize("rate", [0.0, 1e-16, 1e-9, 0.05, 0.3, -0.1])
@pytest.mark.parametrize("periods", [1, 12, 60])
def test_charge_repays_the_purchase_less_its_resale(rate: float, periods: int) -> None:
    charge = float(tco.capital_charge(1000.0, 0.2, rate, periods))
    balance = 1000.0
    for _ in range(periods):
        balance = balance * (1 + rate) - charge
    assert balance == pytest.approx(200.0, abs=1e-5)


def test_charge_agrees_with_numpy_financial() -> None:
    expected = -npf.pmt(0.008, 60, 30_000.0, -2400.0)
    found = tco.capital_charge(30_000.0, 0.08, 0.008, 60)
    assert float(found) == pytest.approx(expected, rel=1e-12)


def test_twelve_monthly_rates_make_the_annual_one() -> None:
    rates = np.array([-0.5, 0.0, 1e-16, 0.1, 2.0])
    np.testing.assert_allclose((1 + tco.monthly_rate(rates)) ** 12, 1 + rates)
    assert tco.monthly_rate(np.array(1e-16)) > 0


def test_breakeven_volume_makes_the_costs_equal() -> None:
    one_off, recovery, rival, variable, work = 5e8, 1 / 60, 1.2, 0.8, 900.0
    volume = tco.breakeven_volume(one_off, recovery, rival, variable, work)
    assert variable + one_off * recovery / volume / work == pytest.approx(rival)


def test_no_volume_helps_a_chip_that_costs_more_to_run() -> None:
    assert np.isnan(tco.breakeven_volume(5e8, 1 / 60, 0.8, 0.8, 900.0))
    assert np.isnan(tco.breakeven_volume(5e8, 1 / 60, 0.7, 0.8, 900.0))


def test_each_term_bills_its_hours() -> None:
    used = np.array([0.2, 0.9])
    use = {"committed_share": 0.5, "idle_billed": 0.0, "rework": 0.25}
    for kind, share in (
        ("rent", used),
        ("spot", 1.25 * used),
        ("block", [1.0, 1.0]),
        ("commit_1yr", [0.5, 0.9]),
        ("commit_3yr", [0.5, 0.9]),
    ):
        found = acquisition.billed(kind, use, used)
        np.testing.assert_allclose(found, share, err_msg=kind)
    kept = acquisition.billed("rent", use | {"idle_billed": 1.0}, used)
    np.testing.assert_allclose(kept, 1.0)


def test_a_price_list_is_applied_to_the_mix_of_one_call() -> None:
    # 2,000 prompt tokens of which a quarter is cached, 400 generated
    found = acquisition.token_price(0.3, 0.1, 1.2, 2000.0, 400.0, 0.25)
    assert float(found) == pytest.approx((1500 * 0.3 + 500 * 0.1 + 400 * 1.2) / 400)


def test_power_between_idle_and_busy() -> None:
    mean = power.mean_chip_power(700.0, 0.8, 0.1, np.array([0.0, 0.5, 1.0]))
    np.testing.assert_allclose(mean, [70.0, 315.0, 560.0])
