"""Distributions hit their ranges; points fill the cube; correlations that can be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from breakeven.models import bands, sampling
from breakeven.models.distributions import (
    KINDS,
    Pert,
    Table,
    Triangular,
    distribution,
)
from breakeven.models.ranges import ends


@given(
    kind=st.sampled_from(sorted(KINDS)),
    low=st.floats(-1.0, 1.0),
    left=st.floats(0.0, 1.0),
    right=st.floats(0.01, 1.0),
    below=st.sampled_from([None, 0.0, 0.3]),
    above=st.sampled_from([None, 0.0, 0.3]),
)
def test_low_and_high_are_p10_and_p90_within_the_bounds(
    kind: str,
    low: float,
    left: float,
    right: float,
    below: float | None,
    above: float | None,
) -> None:
    value, high = low + left, low + left + right
    bounds = (
        None if below is None else low - below,
        None if above is None else high + above,
    )
    made = distribution("x", low, value, high, bounds, kind)
    np.testing.assert_allclose(made.quantile((0.1, 0.9)), (low, high), atol=2e-6)
    np.testing.assert_allclose(ends(made), (low, high), atol=2e-6)
    p = np.linspace(1e-6, 1 - 1e-6, 201)
    drawn = made.quantile(p)
    assert np.all(np.diff(drawn) >= -1e-12)
    assert bounds[0] is None or drawn.min() >= bounds[0]
    assert bounds[1] is None or drawn.max() <= bounds[1]
    np.testing.assert_allclose(made.at(stats.norm.ppf(p)), drawn, atol=1e-9)
    if kind == "split":
        assert made.quantile(0.5) == pytest.approx(value, abs=1e-9)


def test_a_range_even_in_its_logarithm_is_a_lognormal() -> None:
    made = distribution("x", 2.0, 6.0, 18.0, (0.0, None))
    p = np.array([0.001, 0.1, 0.3, 0.5, 0.99])
    sigma = np.log(3.0) / stats.norm.ppf(0.9)
    expected = stats.lognorm.ppf(p, sigma, scale=6.0)
    np.testing.assert_allclose(made.quantile(p), expected, rtol=1e-12)


def test_a_share_stays_between_its_bounds_without_touching_them() -> None:
    made = distribution("x", 0.33, 0.6, 0.82, (0.0, 1.0))
    far = made.at([-6.0, 6.0])
    assert 0.0 < far[0] < 0.01
    assert 0.99 < far[1] < 1.0


def test_a_low_on_its_bound_is_reached_in_a_tenth_of_all_cases() -> None:
    made = distribution("x", 0.0, 0.08, 0.2, (0.0, 1.0))
    drawn = made.quantile((np.arange(1000) + 0.5) / 1000)
    assert np.count_nonzero(drawn == 0.0) == 100
    nothing = distribution("x", 0.0, 0.0, 200.0, (0.0, None))
    assert nothing.quantile(0.5) == 0.0
    assert nothing.quantile(0.9) == pytest.approx(200.0)


def test_families_are_those_of_scipy() -> None:
    p = np.linspace(0.01, 0.99, 25)
    triangle = stats.triang.ppf(p, (4 - 3) / (9 - 3), loc=3, scale=6)
    np.testing.assert_allclose(Triangular(3, 4, 9).quantile(p), triangle, rtol=1e-12)
    pert = stats.beta.ppf(p, 1 + 4 / 6, 1 + 4 * 5 / 6, loc=3, scale=6)
    np.testing.assert_allclose(Pert(3, 4, 9).quantile(p), pert, rtol=1e-9)
    assert np.all(Pert(3, 3, 3).quantile(p) == 3)
    assert Pert(3, 4, 9).quantile(np.linspace(0, 1, 4001)).mean() == pytest.approx(
        (3 + 16 + 9) / 6, rel=1e-3
    )


def test_a_table_is_read_between_its_rows() -> None:
    table = Table((0.0, 0.5, 1.0), (1.0, 2.0, 10.0))
    np.testing.assert_allclose(table.quantile([0.25, 0.75, 1.0]), [1.5, 6.0, 10.0])
    for p, x in [((0.1,), (1.0,)), ((0.5, 0.5), (1.0, 2.0)), ((0.0, 1.2), (1.0, 2.0))]:
        with pytest.raises(ValueError, match="a table"):
            Table(p, x)
    with pytest.raises(ValueError, match="do not fall"):
        Table((0.0, 1.0), (2.0, 1.0))


@pytest.mark.parametrize(
    ("low", "value", "high", "said"),
    [
        (5.0, 5.0, 4.0, "asic.chip.nre: low 5 is above high 4"),
        (5.0, 4.0, 6.0, "asic.chip.nre = 4 lies outside 5 to 6"),
        (-5.0, 4.0, 6.0, "asic.chip.nre: -5 to 6 leaves its bounds 0 to inf"),
        (np.nan, 4.0, 6.0, "low nan is above"),
    ],
)
def test_a_range_that_cannot_be_is_refused_by_name(
    low: float, value: float, high: float, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        distribution("asic.chip.nre", low, value, high, (0.0, None))
    with pytest.raises(KeyError, match="near: triangular"):
        distribution("x", 1.0, 2.0, 3.0, kind="triangel")


@given(count=st.integers(1, 300), start=st.integers(0, 100), seed=st.integers(0, 9))
def test_points_come_in_pieces_of_any_size(count: int, start: int, seed: int) -> None:
    whole = sampling.sobol_points(5, 512, seed)
    piece = sampling.sobol_points(5, count, seed, start)
    np.testing.assert_array_equal(piece, whole[start : start + count])
    assert 0.0 < piece.min() <= piece.max() < 1.0


def test_every_input_has_one_point_in_each_slice() -> None:
    points = sampling.sobol_points(135, 1024, 3)
    slices = np.sort(np.floor(points * 1024).astype(int), axis=0)
    np.testing.assert_array_equal(slices, np.arange(1024)[:, None].repeat(135, 1))


@given(st.lists(st.floats(-0.9, 0.9), min_size=3, max_size=3))
def test_correlations_are_refused_exactly_when_they_cannot_be(
    values: list[float],
) -> None:
    pairs = dict(
        zip([("a", "b"), ("a", "c"), ("b", "c")], values, strict=True),
    )
    r, s, t = sampling.rank_to_normal(np.array(values))
    possible = 1 + 2 * r * s * t - r * r - s * s - t * t
    if abs(possible) < 1e-6:
        return
    if possible > 0:
        sampling.correlation_matrix(("a", "b", "c"), pairs)
    else:
        with pytest.raises(ValueError, match="not positive definite"):
            sampling.correlation_matrix(("a", "b", "c"), pairs)


def test_the_pair_that_contradicts_the_others_is_named() -> None:
    pairs = {("a", "b"): 0.9, ("b", "c"): 0.9, ("c", "a"): -0.5, ("d", "b"): 0.2}
    said = "a and c = -0.5 contradicts the others, which allow"
    with pytest.raises(ValueError, match=said) as caught:
        sampling.correlation_matrix(tuple("abcd"), pairs)
    low, high = (float(x) for x in str(caught.value).split("allow ")[1].split(" to "))
    for inside in (low + 0.01, high - 0.01):
        sampling.correlation_matrix(tuple("abcd"), pairs | {("c", "a"): inside})
    for outside in (low - 0.02, high + 0.02):
        with pytest.raises(ValueError, match=r"not positive|must lie"):
            sampling.correlation_matrix(tuple("abcd"), pairs | {("c", "a"): outside})


@pytest.mark.parametrize(
    ("pairs", "error", "said"),
    [
        ({("a", "x"): 0.5}, KeyError, "unknown uncertain input 'x'"),
        ({("a", "b"): 1.0}, ValueError, "must lie within 0.999"),
        ({("a", "b"): np.nan}, ValueError, "must lie within 0.999"),
        ({("a", "a"): 0.5}, ValueError, "two different inputs"),
        ({("a", "b"): 0.5, ("b", "a"): 0.6}, ValueError, "given twice"),
    ],
)
def test_a_correlation_that_makes_no_sense_is_refused(
    pairs: dict[tuple[str, str], float], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        sampling.correlation_matrix(("a", "b"), pairs)


@given(
    st.lists(
        st.one_of(st.floats(-5, 5), st.just(np.nan), st.just(np.inf)),
        min_size=1,
        max_size=40,
    )
)
def test_quantiles_are_those_of_numpy_without_the_undefined(
    values: list[float],
) -> None:
    array = np.array(values)
    known = array[~np.isnan(array)]
    found = bands.quantiles(array)
    if not known.size:
        assert np.isnan(found).all()
        return
    ordered = np.sort(known)
    for p, got in zip(bands.PROBABILITIES, found, strict=True):
        assert got in ordered
        assert np.mean(known <= got) >= p - 1e-9
        assert np.mean(known < got) < p
        assert got == np.quantile(ordered, p, method="inverted_cdf")
