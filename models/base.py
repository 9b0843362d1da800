"""The shell around the equations: declared quantities, checked once at one door.

An equation is a pure function in base units. A :class:`Group` declares named
quantities with unit, bounds and meaning; a :class:`Model` is a group whose quantities
are the arguments of one equation. ``evaluate`` takes the present scalars, replaces any
of them by arrays, checks them, converts them once, and calls the equation. Nothing is
assigned, so a slider, a sweep and a Monte Carlo draw differ only in what they pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any, ClassVar, Self

import numpy as np
import param
from numpy.typing import ArrayLike, NDArray

from breakeven.models import units

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Evidence:
    """Where a value comes from: status, source, date, range and a note.

    ``status`` is one of vendor, measured, filing, press, analyst, academic, derived,
    recalled, estimate, absent, scenario (its choice), unused, default, edited; ``low``
    and ``high`` are in the unit of the value and None when no range is known. A range
    that another input already carries is shown but not ``drawn`` from.
    """

    status: str = "default"
    source: str = ""
    url: str = ""
    date: str = ""
    note: str = ""
    low: float | None = None
    high: float | None = None
    drawn: bool = True

    def __deepcopy__(self, memo: dict[int, Any]) -> Evidence:
        """Itself: nothing in it can change, and a scenario holds a thousand."""
        return self


def quantity(
    default: float | None,
    unit: str,
    doc: str,
    *,
    bounds: tuple[float | None, float | None] = (0.0, None),
    inclusive: tuple[bool, bool] = (True, True),
    slider: tuple[float, float] | None = None,
    log: bool = False,
) -> param.Number[Any]:
    """Declared input of a group. [unit].

    ``default`` is None when nobody has published the figure; ``doc`` says what it
    means; outside ``bounds`` (physics; ``inclusive`` tells whether each belongs) a
    value is refused; ``slider`` is the range of its control (taste), ``log`` whether
    that is logarithmic.
    """
    units.parse(unit)
    return param.Number(
        default,
        bounds=bounds,
        inclusive_bounds=inclusive,
        softbounds=slider,
        doc=doc,
        allow_None=True,
        metadata={"unit": unit, "log": log},
        per_instance=False,  # nobody changes one; a copy an instance costs a page much
    )


def fraction(
    default: float | None,
    doc: str,
    *,
    zero: bool = True,
    slider: tuple[float, float] | None = None,
) -> param.Number[Any]:
    """Declared share between 0 and 1. [1].

    ``default``, ``doc`` and ``slider`` as in :func:`quantity`; ``zero=False`` refuses
    0 itself.
    """
    return quantity(
        default,
        "1",
        doc,
        bounds=(0.0, 1.0),
        inclusive=(zero, True),
        slider=slider or (0.0 if zero else 0.01, 1.0),
    )


def unknown_name(kind: str, name: str, known: Iterable[str]) -> KeyError:
    """Error for a ``name`` of a ``kind`` that is not ``known``; near ones. [text]."""
    near = get_close_matches(name, list(known), 3, 0.4)
    hint = f"; near: {', '.join(near)}" if near else ""
    return KeyError(f"unknown {kind} {name!r}{hint}")


class Group(param.Parameterized):
    """Named quantities with units: scalars, and the door through which arrays go."""

    _changes = 0  # values set so far
    _kept: tuple[int, dict[str, Any]] = (-1, {})  # values converted, and when

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)  # type: ignore[no-untyped-call]

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """The same values under no name of its own.

        They were checked when they were set here. To set them once more, one by one,
        would cost a page that copies its scenario more than evaluating it.
        """
        new = type(self)()
        values = self._param__private.values
        new._param__private.values.update(
            {n: deepcopy(v, memo) for n, v in values.items() if n != "name"}
        )
        return new

    @classmethod
    def quantities(cls) -> tuple[str, ...]:
        """Names of the declared quantities, in the order of declaration."""
        return tuple(_declared(cls))

    @classmethod
    def unit(cls, name: str) -> str:
        """Declared unit of one quantity."""
        declared = _declared(cls)
        if name not in declared:
            raise unknown_name(f"{cls.__name__} input", name, declared)
        return declared[name]

    def checked(self, name: str, value: ArrayLike, label: str = "") -> Array:
        """``value`` in the declared unit, as an array, refused when out of bounds.

        Raises
        ------
        ValueError
            One line with name, value, bound and unit.
        """
        label = label or f"{type(self).__name__}.{name}"
        unit = self.unit(name)
        try:
            array = np.asarray(value, dtype=float)
        except (TypeError, ValueError):
            raise ValueError(f"{label} = {value!r} is not a number [{unit}]") from None
        ends = (float(array.min()), float(array.max())) if array.size else ()
        if not np.isfinite(ends).all():  # what is not a number is both ends
            raise ValueError(f"{label} = {_first_bad(array)} is not finite [{unit}]")
        parameter = self.param[name]
        for side, worst in enumerate(ends):
            if (bound := (parameter.bounds or (None, None))[side]) is None:
                continue
            closed = parameter.inclusive_bounds[side]
            if side == 0:
                good = worst >= bound if closed else worst > bound
                rule = "at least" if closed else "above"
            else:
                good = worst <= bound if closed else worst < bound
                rule = "at most" if closed else "below"
            if not good:
                raise ValueError(
                    f"{label} = {worst:g} must be {rule} {bound:g} [{unit}]"
                )
        return array

    def admit(self, name: str) -> None:
        """Refuse an input that the present choices of the group rule out."""

    def brought(self, name: str) -> tuple[str, ...]:
        """Inputs that a change of a choice leaves unknown, unless it brings them."""
        return ()

    def rule(self, given: Mapping[str, ArrayLike]) -> str:
        """Rule between quantities that is broken once some are replaced; else empty."""
        return ""

    def base(self, overrides: Mapping[str, ArrayLike] | None = None) -> dict[str, Any]:
        """Every quantity in base units, some replaced by arrays; unknown ones None."""
        result = dict(self._own())
        for name, value in (overrides or {}).items():
            result[name] = self.checked(name, value) * units.factor(self.unit(name))
        return result

    def _own(self) -> dict[str, Any]:
        """The present values in base units, kept until one is set: many ask."""
        now, (then, kept) = self._changes, self._kept
        if now != then:
            kept = {
                name: None if value is None else value * units.factor(unit)
                for name, unit in _declared(type(self)).items()
                for value in (getattr(self, name),)
            }
            # a value that another thread has set meanwhile makes this one old
            self.__dict__["_kept"] = (now, kept)
        return kept

    def __setattr__(self, name: str, value: Any) -> None:
        """Set one value; what was converted is so no more."""
        super().__setattr__(name, value)
        self.__dict__["_changes"] = self._changes + 1


def check_rules(
    groups: Mapping[str, Group],
    given: Mapping[str, Mapping[str, ArrayLike]] | None = None,
) -> None:
    """Refuse quantities of ``groups``, some as ``given``, that contradict. [any].

    Raises
    ------
    ValueError
        One line with names, values and the rule.
    """
    for prefix, group in groups.items():
        if broken := group.rule((given or {}).get(prefix, {})):
            raise ValueError(broken)


class Model(Group):
    """A group whose quantities are the arguments of one pure equation."""

    equation: ClassVar[Callable[..., Any]]
    result_unit: ClassVar[str] = "1"

    __abstract = True

    def evaluate(self, **overrides: ArrayLike) -> Any:
        """Result of the equation in ``result_unit``; overrides broadcast together.

        Raises
        ------
        ValueError
            When a value is out of bounds or an input has no value.
        KeyError
            When an override names no input; the message offers near names.
        """
        arguments = self.base(overrides)
        for name, value in arguments.items():
            if value is None:
                raise ValueError(f"{type(self).__name__}.{name} has no value")
        return type(self).equation(**arguments) / units.factor(self.result_unit)


@cache
def _declared(cls: type[Group]) -> dict[str, str]:
    """Name and unit of each quantity of a class; read once, evaluation asks often."""
    return {
        name: str(p.metadata["unit"])
        for name, p in cls.param.objects("existing").items()
        if isinstance(p, param.Number) and (p.metadata or {}).get("unit")
    }


def _first_bad(array: Array) -> float:
    return float(array[~np.isfinite(array)].flat[0])
