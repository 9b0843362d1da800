"""What an anchor customer does to unit cost, and which price both sides accept."""

from __future__ import annotations

import numpy as np
from panel.viewable import Viewable

from breakeven.explorer import style
from breakeven.explorer.style import Figure, Scale
from breakeven.explorer.views import sides
from breakeven.explorer.views.base import Array, Entry, Fed, Feed
from breakeven.explorer.views.study import StudyView
from breakeven.models.anchor_outputs import ALTERNATIVES
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario
from breakeven.models.study import Finding

FEWEST, MOST = 1e4, 1e7  # chips: the axis of own volumes
STEPS = (1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5)
PRICES, EFFECTS = 9, 3  # rows of the ladders


class Anchor(StudyView):
    """Amortisation with and without it, the range of prices, what it brings, sides."""

    name = "anchor"
    title = "Anchor customer"
    question = (
        "What does an anchor customer do to unit cost, and what price can both accept?"
    )
    studies = ("anchor",)
    inputs = (
        "anchor.volume",
        "anchor.own_volume",
        "anchor.floor",
        "anchor.use",
        "anchor.term",
        "anchor.split",
        "anchor.margin",
        "anchor.extras",
        "anchor.customer_nre",
        "anchor.customer_wait",
        "anchor.debt_rate",
        "{first}.cost_basis",
    )

    def feed(self, scenario: Scenario, results: Results) -> Feed:
        """Curves, two ladders, three tables."""
        found = self.found(results)
        return [
            *self._curves(found),
            *self._prices(results, found),
            *self._effects(found),
            self._grid("splits", sides.splits(found)),
            self._grid("provider", sides.provider(found)),
            self._grid("customer", sides.customer(results, found)),
            self.working(*sides.working(scenario, found)),
        ]

    def _curves(self, found: Finding) -> Feed:
        volumes = found["volumes"]
        lines = found["curve_without"], found["curve_with"]
        inside = (volumes >= FEWEST) & (volumes <= MOST)
        seen = np.concatenate([line[inside] for line in lines])
        known = seen[np.isfinite(seen)]
        low, high = (known.min(), known.max()) if known.size else (1e3, 1e5)
        up = {"kind": "range", "range": self.at("curves/y")}
        table = self.table("curves", "Own chips", "number", "usd")
        own = np.full(1, found["own_volume"])
        alone = {"ink": "plain"}
        return [
            (
                {"kind": "paths", "source": self.at("without"), "ink": True},
                [volumes, lines[0]],
            ),
            self.curves_of("curves", volumes, lines[1], table),
            self.marks(
                "alone",
                own,
                np.full(1, found["cost_without"]),
                "without {y:usd}",
                **alone,
            ),
            self.marks("both", own, np.full(1, found["cost_with"]), "with {y:usd}"),
            (up, [np.array([low / 1.3, high * 1.15])]),
        ]

    def _prices(self, results: Results, found: Finding) -> Feed:
        """Both ends of the range, what is in it, and what lies beyond."""
        ends = [found["floor_price"], found["ceiling_price"]]
        agreed = bool(found["agreement"] == 1.0)
        rows = sides.prices(results)
        marks = [
            found["floor_price"],
            *found["split_price"],
            *(found[f"ceiling_{n}"] for n in ALTERNATIVES),
            found["price"],
        ]
        marks = [np.maximum(m, 0.0) for m in marks]
        left = np.array([ends[0] if agreed else np.nan, *marks], dtype=float)
        right = np.array([ends[1] if agreed else np.nan, *marks], dtype=float)
        return [
            self._reach("prices", right, 1.7),
            self._ladder("prices", rows, left, right),
        ]

    def _effects(self, found: Finding) -> Feed:
        """The three things an anchor brings, in money of the whole deal."""
        names = (
            ("Design that it takes over", "nre_effect"),
            ("Idle hours that its floor takes over", "idle_effect"),
            ("Cheaper money on secured revenue", "financing_effect"),
        )
        values = np.array([float(found[n]) for _, n in names])
        rows = [
            {
                "text": f"{said}  {{size:usd}}",
                "who": 0,
                "share": 0.2 * i,
                "strong": True,
                "none": f"{said}: not known",
            }
            for i, (said, _) in enumerate(names)
        ]
        left = np.where(np.isfinite(values), 0.0, np.nan)
        return [
            self._reach("effects", values, 2.6),
            self._ladder("effects", rows, left, values),
        ]

    def _ladder(self, name: str, rows: list[Entry], left: Array, right: Array) -> Fed:
        entry: Entry = {"kind": "ladder", "source": self.at(name), "rows": rows}
        entry |= {"names": self.at(f"{name}-names"), "across": self.at(f"{name}/x")}
        return entry, [left, right]

    def _reach(self, name: str, values: Array, room: float) -> Fed:
        """Axis from zero, with room for words behind the longest bar."""
        known = values[np.isfinite(values)]
        # one mark far beyond the others would press them together: it gets an arrow
        near = known[known <= 2.5 * np.median(known)] if known.size > 3 else known
        high = float(near.max()) if near.size and near.max() > 0.0 else 1.0
        entry = {"kind": "range", "range": self.at(f"{name}/x")}
        return entry, [np.array([0.0, room * high])]

    def _grid(self, name: str, told: sides.Grid) -> Fed:
        """A table with columns of its own."""
        entry: Entry = {
            "kind": "words",
            "element": self.at(name),
            "render": "grid",
            "caption": told.caption,
            "columns": list(told.columns),
            "rows": [{"label": a, "format": b, "none": c} for a, b, c, _ in told.rows],
        }
        return entry, [np.array([[float(v) for v in row[3]] for row in told.rows])]

    def captions(self, results: Results) -> dict[str, str]:
        """What the three plots show."""
        own = results.labels[0]
        return {
            self.at("curves/figure"): f"Unit cost of {own} by own chips made, with and "
            "without the anchor customer",
            self.at("prices/figure"): "Prices of a chip that provider and customer "
            "accept, and what each rule of sharing asks",
            self.at("effects/figure"): "What the anchor brings: design, idle hours, "
            "cheaper money",
        }

    def axes(self, scenario: Scenario, results: Results) -> dict[str, str]:
        """Whose chips are counted."""
        own = results.labels[0]
        return {
            self.at("curves/xaxis"): f"{own} made for the provider itself",
            self.at("curves/yaxis"): f"USD a {own}, design included",
        }

    def body(self, scenario: Scenario, results: Results) -> Viewable:
        """Curves and range above, effects and splits, both sides below."""
        curves, prices, effects = self._figures()
        return self.flow(
            self.card(
                "Unit cost by own volume",
                "Amortised: making one chip, and the design over all chips made. "
                "Dashed: without the anchor. Dots: the fleet as set.",
                curves,
                self.data("curves"),
            ),
            self.card(
                "Prices of a chip that both accept",
                "The provider needs the cost of making and what it adds; the customer "
                "pays no more than its best alternative is worth to it. Price of the "
                "chip alone, server and power apart.",
                prices,
            ),
            self.card(
                "What the anchor brings",
                "Over the whole deal. Design at cost; idle hours at the full cost of a "
                "chip, above the utilisation of the provider's own fleet; cheaper "
                "money at present value.",
                effects,
            ),
            self.card("", "", self.slot("splits", "table-slot")),
            self.card("", "", self.slot("provider", "table-slot"), wide=True),
            self.card("", "", self.slot("customer", "table-slot"), wide=True),
            self.worked(),
        )

    def _figures(self) -> tuple[Figure, Figure, Figure]:
        full = self.full
        above, below = (
            {"y_offset": -15, "x_offset": 6},
            {"y_offset": 16, "x_offset": -6},
        )
        curves = style.figure(
            style.paths(full("without"), 1, 2.0, line_dash=[6, 4])
            * style.paths(full("curves"), 1)
            * style.points(full("alone"), 1, 10, line_color="white")
            * style.texts(full("alone-text"), 1, **above)
            * style.points(full("both"), 1, 11, line_color="white")
            * style.texts(full("both-text"), 1, text_align="right", **below),
            full("curves"),
            Scale("Own chips", FEWEST, MOST, log=True),
            Scale("USD", 1e3, 1e5, "usd", log=True, ticks=STEPS),
            height=360,
        )
        plain = {"x_offset": 6, "text_font_style": "normal", "text_font_size": "12px"}
        ladders = [
            style.figure(
                style.bars(full(name), rows)
                * style.texts(full(f"{name}-names"), rows, **plain),
                full(name),
                Scale(label, 0, 1, "usd"),
                Scale("", 0, rows, "hidden"),
                height=height,
            )
            for name, rows, label, height in (
                ("prices", PRICES, "USD a chip", 360),
                ("effects", EFFECTS, "USD", 190),
            )
        ]
        return curves, ladders[0], ladders[1]
