"""Power of a chip and of the site, energy and carbon of the work."""

from __future__ import annotations

import numpy as np
from panel.viewable import Viewable

from breakeven.explorer.style import Scale
from breakeven.explorer.views.base import Feed, View, frame, tops
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario

BOUNDARIES = [
    "Chip alone",
    "With server and network (IT)",
    "With cooling and losses (facility)",
]

CARBON = ["Operational: electricity", "Embodied: making the chips"]


class Power(View):
    """Mean power per chip at three boundaries; energy per work; the site."""

    name = "power"
    title = "Power"
    question = "How much power, energy and carbon does the work take?"
    studies = ("carbon",)
    reads = ()
    inputs = ("site.carbon_intensity", "{option}.carbon.embodied")

    def feed(self, scenario: Scenario, results: Results) -> Feed:
        """Three bar plots and a table."""
        carbon = results.studies["carbon"]
        both = np.stack([carbon["operational"], carbon["embodied"]])
        energy, unit = results.energy_per_token, results.unit("energy_per_token")
        chip, it, facility = (
            results.chip_power,
            results.it_power,
            results.facility_power,
        )
        power = np.stack([chip, it, facility])
        rows = [
            ("Power of the site, all chips at the limit", "", "mw", results.site_power),
            ("Facility energy", unit, "number", energy),
            ("Operational carbon (CO2e)", results.unit("carbon"), "number", both[0]),
            ("Embodied carbon (CO2e)", results.unit("carbon"), "number", both[1]),
            (
                "Operational carbon of the fleet",
                "t/year",
                "number",
                carbon["fleet_operational"],
            ),
            ("Embodied carbon of the fleet", "t", "number", carbon["fleet_embodied"]),
            ("Mean power of a chip", "", "w", chip),
            ("Mean IT power, server and network included", "per chip", "w", it),
            ("Mean facility power, cooling included", "per chip", "w", facility),
        ]
        wide = {"kind": "range", "range": self.at("chip/x")}
        other = {"kind": "range", "range": self.at("energy/x")}
        third = {"kind": "range", "range": self.at("carbon/x")}
        work = self.grouped("energy", "number", [f"Facility energy, {unit}"])
        return [
            (self.grouped("chip", "w", BOUNDARIES), [power]),
            (wide, [frame(0.0, tops(power, 2, 1.3))]),
            (work, [energy]),
            (other, [frame(0.0, tops(energy, 1, 1.4))]),
            (self.grouped("carbon", "number", CARBON), [both]),
            (third, [frame(0.0, tops(both, 2, 1.4))]),
            self.rows("table", "Site, energy and carbon", rows),
        ]

    def axes(self, scenario: Scenario, results: Results) -> dict[str, str]:
        """Unit of work."""
        return {
            self.at("energy/xaxis"): results.unit("energy_per_token"),
            self.at("carbon/xaxis"): results.unit("carbon"),
        }

    def captions(self, results: Results) -> dict[str, str]:
        """What the three plots show."""
        who = " and ".join(results.labels)
        return {
            self.at("chip/figure"): f"Mean power per chip of {who} at three boundaries",
            self.at("energy/figure"): f"Facility energy per work of {who}",
            self.at("carbon/figure"): f"Operational and embodied carbon of {who}",
        }

    def body(self, scenario: Scenario, results: Results) -> Viewable:
        """Bars side by side, the table below."""
        rows = len(results.options)
        unit = results.unit("energy_per_token")
        return self.flow(
            self.card(
                "Power per chip",
                "Mean while the fleet is used as set, at three boundaries.",
                self.bar_figure("chip", rows, Scale("Watt per chip", 0, 1)),
            ),
            self.card(
                "Energy per work",
                "Electricity of the whole facility.",
                self.bar_figure("energy", rows, Scale(unit, 0, 1)),
            ),
            self.card(
                "Carbon per work",
                "Of the electricity at the grid of the site, and of making the chips "
                "with their servers, over their life.",
                self.bar_figure("carbon", rows, Scale(results.unit("carbon"), 0, 1)),
            ),
            self.card("", "", self.slot("table", "table-slot")),
        )
