"""Which chips a site should hold, and what one more megawatt or dollar is worth."""

from __future__ import annotations

from typing import Any

import numpy as np
from panel.viewable import Viewable

from breakeven.explorer import style
from breakeven.explorer.style import Figure, Scale
from breakeven.explorer.views.base import Feed, top
from breakeven.explorer.views.study import StudyView
from breakeven.models.fleet_ramp import LONGEST
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario

LINES = ("{v:mw}", "{v:usd}", "equal value")
PLACES = (0.1, 0.22, 0.88)  # along each line, where its name stands


class Fleet(StudyView):
    """Region of two chips, value against power, mix by power and by quarter."""

    name = "fleet"
    title = "Fleet"
    question = (
        "How much of the site should be which chip, and what is one more MW worth?"
    )
    studies = ("fleet", "ramp")
    inputs = (
        "fleet.aim",
        "fleet.power_cap",
        "fleet.budget",
        "fleet.price_ratio",
        "fleet.demand",
        "fleet.ramp",
        "{option}.allocation.price_rise",
        "{option}.allocation.late",
        "{option}.allocation.short",
        "{option}.allocation.supply",
        "{option}.allocation.least_share",
        "{option}.allocation.most_share",
    )

    def feed(self, scenario: Scenario, results: Results) -> Feed:
        """Region or what each chip brings alone, frontier, mix, quarters, table."""
        aim = self._aim(scenario)
        return [
            *self._region(scenario, results, aim),
            *self._alone(results, aim),
            *self._frontier(results, aim),
            *self._mix(results),
            *self._quarters(results),
            self._table(results, aim),
        ]

    def _aim(self, scenario: Scenario) -> str:
        return str(scenario.studied["fleet"].aim)  # type: ignore[attr-defined]

    def _region(self, scenario: Scenario, results: Results, aim: str) -> Feed:
        """What the caps allow of two chips, the caps, equal value and the best mix."""
        found = self.found(results)
        two = [0, len(results.options) - 1]
        corner, count = found["corner"][two], found["pair"][two]
        known = np.isfinite(corner).all(axis=0)
        ends = [
            np.array([0.0, top(np.append(corner[k][known], 0.0), 1.25, 1.0)])
            for k in range(2)
        ]
        caps = scenario.studied["fleet"]
        values = [caps.power_cap, caps.budget * 1e9, found[aim]]  # type: ignore[attr-defined]
        names = ("power_only", "pair_budget", "equal_only")
        lines = [found[name][two] for name in names]
        parts = [*corner, np.concatenate(lines), np.array(values, float)]
        entry: dict[str, Any] = {
            "kind": "picture",
            "draw": "region",
            "source": self.at("lines"),
            "area": self.at("region"),
            "names": self.at("lines-names"),
            "sizes": [part.size for part in parts],
            "lines": list(LINES),
            "places": list(PLACES),
            "equal": 2,
            "frame": [self.at("region/x"), self.at("region/y")],
        }
        # an empty site has no best mix to mark
        count = np.where(count.sum() > 0, count, np.nan)
        best = {
            "kind": "columns",
            "source": self.at("best"),
            "columns": ["x", "y"],
            "text": "best mix",
            "ink": "plain",
        }
        return [
            *self.ranges_of("region", ends[0], ends[1]),
            (entry, [np.concatenate(parts)]),
            (best, [count[:1], count[1:]]),
        ]

    def _alone(self, results: Results, aim: str) -> Feed:
        """What each of several chips brings alone."""
        found = self.found(results)
        form = "usd" if aim == "margin" else "number"
        entry = self.grouped("alone", form, ["alone on the site, a year"])
        values = found[f"alone_{aim}"]
        across = np.array([0.0, top(values, 1.9)])
        ends = {"kind": "range", "range": self.at("alone/x")}
        return [(entry, [values]), (ends, [across])]

    def _frontier(self, results: Results, aim: str) -> Feed:
        """Best value at every power cap, now and if nothing goes wrong."""
        found = self.found(results)
        level, value = found["level"], found[f"level_{aim}"]
        plain = found[f"level_plain_{aim}"]
        now = np.interp(self._cap(results), level, value)
        line = {"kind": "paths", "source": self.at("front"), "ink": True}
        dashed = {"kind": "paths", "source": self.at("plain"), "ink": True}
        mark = {
            "kind": "columns",
            "source": self.at("here"),
            "columns": ["x", "y"],
            "text": "{x:mw}: {y:number}",
            "ink": "plain",
        }
        return [
            (dashed, [level, plain]),
            (line, [level, value]),
            (mark, [np.array([self._cap(results)]), np.array([now])]),
            *self.ranges_of(
                "front",
                level[[0, -1]] * [0.0, 1.0],
                np.array([0.0, top(plain, 1.15, 1.0)]),
            ),
        ]

    def _cap(self, results: Results) -> float:
        """Power cap now: the middle of the levels."""
        found = self.found(results)
        return float(found["level"][-1] / 2.0)

    def _mix(self, results: Results) -> Feed:
        """Power of each chip in the best mix at every power cap."""
        found = self.found(results)
        level, power = found["level"], found["level_power"]
        high = np.cumsum(power, axis=0)
        low = high - power
        bands = {"kind": "bands", "source": self.at("mix")}
        ends = {"kind": "ends", "source": self.at("mix-ends")}
        here = int(np.abs(level - self._cap(results)).argmin())
        thick = power[:, here] > 0.06 * np.nanmax(high, initial=1e-9)
        middle = np.where(thick, (low + high)[:, here] / 2.0, np.nan)
        axis = np.array([0.0, top(high, 1.05)])
        across = level[[0, -1]] * [0.0, 1.0]
        return [
            (bands, [level, low, high]),
            (ends, [np.full(len(power), level[here]), middle, axis]),
            *self.ranges_of("mix", across, axis),
        ]

    def _quarters(self, results: Results) -> Feed:
        """Power of each chip by quarter, and the power that is there."""
        found = results.studies["ramp"]
        cap, power = found["cap"], found["power"]
        known = np.isfinite(cap)
        steps = np.arange(LONGEST) + 1.0
        at = np.stack([steps - 0.5, steps + 0.5], axis=1)
        bars = {"kind": "picture", "draw": "layers", "source": self.at("quarters")}
        line = {"kind": "paths", "source": self.at("cap"), "ink": True}
        last = max(float(known.sum()), 1.0) + 0.5
        return [
            (bars, [power]),
            (line, [at.ravel(), np.repeat(cap, 2)]),
            *self.ranges_of(
                "quarters", np.array([0.5, last]), np.array([0.0, top(cap, 1.12)])
            ),
        ]

    def _table(self, results: Results, aim: str) -> tuple[dict[str, Any], list[Any]]:
        found = self.found(results)
        rows = [
            ("Chips in the best mix", "", "number", found["count"], "–"),
            ("Site power", "", "mw", found["power"], "–"),
            ("Spent", "USD", "usd", found["spend"] * 1e9, "–"),
            ("Margin alone", "a year", "usd", found["alone_margin"], "no bound"),
            ("Fed by all of the power", "chips", "number", found["power_only"], "any"),
            ("Bought by the budget", "chips", "number", found["budget_only"], "any"),
            ("One more chip brings", "a year", "usd", found["supply_worth"], "–"),
        ]
        asked = np.isfinite(found["alone_margin"])
        return self.told("facts", "The site and each chip", rows, asked)

    def axes(self, scenario: Scenario, results: Results) -> dict[str, str]:
        """Chips of each option, and the value that the aim asks for."""
        value = {
            "margin": "Margin, USD a year",
            "work": f"{results.work_label.capitalize()} a year",
        }[self._aim(scenario)]
        return {
            self.at("region/xaxis"): f"Chips of {results.labels[0]}",
            self.at("region/yaxis"): f"Chips of {results.labels[-1]}",
            self.at("front/yaxis"): value,
            self.at("alone/xaxis"): value,
        }

    def captions(self, results: Results) -> dict[str, str]:
        """What the plots show."""
        who = " and ".join(results.labels)
        return {
            self.at("region/figure"): f"Mixes of {who} that power and budget allow",
            self.at("alone/figure"): f"What each of {who} brings alone",
            self.at("front/figure"): "Best value against the power of the site",
            self.at("mix/figure"): f"Power of {who} in the best mix, by site power",
            self.at("quarters/figure"): f"Power of {who} by quarter",
        }

    def _region_figure(self) -> Figure:
        """Region, caps, equal value, best mix."""
        name = self.full("region")
        plain = {"text_font_style": "normal", "text_font_size": "12px"}
        return style.figure(
            style.bands(name, 1, 0.14)
            * style.paths(self.full("lines"), 3, 1.6)
            * style.texts(self.full("lines-names"), 3, **plain)
            * style.points(self.full("best"), 1, 13, fill_color=None, line_width=2.5)
            * style.texts(self.full("best-text"), 1, y_offset=-12),
            name,
            Scale("Chips", 0, 1),
            Scale("Chips", 0, 1),
            height=340,
        )

    def _value_figures(self, rows: int) -> tuple[Figure, Figure, Figure]:
        """Value and mix by power, mix by quarter."""
        full, power = self.full, Scale("Power of the site, MW", 0, 1)
        front = style.figure(
            style.paths(full("plain"), 1, 1.5, line_dash=[5, 4], line_alpha=0.7)
            * style.paths(full("front"), 1)
            * style.points(full("here"), 1, 12, fill_color=None, line_width=2.5)
            * style.texts(full("here-text"), 1, y_offset=15),
            full("front"),
            power,
            Scale("Value a year", 0, 1),
        )
        mix = style.figure(
            style.bands(full("mix"), rows, 0.55)
            * style.texts(full("mix-ends"), rows, text_align="center", x_offset=0),
            full("mix"),
            power,
            Scale("Power of each chip, MW", 0, 1),
        )
        quarters = style.figure(
            style.bars(full("quarters"), rows * LONGEST)
            * style.paths(full("cap"), 1, 1.5),
            full("quarters"),
            Scale("Quarter", 0.5, 12.5),
            Scale("Power of each chip, MW", 0, 1),
        )
        return front, mix, quarters

    def body(self, scenario: Scenario, results: Results) -> Viewable:
        """Region, value, mix by power and by quarter, table."""
        rows = len(results.options)
        front, mix, quarters = self._value_figures(rows)
        return self.flow(
            self.card(
                "What the site allows",
                "Grey: mixes of the first and the last chip within power and budget, "
                "designs paid. Dark line: mixes worth as much as the best of these.",
                self._region_figure(),
            ),
            self.card(
                "Value of a MW",
                "The best mix at every size of the site; the slope is what one more MW "
                "is worth. Dashed: if nothing goes wrong.",
                front,
            ),
            self.card(
                "Mix by size of the site",
                "Power of each chip in the best mix, the budget as set.",
                mix,
            ),
            self.card(
                "Mix by quarter",
                "The best way there as the power comes. Line: power there is.",
                quarters,
            ),
            self.card(
                "Each chip alone",
                "What the site brings with one kind of chip only.",
                self.bar_figure("alone", rows + 2, Scale("Value a year", 0, 1)),
            ),
            self.card("", "", self.slot("facts", "table-slot"), wide=True),
        )
