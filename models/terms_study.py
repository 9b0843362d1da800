"""Own, rent, reserve, or pay by the token: cost by utilisation, and where equal."""

from __future__ import annotations

from typing import Any

import numpy as np

from breakeven.models.acquisition import ACQUISITIONS
from breakeven.models.base import Array, Group
from breakeven.models.crossing import CROSSINGS, crossing, crossing_on
from breakeven.models.given import inputs_of
from breakeven.models.hourly import (
    UTILISATIONS,
    Hourly,
    hourly,
    kinked,
    straight,
)
from breakeven.models.study import Context, Outcome, Output, Study

RENTED = tuple(name for name, kind in ACQUISITIONS.items() if not kind.owned)
CHEAPEST = ("no price", *ACQUISITIONS)


class Terms(Group):
    """No inputs of its own: prices belong to chips and models, hours to options."""


def terms(context: Context) -> Outcome:
    """Cost of work on all terms at all utilisations, and break-evens. [USD].

    Owning means buying where a price is known, else building. It is compared with each
    rent at the present number of chips.

    Parameters
    ----------
    context
        What the study may use. [mixed]

    References
    ----------
    EQ-17, EQ-19, EQ-40.
    """
    places = range(len(context.costs))
    lines = [
        {kind: hourly(context, place, UTILISATIONS, kind) for kind in ACQUISITIONS}
        for place in places
    ]
    shares, reasons = _evens(lines, context.shape, rises=context.rises)
    found = [
        _of(context, place, lines[place], shares[place], reasons[place])
        for place in places
    ]
    return {name: np.stack([f[name] for f in found]) for name in found[0]} | {
        "utilisations": UTILISATIONS
    }


def _of(
    context: Context,
    place: int,
    lines: dict[str, Hourly],
    shares: Array,
    reasons: Array,
) -> dict[str, Array]:
    key = tuple(context.scenario.options)[place]
    given = inputs_of(context.scenario, context.base, key)
    now = np.asarray(given["option"]["utilisation"], float)
    outcome: dict[str, Array] = {}
    here: dict[str, Array] = {}
    for kind, line in lines.items():
        cost = np.array(line.unit_cost(context.scale))
        outcome[f"cost_{kind}"] = cost
        here[kind] = np.array(_at(now, cost, context.shape))
        outcome[f"now_{kind}"] = here[kind]
    for kind, share, reason in zip(RENTED, shares, reasons, strict=True):
        outcome[f"even_{kind}"], outcome[f"even_{kind}_reason"] = share, reason
        outcome[f"even_{kind}_cost"] = np.array(
            _at(share, outcome[f"cost_{kind}"], context.shape)
        )
    table = np.stack(list(here.values()))
    known = np.isfinite(table)
    best = np.where(known, table, np.inf).argmin(axis=0) + 1
    outcome["cheapest"] = np.where(known.any(axis=0), best, 0)
    return outcome


def _owned(lines: dict[str, Hourly]) -> Hourly:
    """Buying where that has a price, else building."""
    bought = np.isfinite(lines["buy"].cost).any()
    return lines["buy"] if bought else lines["build"]


def _evens(
    lines: list[dict[str, Hourly]], shape: tuple[int, ...], *, rises: bool
) -> tuple[Array, Array]:
    """Utilisation from which owning costs less, by option and rent, and why none.

    All of them in one search: what a search costs hardly depends on how many there are.
    """
    owned = np.stack([_owned(line).cost for line in lines])[:, None]
    rented = np.stack([[line[kind].cost for kind in RENTED] for line in lines])
    if rises:
        return crossing_on(owned - rented, UTILISATIONS)
    wide = (len(lines), len(RENTED), *shape)
    low, high = (np.full(wide, UTILISATIONS[place]) for place in (0, -1))
    return crossing(_gap, low, high, *straight(owned), *kinked(rented))


def _gap(
    share: Array,
    fixed: Array,
    slope: Array,
    floor: Array,
    level: Array,
    steep: Array,
) -> Array:
    """Cost of an owned chip less that of a rented one, both per second."""
    return fixed + slope * share - np.maximum(floor, level + steep * share)


def _at(share: Array, cost: Array, shape: tuple[int, ...]) -> Array:
    """Cost at one utilisation, between those of the table."""
    place = np.broadcast_to(share, shape) - UTILISATIONS[0]
    step = UTILISATIONS[1] - UTILISATIONS[0]
    index = np.clip(np.nan_to_num(place) / step, 0.0, UTILISATIONS.size - 1.0)
    low = np.minimum(np.floor(index), UTILISATIONS.size - 2.0).astype(int)
    below = np.take_along_axis(cost, low[..., None], -1)[..., 0]
    above = np.take_along_axis(cost, low[..., None] + 1, -1)[..., 0]
    # costs fall as one over utilisation: straight in work, not in its inverse
    first, second = UTILISATIONS[low], UTILISATIONS[low + 1]
    here = first + (index - low) * step
    part = (here - first) / step
    found = ((1.0 - part) * below * first + part * above * second) / here
    return np.where(np.isnan(place), np.nan, found)


def _output(unit: str, label: str, axis: str = "", **more: Any) -> Output:
    return Output(unit, label, axis, by_option=True, **more)


WORDS = {
    "buy": "bought",
    "build": "built",
    "rent": "rented on demand",
    "spot": "rented on spot",
    "block": "rented by the block",
    "commit_1yr": "committed for 1 year",
    "commit_3yr": "committed for 3 years",
    "api": "bought by the token from a host",
}

TERMS = Study(
    name="terms",
    title="Own, rent, reserve or pay by the token",
    group=Terms,
    evaluate=terms,
    outputs={
        "utilisations": Output("1", "Utilisation", "utilisations", shared=True),
        **{
            f"cost_{kind}": _output(
                "USD/{scaled}", f"Levelised cost, {words}", "utilisations"
            )
            for kind, words in WORDS.items()
        },
        **{
            f"now_{kind}": _output("USD/{scaled}", f"Levelised cost now, {words}")
            for kind, words in WORDS.items()
        },
        **{
            name: output
            for kind in RENTED
            for name, output in (
                (
                    f"even_{kind}",
                    _output("1", f"Utilisation from which owning beats {WORDS[kind]}"),
                ),
                (
                    f"even_{kind}_cost",
                    _output("USD/{scaled}", f"Cost where owning equals {WORDS[kind]}"),
                ),
                (
                    f"even_{kind}_reason",
                    _output("1", f"Owning against {WORDS[kind]}", words=CROSSINGS),
                ),
            )
        },
        "cheapest": _output("1", "Cheapest terms now", words=CHEAPEST),
    },
)
