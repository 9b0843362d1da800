"""Own or rent, break-evens, price floor and margins, each redone another way."""

from __future__ import annotations

import numpy as np
import pytest
import samples
from hypothesis import given
from hypothesis import strategies as st

from breakeven.models.acquisition import ACQUISITIONS
from breakeven.models.breakeven_study import MONTHS, VOLUMES
from breakeven.models.crossing import CROSSINGS, crossing
from breakeven.models.floor_study import PARTS
from breakeven.models.scenario import Scenario
from breakeven.models.terms_study import CHEAPEST, RENTED, UTILISATIONS

PRICES = {
    "gpu.chip.spot_price": 1.6,
    "gpu.chip.capacity_block_price": 1.9,
    "gpu.chip.commit_1yr_price": 2.0,
    "gpu.chip.commit_3yr_price": 1.7,
    "gpu.committed_share": 0.5,
    "workload.llm.hosted_input_price": 0.3,
    "workload.llm.hosted_output_price": 0.8,
    "sizing": "fixed",
}


def priced(**values: object) -> Scenario:
    named = {k.replace("__", "."): v for k, v in values.items()}
    return samples.scenario().with_values({**PRICES, **named})


def study(scenario: Scenario, name: str):
    return scenario.evaluate(studies=[name]).studies[name]


def cost(scenario: Scenario, **values: object) -> float:
    named = {k.replace("__", "."): v for k, v in values.items()}
    return float(scenario.with_values(named).evaluate().cost_per_token[1])


@pytest.mark.parametrize("kind", ACQUISITIONS)
def test_a_line_is_what_the_option_would_cost(kind: str) -> None:
    scenario = priced()
    found = study(scenario, "terms")
    for place in (4, 20, 49):
        share = float(UTILISATIONS[place])
        expected = cost(scenario, gpu__acquisition=kind, gpu__utilisation=share)
        line = found[f"cost_{kind}"][1][place]
        np.testing.assert_allclose(line, expected, rtol=1e-12)
    now = cost(scenario, gpu__acquisition=kind)
    np.testing.assert_allclose(found[f"now_{kind}"][1], now, rtol=1e-9)


@pytest.mark.parametrize("kind", RENTED)
def test_at_the_break_even_both_cost_the_same(kind: str) -> None:
    scenario = priced()
    found = study(scenario, "terms")
    share, reason = found[f"even_{kind}"][1], int(found[f"even_{kind}_reason"][1])
    if reason == 0:
        at = {"gpu__utilisation": float(share)}
        own = cost(scenario, **at)
        assert own == pytest.approx(cost(scenario, gpu__acquisition=kind, **at))
    else:
        assert np.isnan(share)
        own, rent = found["cost_buy"][1], found[f"cost_{kind}"][1]
        assert np.all(own < rent) if reason == 1 else np.all(own > rent)


def test_the_cheapest_terms_are_named_and_no_price_is_said() -> None:
    found = study(priced(), "terms")
    costs = {kind: found[f"now_{kind}"][1] for kind in ACQUISITIONS}
    best = min((k for k in costs if np.isfinite(costs[k])), key=costs.__getitem__)
    assert CHEAPEST[int(found["cheapest"][1])] == best
    assert CROSSINGS[int(found["even_spot_reason"][0])].startswith("unknown")


@given(fixed=st.floats(0.01, 10), slope=st.floats(-1, 10), rent=st.floats(0.01, 20))
def test_own_against_rent_is_the_closed_form(
    fixed: float, slope: float, rent: float
) -> None:
    share, reason = crossing(
        lambda u, a, b, c: a + b * u - c * u,
        np.asarray(0.02),
        np.asarray(1.0),
        *(np.asarray(v) for v in (fixed, slope, rent)),
    )
    even = fixed / (rent - slope) if rent > slope else np.inf
    if 0.021 < even < 0.999:
        np.testing.assert_allclose(share, even, rtol=1e-9)
        assert reason == 0
    elif even > 1.001:
        assert np.isnan(share)
        assert reason == 2


def test_draws_that_cross_and_draws_that_do_not() -> None:
    prices = np.array([0.4, 2.0, 30.0])
    found = (
        priced()
        .evaluate({"gpu.chip.rental_price": prices}, studies=["terms"])
        .studies["terms"]
    )
    assert found["even_rent_reason"][1].tolist() == [2, 0, 0]
    shares = found["even_rent"][1]
    assert np.isnan(shares[0])
    assert shares[1] > shares[2]


def test_break_evens_make_the_costs_equal() -> None:
    scenario = samples.scenario()
    found, results = study(scenario, "breakeven"), scenario.evaluate()
    other = float(results.cost_per_token[1])
    own = {
        "asic.chip.unit_cost": scenario.options["asic"].chip.unit_cost
        * float(found["price_factor"][0])
    }
    at = scenario.with_values(own).evaluate().cost_per_token
    np.testing.assert_allclose(at[0], other, rtol=1e-9)
    rival = {"gpu.chip.price": 26_000.0 * float(found["rival_factor"][0])}
    at = scenario.with_values(rival).evaluate().cost_per_token
    np.testing.assert_allclose(at[1], results.cost_per_token[0], rtol=1e-9)
    busy = {"asic.utilisation": float(found["utilisation"][0])}
    at = scenario.with_values(busy).evaluate().cost_per_token
    np.testing.assert_allclose(at[0], other, rtol=1e-9)
    assert found["month"][0] == results.breakeven_month[0]
    assert found["volume"][0] == results.breakeven_volume[0]


@pytest.mark.parametrize(
    ("values", "month", "volume", "price"),
    [
        (
            {
                "gpu.chip.price": 100.0,
                "gpu.chip.server_cost": 100.0,
                "gpu.chip.network_cost": 100.0,
            },
            2,
            2,
            2,
        ),
        ({"asic.chip.nre": 0.0}, 1, 1, 0),
        ({"asic.chip.hbm_bandwidth": None}, 3, 3, 3),
    ],
)
def test_no_break_even_is_a_reason(
    values: dict[str, object], month: int, volume: int, price: int
) -> None:
    found = study(samples.scenario().with_values(values), "breakeven")
    assert int(found["month_reason"][0]) == month, MONTHS[month]
    assert int(found["volume_reason"][0]) == volume, VOLUMES[volume]
    assert int(found["price_reason"][0]) == price, CROSSINGS[price]
    if volume:
        assert np.isnan(found["volume"][0])


def test_parts_of_the_floor_add_up_and_tokens_share_it() -> None:
    scenario = priced(floor__gross_margin=0.4, workload__cached_fraction=0.25)
    results = scenario.evaluate(studies=["floor"])
    found = results.studies["floor"]
    np.testing.assert_allclose(
        sum(found[part] for part in PARTS), results.cost_per_token, rtol=1e-12
    )
    np.testing.assert_allclose(found["price"] * 0.6, found["floor"])
    load = scenario.workload
    prompts = load.input_length * 0.75 * found["input"]
    total = (prompts + load.output_length * found["output"]) / load.output_length
    np.testing.assert_allclose(total, found["floor"], rtol=1e-12)
    mixed = (load.input_length * 0.3 + load.output_length * 0.8) / load.output_length
    np.testing.assert_allclose(found["hosted"], mixed)


def test_the_zero_line_is_where_the_price_is_the_cost() -> None:
    scenario = priced(margin__price=3.0)
    found = study(scenario, "margin")
    assert found["price"] == pytest.approx(3.0)
    share = float(found["zero_now"][1])
    assert cost(scenario, gpu__utilisation=share) == pytest.approx(3.0)
    np.testing.assert_allclose(found["margin_now"][1], 1.0 - cost(scenario) / 3.0)
    table = found["margins"][1].reshape(found["prices"].size, -1)
    for price, line, row in zip(
        found["prices"], found["zero_line"][1], table, strict=True
    ):
        shares = found["utilisations"]
        if np.isfinite(line):
            assert np.all(row[shares < line] < 1e-9), price
            assert np.all(row[shares > line] > -1e-9), price
    assert np.all(np.diff(table, axis=0) > 0)
    assert np.all(np.diff(table, axis=1) > 0)


def test_debt_service_by_hand() -> None:
    scenario = priced(margin__price=3.0, margin__debt_share=1.0, margin__debt_rate=0.0)
    found, results = study(scenario, "margin"), scenario.evaluate()
    share = float(found["debt_now"][1])
    at = scenario.with_values({"gpu.utilisation": share}).evaluate()
    lines = at.breakdown[:, 1]
    capital = lines[[0, 2, 3, 4]].sum()
    bought = float(results.capex[1]) / float(results.count[1]) / 60.0
    work = float(at.work_per_month[1]) / float(at.count[1])
    assert lines.sum() - capital + bought / work == pytest.approx(3.0)


def test_a_price_that_covers_nothing_is_said() -> None:
    found = study(priced(margin__price=0.01), "margin")
    assert CROSSINGS[int(found["zero_reason"][1])].startswith("never")
    assert np.isnan(found["zero_now"][1])
