"""The doors of the silicon equations at their edges, against sums made here."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from breakeven.explorer.state import load_scenario
from breakeven.models import dies, silicon


def test_four_laws_by_hand() -> None:
    w, h, d = 20.0, 30.0, 300.0
    area = w * h
    side = math.sqrt(area) + 0.2
    by_hand = {
        "actuary": math.pi * 145.0**2 / side**2 - math.pi * 290.0 / math.sqrt(2) / side,
        "hennessy-patterson": math.pi * 150.0**2 / area
        - math.pi * d / math.sqrt(2 * area),
        "flynn": math.pi / (4 * area) * (d - math.sqrt(area)) ** 2,
    }
    pitch = (w + 0.1) * (h + 0.1)
    by_hand["google"] = round(
        (d - 6) * math.pi * (d / (4 * pitch) - 1 / math.sqrt(2 * pitch))
    )
    for law, expected in by_hand.items():
        assert silicon.dies_per_wafer(w, h, law=law) == pytest.approx(expected), law
        rounded = silicon.dies_per_wafer(w, h, law=law, whole=True)
        assert rounded == round(expected), law


def test_names_of_the_literature_are_understood() -> None:
    pairs = {
        "Chiplet Actuary": "actuary",
        "Hennessy-Patterson": "hennessy-patterson",
        "Google chiplet tool": "google",
        "Flynn": "flynn",
    }
    for said, law in pairs.items():
        same = silicon.dies_per_wafer(10.0, 12.0, law=law)
        assert silicon.dies_per_wafer(10.0, 12.0, law=said) == same


@pytest.mark.parametrize("law", silicon.DIE_LAWS)
def test_a_die_that_does_not_lie_in_the_circle_is_none(law: str) -> None:
    assert silicon.dies_per_wafer(310.0, 2.0, law=law) == 0.0  # long and thin
    assert silicon.dies_per_wafer(2.0, 310.0, law=law) == 0.0
    assert silicon.dies_per_wafer(220.0, 220.0, law=law) == 0.0  # diagonal 311 mm
    both = silicon.dies_per_wafer([10.0, 310.0], 2.0, law=law)
    assert both[0] > 0.0
    assert both[1] == 0.0


def test_a_rim_as_wide_as_the_wafer_leaves_nothing() -> None:
    for edge in (150.0, 200.0):
        for law in ("actuary", "google"):
            assert silicon.dies_per_wafer(10.0, 10.0, law=law, edge=edge) == 0.0
        assert dies.actuary_dies(100.0, 300.0, edge, 0.2) == 0.0


def test_the_reticle() -> None:
    assert dies.RETICLE_AREA == 858.0
    fits = silicon.fits_reticle([26.0, 33.0, 26.1, 33.0], [33.0, 26.0, 33.0, 26.1])
    np.testing.assert_array_equal(fits, [True, True, False, False])
    # larger ones are still counted: interposers are stitched
    assert silicon.dies_per_wafer(50.0, 50.0) > 10.0


@pytest.mark.parametrize("name", ["width", "height"])
@pytest.mark.parametrize("value", [0.0, -1.0, math.nan])
def test_lengths_that_are_none_are_refused(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=name):
        silicon.dies_per_wafer(**({"width": 10.0, "height": 10.0} | {name: value}))


@given(area=st.floats(1.0, 3000.0), density=st.floats(0.0, 3.0))
def test_yields_by_hand(area: float, density: float) -> None:
    m = area * density / 100.0
    murphy = ((1 - math.exp(-m)) / m) ** 2 if m > 1e-6 else 1.0
    by_hand: dict[str, tuple[float, dict[str, float]]] = {
        "poisson": (math.exp(-m), {}),
        "murphy": (murphy, {}),
        "seeds": (1 / (1 + m), {}),
        "negative binomial": ((1 + m / 3.0) ** -3.0, {"clustering": 3.0}),
        "bose-einstein": ((1 + m) ** -4.0, {"critical_layers": 4.0}),
    }
    for law, (expected, extra) in by_hand.items():
        found = silicon.die_yield(area, density, law=law, **extra)
        assert found == pytest.approx(expected, rel=1e-5, abs=1e-300), law


def test_clustering_to_its_limits() -> None:
    at = [1e-6, 1.0, 1e3, 1e6, 1e12, math.inf]
    found = silicon.die_yield(800.0, 0.11, "negative-binomial", clustering=at)
    assert np.all(np.diff(found) <= 1e-12)
    assert found[-1] == pytest.approx(math.exp(-0.88))
    assert found[0] > 0.999  # all defects on few dies
    assert silicon.die_yield(800.0, 0.0, "negative-binomial", clustering=at[0]) == 1.0


def test_what_is_not_known_is_not_one() -> None:
    for law in ("poisson", "murphy", "seeds"):
        with pytest.raises(ValueError, match="defect_density = nan"):
            silicon.die_yield(100.0, math.nan, law)
    assert np.isnan(silicon.murphy_yield(100.0, math.nan))


def test_a_good_die_at_its_edges() -> None:
    cost = silicon.known_good_die_cost
    assert cost(10_000.0, 100.0, 0.29, whole=True) == pytest.approx(10_000.0 / 29)
    assert cost(10_000.0, 100.0, 0.299, whole=True) == pytest.approx(10_000.0 / 29)
    assert cost(10_000.0, 100.0, 0.0) == math.inf
    assert cost(10_000.0, 0.0, 0.5) == math.inf
    assert cost(10_000.0, 100.0, 1.0, 2.0, 0.5) == pytest.approx(104.0)
    assert cost(10_000.0, 100.0, 1.0, 2.0, 0.0) == math.inf
    bad: dict[str, dict[str, Any]] = {
        "die_yield": {"die_yield": 1.01},
        "sort_yield": {"sort_yield": -0.1},
        "wafer_cost": {"wafer_cost": -1.0},
        "probe_cost": {"probe_cost": -1.0},
    }
    good = {"wafer_cost": 1e4, "dies": 100.0, "die_yield": 0.5}
    for name, wrong in bad.items():
        with pytest.raises(ValueError, match=name):
            cost(**(good | wrong))


@given(
    chips=st.floats(1.0, 1e4),
    interposer=st.floats(0.0, 1e3),
    substrate=st.floats(0.0, 500.0),
    q=st.floats(0.8, 1.0),
    k=st.integers(1, 20),
    y1=st.floats(0.3, 1.0),
    y3=st.floats(0.8, 1.0),
)
def test_assembly_by_hand(
    chips: float,
    interposer: float,
    substrate: float,
    q: float,
    k: int,
    y1: float,
    y3: float,
) -> None:
    bonded = q**k
    last = chips + interposer / (y1 * bonded * y3) + substrate / y3
    last += chips * (1 / (bonded * y3) - 1)
    first = chips + interposer / (y1 * y3) + substrate / y3
    first += chips * (1 / (y1 * y3) - 1)
    organic = chips + substrate / bonded + chips * (1 / bonded - 1)
    found = silicon.chip_last_cost(chips, interposer, substrate, q, k, y1, y3)
    assert found == pytest.approx(last)
    found = silicon.chip_first_cost(chips, interposer, substrate, y1, y3)
    assert found == pytest.approx(first)
    found = silicon.organic_package_cost(chips, substrate, q, k)
    assert found == pytest.approx(organic)


def test_harvesting_by_hand() -> None:
    y, n = 0.9, 4
    for needed in range(n + 1):
        expected = sum(
            math.comb(n, k) * y**k * (1 - y) ** (n - k) for k in range(needed, n + 1)
        )
        assert silicon.harvested_yield(y, n, needed) == pytest.approx(expected)


@pytest.mark.parametrize("order", [1, -1])
def test_a_law_and_a_parameter_that_it_lacks_in_any_order(order: int) -> None:
    scenario = load_scenario()
    values = {"asic.silicon.law": "poisson", "asic.silicon.clustering": 3.0}
    with pytest.raises(ValueError, match="'poisson' takes no clustering"):
        scenario.with_values(dict(list(values.items())[::order]))
