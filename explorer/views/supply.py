"""What if a supplier slips or cuts, and what a second source is worth."""

from __future__ import annotations

import numpy as np
from panel.viewable import Viewable

from breakeven.explorer import style
from breakeven.explorer.style import Scale
from breakeven.explorer.views.amortisation import room
from breakeven.explorer.views.base import Fed, Feed, top
from breakeven.explorer.views.study import StudyView, beside, near
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario

BARS = {
    "undisturbed": "Nothing goes wrong",
    "single": "Expected, one source",
    "dual": "Expected, with a second source",
    "worst_single": "Worst case, one source",
    "worst_dual": "Worst case, with a second source",
}


class Supply(StudyView):
    """Expected cost by chance of a disruption, expected and worst cases."""

    name = "supply"
    title = "Supply"
    question = "What if a supplier slips or cuts our allocation?"
    studies = ("supply",)
    inputs = (
        "supply.slip_chance",
        "supply.slip",
        "supply.cut_chance",
        "supply.cut",
        "supply.spot_premium",
        "supply.second_share",
        "supply.second_premium",
        "supply.second_surge",
        "supply.common",
        "supply.second_port",
        "supply.period",
    )

    def feed(self, scenario: Scenario, results: Results) -> Feed:
        """Two plots and a table."""
        return [*self._risk(results), *self._cases(results), self._table(results)]

    def _risk(self, results: Results) -> Feed:
        found = self.found(results)
        chances, once = found["chances"], found["single_by_chance"]
        twice = found["dual_by_chance"]
        up = near([once, twice])
        pays = np.where(found["paying_chance"] > 0.0, found["paying_chance"], np.nan)
        height = [
            np.interp(at, chances, row) for at, row in zip(pays, once, strict=True)
        ]
        words = beside(pays, np.array(height), up)
        across = np.array([0.0, room(results.labels), 1.0])
        table = self.table("risk", "Chance", "percent", "usd")
        return [
            self.curves_of("second", chances, twice),
            self.curves_of("risk", chances, once, table),
            self.named_ends("risk", chances, once, up),
            self.marks("now", found["disruption"], found["single"], ""),
            self.marks("now2", found["disruption"], found["dual"], ""),
            self.marks("pays", pays, np.array(height), ""),
            self.marks("pays-said", pays, words, "pays from {x:percent}"),
            *self.ranges_of("risk", across, up),
        ]

    def _cases(self, results: Results) -> Feed:
        found = self.found(results)
        values = np.vstack([found[name] for name in BARS])
        across = np.array([0.0, top(values, 1.6)])
        return [
            (self.grouped("cases", "usd", list(BARS.values())), [values]),
            *self.ranges_of("cases", across, None),
        ]

    def _table(self, results: Results) -> Fed:
        found, work = self.found(results), f"per {results.work_label}"
        rows = [
            ("Chance that it slips or cuts", "", "percent", found["disruption"], "–"),
            ("Saved by the second source", "expected", "usd", found["saving"], "–"),
            (
                "A second source pays from",
                "chance",
                "percent",
                found["paying_chance"],
                "no chance",
            ),
            ("Work from this source", work, "usd", results.cost_per_token, "–"),
            ("Work on the spot market", work, "usd", found["spot_cost"], "–"),
        ]
        asked = results.feasible & results.feasible[-1]
        return self.told("facts", "Supply of each chip", rows, asked)

    def captions(self, results: Results) -> dict[str, str]:
        """What the two plots show."""
        who = " and ".join(results.labels)
        return {
            self.at("risk/figure"): f"Expected cost of the supply of {who} by the "
            "chance of a disruption, with one and with two sources",
            self.at("cases/figure"): f"Expected and worst cost of the supply of {who}",
        }

    def body(self, scenario: Scenario, results: Results) -> Viewable:
        """Cost by chance, the cases as bars, and the table."""
        rows, full = len(results.options), self.full
        risk = style.figure(
            style.paths(full("second"), rows, 2.0, line_dash=[6, 4])
            * style.paths(full("risk"), rows)
            * style.points(full("now"), rows, 10, line_color="white")
            * style.points(full("now2"), rows, 9, fill_color=None)
            * style.points(full("pays"), rows, 13, fill_color=None, line_width=2.5)
            * style.texts(full("pays-said"), rows)
            * style.texts(full("risk-ends"), rows),
            full("risk"),
            Scale("Chance that the supplier slips or cuts", 0, 1, "percent"),
            Scale("USD, expected over the period", 0, 1, "usd"),
        )
        across = Scale("USD over the period", 0, 1, "usd")
        return self.flow(
            self.card(
                "Expected cost by risk",
                "Solid: one source, what is missing is bought on the spot market. "
                "Dashed: a share from a second source, its port included. Dots: the "
                "present chance. Rings: where the second source starts to pay.",
                risk,
                self.data("risk"),
            ),
            self.card(
                "Expected and worst cases",
                "Cost of all work over the period looked at, at levelised cost.",
                self.bar_figure("cases", rows, across, 75 + 19 * 5 * (rows + 1)),
            ),
            self.card("", "", self.slot("facts", "table-slot"), wide=True),
        )
