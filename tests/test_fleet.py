"""The best mix of a fleet: published case, duality, brute force, caps, frontiers."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from fleets import random_fleet, two_chips
from hypothesis import given, settings
from hypothesis import strategies as st

from breakeven.models.fleet import Fleet, Plan, present_cost
from breakeven.models.fleet_plan import best_plan
from breakeven.models.fleet_relaxation import (
    relaxations,
    relaxed,
    together,
    unserved,
)
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


def drawn(seed: int, objective: str = "margin", **changes: object) -> Fleet:
    """A random fleet with rules on shares; a demand that its caps can meet."""
    rng = np.random.default_rng(seed)
    fleet = random_fleet(rng, 4, 2, 3, objective=objective)
    if objective == "cost":
        fleet = replace(fleet, demand=fleet.demand * 1e-2, rate=fleet.rate + 10.0)
    shares = {"most_share": {"A": 0.5}, "least_share": {"B": 0.1}}
    return replace(fleet, **(shares | changes))  # type: ignore[arg-type]


def kept(fleet: Fleet, plan: Plan, slack: float = 1e-6) -> None:
    """Every cap of a fleet holds."""
    room = 1.0 + slack
    assert (plan.power <= fleet.power_cap * room).all()
    paid = (fleet.purchase * plan.bought).sum() + (fleet.one_off * plan.opened).sum()
    assert paid <= fleet.budget * room
    assert plan.spend == pytest.approx(paid)
    assert (plan.bought >= -slack).all()
    assert (plan.used >= -slack).all()
    assert (plan.bought <= fleet.supply * room + slack).all()
    assert (plan.in_use <= plan.installed * room + 1e-3).all()
    assert (plan.used[fleet.rate <= 0] == 0).all()
    shares = plan.shares(fleet)
    if plan.power.sum() > 0:
        for vendor, most in fleet.most_share.items():
            assert shares[vendor] <= most + 1e-6
        for vendor, least in fleet.least_share.items():
            assert shares[vendor] >= least - 1e-6
    if fleet.objective == "margin":
        assert (plan.served <= fleet.demand * room).all()
    if fleet.objective == "cost":
        assert (plan.served >= fleet.demand * (1.0 - slack)).all()


@pytest.mark.parametrize("objective", ["margin", "tokens"])
def test_the_published_mix_of_two_chips(objective: str) -> None:
    plan = best_plan(two_chips(objective=objective))
    np.testing.assert_allclose(plan.bought[:, 0], (54545.4545, 15151.5152), rtol=1e-6)
    assert plan.value == pytest.approx(87878.7879, rel=1e-6)
    assert plan.worth is not None
    assert plan.worth.power.sum() == pytest.approx(0.4848484848)
    assert plan.worth.budget == pytest.approx(0.02626262626)


@SMALL
@given(seeds, st.sampled_from(OBJECTIVES))
def test_a_mix_keeps_every_cap_and_its_value_adds_up(seed: int, objective: str) -> None:
    fleet = drawn(seed, objective)
    plan = best_plan(fleet)
    assert plan.ok
    kept(fleet, plan)
    cost = present_cost(fleet, plan.bought, plan.used, plan.opened)
    time = fleet.discount * fleet.period
    revenue = (fleet.price * plan.served * time).sum()
    due = {
        "cost": cost,
        "margin": revenue - cost,
        "tokens": plan.value,  # the share of demand is a column of its own
    }[objective]
    assert plan.value == pytest.approx(due, rel=1e-6, abs=1.0)
    if objective == "tokens":
        share = (plan.served / fleet.demand).min(axis=0)
        made = (share * fleet.demand.sum(axis=0)).sum() * fleet.period
        assert plan.value == pytest.approx(made, rel=1e-6)


@SMALL
@given(seeds)
def test_strong_duality(seed: int) -> None:
    fleet = drawn(seed)
    plan = best_plan(fleet)
    worth = plan.worth
    assert worth is not None
    bound = (
        (worth.power * fleet.power_cap).sum()
        + worth.budget * fleet.budget
        + (worth.supply * fleet.supply).sum()
        + (worth.demand * fleet.demand).sum()
    )
    assert bound == pytest.approx(plan.value, rel=1e-6)


@SMALL
@given(seeds, seeds)
def test_weak_duality(seed: int, other: int) -> None:
    fleet = drawn(seed)
    worth = best_plan(fleet).worth
    assert worth is not None
    rng = np.random.default_rng(other)
    changed = replace(
        fleet,
        power_cap=fleet.power_cap * rng.uniform(0.2, 3, fleet.shape[2]),
        budget=fleet.budget * rng.uniform(0.2, 3),
        supply=fleet.supply * rng.uniform(0.2, 3, fleet.supply.shape),
        demand=fleet.demand * rng.uniform(0.2, 3, fleet.demand.shape),
    )
    bound = (
        (worth.power * changed.power_cap).sum()
        + worth.budget * changed.budget
        + (worth.supply * changed.supply).sum()
        + (worth.demand * changed.demand).sum()
    )
    assert best_plan(changed).value <= bound * (1.0 + 1e-9)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("objective", OBJECTIVES)
def test_a_shadow_price_is_what_a_little_more_brings(seed: int, objective: str) -> None:
    fleet = drawn(seed, objective)
    plan = best_plan(fleet)
    worth = plan.worth
    assert worth is not None
    sign = -1.0 if objective == "cost" else 1.0
    step = 1e-4

    def gain(changed: Fleet) -> float:
        return sign * (best_plan(changed).value - plan.value)

    power = replace(fleet, power_cap=fleet.power_cap * (1.0 + step))
    budget = replace(fleet, budget=fleet.budget * (1.0 + step))
    supply = replace(fleet, supply=fleet.supply * (1.0 + step))
    most = replace(fleet, most_share={"A": 0.5 + step})
    least = replace(fleet, least_share={"B": 0.1 - step})
    pairs = [
        (gain(power), (worth.power * fleet.power_cap).sum() * step),
        (gain(budget), worth.budget * fleet.budget * step),
        (gain(supply), (worth.supply * fleet.supply).sum() * step),
        (gain(most), worth.most_share["A"] * step),
        (gain(least), worth.least_share["B"] * step),
    ]
    scale = abs(plan.value) * step
    for found, due in pairs:
        # a corner may be passed within the step: the price is then an upper bound
        assert found <= due + 1e-3 * scale
        assert found == pytest.approx(due, rel=0.05, abs=2e-2 * scale)
    assert any(due > 1e-2 * scale for _, due in pairs)


@SMALL
@given(seeds, st.sampled_from(["power_cap", "budget", "supply"]))
def test_more_of_a_cap_never_hurts(seed: int, cap: str) -> None:
    fleet = drawn(seed)
    more = replace(fleet, **{cap: getattr(fleet, cap) * 1.3})
    before, after = best_plan(fleet).value, best_plan(more).value
    assert after >= before - 1e-6 * abs(before)


@pytest.mark.parametrize("seed", range(6))
def test_whole_racks_are_the_best_of_all_combinations(seed: int) -> None:
    rng = np.random.default_rng(seed)
    fleet = two_chips(
        rate=rng.uniform(1, 3, (2, 1)),
        purchase=rng.uniform(10, 50, (2, 1)),
        power_cap=np.array([60.0]),
        budget=900.0,
        supply=np.full((2, 1), 40.0),
        rack=np.array([4.0, 3.0]),
        one_off=np.array([0.0, 90.0]),
        one_off_charge=np.array([0.0, 2.0]),
    )
    best = 0.0
    for a, b in itertools.product(range(0, 41, 4), range(0, 40, 3)):
        count = np.array([a, b], float)
        paid = (count * fleet.purchase[:, 0]).sum() + 90.0 * (b > 0)
        if paid > fleet.budget:
            continue
        # chips may stay off: the better ones per watt are switched on first
        left, made = 60.0, 0.0
        for k in np.argsort(-fleet.rate[:, 0] / fleet.power):
            on = min(count[k], left / fleet.power[k])
            left, made = left - on * fleet.power[k], made + on * fleet.rate[k, 0]
        best = max(best, made - 2.0 * (b > 0))
    plan = best_plan(fleet, whole_racks=True)
    assert plan.value == pytest.approx(best, rel=1e-4)
    assert np.allclose(plan.bought[:, 0] % fleet.rack, 0.0)
    assert best_plan(fleet).value >= plan.value - 1e-9


@pytest.mark.parametrize("seed", range(4))
def test_designs_are_the_best_of_all_sets(seed: int) -> None:
    rng = np.random.default_rng(seed)
    once = rng.uniform(1e7, 4e8, 4)
    fleet = drawn(seed, one_off=once, one_off_charge=once * 1e-8, most_share={})
    values = []
    for chosen in itertools.product((0, 1), repeat=4):
        on = np.array(chosen, float)
        budget = fleet.budget - (once * on).sum()
        if budget < 0:
            continue
        only = replace(
            fleet,
            supply=fleet.supply * on[:, None],
            budget=budget,
            one_off=np.zeros(4),
            one_off_charge=np.zeros(4),
        )
        charge = (once * 1e-8 * on).sum() * fleet.discount.sum() * fleet.period
        values.append(best_plan(only).value - charge)
    plan = best_plan(fleet)
    assert plan.value == pytest.approx(max(values), rel=1e-3)
    kept(fleet, plan, 1e-5)
    assert plan.worth is not None


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


def test_a_fleet_refuses_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match="objective = 'profit' must be one of"):
        two_chips(objective="profit")
    with pytest.raises(ValueError, match=r"rate has shape \(1, 1\), not \(2, 1\)"):
        two_chips(rate=np.ones((1, 1)))
    with pytest.raises(ValueError, match="vendor 'C'"):
        two_chips(most_share={"C": 0.5})
