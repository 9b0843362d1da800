"""How much work a chip does, how fast users are served, and what limits it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from panel.viewable import Viewable

from breakeven.explorer import style
from breakeven.explorer.style import Scale
from breakeven.explorer.views.base import Feed, View, frame, present, tops
from breakeven.explorer.views.strip import limits
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario

SPEEDS = np.geomspace(5.0, 200.0, 40)
TICKS = (5.0, 10.0, 20.0, 50.0, 100.0, 200.0)
SPEED = Scale(
    "Slowest accepted speed per user [token/s]", 5, 200, log=True, ticks=TICKS
)
SERVING = "serving"
WHY = {
    "training": "A training run has no user who waits: there is no speed to trade.",
    "cpu": "Processor cores are counted by the hour: there is no speed to trade.",
}


def _swept(scenario: Scenario, results: Results) -> bool:
    """Whether results run over the speeds per user."""
    return scenario.workload.kind == SERVING and np.ndim(results.token_rate) > 1


class Throughput(View):
    """Throughput per chip against speed per user; what the hardware is busy with."""

    name = "throughput"
    title = "Throughput"
    question = "How fast is each chip for its users, and what limits it?"

    reads = ("workload.interactivity",)

    def overrides(self, scenario: Scenario) -> dict[str, ArrayLike]:
        """Every speed per user that the plot shows, the present one first."""
        if scenario.workload.kind != SERVING:
            return {}
        now = scenario.workload.interactivity
        return {"workload.interactivity": np.concatenate([[now], SPEEDS])}

    def feed(self, scenario: Scenario, results: Results) -> Feed:
        """Curve by speed, bars of what is in use, a table."""
        swept = _swept(scenario, results)
        now = present(results) if swept else results
        use = self.grouped(
            "use", "percent", ["Arithmetic peak (MFU)", "Memory bandwidth (MBU)"]
        )
        return [
            *self._speed(scenario, results if swept else None, now),
            (use, [np.stack([now.mfu, now.mbu])]),
            self._table(now),
        ]

    def _speed(self, scenario: Scenario, swept: Results | None, now: Results) -> Feed:
        rows = len(now.options)
        x, rates = np.array([np.nan]), np.full((rows, 1), np.nan)
        at = np.full(rows, np.nan)
        if swept is not None:
            x, rates = SPEEDS, swept.token_rate[:, 1:]
            at = np.full(rows, float(scenario.workload.interactivity or np.nan))
        paths = {"kind": "paths", "source": self.at("speed")}
        paths["table"] = self.table("speed", "Speed per user", "number", "number")
        mark = {
            "kind": "columns",
            "source": self.at("now"),
            "columns": ["x", "y"],
            "text": "{label}  {y:number}",
        }
        why = {
            "kind": "words",
            "element": self.at("why"),
            "render": "sentence",
            "names": [],
            "sentences": {"1": WHY.get(scenario.workload.kind, "")},
        }
        up = {"kind": "range", "range": self.at("speed/y")}
        return [
            (paths, [x, rates]),
            (mark, [at, now.token_rate]),
            (why, [np.array([1.0])]),
            (up, [frame(0.0, tops(rates, 2, 1.12))]),
        ]

    def _table(self, now: Results) -> tuple[dict[str, object], list[np.ndarray]]:
        rows = [
            ("Work per busy chip", now.unit("token_rate"), "number", now.token_rate),
            ("Time to first token", "", "s", now.ttft),
            ("Time per output token", "", "ms", now.tpot),
            ("Sequences per replica", "", "number", now.batch),
            ("Chips per replica", "", "whole", now.chips_per_replica),
            ("Busy time spent on prompts", "", "percent", now.prefill_share),
            ("Limited by", "", "number", now.limited_by),
        ]
        entry, arrays = self.rows("table", "At the present inputs", rows)
        entry["rows"][-1]["words"] = limits()
        return entry, arrays

    def axes(self, scenario: Scenario, results: Results) -> dict[str, str]:
        """Unit of work."""
        return {self.at("speed/yaxis"): f"{results.unit('token_rate')} per busy chip"}

    def captions(self, results: Results) -> dict[str, str]:
        """What the two plots show."""
        who = " and ".join(results.labels)
        return {
            self.at("speed/figure"): f"Throughput per chip of {who} by speed per user",
            self.at("use/figure"): f"Share of the peaks used by {who}",
        }

    def body(self, scenario: Scenario, results: Results) -> Viewable:
        """Two plots and a table."""
        rows, full = len(results.options), self.full
        speed = style.figure(
            style.paths(full("speed"), rows)
            * style.points(full("now"), rows, 11, line_color="white")
            * style.texts(full("now-text"), rows, y_offset=-14),
            full("speed"),
            SPEED,
            Scale("token/s per busy chip", 0, 1),
        )
        use = self.bar_figure("use", rows, Scale("Share of peak", 0, 1, "percent"))
        return self.flow(
            self.card(
                "Throughput against speed",
                "Work of one busy chip when every user gets at least this speed. Where "
                "the line ends, no layout is fast enough.",
                self.slot("why", "says", tag="p"),
                speed,
                self.data("speed"),
            ),
            self.card(
                "What is in use",
                "Useful work over what the data sheet allows: an outcome of the model, "
                "not an input.",
                use,
            ),
            self.card("", "", self.slot("table", "table-slot"), wide=True),
        )
