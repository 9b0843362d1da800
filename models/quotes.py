"""Tables that stand in for a number: resale quotes by date, a weekly load.

Prices of used hardware are not monotone and load is not level, so both may be given as
tables. A table is checked once, when it is made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from breakeven.models.base import Array
from breakeven.models.residual import quoted_value

DAYS = 365.0 / 12.0  # of a month
HOURS = 168  # of a week


@dataclass(frozen=True)
class Resale:
    """Quotes of used hardware, share of its price when new, from the day of purchase.

    ``dates`` as given; the first is the day of purchase.
    """

    dates: tuple[str, ...]
    values: tuple[float, ...]

    def __post_init__(self) -> None:
        """Refuse a table that makes no sense, with the rule."""
        if len(self.dates) != len(self.values) or len(self.dates) < 2:
            raise ValueError(
                f"resale has {len(self.dates)} dates and {len(self.values)} values: "
                "as many of both, and two at least"
            )
        days = [_day(text) for text in self.dates]
        for before, after in zip(self.dates, self.dates[1:], strict=False):
            if _day(after) <= _day(before):
                raise ValueError(
                    f"resale: date {after} follows {before}: dates must ascend"
                )
        for text, value in zip(self.dates, self.values, strict=True):
            if not 0.0 <= value <= 1.0:
                raise ValueError(
                    f"resale: {value:g} at {text} must be between 0 and 1, a share of "
                    "the price"
                )
        months = [(day - days[0]).days / DAYS for day in days]
        object.__setattr__(self, "_table", (np.array(months), np.array(self.values)))

    @property
    def table(self) -> tuple[Array, Array]:
        """Ages in months, and values."""
        found: tuple[Array, Array] = self._table  # type: ignore[attr-defined]
        return found

    def share(self, age: Array) -> Array:
        """Value at an age, straight between quotes. [1].

        Parameters
        ----------
        age
            Age. [month]
        """
        return np.asarray(quoted_value(age, *self.table))


@dataclass(frozen=True)
class Load:
    """Relative load of the hours of a week; its mean is the utilisation."""

    hours: tuple[float, ...]
    name: str = ""

    def __post_init__(self) -> None:
        """Refuse a week that is none, with the rule."""
        if len(self.hours) != HOURS:
            raise ValueError(f"load has {len(self.hours)} hours: a week has {HOURS}")
        if min(self.hours) < 0.0 or not sum(self.hours) > 0.0:
            raise ValueError("load: hours must not be negative, and not all be 0")

    def served(self, utilisation: Any) -> Array:
        """Share of capacity that does work, when demand beyond it is lost. [1].

        ``mean(min(u p, 1))`` with ``p`` the load over its mean: less than ``u`` when
        the busiest hours ask for more than there is.

        Parameters
        ----------
        utilisation
            Mean demand over capacity. [1]
        """
        shape = np.asarray(self.hours) / np.mean(self.hours)
        asked = np.asarray(utilisation, float)[..., None] * shape
        return np.minimum(asked, 1.0).mean(axis=-1)


def resale(dates: Sequence[str], values: Sequence[float]) -> Resale:
    """Table of resale quotes. [1].

    Parameters
    ----------
    dates
        Days or months, ascending, the purchase first. [date]
    values
        Value of the hardware on those days, share of its price when new. [1]

    Raises
    ------
    ValueError
        When dates do not ascend or a value is no share.

    References
    ----------
    EQ-12.
    """
    return Resale(tuple(map(str, dates)), tuple(map(float, values)))


def week(weekday: Sequence[float], weekend: Sequence[float], name: str = "") -> Load:
    """Week of five days of one kind and two of another. [1].

    Parameters
    ----------
    weekday
        Relative load of the 24 hours of a weekday. [1]
    weekend
        Relative load of the 24 hours of a day of the weekend. [1]
    name
        What it is called. [text]

    References
    ----------
    Own definition.
    """
    return Load((*(tuple(weekday) * 5), *(tuple(weekend) * 2)), name)


def _day(text: str) -> date:
    """Day of a date; of a month, its first."""
    full = f"{text}-01" if len(text) == 7 else text
    try:
        return date.fromisoformat(full)
    except ValueError:
        raise ValueError(f"resale: {text!r} is no date such as 2026-03") from None
