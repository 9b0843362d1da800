"""Power of a chip and of the site, energy and carbon of the work."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from panel.viewable import Viewable

from breakeven.explorer import style
from breakeven.explorer.views.base import Entry, View, top
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario

Array = NDArray[np.float64]


class Power(View):
    """Mean power per chip at three boundaries; energy per work; the site."""

    name = "power"
    title = "Power"

    def entries(self, scenario: Scenario, results: Results) -> list[Entry]:
        """Two bar plots and a table."""
        rows = [
            ("Power of the site, all chips at the limit", "", "mw"),
            ("Facility energy", results.unit("energy_per_token"), "number"),
            ("Operational carbon (CO2e)", results.unit("carbon"), "number"),
            ("Mean power of a chip", "", "w"),
            ("Mean IT power, server and network included", "per chip", "w"),
            ("Mean facility power, cooling included", "per chip", "w"),
        ]
        return [
            {
                "kind": "grouped",
                "source": self.at("chip"),
                "heads": self.at("chip-heads"),
                "ends": self.at("chip-ends"),
                "range": self.at("chip/y"),
                "format": "w",
                "groups": [
                    "Chip alone",
                    "With server and network (IT)",
                    "With cooling and losses (facility)",
                ],
            },
            {"kind": "range", "range": self.at("chip/x")},
            {
                "kind": "grouped",
                "source": self.at("energy"),
                "heads": self.at("energy-heads"),
                "ends": self.at("energy-ends"),
                "range": self.at("energy/y"),
                "format": "number",
                "groups": [f"Facility energy, {results.unit('energy_per_token')}"],
            },
            {"kind": "range", "range": self.at("energy/x")},
            {
                "kind": "words",
                "element": self.at("table"),
                "render": "table",
                "caption": "Site, energy and carbon",
                "rows": [{"label": a, "unit": b, "format": c} for a, b, c in rows],
            },
        ]

    def arrays(self, scenario: Scenario, results: Results) -> list[Array]:
        """Power by boundary, energy per work, the table."""
        power = np.vstack(
            [results.chip_power, results.it_power, results.facility_power]
        )
        return [
            power,
            np.array([0.0, top(power, 1.3)]),
            results.energy_per_token,
            np.array([0.0, top(results.energy_per_token, 1.4)]),
            np.vstack(
                [results.site_power, results.energy_per_token, results.carbon, power]
            ),
        ]

    def axes(self, scenario: Scenario, results: Results) -> dict[str, str]:
        """Unit of work."""
        return {self.at("energy/xaxis"): results.unit("energy_per_token")}

    def captions(self, results: Results) -> dict[str, str]:
        """What the two plots show."""
        who = " and ".join(results.labels)
        return {
            self.at("chip/figure"): f"Mean power per chip of {who} at three boundaries",
            self.at("energy/figure"): f"Facility energy per work of {who}",
        }

    def body(self, scenario: Scenario, results: Results) -> Viewable:
        """Bars side by side, the table below."""
        a = self.arrays(scenario, results)
        words = [""] * len(results.options)
        zero = np.zeros(len(words))

        def plot(name: str, label: str, wide: Array) -> style.Figure:
            return style.figure(
                style.bars(self.full(name), (zero, zero, zero, zero))
                * style.texts(
                    self.full(f"{name}-heads"),
                    zero,
                    zero,
                    words,
                    x_offset=0,
                    text_font_style="normal",
                )
                * style.texts(
                    self.full(f"{name}-ends"), zero, zero, words, text_font_size="12px"
                ),
                self.full(name),
                x=(label, (0, float(wide[1]))),
                y=("", (0, 9)),
                rows=len(words),
                height=300,
            )

        return self.flow(
            self.card(
                "Power per chip",
                "Mean while the fleet is used as set, at three boundaries.",
                plot("chip", "Watt per chip", a[1]),
            ),
            self.card(
                "Energy per work",
                "Electricity of the whole facility.",
                plot("energy", results.unit("energy_per_token"), a[3]),
            ),
            self.card("", "", self.slot("table", "table-slot"), wide=True),
        )
