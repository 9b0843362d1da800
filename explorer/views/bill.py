"""What is in one chip, what its design costs, and which input moves it most."""

from __future__ import annotations

import numpy as np
from panel.viewable import Viewable

from breakeven.explorer import style
from breakeven.explorer.style import Figure, Scale
from breakeven.explorer.views.base import Array, Entry, Fed, Feed
from breakeven.explorer.views.sensitivity import input_words
from breakeven.explorer.views.stacked import end_to_end, stack_feed, stack_figure
from breakeven.explorer.views.study import StudyView
from breakeven.explorer.words import sentence_case
from breakeven.models import making
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario
from breakeven.models.silicon_inputs import Silicon
from breakeven.models.silicon_study import laws
from breakeven.models.study import Finding

ROWS = 10  # bars of the tornado
INPUTS = Silicon.quantities()
FEWEST, MOST = 1e4, 1e7  # chips: the axis of volumes


class Bill(StudyView):
    """Bill of materials of each chip, its tornado, its cost by volume, its design."""

    name = "bill"
    title = "Bill of materials"
    question = "What is in one chip, and which input moves its cost most?"
    studies = ("silicon",)
    inputs = (
        "{first}.cost_basis",
        "{first}.silicon.process",
        "{first}.silicon.yield_model",
        "{first}.silicon.die_width",
        "{first}.silicon.die_height",
        "{first}.silicon.dies",
        "{first}.silicon.defect_density",
        "{first}.silicon.memory_capacity",
        "{first}.silicon.memory_price",
        "{first}.silicon.packaging",
        "{first}.silicon.assembly_price",
        "{first}.silicon.partner_margin",
        "{first}.silicon.volume_per_year",
    )

    def feed(self, scenario: Scenario, results: Results) -> Feed:
        """A stack, a tornado, curves by volume, two tables."""
        found = results.studies["silicon"]
        return [
            *self._stack(found),
            *self._tornado(scenario, found),
            *self._volume(found),
            self._lines(found),
            self._design(found),
            self._working(scenario, results, found),
        ]

    def _working(self, scenario: Scenario, results: Results, found: Finding) -> Fed:
        """Die and design of one chip, step by step."""
        option = costed(found)
        key, label = list(scenario.options)[option], results.labels[option]
        inputs = scenario.studied[f"{key}.silicon"].base()
        values = {
            name: np.nan if inputs[name] is None else inputs[name]
            for name in ("wafer_price", "probe_cost", "sort_yield")
        }
        for name in ("gross_dies", "die_yield", "good_die_cost", "unit_cost", "nre"):
            values[name] = found[name][option]
        values |= {n: found[n][option] for n in ("volume", "cost_with_nre")}
        law = laws(scenario, key)[0].replace("-", " ")
        lines = [
            f"{label}: dies on a wafer as in Chiplet Actuary (DAC 2022), share that "
            f"can be sold by the {law} law with harvesting",
            "Good die = (wafer / (dies × share) + test) / share that passes the test",
            "= ({wafer_price:usd} / ({gross_dies:number} × {die_yield:percent}) + "
            "{probe_cost:usd}) / {sort_yield:percent} = {good_die_cost:usd}",
            "Costs its owner = the lines above, added up: {unit_cost:usd}",
            "With its share of the design = that + design / chips made",
            "= {unit_cost:usd} + {nre:usd} / {volume:number} = {cost_with_nre:usd}",
        ]
        return self.working(lines, values)

    def _stack(self, found: Finding) -> Feed:
        names = [sentence_case(name) for name in making.BILL]
        return stack_feed(self, "stack", names, end_to_end(found["bill"].T))

    def _tornado(self, scenario: Scenario, found: Finding) -> Feed:
        """The longest bars of one chip, the longest on top."""
        option = costed(found)
        key = list(scenario.options)[option]
        names = [f"{key}.silicon.{name}" for name in INPUTS]
        ends = found["cost_at_low"][option], found["cost_at_high"][option]
        swing = np.nan_to_num(np.abs(ends[1] - ends[0]))
        order = np.argsort(-swing, kind="stable")[:ROWS]
        order = order[swing[order] > 0.0]
        base = found["cost_with_nre"][option]
        columns = [
            order.astype(float),
            *(found[name][option][order] for name in ("input_low", "input_high")),
            *(end[order] for end in ends),
        ]
        entry = {
            "kind": "tornado",
            "source": self.at("bars"),
            "names": self.at("bar-names"),
            "lines": self.at("lines"),
            "across": self.at("bars/x"),
            "rows": ROWS,
            "plain": option,
            "inputs": [input_words(scenario, name, short=True) for name in names],
        }
        known = np.append(np.concatenate(columns[3:]), base)
        reach = {"kind": "range", "range": self.at("bars/x")}
        return [(reach, [_reach(known)]), (entry, [*columns, np.array([base])])]

    def _volume(self, found: Finding) -> Feed:
        curves, volumes = found["cost_by_volume"], found["volumes"]
        inside = curves[:, (volumes >= FEWEST) & (volumes <= MOST)]
        known = inside[np.isfinite(inside)]
        low, high = (known.min(), known.max()) if known.size else (1e3, 1e4)
        up = {"kind": "range", "range": self.at("volume/y")}
        now: Entry = {"kind": "columns", "columns": ["x", "y"]}
        now |= {"source": self.at("now"), "text": "{label}  {y:usd}"}
        table = self.table("volume", "Chips", "number", "usd")
        return [
            (
                {"kind": "paths", "source": self.at("volume"), "table": table},
                [volumes, curves],
            ),
            (now, [found["volume"], found["cost_with_nre"]]),
            (up, [np.array([low / 1.6, high * 1.1])]),
        ]

    def _lines(self, found: Finding) -> Fed:
        rows = [
            {"label": sentence_case(name), "format": "usd", "swatch": i}
            for i, name in enumerate(making.BILL)
        ]
        total = {"label": "Costs its owner", "format": "usd", "strong": True}
        given = {"label": "Published or estimated elsewhere", "format": "usd"}
        entry: Entry = {
            "kind": "words",
            "element": self.at("bill"),
            "render": "table",
            "bars": True,
            "caption": "USD a chip, by line",
            "rows": [*rows, total, given | {"strong": True}],
        }
        values = [found["bill"].T, found["unit_cost"], found["given_cost"]]
        return entry, [np.vstack(values)]

    def _design(self, found: Finding) -> Fed:
        told: list[tuple[str, str, str, Array]] = [
            ("Dies on a wafer", "", "number", found["gross_dies"]),
            ("Dies that can be sold", "", "percent", found["die_yield"]),
            ("A tested good die", "", "usd", found["good_die_cost"]),
            *(
                (sentence_case(name), "one-off", "usd", found["nre_lines"][:, i])
                for i, name in enumerate(making.NRE)
            ),
            ("Design in all", "one-off", "usd", found["nre"]),
            ("Published or estimated elsewhere", "one-off", "usd", found["given_nre"]),
            ("Chips made over its life", "", "number", found["volume"]),
            ("With its share of the design", "a chip", "usd", found["cost_with_nre"]),
        ]
        return self.rows("design", "Dies and design", told)

    def axes(self, scenario: Scenario, results: Results) -> dict[str, str]:
        """Whose cost the bars are about."""
        who = results.labels[costed(results.studies["silicon"])]
        return {self.at("bars/xaxis"): f"USD a {who}, its share of the design included"}

    def captions(self, results: Results) -> dict[str, str]:
        """What the three plots show."""
        who = " and ".join(results.labels)
        one = results.labels[costed(results.studies["silicon"])]
        return {
            self.at("stack/figure"): f"Bill of materials of {who}, line by line",
            self.at("bars/figure"): f"Cost of one {one} at both ends of each input",
            self.at("volume/figure"): f"Cost of {who} with design, by chips made",
        }

    def body(self, scenario: Scenario, results: Results) -> Viewable:
        """Stack, tables, tornado, curves."""
        stack, bars, volume = self._figures(len(results.options))
        return self.flow(
            self.card(
                "Bill of materials",
                "Computed from wafer, yield, memory and packaging prices at the volume "
                "of the design. The same order, strong to pale, in every bar.",
                stack,
                wide=True,
            ),
            self.card("", "", self.slot("bill", "table-slot")),
            self.card("", "", self.slot("design", "table-slot")),
            self.card(
                "What moves the cost of one chip",
                "Each input alone at both ends of its range, all others as set; the "
                "design is spread over the chips made.",
                bars,
            ),
            self.card(
                "Cost by volume",
                "Learning lowers all but the memory; the design is spread over more "
                "chips. Dots: the volume that is set.",
                volume,
                self.data("volume"),
            ),
            self.worked(),
        )

    def _figures(self, rows: int) -> tuple[Figure, Figure, Figure]:
        full, unit = self.full, Scale("USD a chip", 0, 1, "usd")
        stack = stack_figure(self, "stack", rows, unit, 220)
        plain = {"x_offset": 4, "text_font_style": "normal", "text_font_size": "12px"}
        bars = style.figure(
            style.bars(full("bars"), 2 * ROWS)
            * style.paths(full("lines"), 2, 1.2)
            * style.texts(full("bar-names"), ROWS, **plain),
            full("bars"),
            unit,
            Scale("", 0, ROWS, "hidden"),
            height=460,
        )
        left = {"text_align": "right", "x_offset": -2}
        steps = (1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5)
        volume = style.figure(
            style.paths(full("volume"), rows)
            * style.points(full("now"), rows, 11, line_color="white")
            * style.texts(full("now-text"), rows, y_offset=15, **left),
            full("volume"),
            Scale("Chips made over the life of the design", FEWEST, MOST, log=True),
            Scale("USD a chip", 1e3, 1e5, "usd", log=True, ticks=steps),
            height=460,
        )
        return stack, bars, volume


def costed(found: Finding) -> int:
    """Position of the first option whose making has a cost, else 0. [1]."""
    known = np.isfinite(found["cost_with_nre"])
    return int(np.argmax(known))


def _reach(values: Array) -> Array:
    """Ends of an axis with room on both sides. [unit of the values]."""
    known = values[np.isfinite(values)]
    if not known.size:
        return np.array([0.0, 1.0])
    low, high = known.min(), known.max()
    room = 0.04 * (high - low) or 1.0
    return np.array([low - room, high + room])
