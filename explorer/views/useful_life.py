"""What if the chips last three years and not six: charges, book value, cost of work."""

from __future__ import annotations

import numpy as np
from panel.viewable import Viewable

from breakeven.explorer import style
from breakeven.explorer.style import Figure, Scale
from breakeven.explorer.views.base import Fed, Feed, top
from breakeven.explorer.views.study import StudyView
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario
from breakeven.models.useful_life_study import METHODS

# Lines of the plots: method, name, colour.
LINES = (
    ("straight line", "As booked", "ink"),
    ("revised", "Revised", "rose"),
    ("tax (MACRS)", "Tax", "ochre"),
    ("market", "Market", "brown"),
)
ROWS = [METHODS.index(method) for method, *_ in LINES]
NAMES = [name for _, name, _ in LINES]
SERIES = [colour for *_, colour in LINES]
BARS = {
    "booked_charge": "Straight line, booked life",
    "revised_charge": "Straight line, revised life",
    "tax_charge": "Tax (MACRS), first year",
    "market_charge": "Loss of market value, first year",
}


class UsefulLife(StudyView):
    """Book value and yearly charge by method; what they are for each option."""

    name = "useful_life"
    title = "Useful life"
    question = "What if the chips last three years and not six?"
    studies = ("useful_life",)
    inputs = (
        "useful_life.revised_life",
        "useful_life.booked_life",
        "useful_life.revision",
        "useful_life.market",
        "useful_life.market_quotes",
        "useful_life.decay",
        "useful_life.tax_life",
        "useful_life.bonus",
        "useful_life.tax_rate",
        "finance.residual_value",
        "useful_life.site_capital",
        "useful_life.site_other",
    )

    def feed(self, scenario: Scenario, results: Results) -> Feed:
        """Two plots by year, bars and a table of the options."""
        found = self.found(results)
        years, books = found["years"], found["book"][ROWS]
        charges = found["charge"][ROWS]
        steps = np.repeat(years, 2)[1:-1]
        cases = np.vstack([found[name] for name in BARS])
        return [
            *self._lines("book", years, books, 1.12),
            *self._lines("charge", steps, np.repeat(charges, 2, axis=-1), 1.25),
            (self.grouped("cases", "usd", list(BARS.values())), [cases]),
            *self.ranges_of("cases", np.array([0.0, top(cases, 1.6)]), None),
            self._table(results),
        ]

    def _lines(self, name: str, x: np.ndarray, ys: np.ndarray, room: float) -> Feed:
        """Lines of the methods, each named where there is room for its name."""
        table = self.table(name, "Year", "number", "percent") | {"names": NAMES}
        entry = {"kind": "paths", "source": self.at(name), "series": SERIES}
        up = np.array([0.0, top(ys, room)])
        look = {"series": SERIES, "words": NAMES}
        return [
            ({**entry, "table": table}, [x, ys]),
            self.marks(f"{name}-names", *_places(x, ys, up[1]), "", **look),
            *self.ranges_of(name, None, up),
        ]

    def _table(self, results: Results) -> Fed:
        found, work = self.found(results), f"per {results.work_label}"
        none, year = "rented: nothing to depreciate", "a year"
        rows = [
            ("Purchases", "1 GW", "usd", found["capital"], none),
            ("Charge over the booked life", year, "usd", found["booked_charge"], none),
            ("over the revised life", year, "usd", found["revised_charge"], none),
            ("Change at the revision", year, "usd", found["charge_change"], none),
            ("Tax saved", "present value", "usd", found["tax_shield"], none),
            ("Levelised cost, booked life", work, "usd", found["booked_cost"], none),
            ("with the revised life", work, "usd", found["revised_cost"], none),
        ]
        return self.told("facts", "1 GW of each chip", rows, results.feasible)

    def captions(self, results: Results) -> dict[str, str]:
        """What the three plots show."""
        who, lines = " and ".join(results.labels), ", ".join(NAMES).lower()
        return {
            self.at("book/figure"): f"Book value by year: {lines}",
            self.at("charge/figure"): f"Charge of each year: {lines}",
            self.at("cases/figure"): f"Yearly charge of 1 GW of {who} by method",
        }

    def _by_year(self, name: str, label: str) -> Figure:
        """A plot of the methods by year."""
        full, rows = self.full, len(LINES)
        return style.figure(
            style.paths(full(name), rows) * style.texts(full(f"{name}-names"), rows),
            full(name),
            Scale("Years since the purchase", 0, 10),
            Scale(label, 0, 1, "percent"),
        )

    def body(self, scenario: Scenario, results: Results) -> Viewable:
        """Book value, charges, bars and the table."""
        across = Scale("USD a year for 1 GW of facility power", 0, 1, "usd")
        return self.flow(
            self.card(
                "Book value",
                "Share of the purchase left at the end of each year, by accounting as "
                "booked and as revised, by tax law, and on the second-hand market.",
                self._by_year("book", "Share of the purchase"),
                self.data("book"),
            ),
            self.card(
                "Charge of each year",
                "What each rule takes off in a year; the revised line catches up.",
                self._by_year("charge", "Share of the purchase a year"),
                self.data("charge"),
            ),
            self.card(
                "What it means for 1 GW",
                "Chips, servers, network and storage of 1 GW of each chip.",
                self.bar_figure("cases", len(results.options), across, 330),
            ),
            self.card("", "", self.slot("facts", "table-slot")),
        )


def _places(
    x: np.ndarray, ys: np.ndarray, high: float
) -> tuple[np.ndarray, np.ndarray]:
    """Where the names of lines stand: far from other lines, and from other names."""
    taken: list[tuple[float, float]] = []
    for i, row in enumerate(ys):
        others = np.delete(ys, i, axis=0) - row
        free = np.abs(others).min(axis=0)
        for k in np.argsort(-np.where(row > 0.02 * high, free, -1.0), kind="stable"):
            above = 0.04 if others[np.abs(others[:, k]).argmin(), k] <= 0.0 else -0.05
            at = (float(x[k]), float(row[k] + above * high))
            if all(
                abs(at[0] - a) > 2.0 or abs(at[1] - b) > 0.09 * high for a, b in taken
            ):
                break
        taken.append(at)
    return np.array([a for a, _ in taken]), np.array([b for _, b in taken])
