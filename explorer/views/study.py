"""What the views of studies share: axes about zero, and tables that say "never"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from panel.viewable import Viewable

from breakeven.explorer.views.base import Array, Fed, Feed, View
from breakeven.models.crossing import ALWAYS, CROSSINGS
from breakeven.models.results import Results
from breakeven.models.study import Finding

# Label, unit, format, numbers, and what is said where there is none.
Row = tuple[str, str, str, Array, str]


def about(values: ArrayLike, room: float = 0.12, least: float = 1e-9) -> Array:
    """Ends of an axis that holds zero and all finite values. [unit of the values]."""
    array = np.asarray(values, dtype=float)
    finite = array[np.isfinite(array)]
    low = min(float(finite.min()), 0.0) if finite.size else 0.0
    high = max(float(finite.max()), 0.0) if finite.size else 1.0
    span = max(high - low, least)
    return np.array([low - room * span * (low < 0.0), high + room * span])


def near(values: ArrayLike, room: float = 0.12) -> Array:
    """Ends of an axis close around all finite values. [unit of the values]."""
    array = np.asarray(values, dtype=float)
    finite = array[np.isfinite(array)]
    if not finite.size:
        return np.array([0.0, 1.0])
    low, high = float(finite.min()), float(finite.max())
    span = max(high - low, 1e-3 * abs(high), 1e-9)
    return np.array([low - room * span, high + room * span])


def from_any(study: Finding, share: str, reason: str) -> Array:
    """Least shares of a study, 0 where any share is enough. [1]."""
    always = np.asarray(study[reason]) == CROSSINGS.index(ALWAYS)
    return np.where(always, 0.0, study[share])


def beside(at: Array, height: Array, up: Array) -> Array:
    """Heights of words beside marks: below the first along x, above the next, …."""
    turn = np.where(np.argsort(np.argsort(at)) % 2 == 0, -1.0, 1.0)
    return np.asarray(height + 0.06 * (up[1] - up[0]) * turn)


class StudyView(View):
    """A view of one study."""

    def found(self, results: Results) -> Finding:
        """Outputs of the study."""
        return results.studies[self.studies[0]]

    def told(
        self, name: str, caption: str, rows: Sequence[Row], asked: Sequence[bool]
    ) -> Fed:
        """A table of the options in which "there is none" is said in words.

        ``asked`` says of which options there could be a number: of the others, and of
        those that do not work, there is a dash.
        """
        entry = {
            "kind": "words",
            "element": self.at(name),
            "render": "table",
            "caption": caption,
            "rows": [
                {"label": label, "unit": unit, "format": form, "none": none}
                for label, unit, form, _, none in rows
            ],
        }
        known = np.asarray(asked, dtype=bool)
        values = np.vstack([values for *_, values, _ in rows])
        return entry, [np.where(np.isnan(values) & known, np.inf, values)]

    def working(
        self,
        lines: Sequence[str],
        values: dict[str, Any],
        *others: Sequence[str],
        case: int = 0,
    ) -> Fed:
        """Formulas with their numbers, one a line; ``{name:usd}`` is a value.

        ``others`` are the lines of other cases; ``case`` says which one holds.
        """
        cases = {str(i): "\n".join(said) for i, said in enumerate([lines, *others])}
        entry = {
            "kind": "words",
            "element": self.at("working"),
            "render": "sentence",
            "names": list(values),
            "sentences": cases,
        }
        numbers = [float(case), *(float(v) for v in values.values())]
        return entry, [np.array(numbers)]

    def worked(self, *, wide: bool = True) -> Viewable:
        """Card of the formulas that :meth:`working` fills."""
        small = "The same numbers by hand; every input and its source: Trust, Evidence."
        slot = self.slot("working", "working")
        return self.card("How it is computed", small, slot, wide=wide)

    def curves_of(
        self, name: str, x: Array, ys: Array, table: dict[str, str] | None = None
    ) -> Fed:
        """A line for each option."""
        entry: dict[str, Any] = {"kind": "paths", "source": self.at(name)}
        return entry | ({"table": table} if table else {}), [x, ys]

    def named_ends(self, name: str, x: Array, ys: Array, axis: Array) -> Fed:
        """Names of the options where their lines end."""
        at = np.full(len(ys), x[-1])
        entry = {"kind": "ends", "source": self.at(f"{name}-ends")}
        return entry, [at, ys[:, -1], axis]

    def marks(self, name: str, x: Array, y: Array, text: str, **more: Any) -> Fed:
        """A mark for each option, with words."""
        entry = {
            "kind": "columns",
            "source": self.at(name),
            "columns": ["x", "y"],
            "text": text,
            **more,
        }
        return entry, [x, y]

    def ranges_of(self, name: str, across: Array | None, up: Array | None) -> Feed:
        """Ends of the axes of a figure; a third number leaves room for names."""
        found: Feed = []
        if across is not None:
            entry = {"kind": "range", "range": self.at(f"{name}/x")}
            if across.size > 2:
                entry["figure"] = self.at(f"{name}/figure")
            found.append((entry, [across]))
        if up is not None:
            found.append(({"kind": "range", "range": self.at(f"{name}/y")}, [up]))
        return found
