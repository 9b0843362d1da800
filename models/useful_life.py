"""What a shorter life does: charge and book value under each set of rules.

Accounting spreads the purchase over a life that is an estimate and can be revised; tax
law has its own schedule; the market has the last word. All are written for a purchase
of 1 at time 0 and hold for any amount.
"""

from __future__ import annotations

import numpy as np

from breakeven.models.base import Array

MONTH_OF_YEAR = 1.0 / 12.0


def line_book(salvage: Array, life: Array, time: Array) -> Array:
    """Book value under the straight line, per purchase price. [1].

    ``1 - (1 - s) min(t / N, 1)``.

    Parameters
    ----------
    salvage
        Salvage, share of the price. [1]
    life
        Useful life. [year]
    time
        Time since the purchase. [year]

    References
    ----------
    EQ-08.
    """
    used = np.clip(np.asarray(time, float) / life, 0.0, 1.0)
    return 1.0 - (1.0 - np.asarray(salvage, float)) * used


def revised_book(
    salvage: Array, life: Array, revised: Array, revision: Array, time: Array
) -> Array:
    """Book value when the useful life is revised on the way, per purchase price. [1].

    Past charges stand; what is left above salvage is spread over what is left of the
    new life, and written off at once when nothing is left of it.

    Parameters
    ----------
    salvage
        Salvage, share of the price. [1]
    life
        Useful life as booked. [year]
    revised
        Useful life as revised, counted from the purchase. [year]
    revision
        Age at which it is revised. [year]
    time
        Time since the purchase. [year]

    References
    ----------
    EQ-46; IAS 8, pars. 36-38 (prospective).
    """
    time, at = np.asarray(time, float), np.asarray(revision, float)
    left = np.asarray(revised, float) - at
    open_ = left > 0.0
    later = np.clip((time - at) / np.where(open_, left, 1.0), 0.0, 1.0)
    later = np.where(open_, later, np.where(time > at, 1.0, 0.0))
    kept = line_book(salvage, life, np.minimum(time, at))
    return kept - (kept - salvage) * later


def yearly_charges(book: Array) -> Array:
    """Charge of each year from book values at the ends of years 0, 1, …. [1/year].

    Parameters
    ----------
    book
        Book values; years on the last axis. [1]

    References
    ----------
    EQ-08.
    """
    return np.asarray(book[..., :-1] - book[..., 1:])


def tax_charges(rates: Array, bonus: Array) -> Array:
    """Tax depreciation of each year with a share expensed at once. [1/year].

    ``b`` in the first year, and ``1 - b`` by the schedule.

    Parameters
    ----------
    rates
        Rates of the schedule; years on the last axis. [1/year]
    bonus
        Share of the price that is expensed in the first year. [1]

    References
    ----------
    EQ-11; US Internal Revenue Code, sec. 168(k).
    """
    share = np.asarray(bonus, float)[..., None]
    first = np.zeros(np.shape(rates)[-1])
    first[0] = 1.0
    return share * first + (1.0 - share) * rates


def charge_change(
    salvage: Array, life: Array, revised: Array, revision: Array
) -> Array:
    """Change of the yearly charge by a revision of the life, per price. [1/year].

    ``(BV - s) (1 / n_new - 1 / n_old)``, n the years left; infinite when none is left
    and something has to be written off.

    Parameters
    ----------
    salvage
        Salvage, share of the price. [1]
    life
        Useful life as booked. [year]
    revised
        Useful life as revised. [year]
    revision
        Age at which it is revised. [year]

    References
    ----------
    EQ-46.
    """
    at = np.asarray(revision, float)
    base = line_book(salvage, life, at) - salvage
    old = np.maximum(np.asarray(life, float) - at, 0.0)
    new = np.maximum(np.asarray(revised, float) - at, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        change = base / new - base / old
    return np.where(base > 0.0, change, 0.0)


def quotes(text: str) -> tuple[Array, Array]:
    """Ages [year] and shares of the price [1] of a table of quotes in words.

    ``"1:0.65, 2:0.45, 3:0.30"``: an age and a share, pairs parted by commas, ages
    ascending; the price when new is 1 at age 0 and need not be said.

    Parameters
    ----------
    text
        The table. [text]

    Raises
    ------
    ValueError
        One line with the pair and the rule.

    References
    ----------
    EQ-12, a table in place of a curve.
    """
    ages, shares = [0.0], [1.0]
    for pair in filter(None, (part.strip() for part in text.split(","))):
        try:
            age, share = (float(word) for word in pair.split(":"))
        except ValueError:
            raise ValueError(f"quote {pair!r} must be age:share") from None
        if not (np.isfinite(age) and np.isfinite(share) and share >= 0.0):
            raise ValueError(f"quote {pair!r}: age and share must not be negative")
        if age == 0.0 and len(ages) == 1:
            shares[0] = share
            continue
        if age <= ages[-1]:
            rule = f"ages must ascend, {age:g} comes after {ages[-1]:g}"
            raise ValueError(f"quote {pair!r}: {rule}")
        ages.append(age)
        shares.append(share)
    return np.array(ages), np.array(shares)
