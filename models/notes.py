"""What a reader is told beside the numbers: missing, stood in for, out of bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from breakeven.models.economics import Economics, owned
from breakeven.models.performance import Performance

if TYPE_CHECKING:
    from breakeven.models.scenario import Scenario


def notes(
    scenario: Scenario,
    base: dict[str, dict[str, Any]],
    works: list[Performance],
    costs: list[Economics],
    table: dict[str, Any],
) -> tuple[str, ...]:
    """Sentences beside the results, each once. [text].

    Parameters
    ----------
    scenario
        Names and choices. [choice]
    base
        Inputs by group in base units. [mixed]
    works, costs
        Performance and economics of each option. [mixed]
    table
        Results so far. [mixed]

    References
    ----------
    Own rules.
    """
    said = [note for work in works for note in work.notes]
    said += [note for cost in costs for note in cost.notes]
    options = list(scenario.options.values())
    said += [f"{o.option.label}: {o.borrowed}" for o in options if o.borrowed]
    for place, groups in enumerate(options):
        made = groups.option.cost_basis == "made" and owned(groups.option)
        if made and np.any(np.isnan(costs[place].purchase + costs[place].one_off)):
            said.append(f"{groups.option.label}: what it costs to make is not known")
        said += _power(groups.option.label, base["site"]["power_cap"], table, place)
        least = table["chips_per_replica"][place]
        if scenario.workload.kind == "training":
            least = base["workload"]["job_chips"]
        if np.any(table["count"][place] < least):
            said.append(
                f"{groups.option.label}: fewer chips than one job or replica takes "
                f"({np.max(least):,.0f}); costs are those of a share of it"
            )
    return tuple(dict.fromkeys(said))


def _power(label: str, cap: Any, table: dict[str, Any], place: int) -> list[str]:
    """Whether the site can feed an option."""
    needed = table["site_power"][place] * 1e6
    if cap is None or not np.any(needed > cap):
        return []
    most, limit = np.nanmax(needed) / 1e6, np.min(cap) / 1e6
    return [f"{label} needs {most:,.0f} MW, more than the site's {limit:,.0f} MW"]
