"""The table of units: known conversions, exact prefixes, refusals."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breakeven.models import units

# Each figure is the definition of the unit, worked out by hand.
KNOWN = [
    ("TFLOP/s", "FLOP/s", 1e12),
    ("POP/s", "TFLOP/s", 1000.0),  # an operation counts as a FLOP
    ("TB/s", "GB/s", 1000.0),
    ("GiB", "byte", 1073741824.0),
    ("TiB", "GiB", 1024.0),
    ("Gbit/s", "GB/s", 0.125),
    ("kWh", "J", 3.6e6),
    ("kW", "J/s", 1000.0),
    ("MW", "kW", 1000.0),
    ("USD/kWh", "USD/MWh", 1000.0),
    ("g/kWh", "kg/MWh", 1.0),
    ("t", "kg", 1000.0),
    ("day", "s", 86400.0),
    ("year", "day", 365.0),
    ("year", "month", 12.0),
    ("month", "h", 730.0),
    ("us", "ms", 0.001),
    ("MUSD", "USD", 1e6),
    ("BUSD", "MUSD", 1000.0),
    ("USD/h", "USD/year", 8760.0),
    ("cm2", "mm2", 100.0),
    ("1/cm2", "1/mm2", 0.01),
    ("%", "1", 0.01),
    ("Mtoken", "token", 1e6),
    ("USD/Mtoken", "USD/token", 1e-6),
    ("USD/kW/month", "USD/MW/year", 12000.0),
    ("token/s/chip", "token/h/chip", 3600.0),
    ("W*h", "Wh", 1.0),
]
EVERY = sorted(units._ATOMS)
atoms = st.sampled_from(EVERY)


@pytest.mark.parametrize(("source", "target", "factor"), KNOWN)
def test_a_conversion_and_its_inverse(source: str, target: str, factor: float) -> None:
    assert units.conversion(source, target) == pytest.approx(factor, rel=1e-14)
    assert units.conversion(target, source) == pytest.approx(1 / factor, rel=1e-14)


def test_time_is_the_same_everywhere() -> None:
    assert units.HOURS_PER_YEAR / units.MONTHS_PER_YEAR == units.HOURS_PER_MONTH
    assert units.factor("h") == units.HOUR


@pytest.mark.parametrize(
    ("unit", "dimension"),
    [
        ("token/s", (("s", -1),)),
        ("W", (("J", 1), ("s", -1))),
        ("kWh", (("J", 1),)),
        ("FLOP/byte", (("FLOP", 1), ("byte", -1))),
        ("USD/kW/month", (("J", -1), ("USD", 1))),
        ("W/W", ()),
        ("chip", ()),
        ("%", ()),
        ("1/year", (("s", -1),)),
    ],
)
def test_dimension(unit: str, dimension: tuple[tuple[str, int], ...]) -> None:
    assert units.dimension(unit) == dimension


@pytest.mark.parametrize("prefix", ["k", "M", "G", "T", "P"])
@pytest.mark.parametrize("atom", ["FLOP", "W", "Wh", "USD", "token", "bit"])
def test_decimal_prefixes_are_powers_of_a_thousand(prefix: str, atom: str) -> None:
    power = "kMGTP".index(prefix) + 1
    assert units.conversion(prefix + atom, atom) == pytest.approx(1000.0**power)


def test_the_base_units_have_factor_one() -> None:
    for name in ("byte", "FLOP", "s", "J", "USD", "token", "chip", "sequence", "1"):
        assert units.factor(name) == 1.0


@pytest.mark.parametrize("atom", EVERY)
def test_every_unit_is_positive_and_finite(atom: str) -> None:
    assert 0.0 < units.factor(atom) < math.inf
    assert units.conversion(atom, atom) == 1.0


@given(atoms, atoms)
def test_division_subtracts_dimensions_and_divides_factors(a: str, b: str) -> None:
    assert units.factor(f"{a}/{b}") == pytest.approx(units.factor(a) / units.factor(b))
    assert units.dimension(f"{a}*{b}/{b}") == units.dimension(a)
    reverse = {base: -power for base, power in units.dimension(f"{b}/{a}")}
    assert dict(units.dimension(f"{a}/{b}")) == reverse


@given(atoms, atoms)
def test_only_units_of_one_dimension_convert(a: str, b: str) -> None:
    if units.dimension(a) == units.dimension(b):
        assert units.conversion(a, b) * units.conversion(b, a) == pytest.approx(1.0)
    else:
        with pytest.raises(ValueError, match="does not fit"):
            units.conversion(a, b)


@pytest.mark.parametrize(
    ("unit", "near"),
    [("TFLOPS", "TFLOP"), ("USD/kwh", "kWh"), ("GBs", "GB"), ("tokens/s", "token")],
)
def test_an_unknown_unit_names_its_neighbours(unit: str, near: str) -> None:
    with pytest.raises(ValueError, match="unknown unit") as caught:
        units.parse(unit)
    assert near in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("unit", ["", "/s", "USD//h", "GB ", "€"])
def test_nonsense_is_refused(unit: str) -> None:
    with pytest.raises(ValueError, match="unknown unit"):
        units.parse(unit)
