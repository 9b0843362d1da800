"""Utilisation that rises over months: how a chip comes into use after it is installed.

The use of a chip starts at a share ``s`` of its utilisation and rises on a straight
line over ``R`` months of its age. A fleet is the sum of its chips, whenever each was
installed; one that replaces another finds the load there. What it does in a month of
age is the mean over that month, so that months add up to the line exactly. What is
provisioned does not rise: chips, hosting, maintenance and staff are there from the
first day.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from breakeven.models.annuity import capital_recovery_factor
from breakeven.models.base import Array
from breakeven.models.units import HOUR, HOURS_PER_MONTH

MONTH = HOURS_PER_MONTH * HOUR


def rising_share(age: Array, period: Array, start: Array) -> Array:
    """Mean use in a month of age over the use in the end. [1].

    The mean of ``min(s + (1 - s) t / R, 1)`` over ``t`` from ``age - 1`` to ``age``.

    Parameters
    ----------
    age
        Month of age: 1 is the first. [month]
    period
        Months until the use in the end. [month]
    start
        Use at the start over that in the end. [1]

    References
    ----------
    Own definition; ramp-up periods in project finance and the lease-up of buildings are
    modelled so.
    """
    period = np.asarray(period, float)
    first, last = (np.minimum(age - k, period) for k in (1.0, 0.0))
    lacking = (last - first) * (
        1.0 - (first + last) / (2.0 * np.where(period > 0.0, period, 1.0))
    )
    return np.asarray(1.0 - (1.0 - np.asarray(start, float)) * lacking)


def rising(
    use: dict[str, Any], served: Callable[[Array], Array] | None = None
) -> Array | None:
    """Use by month of age over that in the end, ages last; None without a ramp. [1].

    Parameters
    ----------
    use
        Inputs of an option in base units. [mixed]
    served
        What a week of load serves of a utilisation; None for a level load. [1]

    References
    ----------
    As :func:`rising_share`; with a week of load the demand rises, hour by hour.
    """
    if not np.any(use["ramp_period"]) or not np.any(np.less(use["ramp_start"], 1.0)):
        return None
    period = _last(use["ramp_period"] / MONTH)
    ages = np.arange(1.0, np.ceil(np.max(period) - 1e-9) + 1.0)
    share = rising_share(ages, period, _last(use["ramp_start"]))
    if served is None:
        return share
    asked = _last(use["utilisation"]) * share  # month by month: a week is 168 hours
    early = np.stack([served(asked[..., k]) for k in range(ages.size)], axis=-1)
    return early / _last(served(use["utilisation"]))


def month_weights(rate: Array, periods: Array, ages: int) -> Array:
    """Shares of the months of age in a level stream's present value. [1].

    ``(v^(a-1) - v^a) / (1 - v^n)`` with ``v = 1 / (1 + i)``, ages on the last axis: a
    level charge weighted so is that charge. A month that the life cuts off counts as
    far as it goes, those after it not.

    Parameters
    ----------
    rate
        Rate per month. [1/month]
    periods
        Months of life. [month]
    ages
        Number of months of age. [1]

    References
    ----------
    EQ-01, EQ-15.
    """
    recovery = _last(capital_recovery_factor(rate, periods))
    growth = np.log1p(_last(rate))
    before = np.arange(ages, dtype=float)
    part = np.clip(_last(periods) - before, 0.0, 1.0)
    level = np.abs(growth) < 1e-12
    due = -np.expm1(-part * growth) / np.where(level, 1.0, np.expm1(growth))
    return np.asarray(np.exp(-growth * before) * np.where(level, part, due) * recovery)


def month_shares(periods: Array, ages: int) -> Array:
    """Shares of the months of age in a life. [1].

    Parameters
    ----------
    periods
        Months of life. [month]
    ages
        Number of months of age. [1]

    References
    ----------
    Own definition.
    """
    life = _last(periods)
    return np.asarray(np.clip(life - np.arange(ages, dtype=float), 0.0, 1.0) / life)


def averaged(full: Array, missing: Array, weights: Array) -> Array:
    """Mean of what rises to a level, its months of age weighted. [any].

    Parameters
    ----------
    full
        Level in the end. [any]
    missing
        What is less in each month of age, ages on the last axis. [any]
    weights
        Shares of those months. [1]

    References
    ----------
    EQ-15.
    """
    return np.asarray(full - np.vecdot(missing, weights))


def widened(given: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Inputs of an option by month of age, on one more axis at the end. [mixed].

    Parameters
    ----------
    given
        Inputs by group, ``option.rising`` among them. [mixed]

    References
    ----------
    Own definition.
    """
    wide = {
        group: {name: v if v is None else _last(v) for name, v in values.items()}
        for group, values in given.items()
    }
    use = wide["option"]
    use["utilisation"] = use["utilisation"] * given["option"]["rising"]
    del use["rising"]
    return wide


def _last(value: Any) -> Array:
    """A value with one more axis at the end, for the months of age."""
    return np.asarray(value, float)[..., None]
