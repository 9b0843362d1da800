"""Every input with its value, range and source."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from panel.viewable import Viewable

from breakeven.explorer.components import Ledger
from breakeven.explorer.views.base import CARD, View
from breakeven.explorer.wording import group_title, input_title
from breakeven.explorer.words import worked_steps
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario


def rows(
    scenario: Scenario, only: Collection[str] | None = None
) -> list[dict[str, Any]]:
    """Inputs in the order of their groups, as the browser shows them."""
    found = []
    for name, item in scenario.inputs().items():
        if only is not None and name not in only:
            continue
        prefix = name.rpartition(".")[0]
        found.append(
            {
                "name": name,
                "label": input_title(name),
                "doc": item.doc,
                "group": group_title(scenario, prefix),
            }
            | item.record()
        )
    return found


class Evidence(View):
    """A searchable table, and the headline number worked by hand."""

    name = "evidence"
    title = "Evidence"
    plotted = False
    question = "Where does each number come from, and can it be redone by hand?"

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.ledger: Ledger | None = None

    def refresh(self, scenario: Scenario, results: Results) -> None:
        """Show the present inputs."""
        if self.ledger is not None:
            self.ledger.param.update(
                rows=rows(scenario), trace=worked_steps(scenario, results)
            )

    def changed(self, scenario: Scenario, names: Iterable[str]) -> list[dict[str, Any]]:
        """Rows of the inputs that an event has changed."""
        known = scenario.names()
        return rows(scenario, {scenario.resolve(n) for n in names if n in known})

    def body(self, scenario: Scenario, results: Results) -> Viewable:
        """The table on one surface."""
        self.ledger = Ledger(key=self.key, sizing_mode="stretch_width", styles=CARD)
        self.refresh(scenario, results)
        return self.flow(self.ledger)
