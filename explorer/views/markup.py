"""How much of a chip's price is margin, and what another margin would save."""

from __future__ import annotations

import numpy as np
from panel.viewable import Viewable

from breakeven.explorer import style
from breakeven.explorer.style import Figure, Scale
from breakeven.explorer.views.base import Entry, Fed, Feed, top
from breakeven.explorer.views.stacked import stack_feed, stack_figure
from breakeven.explorer.views.study import StudyView
from breakeven.explorer.words import sentence_case
from breakeven.models.markup_study import CHIP, STEPS
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario
from breakeven.models.study import Finding

ROWS = len(STEPS) + 2  # of a waterfall: the steps, the price, all that is paid


class Markup(StudyView):
    """Waterfalls from making to all that is paid, a gigawatt in steps, a table."""

    name = "markup"
    title = "Margins"
    question = (
        "How much of the price of a chip is margin, and what would another margin save?"
    )
    studies = ("markup",)
    inputs = (
        "markup.other_margin",
        "markup.foundry_margin",
        "markup.memory_margin",
        "markup.facility_price",
        "{first}.cost_basis",
        "{first}.silicon.partner_margin",
    )

    def feed(self, scenario: Scenario, results: Results) -> Feed:
        """Two waterfalls, a stack and a table."""
        found, last = self.found(results), len(results.options) - 1
        high = top(found["capex"][[0, last]], 1.75)
        reach = np.array([0.0, high])
        return [
            ({"kind": "range", "range": self.at("first/x")}, [reach]),
            self._falls("first", found, 0),
            ({"kind": "range", "range": self.at("last/x")}, [reach]),
            self._falls("last", found, last),
            *self._gigawatt(found),
            self._table(results, found),
            self._working(scenario, results, found),
        ]

    def _working(self, scenario: Scenario, results: Results, found: Finding) -> Fed:
        """The margins of the rival, step by step."""
        rival, terms = results.labels[-1], scenario.studied["markup"]
        names = "price bill seller_margin other_price saved capex capex_per_gw".split()
        values = {name: found[name][-1] for name in [*names, "chips_per_gw"]}
        values |= {"other": terms.base()["other_margin"]}
        values["capex_per_gw"] *= 1e9
        lines = [
            f"{rival}: seller's margin = 1 − costs to make / price",
            "= 1 − {bill:usd} / {price:usd} = {seller_margin:percent}",
            "Price at another margin = price × (1 − margin) / (1 − other margin)",
            "= {price:usd} × (1 − {seller_margin:percent}) / (1 − {other:percent}) "
            "= {other_price:usd}",
            "Paid for a gigawatt = chips on it × (chip + server + network + building)",
            "= {chips_per_gw:number} × {capex:usd} = {capex_per_gw:usd}",
        ]
        return self.working(lines, values)

    def _falls(self, name: str, found: Finding, option: int) -> Fed:
        """One chip from making at cost to all that is paid."""
        steps, price = found["steps"][option], found["price"][option]
        edges = np.append(0.0, np.cumsum(steps[:CHIP]))
        beside = price + np.append(0.0, np.cumsum(steps[CHIP:]))
        left = np.concatenate([edges[:-1], [0.0], beside[:-1], [0.0]])
        right = np.concatenate([edges[1:], [price], beside[1:], beside[-1:]])
        rows = [_row(step, option) for step in STEPS]
        rows.insert(CHIP, _total("Price of the chip"))
        rows.append(_total("Paid for one chip"))
        entry: Entry = {"kind": "ladder", "source": self.at(name), "rows": rows}
        entry |= {"names": self.at(f"{name}-names"), "across": self.at(f"{name}/x")}
        return entry, [left, right]

    def _gigawatt(self, found: Finding) -> Feed:
        right = np.cumsum(found["steps_per_gw"].T, axis=0)
        # where the making is not known the chip is one block, its price
        price = found["price"] * found["chips_per_gw"] / 1e9
        beside = price + np.cumsum(found["steps_per_gw"].T[CHIP:], axis=0)
        made = np.where(np.isnan(right[:CHIP]), price, right[:CHIP])
        right = np.vstack([made, beside])
        left = np.vstack([np.zeros((1, right.shape[1])), right[:-1]])
        names = [sentence_case(name) for name in STEPS]
        return stack_feed(self, "stack", names, [1e9 * left, 1e9 * right])

    def _table(self, results: Results, found: Finding) -> Fed:
        rows = [
            ("Costs to make", "a chip", "usd", found["bill"], "not known"),
            ("Price in use", "a chip", "usd", found["price"], "none"),
            ("Seller's margin", "of the price", "percent", found["seller_margin"], "–"),
            ("Price at the other margin", "", "usd", found["other_price"], "–"),
            ("Saved by it", "a chip", "usd", found["saved"], "–"),
            ("Saved by it", "of all paid", "percent", found["saved_share"], "–"),
            ("Chips on a gigawatt", "", "number", found["chips_per_gw"], "–"),
            ("Paid for a gigawatt", "", "usd", 1e9 * found["capex_per_gw"], "–"),
            ("Saved by it", "a gigawatt", "usd", 1e9 * found["saved_per_gw"], "–"),
            ("Full cost of a chip-hour", "", "usd", found["hour_cost"], "–"),
            ("Cloud's margin on demand", "", "percent", found["cloud_margin"], "–"),
            ("Cloud's margin, 3 years", "", "percent", found["cloud_margin_3yr"], "–"),
        ]
        asked = np.isfinite(found["price"])
        return self.told("facts", "Margins along the way", rows, asked)

    def captions(self, results: Results) -> dict[str, str]:
        """What the three plots show."""
        said = "from making at cost to all that is paid, margin by margin"
        who = " and ".join(results.labels)
        return {
            self.at("first/figure"): f"One {results.labels[0]} {said}",
            self.at("last/figure"): f"One {results.labels[-1]} {said}",
            self.at("stack/figure"): f"What a gigawatt of {who} costs, by step",
        }

    def axes(self, scenario: Scenario, results: Results) -> dict[str, str]:
        """Which chip each waterfall is about."""
        own, rival = results.labels[0], results.labels[-1]
        return {
            self.at("first/xaxis"): f"USD, one {own}",
            self.at("last/xaxis"): f"USD, one {rival}",
        }

    def body(self, scenario: Scenario, results: Results) -> Viewable:
        """Waterfalls side by side, a gigawatt and the table below."""
        small = "Upfront: what each seller adds to one chip, on the same scale."
        unit = Scale("USD a gigawatt", 0, 1, "usd")
        return self.flow(
            self.card("The own chip, step by step", small, self._ladder("first")),
            self.card("Its rival, step by step", small, self._ladder("last")),
            self.card(
                "A gigawatt",
                "Upfront: chips, servers, network and building that a gigawatt of "
                "facility power feeds, by step. Where the making of a chip is not "
                "known, its price is one block.",
                stack_figure(self, "stack", len(results.options), unit, 220),
                wide=True,
            ),
            self.card("", "", self.slot("facts", "table-slot"), wide=True),
            self.worked(),
        )

    def _ladder(self, name: str) -> Figure:
        plain = {"x_offset": 6, "text_font_style": "normal", "text_font_size": "12px"}
        return style.figure(
            style.bars(self.full(name), ROWS)
            * style.texts(self.full(f"{name}-names"), ROWS, **plain),
            self.full(name),
            Scale("USD", 0, 1, "usd"),
            Scale("", 0, ROWS, "hidden"),
            height=330,
        )


def _row(name: str, option: int) -> Entry:
    """How a step is drawn: margins strong, the rest pale."""
    margin = "margin" in name
    said = sentence_case(name)
    return {
        "text": f"{said}  {{size:usd}}",
        "who": option,
        "share": 0.0 if margin else 0.6,
        "none": f"{said}: not known",
    }


def _total(said: str) -> Entry:
    """How a sum is drawn."""
    return {"text": f"{said}  {{right:usd}}", "strong": True, "none": f"{said}: none"}
