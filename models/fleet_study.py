"""The study ``fleet``: the best mix of a scenario's chips on one site, steady state."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from breakeven.models.base import Array
from breakeven.models.economics import YEAR
from breakeven.models.fleet_inputs import Allocation, FleetCaps
from breakeven.models.fleet_terms import Terms, caps, terms
from breakeven.models.site_barred import BARRED, reasons, relaxations
from breakeven.models.site_corners import Caps, corner_points
from breakeven.models.site_mix import Mix, best_mix
from breakeven.models.study import Context, Output, Study

__all__ = ["ALLOCATION", "FLEET"]

LEVELS = np.linspace(0.02, 2.0, 67)  # of the power cap: where the frontier is drawn
TOGETHER = 64  # draws whose frontiers are found at once
NONE = np.nan

_PER = {"margin": ("worth", "USD"), "work": ("work", "{scaled}")}


def _worths() -> dict[str, Output]:
    """What one more of each cap adds, in dollars or in work, as the aim asks."""
    said = {
        "power": ("MW", "One more MW", False),
        "budget": ("BUSD", "One more billion dollars of budget", False),
        "demand": ("{scaled}", "One more unit of demand a year", False),
        "supply": ("chip", "One more chip to be had", True),
        "most": ("%", "One point more of the most that a chip may have", True),
        "least": ("%", "One point less of the least that a chip has to have", True),
    }
    return {
        f"{cap}_{suffix}": Output(f"{unit}/year/{per}", label, by_option=each)
        for cap, (per, label, each) in said.items()
        for suffix, unit in _PER.values()
    }


OUTPUTS: dict[str, Output] = {
    "count": Output("chip", "Chips of the best mix", by_option=True),
    "power": Output("MW", "Facility power of the best mix", by_option=True),
    "spend": Output("BUSD", "Purchases and designs of the best mix", by_option=True),
    "power_share": Output("1", "Share of the site's power in use"),
    "budget_share": Output("1", "Share of the budget spent"),
    "margin": Output("USD/year", "Margin of the best mix"),
    "work": Output("{scaled}/year", "Work of the best mix"),
    "alone_margin": Output("USD/year", "Margin with this chip only", by_option=True),
    "alone_work": Output("{scaled}/year", "Work with this chip only", by_option=True),
    "plain_margin": Output("USD/year", "Margin if nothing goes wrong"),
    "plain_work": Output("{scaled}/year", "Work if nothing goes wrong"),
    "free_margin": Output("USD/year", "Margin without rules on shares"),
    "free_work": Output("{scaled}/year", "Work without rules on shares"),
    **_worths(),
    "price": Output("USD/{scaled}", "Price of work"),
    "barred": Output("1", "Why this chip brings nothing", by_option=True, words=BARRED),
    "least_over": Output("1", "Excess of the least shares over the whole"),
    "most_under": Output("1", "What the most shares leave open of the whole"),
    "own_over": Output("1", "Excess of a least share over what may be", by_option=True),
    "design_short": Output("BUSD", "Budget lacking for designs that shares ask for"),
    "power_only": Output("chip", "Chips that the power feeds", by_option=True),
    "budget_only": Output("chip", "Chips that the budget buys", by_option=True),
    "pair": Output("chip", "Best mix of the first and the last", by_option=True),
    "pair_budget": Output(
        "chip", "Chips that the budget buys after both designs", by_option=True
    ),
    "equal_only": Output("chip", "Chips that alone bring as much", by_option=True),
    "corner": Output("chip", "Corners of their region", "corner", by_option=True),
    "level": Output("MW", "Power cap along the frontier", "level"),
    "level_margin": Output("USD/year", "Best margin at a power cap", "level"),
    "level_work": Output("{scaled}/year", "Best work at a power cap", "level"),
    "level_plain_margin": Output("USD/year", "If nothing goes wrong", "level"),
    "level_plain_work": Output("{scaled}/year", "If nothing goes wrong", "level"),
    "level_power": Output(
        "MW", "Power of the best mix at a power cap", "level", by_option=True
    ),
    "level_count": Output("chip", "Best mix at a power cap", "level", by_option=True),
}  # fmt: skip


def _evaluate(context: Context) -> dict[str, Any]:
    """Outputs over all draws, some draws at a time."""
    given = terms(context)
    aim = context.scenario.studied["fleet"].aim  # type: ignore[attr-defined]
    size = len(given.price)
    parts = [
        _outputs(given.piece(slice(start, start + TOGETHER)), aim, context.scale)
        for start in range(0, size, TOGETHER)
    ]
    found = {}
    for name, output in OUTPUTS.items():
        value = np.concatenate([part[name] for part in parts])
        # draws × options × axis, as a study has it: options, draws, axis
        value = value.reshape((*context.shape, *value.shape[1:]))
        found[name] = (
            np.moveaxis(value, len(context.shape), 0) if output.by_option else value
        )
    return found


def _outputs(given: Terms, aim: str, scale: float) -> dict[str, Array]:
    """Outputs of some draws, draws × options × axis."""
    now = caps(given, aim)
    mix = best_mix(now)
    found = _state(now, mix) | _totals(now, mix.count, given, "", scale)
    for prefix, other, differs in (
        ("plain_", given.plain(), given.troubled),
        ("free_", given.free(), given.ruled),
    ):
        then = caps(other, aim) if differs else now
        count = best_mix(then).count if differs else mix.count
        found |= _totals(then, count, other, prefix, scale)
    found |= _alone(given, aim, scale) | _prices(mix, aim, scale)
    found |= _lines(now) | _pair(now) | relaxations(now)
    found["design_short"] = found["design_short"] / 1e9
    found["price"] = given.price * scale
    return found | _frontier(now, given, aim, scale)


def _margin(now: Caps, count: Array, given: Terms) -> Array:
    """Margin of a mix, with the charge of the designs it uses. [USD/s]."""
    value = caps(given, "margin")
    fixed = np.where(count > 1e-6, value.one_off_value, 0.0)
    return np.asarray((count * value.value - fixed).sum(axis=-1))


def _totals(
    now: Caps, count: Array, given: Terms, prefix: str, scale: float
) -> dict[str, Array]:
    """Margin and work a year of a mix."""
    work = (count * now.work).sum(axis=-1)
    margin = np.where(np.isnan(given.price), NONE, _margin(now, count, given))
    return {
        f"{prefix}margin": margin * YEAR,
        f"{prefix}work": work * YEAR / scale,
    }


def _state(now: Caps, mix: Mix) -> dict[str, Array]:
    """Chips, power and money of the mix."""
    power, paid = mix.count * now.power, mix.count * now.purchase
    paid = paid + np.where(mix.count > 1e-6, now.one_off, 0.0)
    return {
        "count": mix.count,
        "power": power / 1e6,
        "spend": paid / 1e9,
        "power_share": power.sum(axis=-1) / now.power_cap,
        "budget_share": paid.sum(axis=-1) / now.budget,
    }


def _alone(given: Terms, aim: str, scale: float) -> dict[str, Array]:
    """What each chip brings when it is the only one, rules on shares aside."""
    one = caps(given.free(), aim)
    with np.errstate(divide="ignore", invalid="ignore"):
        left = one.budget[:, None] - one.one_off
        most = np.minimum(one.power_cap[:, None] / one.power, left / one.purchase)
        most = np.minimum(most, one.demand[:, None] / one.work)
    # what needs neither power nor money has 0 / 0 of them
    most = np.minimum(np.where(np.isnan(most), np.inf, most), one.supply)
    why = reasons(one, given.able, most)
    # what loses money on each chip is not bought, however many could be had
    most = np.where(one.value > 0.0, np.maximum(most, 0.0), 0.0)
    most = np.where(np.isinf(most), NONE, most)
    most = np.where(one.value * most > one.one_off_value, most, 0.0 * most)
    only = np.eye(most.shape[1])[:, None] * most
    found = [_totals(one, count, given, "alone_", scale) for count in only]
    alone = {n: np.stack([part[n] for part in found], axis=1) for n in found[0]}
    return alone | {"barred": why}


def _prices(mix: Mix, aim: str, scale: float) -> dict[str, Array]:
    """Shadow prices a year, in the unit of the aim; the other has none."""
    size = 1.0 if aim == "margin" else scale
    # the cap on demand is a rate: a unit a year more is one over a year more
    per = {"power": 1e6, "budget": 1e9, "demand": scale / YEAR, "supply": 1.0}
    per |= {"most": 0.01, "least": 0.01}
    found = {}
    for cap, step in per.items():
        worth = np.maximum(getattr(mix, f"{cap}_worth"), 0.0) * step * YEAR / size
        for name, (suffix, _) in _PER.items():
            found[f"{cap}_{suffix}"] = worth if name == aim else worth * NONE
    return found


def _lines(now: Caps) -> dict[str, Array]:
    """Chips of each kind that one cap alone would allow."""
    with np.errstate(divide="ignore", invalid="ignore"):
        lines = {
            "power_only": now.power_cap[:, None] / now.power,
            "budget_only": (now.budget[:, None] - now.one_off) / now.purchase,
        }
    return {n: np.where(np.isfinite(v) & (v >= 0), v, NONE) for n, v in lines.items()}


def _pair(now: Caps) -> dict[str, Array]:
    """Picture of the first and the last chip: corners, best mix, equal value."""
    kinds = now.value.shape[-1]
    two = [0, kinds - 1]
    both = replace(
        now,
        **{
            name: value[..., two]
            for name, value in vars(now).items()
            if np.ndim(value) == now.value.ndim
        },
    )
    count = best_mix(both).count
    with np.errstate(divide="ignore", invalid="ignore"):
        equal = (both.value * count).sum(-1, keepdims=True) / both.value
        # both designs are paid for before any chip is bought
        budget = (both.budget - both.one_off.sum(-1))[:, None] / both.purchase
    corner = np.moveaxis(corner_points(both), -1, 1)
    found = {
        "pair": count,
        "pair_budget": np.where(np.isfinite(budget) & (budget >= 0), budget, NONE),
        "equal_only": np.where(np.isfinite(equal) & (equal >= 0), equal, NONE),
        "corner": corner,
    }
    wide = {}
    for name, value in found.items():
        wide[name] = np.full((value.shape[0], kinds, *value.shape[2:]), NONE)
        wide[name][:, two] = value
    return wide


def _frontier(now: Caps, given: Terms, aim: str, scale: float) -> dict[str, Array]:
    """Best mix at every level of the power cap."""
    level = LEVELS[:, None] * now.power_cap
    mix = best_mix(replace(now, power_cap=level))
    found = _totals(now, mix.count, given, "level_", scale)
    before, plain, count = given, now, mix.count
    if given.troubled:
        before = given.plain()
        plain = caps(before, aim)
        count = best_mix(replace(plain, power_cap=level)).count
    found |= _totals(plain, count, before, "level_plain_", scale)
    return {name: value.T for name, value in found.items()} | {
        "level": (level / 1e6).T,
        "level_count": np.moveaxis(mix.count, 0, -1),
        "level_power": np.moveaxis(mix.count * now.power, 0, -1) / 1e6,
    }


FLEET = Study(
    name="fleet",
    title="Fleet of the site",
    group=FleetCaps,
    evaluate=_evaluate,
    outputs=OUTPUTS,
    needs=("allocation",),
)
ALLOCATION = Study(
    name="allocation",
    title="Supply and share",
    group=Allocation,
    evaluate=lambda context: {},
    outputs={},
    per_option=True,
)
