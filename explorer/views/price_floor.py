"""The lowest price of a million tokens, part by part and by kind of token."""

from __future__ import annotations

import numpy as np
from panel.viewable import Viewable

from breakeven.explorer import style
from breakeven.explorer.style import Figure, Scale
from breakeven.explorer.views.base import Feed, top
from breakeven.explorer.views.stacked import across, end_to_end, stack, stack_figure
from breakeven.explorer.views.study import StudyView
from breakeven.models.floor_study import PARTS
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario

NAMES = {
    "capex": "Chips, servers",
    "network": "Network",
    "design": "NRE",
    "hosting": "Hosting",
    "power": "Power",
    "upkeep": "Upkeep",
    "rent": "Rent",
}
TOKENS = {
    "output": "Output tokens",
    "input": "Prompt tokens, not cached",
    "cash_floor": "Running costs alone",
    "price": "Price with the margin asked",
}


class PriceFloor(StudyView):
    """Stacked floor of each option with its line, and what tokens cost apart."""

    name = "floor"
    title = "Price floor"
    question = "What is the lowest price per million tokens we can charge?"
    studies = ("floor",)
    inputs = (
        "floor.gross_margin",
        "finance.residual_value",
        "site.hosting_price",
        "workload.interactivity",
        "workload.cached_fraction",
    )

    def feed(self, scenario: Scenario, results: Results) -> Feed:
        """One stacked plot with its lines, one grouped, one table."""
        found = self.found(results)
        apart = np.vstack([found[name] for name in TOKENS])
        groups = self.grouped("tokens", "usd", list(TOKENS.values()))
        return [
            *self._stack(results),
            (groups, [apart]),
            across(self, "tokens", top(apart, 1.35)),
            self._table(results),
        ]

    def _stack(self, results: Results) -> Feed:
        found = self.found(results)
        rows = len(results.options)
        edges = end_to_end(np.vstack([found[part] for part in PARTS]))
        bar = rows - 1.0 - np.arange(rows)
        gap = np.full(rows, np.nan)
        x = np.column_stack([found["floor"], found["floor"], gap]).ravel()
        y = np.column_stack([bar - 0.42, bar + 0.29, gap]).ravel()
        asked = {"source": self.at("asked"), "columns": ["x", "y"], "kind": "columns"}
        asked["text"] = "with margin {x:usd}"
        more = np.where(found["price"] > found["floor"] * 1.001, found["price"], np.nan)
        return [
            stack(self, "stack", list(NAMES.values()), edges),
            ({"kind": "paths", "source": self.at("line"), "ink": True}, [x, y]),
            (asked, [more, bar - 0.06]),
            across(self, "stack", top([found["floor"], found["price"]], 1.12)),
        ]

    def _table(self, results: Results) -> tuple[dict[str, object], list[np.ndarray]]:
        found = self.found(results)
        unit = f"per {results.work_label}"
        rows = [
            ("Price floor (amortised)", unit, "usd", found["floor"], "–"),
            ("Running costs alone", unit, "usd", found["cash_floor"], "–"),
            ("Price with the margin asked", unit, "usd", found["price"], "–"),
            ("Floor of output tokens", "per million", "usd", found["output"], "–"),
            ("Floor of prompt tokens", "per million", "usd", found["input"], "–"),
            ("Hosted API, same mix", unit, "usd", found["hosted"], "no price"),
        ]
        asked = np.ones(len(results.options), dtype=bool)
        return self.told("facts", "What has to be charged", rows, list(asked))

    def axes(self, scenario: Scenario, results: Results) -> dict[str, str]:
        """Unit of work."""
        label = f"USD per {results.work_label}"
        return {
            self.at("stack/xaxis"): label,
            self.at("tokens/xaxis"): "USD per million tokens of the kind",
        }

    def captions(self, results: Results) -> dict[str, str]:
        """What the plots show."""
        who = " and ".join(results.labels)
        return {
            self.at("stack/figure"): f"Price floor of {who} by part",
            self.at("tokens/figure"): f"Price floor of {who} by kind of token",
        }

    def body(self, scenario: Scenario, results: Results) -> Viewable:
        """The stack above; tokens apart and the table below."""
        rows = len(results.options)
        return self.flow(
            self.card(
                "Price floor (amortised)",
                "Where the net present value is zero at the discount rate: purchases "
                "as annuities over the useful life, plus running costs, over the work. "
                "The line is the floor.",
                self._figure(rows),
                wide=True,
            ),
            self.card(
                "By kind of token",
                "Prompt and output tokens share the floor by the busy time they take; "
                "a cached prompt token takes none of its own.",
                self.bar_figure(
                    "tokens", rows * len(TOKENS), Scale("USD", 0, 1, "usd")
                ),
            ),
            self.card("", "", self.slot("facts", "table-slot")),
        )

    def _figure(self, rows: int) -> Figure:
        """The stack with the floor of each bar."""
        full = self.full
        return stack_figure(
            self,
            "stack",
            rows,
            Scale("USD", 0, 1, "usd"),
            260,
            style.paths(full("line"), 1, 2.0),
            style.points(full("asked"), rows, 11, line_color="white"),
            style.texts(full("asked-text"), rows, y_offset=-16, x_offset=-4),
        )
