"""Study: what an anchor customer changes, and which price both sides accept.

The first option is the provider's own chip; the last one is what the customer would buy
or rent instead. Both sides run chips at the same site, for the same work.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from breakeven.models import anchor
from breakeven.models.anchor_deal import Deal, deal_of, each, per_work
from breakeven.models.anchor_inputs import Anchor
from breakeven.models.anchor_outputs import OUTPUTS, RENTS
from breakeven.models.base import Array
from breakeven.models.commitments import (
    financeable_debt,
    take_or_pay_cost,
    take_or_pay_price,
    take_or_pay_shortfall,
)
from breakeven.models.economics import YEAR
from breakeven.models.lifetime import life_of
from breakeven.models.study import Context, Outcome, Study
from breakeven.models.units import HOUR


def _alternatives(deal: Deal) -> dict[str, Array]:
    """Cost to the customer of the work of one provider's chip over its life. [USD]."""
    context, last = deal.context, len(deal.context.costs) - 1
    found: dict[str, Array] = {}
    bought = life_of(context, last, "buy")
    found["buys"] = deal.replaced * bought.at(bought.price)
    rented = [life_of(context, last, kind) for kind in RENTS]
    costs = [deal.replaced * life.at(life.price) for life in rented]
    shape = np.broadcast_shapes(*(np.shape(cost) for cost in costs))
    stacked = np.stack([np.broadcast_to(cost, shape) for cost in costs])
    known = np.isfinite(stacked)
    least = np.where(known, stacked, np.inf).min(axis=0)
    found["rents"] = np.where(known.any(axis=0), least, np.nan)
    own = deal.life.at(deal.life.price) + each(deal.alone, deal.volume)
    wait = np.asarray(deal.terms["customer_wait"] / context.base["finance"]["life"])
    late = np.minimum(wait, 1.0)
    bridge = np.where(late > 0.0, late * found["buys"], 0.0)
    found["builds"] = bridge + (1.0 - late) * own
    return found


def _range(deal: Deal) -> Outcome:
    """Prices between which both agree, and what the customer compares."""
    terms, life = deal.terms, deal.life
    floor = life.price + each(np.asarray(terms["extras"], float), deal.volume)
    port = each(deal.port, deal.volume)
    found: Outcome = {"floor_price": floor, "extras": terms["extras"]}
    found |= {"beside": life.other, "per_price": life.per_price}
    ceilings = []
    for name, cost in _alternatives(deal).items():
        ceiling = anchor.ceiling_price(cost - port, life.other, life.per_price)
        found[f"ceiling_{name}"] = ceiling
        found[f"customer_{name}"] = per_work(deal, cost)
        ceilings.append(ceiling)
    stacked = np.stack(np.broadcast_arrays(*ceilings))
    known = np.isfinite(stacked)
    best = np.where(known, stacked, np.inf)
    found["ceiling_price"] = np.where(known.any(axis=0), best.min(axis=0), np.nan)
    found["best_alternative"] = np.where(known.any(axis=0), best.argmin(axis=0), np.nan)
    gap = found["ceiling_price"] - floor
    found["agreement"] = np.where(np.isnan(gap), np.nan, np.where(gap >= 0.0, 1.0, 0.0))
    return found


def _splits(deal: Deal) -> Outcome:
    """Who pays for the design under each rule, and the price that follows."""
    terms, price = deal.terms, deal.life.price
    found: dict[str, list[Array]] = {"split_own": [], "split_anchor": []}
    found["split_price"] = []
    for rule in anchor.SPLITS:
        shares = anchor.split_cost(
            rule, deal.nre, terms["extras"], deal.own, deal.volume, deal.alone
        )
        found["split_own"].append(shares.own)
        found["split_anchor"].append(shares.anchor)
        found["split_price"].append(
            anchor.charged_price(price, shares.anchor, deal.volume, terms["margin"])
        )
    spread = deal.context.spread
    return {
        name: np.stack([spread(value) for value in values], axis=-1)
        for name, values in found.items()
    }


def _chosen(deal: Deal, splits: Outcome) -> dict[str, Array]:
    """Shares and price under the rule in use."""
    group: Any = deal.context.scenario.studied["anchor"]
    place = anchor.SPLITS.index(group.split)
    return {
        "paid_by_anchor": splits["split_anchor"][..., place],
        "paid_by_own": splits["split_own"][..., place],
        "price": splits["split_price"][..., place],
    }


def _contract(deal: Deal, price: Array) -> Outcome:
    """Take-or-pay: what is secured, what falls short, who bears it, what it carries."""
    terms, volume = deal.terms, deal.volume
    floor, use = terms["floor"], terms["use"]
    secured = price * volume * floor
    debt = financeable_debt(
        secured / deal.years,
        np.asarray(terms["debt_rate"], float) * YEAR,
        deal.years,
        terms["coverage"],
    )
    paid = take_or_pay_cost(price, volume, floor, use)
    busy = np.asarray(deal.context.base[_first(deal)]["utilisation"], float)
    secure = np.where(np.greater(floor, 0.0), floor, np.nan)
    idle = np.nan_to_num(np.maximum(1.0 - busy / secure, 0.0))
    return {
        "revenue": paid,
        "secured": secured,
        "shortfall": take_or_pay_shortfall(price, volume, floor, use),
        "lost_revenue": price * volume - paid,
        "effective_price": take_or_pay_price(price, floor, use),
        "debt": debt,
        "financing_effect": anchor.financing_gain(
            debt, np.asarray(terms["debt_rate"], float) * YEAR, deal.rate, deal.years
        ),
        "idle_effect": deal.life.at(deal.life.price) * volume * idle,
    }


def _first(deal: Deal) -> str:
    return next(iter(deal.context.scenario.options))


def _provider(deal: Deal, price: Array) -> Outcome:
    """Net present value of the programme without and with the anchor."""
    terms, cost = deal.terms, deal.life.price
    last = deal.context.costs[-1]
    whole = deal.context.table["cost_per_token"][-1] / deal.context.scale
    used = deal.replaced * whole * last.work / last.recovery
    bought = life_of(deal.context, len(deal.context.costs) - 1, "buy")
    market = deal.replaced * bought.at(bought.price)
    rival = np.where(np.isnan(market), used, market)  # a provider would buy it
    saving = (rival - deal.life.at(cost)) * deal.spread
    paid = anchor.present_share(deal.rate, deal.years)
    extras = np.where(deal.volume > 0.0, terms["extras"], 0.0)

    def added(share: Array) -> Array:
        margin = np.where(deal.volume > 0.0, price, 0.0) * share * paid
        return deal.volume * (margin - cost * deal.spread) - extras

    taken = added(np.maximum(terms["floor"], terms["use"]))
    least = added(np.asarray(terms["floor"], float))
    alone = deal.own * saving - deal.nre
    safe = np.where(saving > 0.0, saving, np.nan)

    def volume(contribution: Array) -> Array:
        left = np.maximum(deal.nre - contribution, 0.0)
        left = np.where(np.isnan(contribution), np.nan, left)
        return np.where(left > 0.0, left / safe, left)

    return {
        "saving": saving,
        "paid_worth": paid,
        "made_worth": deal.spread,
        "npv_without": alone,
        "npv_with": alone + taken,
        "npv_floor": alone + least,
        "breakeven_without": deal.nre / safe,
        "breakeven_with": volume(taken),
        "breakeven_floor": volume(least),
    }


def _units(deal: Deal) -> Outcome:
    """Unit cost with and without the anchor: now, at the floor, against own volume."""
    cost, volume = deal.life.price, deal.volume
    floor = volume * deal.terms["floor"]
    volumes = deal.context.table["volumes"]

    def longer(value: Array) -> Array:
        return deal.context.spread(value)[..., None]

    own = anchor.shared_unit_cost(longer(cost), longer(deal.nre), volumes, 0.0)
    both = anchor.shared_unit_cost(
        longer(cost), longer(deal.nre), volumes, longer(volume)
    )
    return {
        "variable_cost": cost,
        "nre": deal.nre,
        "own_volume": deal.own,
        "anchor_volume": volume,
        "cost_without": anchor.shared_unit_cost(cost, deal.nre, deal.own, 0.0),
        "cost_with": anchor.shared_unit_cost(cost, deal.nre, deal.own, volume),
        "cost_at_floor": anchor.shared_unit_cost(cost, deal.nre, deal.own, floor),
        "gain": anchor.gain_per_unit(deal.nre, deal.own, volume),
        "curve_without": own,
        "curve_with": both,
    }


def evaluate(context: Context) -> Outcome:
    """Outputs of the study. [mixed].

    Parameters
    ----------
    context
        The scenario and what the core found. [mixed]

    References
    ----------
    EQ-19, EQ-28, EQ-43.
    """
    deal = deal_of(context)
    splits = _splits(deal)
    chosen = _chosen(deal, splits)
    found: Outcome = _units(deal) | _range(deal) | chosen
    found |= _contract(deal, chosen["price"]) | _provider(deal, chosen["price"])
    found["nre_effect"] = chosen["paid_by_anchor"] - np.where(
        deal.volume > 0.0, deal.terms["extras"], 0.0
    )
    port = each(deal.port, deal.volume)
    taken = deal.life.at(chosen["price"]) + port
    found["customer_deal"] = per_work(deal, taken)
    hours = np.maximum(deal.terms["floor"], deal.terms["use"])
    per_hour = deal.life.at(chosen["price"]) * context.costs[0].recovery
    found["hour_price"] = per_hour / np.where(hours > 0.0, hours, np.nan) * HOUR
    for name, output in OUTPUTS.items():
        if not output.axis and name in found:
            found[name] = context.spread(found[name])
    return found | splits | {"volumes": context.table["volumes"]}


ANCHOR = Study(
    name="anchor",
    title="Anchor customer",
    group=Anchor,
    evaluate=evaluate,
    outputs=OUTPUTS,
)
