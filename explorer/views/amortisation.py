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


def room(labels: tuple[str, ...]) -> float:
    """Length of the month axis over its months: names stand at the ends of the lines."""
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
            {"kind": "paths", "source": self.at("cost")},
            {"kind": "ends", "source": self.at("cost-ends")},
            {"kind": "columns", "source": self.at("cross"), "columns": ["x", "y"],
             "text": "{x:months}"},
            {"kind": "range", "range": self.at("cost/x")},
            {"kind": "range", "range": self.at("cost/y")},
            {"kind": "paths", "source": self.at("date")},
            {"kind": "ends", "source": self.at("date-ends")},
            {"kind": "range", "range": self.at("date/x")},
            {"kind": "range", "range": self.at("date/y")},
            {"kind": "paths", "source": self.at("volume")},
            {"kind": "columns", "source": self.at("now"), "columns": ["x", "y"],
             "text": "{label}  {y:usd}"},
            {"kind": "columns", "source": self.at("even"), "columns": ["x", "y"],
             "text": "break-even {x:number} chips", "ink": "plain"},
            {"kind": "range", "range": self.at("volume/y")},
        ]

    def arrays(self, scenario: Scenario, results: Results) -> list[Array]:
        """Curves of the present scenario and where they meet."""
        months, last = results.months, len(results.options) - 1
        end = np.full(last + 1, months[-1])
        spent, date = results.cumulative_cost, results.cost_to_date
        month = np.where(results.breakeven_month[:last] > 0, results.breakeven_month[:last], np.nan)
        at = np.array([np.interp(m, months, spent[last]) for m in month])
        wide = np.array([0.0, months[-1] * room(results.labels), months[-1]])
        high = np.array([0.0, top(spent)])
        dear = np.array([0.0, top(date[:, -1], 2.6)])
        even = results.breakeven_volume[:last]
        count = results.count
        by_volume = results.cost_by_volume
        level = np.array([0.0, top(results.cost_per_token, 2.2)])
        return [
            months, spent, end, spent[:, -1], high, month, at, wide, high,
            months, date, end, date[:, -1], dear, wide, dear,
            results.volumes, by_volume, count, results.cost_per_token,
            even, np.where(np.isfinite(even), results.cost_per_token[last], np.nan), level,
        ]

    def axes(self, scenario: Scenario, results: Results) -> dict[str, str]:
        """Unit of work, which differs between tokens and core-hours."""
        label = f"USD per {results.work_label}"
        return {self.at("date/yaxis"): label, self.at("volume/yaxis"): label}

    def body(self, scenario: Scenario, results: Results) -> Viewable:
        """Two plots by month side by side, one by volume below."""
        a = self.arrays(scenario, results)
        months, wide = a[0], tuple(a[7][:2])
        words = [""] * len(results.options)
        unit = f"USD per {results.work_label}"
        cost = style.figure(
            style.paths(self.full("cost"), months, a[1])
            * style.points(self.full("cross"), a[5], a[6], 13,
                           fill_color=None, line_width=2.5)
            * style.texts(self.full("cross-text"), a[5], a[6], words[:-1], y_offset=16, x_offset=9)
            * style.texts(self.full("cost-ends"), a[2], a[3], words),
            self.full("cost"), x=("Months", wide), y=("USD, cumulative", tuple(a[8])),
            months=True, money="y",
        )
        date = style.figure(
            style.paths(self.full("date"), months, a[10])
            * style.texts(self.full("date-ends"), a[11], a[12], words),
            self.full("date"), x=("Months", wide), y=(unit, tuple(a[15])),
            months=True, money="y",
        )
        volume = style.figure(
            style.paths(self.full("volume"), a[16], a[17])
            * style.points(self.full("now"), a[18], a[19], 11, line_color="white")
            * style.texts(self.full("now-text"), a[18], a[19], words, y_offset=-14)
            * style.points(self.full("even"), a[20], a[21], 13, fill_color=None)
            * style.texts(self.full("even-text"), a[20], a[21], words[:-1], y_offset=16),
            self.full("volume"), x=("Chips built", (1e3, 1e7)), y=(unit, tuple(a[22])),
            log="x", money="y",
        )
        return self.flow(
            self.card("Cumulative cost", "One-off costs, purchases and running costs "
                      "while the fleet is built up. The ring marks the crossing.", cost),
            self.card("Cost to date", f"All spending so far per {results.work_label} "
                      "delivered so far.", date),
            self.card("Unit cost by volume", "One-off costs spread over more chips; "
                      "everything else as set on the left. Dots mark the present counts.",
                      volume, wide=True),
        )
