"""The chain from wafer to board, a server's lifetime cost, a training run."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from breakeven.models import datacenter, silicon, training_cost, units
from breakeven.models.chip_cost import PackagedChipCost, chip_cost, chip_cost_parts

CHIP = {
    "die_area": 800.0,
    "dies": 2.0,
    "wafer_cost": 17_000.0,
    "defect_density": 0.1 / 100.0,
    "clustering": 10.0,
    "hbm_capacity": 192e9,
    "hbm_price": 15e-9,
    "hbm_stacks": 8.0,
    "packaging": 1_100.0,
    "bond_yield": 0.99,
    "test": 200.0,
    "board": 300.0,
    "nre": 1e9,
    "volume": 1e6,
}


def test_the_chain_is_its_links() -> None:
    side = np.sqrt(800.0)
    dies = silicon.dies_per_wafer(side, side, law="actuary")
    good = silicon.die_yield(800.0, 0.1, "negative-binomial", clustering=10)
    logic = 2.0 * silicon.known_good_die_cost(17_000.0, dies, good)
    assembled = silicon.organic_package_cost(logic + 2_880.0, 1_100.0, 0.99, 10)
    variable = assembled + 500.0
    assert chip_cost(**CHIP) == pytest.approx(
        silicon.unit_cost(variable, 1e9, 1e6), rel=1e-12
    )
    assert PackagedChipCost().evaluate() == pytest.approx(chip_cost(**CHIP), rel=1e-12)


def test_parts_add_up_and_a_sure_assembly_loses_nothing() -> None:
    areas = np.array([[200.0], [800.0]])
    parts = chip_cost_parts(**CHIP | {"die_area": areas, "volume": [1e4, 1e6, 1e8]})
    total = chip_cost(**CHIP | {"die_area": areas, "volume": [1e4, 1e6, 1e8]})
    assert total.shape == (2, 3)
    np.testing.assert_allclose(sum(parts), total, rtol=1e-14)
    assert chip_cost_parts(**CHIP | {"bond_yield": 1.0}).yield_loss == 0.0


@pytest.mark.parametrize("name", CHIP)
def test_each_input_moves_the_cost_the_way_it_should(name: str) -> None:
    step = 0.999 if name == "bond_yield" else 1.01 * CHIP[name]
    change = chip_cost(**CHIP | {name: step}) - chip_cost(**CHIP)
    assert (change < 0.0) == (name in ("bond_yield", "volume"))
    assert change != 0.0


def test_facility_and_server_of_a_server_that_lives_as_long_as_its_hall() -> None:
    parts = datacenter.lifetime_cost(
        server_price=8_000.0,
        power=2_000.0,
        months=144,
        monthly_rate=0.0,
        facility_price=10.0,
        facility_months=144,
        facility_operation=0.04,
        server_operation=0.05,
        load=1.0,
        pue=1.5,
        time=units.factor("year"),
        electricity_price=0.067 / units.factor("kWh"),
    )
    assert parts.facility == 20_000.0
    assert parts.facility_interest == parts.server_interest == 0.0
    assert parts.energy + parts.energy_overhead == pytest.approx(
        datacenter.energy_cost(
            2_000.0, 1.0, 1.5, units.factor("year"), 0.067 / units.factor("kWh")
        )
    )
    assert datacenter.lifetime_total(parts) == pytest.approx(sum(parts))


@given(decay=st.floats(0.0, 2.0), age=st.floats(0.0, 5.0), hours=st.floats(1.0, 200.0))
def test_a_short_run_wears_out_what_the_market_loses(
    decay: float, age: float, hours: float
) -> None:
    year = units.factor("year")
    time = hours * units.HOUR
    lost = training_cost.amortised_hardware_cost(1.0, decay / year, age * year, time)
    exact = np.exp(-decay * age) - np.exp(-decay * (age + hours / 8760.0))
    np.testing.assert_allclose(lost, exact, rtol=0.03, atol=1e-15)


def test_three_methods_in_order() -> None:
    hour, year = units.HOUR, units.factor("year")
    run = {"price": 25_000.0, "chip_time": 25_000 * 2_000 * hour}
    amortised = training_cost.amortised_training_cost(
        **run,
        decay=0.32 / year,
        age=0.0,
        interconnect_share=0.19,
        server_power=800.0,
        load=0.75,
        pue=1.25,
        electricity_price=0.08 / units.factor("kWh"),
    )
    rented = training_cost.rental_training_cost(run["chip_time"], 2.5 / hour)
    upfront = training_cost.upfront_training_cost(run["price"], 25_000, 0.19)
    assert amortised < rented < upfront
    assert upfront == pytest.approx(25_000 * 25_000 / 0.81)
    assert training_cost.in_money_of(10.0, 100.0, 110.0) == 11.0
