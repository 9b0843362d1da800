"""One evaluate(): scalars, draws, chunks, sizing, infeasible and invalid inputs."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
import samples

from breakeven.explorer import load_scenario
from breakeven.models.results import Results, limit_name
from breakeven.models.trace import worked_cost

RNG = np.random.default_rng(7)
CURVES = {"months", "volumes"}


def arrays(results: Results) -> dict[str, np.ndarray]:
    return {
        f.name: getattr(results, f.name)
        for f in fields(results)
        if isinstance(getattr(results, f.name), np.ndarray) and f.name not in CURVES
    }


def test_many_draws_are_the_scalars_exactly() -> None:
    sample = samples.scenario()
    draws = {
        "asic.chip.unit_cost": RNG.uniform(2000, 8000, 5),
        "gpu.chip.price": RNG.uniform(1e4, 4e4, 5),
        "workload.input_length": RNG.uniform(200, 8000, 5),
        "finance.life": RNG.uniform(2, 7, 5),
        "gpu.stack.hbm_efficiency": RNG.uniform(0.5, 1, 5),
    }
    together = sample.evaluate(draws)
    for index in range(5):
        alone = sample.evaluate({name: v[index] for name, v in draws.items()})
        for name, value in arrays(alone).items():
            axis = 2 if name == "breakdown" else 1
            np.testing.assert_array_equal(
                np.take(getattr(together, name), index, axis), value, err_msg=name
            )


def test_chunks_do_not_change_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    sample = samples.scenario()
    draws = {
        "asic.count": np.geomspace(10, 1e6, 50)[:, None],
        "site.electricity_price": np.array([[0.03, 0.1, 0.2]]),
    }
    whole = sample.evaluate(draws)
    monkeypatch.setattr("breakeven.models.chunks.CHUNK", 7)
    parts = sample.evaluate(draws)
    assert whole.cost_per_token.shape == (2, 50, 3)
    for name, value in arrays(whole).items():
        np.testing.assert_array_equal(getattr(parts, name), value, err_msg=name)


def test_evaluation_changes_nothing() -> None:
    sample = samples.scenario()
    before = {n: i.value for n, i in sample.inputs().items()}
    sample.evaluate({"asic.count": np.array([1.0, 2.0])})
    assert {n: i.value for n, i in sample.inputs().items()} == before


@pytest.mark.parametrize("acquisition", ["buy", "build", "rent"])
def test_the_worked_chain_gives_the_same_cost(acquisition: str) -> None:
    sample = samples.scenario().with_values(
        {
            "asic.chip.price": 9000.0,
            "asic.acquisition": acquisition,
            "asic.port_cost": 20.0,
            "finance.discount_rate": 0.07,
        }
    )
    results = sample.evaluate()
    for key in sample.options:
        last = worked_cost(sample, results, key)[-1]
        expected = float(results.cost_per_token[results.option(key)])
        assert last.value == pytest.approx(expected, rel=1e-12)
        assert last.unit == results.unit("cost_per_token")


def test_cost_lines_add_up() -> None:
    results = samples.scenario().evaluate()
    np.testing.assert_allclose(results.breakdown.sum(axis=0), results.cost_per_token)


def test_matched_options_do_the_same_work() -> None:
    work = samples.scenario().evaluate().work_per_month
    np.testing.assert_allclose(work[0], work[1])


def test_the_count_that_is_set_is_the_anchor() -> None:
    sample = samples.scenario().with_values({"gpu.count": 1234.0})
    assert (sample.sizing, sample.anchor) == ("match", "gpu")
    assert sample.evaluate().count[1] == 1234.0
    both = samples.scenario().with_values({"gpu.count": 10.0, "asic.count": 20.0})
    assert both.sizing == "fixed"
    np.testing.assert_array_equal(both.evaluate().count, [20.0, 10.0])


def test_an_override_of_a_count_anchors_as_an_edit_does() -> None:
    sample = samples.scenario()
    over = sample.evaluate({"gpu.count": 5000.0})
    edited = sample.with_values({"gpu.count": 5000.0}).evaluate()
    np.testing.assert_array_equal(over.count, edited.count)


def test_demand_sets_every_count() -> None:
    sample = samples.scenario().with_values(
        {"sizing": "demand", "workload.demand": 1e12}
    )
    results = sample.evaluate()
    np.testing.assert_allclose(results.work_per_month, 1e6 * 730 / 24)


def test_breakeven_volume_equals_the_costs_there() -> None:
    sample = samples.scenario()
    volume = float(sample.evaluate().breakeven_volume[0])
    cost = sample.evaluate({"asic.count": volume}).cost_per_token
    assert float(cost[0]) == pytest.approx(float(cost[1]), rel=1e-9)


def test_unit_cost_curve_passes_through_the_present_count() -> None:
    results = samples.scenario().evaluate()
    here = np.interp(np.log(1e5), np.log(results.volumes), results.cost_by_volume[0])
    assert here == pytest.approx(float(results.cost_per_token[0]), rel=1e-6)


def test_crossing_lies_on_both_curves() -> None:
    results = samples.scenario().evaluate()
    month = float(results.breakeven_month[0])
    assert 0 < month < 60
    own, rival = (np.interp(month, results.months, c) for c in results.cumulative_cost)
    assert own == pytest.approx(rival, rel=1e-9)


@pytest.mark.parametrize("factor", [0.5, 2.0])
@pytest.mark.parametrize(
    ("name", "own", "rival"),
    [
        ("asic.chip.unit_cost", 1, 0),
        ("asic.chip.nre", 1, 0),
        ("gpu.chip.price", 0, 1),
        ("site.electricity_price", 1, 1),
        ("site.hosting_price", 1, 1),
        ("asic.chip.hbm_bandwidth", -1, 0),
    ],
)
def test_cost_moves_the_way_it_must(
    name: str, own: int, rival: int, factor: float
) -> None:
    sample = samples.scenario()
    base = sample.evaluate().cost_per_token
    value = sample.inputs()[name].value * factor
    moved = sample.evaluate({name: value}).cost_per_token
    sign = np.sign(factor - 1)
    np.testing.assert_array_equal(
        np.sign(np.round(moved - base, 9)) * sign, [own, rival]
    )


def test_a_model_that_does_not_fit_is_a_gap_with_a_reason() -> None:
    results = samples.scenario().evaluate({"asic.chip.hbm_capacity": [0.5, 96.0]})
    assert results.feasible[0].tolist() == [False, True]
    assert limit_name(results.limited_by[0, 0]) == "memory capacity"
    assert np.isnan(results.cost_to_date[0, 0]).all()
    assert np.isnan(results.breakeven_month[0, 0])


def test_an_unpublished_figure_is_unknown_not_zero() -> None:
    sample = samples.scenario().with_values({"asic.chip.hbm_bandwidth": None})
    results = sample.evaluate()
    assert np.isnan(results.cost_per_token[0])
    assert limit_name(results.limited_by[0]) == "unpublished figure"
    assert "hbm_bandwidth" in results.notes[0]


def test_a_chip_that_is_not_sold_has_no_price_not_zero() -> None:
    results = samples.scenario().with_values({"asic.acquisition": "buy"}).evaluate()
    assert np.isnan(results.cost_per_token[0])
    assert limit_name(results.limited_by[0]) == "no price"
    assert "Own is not sold" in results.notes[0]


def test_missing_formats_compute_in_the_next_wider_one() -> None:
    results = samples.scenario().with_values({"gpu.precision": "fp4"}).evaluate()
    assert results.feasible[1]
    assert "GPU has no FP4 arithmetic" in results.notes[0]


def test_renting_on_demand_pays_for_use_and_a_commitment_for_all_hours() -> None:
    rented = samples.scenario().with_values(
        {
            "gpu.acquisition": "rent",
            "gpu.chip.commit_1yr_price": 2.5,
            "gpu.chip.commit_3yr_price": 2.5,
        }
    )
    demand = rented.evaluate()
    committed = rented.with_values({"gpu.acquisition": "commit_1yr"}).evaluate()
    busy = 0.6 * 0.97
    assert float(demand.cost_per_hour[1]) == pytest.approx(2.5 * busy)
    assert float(committed.cost_per_hour[1]) == pytest.approx(2.5)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"asic.count": -1.0}, ["asic.count", "-1", "at least 1", "chip"]),
        ({"site.pue": 0.9}, ["site.pue", "0.9", "at least 1"]),
        ({"asic.utilisation": 0.0}, ["asic.utilisation", "above 0"]),
        ({"finance.life": float("nan")}, ["finance.life", "not finite", "year"]),
        ({"asic.acquisition": "steal"}, ["asic.acquisition", "steal", "commit_1yr"]),
        ({"sizing": "guess"}, ["sizing", "guess", "match"]),
        ({"workload.output_length": "many"}, ["workload.output_length", "many"]),
    ],
)
def test_an_invalid_value_is_refused_in_one_line(
    values: dict[str, object], words: list[str]
) -> None:
    sample = samples.scenario()
    with pytest.raises(ValueError, match=r".") as error:
        sample.with_values(values)
    said = str(error.value)
    assert "\n" not in said
    assert all(word in said for word in words), said


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("asic.cuont", "asic.count"),
        ("site.electricty_price", "site.electricity_price"),
        ("asic.chip.hbm_bandwith", "asic.chip.hbm_bandwidth"),
    ],
)
def test_an_unknown_name_offers_near_ones(name: str, near: str) -> None:
    with pytest.raises(KeyError, match=near):
        samples.scenario().evaluate({name: 1.0})


def test_shapes_that_do_not_broadcast_are_named() -> None:
    with pytest.raises(ValueError, match=r"asic\.count \(2,\).*site\.pue \(3,\)"):
        samples.scenario().evaluate({"asic.count": [1, 2], "site.pue": [1.1, 1.2, 1.3]})


def test_a_choice_is_no_axis() -> None:
    with pytest.raises(ValueError, match=r"asic\.precision is a choice"):
        samples.scenario().evaluate({"asic.precision": 8.0})


def test_copies_share_nothing() -> None:
    sample = samples.scenario()
    changed = sample.with_values({"asic.chip.unit_cost": 1.0, "site.pue": 1.9})
    assert sample.options["asic"].chip.unit_cost == 4000.0
    assert changed.inputs()["site.pue"].evidence.status == "edited"
    assert sample.inputs()["site.pue"].evidence.status != "edited"


def test_a_demand_of_cores_is_in_core_hours() -> None:
    cpu = load_scenario("graviton5-vs-x86")
    results = cpu.with_values({"sizing": "demand", "workload.demand": 24e6}).evaluate()
    first = next(iter(cpu.options.values()))
    busy = first.option.utilisation * first.option.availability
    # 24 million core-hours a day are a million cores at work around the clock
    cores = results.count[0] * results.token_rate[0] * busy
    assert cores == pytest.approx(1e6)
    assert results.work_per_month[0] == pytest.approx(1e6 * 730)


def test_what_needs_a_number_is_not_emptied() -> None:
    with pytest.raises(ValueError, match=r"asic\.count needs a number \[chip\]"):
        load_scenario().set("asic.count", None)
    emptied = load_scenario()
    emptied.set("site.power_cap", None)  # no cap is an answer
    assert emptied.site.power_cap is None


def test_what_is_kept_of_single_numbers_is_what_arrays_give() -> None:
    scenario = load_scenario()
    key = scenario.reference
    for name, value in (
        (f"{key}.chip.hbm_bandwidth", 4.1),
        (f"{key}.stack.compute_efficiency", 0.4),
        ("workload.output_length", 700.0),
        ("workload.llm.layers", 64.0),
    ):
        changed = scenario.with_values({name: value})
        once, again = changed.evaluate(), changed.evaluate()
        drawn = scenario.evaluate({name: np.array([value, value])})
        np.testing.assert_array_equal(once.token_rate, again.token_rate)
        np.testing.assert_allclose(once.token_rate, drawn.token_rate[:, 0], rtol=1e-12)
        assert np.any(once.token_rate != scenario.evaluate().token_rate), name
    for choice, value in (("precision", "bf16"), ("layout", "tp8")):
        moved = scenario.with_values({f"{key}.{choice}": value}).evaluate()
        assert np.any(moved.token_rate != scenario.evaluate().token_rate), choice
