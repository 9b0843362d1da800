"""What the software port costs, and what being late costs."""

from __future__ import annotations

import numpy as np
from panel.viewable import Viewable

from breakeven.explorer import style
from breakeven.explorer.style import Figure, Scale
from breakeven.explorer.views.amortisation import room
from breakeven.explorer.views.base import Feed
from breakeven.explorer.views.study import StudyView, about, beside
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario


class Port(StudyView):
    """Cash of the port by month, and its value by delay."""

    name = "port"
    title = "Port"
    question = "What does the software port cost us, and what does being late cost?"
    studies = ("port",)
    inputs = (
        "port.delay",
        "port.engineers",
        "port.duration",
        "port.engineer_cost",
        "port.coverage",
        "port.change_chance",
        "port.carried",
    )

    def feed(self, scenario: Scenario, results: Results) -> Feed:
        """Two plots and a table."""
        return [*self._cash(results), *self._late(results), self._table(results)]

    def _cash(self, results: Results) -> Feed:
        found = self.found(results)
        months, cash = found["months"], found["cash"]
        up = about([cash, found["cash_on_time"]])
        back = np.where(found["payback"] <= months[-1], found["payback"], np.nan)
        words = beside(back, 0.0 * back, up)
        across = np.array([0.0, months[-1] * room(results.labels), months[-1]])
        table = self.table("cash", "Month", "whole", "usd")
        return [
            self.curves_of("ontime", months, found["cash_on_time"]),
            self.curves_of("cash", months, cash, table),
            self.named_ends("cash", months, cash, up),
            self.marks("back", back, 0.0 * back, ""),
            self.marks("back-said", back, words, "paid back: {x:months}"),
            *self.ranges_of("cash", across, up),
        ]

    def _late(self, results: Results) -> Feed:
        found = self.found(results)
        delays, value = found["delays"], found["value_by_delay"]
        delay = found["delay"]
        even = np.where(
            found["breakeven_delay"] <= delays[-1], found["breakeven_delay"], np.nan
        )
        up = about(value)
        words = beside(even, 0.0 * even, up)
        said = {"kind": "columns", "source": self.at("now-said"), "text": "{v:usd}"}
        said["columns"] = ["x", "y", "v"]
        across = np.array([0.0, delays[-1] * room(results.labels), delays[-1]])
        table = self.table("late", "Delay in months", "whole", "usd")
        return [
            self.curves_of("late", delays, value, table),
            self.named_ends("late", delays, value, up),
            self.marks("now", delay, found["value"], ""),
            (said, [delay, beside(delay, found["value"], up), found["value"]]),
            self.marks("even", even, 0.0 * even, ""),
            self.marks("even-said", even, words, "nothing left: {x:months}"),
            *self.ranges_of("late", across, up),
        ]

    def _table(self, results: Results) -> tuple[dict[str, object], list[np.ndarray]]:
        found = self.found(results)
        rows = [
            ("Paid for the port", "", "usd", found["cost"], "–"),
            ("Saved once ready", "a month", "usd", found["saving"], "–"),
            ("Paid back", "month", "months", found["payback"], "never"),
            ("Net present value", "", "usd", found["value"], "–"),
            ("On time it would be", "", "usd", found["value_on_time"], "–"),
            ("Lost to the delay", "", "usd", found["lateness"], "–"),
            (
                "Delay that leaves nothing",
                "",
                "months",
                found["breakeven_delay"],
                "none",
            ),
            (
                "Spending that has to move",
                "share",
                "percent",
                found["breakeven_coverage"],
                "no share pays",
            ),
        ]
        asked = results.feasible & results.feasible[-1]
        asked[-1] = False  # nothing moves to where it is
        return self.told("facts", "The port to each chip", rows, asked)

    def captions(self, results: Results) -> dict[str, str]:
        """What the two plots show."""
        who = " and ".join(results.labels[:-1])
        return {
            self.at("cash/figure"): f"Cumulative cash of the port to {who} by month",
            self.at("late/figure"): f"Net present value of the port to {who} by delay",
        }

    def _figures(self, rows: int) -> tuple[Figure, Figure]:
        """The two plots of so many options."""
        full = self.full
        cash = style.figure(
            style.level()
            * style.paths(full("ontime"), rows, 1.5, line_dash=[5, 4], line_alpha=0.75)
            * style.paths(full("cash"), rows)
            * style.points(full("back"), rows, 13, fill_color=None, line_width=2.5)
            * style.texts(full("back-said"), rows)
            * style.texts(full("cash-ends"), rows),
            full("cash"),
            Scale("Months from the start of the port", 0, 60, "months"),
            Scale("USD, cumulative", 0, 1, "usd"),
        )
        late = style.figure(
            style.level()
            * style.paths(full("late"), rows)
            * style.points(full("now"), rows, 11, line_color="white")
            * style.texts(full("now-said"), rows)
            * style.points(full("even"), rows, 13, fill_color=None)
            * style.texts(full("even-said"), rows)
            * style.texts(full("late-ends"), rows),
            full("late"),
            Scale("Months late", 0, 36, "months"),
            Scale("USD, net present value", 0, 1, "usd"),
        )
        return cash, late

    def body(self, scenario: Scenario, results: Results) -> Viewable:
        """Cash, value by delay, and the table."""
        cash, late = self._figures(len(results.options))
        return self.flow(
            self.card(
                "Cash of the port",
                "Undiscounted: the team until it is ready, then the saving, weighed by "
                "the chance that the model family has not changed. Dashed: on time.",
                cash,
                self.data("cash"),
            ),
            self.card(
                "What being late costs",
                "Net present value over the horizon, by months beyond the plan. The "
                "dot is the present delay.",
                late,
                self.data("late"),
            ),
            self.card("", "", self.slot("facts", "table-slot"), wide=True),
        )
