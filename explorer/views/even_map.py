"""Who is cheaper where: a map over any two inputs, with the line of equal cost."""

from __future__ import annotations

import numpy as np
from bokeh.plotting.contour import contour_data
from panel.viewable import Viewable

from breakeven.explorer import style
from breakeven.explorer.odds import Ranges
from breakeven.explorer.style import Figure, Scale
from breakeven.explorer.views.base import Array, Feed, View
from breakeven.explorer.views.sensitivity import input_words
from breakeven.explorer.words import money, quantity_text
from breakeven.models import sensitivity
from breakeven.models.crossings import crossings
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario
from breakeven.models.sensitivity import Axis

COARSE, FINE = 25, 61  # values along each side in a drag, and at rest
ALONG = 81  # values at which equal cost is looked for along one input
VOLUMES = (1e3, 1e7)  # chips
SHARES = (0.1, 1.0)  # utilisation
_MANY = {name: f"{name}s" for name in ("chip", "token", "month", "year", "sequence")}
SMALLEST = 0.06  # share of the map that gets a name


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
        here = [
            _places(axis, np.array([np.nan if axis.present is None else axis.present]))
            for axis in (x, y)
        ]
        return [
            *self._cells(scenario, x, y),
            (now, here),
            ({"kind": "range", "range": self.at("map/x")}, [_places(x)[[0, -1]]]),
            ({"kind": "range", "range": self.at("map/y")}, [_places(y)[[0, -1]]]),
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
            "axes": [
                {"name": control_name(scenario, axis.name), "log": axis.log}
                | {"kind": input_words(scenario, axis.name)["kind"]}
                for axis in (x, y)
            ],
        }
        contour = {"kind": "paths", "source": self.at("equal"), "ink": True}
        names = {"kind": "columns", "source": self.at("sides"), "columns": ["x", "y"]}
        names |= {"text": "{label} is cheaper", "ink": "plain"}
        return [
            (cells, [np.concatenate(parts)]),
            (contour, _equal(x, y, ratio)),
            (names, _sides(x, y, ratio, len(scenario.options))),
        ]

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
        for axis, turns in zip(axes, crossings(scenario, axes), strict=True):
            lines.append(
                _turning(scenario, axis, turns, own if cost <= other else rival)
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
                self._plot(),
                wide=True,
            ),
        )

    def _plot(self) -> Figure:
        """The map, its contour and the present point."""
        name = self.full("map")
        drawn = style.figure(
            style.bars(name, FINE**2)
            * style.paths(self.full("equal"), 1, 2.0)
            * style.texts(self.full("sides"), 2, text_align="center", x_offset=0)
            * style.points(self.full("now"), 1, 12, fill_color=None)
            * style.texts(self.full("now-text"), 1, x_offset=11),
            name,
            Scale("", 0, 1),
            Scale("", 0, 1),
            height=460,
        )
        drawn.xaxis[0].ticker.desired_num_ticks = 4  # which a phone has room for
        return drawn


def plane(scenario: Scenario, count: int) -> tuple[Axis, Axis]:
    """The two inputs of the map: those chosen, else volume and utilisation."""
    chosen = scenario.studied["map"]
    first = next(iter(scenario.options))
    x = _chosen(scenario, chosen.across, count) or _volume(scenario, count)  # type: ignore[attr-defined]
    y = _chosen(scenario, chosen.up, count)  # type: ignore[attr-defined]
    if y is None or y.name == x.name:
        y = sensitivity.axis(scenario, f"{first}.utilisation", count, *SHARES)
    if y.name == x.name:
        y = _volume(scenario, count)
    return x, y


def _chosen(scenario: Scenario, name: str, count: int) -> Axis | None:
    """Axis of a chosen input; none where the scenario has no such number."""
    if not name:
        return None
    try:
        return sensitivity.axis(scenario, name, count)
    except (KeyError, ValueError):
        return None


def _volume(scenario: Scenario, count: int) -> Axis:
    """Volume where it is set: chips of the option that leads, or the demand."""
    if scenario.sizing == "demand":
        return sensitivity.axis(scenario, "workload.demand", count)
    first = next(iter(scenario.options))
    leads = scenario.anchor if scenario.sizing == "match" else first
    chips = scenario.options[leads].option.count or VOLUMES[0]
    low = max(1.0, min(VOLUMES[0], 10 ** np.floor(np.log10(chips / 3))))
    return sensitivity.axis(scenario, f"{leads}.count", count, low, VOLUMES[1])


def control_name(scenario: Scenario, name: str) -> str:
    """Name of the control of an input: the price in use is called so."""
    for key in scenario.options:
        if scenario.resolve(f"{key}.price") == name:
            return f"{key}.price"
    return name


def _places(axis: Axis, values: Array | None = None) -> Array:
    """Where values stand on the plot: at their logarithm where the axis is so. [1]."""
    values = axis.values if values is None else values
    return np.log10(values) if axis.log else values


def _edges(axis: Axis) -> Array:
    """Edges of a cell for each value of an axis, within its ends. [1]."""
    ends = _places(axis)[[0, -1]]
    return np.linspace(*ends, len(axis.values) + 1)


def _equal(x: Axis, y: Axis, ratio: Array) -> list[Array]:
    """Points of the contour of equal cost, its parts apart by a gap. [1]."""
    with np.errstate(divide="ignore", invalid="ignore"):
        height = np.ma.masked_invalid(np.log(ratio))
    found = contour_data(
        _places(x), _places(y), height, [0.0], want_fill=False
    ).line_data
    across, up = (found.xs[0], found.ys[0]) if found and found.xs else ([], [])
    if not len(across):
        return [np.full(1, np.nan), np.full(1, np.nan)]
    return [np.asarray(across), np.asarray(up)]


def _sides(x: Axis, y: Axis, ratio: Array, options: int) -> list[Array]:
    """Middle of where each option is the cheaper, if that is more than a corner."""
    across, up = np.meshgrid(_places(x), _places(y))
    at = np.full((2, options), np.nan)
    for place, won in ((0, ratio < 1.0), (options - 1, ratio > 1.0)):
        if won.mean() > SMALLEST:
            at[:, place] = across[won].mean(), up[won].mean()
    return [*at]


def _named(scenario: Scenario, axis: Axis) -> tuple[str, str, str]:
    """Name of an input, its unit, and how its values are written."""
    said = input_words(scenario, axis.name)
    title, unit = said["title"], _MANY.get(said["unit"], said["unit"])
    key, _, last = axis.name.rpartition(".")
    if last == "count":
        title = f"Chips of {scenario.options[key].option.label}"
    return title, unit, said["kind"]


def _axis_label(scenario: Scenario, axis: Axis) -> str:
    """Input of an axis with its unit."""
    title, unit, _ = _named(scenario, axis)
    return title if unit in ("", "chips") else f"{title}, {unit}"


def _turning(scenario: Scenario, axis: Axis, turns: Array, cheaper: str) -> str:
    """Where costs are equal along one input, or that they never are."""
    title, unit, kind = _named(scenario, axis)
    shown = "" if unit == "chips" else unit

    def word(value: float) -> str:
        if kind == "percent":
            return f"{value:.1%}"
        if kind == "usd":
            return money(value)
        return f"{quantity_text(value)} {shown}".strip()

    if turns.size:
        at = " and ".join(word(float(value)) for value in turns)
        now = "" if axis.present is None else f"; now {word(axis.present)}"
        return f"{title}: costs are equal at {at}, all else as set{now}."
    low, high = (word(float(value)) for value in axis.values[[0, -1]])
    return f"{title}: {cheaper} is the cheaper from {low} to {high}, all else as set."
