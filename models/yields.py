"""Die yield: five laws of how defects spoil dies, each under its own name.

All laws start from m = A D0, the mean number of defects on a die, and differ in how the
defects cluster. The same D0 does not mean the same in two laws (in Bose-Einstein's it
is per critical layer): a defect density belongs to the law it was fitted with. At equal
m: Poisson <= Murphy <= negative binomial (3) <= Seeds, where Murphy passes the third
only beyond m = 16, at yields below half a per cent.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betainc

from breakeven.models.base import Array, Model, fraction, quantity
from breakeven.models.dies import checked_at_door, known_law

_MM2_PER_CM2 = 100.0


def poisson_yield(area: ArrayLike, defect_density: ArrayLike) -> Array:
    """Share of good dies when defects fall independently. [1].

    Arguments broadcast: area [mm2], defect_density [1/mm2].

    exp(-m), m = A D0. A lower bound: real defects cluster.

    References
    ----------
    .. [1] J. A. Cunningham, "The use and evaluation of yield models in integrated
       circuit manufacturing," IEEE Trans. Semicond. Manuf. 3(2), 60-71, 1990,
       doi:10.1109/66.53188.
    """
    return np.exp(-_defects(area, defect_density))


def murphy_yield(area: ArrayLike, defect_density: ArrayLike) -> Array:
    """Share of good dies when D0 varies over wafers as a triangle. [1].

    Arguments broadcast: area [mm2], defect_density [1/mm2].

    ((1 - exp(-m)) / m)^2, m = A D0; 1 at m = 0.

    References
    ----------
    .. [1] B. T. Murphy, "Cost-size optima of monolithic integrated circuits," Proc.
       IEEE 52(12), 1537-1545, 1964, doi:10.1109/PROC.1964.3442.
    """
    m = _defects(area, defect_density)
    none = m == 0.0  # what is not known stays unknown
    ratio = np.where(none, 1.0, -np.expm1(-m) / np.where(none, 1.0, m))
    return (ratio**2)[()]


def seeds_yield(area: ArrayLike, defect_density: ArrayLike) -> Array:
    """Share of good dies when D0 varies over wafers exponentially. [1].

    Arguments broadcast: area [mm2], defect_density [1/mm2].

    1 / (1 + m), m = A D0: the negative binomial law with a clustering of 1.

    References
    ----------
    .. [1] R. B. Seeds, "Yield and cost analysis of bipolar LSI," IEEE Int. Electron
       Devices Meeting, 1967.
    """
    return 1.0 / (1.0 + _defects(area, defect_density))


def negative_binomial_yield(
    area: ArrayLike,
    defect_density: ArrayLike,
    clustering: ArrayLike,
    critical_area_ratio: ArrayLike = 1.0,
) -> Array:
    """Share of good dies when D0 varies as a gamma distribution. [1].

    Arguments broadcast: area [mm2], defect_density [1/mm2], clustering [1] (alpha;
    small is strong), critical_area_ratio [1] share of the area where a defect kills.

    (1 + m / alpha)^-alpha, m = rho A D0. alpha = 1 is Seeds' law, infinite Poisson's.

    References
    ----------
    .. [1] C. H. Stapper, F. M. Armstrong and K. Saji, "Integrated circuit yield
       statistics," Proc. IEEE 71(4), 453-470, 1983, doi:10.1109/PROC.1983.12619.
    """
    alpha = np.asarray(clustering, dtype=float)
    m = _defects(area, defect_density) * np.asarray(critical_area_ratio, dtype=float)
    finite = np.where(np.isinf(alpha), 1.0, alpha)
    exponent = np.where(np.isinf(alpha), m, finite * np.log1p(m / finite))
    return np.exp(-exponent)[()]


def bose_einstein_yield(
    area: ArrayLike, defect_density: ArrayLike, critical_layers: ArrayLike
) -> Array:
    """Share of good dies when each of n layers follows Seeds' law. [1].

    Arguments broadcast: area [mm2], defect_density [1/mm2] of each critical layer,
    critical_layers [1].

    (1 + m)^-n, m = A D0.

    References
    ----------
    .. [1] J. E. Price, "A new look at yield of integrated circuits," Proc. IEEE 58(8),
       1290-1291, 1970.
    """
    layers = np.asarray(critical_layers, dtype=float)
    return np.exp(-layers * np.log1p(_defects(area, defect_density)))


# Law: its equation, the parameters it must have, those it may have.
_LAWS: dict[str, tuple[Callable[..., Array], tuple[str, ...], tuple[str, ...]]] = {
    "poisson": (poisson_yield, (), ()),
    "murphy": (murphy_yield, (), ()),
    "seeds": (seeds_yield, (), ()),
    "negative-binomial": (
        negative_binomial_yield,
        ("clustering",),
        ("critical_area_ratio",),
    ),
    "bose-einstein": (bose_einstein_yield, ("critical_layers",), ()),
}

YIELD_LAWS = tuple(_LAWS)


def law_parameters(law: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Parameters that a law must have beside the defect density, and may have. [name].

    law is one of ``YIELD_LAWS``.
    """
    _, required, optional = _LAWS[law]
    return required, optional


def yield_by_law(
    law: str, area: ArrayLike, defect_density: ArrayLike, **parameters: ArrayLike
) -> Array:
    """Share of good dies by a named law in base units, unchecked. [1].

    law is one of ``YIELD_LAWS``, area [mm2], defect_density [1/mm2], parameters [1] by
    the names of :func:`law_parameters`. NaN stays NaN.
    """
    return _LAWS[law][0](area, defect_density, **parameters)


def die_yield(
    area: ArrayLike,
    defect_density: ArrayLike,
    law: str,
    *,
    clustering: ArrayLike | None = None,
    critical_layers: ArrayLike | None = None,
    critical_area_ratio: ArrayLike | None = None,
) -> Array:
    """Share of good dies by a named law. [1].

    Arguments broadcast: area [mm2], defect_density [1/cm2] (of one critical layer for
    bose-einstein), clustering [1] for negative-binomial, critical_layers [1] for
    bose-einstein, critical_area_ratio [1] for negative-binomial (1 if left out). law is
    one of ``YIELD_LAWS``: poisson, murphy, seeds, negative-binomial, bose-einstein. It
    has no default: a defect density means nothing without its law.

    Examples
    --------
    >>> round(float(die_yield(800, 0.11, "negative-binomial", clustering=10)), 5)
    0.43024

    Raises
    ------
    KeyError
        If the law is unknown.
    ValueError
        If a value is out of bounds, a parameter of the law is missing, or one is given
        that the law does not have.

    References
    ----------
    .. [1] J. A. Cunningham, IEEE Trans. Semicond. Manuf. 3(2), 1990,
       doi:10.1109/66.53188.
    """
    law = known_law("yield law", law, _LAWS)
    equation, required, optional = _LAWS[law]
    parameters = {
        "clustering": clustering,
        "critical_layers": critical_layers,
        "critical_area_ratio": critical_area_ratio,
    }
    chosen: dict[str, Array] = {}
    for name, value in parameters.items():
        if value is None and name in required:
            raise ValueError(f"yield law {law!r} needs {name}")
        if value is not None and name not in required + optional:
            raise ValueError(f"yield law {law!r} takes no {name}")
        if value is not None:
            chosen[name] = checked_at_door(name, value, "1", above=True)
    size = checked_at_door("area", area, "mm2")
    density = checked_at_door("defect_density", defect_density, "1/cm2")
    return equation(size, density / _MM2_PER_CM2, **chosen)


def harvested_yield(
    block_yield: ArrayLike,
    blocks: ArrayLike,
    needed: ArrayLike,
    core_yield: ArrayLike = 1.0,
) -> Array:
    """Share of dies that can be sold when some blocks may be dead. [1].

    Arguments broadcast: block_yield [1] of one block, blocks [1] on the die, needed [1]
    that must work, core_yield [1] of the area that is not repeated.

    core sum_(k = needed)^blocks C(blocks, k) y^k (1 - y)^(blocks - k): blocks fail
    independently, so clustering among the blocks of a die is left out. With needed =
    blocks nothing is harvested.

    References
    ----------
    .. [1] I. Koren and Z. Koren, "Defect tolerance in VLSI circuits," Proc. IEEE 86(9),
       1819-1838, 1998, doi:10.1109/5.705525.
    """
    n, k = np.asarray(blocks, dtype=float), np.asarray(needed, dtype=float)
    y = np.asarray(block_yield, dtype=float)
    enough = np.where(k > 0.0, betainc(np.maximum(k, 1e-300), n - k + 1.0, y), 1.0)
    return (np.asarray(core_yield, dtype=float) * enough)[()]


def _defects(area: ArrayLike, defect_density: ArrayLike) -> Array:
    return np.asarray(area, dtype=float) * np.asarray(defect_density, dtype=float)


class PoissonYield(Model):
    """Share of good dies when defects fall independently."""

    area = quantity(800.0, "mm2", "Die area", slider=(20.0, 858.0))
    defect_density = quantity(0.1, "1/cm2", "Defect density", slider=(0.01, 0.5))
    equation = staticmethod(poisson_yield)


class MurphyYield(Model):
    """Share of good dies when the defect density varies as a triangle."""

    area = quantity(800.0, "mm2", "Die area", slider=(20.0, 858.0))
    defect_density = quantity(0.1, "1/cm2", "Defect density", slider=(0.01, 0.5))
    equation = staticmethod(murphy_yield)


class SeedsYield(Model):
    """Share of good dies when the defect density varies exponentially."""

    area = quantity(800.0, "mm2", "Die area", slider=(20.0, 858.0))
    defect_density = quantity(0.1, "1/cm2", "Defect density", slider=(0.01, 0.5))
    equation = staticmethod(seeds_yield)


class NegativeBinomialYield(Model):
    """Share of good dies when defects cluster."""

    area = quantity(800.0, "mm2", "Die area", slider=(20.0, 858.0))
    defect_density = quantity(0.1, "1/cm2", "Defect density", slider=(0.01, 0.5))
    clustering = quantity(
        10.0,
        "1",
        "Clustering (alpha), small is strong",
        inclusive=(False, True),
        slider=(1.0, 30.0),
    )
    critical_area_ratio = fraction(
        1.0, "Share of the area where a defect kills", zero=False
    )
    equation = staticmethod(negative_binomial_yield)


class BoseEinsteinYield(Model):
    """Share of good dies when each critical layer follows Seeds' law."""

    area = quantity(800.0, "mm2", "Die area", slider=(20.0, 858.0))
    defect_density = quantity(
        0.02, "1/cm2", "Defect density of one critical layer", slider=(0.001, 0.2)
    )
    critical_layers = quantity(
        10.0, "1", "Critical layers", inclusive=(False, True), slider=(1.0, 30.0)
    )
    equation = staticmethod(bose_einstein_yield)
