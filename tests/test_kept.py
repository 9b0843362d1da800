"""What is kept so that nobody works it out again, and by what it is known."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from breakeven.explorer import load_scenario
from breakeven.explorer.known import key_of
from breakeven.explorer.odds import ranges
from breakeven.models import performance
from breakeven.models.given import inputs_of
from breakeven.models.kept import Kept


def test_what_ranges_follow_from_is_in_their_key() -> None:
    scenario = load_scenario()
    first = next(iter(scenario.options))
    name = f"{first}.utilisation"
    key = key_of(scenario, 100)
    assert key_of(scenario.copy(), 100) == key
    assert key_of(scenario, 200) != key
    assert key_of(scenario.with_values({name: 0.31}), 100) != key
    wider = scenario.copy()
    wider.evidence[name] = replace(wider.evidence[name], high=0.99)
    assert key_of(wider, 100) != key
    tied = scenario.copy()
    tied.correlations[name, "finance.discount_rate"] = 0.5
    assert key_of(tied, 100) != key
    last = scenario.copy()
    last.anchor = scenario.reference
    assert key_of(last, 100) != key


def test_known_ranges_are_few() -> None:
    found = ranges(load_scenario(), 64, weighed=False)
    known: Kept[Any] = Kept(2)
    for name in (b"one", b"two"):
        known.keep(name, found)
    assert known.find(b"one") is found
    known.keep(b"three", found)
    assert known.find(b"two") is None, "asked for longest ago"
    assert known.find(b"one") is found


def test_performance_is_kept_whatever_the_money_and_nobody_can_change_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scenario = load_scenario()
    before = scenario.evaluate()
    key = scenario.reference
    base = {prefix: group.base() for prefix, group in scenario.groups().items()}
    option = scenario.options[key].option
    given = inputs_of(scenario, base, key)
    kept = performance.performance(scenario.workload, option, given)
    monkeypatch.setattr(performance, "_worked_out", pytest.fail)
    prices = np.linspace(2e4, 3e4, 5)
    found = scenario.evaluate({f"{key}.price": prices, "workload.demand": prices})
    np.testing.assert_array_equal(found.token_rate[:, 0], before.token_rate)
    turned = {group: dict(reversed(given[group].items())) for group in given}
    assert performance.performance(scenario.workload, option, turned) is kept
    for value in vars(kept).values():
        assert not isinstance(value, np.ndarray) or not value.flags.writeable


def test_values_in_base_units_follow_what_is_set() -> None:
    scenario = load_scenario()
    first, site = scenario.site.base(), scenario.site
    assert site.base() == first
    first["pue"] = 9.0
    assert site.base()["pue"] == site.pue, "each caller has a copy of its own"
    site.param.update(pue=1.5)
    assert site.base()["pue"] == 1.5
    assert scenario.copy().site.base() == site.base()
    site.pue = 1.25
    assert site.base()["pue"] == 1.25
