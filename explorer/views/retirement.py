"""When the old fleet should be switched off, and how long a new chip should run."""

from __future__ import annotations

import numpy as np
from panel.viewable import Viewable

from breakeven.explorer import money_working, style
from breakeven.explorer.old_fleet import PICK, old_label
from breakeven.explorer.style import Figure, Scale
from breakeven.explorer.views.amortisation import room
from breakeven.explorer.views.base import Fed, Feed, top
from breakeven.explorer.views.study import StudyView, about, beside
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario

LINE = 0.09  # height of a line of words, as a share of the axis of a figure


class Retirement(StudyView):
    """Old against new by month, with and without a cap on power; economic life."""

    name = "retirement"
    title = "Retirement"
    question = "When should the old fleet be switched off?"
    studies = ("retirement",)
    inputs = (
        PICK,
        "retirement.age",
        "retirement.hardware_decline",
        "retirement.new_software_gain",
        "retirement.old_software_gain",
        "retirement.electricity_growth",
        "retirement.maintenance_growth",
        "retirement.value_decay",
        "retirement.resale_share",
        "retirement.markup",
        "retirement.price_decline",
        "retirement.market_value",
        "retirement.book_value",
    )

    def feed(self, scenario: Scenario, results: Results) -> Feed:
        """Three plots and two tables."""
        found = self.found(results)
        old, new = found["old_cost"], found["new_cost"]
        high = np.array([0.0, top([old, *new], 1.12)])
        earned = found["old_contribution"], found["new_contribution"]
        both = about([earned[0], *earned[1]])
        months = found["month"], found["capped_month"]
        return [
            *self._race(results, "cost", (old, new), high, months[0]),
            *self._race(results, "cap", earned, both, months[1]),
            *self._lives(results),
            self._table(results),
            self._worth(scenario, results),
            self._working(scenario, results),
        ]

    def _working(self, scenario: Scenario, results: Results) -> Fed:
        """The month to switch off, step by step."""
        cases, values, case = money_working.retirement(scenario, results)
        return self.working(cases[0], values, *cases[1:], case=case)

    def _race(
        self,
        results: Results,
        plot: str,
        lines: tuple[np.ndarray, np.ndarray],
        up: np.ndarray,
        month: np.ndarray,
    ) -> Feed:
        """The old fleet against new chips, the month of the change marked."""
        months, (old, new) = self.found(results)["months"], lines
        at = np.where(month > 0.0, month, np.nan)
        height = np.array([np.interp(m, months, old) for m in at])
        across = np.array([0.0, months[-1] * room(results.labels), months[-1]])
        table = self.table(plot, "Month", "whole", "usd")
        kept = {"kind": "paths", "source": self.at(f"{plot}-old"), "ink": "plain"}
        up, said = _headroom(at, up)
        return [
            (kept, [months, old[None]]),
            self.curves_of(plot, months, new, table),
            self.named_ends(plot, months, new, up),
            self.marks(f"{plot}-off", at, height, ""),
            self.marks(f"{plot}-said", at, said, "{x:months}"),
            *self.ranges_of(plot, across, up),
        ]

    def _lives(self, results: Results) -> Feed:
        found = self.found(results)
        lives, cost = found["lives"], found["cost_by_life"]
        best = found["economic_life"]
        height = np.array(
            [np.interp(m, lives, row) for m, row in zip(best, cost, strict=True)]
        )
        shown = lives >= 12.0
        up = np.array([0.0, top(cost[:, shown], 1.06)])
        across = np.array([0.0, lives[-1] * room(results.labels), lives[-1]])
        table = self.table("life", "Months kept", "whole", "usd")
        return [
            self.curves_of("life", lives, cost, table),
            self.named_ends("life", lives, cost, up),
            self.marks("best", best, height, ""),
            self.marks("best-said", best, beside(best, height, up), "{x:months}"),
            *self.ranges_of("life", across, up),
        ]

    def _table(self, results: Results) -> Fed:
        found, work = self.found(results), f"per {results.work_label}"
        keep = "keep the old fleet"
        today = found["new_cost"][:, 0]
        rows = [
            ("Full cost today", work, "usd", today, "–"),
            ("Switch off the old fleet", "month", "months", found["month"], keep),
            ("when power is the cap", "month", "months", found["capped_month"], keep),
            ("Written off then", "per old chip", "usd", found["write_off"], "nothing"),
            ("for the whole fleet", "", "usd", found["fleet_write_off"], "nothing"),
            (
                "Economic life of a new one",
                "",
                "months",
                found["economic_life"],
                "over 10 years, or not owned",
            ),
        ]
        return self.told("facts", "What takes over", rows, results.feasible)

    def _worth(self, scenario: Scenario, results: Results) -> Fed:
        found, work = self.found(results), results.work_label
        rows = [
            (f"Avoidable cost today, USD per {work}", found["old_cost"][0], "usd"),
            ("Market value of a chip today", found["market_now"], "usd"),
            ("Book value of a chip today", found["book_now"], "usd"),
            ("Chips that do the work of the reference", found["old_count"], "number"),
        ]
        entry = {
            "kind": "words",
            "element": self.at("worth"),
            "render": "grid",
            "caption": "The old fleet",
            "columns": [old_label(scenario)],
            "rows": [{"label": a, "format": form} for a, _, form in rows],
        }
        return entry, [np.array([[float(value)] for _, value, _ in rows])]

    def axes(self, scenario: Scenario, results: Results) -> dict[str, str]:
        """Unit of work."""
        label = f"USD per {results.work_label}"
        return {self.at("cost/yaxis"): label, self.at("life/yaxis"): label}

    def captions(self, results: Results) -> dict[str, str]:
        """What the three plots show."""
        who = " and ".join(results.labels)
        return {
            self.at("cost/figure"): "Avoidable cost of work on the old fleet by month, "
            f"and full cost on new {who}",
            self.at("cap/figure"): f"What 1 MW earns on the old fleet and on new {who}",
            self.at("life/figure"): f"Level cost of work on {who} by months kept",
        }

    def _plot(self, name: str, rows: int, label: str) -> Figure:
        """A plot of the old fleet against new chips."""
        full = self.full
        drawn = (
            style.paths(full(f"{name}-old"), 1, 2.5, line_dash=[7, 4])
            * style.paths(full(name), rows)
            * style.points(full(f"{name}-off"), rows, 13, fill_color=None, line_width=2)
            * style.texts(full(f"{name}-said"), rows)
            * style.texts(full(f"{name}-ends"), rows)
        )
        across = Scale("Months from today", 0, 60, "months")
        if name == "cap":
            drawn = style.level() * drawn
        return style.figure(drawn, full(name), across, Scale(label, 0, 1, "usd"))

    def _life_plot(self, rows: int) -> Figure:
        """Level cost by life, the cheapest marked."""
        full = self.full
        return style.figure(
            style.paths(full("life"), rows)
            * style.points(full("best"), rows, 13, fill_color=None, line_width=2)
            * style.texts(full("best-said"), rows)
            * style.texts(full("life-ends"), rows),
            full("life"),
            Scale("Months that a new chip is kept", 0, 120, "months"),
            Scale("USD", 0, 1, "usd"),
        )

    def body(self, scenario: Scenario, results: Results) -> Viewable:
        """The three plots, then the tables."""
        rows, old = len(results.options), old_label(scenario)
        return self.flow(
            self.card(
                "Old against new",
                f"Dashed: what switching the old {old} off avoids, what it would fetch "
                "included. Solid: full levelised cost of chips bought in that month. "
                "Pass-through asks this of a fleet bought today, not of an old one.",
                self._plot("cost", rows, "USD"),
                self.data("cost"),
            ),
            self.card(
                "When power is the cap",
                f"What 1 MW of facility power earns a month. Dashed: the old {old} "
                "after avoidable cost. Solid: new chips, after their capital charge as "
                "well.",
                self._plot("cap", rows, "USD per MW and month"),
                self.data("cap"),
            ),
            self.card(
                "Economic life",
                "Level cost of work by how long a chip is kept: its price less resale, "
                "running costs, and what cheaper successors make it lose.",
                self._life_plot(rows),
                self.data("life"),
            ),
            self.card("", "", self.slot("facts", "table-slot")),
            self.card("", "", self.slot("worth", "table-slot"), wide=True),
            self.worked(),
        )


def _headroom(at: np.ndarray, up: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """An axis with room above all lines for words, one below the other, and where."""
    rows = len(at)
    span = (up[1] - up[0]) / (1.0 - LINE * rows)
    taller = np.array([up[0], up[0] + span])
    turn = np.argsort(np.argsort(at))
    return taller, taller[1] - LINE * span * (turn + 0.5)
