"""A training run by three methods: published runs, an hour loop, the own training."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from breakeven import presets
from breakeven.explorer import load_scenario
from breakeven.explorer.session import Session
from breakeven.models import units
from breakeven.models.training_run_study import METHODS, RUNS, costs_of

RUN = {
    "chips": 1000.0,
    "chip_time": 2e6 * units.HOUR,
    "rented_time": 2.2e6 * units.HOUR,
    "price": 30e3,
    "age": 1.0 * units.factor("year"),
    "decay": 0.3 / units.factor("year"),
    "interconnect_share": 0.2,
    "chip_power": 700.0,
    "server_factor": 1.8,
    "load": 0.7,
    "pue": 1.2,
    "electricity_price": 0.08 / units.factor("kWh"),
    "rental_price": 2.0 / units.HOUR,
    "price_growth": 1.0,
}


def costs(**changes: float) -> dict[str, float]:
    run = {name: np.asarray(value) for name, value in (RUN | changes).items()}
    return {method: float(cost) for method, cost in costs_of(run).items()}


def test_the_presets_of_the_runs_are_those_of_the_study() -> None:
    assert presets.names("training_runs") == RUNS


def test_every_published_figure_is_met_by_the_study() -> None:
    found = load_scenario().evaluate(studies=("training_run",)).studies["training_run"]
    for method in METHODS:
        published = found[f"runs_published_{method}"]
        known = np.isfinite(published)
        assert known.sum() >= 5
        ours = found[f"runs_{method}"]
        np.testing.assert_allclose(ours[known], published[known], rtol=1e-9)


@given(hours=st.integers(1, 400), chips=st.integers(1, 50))
def test_amortised_is_a_sum_over_hours_at_the_charge_of_the_first(
    hours: int, chips: int
) -> None:
    total = 0.0
    value = 30e3 * math.exp(-0.3)
    for _ in range(hours):
        for _ in range(chips):
            total += value * 0.3 / 8760.0 / 0.8
            total += 0.7 * 1.8 * 0.7 * 1.2 * 0.08
    found = costs(chips=chips, chip_time=hours * chips * units.HOUR)
    assert found["amortised"] == pytest.approx(total, rel=1e-9)


def test_rental_and_upfront_by_hand() -> None:
    found = costs()
    assert found["rental"] == pytest.approx(4.4e6)
    assert found["upfront"] == pytest.approx(30e6 / 0.8)
    grown = costs(price_growth=1.1)
    for method in METHODS:
        assert grown[method] == pytest.approx(1.1 * found[method])


def test_without_loss_of_value_only_the_energy_is_left() -> None:
    energy = 2e6 * 0.7 * 1.8 * 0.7 * 1.2 * 0.08
    assert costs(decay=0.0)["amortised"] == pytest.approx(energy)


def test_another_run_brings_all_its_figures_and_what_was_not_published_is_unknown():
    scenario = load_scenario().with_values({"training_run.run": "deepseek_v3"})
    found = scenario.evaluate(studies=("training_run",)).studies["training_run"]
    assert float(found["rental"]) == pytest.approx(5.576e6, rel=1e-12)
    assert np.isnan(found["published_amortised"])
    assert float(found["published_rental"]) == pytest.approx(5.576e6, rel=1e-12)
    session = Session()
    assert session.change({"training_run.run": "deepseek_v3"}) == {}
    assert session.change({"training_run.run": {"reset": True}}) == {}
    assert session.scenario.studied["training_run"].chips == 25_000


def test_the_scenarios_own_training_uses_its_results() -> None:
    scenario = load_scenario("train-405b-tpu-v5p-vs-h100")
    results = scenario.evaluate(studies=("training_run",))
    found = results.studies["training_run"]
    tokens = scenario.workload.training_tokens
    hours = tokens / results.token_rate / 3600.0
    np.testing.assert_allclose(
        found["own_time"], hours / scenario.workload.job_chips / 730.0, rtol=1e-12
    )
    rents = [o.chip.rental_price for o in scenario.options.values()]
    np.testing.assert_allclose(found["own_rental"], hours * np.array(rents), rtol=1e-12)
    serving = load_scenario().evaluate(studies=("training_run",))
    assert np.isnan(serving.studies["training_run"]["own_time"]).all()


def test_draws_go_through_the_study() -> None:
    decay = np.array([0.2, 0.3, 0.4])
    found = load_scenario().evaluate(
        {"training_run.decay": decay}, studies=("training_run",)
    )
    study = found.studies["training_run"]
    assert study["runs_amortised"].shape == (3, len(RUNS))
    # GPT-4 ran on chips so old that a faster decay leaves less to lose
    assert study["amortised"].shape == (3,)
    assert study["own_time"].shape == (2, 3)
    assert np.ptp(study["rental"]) == 0.0
