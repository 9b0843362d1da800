"""What a million tokens (or a core-hour) costs, line by line."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from panel.viewable import Viewable

from breakeven.explorer import style
from breakeven.explorer.views.base import Entry, View, top
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario
from breakeven.models.tco import COST_LINES

Array = NDArray[np.float64]


def line_title(name: str) -> str:
    """Name of a cost line at the start of a row."""
    return name[0].upper() + name[1:]


class Cost(View):
    """Stacked cost of the options, and the same as a table."""

    name = "cost"
    title = "Cost"

    def entries(self, scenario: Scenario, results: Results) -> list[Entry]:
        """One stacked plot, two tables."""
        lines = [line_title(name) for name in COST_LINES]
        rows: list[Entry] = [
            {"label": name, "format": "usd", "swatch": i}
            for i, name in enumerate(lines)
        ]
        rows.append({"label": "Total", "format": "usd", "strong": True})
        fleet = [
            ("Chips", "", "number"),
            ("Paid up front", "", "usd"),
            ("of which one-off (NRE, port)", "", "usd"),
            ("Levelised cost of a chip-hour", "", "usd"),
            ("Work per month", results.unit("work_per_month"), "number"),
        ]
        return [
            {
                "kind": "stack",
                "source": self.at("stack"),
                "names": self.at("names"),
                "ends": self.at("ends"),
                "range": self.at("stack/y"),
                "lines": lines,
                "format": "usd",
            },
            {"kind": "range", "range": self.at("stack/x")},
            {
                "kind": "words",
                "element": self.at("lines"),
                "render": "table",
                "bars": True,
                "caption": f"USD per {results.work_label}, by line",
                "rows": rows,
            },
            {
                "kind": "words",
                "element": self.at("fleet"),
                "render": "table",
                "caption": "The fleet",
                "rows": [{"label": a, "unit": b, "format": c} for a, b, c in fleet],
            },
        ]

    def arrays(self, scenario: Scenario, results: Results) -> list[Array]:
        """Edges of the stack, and the numbers of the tables."""
        right = np.cumsum(results.breakdown, axis=0)
        left = np.vstack([np.zeros((1, right.shape[1])), right[:-1]])
        return [
            left,
            right,
            np.array([0.0, top(right)]),
            np.vstack([results.breakdown, results.cost_per_token]),
            np.vstack(
                [
                    results.count,
                    results.capex,
                    results.one_off,
                    results.cost_per_hour,
                    results.work_per_month,
                ]
            ),
        ]

    def axes(self, scenario: Scenario, results: Results) -> dict[str, str]:
        """Unit of work."""
        return {self.at("stack/xaxis"): f"USD per {results.work_label}"}

    def captions(self, results: Results) -> dict[str, str]:
        """What the plot shows."""
        who = " and ".join(results.labels)
        return {self.at("stack/figure"): f"Levelised cost of {who} by line"}

    def body(self, scenario: Scenario, results: Results) -> Viewable:
        """The stack above, the tables below."""
        left, right, wide = self.arrays(scenario, results)[:3]
        words = [""] * len(results.options)
        zero = np.zeros(len(words))
        plot = style.figure(
            style.bars(self.full("stack"), (left, left, right, right))
            * style.texts(
                self.full("names"),
                zero,
                zero,
                words,
                text_align="center",
                x_offset=0,
                text_font_size="11px",
                text_font_style="normal",
            )
            * style.texts(
                self.full("ends"), zero, zero, words, x_offset=1, text_font_size="14px"
            ),
            self.full("stack"),
            x=(f"USD per {results.work_label}", tuple(wide)),
            y=("", (-0.5, len(words) - 0.4)),
            money="x",
            rows=len(words),
            height=260,
        )
        return self.flow(
            self.card(
                "Levelised cost",
                "Purchases as annuities over the useful life, plus "
                "running costs, over the work delivered. The same order, strong to pale, "
                "in every bar.",
                plot,
                wide=True,
            ),
            self.card("", "", self.slot("lines", "table-slot")),
            self.card("", "", self.slot("fleet", "table-slot")),
        )
