"""The study of carbon: what electricity emits and what making the chips emitted."""

from __future__ import annotations

from typing import Any

import numpy as np

from breakeven.models import facility, power, task_energy, units
from breakeven.models.base import Array, Group, quantity
from breakeven.models.study import Context, Output, Study


class Carbon(Group):
    """Carbon of making one chip."""

    embodied = quantity(
        None,
        "kg",
        "Carbon of making one chip with its share of a server (CO2e)",
        slider=(10, 3000),
        log=True,
    )


OUTPUTS = {
    name: Output(unit, label, by_option=True)
    for name, unit, label in (
        ("operational", "kg/{scaled}", "Operational carbon of the work (CO2e)"),
        ("embodied", "kg/{scaled}", "Embodied carbon of the work (CO2e)"),
        ("total", "kg/{scaled}", "Operational and embodied carbon of the work (CO2e)"),
        ("embodied_share", "1", "Share of embodied carbon"),
        ("fleet_operational", "t/year", "Operational carbon of the fleet (CO2e)"),
        ("fleet_embodied", "t", "Embodied carbon of the fleet (CO2e)"),
    )
}


def chip_embodied(context: Context, key: str) -> Array:
    """Carbon of making one chip of an option, not a number when unknown. [g].

    Parameters
    ----------
    context
        Inputs in base units. [mixed]
    key
        Key of the option. [text]

    References
    ----------
    Own definition.
    """
    value = context.base[f"{key}.carbon"]["embodied"]
    return np.asarray(np.nan if value is None else value, float)


def evaluate(context: Context) -> dict[str, Any]:
    """Outputs of the study for every option. [mixed].

    Parameters
    ----------
    context
        Inputs and the core's results. [mixed]

    References
    ----------
    GHG Protocol, Scope 2 Guidance, 2015, location-based; capital goods over their life.
    """
    intensity = context.base["site"]["carbon_intensity"]
    life, rows = context.base["finance"]["life"], []
    for place, key in enumerate(context.scenario.options):
        cost, count = context.costs[place], context.table["count"][place]
        made = chip_embodied(context, key)
        energy = power.energy_per_work(cost.facility_power, cost.mean_work)
        operational = facility.operational_carbon(energy, intensity)
        embodied = task_energy.embodied_rate(made, life) / cost.mean_work
        yearly = facility.operational_carbon(cost.facility_power, intensity)
        rows.append(
            {
                "operational": operational * context.scale,
                "embodied": embodied * context.scale,
                "total": (operational + embodied) * context.scale,
                "embodied_share": embodied / (operational + embodied),
                "fleet_operational": yearly * count,
                "fleet_embodied": made * count,
            }
        )
    return {
        name: np.stack([context.spread(row[name]) for row in rows])
        / units.factor(output.unit.replace("{scaled}", "1"))
        for name, output in OUTPUTS.items()
    }


CARBON = Study(
    name="carbon",
    title="Carbon",
    group=Carbon,
    evaluate=evaluate,
    outputs=OUTPUTS,
    per_option=True,
)
