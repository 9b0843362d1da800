"""Both sides of a deal with an anchor customer, as rows of tables and of ladders."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from breakeven.models.anchor import SPLITS
from breakeven.models.anchor_outputs import ALTERNATIVES
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario
from breakeven.models.study import Finding

# Label, format, what is said where there is no number, numbers.
Line = tuple[str, str, str, list[Any]]


class Grid(NamedTuple):
    """A table with columns of its own."""

    caption: str
    columns: tuple[str, ...]
    rows: list[Line]


def prices(results: Results) -> list[dict[str, Any]]:
    """Rows of the range of prices: what each mark is. [text]."""
    rival, last = results.labels[-1], len(results.options) - 1
    words = {"buys": f"Customer buys {rival}", "rents": f"Customer rents {rival}"}
    words["builds"] = "Customer builds its own"
    rows: list[dict[str, Any]] = [
        {
            "text": "Both accept  {left:usd} to {right:usd}",
            "who": 0,
            "strong": True,
            "none": "No price suits both",
        },
        {"text": "Provider's least  {left:usd}", "who": 0},
    ]
    rows += [
        {"text": f"Split {rule}  {{left:usd}}", "who": 0, "share": 0.35}
        for rule in SPLITS
    ]
    rows += [
        {
            "text": f"{words[name]}  {{left:usd}}",
            "who": last,
            "none": f"{words[name]}: no price",
        }
        for name in ALTERNATIVES
    ]
    rule = {"text": "Price under the rule in use  {left:usd}", "strong": True}
    return [*rows, rule | {"none": "No price under the rule in use"}]


def splits(found: Finding) -> Grid:
    """Who pays for the design under each rule. [USD]."""
    names = {
        "split_own": "Paid by the provider",
        "split_anchor": "Paid by the anchor",
        "split_price": "Price of a chip, margin included",
    }
    rows: list[Line] = [(w, "usd", "–", list(found[n])) for n, w in names.items()]
    return Grid("Who pays for the design, and the price that follows", SPLITS, rows)


def provider(found: Finding) -> Grid:
    """The programme without the anchor, with it, and at its floor. [mixed]."""
    none, own = np.nan, found["own_volume"]
    whole = found["price"] * found["anchor_volume"]

    def three(name: str) -> list[Any]:
        return [found[f"{name}_{case}"] for case in ("without", "with", "floor")]

    costs = [found["cost_without"], found["cost_with"], found["cost_at_floor"]]
    lost = [none, found["lost_revenue"], whole - found["secured"]]
    paid = [none, found["revenue"], found["secured"]]
    spread = [own, own + found["anchor_volume"], none]
    debt = [none, found["debt"], found["debt"]]
    rows: list[Line] = [
        ("Chips over which the design is spread", "number", "–", spread),
        ("Unit cost, design included", "usd", "–", costs),
        ("Net present value", "usd", "–", three("npv")),
        (
            "Own chips that pay for it at present value, installation included",
            "number",
            "none",
            three("breakeven"),
        ),
        ("Paid by the anchor over the term", "usd", "–", paid),
        ("Borne by the provider: committed, not paid", "usd", "–", lost),
        ("Debt that the floor carries", "usd", "–", debt),
    ]
    return Grid("The provider", ("Without", "With", "At its floor"), rows)


def customer(results: Results, found: Finding) -> Grid:
    """The deal beside what the customer could do instead. [mixed]."""
    rival = results.labels[-1]
    heads = ["Takes the deal", f"Buys {rival}", f"Rents {rival}", "Builds its own"]
    names = ("deal", *ALTERNATIVES)
    each = [found[f"customer_{n}"] for n in names]
    none = np.nan
    rows: list[Line] = [
        (f"USD per {results.work_label}", "usd", "–", each),
        (
            "Price of a chip that is as good",
            "usd",
            "–",
            [found["price"], *(found[f"ceiling_{n}"] for n in ALTERNATIVES)],
        ),
        (
            "Price of a chip that is used",
            "usd",
            "–",
            [found["effective_price"], none, none, none],
        ),
        (
            "A paid chip-hour, server and power in it",
            "usd",
            "–",
            [found["hour_price"], none, none, none],
        ),
        (
            "Paid for chips not taken",
            "usd",
            "–",
            [found["shortfall"], none, none, none],
        ),
    ]
    return Grid("The customer", tuple(heads), rows)


def working(scenario: Scenario, found: Finding) -> tuple[list[str], dict[str, Any]]:
    """Formulas of the deal, and the numbers in them. [mixed]."""
    terms: Any = scenario.studied["anchor"]
    names = "variable_cost nre own_volume anchor_volume cost_without cost_with gain"
    names += " extras floor_price ceiling_price beside per_price paid_by_anchor price"
    names += " secured shortfall debt saving npv_without npv_with idle_effect"
    names += " paid_worth made_worth"
    values = {name: found[name] for name in names.split()}
    values |= {"margin": terms.margin, "floor": terms.floor, "use": terms.use}
    values |= {"taken": max(terms.floor, terms.use)}
    lines = [
        "Unit cost = making + design / (own chips + the anchor's)",
        "without: {variable_cost:usd} + {nre:usd} / {own_volume:number} "
        "= {cost_without:usd}",
        "with: {variable_cost:usd} + {nre:usd} / ({own_volume:number} + "
        "{anchor_volume:number}) = {cost_with:usd}",
        "Provider's least = making + extras / the anchor's chips",
        "= {variable_cost:usd} + {extras:usd} / {anchor_volume:number} "
        "= {floor_price:usd}",
        "Customer's most = (the same work done the other way − running this chip) / "
        "what each dollar of price adds over its life: with {beside:usd} of running "
        "and {per_price:number} a dollar, {ceiling_price:usd}",
        "Price under the rule = (making + the anchor's share / its chips) / "
        "(1 − margin)",
        "= ({variable_cost:usd} + {paid_by_anchor:usd} / {anchor_volume:number}) / "
        "(1 − {margin:percent}) = {price:usd}",
        "Secured = price × chips × floor = {price:usd} × {anchor_volume:number} × "
        "{floor:percent} = {secured:usd}",
        "Shortfall = price × chips × max(0, floor − use) = {shortfall:usd} at a use of "
        "{use:percent}",
        *_worth(),
    ]
    return lines, values


def _worth() -> list[str]:
    """How the present value arises without and with the anchor, and what is not in."""
    return [
        "Net present value without = own chips × saved by each, at present value and "
        "installed over time − design",
        "= {own_volume:number} × {saving:usd} − {nre:usd} = {npv_without:usd}",
        "With = that + the anchor's chips × (price × share paid × present value of 1 "
        "paid over the term − making × present value of 1 spent as they are "
        "installed) − extras",
        "= {npv_without:usd} + {anchor_volume:number} × ({price:usd} × {taken:percent} "
        "× {paid_worth:number} − {variable_cost:usd} × {made_worth:number}) − "
        "{extras:usd} = {npv_with:usd}",
        "Not in it: {idle_effect:usd} of idle hours. They are what these hours would "
        "cost a provider that kept the anchor's chips; sold, their idle hours, server "
        "and power are the customer's, and the floor counts once, in the share paid.",
    ]
