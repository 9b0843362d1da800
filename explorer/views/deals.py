"""A deal behind a headline: what is known, what it implies, what contradicts it."""

from __future__ import annotations

import numpy as np
from panel.viewable import Viewable

from breakeven.explorer import style
from breakeven.explorer.deal_table import all_deals, told
from breakeven.explorer.style import Figure, Scale
from breakeven.explorer.views.base import Array, Feed, View
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario

COLUMNS = ["Low", "Middle", "High", "As set"]
# Rows of the two figures, from the top: name, output, whether it is what is stated.
CHIPS = (
    ("Claimed by other headlines", "claimed_chips", True),
    ("Thought to exist", "supply", True),
    ("From the terms as read", "chips", False),
)
VALUES = (
    ("As the words are read", "stated_value", True),
    ("At the price as set", "value", False),
)

TABLE = (
    ("Cores, as read", "", "number", "stated_cores"),
    ("Chips, as read", "", "number", "stated_chips"),
    ("Power, as read", "", "mw", "stated_power"),
    ("Value, as read", "billion USD", "number", "stated_value"),
    ("Term, as read", "years", "number", "term"),
    ("Chips", "", "number", "chips"),
    ("Cores", "", "number", "cores"),
    ("Power, all chips at their limit", "", "mw", "power"),
    ("Value at the price as set", "billion USD", "number", "value"),
    ("Chip-hour that the value as read buys", "", "usd", "price"),
    ("Core-hour that it buys", "", "usd", "core_price"),
    ("Money per chip", "", "usd", "chip_price"),
    ("That over the price as set", "", "percent", "price_ratio"),
    ("Share of the known supply", "", "percent", "supply_share"),
    (
        "Work per day",
        "{scaled}/day",
        "number",
        "work_per_day",
    ),
    ("Tasks per day", "", "number", "tasks_per_day"),
)


class Deals(View):
    """Terms, implications and contradictions of the scenario's deal."""

    name = "deals"
    title = "Deal"
    question = (
        "What is known of the deal behind the headline, what does it imply, and where "
        "does the arithmetic contradict it?"
    )
    studies = ("deal",)
    inputs = (
        "deal.cores",
        "deal.chips",
        "deal.power",
        "deal.value",
        "deal.term",
        "deal.claimed_chips",
    )

    def sentences(self, scenario: Scenario, results: Results) -> list[str]:
        """What contradicts the headline first; what to do without a deal."""
        said = super().sentences(scenario, results)
        return said or ["No deal stands behind this scenario: pick one on the left."]

    def feed(self, scenario: Scenario, results: Results) -> Feed:
        """Two figures of ranges, and the table of cases."""
        return [
            *self._ranges("chips", CHIPS, results, 1.0, "number"),
            *self._ranges("value", VALUES, results, 1e9, "usd"),
            self._cases(scenario, results),
        ]

    def _ranges(
        self,
        name: str,
        rows: tuple[tuple[str, str, bool], ...],
        results: Results,
        scale: float,
        form: str,
    ) -> Feed:
        """Ranges of what is stated and of what it implies, and what is set."""
        found = results.studies["deal"]
        cases = np.array([found[row][:3] for _, row, _ in rows]) * scale
        now = found[rows[-1][1]][3] * scale
        across, ends = self._across(name, np.append(cases, now))
        height = np.arange(len(rows), 0.0, -1.0)
        feed: Feed = [(across, [ends])]
        for part, is_stated in (("stated", True), ("implied", False)):
            mine = np.array([stated == is_stated for *_, stated in rows])
            low, middle, high = cases[mine].T
            y = height[mine]
            columns = {"kind": "columns", **({"ink": "plain"} if is_stated else {})}
            # an exact figure is a thin bar
            bar = {"source": self.at(f"{name}-{part}")}
            bar |= {"columns": ["left", "bottom", "right", "top"]}
            edges = [low / 1.02, y - 0.3, high * 1.02, y + 0.02]
            feed.append((columns | bar, edges))
            said = {"source": self.at(f"{name}-{part}-said")}
            said |= {"columns": ["x", "y", "middle", "low", "high"]}
            numbers = f"{{middle:{form}}} ({{low:{form}}} to {{high:{form}}})"
            said["texts"] = [
                f"{text}: {numbers}" for text, _, s in rows if s == is_stated
            ]
            start = np.full(y.size, ends[0])
            feed.append((columns | said, [start, y + 0.24, middle, low, high]))
        mark = {"kind": "columns", "source": self.at(f"{name}-set")}
        mark |= {"columns": ["x", "y"], "text": f"as set {{x:{form}}}"}
        return [*feed, (mark, [np.array([now]), np.array([height[-1] - 0.56])])]

    def _across(self, name: str, shown: Array) -> tuple[dict[str, str], Array]:
        """Ends of a logarithmic axis around everything that is known."""
        known = shown[np.isfinite(shown) & (shown > 0)]
        if not known.size:
            known = np.array([1.0])
        # whole decades, so that the axis has numbers at both ends
        ends = 10.0 ** np.array(
            [
                np.floor(np.log10(known.min() / 1.3)),
                np.ceil(np.log10(known.max() * 1.6)),
            ]
        )
        entry = {"kind": "range", "range": self.at(f"{name}/x")}
        return entry, ends

    def _cases(
        self, scenario: Scenario, results: Results
    ) -> tuple[dict[str, object], list[Array]]:
        found = results.studies["deal"]
        cores = next(iter(scenario.options.values())).chip.cores is not None
        entry = {
            "kind": "words",
            "element": self.at("cases"),
            "render": "cases",
            "caption": "The terms as read, what follows, and as set on the left",
            "columns": COLUMNS,
            "none": "not disclosed",
            "rows": [
                {"label": a, "unit": results.filled(b), "format": c}
                | _absent(name, cores)
                for a, b, c, name in TABLE
            ],
        }
        # what is stated does not change with what is set
        table = np.array([found[name] for *_, name in TABLE], float)
        table[:5, 3] = np.nan
        return entry, [table]

    def captions(self, results: Results) -> dict[str, str]:
        """What the two plots show."""
        return {
            self.at("chips/figure"): "Ranges of the chips that the deal could mean",
            self.at("value/figure"): "Ranges of the value, as read and implied",
        }

    def body(self, scenario: Scenario, results: Results) -> Viewable:
        """What is known beside the figures, the cases below."""
        self.facts = self.slot("facts", "facts", told(scenario))
        return self.flow(
            self.card(
                "What it implies",
                "Ranges on a logarithmic axis. Grey: the terms as read; a word such as "
                "billions is the range that it allows. Colour: what the terms come to, "
                "and the value of every hour of the term (or of the purchase) at the "
                "price as set.",
                self._figure("chips", CHIPS, "number", "Chips"),
                self._figure("value", VALUES, "usd", "USD"),
            ),
            self.card("What is known", "Status, terms and sources.", self.facts),
            self.card("", "", self.slot("cases", "table-slot"), wide=True),
            self.card(
                "Every deal of the table",
                "Stated terms with their ranges; a dash is not disclosed.",
                self.slot("all", "facts", all_deals()),
                wide=True,
            ),
        )

    def refresh(self, scenario: Scenario, results: Results) -> None:
        """Show the texts of another deal."""
        if hasattr(self, "facts"):
            self.facts.html = told(scenario)

    def _figure(
        self, name: str, rows: tuple[tuple[str, str, bool], ...], kind: str, label: str
    ) -> Figure:
        """Bars from low to high with their middles, names above them."""
        full, count = self.full, len(rows)
        stated = sum(is_stated for *_, is_stated in rows)
        plot = style.bars(full(f"{name}-stated"), stated)
        plot *= style.bars(full(f"{name}-implied"), count - stated)
        for part, many in (("stated", stated), ("implied", count - stated)):
            plot *= style.texts(full(f"{name}-{part}-said"), many, x_offset=0)
        plot *= style.points(full(f"{name}-set"), 1, 13, fill_color=None)
        plot *= style.texts(full(f"{name}-set-text"), 1, x_offset=12)
        return style.figure(
            plot,
            full(name),
            Scale(label, 1, 10, kind, log=True),
            Scale("", 0.15, count + 0.5, "hidden"),
            height=64 + 62 * count,
        )


def _absent(name: str, cores: bool) -> dict[str, str]:
    """Words for a row of cores where the chip has none."""
    return {} if cores or "core" not in name else {"none": "no CPU cores"}
