"""Who is cheaper where: a map over any two inputs, with the line of equal cost."""

from __future__ import annotations

import numpy as np
from bokeh.models import CustomJS
from bokeh.plotting.contour import contour_data
from panel.viewable import Viewable

from breakeven.explorer import style
from breakeven.explorer.odds import Ranges
from breakeven.explorer.style import Figure, Scale
from breakeven.explorer.views.base import Feed, View
from breakeven.explorer.wording import input_words, quantity_words
from breakeven.models import map_study, sensitivity
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario
from breakeven.models.sensitivity import Axis

COARSE, FINE = 25, 61  # values along each side in a drag, and at rest
ALONG = 81  # values at which equal cost is looked for along one input
VOLUMES = (1e3, 1e7)  # chips
SHARES = (0.1, 1.0)  # utilisation
TAP = "globalThis.breakevenPages?.[KEY]?.tap?.(NAME, cb_obj.x, cb_obj.y)"


class EvenMap(View):
    """Cost ratio of the first option to the last over two inputs."""

    name = "map"
    title = "Break-even map"
    question = "Where does our own chip win, and how far is that from where we are?"
    studies = ("map",)
    inputs = ("map.across", "map.up")
    _seen: Scenario | None = None

    def feed(self, scenario: Scenario, results: Results) -> Feed:
        """A coarse map, the present point, the ends of the axes."""
        self._seen = scenario
        x, y = plane(scenario, COARSE)
        now = {"kind": "columns", "source": self.at("now"), "columns": ["x", "y"]}
        now |= {"text": "now", "ink": "plain"}
        here = [np.array([np.nan if a.present is None else a.present]) for a in (x, y)]
        return [
            *self._cells(scenario, x, y),
            (now, here),
            ({"kind": "range", "range": self.at("map/x")}, [x.values[[0, -1]]]),
            ({"kind": "range", "range": self.at("map/y")}, [y.values[[0, -1]]]),
        ]

    def ranges(self, found: Ranges) -> Feed:
        """A fine map once the page rests."""
        if self._seen is None:
            return []
        return self._cells(self._seen, *plane(self._seen, FINE))

    def _cells(self, scenario: Scenario, x: Axis, y: Axis) -> Feed:
        """Cells of the map and the contour of equal cost."""
        ratio = sensitivity.two_way(scenario, x, y).ratio[0]
        parts = [_edges(x), _edges(y), ratio.ravel()]
        cells = {
            "kind": "picture",
            "draw": "map",
            "source": self.at("map"),
            "sizes": [part.size for part in parts],
            "options": [0, len(scenario.options) - 1],
            "tap": self.at("map"),
            "moves": [control_name(scenario, a.name) for a in (x, y)],
        }
        contour = {"kind": "paths", "source": self.at("equal"), "ink": True}
        return [(cells, [np.concatenate(parts)]), (contour, _equal(x, y, ratio))]

    def sentences(self, scenario: Scenario, results: Results) -> list[str]:
        """Who is cheaper now, and where that turns along each of the two inputs."""
        own, rival = results.labels[0], results.labels[-1]
        cost, other = (float(results.cost_per_token[i]) for i in (0, -1))
        if not np.isfinite(cost / other if other else np.nan):
            return ["No cost can be given for both options as they are set."]
        share = abs(cost / other - 1.0)
        less = "less" if cost <= other else "more"
        lines = [f"As set, {own} costs {share:.0%} {less} than {rival}."]
        axes = plane(scenario, ALONG)
        for axis, turns in zip(axes, map_study.crossings(scenario, axes), strict=True):
            said = input_words(scenario, axis.name)
            title = said["title"]
            low, high = (quantity_words(scenario, axis.name, v) for v in axis.values[[0, -1]])
            if turns.size:
                at = " and ".join(
                    quantity_words(scenario, axis.name, float(v)) for v in turns
                )
                lines.append(f"{title}: costs are equal at {at}, all else as set.")
            else:
                who = own if cost <= other else rival
                lines.append(
                    f"{title}: {who} stays the cheaper from {low} to {high}, all else "
                    "as set."
                )
        return lines

    def axes(self, scenario: Scenario, results: Results) -> dict[str, str]:
        """The two inputs with their units."""
        x, y = plane(scenario, COARSE)
        return {
            self.at("map/xaxis"): _axis_label(scenario, x),
            self.at("map/yaxis"): _axis_label(scenario, y),
        }

    def captions(self, results: Results) -> dict[str, str]:
        """What the plot shows."""
        own, rival = results.labels[0], results.labels[-1]
        said = f"Whether {own} or {rival} is cheaper over two inputs, and the present"
        return {self.at("map/figure"): said}

    def body(self, scenario: Scenario, results: Results) -> Viewable:
        """The map."""
        return self.flow(
            self.card(
                "Who is cheaper where",
                "In the colour of whoever costs less there: the paler, the nearer. The "
                "line is equal cost; grey: no cost. A click takes you there.",
                self._plot(scenario),
                wide=True,
            ),
        )

    def refresh(self, scenario: Scenario, results: Results) -> None:
        """Scales of the axes that the two inputs ask for."""

    def _plot(self, scenario: Scenario) -> Figure:
        """The map, its contour and the present point."""
        name = self.full("map")
        x, y = plane(scenario, COARSE)
        drawn = style.figure(
            style.bars(name, FINE**2)
            * style.paths(self.full("equal"), 1, 2.0)
            * style.points(self.full("now"), 1, 12, fill_color=None)
            * style.texts(self.full("now-text"), 1, x_offset=11),
            name,
            _scale(x),
            _scale(y),
            height=460,
        )
        code = TAP.replace("KEY", repr(self.key)).replace("NAME", repr(self.at("map")))
        drawn.js_on_event("tap", CustomJS(code=code))
        return drawn
