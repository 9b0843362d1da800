"""Cash flows of every way to acquire against a slow loop; returns and identities."""

from __future__ import annotations

import itertools

import numpy as np
import numpy_financial as npf
import pytest
import samples
from hypothesis import given, settings
from hypothesis import strategies as st

from breakeven.models import amortization, finance, ledger
from breakeven.models.payoff import PAYBACKS, RATES
from breakeven.models.project import project
from breakeven.models.scenario import Scenario

PRICED = {
    "gpu.chip.spot_price": 1.6,
    "gpu.chip.capacity_block_price": 4.3,
    "gpu.chip.commit_1yr_price": 3.1,
    "gpu.chip.commit_3yr_price": 2.2,
    "workload.llm.hosted_input_price": 0.6,
    "workload.llm.hosted_cached_price": 0.1,
    "workload.llm.hosted_output_price": 2.4,
    "workload.cached_fraction": 0.5,
    "gpu.chip.unit_cost": 3300.0,
    "gpu.chip.nre": 100.0,
    "gpu.port_cost": 7.0,
    "gpu.software_cost": 40.0,
    "finance.spare_share": 0.03,
}
BOTH = ("worth", "returns")
ACQUISITIONS = "buy build rent spot block commit_1yr commit_3yr api".split()


def priced(**values: object) -> Scenario:
    named = {k.replace("__", "."): v for k, v in values.items()}
    return samples.scenario().with_values({**PRICED, **named})


def returned(scenario: Scenario, **overrides: object):
    found = scenario.evaluate(overrides, studies=BOTH).studies
    return {**found["worth"].arrays, **found["returns"].arrays}


def by_the_hour(scenario: Scenario) -> tuple[float, float] | None:
    """Price of an hour and share of hours billed, when the GPU is rented."""
    option, chip = scenario.options["gpu"].option, scenario.options["gpu"].chip
    busy = option.utilisation * option.availability
    return {
        "rent": (chip.rental_price, busy),
        "spot": (chip.spot_price, busy * (1.0 + option.rework)),
        "block": (chip.capacity_block_price, 1.0),
        "commit_1yr": (chip.commit_1yr_price, 1.0),
        "commit_3yr": (chip.commit_3yr_price, 1.0),
    }.get(option.acquisition)


def by_the_token(scenario: Scenario, rate: float) -> float:
    """Bill of a month for the calls that one GPU would serve."""
    option, load = scenario.options["gpu"].option, scenario.workload
    busy = option.utilisation * option.availability
    calls = rate * busy * 3600.0 * 730.0 / load.output_length
    hit, llm = load.cached_fraction, scenario.llm
    each = load.output_length * llm.hosted_output_price
    each += load.input_length * (1.0 - hit) * llm.hosted_input_price
    each += load.input_length * hit * llm.hosted_cached_price
    return calls * each / 1e6


def per_chip(scenario: Scenario, results: object) -> tuple[float, float]:
    """What one GPU costs to buy, and to run for a month."""
    groups, money, site = scenario.options["gpu"], scenario.finance, scenario.site
    option, chip = groups.option, groups.chip
    running = option.software_cost / 12.0
    price = {"buy": chip.price, "build": chip.unit_cost}.get(option.acquisition)
    if (hourly := by_the_hour(scenario)) is not None:
        return 0.0, running + hourly[0] * hourly[1] * 730.0
    if price is None:
        return 0.0, running + by_the_token(scenario, float(results.token_rate[1]))
    purchase = (price + chip.server_cost + chip.network_cost) * (1 + money.spare_share)
    limit = (chip.tdp + chip.host_power + chip.network_power) / 1000.0
    running += limit * site.hosting_price
    energy = float(results.facility_power[1]) / 1000.0 * 730.0
    running += energy * site.electricity_price
    running += purchase * money.maintenance_rate / 12.0 + money.staff_cost / 12.0
    return purchase, running


def looped(scenario: Scenario, results: object) -> np.ndarray:
    """Cash paid for the GPU fleet in each month, one tranche after another."""
    groups, money = scenario.options["gpu"], scenario.finance
    months, count = int(money.horizon), float(results.count[1])
    purchase, running = (count * part for part in per_chip(scenario, results))
    paid, first = np.zeros(months + 1), np.zeros(months + 1)
    paid[0] += groups.option.port_cost * 1e6
    if groups.option.acquisition == "build":
        paid[0] += groups.chip.nre * 1e6
    steps, life = 200, int(12.0 * money.life)
    for month in range(months + 1):
        for step in range(steps):
            start = (step + 0.5) / steps * money.deployment_period
            paid[month] += running / steps * np.clip(month - start, 0.0, 1.0)
        reach = min(month / money.deployment_period, 1.0)
        first[month] = reach - first[:month].sum()
    for month in range(months + 1):
        for bought in range(month, months + 1, life):  # a tranche and its replacements
            paid[bought] += first[month] * purchase
            sold = min(bought + life, months)
            worth = money.residual_value ** ((sold - bought) / life)
            paid[sold] -= first[month] * purchase * worth
    return paid


@pytest.mark.parametrize("acquisition", ACQUISITIONS)
def test_cash_of_each_way_to_acquire_is_what_a_loop_adds_up(acquisition: str) -> None:
    scenario = priced(gpu__acquisition=acquisition, finance__life=3.0)
    results = scenario.evaluate(studies=["worth"])
    study = results.studies["worth"]
    paid = looped(scenario, results)
    rate = 1.1 ** (1.0 / 12.0) - 1.0
    worth = npf.npv(rate, paid)
    np.testing.assert_allclose(study["present_cost"][1], worth, rtol=2e-4)
    done = float(results.work_per_month[1]) * np.minimum(
        (np.arange(61) - 0.5).clip(0) / 24.0, 1.0
    )
    levelised = worth / npf.npv(rate, done)
    np.testing.assert_allclose(study["levelised"][1], levelised, rtol=2e-4)


@given(period=st.floats(0, 60), life=st.floats(6, 120), residual=st.floats(0, 1))
def test_months_add_up_to_the_curves(
    period: float, life: float, residual: float
) -> None:
    months = np.arange(85.0)
    shape = ledger.shapes(months, *(np.array([v]) for v in (period, life, residual)))
    fleet = amortization.schedule(months, np.array([period]), np.array([life]))
    np.testing.assert_allclose(np.cumsum(shape.purchases), fleet.purchases, atol=1e-12)
    np.testing.assert_allclose(np.cumsum(shape.operation), fleet.operation, atol=1e-9)
    sold = residual * fleet.resales[-1]
    assert sold - 1e-9 <= shape.resales.sum() <= shape.purchases.sum() + 1e-9
    yearly = [ledger.by_year(part).sum() for part in shape]
    np.testing.assert_allclose(yearly, [part.sum() for part in shape], atol=1e-9)


@given(
    period=st.floats(0, 48),
    life=st.floats(6, 96),
    tax_life=st.integers(1, 10),
    bonus=st.floats(0, 1),
)
def test_every_purchase_is_written_off_once(
    period: float, life: float, tax_life: int, bonus: float
) -> None:
    months = np.arange(85.0)
    terms = np.array([period]), np.array([life])
    shape = ledger.shapes(months, *terms, np.array([0.1]))
    rates = finance.macrs_rates(tax_life)
    found = ledger.deductions(
        months, shape.purchases, terms[1], rates, np.asarray(bonus)
    )
    assert found[0] == 0.0
    assert np.all(found >= -1e-12)
    np.testing.assert_allclose(found.sum(), shape.purchases.sum(), rtol=1e-9)


amounts = st.floats(1e3, 1e9)


@settings(max_examples=60)
@given(
    chip=amounts,
    nre=amounts,
    power=amounts,
    work=st.floats(1.0, 1e6),
    tax=st.floats(0, 0.6),
    rate=st.floats(-0.2, 0.5),
    period=st.floats(0, 40),
)
def test_revenue_at_the_levelised_cost_pays_for_everything(
    chip: float,
    nre: float,
    power: float,
    work: float,
    tax: float,
    rate: float,
    period: float,
) -> None:
    def priced_at(price: object):
        months = np.arange(61.0)
        terms = np.array([period]), np.array([48.0])
        shape = ledger.shapes(months, *terms, np.array([0.1]))
        written = ledger.deductions(
            months, shape.purchases, terms[1], finance.macrs_rates(5), np.asarray(0.0)
        )
        return project(
            {"chip": np.asarray(chip)},
            {"NRE": np.asarray(nre)},
            {"electricity": np.asarray(power)},
            np.asarray(work),
            np.asarray(price),
            ledger.Shapes(*(ledger.by_year(part) for part in shape)),
            written,
            np.asarray(rate),
            np.asarray(tax),
        )

    cost = priced_at(0.0).levelised_cost()
    paid = priced_at(cost)
    size = finance.net_present_value(rate, np.abs(paid.lines["revenue"])) + chip
    assert abs(paid.net_present_value()) <= 1e-9 * size
    summed = sum(paid.lines.values()) + paid.tax
    np.testing.assert_allclose(paid.net, summed, atol=1e-6 * chip)
    # what is left on the books at the horizon is nothing: it has been sold
    np.testing.assert_allclose(paid.book_value[-1], 0.0, atol=1e-9 * chip)


def test_a_fleet_installed_at_once_costs_its_annuity() -> None:
    scenario = priced(finance__deployment_period=0.0)
    results = scenario.evaluate(studies=["worth"])
    levelised = results.studies["worth"]["levelised"]
    np.testing.assert_allclose(levelised, results.cost_per_token, rtol=1e-12)


def test_returns_follow_from_the_flows_that_are_shown() -> None:
    study = returned(priced())
    flows = study["net_flow"][0]
    parts = ("one_off_flow", "capital_flow", "resale_flow", "running_flow", "tax_flow")
    np.testing.assert_allclose(sum(study[n][0] for n in parts), flows, rtol=1e-9)
    monthly = np.diff(study["cumulative"][0], prepend=0.0)
    np.testing.assert_allclose(monthly.sum(), flows.sum(), rtol=1e-9)
    rate = 1.1 ** (1.0 / 12.0) - 1.0
    np.testing.assert_allclose(study["npv"][0], npf.npv(rate, monthly), rtol=1e-9)
    last = study["cumulative_discounted"][0][-1]
    np.testing.assert_allclose(study["npv"][0], last, rtol=1e-9)
    costs = study["present_cost"]
    np.testing.assert_allclose(study["npv"][0], costs[1] - costs[0], rtol=1e-9)
    each = (1.0 + study["irr"][0]) ** (1.0 / 12.0) - 1.0
    assert abs(npf.npv(each, monthly)) <= 1e-6 * np.abs(monthly).sum()


def test_draws_are_the_scalars() -> None:
    scenario = priced(returns__tax_rate=0.25, returns__bonus_share=0.4)
    draws = {
        "gpu.chip.price": np.array([9e3, 26e3, 40e3]),
        "finance.life": np.array([3.0, 4.5, 6.0]),
        "finance.discount_rate": np.array([0.0, 0.1, 0.2]),
        "returns.tax_rate": np.array([0.0, 0.2, 0.3]),
    }
    together = scenario.evaluate(draws, studies=BOTH).studies
    for place, name in itertools.product(range(3), BOTH):
        one = {key: value[place] for key, value in draws.items()}
        alone = scenario.evaluate(one, studies=BOTH).studies[name]
        for key, output in alone.outputs.items():
            if not output.shared:
                mine = np.take(together[name][key], place, axis=1)
                np.testing.assert_allclose(mine, alone[key], rtol=1e-9, err_msg=key)


@pytest.mark.parametrize(
    ("values", "rate", "payback"),
    [
        ({}, (0, 1), 0),
        ({"gpu__chip__price": 500.0, "asic__chip__nre": 4000.0}, (0, 1, 4), 2),
        (
            {
                "asic__acquisition": "rent",
                "asic__chip__rental_price": 20.0,
                "gpu__acquisition": "rent",
            },
            (2,),
            2,
        ),
        ({"asic__acquisition": "rent", "gpu__acquisition": "commit_1yr"}, (3,), 1),
        ({"asic__chip__hbm_bandwidth": None}, (5,), 3),
    ],
)
def test_no_rate_and_no_payback_are_said(
    values: dict[str, object], rate: tuple[int, ...], payback: int
) -> None:
    study = returned(priced(gpu__port_cost=0.0, gpu__software_cost=0.0, **values))
    assert int(study["irr_reason"][0]) in rate, RATES[int(study["irr_reason"][0])]
    assert int(study["payback_reason"][0]) == payback, PAYBACKS[payback]
    assert np.isfinite(study["irr"][0]) == (int(study["irr_reason"][0]) < 2)
    assert np.isfinite(study["payback"][0]) == (payback < 2)


def test_taxes_lower_what_a_saving_is_worth() -> None:
    before, after = returned(priced()), returned(priced(returns__tax_rate=0.25))
    assert 0 < after["npv"][0] < before["npv"][0]
    assert not before["tax_flow"][0].any()
    quick = returned(priced(returns__tax_rate=0.25, returns__bonus_share=1.0))
    assert quick["present_cost"][0] < after["present_cost"][0]
