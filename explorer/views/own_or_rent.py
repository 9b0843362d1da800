"""Own, rent, reserve or pay by the token: cost against utilisation."""

from __future__ import annotations

import numpy as np
from panel.viewable import Viewable

from breakeven.explorer import style
from breakeven.explorer.style import Figure, Scale
from breakeven.explorer.views.base import Array, Feed
from breakeven.explorer.views.study import StudyView, from_any
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario
from breakeven.models.terms_study import RENTED

NAMES = {
    "buy": "buy",
    "build": "build",
    "rent": "on demand",
    "spot": "spot",
    "block": "block",
    "commit_1yr": "1 year",
    "commit_3yr": "3 years",
    "api": "hosted API",
}
OWNED = ("buy", "build")
ROOM = 3.4  # height of the picture over the cost of owning now
LONG = 1.30  # of the axis of utilisation: names stand behind the lines


class OwnOrRent(StudyView):
    """One picture an option: every way to acquire it, by utilisation."""

    name = "terms"
    title = "Own or rent"
    question = "Own, rent or reserve?"
    studies = ("terms",)
    inputs = (
        "{option}.ramp_start",
        "{option}.committed_share",
        "{option}.rework",
        "{option}.chip.rental_price",
        "{option}.chip.spot_price",
        "{option}.chip.commit_3yr_price",
        "workload.llm.hosted_input_price",
        "workload.llm.hosted_output_price",
    )

    def feed(self, scenario: Scenario, results: Results) -> Feed:
        """Lines, names, break-evens and the present point of each option."""
        found: Feed = []
        for place, key in enumerate(scenario.options):
            use = scenario.options[key].option
            found += self._of(results, place, float(use.utilisation), use.acquisition)
        return [*found, self._table(results)]

    def _of(self, results: Results, place: int, share: float, now: str) -> Feed:
        study, name = self.found(results), f"terms{place}"
        shares = study["utilisations"]
        high = self._height(results, place)
        owned = np.vstack([study[f"cost_{kind}"][place] for kind in OWNED])
        rented = np.vstack([study[f"cost_{kind}"][place] for kind in RENTED])
        lines = np.where(
            np.vstack([owned, rented]) <= high, np.vstack([owned, rented]), np.nan
        )
        of = {"kind": "paths", "option": place}
        ends = {
            "kind": "ends",
            "source": self.at(f"{name}-ends"),
            "names": list(NAMES.values()),
            "option": place,
            "gap": 0.068,
        }
        even = np.array([study[f"even_{kind}"][place] for kind in RENTED])
        cost = np.array([study[f"even_{kind}_cost"][place] for kind in RENTED])
        marks = {
            "kind": "columns",
            "columns": ["x", "y"],
            "source": self.at(f"{name}-even"),
            "text": "{x:percent}",
            "option": place,
        }
        here = {**marks, "source": self.at(f"{name}-now"), "text": "now {y:usd}"}
        up = np.array([0.0, high])
        across = np.array([0.0, LONG, 1.0])
        present = np.array([study[f"now_{now}"][place]])
        return [
            ({**of, "source": self.at(f"{name}-own")}, [shares, lines[:2]]),
            ({**of, "source": self.at(f"{name}-rent")}, [shares, lines[2:]]),
            (ends, [np.ones(len(NAMES)), lines[:, -1], up]),
            (marks, [even, np.where(cost <= high, cost, np.nan)]),
            (here, [np.array([share]), present]),
            ({"kind": "range", "range": self.at(f"{name}/x")}, [across]),
            ({"kind": "range", "range": self.at(f"{name}/y")}, [up]),
        ]

    def _height(self, results: Results, place: int) -> float:
        """End of the cost axis: room for owning at a third of its utilisation."""
        study = self.found(results)
        own = [float(study[f"now_{kind}"][place]) for kind in OWNED]
        every = [float(study[f"now_{kind}"][place]) for kind in (*OWNED, *RENTED)]
        known = [cost for cost in own if np.isfinite(cost)]
        known = known or [cost for cost in every if np.isfinite(cost)]
        return ROOM * max(min(known), 1e-9) if known else 1.0

    def _table(self, results: Results) -> tuple[dict[str, object], list[Array]]:
        study = self.found(results)
        unit = f"per {results.work_label}"
        costs = [
            (f"Cost now, {name}", unit, "usd", study[f"now_{kind}"], "no price")
            for kind, name in NAMES.items()
        ]
        evens = [
            (
                f"Owning beats {NAMES[kind]} from",
                "utilisation",
                "percent",
                from_any(study, f"even_{kind}", f"even_{kind}_reason"),
                "none",
            )
            for kind in RENTED
        ]
        asked = [True] * len(results.options)
        return self.told(
            "facts", "All terms at the present utilisation", [*costs, *evens], asked
        )

    def axes(self, scenario: Scenario, results: Results) -> dict[str, str]:
        """Unit of work."""
        label = f"USD per {results.work_label}"
        return {
            self.at(f"terms{place}/yaxis"): label
            for place in range(len(results.options))
        }

    def captions(self, results: Results) -> dict[str, str]:
        """What each plot shows."""
        return {
            self.at(f"terms{place}/figure"): f"Cost of {label} on all terms by "
            "utilisation"
            for place, label in enumerate(results.labels)
        }

    def body(self, scenario: Scenario, results: Results) -> Viewable:
        """A picture for each option, and the table."""
        cards = [
            self.card(
                f"{label} (amortised, or rental)",
                "Thick: owned, purchases as annuities. Thin: rented or by the token; a "
                "commitment bills its floor. Rings: where owning costs the same.",
                self._figure(place),
            )
            for place, label in enumerate(results.labels)
        ]
        return self.flow(
            *cards, self.card("", "", self.slot("facts", "table-slot"), wide=True)
        )

    def _figure(self, place: int) -> Figure:
        """Lines of one option."""
        name = self.full(f"terms{place}")
        small = {"text_font_size": "12px"}
        below = {**small, "y_offset": 15, "x_offset": -8, "text_align": "right"}
        return style.figure(
            style.paths(f"{name}-rent", len(RENTED), 1.4)
            * style.paths(f"{name}-own", len(OWNED), 3.2)
            * style.points(f"{name}-even", len(RENTED), 12, fill_color=None)
            * style.texts(
                f"{name}-even-text", len(RENTED), y_offset=-14, x_offset=4, **small
            )
            * style.points(f"{name}-now", 1, 11, line_color="white")
            * style.texts(f"{name}-now-text", 1, **below)
            * style.texts(f"{name}-ends", len(NAMES), x_offset=6, **small),
            name,
            Scale("Utilisation", 0.0, LONG, "percent"),
            Scale("USD", 0, 1, "usd"),
            height=340,
        )
