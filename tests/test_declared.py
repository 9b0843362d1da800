"""Distributions and correlations in scenario files: read, drawn, written back."""

from __future__ import annotations

import math
import tomllib
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from breakeven.explorer import documents, export, load_scenario, odds
from breakeven.explorer.declared import read
from breakeven.explorer.filling import ScenarioError
from breakeven.explorer.session import Session
from breakeven.models import uncertainty
from breakeven.models.ranges import distributions
from breakeven.models.scenario import Scenario

BASE = 'name = "mine"\nbase = "trainium2-vs-h100"\n'
P = np.array([0.001, 0.1, 0.5, 0.9, 0.999])
# Every kind beside the same distribution of SciPy.
KINDS = [
    ('dist = "triangular", minimum = 20000, mode = 24000, maximum = 40000',
     stats.triang(0.2, 20000, 20000)),
    ('dist = "pert", minimum = 20000, mode = 25000, maximum = 40000',
     stats.beta(2, 4, 20000, 20000)),
    ('dist = "uniform", minimum = 20000, maximum = 30000', stats.uniform(20000, 10000)),
    ('dist = "uniform", low = 21000, high = 29000', stats.uniform(20000, 10000)),
    ('dist = "lognormal", median = 25000, sigma = 0.2',
     stats.lognorm(0.2, scale=25000)),
]  # fmt: skip


def built(text: str) -> Scenario:
    return documents.build(tomllib.loads(BASE + text), "mine.toml")


def price(table: str) -> Scenario:
    return built(f'[values]\n"gpu.price" = {{ {table} }}\n')


@pytest.mark.parametrize(("table", "theirs"), KINDS)
def test_each_kind_is_the_one_of_scipy(table: str, theirs: stats.rv_frozen) -> None:
    found = distributions(price(table))["gpu.chip.price"]
    np.testing.assert_allclose(found.quantile(P), theirs.ppf(P), rtol=1e-9)


def test_a_lognormal_by_its_range_has_that_range() -> None:
    found = distributions(price('dist = "lognormal", low = 20000, high = 31250'))
    low, middle, high = found["gpu.chip.price"].quantile((0.1, 0.5, 0.9))
    assert (low, high) == pytest.approx((20000, 31250))
    assert middle == pytest.approx(25000)


def test_a_table_goes_in_straight_lines() -> None:
    table = 'dist = "table", probabilities = [0, 0.5, 1], values = [20, 24, 40]'
    found = distributions(price(table + ', unit = "kUSD"'))["gpu.chip.price"]
    np.testing.assert_allclose(
        found.quantile((0, 0.25, 0.75)), (20_000, 22_000, 32_000)
    )


def test_what_a_file_says_is_drawn_and_shown() -> None:
    scenario = price('dist = "uniform", minimum = 20000, maximum = 30000')
    sample = uncertainty.draws(scenario, 4096, idle=True)["gpu.chip.price"]
    assert stats.kstest(sample, stats.uniform(20000, 10000).cdf).statistic < 0.01
    shown = scenario.inputs()["gpu.chip.price"]
    assert shown.value == 25000
    assert (shown.evidence.low, shown.evidence.high) == pytest.approx((21000, 29000))


def test_a_value_beside_a_distribution_stays() -> None:
    scenario = price(
        'value = 27000, dist = "uniform", minimum = 20000, maximum = 30000'
    )
    assert scenario.inputs()["gpu.chip.price"].value == 27000


def test_correlations_are_ranks() -> None:
    scenario = built(
        '[correlations]\n"gpu.price, site.electricity_price" = 0.6\n'
        '"asic.utilisation, gpu.utilisation" = -0.5\n'
    )
    pairs = odds.correlations(scenario)
    sample = uncertainty.draws(scenario, 8192, correlations=pairs, idle=True)
    for (first, second), value in {
        ("gpu.chip.price", "site.electricity_price"): 0.6,
        ("asic.utilisation", "gpu.utilisation"): -0.5,
        ("asic.availability", "gpu.availability"): 0.8,
    }.items():
        found = stats.spearmanr(sample[first], sample[second]).statistic
        assert found == pytest.approx(value, abs=0.02)


def test_a_file_reads_back(tmp_path: Path) -> None:
    text = "[values]\n" + "".join(
        f'"{name}" = {{ {table} }}\n'
        for name, table in {
            "gpu.price": KINDS[0][0],
            "asic.chip.nre": 'dist = "lognormal", median = 500, sigma = 0.3',
            "site.pue": 'dist = "table", probabilities = [0.0, 1.0], values = [1, 1.3]',
        }.items()
    )
    first = built(text + '[correlations]\n"gpu.price, asic.chip.nre" = 0.4\n')
    path = tmp_path / "mine.toml"
    path.write_text(export.to_toml(first), encoding="utf-8")
    second = load_scenario(path)
    assert second.correlations == first.correlations
    assert second.distributions.keys() == first.distributions.keys()
    for scenario in (first, second):
        assert scenario.distributions
    a, b = (
        uncertainty.draws(s, 64, correlations=odds.correlations(s), idle=True)
        for s in (first, second)
    )
    for name in a:
        np.testing.assert_allclose(a[name], b[name], rtol=1e-12)


def test_an_edited_value_is_certain_until_it_is_reset() -> None:
    session = Session(price(KINDS[0][0]))
    name = "gpu.chip.price"
    session.change({"gpu.price": 30_000.0})
    assert name not in distributions(session.scenario)
    session.change({"gpu.price": {"reset": True}})
    assert distributions(session.scenario)[name] == session.original.distributions[name]
    session.change({"gpu.chip": "h200_sxm"})
    assert name not in session.scenario.distributions


BAD = [
    ('dist = "triangle", minimum = 1, mode = 2, maximum = 3', "near: triangular"),
    ('dist = "triangular", minimum = 3, mode = 2, maximum = 4', "minimum 3 is above"),
    ('dist = "triangular", minimum = 1, mode = 2', "minimum, mode, maximum"),
    ('dist = "uniform", low = 3, high = 1', "low 3 is above high 1"),
    ('dist = "lognormal", low = 0, high = 1', "must be above 0"),
    ('dist = "lognormal", median = 1, sigma = -1', "sigma -1 must be above 0"),
    ('dist = "table", probabilities = [0.5, 0.1], values = [1, 2]', "rising"),
    ('dist = "table", probabilities = [0.1, 0.5], values = ["a", 2]', "not a number"),
    ('dist = "uniform", minimum = -9, maximum = -1', "at least 0"),
    ('value = 1, dist = "uniform", minimum = -9, maximum = -1', "value"),
    ('dist = "uniform", minimum = 1, maximum = 2, unit = "kg"', "kg"),
]


@pytest.mark.parametrize(("table", "said"), BAD)
def test_a_bad_distribution_is_one_line(table: str, said: str) -> None:
    with pytest.raises(ScenarioError) as error:
        price(table)
    message = str(error.value)
    assert message.startswith("mine.toml: ")
    assert "gpu.price" in message or "gpu.chip.price" in message
    assert said in message
    assert "\n" not in message


BAD_PAIRS = [
    ('"gpu.price" = 0.5', "two inputs"),
    ('"gpu.price, site.electricty_price" = 0.5', "site.electricity_price"),
    ('"gpu.price, site.pue" = 2', "within 0.999"),
    ('"gpu.price, site.pue" = "much"', "not a number"),
    ('"gpu.price, finance.horizon" = 0.5', "finance.horizon"),
    ('"gpu.price, site.pue" = 0.9\n"gpu.price, asic.price" = 0.9\n'
     '"site.pue, asic.price" = -0.9', "contradicts the others"),
    ('"site.pue, gpu.utilisation" = 0.9\n"site.pue, asic.utilisation" = -0.9',
     "utilisation"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "said"), BAD_PAIRS)
def test_bad_correlations_are_one_line_and_name_the_pair(table: str, said: str) -> None:
    with pytest.raises(ScenarioError) as error:
        built(f"[correlations]\n{table}\n")
    message = str(error.value)
    assert said in message
    assert "\n" not in message


def test_a_factor_scales_a_distribution() -> None:
    shape = {"dist": "lognormal", "median": 2.0, "sigma": 0.1}
    plain, scaled = read("x", shape), read("x", shape, 1000.0)
    np.testing.assert_allclose(scaled.quantile(P), 1000.0 * plain.quantile(P))
    assert math.isclose(float(scaled.quantile(0.5)), 2000.0)
