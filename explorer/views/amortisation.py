"""When an option has paid for itself: by month, and by volume."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from panel.viewable import Viewable

from breakeven.explorer import style
from breakeven.explorer.views.base import Entry, View, top
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario

Array = NDArray[np.float64]


MANY = (1e3, 1e7)  # chips: the axis of volumes, longer when fewer are built


def room(labels: tuple[str, ...]) -> float:
    """Length of the month axis over its months: names stand behind the lines."""
    longest = min(max(map(len, labels)), 18)
    return 1.0 / (0.955 - 0.0235 * longest)


class Amortisation(View):
    """Cumulative cost, cost to date and unit cost by volume."""

    name = "amortisation"
    title = "Amortisation"
    curves = True

    def entries(self, scenario: Scenario, results: Results) -> list[Entry]:
        """Three plots: lines, names at their ends, marks, ranges."""
        return [
            {
                "kind": "paths",
                "source": self.at("cost"),
                "table": self.table("cost", "Month", "whole", "usd"),
            },
            {"kind": "ends", "source": self.at("cost-ends")},
            {
                "kind": "columns",
                "source": self.at("cross"),
                "lift": self.at("cost/y"),
                "columns": ["x", "y"],
                "text": "{x:months}",
            },
            {
                "kind": "range",
                "range": self.at("cost/x"),
                "figure": self.at("cost/figure"),
            },
            {"kind": "range", "range": self.at("cost/y")},
            {
                "kind": "paths",
                "source": self.at("date"),
                "table": self.table("date", "Month", "whole", "usd"),
            },
            {"kind": "ends", "source": self.at("date-ends")},
            {
                "kind": "range",
                "range": self.at("date/x"),
                "figure": self.at("date/figure"),
            },
            {"kind": "range", "range": self.at("date/y")},
            {
                "kind": "paths",
                "source": self.at("volume"),
                "table": self.table("volume", "Chips", "number", "usd"),
            },
            {
                "kind": "columns",
                "source": self.at("now"),
                "columns": ["x", "y"],
                "text": "{label}  {y:usd}",
            },
            {
                "kind": "columns",
                "source": self.at("even"),
                "columns": ["x", "y"],
                "text": "break-even {x:number} chips",
                "ink": "plain",
            },
            {"kind": "range", "range": self.at("volume/x")},
            {"kind": "range", "range": self.at("volume/y")},
        ]

    def arrays(self, scenario: Scenario, results: Results) -> list[Array]:
        """Curves of the present scenario and where they meet."""
        months, last = results.months, len(results.options) - 1
        end = np.full(last + 1, months[-1])
        spent, date = results.cumulative_cost, results.cost_to_date
        month = np.where(
            results.breakeven_month[:last] > 0, results.breakeven_month[:last], np.nan
        )
        at = np.array([np.interp(m, months, spent[last]) for m in month])
        wide = np.array([0.0, months[-1] * room(results.labels), months[-1]])
        high = np.array([-0.04, 1.0]) * top(spent)  # room for words under a mark
        dear = np.array([0.0, top(date[:, -1], 2.6)])
        even = results.breakeven_volume[:last]
        count = results.count
        by_volume = results.cost_by_volume
        level = np.array([0.0, top(results.cost_per_token, 2.2)])
        least = np.nanmin(count) if np.isfinite(count).any() else MANY[0]
        few = np.array(
            [max(1.0, min(MANY[0], 10 ** np.floor(np.log10(least / 3)))), MANY[1]]
        )
        return [
            months,
            spent,
            end,
            spent[:, -1],
            high,
            month,
            at,
            wide,
            high,
            months,
            date,
            end,
            date[:, -1],
            dear,
            wide,
            dear,
            results.volumes,
            by_volume,
            count,
            results.cost_per_token,
            even,
            np.where(np.isfinite(even), results.cost_per_token[last], np.nan),
            few,
            level,
        ]

    def axes(self, scenario: Scenario, results: Results) -> dict[str, str]:
        """Unit of work, which differs between tokens and core-hours."""
        label = f"USD per {results.work_label}"
        return {self.at("date/yaxis"): label, self.at("volume/yaxis"): label}

    def captions(self, results: Results) -> dict[str, str]:
        """What the three plots show."""
        who = " and ".join(results.labels)
        return {
            self.at("cost/figure"): f"Cumulative cost of {who} by month",
            self.at("date/figure"): f"Cost to date of {who} by month",
            self.at("volume/figure"): f"Unit cost of {who} by number of chips built",
        }

    def body(self, scenario: Scenario, results: Results) -> Viewable:
        """Two plots by month side by side, one by volume below."""
        a = self.arrays(scenario, results)
        months, wide = a[0], tuple(a[7][:2])
        words = [""] * len(results.options)
        unit = f"USD per {results.work_label}"
        cost = style.figure(
            style.paths(self.full("cost"), months, a[1])
            * style.points(
                self.full("cross"), a[5], a[6], 13, fill_color=None, line_width=2.5
            )
            * style.texts(self.full("cross-text"), a[5], a[6], words[:-1], lifted=True)
            * style.texts(self.full("cost-ends"), a[2], a[3], words),
            self.full("cost"),
            x=("Months", wide),
            y=("USD, cumulative", tuple(a[8])),
            months=True,
            money="y",
        )
        date = style.figure(
            style.paths(self.full("date"), months, a[10])
            * style.texts(self.full("date-ends"), a[11], a[12], words),
            self.full("date"),
            x=("Months", wide),
            y=(unit, tuple(a[15])),
            months=True,
            money="y",
        )
        volume = style.figure(
            style.paths(self.full("volume"), a[16], a[17])
            * style.points(self.full("now"), a[18], a[19], 11, line_color="white")
            * style.texts(self.full("now-text"), a[18], a[19], words, y_offset=-14)
            * style.points(self.full("even"), a[20], a[21], 13, fill_color=None)
            * style.texts(
                self.full("even-text"),
                a[20],
                a[21],
                words[:-1],
                y_offset=18,
                x_offset=-8,
                text_align="right",
            ),
            self.full("volume"),
            x=("Chips built", tuple(a[22])),
            y=(unit, tuple(a[23])),
            log="x",
            money="y",
        )
        return self.flow(
            self.card(
                "Cumulative cost",
                "All costs as the fleet builds up. The ring marks the crossing.",
                cost,
                self.data("cost"),
            ),
            self.card(
                "Cost to date",
                "All spending so far over all work so far.",
                date,
                self.data("date"),
            ),
            self.card(
                "Unit cost by volume",
                "One-off costs spread over more chips; "
                "everything else as set on the left. Dots mark the present counts.",
                volume,
                self.data("volume"),
                wide=True,
            ),
        )
