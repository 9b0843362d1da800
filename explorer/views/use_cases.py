"""Every chip for every use case: which hardware for mine."""

from __future__ import annotations

from typing import Any

from panel.viewable import Viewable

from breakeven.explorer import use_case_table, use_cases
from breakeven.explorer.odds import Ranges
from breakeven.explorer.views.base import Feed, View
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario


class UseCases(View):
    """A matrix of workloads and chips, filled when the page rests, never in a drag."""

    name = "use-cases"
    title = "Use cases"
    plotted = False
    question = "Which hardware for which use case, by cost of a task and by energy?"
    inputs = ("{first}.utilisation", "agent.core_price", "agent.cpu_utilisation")

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.table = self.slot("matrix", "cases-slot")
        self._shown: tuple[Any, ...] = ()
        self._waiting: Scenario | None = None

    def feed(self, scenario: Scenario, results: Results) -> Feed:
        """Nothing in a drag; what is visible is filled once it rests."""
        self._waiting = scenario
        return []

    def settle(self, found: Ranges | None, results: Results) -> None:
        """Fill the matrix anew when it was shown since and its inputs have moved."""
        if self._waiting is not None:
            self._fill(self._waiting)

    def refresh(self, scenario: Scenario, results: Results) -> None:
        """Fill the matrix for other chips or another workload."""
        self._fill(scenario)

    def _fill(self, scenario: Scenario) -> None:
        state = use_cases.state_key(scenario)
        if state != self._shown:
            self._shown, self._waiting = state, None
            rows = use_cases.use_cases(scenario)
            self.table.html = use_case_table.html(scenario, rows)

    def body(self, scenario: Scenario, results: Results) -> Viewable:
        """The two tables."""
        self._fill(scenario)
        return self.flow(
            self.card(
                "Every chip, every use case",
                "At the model, site, money and utilisation of this scenario. Own chips "
                "at cost with their design over the chips set, others bought or "
                "rented. n.m.: nobody has measured the chip; its efficiency is that of "
                "its class, and its interval is wide.",
                self.table,
                wide=True,
            )
        )
