"""How much work a chip does, how fast users are served, and what limits it."""

from __future__ import annotations

import numpy as np
from bokeh.models import FixedTicker
from numpy.typing import ArrayLike, NDArray
from panel.viewable import Viewable

from breakeven.explorer import style
from breakeven.explorer.views.base import Entry, View, present, top
from breakeven.explorer.views.strip import limits
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario

Array = NDArray[np.float64]
SPEEDS = np.geomspace(5.0, 200.0, 40)
SERVING = "serving"
WHY = {
    "training": "A training run has no user who waits: there is no speed to trade.",
    "cpu": "Processor cores are counted by the hour: there is no speed to trade.",
}


class Throughput(View):
    """Throughput per chip against speed per user; what the hardware is busy with."""

    name = "throughput"
    title = "Throughput"

    def overrides(self, scenario: Scenario) -> dict[str, ArrayLike]:
        """Every speed per user that the plot shows, the present one first."""
        if scenario.workload.kind != SERVING:
            return {}
        now = scenario.workload.interactivity
        return {"workload.interactivity": np.concatenate([[now], SPEEDS])}

    def entries(self, scenario: Scenario, results: Results) -> list[Entry]:
        """Curve by speed, bars of what is in use, a table."""
        rows = [
            ("Work per busy chip", results.unit("token_rate"), "number"),
            ("Time to first token", "", "s"),
            ("Time per output token", "", "ms"),
            ("Sequences per replica", "", "number"),
            ("Chips per replica", "", "whole"),
            ("Busy time spent on prompts", "", "percent"),
        ]
        table = [{"label": a, "unit": b, "format": c} for a, b, c in rows]
        table.append({"label": "Limited by", "format": "number", "words": limits()})
        return [
            {
                "kind": "paths",
                "source": self.at("speed"),
                "table": self.table("speed", "Speed per user", "number", "number"),
            },
            {
                "kind": "columns",
                "source": self.at("now"),
                "columns": ["x", "y"],
                "text": "{label}  {y:number}",
            },
            {
                "kind": "words",
                "element": self.at("why"),
                "render": "sentence",
                "names": [],
                "sentences": {"1": WHY.get(scenario.workload.kind, "")},
            },
            {"kind": "range", "range": self.at("speed/y")},
            {
                "kind": "grouped",
                "source": self.at("use"),
                "heads": self.at("heads"),
                "ends": self.at("ends"),
                "range": self.at("use/y"),
                "format": "percent",
                "groups": ["Arithmetic peak (MFU)", "Memory bandwidth (MBU)"],
            },
            {
                "kind": "words",
                "element": self.at("table"),
                "render": "table",
                "caption": "At the present inputs",
                "rows": table,
            },
        ]

    def arrays(self, scenario: Scenario, results: Results) -> list[Array]:
        """Sweep over speed, then the present point."""
        now = present(results)
        if np.ndim(results.token_rate) > 1:
            x, rates = SPEEDS, results.token_rate[:, 1:]
            at = np.full(
                len(now.options), float(scenario.workload.interactivity or np.nan)
            )
        else:
            x, rates = np.array([np.nan]), np.full((len(now.options), 1), np.nan)
            at = np.full(len(now.options), np.nan)
        return [
            x,
            rates,
            at,
            now.token_rate,
            np.array([1.0]),
            np.array([0.0, top(rates, 1.12)]),
            np.vstack([now.mfu, now.mbu]),
            np.vstack(
                [
                    now.token_rate,
                    now.ttft,
                    now.tpot,
                    now.batch,
                    now.chips_per_replica,
                    now.prefill_share,
                    now.limited_by,
                ]
            ),
        ]

    def axes(self, scenario: Scenario, results: Results) -> dict[str, str]:
        """Unit of work."""
        return {self.at("speed/yaxis"): f"{results.unit('token_rate')} per busy chip"}

    def captions(self, results: Results) -> dict[str, str]:
        """What the two plots show."""
        who = " and ".join(results.labels)
        return {
            self.at(
                "speed/figure"
            ): f"Throughput per chip of {who} against speed per user",
            self.at(
                "use/figure"
            ): f"Share of peak arithmetic and bandwidth used by {who}",
        }

    def body(self, scenario: Scenario, results: Results) -> Viewable:
        """Two plots and a table."""
        a = self.arrays(scenario, results)
        words = [""] * len(results.options)
        zero = np.zeros(len(words))
        speed = style.figure(
            style.paths(self.full("speed"), a[0], a[1])
            * style.points(self.full("now"), a[2], a[3], 11, line_color="white")
            * style.texts(self.full("now-text"), a[2], a[3], words, y_offset=-14),
            self.full("speed"),
            x=("Slowest accepted speed per user [token/s]", (5, 200)),
            y=("token/s per busy chip", tuple(a[5])),
            log="x",
        )
        use = style.figure(
            style.bars(self.full("use"), (zero, zero, zero, zero))
            * style.texts(
                self.full("heads"),
                zero,
                zero,
                words,
                x_offset=0,
                text_font_style="normal",
            )
            * style.texts(self.full("ends"), zero, zero, words, text_font_size="12px"),
            self.full("use"),
            x=("Share of the vendor's peak in use", (0, 1.0)),
            y=("", (0, 6)),
            rows=len(words),
        )
        speed.xaxis.ticker = FixedTicker(ticks=[5, 10, 20, 50, 100, 200])
        use.xaxis.formatter = style.percent()
        return self.flow(
            self.card(
                "Throughput against speed",
                "Work of one busy chip when every user "
                "gets at least this speed. Where the line ends, no layout is fast "
                "enough.",
                self.slot("why", "says", tag="p"),
                speed,
                self.data("speed"),
            ),
            self.card(
                "What is in use",
                "Useful work over what the data sheet allows: an "
                "outcome of the model, not an input.",
                use,
            ),
            self.card("", "", self.slot("table", "table-slot"), wide=True),
        )
