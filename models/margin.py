"""Margins: what a price holds beyond cost, and what another margin would do to it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from breakeven.models.base import Array, Model, fraction, quantity


def price_at_margin(cost: ArrayLike, margin: ArrayLike) -> Array:
    """Price that leaves a gross margin. [USD].

    Arguments broadcast: cost [USD] of goods sold, margin [1] share of the price, below
    1.

    c / (1 - m).

    References
    ----------
    .. [1] R. A. Brealey, S. C. Myers and F. Allen, "Principles of Corporate Finance,"
       13th ed., McGraw-Hill, 2020.
    """
    return np.asarray(cost, dtype=float) * markup(margin)


def markup(margin: ArrayLike) -> Array:
    """Price over cost at a gross margin. [1].

    margin [1]: share of the price that is not cost, below 1.

    1 / (1 - m): 75% is a factor 4.

    References
    ----------
    .. [1] SemiAnalysis, "InferenceMAX: Open Source Inference Benchmarking," 2025.
    """
    return 1.0 / (1.0 - np.asarray(margin, dtype=float))


def gross_margin(price: ArrayLike, cost: ArrayLike) -> Array:
    """Share of a price that is not cost. [1].

    Arguments broadcast: price [USD], cost [USD].

    1 - c / p. Profit over cost is another ratio: p / c - 1.

    References
    ----------
    .. [1] R. A. Brealey, S. C. Myers and F. Allen, "Principles of Corporate Finance,"
       13th ed., McGraw-Hill, 2020.
    """
    return 1.0 - np.asarray(cost, dtype=float) / np.asarray(price, dtype=float)


def price_at_other_margin(
    price: ArrayLike, margin: ArrayLike, other_margin: ArrayLike
) -> Array:
    """Price of the same goods at another gross margin. [USD].

    Arguments broadcast: price [USD] at margin [1]; other_margin [1].

    p (1 - m) / (1 - m').

    References
    ----------
    .. [1] Bernstein (S. Rasgon) on capital cost per gigawatt, Oct. 2025, reported by
       Investing.com (GPU against ASIC margins).
    """
    kept = 1.0 - np.asarray(margin, dtype=float)
    return np.asarray(price, dtype=float) * kept * markup(other_margin)


def stacked_price(cost: ArrayLike, margins: ArrayLike) -> Array:
    """Price after several sellers have each taken a margin. [USD].

    cost [USD] broadcasts with the leading axes of margins [1], whose last axis is the
    chain of sellers (foundry, memory maker, design house, cloud).

    c prod 1 / (1 - m_j), each seller's only cost being the price of the one before.

    References
    ----------
    .. [1] J. J. Spengler, "Vertical integration and antitrust policy," J. Polit. Econ.
       58(4), 347-352, 1950, doi:10.1086/256964.
    """
    chain = np.prod(1.0 - np.asarray(margins, dtype=float), axis=-1)
    return np.asarray(cost, dtype=float) / chain


class PriceAtMargin(Model):
    """Price that leaves a gross margin."""

    cost = quantity(6_400.0, "USD", "Cost of goods sold", slider=(100, 50_000))
    margin = quantity(
        0.5,
        "1",
        "Share of the price that is not cost",
        bounds=(None, 1.0),
        inclusive=(True, False),
        slider=(0.0, 0.9),
    )
    equation, result_unit = staticmethod(price_at_margin), "USD"


class PriceAtOtherMargin(Model):
    """Price of the same goods at another gross margin."""

    price = quantity(30_000.0, "USD", "Price", slider=(100, 100_000))
    margin = fraction(0.75, "Gross margin in that price")
    other_margin = quantity(
        0.5,
        "1",
        "Another gross margin",
        bounds=(None, 1.0),
        inclusive=(True, False),
        slider=(0.0, 0.9),
    )
    equation, result_unit = staticmethod(price_at_other_margin), "USD"
