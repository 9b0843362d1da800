"""What the chips of a scenario bring to a site: value, power, price, supply; by draw.

All of it comes from the economics that the scenario has computed already; the only new
figures are the planner's caps and rules.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from breakeven.models import power
from breakeven.models.base import Array
from breakeven.models.economics import MONTH, owned
from breakeven.models.site_corners import Caps
from breakeven.models.study import Context

QUARTER = 3 * MONTH


@dataclass(frozen=True)
class Terms:
    """Chips of a scenario side by side, draws × K, and the planner's caps, draws.

    ``charge`` is the capital and ``running`` the cash cost of a chip [USD/s];
    ``chip_share`` the part of its purchase, charge and rent that its vendor sets.
    """

    able: Any
    rented: tuple[bool, ...]
    work: Array
    charge: Array
    running: Array
    rent: Array
    purchase: Array
    chip_share: Array
    one_off: Array
    recovery: Array
    power: Array
    delivery: Array
    late: Array
    short: Array
    price_rise: Array
    least_share: Array
    most_share: Array
    price: Array
    power_cap: Array
    budget: Array
    demand: Array
    quarters: Array
    ramp: Array

    def piece(self, cut: slice) -> Terms:
        """The same terms for some of the draws."""
        changed: dict[str, Any] = {
            n: v[cut] for n, v in vars(self).items() if isinstance(v, np.ndarray)
        }
        return replace(self, **changed)

    @property
    def troubled(self) -> bool:
        """Whether anything goes wrong in any draw."""
        return bool(np.any(self.late) or np.any(self.short) or np.any(self.price_rise))

    @property
    def ruled(self) -> bool:
        """Whether there is a rule on any share."""
        return bool(np.any(self.least_share > 0) or np.any(self.most_share < 1))

    def plain(self) -> Terms:
        """The same terms if nothing goes wrong: no delay, cut or dearer chip."""
        none = np.zeros_like(self.late)
        return replace(self, late=none, short=none, price_rise=none)

    def free(self) -> Terms:
        """The same terms without rules on shares."""
        none = np.zeros_like(self.least_share)
        return replace(self, least_share=none, most_share=none + 1.0)


def terms(context: Context) -> Terms:
    """Terms of a scenario, its draws along one axis. [mixed].

    Parameters
    ----------
    context
        What a study may use. [mixed]

    References
    ----------
    EQ-15, EQ-39.
    """
    site = context.base["fleet"]
    keys = tuple(context.scenario.options)
    rules = [context.base[f"{key}.allocation"] for key in keys]
    columns = [_chip(context, place, key) for place, key in enumerate(keys)]
    size = int(np.prod(context.shape))

    def flat(value: Any) -> Array:
        missing = np.inf if value is None else value
        return context.spread(missing).reshape(size)

    def side(values: list[Any]) -> Array:
        return np.stack([flat(value) for value in values], axis=1)

    table = {name: side([c[name] for c in columns]) for name in columns[0]}
    able = np.isfinite(sum(table.values()))
    reference = context.table["cost_per_token"][-1] / context.scale
    return Terms(
        able=able,
        rented=tuple(not owned(g.option) for g in context.scenario.options.values()),
        **{name: np.where(able, value, 0.0) for name, value in table.items()},
        delivery=side([rule["supply"] for rule in rules]),
        **{
            name: side([rule[name] for rule in rules])
            for name in ("late", "short", "price_rise", "least_share", "most_share")
        },
        price=flat(site["price_ratio"] * reference),
        **{
            name: flat(site[name])
            for name in ("power_cap", "budget", "demand", "quarters", "ramp")
        },
    )


def _chip(context: Context, place: int, key: str) -> dict[str, Any]:
    """Terms of one chip, used as asked: a site's plan knows no ramp of use."""
    cost, zero = context.costs[place], 0.0 * context.costs[place].work
    lines = cost.reached_lines
    mine = owned(context.scenario.options[key].option)
    capital = sum((cost.lines[name] for name in cost.parts), zero)
    drawn = power.facility_power(cost.provisioned_power, context.base["site"]["pue"])
    with np.errstate(divide="ignore", invalid="ignore"):
        bought = cost.parts.get("chip", zero) / cost.purchase
    return {
        "work": cost.reached,
        "charge": capital,
        "running": cost.reached_running,
        "rent": sum((lines.get(n, zero) for n in ("rent", "tokens")), zero),
        "purchase": cost.purchase + zero,
        "chip_share": np.where(cost.purchase > 0, bought, 0.0 * cost.purchase),
        "one_off": cost.one_off + zero,
        "recovery": cost.recovery + zero,
        # what is rented stands in somebody else's hall
        "power": drawn if mine else zero,
    }


def risen(given: Terms) -> Terms:
    """Terms with what dearer chips add to purchase, charge and rent. [mixed].

    Parameters
    ----------
    given
        Terms of a scenario. [mixed]

    References
    ----------
    Own definition.
    """
    grown = 1.0 + given.price_rise * given.chip_share
    return replace(
        given,
        purchase=given.purchase * grown,
        charge=given.charge * grown,
        running=given.running + given.rent * given.price_rise,
    )


def caps(given: Terms, aim: str) -> Caps:
    """Terms as caps of the steady state: deliveries of the whole plan. [mixed].

    Parameters
    ----------
    given
        Terms of a scenario. [mixed]
    aim
        margin or work. [text]

    References
    ----------
    EQ-39.
    """
    now = risen(given)
    time = now.quarters[:, None] * QUARTER - now.late
    with np.errstate(invalid="ignore"):
        supply = now.delivery * np.maximum(time, 0.0) * (1.0 - now.short)
    supply = np.where(np.isnan(supply), 0.0, supply)
    gain, fixed = now.work, np.zeros_like(now.one_off)
    if aim == "margin":
        gain = now.price[:, None] * now.work - now.charge - now.running
        fixed = now.one_off * now.recovery
    # a rented chip has no share of the site: it counts by what it would draw elsewhere
    return Caps(
        value=np.where(now.able, gain, 0.0),
        work=now.work,
        power=now.power,
        weight=now.power,
        purchase=now.purchase,
        supply=np.where(now.able, supply, 0.0),
        least_share=now.least_share,
        most_share=now.most_share,
        one_off=now.one_off,
        one_off_value=fixed,
        power_cap=now.power_cap,
        budget=now.budget,
        demand=now.demand,
    )
