"""Supply risk: the published case, limits by hand, and a loop over every outcome."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from breakeven.explorer import load_scenario
from breakeven.explorer.session import Session
from breakeven.models import supply
from breakeven.models.base import Array

shares = st.floats(0.0, 1.0)


@st.composite
def sourcings(draw: st.DrawFn) -> supply.Sourcing:
    cost = draw(st.floats(0.1, 10.0))
    values = (
        cost,
        cost * draw(st.floats(1.0, 2.0)),
        cost * draw(st.floats(1.0, 5.0)),
        *(draw(shares) for _ in range(3)),
    )
    missing = (np.asarray(0.0), np.asarray(draw(shares)), np.asarray(draw(shares)))
    return supply.Sourcing(*(np.asarray(v) for v in values), missing=missing)


def loop(
    chance: float, slips: float, by: supply.Sourcing, *, dual: bool
) -> list[float]:
    """Expected and worst cost, one outcome at a time in plain Python."""
    chances = [1.0 - chance, chance * slips, chance * (1.0 - slips)]
    cost, second, spot, held, surge, common = (float(v) for v in by[:6])
    lacking = [float(v) for v in by.missing]
    expected, worst = 0.0, -math.inf
    for i, j in itertools.product(range(3), range(3)):
        odds = (1.0 - common) * chances[i] * chances[j]
        odds += common * chances[i] if i == j else 0.0
        if dual:
            first = (1.0 - held) * (1.0 - lacking[i])
            short = (1.0 - held) * lacking[i]
            other = held * (1.0 - lacking[j])
            other += min(short, surge * (1.0 - lacking[j]))
        else:
            first, other = 1.0 - lacking[i], 0.0
        paid = first * cost + other * second + max(1.0 - first - other, 0.0) * spot
        expected += odds * paid
        if odds > 0.0:
            worst = max(worst, paid)
    return [expected, worst]


@given(by=sourcings(), chance=shares, slips=shares)
def test_expected_and_worst_are_those_of_a_loop(
    by: supply.Sourcing, chance: float, slips: float
) -> None:
    given_ = np.asarray(chance), np.asarray(slips), by
    for dual in (False, True):
        mean = supply.dual_expectation if dual else supply.single_expectation
        found = [float(mean(*given_)), float(supply.worst_cost(*given_, dual=dual))]
        np.testing.assert_allclose(found, loop(chance, slips, by, dual=dual), rtol=1e-9)


@given(by=sourcings(), slips=shares, port=st.floats(0.0, 1.0))
def test_from_the_paying_chance_on_the_second_source_pays(
    by: supply.Sourcing, slips: float, port: float
) -> None:
    def saving(chance: Array) -> Array:
        at = chance, np.asarray(slips), by
        return supply.single_expectation(*at) - supply.dual_expectation(*at) - port

    ends = [saving(np.asarray(p)) for p in (0.0, 0.5, 1.0)]
    scale = float(by.spot) + port
    found = float(supply.paying_chance(*ends))
    grid = saving(np.linspace(0.0, 1.0, 201))
    if math.isnan(found):
        assert np.all(grid < 1e-9 * scale)
        return
    assume(abs(float(ends[0])) > 1e-9 * scale)
    assert float(saving(np.asarray(found))) >= -1e-7 * scale
    before = grid[np.linspace(0.0, 1.0, 201) < found - 1e-6]
    assert np.all(before <= 1e-7 * scale)


def test_without_risk_a_dearer_second_source_costs_its_premium() -> None:
    by = supply.Sourcing(
        *(np.asarray(v) for v in (2.0, 3.0, 9.0, 0.25, 0.5, 0.0)),
        missing=(np.asarray(0.0), np.asarray(0.4), np.asarray(0.6)),
    )
    none = np.asarray(0.0), np.asarray(0.5), by
    assert float(supply.single_expectation(*none)) == 2.0
    assert float(supply.dual_expectation(*none)) == pytest.approx(0.75 * 2 + 0.25 * 3)


def test_a_table_of_states_broadcasts_over_draws() -> None:
    spot = np.array([3.0, 5.0, 7.0])
    found = supply.expected_cost(
        np.array([0.7, 0.3]), np.array([100.0, 60.0]), np.asarray(100.0), 2.0, spot
    )
    np.testing.assert_allclose(found, 200.0 + 0.3 * 40.0 * (spot - 2.0))


def test_the_study_is_the_equations_at_its_inputs() -> None:
    scenario = load_scenario()
    chances = np.array([0.0, 0.3, 0.6])
    values = {"supply.slip_chance": chances, "supply.cut_chance": 0.0}
    results = scenario.evaluate(values, studies=("supply",))
    found = results.studies["supply"]
    work = results.work_per_month[0] * 24
    cost, rival = results.cost_per_token[0], results.cost_per_token[-1]
    expected = work * (cost + chances * 6 / 24 * (2.0 * rival - cost))
    np.testing.assert_allclose(found["single"][0], expected, rtol=1e-12)
    np.testing.assert_allclose(found["single"][0, 0], found["undisturbed"][0, 0])
    assert found["single_by_chance"].shape == (2, 3, found["chances"].size)
    np.testing.assert_allclose(
        found["single_by_chance"][0, 1, 15], found["single"][0, 1]
    )


def test_no_second_source_pays_when_it_costs_more_than_the_spot_market() -> None:
    scenario = load_scenario().with_values({"supply.second_premium": 3.0})
    found = scenario.evaluate(studies=("supply",)).studies["supply"]
    assert np.isnan(found["paying_chance"]).all()
    assert np.all(found["saving"] < 0.0)


def test_chances_above_one_are_refused_in_one_line() -> None:
    rule = r"supply.slip_chance \+ supply.cut_chance = 1.1: .* at most 1"
    scenario = load_scenario()
    with pytest.raises(ValueError, match=rule):
        scenario.with_values({"supply.slip_chance": 0.95})
    with pytest.raises(ValueError, match="at most 1"):
        scenario.evaluate({"supply.slip_chance": [0.1, 0.9]}, studies=("supply",))
    both = {"supply.slip_chance": 0.95, "supply.cut_chance": 0.05}
    assert scenario.with_values(both).studied["supply"].slip_chance == 0.95
    session = Session()
    refused = session.change({"supply.slip_chance": 0.95})
    assert "at most 1" in refused["supply.slip_chance"]
    assert session.scenario.studied["supply"].slip_chance == 0.25
    assert session.visit({name: str(v) for name, v in both.items()}) == {}
