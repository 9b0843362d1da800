"""The best mix of a fleet: published case, duality, brute force, caps, frontiers."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from fleets import drawn, two_chips
from hypothesis import given, settings
from hypothesis import strategies as st

from breakeven.models.fleet import Fleet, Plan, present_cost
from breakeven.models.fleet_plan import best_plan

SMALL = settings(max_examples=25, deadline=None)
seeds = st.integers(0, 2**32 - 1)
OBJECTIVES = ("cost", "margin", "tokens")


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


def test_a_fleet_refuses_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match="objective = 'profit' must be one of"):
        two_chips(objective="profit")
    with pytest.raises(ValueError, match=r"rate has shape \(1, 1\), not \(2, 1\)"):
        two_chips(rate=np.ones((1, 1)))
    with pytest.raises(ValueError, match="vendor 'C'"):
        two_chips(most_share={"C": 0.5})
