"""Which inputs the comparison hangs on."""

from __future__ import annotations

import numpy as np
from bokeh.plotting.contour import contour_data
from panel.viewable import Viewable

from breakeven.explorer import style
from breakeven.explorer.style import Figure, Scale
from breakeven.explorer.views.base import Entry, Feed, View
from breakeven.explorer.wording import input_title
from breakeven.models import sensitivity
from breakeven.models.ranges import vocabulary
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario

ROWS = 12
HEIGHT = 540
TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 10, 20, 50, 100)
CELLS = 25  # of the map, along each side
VOLUMES = (1e3, 1e7)  # chips
SHARES = (0.1, 1.0)  # utilisation
_SHOWN = {"us": "µs", "mm2": "mm²", "1/cm2": "per cm²", "chip/year": "a year"}
NARROWEST = (0.8, 1.25)  # ratio: the axis shows at least this


class Sensitivity(View):
    """Cost ratio with each input alone at the ends of its range."""

    name = "sensitivity"
    title = "Sensitivity"
    question = "Which inputs does the comparison hang on?"

    def feed(self, scenario: Scenario, results: Results) -> Feed:
        """The longest bars of the first option, the longest on top."""
        found = sensitivity.tornado(scenario, "ratio")
        bars, places = found.bars[:ROWS], vocabulary(scenario)
        columns = np.array(
            [(places[b.name], b.low, b.high, b.at_low, b.at_high) for b in bars]
        ).reshape(-1, 5)
        entry = {
            "kind": "tornado",
            "source": self.at("bars"),
            "names": self.at("names"),
            "lines": self.at("lines"),
            "across": self.at("bars/x"),
            "rows": ROWS,
            "inputs": [input_words(scenario, name) for name in places],
        }
        across = {"kind": "range", "range": self.at("bars/x")}
        return [
            *self._map(scenario),
            (across, [_reach(columns[:, 3:], found.base)]),
            (entry, [*columns.T, np.array([found.base])]),
        ]

    def _map(self, scenario: Scenario) -> Feed:
        """Cost ratio over volume and utilisation of the first option."""
        x, y = _plane(scenario)
        ratio = sensitivity.two_way(scenario, x, y).ratio[0]
        contour = {"kind": "paths", "source": self.at("equal"), "ink": True}
        now = {"kind": "columns", "source": self.at("now"), "columns": ["x", "y"]}
        now |= {"text": "now", "ink": "plain"}
        ends = {"kind": "range", "range": self.at("map/x")}
        high = {"kind": "range", "range": self.at("map/y")}
        return [
            (
                {"kind": "map", "source": self.at("map")},
                [_edges(x), _edges(y), ratio],
            ),
            (contour, _equal(x.values, y.values, ratio)),
            (now, [np.array([x.present]), np.array([y.present])]),
            (ends, [x.values[[0, -1]]]),
            (high, [y.values[[0, -1]]]),
        ]

    def axes(self, scenario: Scenario, results: Results) -> dict[str, str]:
        """Whose cost is divided by whose."""
        own, rival = results.labels[0], results.labels[-1]
        x, _ = _plane(scenario)
        key = x.name.partition(".")[0]
        who = scenario.options[key].option.label if key in scenario.options else ""
        across = f"Chips of {who}" if who else f"{input_title(x.name)}, {x.unit}"
        return {
            self.at("bars/xaxis"): f"Cost of {own} over that of {rival}",
            self.at("map/xaxis"): across,
            self.at("map/yaxis"): f"Utilisation of {own}",
        }

    def captions(self, results: Results) -> dict[str, str]:
        """What the plot shows."""
        own, rival = results.labels[0], results.labels[-1]
        said = f"Cost of {own} over that of {rival} at both ends of each input's range"
        over = f"Whether {own} or {rival} is cheaper, by volume and utilisation"
        return {self.at("bars/figure"): said, self.at("map/figure"): over}

    def body(self, scenario: Scenario, results: Results) -> Viewable:
        """The bars, the longest on top, and the map below."""
        own, rival = results.labels[0], results.labels[-1]
        return self.flow(
            self.card(
                "What the comparison hangs on",
                "Cost ratio with each input alone at the P10 and the P90 of its range, "
                "all others as set. Lines: the present ratio, and equal cost (1).",
                self._bars(),
                wide=True,
            ),
            self.card(
                "Break-even map",
                f"In the colour of {own} where it costs less, of {rival} where that "
                "does; the paler, the nearer. The line is equal cost; grey: no cost.",
                self._plot(),
                wide=True,
            ),
        )

    def _bars(self) -> Figure:
        """The bars with their names above them."""
        name = self.full("bars")
        plain = {"x_offset": 4, "text_font_style": "normal", "text_font_size": "12px"}
        return style.figure(
            style.bars(name, 2 * ROWS)
            * style.paths(self.full("lines"), 2, 1.2)
            * style.texts(self.full("names"), ROWS, **plain),
            name,
            Scale("Ratio", *NARROWEST, log=True, ticks=TICKS),
            Scale("", 0, ROWS, "hidden"),
            height=HEIGHT,
        )

    def _plot(self) -> Figure:
        """The map, its contour and the present point."""
        name = self.full("map")
        return style.figure(
            style.bars(name, CELLS**2)
            * style.paths(self.full("equal"), 1, 2.0)
            * style.points(self.full("now"), 1, 12, fill_color=None)
            * style.texts(self.full("now-text"), 1, x_offset=11),
            name,
            Scale("Chips", *VOLUMES, log=True),
            Scale("Utilisation", *SHARES, "percent"),
            height=380,
        )


def _plane(scenario: Scenario) -> tuple[sensitivity.Axis, sensitivity.Axis]:
    """Volume along x, where it is set, and utilisation of the first option along y."""
    first = next(iter(scenario.options))
    y = sensitivity.axis(scenario, f"{first}.utilisation", CELLS, *SHARES)
    if scenario.sizing == "demand":
        return sensitivity.axis(scenario, "workload.demand", CELLS), y
    leads = scenario.anchor if scenario.sizing == "match" else first
    count = scenario.options[leads].option.count or VOLUMES[0]
    low = max(1.0, min(VOLUMES[0], 10 ** np.floor(np.log10(count / 3))))
    name = f"{leads}.count"
    return sensitivity.axis(scenario, name, CELLS, low, VOLUMES[1]), y


def _edges(axis: sensitivity.Axis) -> np.ndarray:
    """Edges of a cell for each value of an axis, within its ends. [unit of these]."""
    space = np.geomspace if axis.log else np.linspace
    return space(axis.values[0], axis.values[-1], len(axis.values) + 1)


def _equal(x: np.ndarray, y: np.ndarray, ratio: np.ndarray) -> list[np.ndarray]:
    """Points of the contour of equal cost, its parts apart by a gap. [mixed]."""
    with np.errstate(divide="ignore", invalid="ignore"):
        height = np.ma.masked_invalid(np.log(ratio))
    found = contour_data(np.log(x), y, height, [0.0], want_fill=False).line_data
    across, up = (found.xs[0], found.ys[0]) if found and found.xs else ([], [])
    if not len(across):
        return [np.full(1, np.nan), np.full(1, np.nan)]
    return [np.exp(across), np.asarray(up)]


def _reach(answers: np.ndarray, base: float) -> np.ndarray:
    """Ends of the axis, on a logarithmic scale. [1]."""
    known = np.append(answers.ravel(), base)
    known = known[np.isfinite(known) & (known > 0)]
    if not known.size:
        return np.array(NARROWEST)
    low, high = min(known.min(), NARROWEST[0]), max(known.max(), NARROWEST[1])
    return np.array([low / (high / low) ** 0.03, high * (high / low) ** 0.03])


def input_words(scenario: Scenario, name: str, *, short: bool = False) -> Entry:
    """How a bar names an input and writes its values; ``short`` without the option."""
    prefix, _, last = name.rpartition(".")
    group, key = scenario.groups()[prefix], name.partition(".")[0]
    unit, bounds = group.unit(last), group.param[last].bounds or (None, None)
    share = unit == "1/year" or (unit == "1" and bounds[1] == 1)
    title = input_title(name)
    if key in scenario.options and not short:
        title = f"{scenario.options[key].option.label}, {title[0].lower()}{title[1:]}"
    shown = "" if share or unit in ("1", "USD") else _SHOWN.get(unit, unit)
    kind = "percent" if share else "usd" if unit == "USD" else "number"
    return {"title": title, "kind": kind, "unit": shown}
