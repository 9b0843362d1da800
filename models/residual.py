"""Market value of hardware over time, and what holding it costs.

Second-hand and rental prices need not fall smoothly (H100 rental prices fell until late
2025 and then rose), so a value is a curve or a table of quotes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from breakeven.models.base import Array, Model, quantity


def decay_from_orders(orders: ArrayLike) -> Array:
    """Exponential decay rate of a price that falls by orders of magnitude. [1/year].

    orders [1/year]: powers of ten a year; 0.14 is a factor 0.724 a year.

    q ln 10.

    References
    ----------
    .. [1] B. Cottier et al., "The rising costs of training frontier AI models,"
       arXiv:2405.21015, 2024.
    """
    return np.asarray(orders, dtype=float) * np.log(10.0)


def market_value(price: ArrayLike, decay: ArrayLike, age: ArrayLike) -> Array:
    """Second-hand value of hardware whose price decays exponentially. [USD].

    Arguments broadcast: price [USD] when new, decay [1/year], age [year].

    C exp(-k t). It never rises and never reaches zero; where quotes exist use
    :func:`quoted_value`.

    References
    ----------
    .. [1] B. Cottier et al., arXiv:2405.21015, 2024.
    """
    spent = np.asarray(decay, dtype=float) * np.asarray(age, dtype=float)
    return np.asarray(price, dtype=float) * np.exp(-spent)


def quoted_value(age: ArrayLike, ages: ArrayLike, values: ArrayLike) -> Array:
    """Second-hand value read from a table of quotes. [USD].

    age [year] of any shape; ages [year], ascending, and values [USD] are the table.

    Straight lines between quotes, so that the value may rise as well as fall; the first
    and the last quote hold before and after the table.

    References
    ----------
    .. [1] H. Hotelling, "A general mathematical theory of depreciation," J. Am. Stat.
       Assoc. 20(151), 340-353, 1925.
    """
    when, what = np.asarray(ages, dtype=float), np.asarray(values, dtype=float)
    return np.asarray(np.interp(np.asarray(age, dtype=float), when, what))[()]


def economic_charge(
    start_value: ArrayLike, end_value: ArrayLike, rate: ArrayLike = 0.0
) -> Array:
    """Cost of holding an asset for a period: loss of value and capital charge. [USD].

    Arguments broadcast: start_value [USD], end_value [USD], rate [1/period].

    V_0 - V_1 + r V_0, paid at the end of the period.

    References
    ----------
    .. [1] D. W. Jorgenson, "Capital theory and investment behavior," Am. Econ. Rev.
       53(2), 247-259, 1963 (user cost of capital).
    """
    start = np.asarray(start_value, dtype=float)
    growth = 1.0 + np.asarray(rate, dtype=float)
    return start * growth - np.asarray(end_value, dtype=float)


def depreciation_change(
    book_value: ArrayLike, remaining_old: ArrayLike, remaining_new: ArrayLike
) -> Array:
    """Change of the yearly charge when a useful life is revised. [USD/year].

    Arguments broadcast: book_value [USD] today, remaining_old [year] and remaining_new
    [year] counted from today.

    BV (1 / n_new - 1 / n_old), from today on: past charges are not restated.

    References
    ----------
    .. [1] IAS 8, pars. 36-38; IAS 16, par. 51 (change of estimate).
    """
    new, old = np.asarray(remaining_new, float), np.asarray(remaining_old, float)
    return np.asarray(book_value, dtype=float) * (1.0 / new - 1.0 / old)


class MarketValue(Model):
    """Second-hand value of hardware whose price decays exponentially."""

    price = quantity(30_000.0, "USD", "Price when new", slider=(1_000, 100_000))
    decay = quantity(
        0.322, "1/year", "Rate of decay", bounds=(None, None), slider=(0.0, 1.0)
    )
    age = quantity(2.0, "year", "Age", slider=(0.0, 8.0))
    equation, result_unit = staticmethod(market_value), "USD"
