"""At what volume an own chip beats buying: unit cost against log volume."""

from __future__ import annotations

import numpy as np
from panel.viewable import Viewable

from breakeven.explorer import style
from breakeven.explorer.style import Figure, Scale
from breakeven.explorer.views.base import Fed, Feed, top
from breakeven.explorer.views.study import StudyView
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario
from breakeven.models.study import Finding

FEWEST, MOST = 1e3, 1e7  # chips: the axis of volumes


class Volume(StudyView):
    """Cost of the same work by own chips made, with the rival's level and bands."""

    name = "volume"
    title = "Volume"
    question = "At what volume does an own chip beat buying?"
    studies = ("volume",)
    inputs = (
        "{first}.cost_basis",
        "{first}.port_cost",
        "volume.lateness",
        "volume.replaced",
    )

    def feed(self, scenario: Scenario, results: Results) -> Feed:
        """Curves with bands and crossings, and a table."""
        found = self.found(results)
        low, high = _levels(found)
        up = np.array([low, high])
        at = np.full(len(results.options), MOST)
        even = found["breakeven"][:-1]
        level = np.where(np.isfinite(even), found["curve"][-1, -1], np.nan)
        count = np.where(np.isfinite(found["per_chip"]), results.count, np.nan)
        cost = (found["own_life"] + found["per_chip"]) / found["replaced"]
        cost = np.where(cost <= high, cost, np.nan)
        table = self.table("curves", "Own chips", "number", "usd")
        bands = {"kind": "bands", "source": self.at("bands")}
        ends = {"kind": "ends", "source": self.at("curves-ends"), "gap": 0.06}
        across = {"kind": "range", "range": self.at("curves/y")}
        return [
            (bands, [found["volumes"], found["curve_low"], found["curve_high"]]),
            self.curves_of("curves", found["volumes"], found["curve"], table),
            (ends, [at, found["curve"][:, -1], up]),
            self.marks("even", even, level, "{x:number} chips"),
            self.marks("now", count, cost, "now {y:usd}"),
            (across, [up]),
            self._table(results, found),
            self._working(results, found),
        ]

    def _working(self, results: Results, found: Finding) -> Fed:
        """The break-even volume of the first option, step by step."""
        own, rival = results.labels[0], results.labels[-1]
        names = (
            "own_beside own_per_price unit_cost own_life replaced rival_share".split()
        )
        names += "saving one_off breakeven per_chip gain".split()
        values = {name: found[name][0] for name in names}
        values |= {"rival": found["own_life"][-1], "count": results.count[0]}
        lines = [
            f"One {own} over its life = server, power and upkeep + unit cost × what "
            "each dollar of it adds (resale, upkeep, spares)",
            "= {own_beside:usd} + {unit_cost:usd} × {own_per_price:number} "
            "= {own_life:usd}",
            f"The same work on {rival} = {rival} replaced × one over its life",
            "= {replaced:number} × {rival:usd} = {rival_share:usd}",
            "Break-even volume = one-off cost / (rival's share − own life)",
            "= {one_off:usd} / ({rival_share:usd} − {own_life:usd}) "
            "= {breakeven:number} chips",
            "Saved by the fleet = chips × saving − one-off cost",
            "= {count:number} × {saving:usd} − {one_off:usd} = {gain:usd}",
        ]
        return self.working(lines, values)

    def _table(self, results: Results, found: Finding) -> Fed:
        last = results.labels[-1]
        rows = [
            ("Unit cost of the chip", "", "usd", found["unit_cost"], "–"),
            ("Over its life, with server and power", "", "usd", found["own_life"], "–"),
            (f"{last} that it replaces", "chips", "number", found["replaced"], "–"),
            ("These cost over the same life", "", "usd", found["rival_share"], "–"),
            ("Saved by each chip", "", "usd", found["saving"], "–"),
            ("One-off: NRE, port, lateness", "", "usd", found["one_off"], "–"),
            ("Break-even", "chips", "number", found["breakeven"], "none"),
            ("at the good ends", "chips", "number", found["breakeven_low"], "none"),
            ("at the bad ends", "chips", "number", found["breakeven_high"], "none"),
            ("Fleet as set", "chips", "number", results.count, "–"),
            ("One-off cost a chip of it", "", "usd", found["per_chip"], "–"),
            ("Saved by the whole fleet", "", "usd", found["gain"], "–"),
        ]
        asked = np.isfinite(found["own_life"] + found["one_off"])
        return self.told("facts", "Present value over the life of a chip", rows, asked)

    def axes(self, scenario: Scenario, results: Results) -> dict[str, str]:
        """Whose work is the measure."""
        who = results.labels[-1]
        return {self.at("curves/yaxis"): f"USD for the life's work of one {who}"}

    def captions(self, results: Results) -> dict[str, str]:
        """What the plot shows."""
        who, rival = " and ".join(results.labels[:-1]), results.labels[-1]
        said = f"Cost of {who} for the work of one {rival}, by number of chips made"
        return {self.at("curves/figure"): said}

    def body(self, scenario: Scenario, results: Results) -> Viewable:
        """The curves above, the table below."""
        rival = results.labels[-1]
        return self.flow(
            self.card(
                "Cost of the same work, by own chips made",
                f"Amortised: purchase, server, power and upkeep over the life of a "
                f"chip at present value, one-off costs spread over the chips made. "
                f"Ring: where it meets {rival}. Shaded: the range of the own unit cost "
                f"(of its yield and memory price, if computed as made) and of the "
                f"price of {rival}.",
                self._curves(len(results.options)),
                self.data("curves"),
                wide=True,
            ),
            self.card("", "", self.slot("facts", "table-slot"), wide=True),
            self.worked(),
        )

    def _curves(self, rows: int) -> Figure:
        full, above = self.full, {"y_offset": -15, "x_offset": 8}
        below = {"y_offset": 17, "x_offset": 2}
        inside = {"text_align": "right", "x_offset": -4, "y_offset": -11}
        return style.figure(
            style.bands(full("bands"), rows)
            * style.paths(full("curves"), rows)
            * style.points(full("even"), rows - 1, 13, fill_color=None, line_width=2.5)
            * style.texts(full("even-text"), rows - 1, **above)
            * style.points(full("now"), rows, 11, line_color="white")
            * style.texts(full("now-text"), rows, **below)
            * style.texts(full("curves-ends"), rows, **inside),
            full("curves"),
            Scale("Own chips made", FEWEST, MOST, log=True),
            Scale("USD", 0, 1, "usd"),
            height=400,
        )


def _levels(found: Finding) -> tuple[float, float]:
    """Ends of the axis of cost: the levels that many chips reach, and room above."""
    ends = np.append(found["curve"][:, -1], found["curve_high"][-1, -1])
    return 0.0, top(ends, 1.7)
