"""How low utilisation or price may fall before money is lost."""

from __future__ import annotations

import numpy as np
from panel.viewable import Viewable

from breakeven.explorer import style
from breakeven.explorer.style import Figure, Scale
from breakeven.explorer.views.base import Array, Feed
from breakeven.explorer.views.study import StudyView, from_any
from breakeven.models.margin_study import FACTORS, SHARES
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario
from breakeven.models.study import Finding

LINES = {
    "zero": "margin zero",
    "debt": "debt service",
    "power": "power",
}


NAMED = {"x_offset": 7, "y_offset": 0, "text_font_size": "12px"}
NEAR = {"zero": 0.9, "debt": 0.4, "power": 0.12}
TICKS = tuple(m * 10.0**p for p in range(-4, 6) for m in (1, 2, 5))


class MarginMap(StudyView):
    """One map an option: margin by price and utilisation, with the lines of zero."""

    name = "margin"
    title = "Margin"
    question = "How low may utilisation fall before we lose money?"
    studies = ("margin",)
    inputs = (
        "margin.price",
        "margin.debt_share",
        "margin.debt_rate",
        "margin.debt_term",
        "site.electricity_price",
    )

    def feed(self, scenario: Scenario, results: Results) -> Feed:
        """Map, lines and present point of each option; one table."""
        found: Feed = []
        for place, key in enumerate(scenario.options):
            share = float(scenario.options[key].option.utilisation)
            found += self._of(results, place, share)
        return [*found, self._table(results)]

    def _of(self, results: Results, place: int, share: float) -> Feed:
        study, name = self.found(results), f"map{place}"
        prices = np.asarray(study["prices"], dtype=float)
        shares = study["utilisations"]
        margins = study["margins"][place].reshape(prices.size, shares.size).T
        parts = [_edges(prices, log=True), _edges(shares), margins.ravel()]
        cells = {"kind": "picture", "draw": "margins", "source": self.at(name)}
        cells |= {"sizes": [part.size for part in parts], "option": place}
        feed: Feed = [(cells, [np.concatenate(parts)])]
        for line, words in LINES.items():
            feed += self._line(f"{name}-{line}", line, words, prices, study, place)
        here = {
            "kind": "columns",
            "source": self.at(f"{name}-now"),
            "columns": ["x", "y", "share"],
            "text": "now {share:percent}",
            "ink": "strong",
        }
        price = float(study["price"])
        now = np.array([float(study["margin_now"][place])])
        return [
            *feed,
            (here, [np.array([price]), np.array([share]), now]),
            ({"kind": "range", "range": self.at(f"{name}/x")}, [prices[[0, -1]]]),
            (
                {"kind": "range", "range": self.at(f"{name}/y")},
                [np.array([0.0, 1.0])],
            ),
        ]

    def _line(
        self,
        name: str,
        line: str,
        words: str,
        prices: Array,
        study: Finding,
        place: int,
    ) -> Feed:
        """One line of a map, and its name where the others have none."""
        at = study[f"{line}_line"][place]
        # high on its line, half way, low
        heights = np.where(np.isfinite(at), np.abs(at - NEAR[line]), np.inf)
        first = int(np.argmin(heights))
        mark = {
            "kind": "columns",
            "source": self.at(f"{name}-name"),
            "columns": ["x", "y"],
            "words": [words if np.isfinite(at[first]) else ""],
            "ink": "strong",
        }
        return [
            ({"kind": "paths", "source": self.at(name), "ink": True}, [prices, at]),
            (mark, [prices[[first]], at[[first]]]),
        ]

    def _table(self, results: Results) -> tuple[dict[str, object], list[Array]]:
        study = self.found(results)
        rows = [
            ("Gross margin now", "of the price", "percent", study["margin_now"], "–"),
            *(
                (
                    f"Utilisation that covers {what}",
                    "",
                    "percent",
                    from_any(study, f"{line}_now", f"{line}_reason"),
                    "none",
                )
                for line, what in (
                    ("zero", "all costs"),
                    ("debt", "running costs and debt"),
                    ("power", "power"),
                )
            ),
        ]
        return self.told("facts", "At the present price", rows, list(results.feasible))

    def axes(self, scenario: Scenario, results: Results) -> dict[str, str]:
        """Unit of work."""
        label = f"Price, USD per {results.work_label}"
        return {
            self.at(f"map{place}/xaxis"): label for place in range(len(results.options))
        }

    def captions(self, results: Results) -> dict[str, str]:
        """What each plot shows."""
        return {
            self.at(f"map{place}/figure"): f"Gross margin of {label} by price and "
            "utilisation"
            for place, label in enumerate(results.labels)
        }

    def body(self, scenario: Scenario, results: Results) -> Viewable:
        """A map for each option, and the table."""
        cards = [
            self.card(
                f"{label} (amortised)",
                "In its colour where the price covers all costs, red where it does "
                "not; the paler, the nearer. Lines: margin zero, running costs with "
                "debt service, power alone.",
                self._figure(place),
            )
            for place, label in enumerate(results.labels)
        ]
        return self.flow(
            *cards, self.card("", "", self.slot("facts", "table-slot"), wide=True)
        )

    def _figure(self, place: int) -> Figure:
        """Map of one option."""
        name = self.full(f"map{place}")
        plot = style.bars(name, FACTORS.size * SHARES.size)
        dashes = {"zero": "solid", "debt": [6, 4], "power": [2, 3]}
        for line in LINES:
            plot = plot * style.paths(f"{name}-{line}", 1, 2.0, line_dash=dashes[line])
            plot = plot * style.points(f"{name}-{line}-name", 1, 0.1)
            side = {"text_align": "right", "x_offset": -7} if line == "debt" else {}
            plot = plot * style.texts(
                f"{name}-{line}-name-text", 1, **{**NAMED, **side}
            )
        return style.figure(
            plot
            * style.points(f"{name}-now", 1, 12, fill_color=None)
            * style.texts(
                f"{name}-now-text", 1, x_offset=-8, y_offset=-15, text_align="right"
            ),
            name,
            Scale("Price", 0.1, 100, "usd", log=True, ticks=TICKS),
            Scale("Utilisation", 0.0, 1.0, "percent"),
            height=360,
        )


def _edges(values: Array, *, log: bool = False) -> Array:
    """Edges of a cell for each value of an axis, within its ends. [unit of these]."""
    space = np.geomspace if log else np.linspace
    if not np.isfinite(values).all():
        return np.full(values.size + 1, np.nan)
    return space(values[0], values[-1], values.size + 1)
