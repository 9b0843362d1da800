"""What a training run costs under three methods, beside what was published."""

from __future__ import annotations

import numpy as np
from panel.viewable import Viewable

from breakeven import presets
from breakeven.explorer import style
from breakeven.explorer.style import Figure, Scale
from breakeven.explorer.views.base import Fed, Feed
from breakeven.explorer.views.study import StudyView
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario
from breakeven.models.training_run_study import METHODS, RUNS

ROWS = len(RUNS) + 1
BAR, LEFT = 0.06, 2e4
NAMES = [presets.label("training_runs", run).label for run in RUNS]


class TrainingRun(StudyView):
    """One row a run, one mark a method."""

    name = "training_run"
    title = "Training run"
    question = "What does a training run cost, and why do published numbers differ?"
    studies = ("training_run",)
    inputs = (
        "training_run.run",
        "training_run.chip_time",
        "training_run.chips",
        "training_run.rental_price",
        "training_run.price",
        "training_run.age",
        "training_run.decay",
        "training_run.interconnect_share",
        "training_run.electricity_price",
        "training_run.load",
    )

    def feed(self, scenario: Scenario, results: Results) -> Feed:
        """A plot of all runs and two tables."""
        tables = [self._published(results), self._own(results)]
        return [*self._runs(results), *tables]

    def _values(self, results: Results) -> np.ndarray:
        """Cost by method of the run as set and of every published run."""
        found = self.found(results)
        rows = [np.append(found[m], found[f"runs_{m}"]) for m in METHODS]
        return np.stack(rows)

    def _runs(self, results: Results) -> Feed:
        values, found = self._values(results), self.found(results)
        places = np.arange(ROWS, 0.0, -1.0)
        low, high = values.min(axis=0), values.max(axis=0)
        known = np.concatenate([found[f"runs_published_{m}"] for m in METHODS])
        span = {"kind": "columns", "source": self.at("span"), "ink": "plain"}
        span["columns"] = ["left", "right", "bottom", "top"]
        fed: Feed = [(span, [low, high, places - BAR, places + BAR])]
        for method, row in zip(METHODS, values, strict=True):
            fed.append(self.marks(method, row, places, "", ink="strong"))
        rings = np.tile(places[1:], len(METHODS))
        fed.append(self.marks("published", known, rings, "", ink="plain"))
        heads = ["The run as set", *NAMES]
        left = np.full(ROWS, LEFT)
        fed.append(self.marks("heads", left, places, "", words=heads, ink="plain"))
        above, first = np.array([ROWS + 0.5]), values[:, :1]
        for method, at in zip(METHODS, first, strict=True):
            words = [method.capitalize()]
            fed.append(
                self.marks(f"said-{method}", at, above, "", words=words, ink="strong")
            )
        return fed

    def _published(self, results: Results) -> Fed:
        found = self.found(results)
        both = ("", ", published")
        heads = [f"{m.capitalize()}{more}" for m in METHODS for more in both]
        mine = [found[f"{kind}{m}"] for m in METHODS for kind in ("", "published_")]
        known = [found[f"runs_{k}{m}"] for m in METHODS for k in ("", "published_")]
        entry = {
            "kind": "words",
            "element": self.at("facts"),
            "render": "grid",
            "caption": "Ours and published, USD",
            "columns": heads,
            "rows": [
                {"label": label, "format": "usd", "strong": k == 0, "none": "–"}
                for k, label in enumerate(["The run as set", *NAMES])
            ],
        }
        return entry, [np.vstack([mine, np.stack(known, axis=-1)])]

    def _own(self, results: Results) -> Fed:
        found = self.found(results)
        words = {
            "amortised": ("Amortised", "value lost and energy"),
            "rental": ("Rental", "at the price on demand"),
            "upfront": ("Upfront", "all chips of the job"),
        }
        rows = [
            (*words[m], "usd", found[f"own_{m}"], "no price is published")
            for m in METHODS
        ]
        rows.append(("Time", "", "months", found["own_time"], "–"))
        trains = np.isfinite(found["own_time"])
        title = "This scenario's own training"
        if not trains.any():
            title = f"{title}: there is none, it serves"
        return self.told("own", title, rows, trains)

    def captions(self, results: Results) -> dict[str, str]:
        """What the plot shows."""
        runs = ", ".join(NAMES)
        return {
            self.at("runs/figure"): "Cost of a training run amortised, rented and "
            f"bought, for the run as set and for {runs}; rings are published figures"
        }

    def _figure(self) -> Figure:
        """All runs, one under the other, on a scale of powers of ten."""
        full = self.full
        look = {"line_color": "white", "line_width": 1.0}
        return style.figure(
            style.bars(full("span"), ROWS)
            * style.points(full("published"), 18, 17, fill_color=None, line_width=1.5)
            * style.points(full("amortised"), ROWS, 11, **look)
            * style.points(full("rental"), ROWS, 13, marker="diamond", **look)
            * style.points(full("upfront"), ROWS, 10, marker="square", **look)
            * style.texts(full("heads"), ROWS, x_offset=0, text_font_style="normal")
            * style.texts(full("said-amortised"), 1, x_offset=5, text_align="right")
            * style.texts(full("said-rental"), 1, x_offset=-5)
            * style.texts(full("said-upfront"), 1, x_offset=0, text_align="center"),
            full("runs"),
            Scale("USD", LEFT, 3e9, "usd", log=True),
            Scale("", 0.4, ROWS + 1.0, "hidden"),
            height=420,
        )

    def body(self, scenario: Scenario, results: Results) -> Viewable:
        """The plot over the tables."""
        return self.flow(
            self.card(
                "The same run under three methods",
                "Dot: amortised, the value that the cluster loses during the run, and "
                "energy. Diamond: rented by the chip-hour. Square: upfront, the whole "
                "cluster is bought. Rings: as published.",
                self._figure(),
                wide=True,
            ),
            self.card("", "", self.slot("facts", "table-slot"), wide=True),
            self.card("", "", self.slot("own", "table-slot"), wide=True),
        )
