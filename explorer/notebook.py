"""The explorer as Python sees it: its scenario, its results, a page to keep."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

from breakeven.explorer import tables
from breakeven.explorer.session import Session
from breakeven.explorer.state import load_scenario
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario


class Kept:
    """A page without server inside a notebook; its sliders live in exported HTML."""

    def __init__(self, html: str, height: int) -> None:
        self.html, self.height = html, height

    def _repr_html_(self) -> str:
        style = f"width:100%;height:{self.height}px;border:0"
        return f'<iframe style="{style}" srcdoc="{escape(self.html)}"></iframe>'


class Outcome:
    """Results as they stand: a table that shows itself, and arrays when called.

    Everything an xarray Dataset (a pandas DataFrame without xarray) can do, it can; a
    call gives the arrays of ``evaluate()``, those of a view when one is given.
    """

    def __init__(self, arrays: Callable[..., Results]) -> None:
        self._arrays = arrays

    @property
    def table(self) -> Any:
        """The Dataset or DataFrame itself."""
        return tables.table(self._arrays())

    def __call__(self, *view: Any) -> Results:
        """Arrays, those that a view needs when one is given."""
        return self._arrays(*view)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.table, name)

    def __getitem__(self, name: Any) -> Any:
        return self.table[name]

    def _repr_html_(self) -> str:
        return str(self.table._repr_html_())


class Notebook:
    """State shared with Python both ways: a move shows in a cell, a cell moves it."""

    session: Session

    def renew(self) -> None:
        """Send controls and answers anew."""
        raise NotImplementedError

    @property
    def scenario(self) -> Scenario:
        """The scenario as it stands on the page; assign another to show that."""
        return self.session.scenario

    @scenario.setter
    def scenario(self, scenario: Scenario | str) -> None:
        self.session.start(
            load_scenario(scenario) if isinstance(scenario, str) else scenario
        )
        self.renew()

    def update(self, values: Mapping[str, Any]) -> None:
        """Change inputs by dotted name; sliders and plots follow.

        Raises
        ------
        ValueError
            When a name or value is refused; nothing that was good is undone.
        """
        refused = self.session.change(values)
        self.renew()
        if refused:
            raise ValueError("; ".join(refused.values()))

    @property
    def results(self) -> Outcome:
        """Results as they stand, as a table; ``results()`` gives the arrays."""
        return Outcome(self._results)

    def _results(self, *view: Any) -> Results:
        return self.evaluated(*view) if view else self.scenario.evaluate()

    def evaluated(self, view: Any = None) -> Results:
        """What a view needs of an evaluation."""
        raise NotImplementedError

    def snapshot(self, live: Sequence[str] = (), height: int = 900) -> Kept:
        """Present state as a page whose sliders need no kernel: for exported HTML."""
        from breakeven.explorer.snapshot import to_html

        return Kept(to_html(self.scenario, live), height)
