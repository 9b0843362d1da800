"""When an option has paid for itself: by month, and by volume."""

from __future__ import annotations

import holoviews as hv
import numpy as np
from panel.viewable import Viewable

from breakeven.explorer import style
from breakeven.explorer.odds import Ranges
from breakeven.explorer.style import Figure, Scale
from breakeven.explorer.views.base import Feed, View, frame, top, tops
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario

MANY = (1e3, 1e7)  # chips: the axis of volumes, longer when fewer are built
BELOW = 0.04  # of an axis: room for words under a mark


def room(labels: tuple[str, ...]) -> float:
    """Length of the month axis over its months: names stand behind the lines."""
    longest = min(max(map(len, labels)), 18)
    return 1.0 / (0.955 - 0.0235 * longest)


def height(months: np.ndarray, curve: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Value of a curve by month at a month, in each draw. [unit of the curve]."""
    cell = np.clip(np.searchsorted(months, at, "right") - 1, 0, len(months) - 2)
    low, high = (
        np.take_along_axis(curve, k[None], axis=0)[0] for k in (cell, cell + 1)
    )
    share = (at - months[cell]) / (months[cell + 1] - months[cell])
    return np.asarray(low + (high - low) * share)


class Amortisation(View):
    """Cumulative cost, cost to date and unit cost by volume."""

    name = "amortisation"
    title = "Amortisation"
    question = "When has a chip paid for itself, by month and by volume?"
    reads = ()
    curves = True
    above = 1.5  # end of the axis of cumulative cost over the highest line, if ranged

    def feed(self, scenario: Scenario, results: Results) -> Feed:
        """Three plots: lines, names at their ends, marks, ranges."""
        return [*self._spent(results), *self._to_date(results), *self._volume(results)]

    def _by_month(self, name: str, results: Results, high: np.ndarray) -> list[Feed]:
        """Lines with names at their ends, and the axis of months."""
        months = results.months
        lines = results.cumulative_cost if name == "cost" else results.cost_to_date
        table = self.table(name, "Month", "whole", "usd")
        end = np.full(len(results.options), months[-1])
        wide = np.array([0.0, months[-1] * room(results.labels), months[-1]])
        paths = {"kind": "paths", "source": self.at(name), "table": table}
        ends = {"kind": "ends", "source": self.at(f"{name}-ends")}
        across = {"kind": "range", "range": self.at(f"{name}/x")}
        across["figure"] = self.at(f"{name}/figure")
        return [
            [(paths, [months, lines]), (ends, [end, lines[:, -1], high])],
            [(across, [wide])],
        ]

    def _spent(self, results: Results) -> Feed:
        months, spent = results.months, results.cumulative_cost
        last = len(results.options) - 1
        month = results.breakeven_month[:last]
        month = np.where(month > 0, month, np.nan)
        at = np.stack([height(months, spent[last], m) for m in month])
        above, below = (self.above, 0.12) if self.ranged else (1.06, BELOW)
        most = tops(spent, 2, above)
        high = frame(-below * most, most)
        ring = {
            "kind": "columns",
            "source": self.at("cross"),
            "columns": ["x", "y"],
            "text": "{x:months}",
            "lift": self.at("cost/y"),
        }
        lines, across = self._by_month("cost", results, high)
        up = {"kind": "range", "range": self.at("cost/y")}
        return [*lines, (ring, [month, at]), *across, (up, [high])]

    def _to_date(self, results: Results) -> Feed:
        high = frame(0.0, tops(results.cost_to_date[:, -1], 1, 2.6))
        lines, across = self._by_month("date", results, high)
        up = {"kind": "range", "range": self.at("date/y")}
        return [*lines, *across, (up, [high])]

    def _volume(self, results: Results) -> Feed:
        last = len(results.options) - 1
        even, cost, count = (
            results.breakeven_volume[:last],
            results.cost_per_token,
            results.count,
        )
        least = np.min(count, axis=0, initial=np.inf, where=np.isfinite(count))
        least = np.clip(10 ** np.floor(np.log10(least / 3)), 1.0, MANY[0])
        table = self.table("volume", "Chips", "number", "usd")
        now = {"source": self.at("now"), "text": "{label}  {y:usd}"}
        mark = {
            "source": self.at("even"),
            "text": "break-even {x:number} chips",
            "ink": "plain",
        }
        columns = {"kind": "columns", "columns": ["x", "y"]}
        across = {"kind": "range", "range": self.at("volume/x")}
        up = {"kind": "range", "range": self.at("volume/y")}
        return [
            (
                {"kind": "paths", "source": self.at("volume"), "table": table},
                [results.volumes, results.cost_by_volume],
            ),
            ({**columns, **now}, [count, cost]),
            (
                {**columns, **mark},
                [even, np.where(np.isfinite(even), cost[last], np.nan)],
            ),
            (across, [frame(least, MANY[1])]),
            (up, [frame(0.0, tops(cost, 1, 2.2))]),
        ]

    def ranges(self, found: Ranges) -> Feed:
        """P10 to P90 around the two plots by month."""
        spread = found.spread
        return [
            (
                {"kind": "bands", "source": self.at(f"{name}-bands")},
                [spread.months, bands[0], bands[2]],
            )
            for name, bands in (
                ("cost", spread.cumulative_cost),
                ("date", spread.cost_to_date),
            )
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

    def _figures(self, rows: int) -> tuple[Figure, Figure, Figure]:
        """The three plots of so many options."""
        full, months = self.full, Scale("Months", 0, 60, "months")
        cost = style.figure(
            self._behind("cost", rows)
            * style.paths(full("cost"), rows)
            * style.points(full("cross"), rows - 1, 13, fill_color=None, line_width=2.5)
            * style.texts(full("cross-text"), rows - 1, lifted=True)
            * style.texts(full("cost-ends"), rows),
            full("cost"),
            months,
            Scale("USD, cumulative", 0, 1, "usd"),
        )
        date = style.figure(
            self._behind("date", rows)
            * style.paths(full("date"), rows)
            * style.texts(full("date-ends"), rows),
            full("date"),
            months,
            Scale("USD", 0, 1, "usd"),
        )
        left = {"y_offset": 18, "x_offset": -8, "text_align": "right"}
        volume = style.figure(
            style.paths(full("volume"), rows)
            * style.points(full("now"), rows, 11, line_color="white")
            * style.texts(full("now-text"), rows, y_offset=-14)
            * style.points(full("even"), rows - 1, 13, fill_color=None)
            * style.texts(full("even-text"), rows - 1, **left),
            full("volume"),
            Scale("Chips built", *MANY, log=True),
            Scale("USD", 0, 1, "usd"),
        )
        return cost, date, volume

    def settle(self, found: Ranges | None, results: Results) -> None:
        """Let the axis of cumulative cost reach the bands, or half of a long one."""
        if found is not None and self.ranged:
            high = top(found.spread.cumulative_cost[2])
            share = high / top(results.cumulative_cost, 1.0)
            self.above = min(max(share, 1.06), 2.0)

    def _behind(self, name: str, rows: int) -> hv.Overlay:
        """Bands, where ranges are shown."""
        bands = [style.bands(self.full(f"{name}-bands"), rows)] if self.ranged else []
        return hv.Overlay(bands)

    def body(self, scenario: Scenario, results: Results) -> Viewable:
        """Two plots by month side by side, one by volume below."""
        cost, date, volume = self._figures(len(results.options))
        shaded = " Shaded: P10 to P90 of its inputs' ranges." if self.ranged else ""
        return self.flow(
            self.card(
                "Cumulative cost",
                "All costs as the fleet builds up. The ring marks the crossing."
                + shaded,
                cost,
                self.data("cost"),
            ),
            self.card(
                "Cost to date",
                "All spending so far over all work so far." + shaded,
                date,
                self.data("date"),
            ),
            self.card(
                "Unit cost by volume",
                "One-off costs spread over more chips, all else as it stands. Dots "
                "mark the present counts.",
                volume,
                self.data("volume"),
                wide=True,
            ),
        )
