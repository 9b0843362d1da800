"""What a million tokens (or a core-hour) costs, line by line."""

from __future__ import annotations

import numpy as np
from panel.viewable import Viewable

from breakeven.explorer import style
from breakeven.explorer.style import Scale
from breakeven.explorer.views.base import Feed, View, top
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario
from breakeven.models.tco import COST_LINES


def line_title(name: str) -> str:
    """Name of a cost line at the start of a row."""
    return name[0].upper() + name[1:]


class Cost(View):
    """Stacked cost of the options, and the same as a table."""

    name = "cost"
    title = "Cost"
    question = "What does the work cost, line by line?"

    def feed(self, scenario: Scenario, results: Results) -> Feed:
        """One stacked plot, two tables."""
        return [*self._stack(results), self._lines(results), self._fleet(results)]

    def _stack(self, results: Results) -> Feed:
        right = np.cumsum(results.breakdown, axis=0)
        left = np.vstack([np.zeros((1, right.shape[1])), right[:-1]])
        stack = {
            "kind": "stack",
            "source": self.at("stack"),
            "names": self.at("names"),
            "ends": self.at("ends"),
            "range": self.at("stack/y"),
            "lines": [line_title(name) for name in COST_LINES],
            "format": "usd",
        }
        across = {"kind": "range", "range": self.at("stack/x")}
        return [(stack, [left, right]), (across, [np.array([0.0, top(right)])])]

    def _lines(self, results: Results) -> tuple[dict[str, object], list[np.ndarray]]:
        rows = [
            {"label": line_title(name), "format": "usd", "swatch": i}
            for i, name in enumerate(COST_LINES)
        ]
        entry = {
            "kind": "words",
            "element": self.at("lines"),
            "render": "table",
            "bars": True,
            "caption": f"USD per {results.work_label}, by line",
            "rows": [*rows, {"label": "Total", "format": "usd", "strong": True}],
        }
        return entry, [np.vstack([results.breakdown, results.cost_per_token])]

    def _fleet(self, results: Results) -> tuple[dict[str, object], list[np.ndarray]]:
        rows = [
            ("Chips", "", "number", results.count),
            ("Paid up front", "", "usd", results.capex),
            ("of which one-off (NRE, port)", "", "usd", results.one_off),
            ("Levelised cost of a chip-hour", "", "usd", results.cost_per_hour),
            (
                "Work per month",
                results.unit("work_per_month"),
                "number",
                results.work_per_month,
            ),
        ]
        return self.rows("fleet", "The fleet", rows)

    def axes(self, scenario: Scenario, results: Results) -> dict[str, str]:
        """Unit of work."""
        return {self.at("stack/xaxis"): f"USD per {results.work_label}"}

    def captions(self, results: Results) -> dict[str, str]:
        """What the plot shows."""
        who = " and ".join(results.labels)
        return {self.at("stack/figure"): f"Levelised cost of {who} by line"}

    def body(self, scenario: Scenario, results: Results) -> Viewable:
        """The stack above, the tables below."""
        rows, full = len(results.options), self.full
        inside = {
            "text_align": "center",
            "x_offset": 0,
            "text_font_size": "11px",
            "text_font_style": "normal",
        }
        plot = style.figure(
            style.bars(full("stack"), rows)
            * style.texts(full("names"), rows, **inside)
            * style.texts(full("ends"), rows, x_offset=1, text_font_size="14px"),
            full("stack"),
            Scale("USD", 0, 1, "usd"),
            Scale("", -0.5, rows - 0.4, "hidden"),
            height=260,
        )
        return self.flow(
            self.card(
                "Levelised cost",
                "Purchases as annuities over the useful life, plus running costs, over "
                "the work delivered. The same order, strong to pale, in every bar.",
                plot,
                wide=True,
            ),
            self.card("", "", self.slot("lines", "table-slot")),
            self.card("", "", self.slot("fleet", "table-slot")),
        )
