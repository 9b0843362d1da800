"""The groups of one option of a scenario, and the tables that stand in for numbers."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from breakeven.models.base import Evidence
from breakeven.models.chip import Chip
from breakeven.models.inputs import Option
from breakeven.models.quotes import Load, Resale
from breakeven.models.throughput import Stack


@dataclass
class OptionGroups:
    """The groups of one option, and the presets they were filled from.

    ``borrowed`` says in words that the stack was measured on other chips; else empty.
    ``resale`` holds quotes in place of a residual value, ``load`` a week in place of a
    level load.
    """

    option: Option
    chip: Chip
    stack: Stack
    chip_name: str = ""
    stack_name: str = ""
    borrowed: str = ""
    formats: dict[str, dict[str, tuple[float, Evidence]]] = field(default_factory=dict)
    resale: Resale | None = None
    load: Load | None = None

    def busy(self) -> float:
        """Share of hours in which chips that are up work: what can be served. [1]."""
        share = self.option.utilisation
        return float(self.load.served(share)) if self.load else float(share)

    def residual(self, value: float, months: float) -> float:
        """Value at the end of a life of so many months, share of the price. [1].

        Parameters
        ----------
        value
            The residual value where there are no quotes. [1]
        months
            Useful life. [month]
        """
        return float(self.resale.share(np.asarray(months))) if self.resale else value
