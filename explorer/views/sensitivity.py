"""Which inputs the comparison hangs on."""

from __future__ import annotations

import numpy as np
from panel.viewable import Viewable

from breakeven.explorer import style
from breakeven.explorer.odds import Ranges
from breakeven.explorer.style import Figure, Scale
from breakeven.explorer.views.base import Entry, Fed, Feed, View
from breakeven.explorer.wording import input_title
from breakeven.models import sensitivity
from breakeven.models.decisions import Regret
from breakeven.models.indices import TOGETHER
from breakeven.models.ranges import vocabulary
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario

ROWS = 12
LEAST = 0.005  # share of the variance that is worth a row
HEIGHT = 540
TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 10, 20, 50, 100)
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
            "tap": self.at("bars"),
            "inputs": [input_words(scenario, name) for name in places],
        }
        across = {"kind": "range", "range": self.at("bars/x")}
        return [
            (across, [_reach(columns[:, 3:], found.base)]),
            (entry, [*columns.T, np.array([found.base])]),
        ]

    def ranges(self, found: Ranges) -> Feed:
        """What goes with each input, and what choosing risks, once many are drawn."""
        weights = found.weights
        if weights is None or not weights.indices:
            return []
        own = next(iter(weights.indices.values()))
        shown = [i for i in range(len(own.names)) if own.total[i] >= LEAST][:ROWS]
        worth = weights.worth
        known = dict(zip(worth.names, worth.value, strict=True)) if worth else {}
        columns = (
            own.first[shown],
            own.total[shown],
            np.array([known.get(own.names[i], np.nan) for i in shown]),
        )
        names = [own.names[i] for i in shown]
        shares = {
            "kind": "words",
            "element": self.at("shares"),
            "render": "shares",
            "caption": "Sobol' indices of the cost ratio: dark alone, pale with others",
            "worth": f"Worth of knowing, per {found.spread.work_unit}",
            "rows": [
                {"title": weights.titles[name], "name": name.partition(TOGETHER)[0]}
                for name in names
            ],
        }
        table: Feed = [(shares, [np.concatenate(columns)])]
        return [*table, *([self._regret(weights.regret)] if weights.regret else [])]

    def _regret(self, regret: Regret) -> Fed:
        """What each choice costs beyond the best one, in every draw."""
        rows = [
            ("Cheapest in", "of the draws", "percent", regret.cheapest),
            ("Expected cost", "", "usd", regret.cost),
            ("Expected regret", "", "usd", regret.regret),
            ("Regret, P90", "", "usd", regret.regret_high),
            ("Regret, worst draw", "", "usd", regret.regret_worst),
        ]
        return self.rows("regret", "Choosing before the inputs are known", rows)

    def axes(self, scenario: Scenario, results: Results) -> dict[str, str]:
        """Whose cost is divided by whose."""
        own, rival = results.labels[0], results.labels[-1]
        return {self.at("bars/xaxis"): f"Cost of {own} over that of {rival}"}

    def captions(self, results: Results) -> dict[str, str]:
        """What the plot shows."""
        own, rival = results.labels[0], results.labels[-1]
        said = f"Cost of {own} over that of {rival} at both ends of each input's range"
        return {self.at("bars/figure"): said}

    def body(self, scenario: Scenario, results: Results) -> Viewable:
        """The bars, the longest on top."""
        return self.flow(
            self.card(
                "What the comparison hangs on",
                "Cost ratio with each input alone at the P10 and the P90 of its range, "
                "all others as set. Lines: the present ratio, and equal cost (1).",
                self._bars(),
                wide=True,
            ),
            *(self._drawn() if self.ranged else ()),
        )

    def _drawn(self) -> tuple[Viewable, ...]:
        """What the draws say, which only a page with a server has."""
        return (
            self.card(
                "All inputs at once",
                "How much of the variance of the cost ratio goes with each input, over "
                "its whole range and with all others moving; and what it would save on "
                "average to know it before choosing. A name leads to its control.",
                self.slot("shares", "table-slot"),
                wide=True,
            ),
            self.card(
                "Regret",
                "What each choice costs beyond the one that turns out cheapest, in USD "
                "per unit of work, over the draws in which every option works.",
                self.slot("regret", "table-slot"),
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
    return {"title": title, "kind": kind, "unit": shown, "name": name}
