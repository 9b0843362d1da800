"""Laws that every model keeps, whatever it computes."""

from __future__ import annotations

import importlib
import inspect
import itertools
import pkgutil
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from breakeven import models
from breakeven.models import units
from breakeven.models.base import Array, Group, Model, fraction, quantity

for _found in pkgutil.iter_modules(models.__path__):
    importlib.import_module(f"breakeven.models.{_found.name}")


def ours(cls: type[Any]) -> Iterator[type[Any]]:
    """Every class of breakeven.models below one class."""
    for child in cls.__subclasses__():
        yield from ours(child)
        if child.__module__.startswith("breakeven.models.") and child is not Model:
            yield child


MODELS = sorted(set(ours(Model)), key=lambda cls: cls.__name__)
GROUPS = sorted(set(ours(Group)), key=lambda cls: cls.__name__)
BASES = ("FLOP", "byte", "s", "J", "USD")

each_model = pytest.mark.parametrize("cls", MODELS, ids=lambda cls: cls.__name__)
each_group = pytest.mark.parametrize("cls", GROUPS, ids=lambda cls: cls.__name__)


def interval(cls: type[Group], name: str) -> tuple[float, float]:
    """Range of the slider, or one octave either side of the default, inside bounds."""
    parameter = cls.param[name]
    low, high = parameter.softbounds or (None, None)
    if low is None or high is None:
        assert parameter.default, (
            f"{cls.__name__}.{name} has neither slider nor default"
        )
        low, high = sorted((parameter.default / 2, parameter.default * 2))
    floor, ceiling = parameter.bounds or (None, None)
    low = low if floor is None else max(low, floor)
    return low, (high if ceiling is None else min(high, ceiling))


def sample(cls: type[Model]) -> Model:
    """A shell with every value; where none was published, mid-slider."""
    missing = [name for name in cls.quantities() if cls.param[name].default is None]
    return cls(**{name: float(np.mean(interval(cls, name))) for name in missing})


def points(model: Model, name: str) -> Array:
    """The present value and two more, none at an end of its range."""
    low, high = interval(type(model), name)
    return np.array(
        [getattr(model, name), low + 0.3 * (high - low), low + 0.8 * (high - low)]
    )


def assert_same_as_scalars(model: Model, overrides: dict[str, Array]) -> None:
    """One array call equals one call a point.

    Exactly, when a point is an array of one. A bare number goes through another pow()
    than an array does on some processors, so there the last bits are left free.
    """
    shape = np.broadcast_shapes(*(array.shape for array in overrides.values()))
    together = model.evaluate(**overrides)
    assert np.shape(together) == shape
    full = {name: np.broadcast_to(array, shape) for name, array in overrides.items()}
    for index in np.ndindex(shape):
        one = {name: np.array([array[index]]) for name, array in full.items()}
        bare = {name: float(array[index]) for name, array in full.items()}
        np.testing.assert_array_equal(together[index], model.evaluate(**one)[0])
        np.testing.assert_allclose(together[index], model.evaluate(**bare), rtol=1e-12)
        assert np.shape(model.evaluate(**bare)) == ()


def exponent(unit: str, base: str) -> int:
    """Power of one base unit in a unit."""
    return dict(units.dimension(unit)).get(base, 0)


def scaling_error(model: Model, base: str) -> float:
    """Largest departure from exact scaling when one base unit is halved in size."""
    arguments = {
        name: value * 2.0 ** exponent(model.unit(name), base)
        for name, value in model.base().items()
    }
    result = type(model).equation(**arguments) / units.factor(model.result_unit)
    due = model.evaluate() * 2.0 ** exponent(model.result_unit, base)
    return float(np.max(np.abs(result - due)))


def test_there_are_models_to_judge() -> None:
    assert len(MODELS) > 10
    assert len(GROUPS) > len(MODELS)


@each_model
def test_the_shell_declares_the_arguments_of_its_equation(cls: type[Model]) -> None:
    arguments = inspect.signature(cls.equation).parameters
    required = {n for n, p in arguments.items() if p.default is inspect.Parameter.empty}
    declared = set(cls.quantities())
    assert required <= declared <= set(arguments)
    units.parse(cls.result_unit)


@each_model
def test_an_array_is_the_scalars_along_each_axis(cls: type[Model]) -> None:
    model = sample(cls)
    for name in cls.quantities():
        assert_same_as_scalars(model, {name: points(model, name)})


@each_model
def test_two_axes_broadcast(cls: type[Model]) -> None:
    model = sample(cls)
    for first, second in itertools.combinations(cls.quantities(), 2):
        rows, columns = points(model, first)[:, None], points(model, second)[None, :2]
        assert_same_as_scalars(model, {first: rows, second: columns})


@each_model
def test_all_inputs_together(cls: type[Model]) -> None:
    model = sample(cls)
    assert_same_as_scalars(
        model, {name: points(model, name) for name in cls.quantities()}
    )


@each_model
def test_nothing_is_mutated(cls: type[Model]) -> None:
    model = sample(cls)
    given = {name: points(model, name) for name in cls.quantities()}
    kept = {name: array.copy() for name, array in given.items()}
    for array in given.values():
        array.flags.writeable = False
    before = dict(model.param.values())
    result = model.evaluate(**given)
    result *= 0.0
    assert model.param.values() == before
    for name, array in given.items():
        np.testing.assert_array_equal(array, kept[name])


@each_model
def test_a_base_unit_scales_the_result_exactly(cls: type[Model]) -> None:
    model = sample(cls)
    for base in BASES:
        assert scaling_error(model, base) == 0.0, base


@each_model
def test_a_name_that_does_not_exist_is_refused(cls: type[Model]) -> None:
    name = cls.quantities()[0]
    with pytest.raises(KeyError, match=name):
        sample(cls).evaluate(**{name + "x": 1.0})


def outside(cls: type[Group], name: str) -> Iterator[tuple[float, float]]:
    """Each bound of a quantity and a value beyond it."""
    parameter = cls.param[name]
    for side, bound in enumerate(parameter.bounds or ()):
        if bound is not None:
            closed = parameter.inclusive_bounds[side]
            yield bound, bound + (0.0 if not closed else -1.0 if side == 0 else 1.0)


@each_group
def test_out_of_bounds_is_refused_with_name_bound_and_unit(cls: type[Group]) -> None:
    group = cls()
    for name in cls.quantities():
        unit = f"[{cls.unit(name)}]"
        good = float(np.mean(interval(cls, name)))
        for bound, value in outside(cls, name):
            for given in (value, np.array([[good, value]])):
                with pytest.raises(ValueError, match=r"must be") as caught:
                    group.base({name: given})
                for part in (
                    f"{cls.__name__}.{name}",
                    f"{value:g}",
                    f"{bound:g}",
                    unit,
                ):
                    assert part in str(caught.value)
        for value in (np.nan, np.inf, -np.inf):
            with pytest.raises(ValueError, match="not finite") as caught:
                group.base({name: np.array([good, value])})
            assert f"{cls.__name__}.{name}" in str(caught.value)
            assert unit in str(caught.value)


@each_group
def test_the_default_and_the_slider_lie_inside_the_bounds(cls: type[Group]) -> None:
    group = cls()
    for name in cls.quantities():
        default, (low, high) = cls.param[name].default, interval(cls, name)
        assert low < high, name
        if default is not None:
            group.checked(name, default)
        group.checked(name, (low + high) / 2)
        assert cls.param[name].doc, name


# The laws themselves are tested: on a model that keeps them, and on ones that do not.


class Decode(Model):
    """Time of one decode step: the slower of arithmetic and memory traffic."""

    weights = quantity(70.0, "GB", "Streamed every step", slider=(1, 2000))
    flops = quantity(140.0, "GFLOP", "Arithmetic per step", slider=(1, 4000))
    peak_flops = quantity(990.0, "TFLOP/s", "Peak", slider=(100, 10_000))
    hbm_bandwidth = quantity(3.35, "TB/s", "Peak", slider=(0.5, 20))
    efficiency = fraction(0.7, "Attainable share", zero=False)
    result_unit = "ms"

    @staticmethod
    def equation(**a: Any) -> Any:
        """Roofline."""
        arithmetic = a["flops"] / (a["efficiency"] * a["peak_flops"])
        return np.maximum(arithmetic, a["weights"] / a["hbm_bandwidth"])


class MissingParenthesis(Decode):
    """The same with a slip of the pen."""

    @staticmethod
    def equation(**a: Any) -> Any:
        """Wrong on purpose."""
        arithmetic = a["flops"] / a["efficiency"] * a["peak_flops"]
        return np.maximum(arithmetic, a["weights"] / a["hbm_bandwidth"])


class Branching(Decode):
    """The same with a branch that an array cannot take."""

    @staticmethod
    def equation(**a: Any) -> Any:
        """Wrong on purpose."""
        slow = np.min(a["hbm_bandwidth"]) < 4e12
        return (
            a["weights"] / a["hbm_bandwidth"] * (2.0 if slow else 1.0) + 0 * a["flops"]
        )


def test_the_laws_hold_for_a_right_model() -> None:
    model = Decode()
    assert model.evaluate() == pytest.approx(70 / 3.35, rel=1e-15)
    assert all(scaling_error(model, base) == 0.0 for base in BASES)
    assert_same_as_scalars(model, {"hbm_bandwidth": points(model, "hbm_bandwidth")})


def test_the_laws_catch_a_wrong_model() -> None:
    assert scaling_error(MissingParenthesis(), "FLOP") > 0.0
    with pytest.raises(AssertionError):
        assert_same_as_scalars(Branching(), {"hbm_bandwidth": np.array([1.0, 9.0])})
