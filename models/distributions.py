"""What an input may be: distributions by their inverse, and the default of a range.

A range ``low``-``high`` is read as P10-P90 and the value as the median. P10, P50, P90
are what decision analysts ask experts for [1]_, the intervals of the calibrated inputs
are 80 % intervals, and stated extremes are exceeded far more often than their makers
think [2]_, so that reading a range as all that can be would be too sure.

References
----------
.. [1] D. L. Keefer and S. E. Bodily, "Three-point approximations for continuous random
   variables," Manage. Sci. 29(5), 1983, doi:10.1287/mnsc.29.5.595.
.. [2] S. Lichtenstein, B. Fischhoff and L. D. Phillips, "Calibration of probabilities:
   the state of the art to 1980," in Judgment under Uncertainty, Cambridge University
   Press, 1982, pp. 306-334.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import root
from scipy.special import betaincinv, ndtr, ndtri

from breakeven.models.base import Array, unknown_name

LOW, HIGH = 0.1, 0.9
# Score of HIGH: standard deviations of a normal distribution between P50 and P90.
SCORE = float(ndtri(HIGH))
Bounds = tuple[float | None, float | None]


@dataclass(frozen=True)
class Distribution:
    """One uncertain input, in the declared unit of the input."""

    def quantile(self, probability: ArrayLike) -> Array:
        """Value that is not exceeded with a probability; broadcasts."""
        raise NotImplementedError

    def at(self, score: ArrayLike) -> Array:
        """Value at a standard normal score; broadcasts."""
        return self.quantile(ndtr(score))


@dataclass(frozen=True)
class SplitNormal(Distribution):
    """Two half-normals that meet at the median, on a scale that keeps to the bounds.

    ``low``, ``median`` and ``high`` are P10, P50 and P90 exactly. The scale follows
    from the bounds that the range leaves free: the logit between two bounds, the
    logarithm of the distance from one (from 0: a lognormal, with a sigma for each
    half), linear with none. A bound that ``low`` or ``high`` touches clips the tail: a
    low of 0 says that in one case of ten there is nothing.

    References
    ----------
    G. T. Fechner, Kollektivmasslehre, 1897, in K. F. Wallis, "The two-piece normal,
    binormal, or double Gaussian distribution," Stat. Sci. 29(1), 2014,
    doi:10.1214/13-STS417; here cut at the median, not at the mode.
    """

    low: float
    median: float
    high: float
    floor: float = -np.inf
    ceiling: float = np.inf

    def quantile(self, probability: ArrayLike) -> Array:
        """Value that is not exceeded with a probability; broadcasts."""
        return self.at(ndtri(probability))

    def at(self, score: ArrayLike) -> Array:
        """Value at a standard normal score; broadcasts."""
        score = np.asarray(score, float)
        floor = self.floor if self.low > self.floor else -np.inf
        ceiling = self.ceiling if self.high < self.ceiling else np.inf
        ends = np.array((self.low, self.median, self.high))
        low, middle, high = _scaled(ends, floor, ceiling)
        step = np.where(score < 0.0, middle - low, high - middle) / SCORE
        value = _unscaled(middle + score * step, floor, ceiling)
        return np.clip(value, self.floor, self.ceiling)


@dataclass(frozen=True)
class Triangular(Distribution):
    """A density that rises evenly to its mode and falls evenly from it."""

    minimum: float
    mode: float
    maximum: float

    def quantile(self, probability: ArrayLike) -> Array:
        """Value that is not exceeded with a probability; broadcasts."""
        p = np.asarray(probability, float)
        width = self.maximum - self.minimum
        rise, fall = self.mode - self.minimum, self.maximum - self.mode
        left = self.minimum + np.sqrt(p * width * rise)
        right = self.maximum - np.sqrt((1.0 - p) * width * fall)
        return np.where(p * width < rise, left, right)


@dataclass(frozen=True)
class Pert(Distribution):
    """A beta distribution whose mean is (minimum + 4 mode + maximum) / 6.

    References
    ----------
    D. G. Malcolm et al., "Application of a technique for research and development
    program evaluation," Oper. Res. 7(5), 1959, doi:10.1287/opre.7.5.646.
    """

    minimum: float
    mode: float
    maximum: float

    def quantile(self, probability: ArrayLike) -> Array:
        """Value that is not exceeded with a probability; broadcasts."""
        width = self.maximum - self.minimum
        if width <= 0.0:
            return np.full(np.shape(probability), self.mode)
        rise = 1.0 + 4.0 * (self.mode - self.minimum) / width
        share = betaincinv(rise, 6.0 - rise, np.asarray(probability, float))
        return np.asarray(self.minimum + width * share)


@dataclass(frozen=True)
class Uniform(Distribution):
    """Every value between two ends alike."""

    minimum: float
    maximum: float

    def quantile(self, probability: ArrayLike) -> Array:
        """Value that is not exceeded with a probability; broadcasts."""
        p = np.asarray(probability, float)
        return self.minimum + p * (self.maximum - self.minimum)


@dataclass(frozen=True)
class Lognormal(Distribution):
    """A value whose logarithm is normal with a standard deviation ``sigma``."""

    median: float
    sigma: float

    def quantile(self, probability: ArrayLike) -> Array:
        """Value that is not exceeded with a probability; broadcasts."""
        return self.at(ndtri(probability))

    def at(self, score: ArrayLike) -> Array:
        """Value at a standard normal score; broadcasts."""
        return self.median * np.exp(self.sigma * np.asarray(score, float))


@dataclass(frozen=True)
class Table(Distribution):
    """Quantiles given one by one, straight lines between them, flat beyond the ends.

    Raises
    ------
    ValueError
        When probabilities do not rise within [0, 1] or values fall.
    """

    probabilities: tuple[float, ...]
    values: tuple[float, ...]

    def __post_init__(self) -> None:
        """Refuse a table that is not the inverse of a distribution."""
        p, x = np.asarray(self.probabilities), np.asarray(self.values)
        if p.shape != x.shape or p.size < 2 or np.any(np.diff(p) <= 0.0):
            raise ValueError("a table needs two or more rising probabilities")
        if p[0] < 0.0 or p[-1] > 1.0 or not np.all(np.diff(x) >= 0.0):
            raise ValueError(
                "a table has probabilities in [0, 1] and values that do not fall"
            )

    def quantile(self, probability: ArrayLike) -> Array:
        """Value that is not exceeded with a probability; broadcasts."""
        asked = np.asarray(probability, float)
        return np.interp(asked, self.probabilities, self.values)


@dataclass(frozen=True)
class Bounded(Distribution):
    """Another distribution, what lies outside the bounds moved to them."""

    inner: Distribution
    floor: float
    ceiling: float

    def quantile(self, probability: ArrayLike) -> Array:
        """Value that is not exceeded with a probability; broadcasts."""
        return np.clip(self.inner.quantile(probability), self.floor, self.ceiling)


def distribution(
    name: str,
    low: float,
    value: float,
    high: float,
    bounds: Bounds = (None, None),
    kind: str = "split",
) -> Distribution:
    """Distribution whose P10 and P90 are a range, within hard bounds. [1].

    Parameters
    ----------
    name
        Name of the input, for messages. [text]
    low, value, high
        P10, middle (median of ``split``, mode of the others) and P90. [any unit]
    bounds
        Hard bounds of the input; None where there is none. [any unit]
    kind
        split, triangular or pert. [choice]

    Raises
    ------
    ValueError
        When low is above high, the value outside them, or either out of bounds.
    KeyError
        When there is no such kind.

    References
    ----------
    As the classes.
    """
    if kind not in KINDS:
        raise unknown_name("kind of distribution", kind, KINDS)
    if not low <= high:
        raise ValueError(f"{name}: low {low:g} is above high {high:g}")
    if not low <= value <= high:
        raise ValueError(f"{name} = {value:g} lies outside {low:g} to {high:g}")
    floor = -np.inf if bounds[0] is None else float(bounds[0])
    ceiling = np.inf if bounds[1] is None else float(bounds[1])
    if low < floor or high > ceiling:
        raise ValueError(
            f"{name}: {low:g} to {high:g} leaves its bounds {floor:g} to {ceiling:g}"
        )
    if kind == "split":
        return SplitNormal(low, value, high, floor, ceiling)
    return Bounded(_widened(KINDS[kind], low, value, high), floor, ceiling)


def _widened(
    family: type[Triangular] | type[Pert],
    low: float,
    mode: float,
    high: float,
) -> Distribution:
    """Member of a family whose P10 and P90 are given, by Newton's method."""
    width = high - low
    if width <= 0.0:
        return family(mode, mode, mode)

    def member(beyond: Array) -> Distribution:
        below, above = width * np.exp(beyond)
        return family(low - below, mode, high + above)

    def missed(beyond: Array) -> Array:
        return (member(beyond).quantile((LOW, HIGH)) - (low, high)) / width

    found = root(missed, np.log((0.3, 0.3)))
    if np.max(np.abs(found.fun)) > 1e-6:
        raise ValueError(f"no {family.__name__} has P10 {low:g} and P90 {high:g}")
    return member(found.x)


def _scaled(value: Array, floor: float, ceiling: float) -> Array:
    """Value on the scale that runs from -inf to inf between the bounds."""
    if np.isfinite(floor) and np.isfinite(ceiling):
        return np.log((value - floor) / (ceiling - value))
    if np.isfinite(floor):
        return np.log(value - floor)
    return -np.log(ceiling - value) if np.isfinite(ceiling) else value


def _unscaled(scaled: Array, floor: float, ceiling: float) -> Array:
    """Value back from its scale."""
    if np.isfinite(floor) and np.isfinite(ceiling):
        return floor + (ceiling - floor) / (1.0 + np.exp(-scaled))
    if np.isfinite(floor):
        return floor + np.exp(scaled)
    return ceiling - np.exp(-scaled) if np.isfinite(ceiling) else scaled


KINDS: dict[str, Any] = {"split": SplitNormal, "triangular": Triangular, "pert": Pert}
