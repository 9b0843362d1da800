"""Dies, yield, packaging, NRE and margins: order, limits, identities, refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from breakeven.models import dies, silicon, units, yields
from breakeven.models.base import Model

areas = st.floats(1.0, 3000.0)
densities = st.floats(0.0, 5.0)
shares = st.floats(0.5, 1.0)
dollars = st.floats(0.0, 1e5)


@given(
    width=st.floats(0.5, 60.0), height=st.floats(0.5, 60.0), grow=st.floats(1.0, 4.0)
)
def test_larger_dies_are_never_more(width: float, height: float, grow: float) -> None:
    for law in silicon.DIE_LAWS:
        small = silicon.dies_per_wafer(width, height, law=law)
        large = silicon.dies_per_wafer(width * grow, height, law=law)
        wafer = silicon.dies_per_wafer(width, height, 200.0, law=law)
        assert 0.0 <= large <= small, law
        assert wafer <= small, law
        # Never more than the ratio of areas, which forgets the edge (half a die for
        # the law that rounds).
        assert small <= np.pi * 150.0**2 / (width * height) + 0.5, law


def test_small_dies_fill_the_wafer() -> None:
    side = 0.01
    ratio = np.pi * 150.0**2 / side**2
    bare = [
        silicon.dies_per_wafer(side, side, law="hennessy-patterson"),
        silicon.dies_per_wafer(side, side, law="flynn"),
        silicon.dies_per_wafer(side, side, law="actuary", edge=0.0, scribe=0.0),
        silicon.dies_per_wafer(side, side, law="google", edge=0.0, scribe=0.0),
    ]
    np.testing.assert_allclose(bare, ratio, rtol=2e-4)


def test_no_law_gives_the_area_ratio_of_an_h100() -> None:
    side = np.sqrt(814.0)
    for law in silicon.DIE_LAWS:
        assert 55 < silicon.dies_per_wafer(side, side, law=law) < 72, law


def test_a_die_wider_than_the_wafer_does_not_fit() -> None:
    for law in silicon.DIE_LAWS:
        assert silicon.dies_per_wafer(400.0, 400.0, law=law) == 0.0, law
    assert silicon.known_good_die_cost(17_000.0, 0.0, 0.5) == np.inf
    assert np.isnan(silicon.known_good_die_cost(17_000.0, np.nan, 0.5))


def test_whole_dies_and_broadcasting() -> None:
    width = np.array([[10.0], [20.0]])
    count = silicon.dies_per_wafer(width, [10.0, 15.0, 20.0], whole=True)
    assert count.shape == (2, 3)
    np.testing.assert_array_equal(count, np.round(count))
    assert silicon.dies_per_wafer(12.0, 12.0) % 1 > 0.0
    assert silicon.dies_per_wafer(12.0, 12.0, law="google") % 1 == 0.0


@given(area=areas, density=densities)
def test_yields_are_ordered(area: float, density: float) -> None:
    poisson, murphy, seeds = (
        silicon.die_yield(area, density, law) for law in ("poisson", "murphy", "seeds")
    )
    clustered = silicon.die_yield(area, density, "negative-binomial", clustering=3)
    chain = [0.0, poisson, murphy, clustered, seeds, 1.0]
    if area * density / 100.0 > 16.0:  # there Murphy, 1 / m^2, passes 27 / m^3
        assert murphy < 5e-3
        chain = [0.0, poisson, murphy, seeds, 1.0]
    assert np.all(np.diff(np.array(chain)) >= -1e-15)


@given(area=areas, density=densities)
def test_the_negative_binomial_law_holds_the_others(
    area: float, density: float
) -> None:
    def clustered(alpha: float) -> Any:
        return silicon.die_yield(area, density, "negative-binomial", clustering=alpha)

    close = {"rtol": 1e-12, "atol": 1e-300}
    poisson = silicon.die_yield(area, density, "poisson")
    np.testing.assert_allclose(clustered(np.inf), poisson, **close)
    m = area * density / 100.0
    np.testing.assert_allclose(
        clustered(1e9), poisson, rtol=1e-12 + 1e-9 * m**2, atol=1e-300
    )
    seeds = silicon.die_yield(area, density, "seeds")
    np.testing.assert_allclose(clustered(1.0), seeds, **close)
    layer = silicon.die_yield(area, density, "bose-einstein", critical_layers=1)
    np.testing.assert_allclose(layer, seeds, **close)


def test_a_perfect_process_and_a_tiny_one() -> None:
    for law in silicon.YIELD_LAWS:
        extra = {
            "negative-binomial": {"clustering": 2.0},
            "bose-einstein": {"critical_layers": 8.0},
        }.get(law, {})
        assert silicon.die_yield(800.0, 0.0, law, **extra) == 1.0
        tiny = silicon.die_yield(1e-8, 1e-3, law, **extra)
        assert 1.0 - 1e-11 < tiny <= 1.0


def test_the_unit_of_defect_density_is_per_square_centimetre() -> None:
    assert silicon.die_yield(100.0, 1.0, "poisson") == pytest.approx(np.exp(-1.0))
    shell = yields.PoissonYield(area=100.0, defect_density=1.0)
    assert shell.evaluate() == pytest.approx(np.exp(-1.0))


@pytest.mark.parametrize(
    ("law", "given_", "words"),
    [
        ("negative-binomial", {}, "'negative-binomial' needs clustering"),
        ("bose-einstein", {}, "'bose-einstein' needs critical_layers"),
        ("poisson", {"clustering": 2}, "'poisson' takes no clustering"),
        ("murphy", {"critical_layers": 2}, "'murphy' takes no critical_layers"),
        (
            "negative-binomial",
            {"clustering": 0},
            r"clustering = 0 must be above 0 \[1\]",
        ),
    ],
)
def test_a_law_and_its_parameters_belong_together(
    law: str, given_: dict[str, float], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        silicon.die_yield(100.0, 0.1, law, **given_)


def test_the_name_of_a_law_may_be_written_as_in_prose() -> None:
    given_ = {"clustering": 3.0}
    for name in ("negative-binomial", "Negative binomial", "negative_binomial"):
        found = silicon.die_yield(100.0, 0.3, name, **given_)
        assert found == pytest.approx(1.1**-3)
    assert silicon.dies_per_wafer(9.0, 9.0, law="Hennessy-Patterson") > 0.0


def test_what_is_refused_names_itself() -> None:
    with pytest.raises(KeyError, match="near: poisson"):
        silicon.die_yield(100.0, 0.1, "poison")
    with pytest.raises(KeyError, match="near: flynn"):
        silicon.dies_per_wafer(10.0, 10.0, law="flyn")
    with pytest.raises(ValueError, match="'flynn' of dies per wafer takes no scribe"):
        silicon.dies_per_wafer(10.0, 10.0, law="flynn", scribe=0.1)
    with pytest.raises(ValueError, match=r"width = 0 must be above 0 \[mm\]"):
        silicon.dies_per_wafer([0.0, 3.0], 10.0)
    with pytest.raises(ValueError, match=r"area = -1 must be at least 0 \[mm2\]"):
        silicon.die_yield(-1.0, 0.1, "poisson")
    with pytest.raises(ValueError, match=r"defect_density = -1 .* \[1/cm2\]"):
        silicon.die_yield(1.0, [0.1, -1.0], "poisson")


@given(y=st.floats(0.0, 1.0), blocks=st.integers(1, 200), data=st.data())
def test_harvesting_adds_up_to_every_die(y: float, blocks: int, data: Any) -> None:
    needed = data.draw(st.integers(1, blocks))
    some = silicon.harvested_yield(y, blocks, needed)
    assert 0.0 <= some <= 1.0
    assert some >= silicon.harvested_yield(y, blocks, blocks) - 1e-15
    np.testing.assert_allclose(
        silicon.harvested_yield(y, blocks, blocks), y**blocks, rtol=1e-9, atol=1e-300
    )
    assert silicon.harvested_yield(y, blocks, 0, 0.9) == 0.9


def test_harvesting_of_three_blocks_by_hand() -> None:
    y = 0.9
    two_or_three = y**3 + 3.0 * y**2 * (1.0 - y)
    found = silicon.harvested_yield(y, 3, [2, 3], 0.95)
    np.testing.assert_allclose(found, [0.95 * two_or_three, 0.95 * y**3])


@given(chips=dollars, board=dollars, q=shares, y=shares, mount=shares)
def test_what_is_sold_pays_for_what_is_scrapped(
    chips: float, board: float, q: float, y: float, mount: float
) -> None:
    close = {"rtol": 1e-12, "atol": 1e-9}
    last = silicon.chip_last_cost(chips, board, 7.0, q, 4, y, mount)
    bonded = silicon.assembly_yield(q, 4)
    np.testing.assert_allclose(bonded, q**4, rtol=1e-12)
    bad = (
        silicon.scrap_cost(chips, bonded * mount)
        + silicon.scrap_cost(board, y * bonded * mount)
        + silicon.scrap_cost(7.0, mount)
    )
    np.testing.assert_allclose(last, chips + board + 7.0 + bad, **close)
    first = silicon.chip_first_cost(chips, board, 7.0, y, mount)
    bad = silicon.scrap_cost(chips + board, y * mount) + silicon.scrap_cost(7.0, mount)
    np.testing.assert_allclose(first, chips + board + 7.0 + bad, **close)
    # With perfect wiring chip-last is an organic package on which nothing else is lost.
    organic = silicon.organic_package_cost(chips, board, q, 4)
    plain = silicon.chip_last_cost(chips, board, 0.0, q, 4, 1.0)
    np.testing.assert_allclose(organic, plain, **close)


def test_many_cheap_chips_on_poor_wiring_favour_chip_last() -> None:
    chips, wiring, y = 2_000.0, 50.0, 0.8
    first = silicon.chip_first_cost(chips, wiring, 0.0, y)
    last = silicon.chip_last_cost(chips, wiring, 0.0, 0.99, 4, y)
    assert last < first


def test_tests_cost_material() -> None:
    assert silicon.tested_material_factor(1.0, 1.0) == 1.0
    assert silicon.tested_material_factor(0.99, 0.99) == pytest.approx(1.0199)
    assert silicon.scrap_of_started(100.0, 0.95, 2) == pytest.approx(9.75)


costs = st.floats(1.0, 1e5)


@given(nre=st.floats(1e3, 1e10), price=costs, own=costs, replaced=st.floats(0.1, 3.0))
def test_at_the_breakeven_volume_both_cost_the_same(
    nre: float, price: float, own: float, replaced: float
) -> None:
    extra = {"merchant_opex": 10.0, "own_opex": 5.0, "migration": 7e6, "lateness": 1e6}
    volume = silicon.breakeven_volume(nre, price, own, replaced, **extra)
    saving = replaced * (price + 10.0) - own - 5.0
    if saving <= 0.0:
        assert np.isnan(volume)
    elif saving > 1e-6:
        unit = silicon.unit_cost(own + 5.0, nre + 8e6, volume)
        np.testing.assert_allclose(unit, replaced * (price + 10.0), rtol=1e-9)


@given(first=st.floats(1e3, 1e9), second=st.floats(1e3, 1e9), a=costs, b=costs)
def test_two_designs_cross_or_do_not(
    first: float, second: float, a: float, b: float
) -> None:
    volume = silicon.crossing_volume(first, a, second, b)
    np.testing.assert_equal(silicon.crossing_volume(second, b, first, a), volume)
    if np.isnan(volume):
        assert (second - first) * (a - b) <= 0.0
    elif abs(a - b) > 1e-6 * a and abs(first - second) > 1e-6 * first:
        one, two = (
            silicon.unit_cost(c, n, volume) for c, n in ((a, first), (b, second))
        )
        np.testing.assert_allclose(one, two, rtol=1e-6)


def test_volume_and_improvement_at_their_limits() -> None:
    assert np.isnan(silicon.breakeven_volume(1e9, 100.0, 100.0))
    assert silicon.breakeven_volume(0.0, 200.0, 100.0) == 0.0
    volumes = silicon.breakeven_volume(1e9, [50.0, 100.0, 1100.0], 100.0)
    np.testing.assert_allclose(volumes, [np.nan, np.nan, 1e6])
    np.testing.assert_allclose(silicon.tco_to_nre([2.0, 1.0, 0.5]), [2, np.inf, np.inf])
    assert silicon.volume_elasticity(0.0, 5.0, 7.0) == -1.0
    assert silicon.volume_elasticity(3.0, 0.0, 7.0) == 0.0
    np.testing.assert_allclose(silicon.volume_elasticity(1.0, 3.0, 3.0), -0.5)


def test_masks_are_paid_again_with_each_respin() -> None:
    once = silicon.programme_nre(100.0, 10.0)
    assert once == 110.0
    assert silicon.programme_nre(100.0, 10.0, 2, 1.0, 2.0, 3.0) == 136.0
    whole = silicon.module_nre(300.0, 1.0, 0.5, 300.0) + silicon.chip_nre(
        300.0, 1.0, 0.3, 0.2, 300.0
    )
    assert whole == pytest.approx(1.0)


@given(cost=costs, margin=st.floats(-1.0, 0.95), other=st.floats(-1.0, 0.95))
def test_margins(cost: float, margin: float, other: float) -> None:
    price = silicon.price_at_margin(cost, margin)
    np.testing.assert_allclose(silicon.gross_margin(price, cost), margin, atol=1e-12)
    moved = silicon.price_at_other_margin(price, margin, other)
    np.testing.assert_allclose(moved, silicon.price_at_margin(cost, other))
    stacked = silicon.stacked_price(cost, [margin, other])
    np.testing.assert_allclose(stacked, silicon.price_at_margin(price, other))


LENGTHS: list[type[Model]] = [
    dies.ActuaryDies,
    dies.HennessyPattersonDies,
    yields.NegativeBinomialYield,
    yields.BoseEinsteinYield,
]


@pytest.mark.parametrize("cls", LENGTHS)
def test_counts_and_shares_do_not_depend_on_the_unit_of_length(
    cls: type[Model],
) -> None:
    base = cls().base()
    power = {n: dict(units.dimension(cls().unit(n))).get("mm", 0) for n in base}
    scaled = {name: value * 2.0 ** power[name] for name, value in base.items()}
    assert any(power.values())
    assert cls.equation(**scaled) == cls.equation(**base)
