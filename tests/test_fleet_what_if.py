"""Caps that cannot all be kept, vendors in trouble, and frontiers of a fleet."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from fleets import drawn, random_fleet, two_chips
from hypothesis import given, settings
from hypothesis import strategies as st

from breakeven.models.fleet import Fleet
from breakeven.models.fleet_plan import best_plan
from breakeven.models.fleet_relaxation import relaxations, relaxed, together, unserved
from breakeven.models.fleet_what_if import (
    cut,
    dearer,
    delayed,
    diversification_cost,
    frontier,
    without_shares,
)

SMALL = settings(max_examples=25, deadline=None)
seeds = st.integers(0, 2**32 - 1)
OBJECTIVES = ("cost", "margin", "tokens")


def impossible(seed: int) -> Fleet:
    """A fleet that cannot serve what it is asked for."""
    fleet = drawn(seed, "cost")
    return replace(fleet, demand=fleet.demand * 3000.0)


@pytest.mark.parametrize("seed", range(5))
def test_the_least_relaxation_is_enough_and_less_is_not(seed: int) -> None:
    fleet = impossible(seed)
    assert best_plan(fleet).status == "infeasible"
    found = relaxations(fleet)
    assert "demand" in [item.cap for item in found]
    assert [item.relative for item in found] == sorted(i.relative for i in found)
    for item in found:
        assert best_plan(relaxed(fleet, item)).ok, item
        less = replace(item, amount=item.amount * 0.99)
        assert best_plan(relaxed(fleet, less)).status == "infeasible", item
    whole = fleet
    for item in together(fleet):
        whole = relaxed(whole, item)
    assert best_plan(whole).ok


def test_a_rule_on_a_share_that_cannot_be_kept_is_named() -> None:
    fleet = two_chips(
        objective="cost",
        demand=np.full((1, 1), 1000.0),
        supply=np.array([[100.0], [1e4]]),
        most_share={"B": 0.2},
    )
    assert best_plan(fleet).status == "infeasible"
    named = {item.cap: item for item in relaxations(fleet)}
    assert named["most"].vendor == "B"
    # 100 chips of a leave 900 / 2.2 to b
    power = np.array([100 * 1.25, 900 / 2.2 * 2.1])
    due = power[1] / power.sum() - 0.2
    assert named["most"].amount == pytest.approx(due, rel=1e-6)
    assert best_plan(relaxed(fleet, named["most"])).ok


def test_what_no_chip_can_serve_is_named() -> None:
    fleet = two_chips(objective="cost", rate=np.zeros((2, 1)))
    assert unserved(fleet) == ("work",)
    assert best_plan(fleet).status == "infeasible"


def test_a_mix_without_caps_says_so() -> None:
    free = two_chips(power_cap=np.array([np.inf]), budget=np.inf)
    assert best_plan(free).status == "unbounded"


@SMALL
@given(seeds, st.sampled_from("AB"), st.floats(0, 3), st.floats(0, 1))
def test_trouble_never_helps(seed: int, who: str, late: float, share: float) -> None:
    fleet = without_shares(drawn(seed))
    before = best_plan(fleet).value
    # what is late is not lost, but nothing is there before its time
    late_fleet = delayed(fleet, who, late)
    whole = np.cumsum(fleet.supply, axis=1)
    assert (np.cumsum(late_fleet.supply, axis=1) <= whole + 1e-6).all()
    for changed in (cut(fleet, who, share), dearer(fleet, who, share)):
        assert best_plan(changed).value <= before + 1e-6 * abs(before)


def test_a_delay_moves_deliveries_and_a_part_of_a_quarter_a_part() -> None:
    fleet = replace(two_chips(), supply=np.array([[8.0], [4.0]]))
    wide = random_fleet(np.random.default_rng(0), 2, 1, 4)
    wide = replace(wide, supply=np.array([[8.0, 6.0, 4.0, 2.0], [1.0, 1, 1, np.inf]]))
    late = delayed(wide, "A", 1.25)
    np.testing.assert_allclose(late.supply[0], (0.0, 6.0, 6.5, 4.5))
    assert (late.supply[1] == wide.supply[1]).all()
    assert (delayed(fleet, "A", 1.0).supply[0] == 0.0).all()


def test_a_dearer_chip_leaves_server_and_network_as_they_are() -> None:
    fleet = two_chips(vendor_share=np.array([0.5, 1.0]))
    assert dearer(fleet, "A", 0.2).purchase[0, 0] == pytest.approx(15.0 * 1.1)
    twice = dearer(dearer(fleet, "A", 0.2), "A", 0.5).purchase[0, 0]
    assert twice == pytest.approx(7.5 + 7.5 * 1.2 * 1.5)


def test_diversity_costs_what_the_rules_take() -> None:
    fleet = two_chips(least_share={"B": 0.6})
    plan = best_plan(fleet)
    free = best_plan(without_shares(fleet)).value
    assert diversification_cost(fleet, plan) == pytest.approx(free - plan.value)
    assert diversification_cost(fleet, plan) > 0


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("cap", ["power", "budget"])
def test_the_frontier_is_that_of_each_programme(objective: str, cap: str) -> None:
    fleet = drawn(3, objective)
    high = float(fleet.power_cap.max()) if cap == "power" else fleet.budget
    found = frontier(fleet, cap, 0.02 * high, 1.5 * high)
    assert found.error < 5e-3
    shape = fleet.power_cap / fleet.power_cap.max()
    for level in np.linspace(found.levels[0], found.levels[-1], 7):
        if cap == "power":
            changed = replace(fleet, power_cap=shape * level)
        else:
            changed = replace(fleet, budget=float(level))
        due = best_plan(changed).value
        line = np.interp(level, found.levels, found.values)
        assert line == pytest.approx(due, rel=max(found.error, 1e-4) * 2)
