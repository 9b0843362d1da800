"""One module a tab: what it draws, and the arrays that feed it."""

from __future__ import annotations

from breakeven.explorer.views.amortisation import Amortisation
from breakeven.explorer.views.base import View
from breakeven.explorer.views.cost import Cost
from breakeven.explorer.views.evidence import Evidence
from breakeven.explorer.views.power import Power
from breakeven.explorer.views.sensitivity import Sensitivity
from breakeven.explorer.views.throughput import Throughput

__all__ = ["VIEWS", "View"]

VIEWS: tuple[type[View], ...] = (
    Amortisation,
    Cost,
    Throughput,
    Power,
    Sensitivity,
    Evidence,
)
