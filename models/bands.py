"""Bands and odds: what a sample of results says of every answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from breakeven.models.base import Array, unknown_name
from breakeven.models.results import Results

PROBABILITIES = (0.1, 0.5, 0.9)
SEED = 1


def _is(unit: str, label: str) -> Mapping[str, str]:
    return {"unit": unit, "label": label}


@dataclass(frozen=True)
class Spread:
    """What a scenario's ranges make of its results.

    Quantiles have :data:`PROBABILITIES` on the first axis, the option on the second;
    odds have the option first. A quantile is the smallest drawn value that at least
    that share of the draws does not exceed. A break-even that never comes is infinite.
    Draws in which a cost does not exist, because an option does not work
    (``infeasible``), are left out of its quantiles and have no winner. By volume, the
    reference stays at the volume of the scenario. Without curves, those are empty.
    """

    options: tuple[str, ...] = field(metadata=_is("", "Options"))
    labels: tuple[str, ...] = field(metadata=_is("", "Names of options"))
    reference: str = field(metadata=_is("", "Option compared with"))
    work_unit: str = field(metadata=_is("", "Unit of work"))
    count: int = field(metadata=_is("1", "Draws"))
    seed: int = field(metadata=_is("1", "Seed of the draws"))

    months: Array = field(metadata=_is("month", "Months"))
    volumes: Array = field(metadata=_is("chip", "Volumes"))
    cumulative_cost: Array = field(metadata=_is("USD", "Cumulative cost"))
    cost_to_date: Array = field(metadata=_is("USD/{scaled}", "Cost to date"))
    cost_by_volume: Array = field(metadata=_is("USD/{scaled}", "Cost at a volume"))
    cost_per_token: Array = field(metadata=_is("USD/{scaled}", "Levelised cost"))
    ratio: Array = field(metadata=_is("1", "Levelised cost over the reference's"))
    breakeven_month: Array = field(metadata=_is("month", "Month of break-even"))
    breakeven_volume: Array = field(metadata=_is("chip", "Volume of break-even"))

    never: Array = field(metadata=_is("1", "Odds of no break-even by the horizon"))
    from_start: Array = field(metadata=_is("1", "Odds of being cheaper at once"))
    overtaken: Array = field(metadata=_is("1", "Odds of break-even by a month"))
    cheapest: Array = field(metadata=_is("1", "Odds of the lowest levelised cost"))
    cheapest_by_month: Array = field(metadata=_is("1", "Odds of the lowest to date"))
    cheapest_by_volume: Array = field(metadata=_is("1", "Odds of the lowest at volume"))
    infeasible: Array = field(metadata=_is("1", "Odds of not working at all"))

    def unit(self, name: str) -> str:
        """Unit of a field, with the unit of work filled in. [text]."""
        unit = type(self).__dataclass_fields__[name].metadata["unit"]
        return str(unit).format(scaled=self.work_unit)

    def option(self, name: str) -> int:
        """Position of an option on its axis. [1]."""
        return self.options.index(name)


def summary(results: Results, seed: int = SEED) -> Spread:
    """Bands and odds of results that have one axis of draws. [mixed].

    Parameters
    ----------
    results
        Results of a sample. [mixed]
    seed
        Of the sample, for the record. [1]

    References
    ----------
    As :class:`Spread`.
    """
    rival = results.option(results.reference)
    cost = results.cost_per_token
    month = _or_never(results.breakeven_month)
    both = np.isfinite(cost) & np.isfinite(cost[rival])
    missed = both & np.isinf(month)
    table: dict[str, Any] = {
        "cumulative_cost": _curves(results.cumulative_cost),
        "cost_to_date": _curves(results.cost_to_date),
        "cost_by_volume": _curves(results.cost_by_volume),
        "cost_per_token": quantiles(cost),
        # a rival that costs nothing has no ratio to it
        "ratio": quantiles(cost / np.where(cost[rival] > 0.0, cost[rival], np.nan)),
        "breakeven_month": quantiles(np.where(both, month, np.nan)),
        "breakeven_volume": quantiles(
            np.where(both, _or_never(results.breakeven_volume), np.nan)
        ),
        "never": missed.mean(axis=1),
        "from_start": (month == 0.0).mean(axis=1),
        "overtaken": _share_by(month, results.months),
        "cheapest": _shares(cost),
        "cheapest_by_month": _shares(results.cost_to_date),
        "cheapest_by_volume": _shares_by_volume(results, rival),
        "infeasible": np.count_nonzero(~results.feasible, axis=1) / cost.shape[1],
    }
    for name in ("breakeven_month", "breakeven_volume"):
        table[name][:, rival] = np.nan
    for name in ("never", "from_start", "overtaken"):
        table[name][rival] = np.nan
    return Spread(
        options=results.options,
        labels=results.labels,
        reference=results.reference,
        work_unit=results.work_unit,
        count=cost.shape[1],
        seed=seed,
        months=results.months,
        volumes=results.volumes,
        **table,
    )


@dataclass(frozen=True)
class Verdict:
    """What a sentence about one option needs: odds, months and what they hang on.

    ``probability`` is that of being ahead for good by ``by_month``; ``months`` are P10,
    P50 and P90 of the month, infinite for never; ``drivers`` are inputs with the share
    of the variance that goes with each, largest first.
    """

    option: str
    reference: str
    by_month: float
    probability: float
    by_horizon: float
    horizon: float
    never: float
    from_start: float
    months: tuple[float, float, float]
    cheapest: float
    infeasible: float
    drivers: tuple[tuple[str, float], ...] = ()


def verdict(
    spread: Spread,
    option: str,
    by_month: float = 24.0,
    drivers: Mapping[str, float] | None = None,
    most: int = 3,
) -> Verdict:
    """Odds that an option overtakes the reference, and by when. [mixed].

    Parameters
    ----------
    spread
        Bands and odds. [mixed]
    option
        Key of an option that is not the reference. [text]
    by_month
        Month asked about; beyond the horizon it is the horizon. [month]
    drivers
        Weight of each input, such as total Sobol' indices. [1]
    most
        Drivers to keep. [1]

    Raises
    ------
    KeyError
        When there is no such option.
    ValueError
        When the option is the reference itself.

    References
    ----------
    Own definition.
    """
    if option not in spread.options:
        raise unknown_name("option", option, spread.options)
    if option == spread.reference:
        raise ValueError(f"{option} is the option that others are compared with")
    place, horizon = spread.option(option), float(spread.months[-1])
    asked = min(max(by_month, 0.0), horizon)
    odds = spread.overtaken[place]
    ranked = sorted((drivers or {}).items(), key=lambda item: -item[1])
    low, middle, high = (float(m) for m in spread.breakeven_month[:, place])
    return Verdict(
        option=option,
        reference=spread.reference,
        by_month=asked,
        probability=float(odds[np.searchsorted(spread.months, asked, "right") - 1]),
        by_horizon=float(odds[-1]),
        horizon=horizon,
        never=float(spread.never[place]),
        from_start=float(spread.from_start[place]),
        months=(low, middle, high),
        cheapest=float(spread.cheapest[place]),
        infeasible=float(spread.infeasible[place]),
        drivers=tuple(ranked[:most]),
    )


def quantiles(values: Array) -> Array:
    """P10, P50 and P90 along the last axis, without what is NaN. [unit of values].

    The smallest value that at least the share asked for does not exceed, so infinite
    values need no arithmetic; NaN where there is no value at all.

    Parameters
    ----------
    values
        Draws on the last axis. [any unit]

    References
    ----------
    R. J. Hyndman and Y. Fan, Am. Stat. 50(4), 1996, doi:10.2307/2684934, definition 1.
    """
    ordered = np.sort(np.ascontiguousarray(values), axis=-1)  # NaN comes last
    known = np.count_nonzero(~np.isnan(ordered), axis=-1)[..., None]
    share = np.array(PROBABILITIES) * known
    # A share such as 0.1 x 2000 must not reach the next draw by rounding.
    place = np.ceil(share - 1e-9 * known).astype(int) - 1
    found = np.take_along_axis(ordered, np.maximum(place, 0), axis=-1)
    return np.moveaxis(found, -1, 0)


def _curves(values: Array) -> Array:
    """Quantiles of curves; nothing when none were kept."""
    return quantiles(np.moveaxis(values, 1, -1)) if values.size else np.empty(0)


def _or_never(crossing: Array) -> Array:
    return np.where(np.isnan(crossing), np.inf, crossing)


def _share_by(month: Array, months: Array) -> Array:
    """Share of draws whose month of break-even has come."""
    ordered = np.sort(month, axis=1)
    passed = [np.searchsorted(row, months, side="right") for row in ordered]
    return np.stack(passed) / month.shape[1]


def _shares(cost: Array) -> Array:
    """Share of draws in which each option is cheapest; equals share the draw."""
    if not cost.size:
        return np.empty(0)
    won = cost == np.fmin.reduce(cost, axis=0)
    winners = won.sum(axis=0)
    if winners.max(initial=0) > 1:
        return np.asarray((won / np.maximum(winners, 1)).mean(axis=1))
    return np.count_nonzero(won, axis=1) / cost.shape[1]


def _shares_by_volume(results: Results, rival: int) -> Array:
    """The same at each volume, the reference staying at its own."""
    cost = results.cost_by_volume.copy()
    if cost.size:
        cost[rival] = results.cost_per_token[rival][:, None]
    return _shares(cost)
