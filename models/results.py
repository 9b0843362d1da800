"""What an evaluation returns: arrays with unit and label, and why something is not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal

import numpy as np

from breakeven.models.base import Array
from breakeven.models.study import Finding
from breakeven.models.throughput import LIMITS

# Which curves an evaluation keeps: all, none, or those by month; "cost" leaves out the
# break-evens too, which are read on curves.
Curves = bool | Literal["month", "cost"]
UNPUBLISHED = -1
UNPRICED = -2
NO_LAYOUT = -3


def limit_name(code: float) -> str:
    """Words for a ``limited_by`` code. [text]."""
    extra = {
        UNPUBLISHED: "unpublished figure",
        UNPRICED: "no price",
        NO_LAYOUT: "no such layout",
    }
    return extra.get(int(code)) or LIMITS[int(code)]


def _array(unit: str, label: str) -> Any:
    return field(metadata={"unit": unit, "label": label})


@dataclass(frozen=True)
class Results:
    """Arrays of one evaluation: option first, then the draws, then month or volume.

    A value that does not exist is NaN, and ``limited_by`` and ``notes`` say why; work
    is counted in ``work_unit`` (million output tokens, million trained tokens, or
    core-hours).
    """

    options: tuple[str, ...] = field(metadata={"unit": "", "label": "Options"})
    labels: tuple[str, ...] = field(metadata={"unit": "", "label": "Names of options"})
    reference: str = field(metadata={"unit": "", "label": "Option compared with"})
    work_unit: str = field(metadata={"unit": "", "label": "Unit of work"})
    work_label: str = field(metadata={"unit": "", "label": "Unit of work in words"})
    notes: tuple[str, ...] = field(metadata={"unit": "", "label": "Notes"})

    feasible: Any = _array("1", "Feasible")
    limited_by: Any = _array("1", "Code of what limits throughput")
    token_rate: Array = _array("{work}/s", "Work per chip while busy")
    ttft: Array = _array("s", "Time to first token")
    tpot: Array = _array("s", "Time per output token")
    batch: Array = _array("sequence", "Sequences decoded together per replica")
    chips_per_replica: Array = _array("chip", "Chips per replica")
    prefill_share: Array = _array("1", "Share of busy time spent on prompts")
    mfu: Array = _array("1", "Model FLOPs utilisation")
    mbu: Array = _array("1", "Memory bandwidth utilisation")

    count: Array = _array("chip", "Chips installed")
    installed: Array = _array("chip", "Chips bought, in whole servers or racks")
    work_per_month: Array = _array("{scaled}/month", "Work of the installed fleet")
    capex: Array = _array("USD", "Paid up front for the whole fleet")
    one_off: Array = _array("USD", "NRE and port, whatever the volume")
    cost_per_hour: Array = _array("USD/h", "Levelised cost of one chip-hour")
    cost_per_token: Array = _array("USD/{scaled}", "Levelised cost of work")
    breakdown: Array = _array("USD/{scaled}", "Levelised cost of work by line")

    memory_load: Array = _array("1", "Memory bandwidth moved while busy")
    compute_load: Array = _array("1", "Peak arithmetic delivered while busy")
    busy_power: Array = _array("1", "Power of a chip while busy, share of TDP")
    chip_power: Array = _array("W", "Mean power of a chip")
    it_power: Array = _array("W", "Mean IT power per chip")
    facility_power: Array = _array("W", "Mean facility power per chip")
    site_power: Array = _array("MW", "Facility power of the fleet, all chips at limit")
    energy_per_token: Array = _array("kWh/{scaled}", "Facility energy per work")
    carbon: Array = _array("kg/{scaled}", "Operational carbon per work")

    breakeven_month: Array = _array("month", "Month from which it stays cheaper")
    breakeven_volume: Array = _array("chip", "Volume at which one-off costs are earned")

    months: Array = _array("month", "Months")
    cumulative_cost: Array = _array("USD", "Cumulative cost")
    work_to_date: Array = _array("{scaled}", "Work to date")
    cost_to_date: Array = _array("USD/{scaled}", "Cost to date over work to date")
    volumes: Array = _array("chip", "Volumes")
    cost_by_volume: Array = _array("USD/{scaled}", "Levelised cost at a volume")

    studies: Mapping[str, Finding] = field(
        default_factory=dict, metadata={"unit": "", "label": "Outputs of the studies"}
    )

    def unit(self, name: str) -> str:
        """Unit of a field, with the unit of work filled in. [text]."""
        return self.filled(
            next(f for f in fields(self) if f.name == name).metadata["unit"]
        )

    def filled(self, unit: str) -> str:
        """A unit with that of the work filled in. [text]."""
        plain = {"Mtoken": "token", "core-hour": "core-second"}[self.work_unit]
        return str(unit).format(work=plain, scaled=self.work_unit)

    def option(self, name: str) -> int:
        """Position of an option on the first axis. [1]."""
        return self.options.index(name)

    def scalars(self) -> dict[str, Any]:
        """Every field without its curves, as plain lists, NaN as None. [mixed]."""
        curves = {"months", "cumulative_cost", "work_to_date", "cost_to_date"}
        skip = curves | {"volumes", "cost_by_volume", "studies"}
        return {
            f.name: plain(getattr(self, f.name))
            for f in fields(self)
            if f.name not in skip
        }


def plain(value: Any) -> Any:
    """A value as JSON knows it, None for what is not finite. [mixed]."""
    if isinstance(value, np.ndarray):
        return [plain(item) for item in value] if value.ndim else plain(value.item())
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    return list(value) if isinstance(value, tuple) else value
