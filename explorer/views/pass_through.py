"""The lowest price that an owner could charge, over time."""

from __future__ import annotations

import numpy as np
from panel.viewable import Viewable

from breakeven.explorer import style
from breakeven.explorer.style import Scale
from breakeven.explorer.views.amortisation import room
from breakeven.explorer.views.base import Array, Feed, View
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario

SHOWN = (0, 12, 24, 36, 60)  # months of the table


class PassThrough(View):
    """Prices by month of a fleet bought today, one bought later, and the market's."""

    name = "pass-through"
    title = "Pass-through"
    question = (
        "What is the lowest price per token or task that the owner could charge, now "
        "and as chips, prices and software improve?"
    )
    studies = ("passthrough",)
    inputs = (
        "passthrough.margin",
        "passthrough.hardware_gain",
        "passthrough.software_gain",
        "passthrough.settling_time",
        "passthrough.market_decline",
    )

    def feed(self, scenario: Scenario, results: Results) -> Feed:
        """Two sets of lines with names at their ends, the market behind, a table."""
        found = results.studies["passthrough"]
        months, new, keep = found["months"], found["new_price"], found["keep_price"]
        known = np.concatenate([new, keep, found["floor_price"]])
        known = known[np.isfinite(known) & (known > 0)]
        up = (known.min() / 2, known.max() * 2) if known.size else (0.1, 10.0)
        up = np.array(up, float)
        table = self.table("new", "Month", "whole", "usd")
        ends = {"kind": "ends", "source": self.at("ends"), "log": True}
        end = np.full(len(results.options), months[-1])
        across = {"kind": "range", "range": self.at("price/x")}
        across["figure"] = self.at("price/figure")
        wide = np.array([0.0, months[-1] * room(results.labels), months[-1]])
        market = {"kind": "paths", "source": self.at("market"), "ink": "plain"}
        lines = np.vstack(
            [found[n] for n in ("market_low", "market_price", "market_high")]
        )
        lines = np.where(lines >= up[0], lines, np.nan)
        return [
            (market, [months, lines]),
            ({"kind": "paths", "source": self.at("keep")}, [months, keep]),
            (
                {"kind": "paths", "source": self.at("floor")},
                [months, found["floor_price"]],
            ),
            (
                {"kind": "paths", "source": self.at("new"), "table": table},
                [months, new],
            ),
            (ends, [end, new[:, -1], up]),
            (across, [wide]),
            ({"kind": "range", "range": self.at("price/y")}, [up]),
            self._table(results),
        ]

    def _table(self, results: Results) -> tuple[dict[str, object], list[Array]]:
        found = results.studies["passthrough"]
        rows = [
            (f"Bought in month {m}", "", "usd", found["new_price"][:, m]) for m in SHOWN
        ]
        rows += [
            ("Bought today, in month 24", "", "usd", found["keep_price"][:, 24]),
            ("Running cost today", "", "usd", found["floor_price"][:, 0]),
            ("Worth running until", "", "months", found["retirement"]),
        ]
        rows += [
            (f"Bought in month {m}", "per task", "usd", found["task_price"][:, m])
            for m in SHOWN
        ]
        return self.rows("table", f"Lowest price, USD per {results.work_label}", rows)

    def axes(self, scenario: Scenario, results: Results) -> dict[str, str]:
        """Unit of work."""
        return {self.at("price/yaxis"): f"USD per {results.work_label}"}

    def captions(self, results: Results) -> dict[str, str]:
        """What the plot shows."""
        who = " and ".join(results.labels)
        return {self.at("price/figure"): f"Lowest price of {who} by month"}

    def body(self, scenario: Scenario, results: Results) -> Viewable:
        """Lines beside the table."""
        rows, full = len(results.options), self.full
        plot = style.figure(
            style.paths(full("market"), 3, 1.0, line_alpha=0.35)
            * style.paths(full("keep"), rows, 1.2)
            * style.paths(full("floor"), rows, 0.8)
            * style.paths(full("new"), rows, 3.0)
            * style.texts(full("ends"), rows),
            full("price"),
            Scale("Months", 0, 60, "months"),
            Scale("USD", 0.1, 10, "usd", log=True),
            height=380,
        )
        return self.flow(
            self.card(
                "Lowest price by month",
                "Thick: a fleet bought in that month. Thin: a fleet bought today, and "
                "below it its running cost. Grey: list prices of the market falling "
                "as published, slow, middle and fast; no such rate lasts. Retirement "
                "asks of a fleet that is old today, not bought today, when to stop.",
                plot,
                self.data("new"),
            ),
            self.card("", "", self.slot("table", "table-slot")),
        )
