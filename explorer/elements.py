"""Every number that a snapshot shows: one row of elements per point of its inputs.

A row is what the live page sends for all its tabs, end to end, behind a few results
that the browser needs to tell months, volumes and verdicts from curves. The same views
fill it that feed the page; nothing is computed here but where each number lies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from breakeven.explorer import draws, wire
from breakeven.explorer.views import strip
from breakeven.explorer.views.base import Entry, View
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario

Array = NDArray[np.float64]
Whole = NDArray[np.int64]
Parts = list[tuple[Whole, list[Array]]]  # points, and the arrays that they have

# Results that the browser reads beside what it shows.
FIELDS = (
    "months",
    "volumes",
    "cost_per_token",
    "count",
    "one_off",
    "limited_by",
    "cumulative_cost",
    "work_to_date",
    "cost_by_volume",
)
VALUE, CODE, FRAME, DERIVED = range(4)
AXES = ("months", "volumes")


@dataclass(frozen=True)
class Span:
    """Place of one array in a row."""

    block: str
    start: int
    stop: int


class Elements:
    """Numbers of the answers and of some views, for any values of some inputs."""

    def __init__(
        self, scenario: Scenario, views: Sequence[View], names: Sequence[str]
    ) -> None:
        self.scenario = scenario.copy()
        self._moved = scenario.copy()  # views read some inputs from the scenario
        self.views = tuple(views)
        self.names = tuple(names)
        self._places = {n: self.scenario.resolve(n).rpartition(".") for n in names}
        self.present = {n: self.value(n) for n in names}
        self.studies = tuple(dict.fromkeys(n for v in self.views for n in v.studies))
        self.results = self.scenario.evaluate(studies=self.studies)
        self.entries: dict[str, list[Entry]] = {"strip": strip.entries(self.results)}
        for view in self.views:
            swept = self._swept(view, self._points(self.present))
            first = self.results
            if swept is not None:
                first = draws.taken(self._drawn(swept), 0) if names else swept
            self.entries[view.name] = view.entries(self.scenario, first)
        self.spans: list[Span] = []
        self.first = self.rows(self._points(self.present))[0]
        self.patches = list(_patches(self))
        self.roles = _roles(self)

    def value(self, name: str) -> float:
        """Present value of an input in its own unit."""
        prefix, _, last = self._places[name]
        return float(getattr(self.scenario.groups()[prefix], last))

    def block(self, name: str) -> list[Span]:
        """Arrays of the answers or of one view, in the order of their buffer."""
        return [span for span in self.spans if span.block == name]

    def rows(self, points: Mapping[str, Array]) -> Array:
        """Elements at points: an array of values for each live input. [mixed]."""
        count = len(next(iter(points.values()))) if points else 1
        every = np.arange(count)
        found = self._drawn(self.scenario.evaluate(points, studies=self.studies))
        fed: dict[str, Parts] = {
            "fields": [(every, [getattr(found, name) for name in FIELDS])],
            "strip": [(every, strip.arrays(self.scenario, found))],
        }
        for view in self.views:
            fed[view.name] = list(self._fed(view, points, found))
        self.spans = self.spans or _spans(fed)
        table = np.empty((self.spans[-1].stop, count))
        for block, parts in fed.items():
            spans = self.block(block)
            for which, arrays in parts:
                for span, array in zip(spans, arrays, strict=True):
                    size = span.stop - span.start
                    own = draws.columns(array, size, which.size)
                    table[span.start : span.stop, which] = own
        return np.ascontiguousarray(table.T)

    def _fed(
        self, view: View, points: Mapping[str, Array], results: Results
    ) -> Iterator[tuple[Whole, list[Array]]]:
        """Arrays of a view, and the points that they are for."""
        swept = self._swept(view, points)
        own = results if swept is None else self._drawn(swept)
        for which in self._alike(view, points):
            values = {n: float(v[which[0]]) for n, v in points.items()}
            self._move(self.present | values)
            given = own
            if points:
                some = int(which[0]) if view.reads is None else which
                given = draws.taken(own, some)
            yield which, view.arrays(self._moved, given)

    def _alike(self, view: View, points: Mapping[str, Array]) -> list[Whole]:
        """Points that a view can take at once: what it reads of them is the same."""
        count = len(next(iter(points.values()))) if points else 1
        if view.reads is None:
            return list(np.arange(count)[:, None])
        read = [v for n, v in points.items() if self.scenario.resolve(n) in view.reads]
        if not read:
            return [np.arange(count)]
        _, place = np.unique(np.stack(read), axis=1, return_inverse=True)
        return [np.flatnonzero(place == k) for k in range(place.max() + 1)]

    def _drawn(self, results: Results) -> Results:
        """Results as views take them; without a live input there are no draws."""
        return draws.last(results) if self.names else results

    def _move(self, values: Mapping[str, float]) -> None:
        """Put the live inputs of the moved scenario to values; few of them change."""
        groups = self._moved.groups()
        for name, value in values.items():
            prefix, _, last = self._places[name]
            if getattr(groups[prefix], last) != value:
                setattr(groups[prefix], last, value)

    def _points(self, values: Mapping[str, float]) -> dict[str, Array]:
        return {name: np.array([value]) for name, value in values.items()}

    def _swept(self, view: View, points: Mapping[str, Array]) -> Results | None:
        """Results of a view that sweeps an input of its own at each point."""
        sweep = view.overrides(self.scenario)
        if not sweep:
            return None
        given: dict[str, Any] = {n: v[:, None] for n, v in points.items()}
        for name, values in sweep.items():
            own = np.asarray(values, dtype=float)
            mine = [n for n in points if self.scenario.resolve(n) == name]
            if mine:  # the sweep starts with the present value, which moves
                own = np.broadcast_to(own, (len(points[mine[0]]), own.size)).copy()
                own[:, 0] = points[mine[0]]
                del given[mine[0]]
            given[name] = own
        return self.scenario.evaluate(given, curves=view.curves, studies=view.studies)

    def buffer(self, row: Array, view: str) -> wire.Buffer:
        """Buffer of the answers and one view, as the page sends it. [float32]."""
        spans = [*self.block("strip"), *self.block(view)]
        return wire.packed([row[span.start : span.stop] for span in spans])

    def field(self, row: Array, name: str) -> Array:
        """One of :data:`FIELDS` in a row: an axis, or a row per option."""
        span = self.block("fields")[FIELDS.index(name)]
        part = row[..., span.start : span.stop]
        rows = len(self.results.options)
        return part if name in AXES else part.reshape(*row.shape[:-1], rows, -1)


def _spans(fed: Mapping[str, Parts]) -> list[Span]:
    """Places of all arrays of one point, end to end."""
    sizes = [(b, np.size(array)) for b, [(_, own)] in fed.items() for array in own]
    ends = np.cumsum([0, *(size for _, size in sizes)]).tolist()
    return [Span(block, ends[k], ends[k + 1]) for k, (block, _) in enumerate(sizes)]


def _entry_spans(elements: Elements, block: str) -> Iterator[tuple[Entry, list[Span]]]:
    """Entries of a layout, each with the arrays that it takes."""
    spans = iter(elements.block(block))
    for entry in elements.entries[block]:
        yield entry, [next(spans) for _ in range(wire.taken([entry]))]


def _roles(elements: Elements) -> NDArray[np.int8]:
    """What each element is: a value, a code, the end of an axis, or derived."""
    roles = np.full(elements.first.size, VALUE, dtype=np.int8)
    limits = elements.block("fields")[FIELDS.index("limited_by")]
    roles[limits.start : limits.stop] = CODE
    columns = len(elements.results.options)
    for block in elements.entries:
        for entry, spans in _entry_spans(elements, block):
            if entry["kind"] == "range":
                roles[spans[0].start : spans[0].stop] = FRAME
            elif entry["kind"] == "ends":
                roles[spans[2].start : spans[2].stop] = FRAME
            elif entry.get("render") == "table":
                for k, row in enumerate(entry["rows"]):
                    if "words" in row:
                        start = spans[0].start + k * columns
                        roles[start : start + columns] = CODE
    roles[[index for index, _, _ in elements.patches]] = DERIVED
    return roles


# Words of a sentence that the browser tells from curves and costs.
_SAID = ("month", "limit", "costs", "share")
_MARKS = {
    "amortisation/cross": ("cross_x", "cross_y"),
    "amortisation/even": ("volume", "even_y"),
}


def _patches(elements: Elements) -> Iterator[tuple[int, str, int]]:
    """Elements that follow from others: index, name of the rule, option."""
    sentence = 0
    for block in elements.entries:
        for entry, spans in _entry_spans(elements, block):
            start = spans[0].start
            if entry.get("render") == "sentence":
                whole = "month" in entry["names"]
                yield start, "code" if whole else "costs", sentence if whole else 0
                for k, name in enumerate(entry["names"]):
                    if name in _SAID:
                        yield start + 1 + k, name, sentence if whole else 0
                sentence += whole
            elif entry.get("render") == "figures":
                flat = [v for group in entry["figures"] for v in group["values"]]
                for k, value in enumerate(flat):
                    if value["format"] == "ratio":
                        yield start + k, "ratio", value["option"]
                    elif str(int(strip.NO_ONE_OFF)) in value.get("words", {}):
                        yield start + k, "volume_said", value["option"]
            elif entry.get("source") in _MARKS:
                for rule, span in zip(_MARKS[entry["source"]], spans, strict=True):
                    for i in range(span.stop - span.start):
                        yield span.start + i, rule, i
