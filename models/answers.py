"""The single numbers that a sensitivity is asked about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from breakeven.models.base import Array, unknown_name
from breakeven.models.results import Results


@dataclass(frozen=True)
class Answer:
    """One number an option, from results: name, unit, words and how it is read."""

    name: str
    unit: str
    label: str
    read: Callable[[Results, int, int], Array]


def answer(name: str) -> Answer:
    """Answer of a name. [mixed].

    Parameters
    ----------
    name
        One of :data:`ANSWERS`. [text]

    Raises
    ------
    KeyError
        When there is no such answer; near names are offered.

    References
    ----------
    Own definition.
    """
    if name not in ANSWERS:
        raise unknown_name("answer", name, ANSWERS)
    return ANSWERS[name]


def answered(results: Results, name: str, option: str = "") -> Array:
    """Values of an answer for one option against the reference. [unit of the answer].

    Parameters
    ----------
    results
        Results of any shape of draws. [mixed]
    name
        One of :data:`ANSWERS`. [text]
    option
        Key of the option; the first one by default. [text]

    Raises
    ------
    KeyError
        When there is no such answer or option; near names are offered.

    References
    ----------
    Own definition.
    """
    option = option or results.options[0]
    if option not in results.options:
        raise unknown_name("option", option, results.options)
    places = (results.option(option), results.option(results.reference))
    return answer(name).read(results, *places)


def _ratio(results: Results, own: int, rival: int) -> Array:
    other = results.cost_per_token[rival]
    # a rival that costs nothing has no ratio to it
    return results.cost_per_token[own] / np.where(other > 0.0, other, np.nan)


def _log_ratio(results: Results, own: int, rival: int) -> Array:
    return np.asarray(np.log(_ratio(results, own, rival)))


def _cost(results: Results, own: int, rival: int) -> Array:
    return np.asarray(results.cost_per_token[own])


def _advantage(results: Results, own: int, rival: int) -> Array:
    return np.asarray(results.cost_per_token[rival] - results.cost_per_token[own])


def _month(results: Results, own: int, rival: int) -> Array:
    month = results.breakeven_month[own]
    known = np.isfinite(_advantage(results, own, rival))
    return np.where(known & np.isnan(month), results.months[-1], month)


ANSWERS = {
    item.name: item
    for item in (
        Answer("ratio", "1", "Levelised cost over the reference's", _ratio),
        Answer("log_ratio", "1", "Logarithm of the cost ratio", _log_ratio),
        Answer("cost_per_token", "USD/{scaled}", "Levelised cost of work", _cost),
        Answer("advantage", "USD/{scaled}", "Saved against the reference", _advantage),
        Answer("breakeven_month", "month", "Break-even, at most the horizon", _month),
    )
}
