"""Draws keep their ranks and their seed; bands and odds are those of the draws."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from ranged import RANGES, ranged
from scipy import stats
from scipy.optimize import brentq

from breakeven.models import bands, uncertainty
from breakeven.models.base import Evidence
from breakeven.models.distributions import (
    Distribution,
    SplitNormal,
    Table,
)
from breakeven.models.ranges import distributions, influence
from breakeven.models.scenario import Scenario


def same(first: object, second: object) -> None:
    for item in fields(first):  # type: ignore[arg-type]
        a, b = getattr(first, item.name), getattr(second, item.name)
        np.testing.assert_array_equal(a, b, err_msg=item.name)


@pytest.mark.parametrize("asked", [-0.9, -0.3, 0.5, 0.95])
def test_draws_have_the_rank_correlation_that_was_asked_for(asked: float) -> None:
    pair = ("asic.utilisation", "gpu.utilisation")
    alone = uncertainty.draws(ranged(), 4096)
    tied = uncertainty.draws(ranged(), 4096, correlations={pair: asked})
    got = stats.spearmanr(tied[pair[0]], tied[pair[1]]).statistic
    assert got == pytest.approx(asked, abs=0.03)
    other = stats.spearmanr(tied[pair[0]], tied["asic.chip.unit_cost"]).statistic
    assert other == pytest.approx(0.0, abs=0.05)
    for name in pair:
        tenths = np.linspace(0.1, 0.9, 9)
        np.testing.assert_allclose(
            np.quantile(tied[name], tenths), np.quantile(alone[name], tenths), rtol=0.02
        )
    np.testing.assert_array_equal(tied["gpu.chip.price"], alone["gpu.chip.price"])


def test_only_inputs_with_a_range_and_a_part_are_drawn() -> None:
    scenario = ranged(RANGES | {"asic.chip.rental_price": (1.0, 3.0)})
    scenario.evidence["gpu.chip.tdp"] = Evidence("unused", low=500.0, high=900.0)
    scenario.evidence["finance.horizon"] = Evidence("estimate", low=36.0, high=84.0)
    sample = uncertainty.draws(scenario, 37)
    assert set(sample) == set(RANGES)
    assert all(array.shape == (37,) for array in sample.values())
    rent = scenario.with_values({"asic.acquisition": "rent"})
    assert "asic.chip.rental_price" in uncertainty.draws(rent, 5)
    assert "asic.chip.unit_cost" not in uncertainty.draws(rent, 5)
    moved = influence(scenario, distributions(scenario))
    assert moved["gpu.stack.hbm_efficiency"] == {"gpu"}
    assert moved["site.electricity_price"] == set()


@pytest.mark.parametrize(
    ("sizing", "anchor", "drawn"),
    [
        ("match", "asic", {"asic.count"}),
        ("match", "gpu", {"gpu.count"}),
        ("fixed", "asic", {"asic.count", "gpu.count"}),
        ("demand", "asic", set()),
    ],
)
def test_a_count_that_follows_is_not_drawn(
    sizing: str, anchor: str, drawn: set[str]
) -> None:
    scenario = ranged({"asic.count": (5e4, 2e5), "gpu.count": (2e4, 8e4)})
    scenario.sizing, scenario.anchor = sizing, anchor
    assert set(uncertainty.draws(scenario, 5)) == drawn


def test_draws_are_their_seed_and_nothing_else() -> None:
    scenario = ranged()
    first, again = (uncertainty.draws(scenario, 100, 4) for _ in range(2))
    longer = uncertainty.draws(
        scenario, 300, 4, correlations={("asic.utilisation", "gpu.utilisation"): 0.5}
    )
    shorter = uncertainty.draws(
        scenario, 100, 4, correlations={("asic.utilisation", "gpu.utilisation"): 0.5}
    )
    other = uncertainty.draws(scenario, 100, 5)
    for name in RANGES:
        np.testing.assert_array_equal(first[name], again[name])
        np.testing.assert_array_equal(longer[name][:100], shorter[name])
        assert np.any(first[name] != other[name])


def test_an_edited_input_is_certain_and_moves_no_other_draw() -> None:
    before = uncertainty.draws(ranged(), 64)
    edited = ranged().with_values({"site.electricity_price": 0.2})
    after = uncertainty.draws(edited, 64)
    assert set(before) - set(after) == {"site.electricity_price"}
    for name, array in after.items():
        np.testing.assert_array_equal(array, before[name])


def test_a_given_distribution_replaces_the_range() -> None:
    flat = Table((0.0, 1.0), (1000.0, 2000.0))
    made = {"asic.price": flat, "site.pue": Table((0.0, 1.0), (1.0, 1.3))}
    sample = uncertainty.draws(ranged(), 1000, given=made)
    assert sample["asic.chip.unit_cost"].min() > 1000
    assert sample["asic.chip.unit_cost"].max() < 2000
    assert "site.pue" in sample
    for name, said in (
        ("asic.acquisition", "is a choice"),
        ("finance.horizon", "is the window"),
        ("gpu.count", r"follows from asic\.count"),
    ):
        with pytest.raises(ValueError, match=said):
            uncertainty.draws(ranged(), 10, given={name: flat})
    with pytest.raises(KeyError, match=r"near: asic\.chip\.unit_cost"):
        uncertainty.draws(ranged(), 10, given={"asic.chip.unitcost": flat})
    with pytest.raises(ValueError, match="count = 0"):
        uncertainty.draws(ranged(), 0)


def test_chunks_change_no_band(monkeypatch: pytest.MonkeyPatch) -> None:
    reported: list[tuple[int, int]] = []
    whole = uncertainty.spread(ranged(), 50)
    monkeypatch.setattr("breakeven.models.chunks.CHUNK", 3)
    monkeypatch.setattr("breakeven.models.uncertainty._BLOCK", 7)
    pieces = uncertainty.spread(
        ranged(), 50, progress=lambda done, total: reported.append((done, total))
    )
    same(whole, pieces)
    assert reported[0] == (7, 50)
    assert reported[-1] == (50, 50)


def test_what_progress_raises_ends_the_work() -> None:
    def cancel(done: int, total: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        uncertainty.spread(ranged(), 10, progress=cancel)


def test_without_ranges_the_bands_are_the_curve() -> None:
    scenario = ranged({})
    found, exact = uncertainty.spread(scenario, 500), scenario.evaluate()
    assert found.count == 1
    for band in range(3):
        for name in (
            "cumulative_cost cost_to_date cost_by_volume cost_per_token"
        ).split():
            np.testing.assert_array_equal(
                getattr(found, name)[band], getattr(exact, name), err_msg=name
            )
        assert found.breakeven_month[band, 0] == exact.breakeven_month[0]
        assert found.breakeven_volume[band, 0] == exact.breakeven_volume[0]
    winner = int(exact.cost_per_token.argmin())
    np.testing.assert_array_equal(found.cheapest, np.arange(2) == winner)
    crossed = exact.months >= exact.breakeven_month[0]
    np.testing.assert_array_equal(found.overtaken[0], crossed)


def test_a_fixed_seed_of_numpy_agrees_within_the_noise() -> None:
    scenario, rng = ranged(), np.random.default_rng(0)
    found = uncertainty.spread(scenario, 2000)
    plain = {
        name: item.quantile(rng.uniform(size=40_000))
        for name, item in distributions(scenario).items()
    }
    exact = bands.summary(scenario.evaluate(plain, curves=False))
    assert not exact.cost_to_date.size
    assert not exact.cheapest_by_volume.size
    np.testing.assert_allclose(found.ratio, exact.ratio, rtol=0.03)
    np.testing.assert_allclose(found.cheapest, exact.cheapest, atol=0.02)


def never_by_price() -> tuple[Scenario, float]:
    """A scenario, and the unit cost from which its chip never overtakes."""
    scenario = ranged({})

    def gap(cost: float) -> float:
        got = scenario.evaluate({"asic.chip.unit_cost": cost})
        own, rival = got.cumulative_cost[:, -1] / got.work_per_month
        return float(own / rival - 1.0)

    return scenario, brentq(gap, 100.0, 200_000.0)


def test_the_odds_of_never_are_the_odds_of_the_price_that_it_takes() -> None:
    scenario, limit = never_by_price()
    flat: dict[str, Distribution] = {
        "asic.chip.unit_cost": Table((0.0, 1.0), (0.2 * limit, 1.2 * limit))
    }
    found = uncertainty.spread(scenario, 4096, given=flat)
    assert found.never[0] == pytest.approx(0.2, abs=0.001)
    assert found.overtaken[0, -1] == pytest.approx(0.8, abs=0.001)
    assert np.isnan(found.never[1])
    assert np.isinf(found.breakeven_month[2, 0])
    assert np.isfinite(found.breakeven_month[1, 0])
    sure = uncertainty.spread(
        scenario, 64, given={"asic.chip.unit_cost": Table((0, 1), (1.0, 2.0))}
    )
    assert sure.never[0] == 0.0


def test_the_odds_by_month_are_those_of_the_months() -> None:
    scenario = ranged()
    results = uncertainty.evaluated(scenario, uncertainty.draws(scenario, 999))
    found = bands.summary(results)
    month = results.breakeven_month[0]
    for place in (0, 1, 12, 60):
        assert found.overtaken[0, place] == np.mean(month <= results.months[place])
    assert found.never[0] + found.overtaken[0, -1] == pytest.approx(1.0)
    np.testing.assert_allclose(found.cheapest.sum(), 1.0)
    np.testing.assert_allclose(found.cheapest_by_month[:, 1:].sum(axis=0), 1.0)
    wins = results.cost_to_date[0, :, 30] < results.cost_to_date[1, :, 30]
    assert found.cheapest_by_month[0, 30] == wins.mean()
    earned = results.breakeven_volume[0]
    for place in (30, 70, 100):
        volume = results.volumes[place]
        assert found.cheapest_by_volume[0, place] == np.mean(earned <= volume)


def test_equals_share_the_odds() -> None:
    scenario = ranged({})
    scenario.options["asic"] = scenario.options["gpu"]
    found = uncertainty.spread(scenario)
    np.testing.assert_array_equal(found.cheapest, [0.5, 0.5])


def test_draws_that_do_not_work_are_counted_and_left_out_of_costs() -> None:
    scenario = ranged({})
    small = {"asic.chip.hbm_capacity": Table((0.0, 0.4, 0.41, 1.0), (1, 1, 96, 96))}
    found = uncertainty.spread(scenario, 1000, given=small)
    assert found.infeasible[0] == pytest.approx(0.4, abs=0.01)
    assert found.infeasible[1] == 0.0
    assert np.isfinite(found.cost_per_token).all()
    assert found.never[0] + found.overtaken[0, -1] == pytest.approx(0.6, abs=0.01)
    # where the own chip does not work, the one that does is the cheapest
    assert found.cheapest.sum() == pytest.approx(1.0)
    assert found.cheapest[1] >= found.infeasible[0] - 0.01


def test_a_shared_input_moves_both_options_and_an_own_one_only_its_own() -> None:
    scenario = ranged()
    sample = uncertainty.draws(scenario, 500)
    shared = scenario.evaluate(
        {"site.electricity_price": sample["site.electricity_price"]}
    ).cost_per_token
    assert stats.spearmanr(*shared).statistic == pytest.approx(1.0)
    own = scenario.evaluate({"gpu.utilisation": sample["gpu.utilisation"]})
    assert np.ptp(own.cost_per_token[1]) > 0


def test_pairs_of_options_are_found_by_the_name_within_them() -> None:
    pairs = uncertainty.paired(ranged(), {"utilisation": 0.8, "chip.tdp": 0.5})
    assert pairs == {("asic.utilisation", "gpu.utilisation"): 0.8}
    wide = uncertainty.spread(ranged(), 1024).ratio[:, 0]
    narrow = uncertainty.spread(ranged(), 1024, correlations=pairs).ratio[:, 0]
    assert np.log(narrow[2] / narrow[0]) < 0.9 * np.log(wide[2] / wide[0])
    with pytest.raises(KeyError, match="unknown input"):
        uncertainty.paired(ranged(), {"utilization": 0.8})


def test_a_verdict_holds_what_a_sentence_needs() -> None:
    found = uncertainty.spread(ranged(), 500)
    said = bands.verdict(found, "asic", 24.0, {"x": 0.1, "y": 0.7, "z": 0.3}, 2)
    assert said.probability == found.overtaken[0, 24]
    assert said.by_horizon == found.overtaken[0, -1]
    assert said.months == tuple(found.breakeven_month[:, 0])
    assert said.drivers == (("y", 0.7), ("z", 0.3))
    assert bands.verdict(found, "asic", 1e9).by_month == found.months[-1]
    with pytest.raises(KeyError, match="near: asic"):
        bands.verdict(found, "asik")
    with pytest.raises(ValueError, match="compared with"):
        bands.verdict(found, "gpu")


def test_units_of_a_spread_are_filled_in() -> None:
    found = uncertainty.spread(ranged({}))
    assert found.unit("cost_to_date") == "USD/Mtoken"
    assert found.unit("never") == "1"
    assert isinstance(SplitNormal(1, 2, 3).quantile(0.5), np.ndarray | np.floating)
