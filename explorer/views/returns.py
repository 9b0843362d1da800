"""Is the programme worth it: cash flow, present value, payback and the odds."""

from __future__ import annotations

import numpy as np
from panel.viewable import Viewable

from breakeven.explorer import money_working, style
from breakeven.explorer.odds import Ranges
from breakeven.explorer.style import Figure, Scale
from breakeven.explorer.views.amortisation import room
from breakeven.explorer.views.base import Array, Fed, Feed
from breakeven.explorer.views.study import StudyView, about
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario
from breakeven.models.study import Finding
from breakeven.models.worth_study import BINS

YEARS = 16  # bars of an option, at most
PARTS = {
    "one_off_flow": "NRE and port",
    "capital_flow": "Purchases",
    "running_flow": "Running costs, rent",
    "resale_flow": "Resale",
    "tax_flow": "Tax",
}


class Returns(StudyView):
    """Cash by year and by month, distribution of the present value, two-for-two."""

    name = "returns"
    title = "Returns"
    question = "Is the programme worth it at all?"
    studies = ("worth", "returns")
    inputs = (
        "returns.tax_rate",
        "returns.depreciation",
        "returns.tax_life",
        "returns.bonus_share",
        "finance.residual_value",
        "finance.maintenance_rate",
        "{option}.ramp_start",
    )

    def feed(self, scenario: Scenario, results: Results) -> Feed:
        """Bars by year, curves by month, the rule, and a table."""
        return [
            *self._years(results),
            *self._months(results),
            *self._rule(results),
            self._table(results),
            self._working(scenario, results),
        ]

    def _working(self, scenario: Scenario, results: Results) -> Fed:
        """Present value, payback, rate and resale, step by step."""
        cases, values, case = money_working.returns(scenario, results)
        return self.working(cases[0], values, *cases[1:], case=case)

    def _years(self, results: Results) -> Feed:
        study = results.studies["returns"]
        flows, years = study["net_flow"], study["years"]
        wide = 0.8 / (len(flows) - 1)
        left = years[:, None] - 0.4 + wide * np.arange(len(flows))
        flow = flows.T
        edges = [left, np.minimum(flow, 0.0), left + 0.92 * wide, np.maximum(flow, 0.0)]
        bars = {
            "kind": "columns",
            "source": self.at("years"),
            "columns": ["left", "bottom", "right", "top"],
        }
        ends = {
            "kind": "columns",
            "source": self.at("years-ends"),
            "columns": ["x", "y", "flow"],
            "text": "{flow:usd}",
        }
        at = [left + 0.46 * wide, np.maximum(flow, 0.0), flow]
        across = np.array([-0.6, years[-1] + 0.6])
        return [
            (bars, [edge.ravel() for edge in edges]),
            (ends, [part.ravel() for part in at]),
            *self.ranges_of("years", across, about(flows, 0.16)),
        ]

    def _months(self, results: Results) -> Feed:
        study = results.studies["returns"]
        months, last = study["months"], study["payback"]
        plain, later = study["cumulative"], study["cumulative_discounted"]
        up = about([plain[:-1], later[:-1]])
        across = np.array([0.0, months[-1] * room(results.labels), months[-1]])
        table = self.table("months", "Month", "whole", "usd")
        back = np.where(last > 0.0, last, np.nan)
        return [
            self.curves_of("months", months, plain, table),
            self.curves_of("later", months, later),
            self.named_ends("months", months, plain, up),
            self.marks("back", back, 0.0 * back, "paid back: {x:months}"),
            *self.ranges_of("months", across, up),
        ]

    def _rule(self, results: Results) -> Feed:
        study = results.studies["returns"]
        values = np.vstack([study["rule_has"], study["rule_needs"]])
        groups = ["Cost of the reference over what is put in", "What the rule asks"]
        known = values[np.isfinite(values)]
        end = 1.35 * float(known.max()) if known.size else 1.0
        across = {"kind": "range", "range": self.at("rule/x")}
        return [
            (self.grouped("rule", "number", groups), [values]),
            (across, [np.array([0.0, end])]),
        ]

    def ranges(self, found: Ranges) -> Feed:
        """Distribution of the present value, and its odds, once the page rests."""
        rows = len(found.worth) + 1
        x, heights = _outline(found)
        if not x.size:
            return []
        end = 1.3 * float(np.nanmax(heights))
        median = np.array([*(d.median for d in found.worth), np.nan])
        gains = np.array([*(d.gains for d in found.worth), np.nan])
        places = end * (0.92 - 0.09 * np.arange(rows))
        marks = {
            "kind": "columns",
            "source": self.at("odds-middle"),
            "columns": ["x", "y", "odds"],
            "text": "pays with {odds:percent}",
            "fades": True,
        }
        zero = {"kind": "paths", "source": self.at("zero"), "ink": True}
        up = np.array([0.0, end])
        return [
            (
                {"kind": "bands", "source": self.at("odds")},
                [x, np.zeros_like(heights), heights],
            ),
            (zero, [np.zeros(2), up]),
            (marks, [median, np.where(np.isfinite(median), places, np.nan), gains]),
            *self.ranges_of("odds", x[[0, -1]], up),
        ]

    def _table(self, results: Results) -> Fed:
        worth, study = results.studies["worth"], results.studies["returns"]
        shown = [
            (label, "over the horizon", "usd", study[name].sum(axis=-1), "–")
            for name, label in PARTS.items()
        ]
        one, rates = _rates(study)
        rows = [
            ("Net present value", "", "usd", worth["npv"], "–"),
            ("Payback", "", "months", study["payback"], "never"),
            ("Discounted payback", "", "months", study["discounted_payback"], "never"),
            ("Rate of return", "a year", "percent", one, "none"),
            ("first of two or more", "a year", "percent", rates[0], "–"),
            ("second of two or more", "a year", "percent", rates[1], "–"),
            *shown,
            ("Levelised cost", "with installation", "usd", worth["levelised"], "–"),
        ]
        asked = results.feasible & results.feasible[-1]
        asked[-1] = False
        entry, arrays = self.told("facts", "Against the reference", rows, asked)
        entry["rows"][3]["words"] = {"-Infinity": "two or more, below"}
        return entry, arrays

    def captions(self, results: Results) -> dict[str, str]:
        """What the plots show."""
        who, rival = " and ".join(results.labels[:-1]), results.labels[-1]
        return {
            self.at("years/figure"): f"Net cash flow of {who} against {rival} by year",
            self.at("months/figure"): f"Cumulative cash of {who} against {rival}",
            self.at("odds/figure"): f"Distribution of the net present value of {who}",
            self.at("rule/figure"): f"Two-for-two rule for {who} against {rival}",
        }

    def body(self, scenario: Scenario, results: Results) -> Viewable:
        """Cash by year and by month, odds, the rule and the table."""
        rows, rival = len(results.options), results.labels[-1]
        return self.flow(
            self.card(
                "Cash flow by year (upfront)",
                f"What is paid less, or more, than with {rival} for the same work. "
                "Year 0 is paid at the start; what is left at the horizon is sold.",
                self._bars(rows),
            ),
            self.card(
                "Cumulative cash (upfront)",
                "Solid: at face value. Dashed: discounted. The ring marks the payback.",
                self._curves(rows),
                self.data("months"),
            ),
            self.card(
                "Net present value and its odds",
                "From 2,000 draws of the ranges of all inputs, once they rest. Right "
                "of zero the programme pays.",
                self._density(rows),
            ),
            self.card(
                "Two-for-two",
                "A design that makes work s times cheaper earns its one-off cost back "
                "when the same work on the reference costs at least s / (s − 1) times "
                "that: twice as cheap asks for two times, hence the name.",
                self.bar_figure("rule", rows * 2, Scale("Times", 0, 1)),
            ),
            self.card("", "", self.slot("facts", "table-slot"), wide=True),
            self.worked(),
        )

    def _bars(self, rows: int) -> Figure:
        full = self.full
        plain = {"x_offset": 0, "text_align": "center", "text_font_size": "11px"}
        return style.figure(
            style.level()
            * style.bars(full("years"), rows * YEARS)
            * style.texts(full("years-ends"), rows * YEARS, y_offset=-9, **plain),
            full("years"),
            Scale("Year", -0.6, 5.6),
            Scale("USD a year", 0, 1, "usd"),
        )

    def _curves(self, rows: int) -> Figure:
        full = self.full
        return style.figure(
            style.level()
            * style.paths(full("later"), rows, 1.6, line_dash=[5, 4])
            * style.paths(full("months"), rows)
            * style.points(full("back"), rows, 13, fill_color=None, line_width=2.5)
            * style.texts(full("back-text"), rows, y_offset=17)
            * style.texts(full("months-ends"), rows),
            full("months"),
            Scale("Months", 0, 60, "months"),
            Scale("USD, cumulative", 0, 1, "usd"),
        )

    def _density(self, rows: int) -> Figure:
        full = self.full
        return style.figure(
            style.bands(full("odds"), rows, 0.25)
            * style.paths(full("zero"), 1, 1.2)
            * style.points(full("odds-middle"), rows, 0.1)
            * style.texts(full("odds-middle-text"), rows, x_offset=0),
            full("odds"),
            Scale("Net present value, USD", -1, 1, "usd"),
            Scale("Share of draws", 0, 1, "percent"),
        )


def _rates(study: Finding) -> tuple[Array, Array]:
    """The rate of return where there is one only, and both where there are two."""
    both = np.sort(np.vstack([study["irr"], study["irr_other"]]), axis=0)
    two = np.isfinite(both).all(axis=0)
    return np.where(two, -np.inf, study["irr"]), np.where(two, both, np.nan)


def _outline(found: Ranges) -> tuple[Array, Array]:
    """Steps of every histogram over common places along x."""
    known = [d for d in found.worth if d.edges.size]
    if not known:
        return np.empty(0), np.empty(0)
    low = min(min(d.edges[0] for d in known), 0.0)
    high = max(max(d.edges[-1] for d in known), 0.0)
    x = np.linspace(low, high, 6 * BINS)
    lines = []
    for item in found.worth:
        if not item.edges.size:
            lines.append(np.full(x.size, np.nan))
            continue
        place = np.searchsorted(item.edges, x, side="right") - 1
        inside = (place >= 0) & (place < item.shares.size)
        shares = item.shares[np.clip(place, 0, item.shares.size - 1)]
        lines.append(np.where(inside, shares, 0.0))
    return x, np.vstack([*lines, np.full(x.size, np.nan)])
