"""What a million tokens (or a core-hour) costs, line by line."""

from __future__ import annotations

import numpy as np
from panel.viewable import Viewable

from breakeven.explorer.style import Scale
from breakeven.explorer.views.base import Feed, View
from breakeven.explorer.views.stacked import end_to_end, stack_feed, stack_figure
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
    reads = ()

    def feed(self, scenario: Scenario, results: Results) -> Feed:
        """One stacked plot, two tables."""
        names = [line_title(name) for name in COST_LINES]
        stack = stack_feed(self, "stack", names, end_to_end(results.breakdown))
        return [*stack, self._lines(results), self._fleet(results)]

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
        return entry, [
            np.concatenate([results.breakdown, results.cost_per_token[None]])
        ]

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
        unit = Scale("USD", 0, 1, "usd")
        plot = stack_figure(self, "stack", len(results.options), unit, 260)
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
