"""Calibration of the throughput model: few quantities, shrunk towards their class.

Every quantity of a row is its class-wide base times one factor per group the row
belongs to (chip family, chip, software, precision, …). All of them are fitted together
in log space by robust least squares; a prior pulls each base to a physical guess and
each factor to 1, so a group with few rows stays near its class and one that was never
measured is exactly its class.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.optimize import least_squares

from breakeven.models.base import Array

DEGREES = 4.0  # degrees of freedom of the Student-t error: outliers lose their pull
QUANTILE_80 = 1.2815515655446004  # of the normal distribution, two-sided 80 %
_STEP = 0.01  # of a log quantity, for derivatives
_SHARES = ("_efficiency", "_share", "_ratio")  # endings of quantities that stay below 1
_STEPS = 4  # evaluations between two weightings of the rows
_SETTLED = 1e-3  # change of a log quantity at which the fit is done
_BEND = 6.0  # sharpness with which a share bends towards 1


class Cases(Protocol):
    """Rows with group labels and a model of their rates."""

    labels: list[dict[str, str]]

    def rates(self, quantities: Mapping[str, Array]) -> Array:
        """Natural logarithm of the rate of each row. [1]."""
        ...


@dataclass(frozen=True)
class Prior:
    """What is assumed of one quantity before any row: base and factors by grouping.

    ``spread`` is the standard deviation of the logarithm: of the base around
    ``centre`` (grouping empty), or of the factors of a grouping around 1.
    """

    quantity: str
    grouping: str
    centre: float
    spread: float


@dataclass(frozen=True)
class Effect:
    """One fitted base (label and grouping empty) or factor, with an 80 % interval."""

    quantity: str
    grouping: str
    label: str
    value: float
    low: float
    high: float
    rows: int


def physical(quantities: Mapping[str, Array]) -> dict[str, Array]:
    """Quantities with shares held below 1, smoothly: x·(1 + x^p)^(−1/p). [mixed].

    Products of factors may exceed what physics allows; far below 1 nothing changes.

    Parameters
    ----------
    quantities
        Products of bases and factors, by name. [mixed]

    References
    ----------
    Own form; p is a choice that leaves 0.8 within 4 %.
    """
    return {
        name: value / (1.0 + value**_BEND) ** (1.0 / _BEND)
        if name.endswith(_SHARES)
        else value
        for name, value in quantities.items()
    }


class Design:
    """Which base and factors act on which row, as one matrix per quantity."""

    def __init__(
        self, labels: Sequence[Mapping[str, str]], priors: Sequence[Prior]
    ) -> None:
        self.columns: list[tuple[str, str, str]] = []
        centre, spread = [], []
        for prior in priors:
            members = [""]
            if prior.grouping:
                members = sorted({row[prior.grouping] for row in labels})
            for label in members:
                self.columns.append((prior.quantity, prior.grouping, label))
                centre.append(0.0 if prior.grouping else np.log(prior.centre))
                spread.append(prior.spread)
        self.centre, self.spread = np.array(centre), np.array(spread)
        index = {column: i for i, column in enumerate(self.columns)}
        self.matrices = {
            prior.quantity: np.zeros((len(labels), len(self.columns)))
            for prior in priors
        }
        for prior in priors:
            matrix = self.matrices[prior.quantity]
            for i, row in enumerate(labels):
                label = row[prior.grouping] if prior.grouping else ""
                matrix[i, index[prior.quantity, prior.grouping, label]] = 1.0

    def quantities(self, parameters: Array) -> dict[str, Array]:
        """Base times factors of each quantity in each row. [mixed]."""
        return {n: np.exp(m @ parameters) for n, m in self.matrices.items()}

    def rows(self) -> Array:
        """Rows that each column acts on. [1]."""
        total = sum(np.sum(m, axis=0) for m in self.matrices.values())
        return np.asarray(total)


class Problem:
    """Least squares of one set of rows; ``used`` marks the rows that count."""

    def __init__(
        self, cases: Cases, logs: Array, priors: Sequence[Prior], error: float
    ) -> None:
        self.cases, self.logs, self.error = cases, logs, error
        self.design = Design(cases.labels, priors)

    def predicted(self, parameters: Array) -> Array:
        """Natural logarithm of the rate of each row. [1]."""
        return self.cases.rates(physical(self.design.quantities(parameters)))

    def derivative(self, parameters: Array) -> Array:
        """Derivative of the log rate of each row by each parameter. [1]."""
        quantities = self.design.quantities(parameters)
        base = self.cases.rates(physical(quantities))
        result = np.zeros((base.size, parameters.size))
        for name, matrix in self.design.matrices.items():
            moved = {**quantities, name: quantities[name] * np.exp(_STEP)}
            slope = (self.cases.rates(physical(moved)) - base) / _STEP
            result += slope[:, None] * matrix
        return result

    def fit(self, used: Array, start: Array | None = None, rounds: int = 12) -> Array:
        """Parameters of highest posterior density on the rows used. [1].

        Rows are weighted anew in every round as a Student-t error asks for; each round
        is a weighted least-squares step, and the last change is below 0.1 %.
        """
        design = self.design
        found = design.centre if start is None else start
        for _ in range(rounds):
            scaled = (self.predicted(found) - self.logs)[used] / self.error
            weight = np.sqrt((DEGREES + 1.0) / (DEGREES + scaled**2)) / self.error

            def residuals(parameters: Array, weight: Array = weight) -> Array:
                data = (self.predicted(parameters) - self.logs)[used] * weight
                return np.append(data, (parameters - design.centre) / design.spread)

            def jacobian(parameters: Array, weight: Array = weight) -> Array:
                data = self.derivative(parameters)[used] * weight[:, None]
                return np.vstack((data, np.diag(1.0 / design.spread)))

            solved = least_squares(
                residuals,
                found,
                jac=jacobian,
                x_scale=design.spread,
                max_nfev=_STEPS,
                ftol=1e-4,
            )
            change = float(np.max(np.abs(solved.x - found)))
            found = np.asarray(solved.x)
            if change < _SETTLED:
                break
        return found

    def covariance(self, parameters: Array) -> Array:
        """Covariance of the parameters by the curvature at the optimum. [1]."""
        slope = self.derivative(parameters)
        scaled = (self.predicted(parameters) - self.logs) / self.error
        weight = (DEGREES + 1.0) / (DEGREES + scaled**2) / self.error**2
        curvature = (slope * weight[:, None]).T @ slope
        curvature += np.diag(1.0 / self.design.spread**2)
        return np.asarray(np.linalg.inv(curvature), float)

    def effects(self, parameters: Array) -> list[Effect]:
        """Fitted bases and factors with 80 % intervals and their numbers of rows."""
        width = QUANTILE_80 * np.sqrt(np.diag(self.covariance(parameters)))
        rows = self.design.rows()
        result = []
        for column, centre, spread, count in zip(
            self.design.columns, parameters, width, rows, strict=True
        ):
            quantity, grouping, label = column
            low, value, high = np.exp((centre - spread, centre, centre + spread))
            numbers = (float(value), float(low), float(high))
            result.append(Effect(quantity, grouping, label, *numbers, int(count)))
        return result


def applied(
    effects: Sequence[Effect], labels: Sequence[Mapping[str, str]]
) -> dict[str, Array]:
    """Quantities of rows from stored effects; an unknown group has factor 1. [mixed].

    Parameters
    ----------
    effects
        Fitted bases and factors. [mixed]
    labels
        Groups of each row. [text]

    References
    ----------
    A. Gelman and J. Hill, "Data Analysis Using Regression and Multilevel Models,"
    Cambridge, 2007, chapter 12 (prediction for a new group).
    """
    result: dict[str, Array] = {}
    factors: dict[tuple[str, str], dict[str, float]] = {}
    for effect in effects:
        if not effect.grouping:
            result[effect.quantity] = np.full(len(labels), effect.value)
        else:
            key = (effect.quantity, effect.grouping)
            factors.setdefault(key, {})[effect.label] = effect.value
    for (quantity, grouping), table in factors.items():
        factor = [table.get(row.get(grouping, ""), 1.0) for row in labels]
        result[quantity] = result[quantity] * np.asarray(factor)
    return physical(result)
