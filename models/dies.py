"""Gross dies per wafer: four formulas in use, each under its own name.

The formulas differ by ten per cent for large dies, because they treat the rim of the
wafer and the saw lines differently; a figure should name the one it uses. The ratio of
areas is not among them: it counts dies that hang over the edge (87 dies of an H100 on a
300 mm wafer, where 58 to 63 fit).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from breakeven.models.base import Array, Model, quantity, unknown_name

RETICLE = (26.0, 33.0)  # mm: the field of a scanner at the wafer
RETICLE_AREA = RETICLE[0] * RETICLE[1]  # mm2


def actuary_dies(
    area: ArrayLike, diameter: ArrayLike, edge: ArrayLike, scribe: ArrayLike
) -> Array:
    """Gross dies on a wafer with a rim and saw lines, real-valued. [die].

    Arguments broadcast: area [mm2] of the die, diameter [mm] of the wafer, edge [mm]
    width of the unused rim, scribe [mm] width of a saw line.

    A' = A + 2 s sqrt(A) + s^2; N = pi (d/2 - E)^2 / A' - pi (d - 2 E) / sqrt(2 A').
    For dies that are about square; 0 where nothing fits.

    References
    ----------
    .. [1] Y. Feng and K. Ma, "Chiplet Actuary," DAC 2022, doi:10.1145/3489517.3530428.
    """
    side = np.sqrt(np.asarray(area, dtype=float)) + np.asarray(scribe, dtype=float)
    usable = np.asarray(diameter, dtype=float) - 2.0 * np.asarray(edge, dtype=float)
    usable = np.maximum(usable, 0.0)
    count = 0.25 * np.pi * usable**2 / side**2 - np.pi * usable / (np.sqrt(2.0) * side)
    return np.maximum(count, 0.0)


def hennessy_patterson_dies(area: ArrayLike, diameter: ArrayLike) -> Array:
    """Gross dies on a wafer without rim or saw lines, real-valued. [die].

    Arguments broadcast: area [mm2] of the die, diameter [mm] of the wafer.

    N = pi (d/2)^2 / A - pi d / sqrt(2 A). For dies that are about square; 0 where
    nothing fits.

    References
    ----------
    .. [1] J. L. Hennessy and D. A. Patterson, "Computer Architecture: A Quantitative
       Approach," 5th ed., Morgan Kaufmann, 2012, sec. 1.6.
    """
    a, d = np.asarray(area, dtype=float), np.asarray(diameter, dtype=float)
    count = 0.25 * np.pi * d**2 / a - np.pi * d / np.sqrt(2.0 * a)
    return np.maximum(count, 0.0)


def flynn_dies(area: ArrayLike, diameter: ArrayLike) -> Array:
    """Gross dies on a wafer shrunk by half a die all round, real-valued. [die].

    Arguments broadcast: area [mm2] of the die, diameter [mm] of the wafer.

    N = pi / (4 A) (d - sqrt(A))^2, without saw lines; 0 for a die wider than the wafer.

    References
    ----------
    .. [1] M. J. Flynn, "Computer Architecture: Pipelined and Parallel Processor
       Design," Jones and Bartlett, 1995, ch. 2.
    """
    a, d = np.asarray(area, dtype=float), np.asarray(diameter, dtype=float)
    return 0.25 * np.pi * np.maximum(d - np.sqrt(a), 0.0) ** 2 / a


def google_dies(
    width: ArrayLike,
    height: ArrayLike,
    diameter: ArrayLike,
    edge: ArrayLike,
    scribe: ArrayLike,
) -> Array:
    """Gross dies on a wafer, a whole number. [die].

    Arguments broadcast: width [mm] and height [mm] of the die, diameter [mm] of the
    wafer, edge [mm] width of the unused rim (3 mm in the source), scribe [mm] saw line.

    A' = (X + s)(Y + s); N = round(pi (d - 2 E) (d / (4 A') - 1 / sqrt(2 A'))). 0 where
    nothing fits.

    References
    ----------
    .. [1] Google, "chiplets-cost-model," 2022, baseline/reader.py.
    """
    saw, d = np.asarray(scribe, dtype=float), np.asarray(diameter, dtype=float)
    pitch = (np.asarray(width, float) + saw) * (np.asarray(height, float) + saw)
    usable = np.maximum(d - 2.0 * np.asarray(edge, dtype=float), 0.0)
    density = d / (4.0 * pitch) - 1.0 / np.sqrt(2.0 * pitch)
    return np.round(np.maximum(np.pi * usable * density, 0.0))


# Law: its equation (of width, height, …), and the rim and saw line it is used with.
_LAWS: dict[str, tuple[Callable[..., Array], dict[str, float]]] = {
    "actuary": (
        lambda x, y, d, **rim: actuary_dies(x * y, d, **rim),
        {"edge": 5.0, "scribe": 0.2},
    ),
    "hennessy-patterson": (lambda x, y, d: hennessy_patterson_dies(x * y, d), {}),
    "flynn": (lambda x, y, d: flynn_dies(x * y, d), {}),
    "google": (google_dies, {"edge": 3.0, "scribe": 0.1}),
}

DIE_LAWS = tuple(_LAWS)
_ALSO = {
    "chiplet-actuary": "actuary",
    "google-chiplet-tool": "google",
    "google-chiplets": "google",
    "hennessy": "hennessy-patterson",
    "bose": "bose-einstein",
    "negbin": "negative-binomial",
}  # as the literature calls them too


def dies_per_wafer(
    width: ArrayLike,
    height: ArrayLike,
    diameter: ArrayLike = 300.0,
    *,
    law: str = "actuary",
    edge: ArrayLike | None = None,
    scribe: ArrayLike | None = None,
    whole: bool = False,
) -> Array:
    """Gross dies on a wafer by a named law. [die].

    Arguments broadcast: width [mm] and height [mm] of the die, diameter [mm] of the
    wafer, edge [mm] width of the unused rim and scribe [mm] width of a saw line, for
    the laws that have them (5 and 0.2 mm for actuary, 3 and 0.1 mm for google unless
    given). law is one of ``DIE_LAWS``: actuary, hennessy-patterson, flynn, google.
    ``whole`` rounds to the nearest die, which google always does; the others are
    real-valued. 0 where not even one die lies within the usable circle.

    Examples
    --------
    >>> float(dies_per_wafer(14.5, 25.8, law="google"))
    150.0

    Raises
    ------
    KeyError
        If the law is unknown.
    ValueError
        If a length is out of bounds, or the law has no such parameter.

    References
    ----------
    .. [1] D. K. de Vries, "Investigation of gross die per wafer formulas," IEEE Trans.
       Semicond. Manuf. 18(1), 136-139, 2005, doi:10.1109/TSM.2004.836656.
    """
    law = known_law("law of dies per wafer", law, _LAWS)
    equation, rim = _LAWS[law]
    given = {"edge": edge, "scribe": scribe}
    for name, value in given.items():
        if value is not None and name not in rim:
            raise ValueError(f"law {law!r} of dies per wafer takes no {name}")
    used = dict[str, ArrayLike](rim)
    used |= {name: value for name, value in given.items() if value is not None}
    checked = {name: checked_at_door(name, value, "mm") for name, value in used.items()}
    lengths = {"width": width, "height": height, "diameter": diameter}
    sides = [
        checked_at_door(name, value, "mm", above=True)
        for name, value in lengths.items()
    ]
    usable = sides[2] - 2.0 * checked.get("edge", np.zeros(()))
    fits = np.hypot(sides[0], sides[1]) <= usable  # else not even one die
    count = equation(*sides, **checked) * np.where(fits, 1.0, 0.0)
    return np.round(count) if whole else count


def fits_reticle(width: ArrayLike, height: ArrayLike) -> Array:
    """Whether a die can be printed in one exposure, either way round. [1].

    Arguments broadcast: width [mm] and height [mm] of the die.

    A larger one needs stitching, as wafer-scale chips and interposers do.

    References
    ----------
    .. [1] SEMI P1 and scanner data sheets: field of 26 x 33 mm at the wafer.
    """
    short = np.minimum(np.asarray(width, float), np.asarray(height, float))
    long = np.maximum(np.asarray(width, float), np.asarray(height, float))
    return np.asarray((short <= RETICLE[0]) & (long <= RETICLE[1]))


def known_law(kind: str, law: str, laws: Iterable[str]) -> str:
    """Name of a law as it is written in the table. [name].

    kind is what the laws are about, law the name given (capitals, spaces and
    underscores do not matter), laws the names known.

    Raises
    ------
    KeyError
        When there is no such law; the message offers near names.
    """
    name = law.strip().lower().replace("_", "-").replace(" ", "-")
    name = _ALSO.get(name, name)
    if name not in laws:
        raise unknown_name(kind, law, laws)
    return name


def checked_at_door(
    name: str, value: ArrayLike, unit: str, *, above: bool = False
) -> Array:
    """Argument of a law as an array, refused when negative. [its unit].

    value of the argument called name, declared in unit; ``above`` refuses 0 as well.

    Raises
    ------
    ValueError
        One line with name, value, bound and unit.
    """
    array = np.asarray(value, dtype=float)
    if np.any(np.isnan(array)):
        raise ValueError(f"{name} = nan is not a number [{unit}]")
    bad = array <= 0.0 if above else array < 0.0
    if np.any(bad):
        rule = "above" if above else "at least"
        raise ValueError(f"{name} = {float(array.min()):g} must be {rule} 0 [{unit}]")
    return array


def _length(
    default: float, doc: str, slider: tuple[float, float], **options: Any
) -> Any:
    return quantity(default, "mm", doc, slider=slider, **options)


class ActuaryDies(Model):
    """Gross dies on a wafer with a rim and saw lines."""

    area = quantity(
        800.0, "mm2", "Die area", inclusive=(False, True), slider=(20.0, 858.0)
    )
    diameter = _length(300.0, "Wafer diameter", (200.0, 300.0), inclusive=(False, True))
    edge = _length(5.0, "Width of the unused rim", (0.0, 8.0))
    scribe = _length(0.2, "Width of a saw line", (0.0, 0.5))
    equation, result_unit = staticmethod(actuary_dies), "1"


class HennessyPattersonDies(Model):
    """Gross dies on a wafer without rim or saw lines."""

    area = quantity(
        800.0, "mm2", "Die area", inclusive=(False, True), slider=(20.0, 858.0)
    )
    diameter = _length(300.0, "Wafer diameter", (200.0, 300.0), inclusive=(False, True))
    equation, result_unit = staticmethod(hennessy_patterson_dies), "1"
