"""A reader's calibration put over the stacks of a scenario."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from breakeven.explorer import stack_tables
from breakeven.models.base import Evidence
from breakeven.models.inputs import PRECISIONS
from breakeven.models.scenario import Scenario
from breakeven.presets.calibrated import EffectRow


@dataclass(frozen=True)
class Overlay:
    """Effects by kind of work, the file they are from, and the chips measured in it.

    With ``measured`` only the stacks of those chips are replaced, in every figure: rows
    of one chip say little of another. Without it the effects are a whole calibration,
    and every stack follows, but for figures that a scenario or a reader has set.
    """

    effects: Mapping[str, Sequence[EffectRow]]
    source: str
    measured: Collection[str] = field(default=())

    def covers(self, chip: str) -> bool:
        """Whether the stack of a chip preset follows."""
        return not self.measured or chip in self.measured


def put(scenario: Scenario, over: Overlay, keys: Collection[str]) -> None:
    """Give the stacks of some options what a calibration says of their chips."""
    kind = scenario.workload.kind
    if kind not in over.effects:
        return
    today = datetime.now(UTC).date().isoformat()
    for key in keys:
        groups = scenario.options[key]
        if not over.covers(groups.chip_name):
            continue
        found = stack_tables.stack_values(over.effects[kind], kind, groups.chip_name)
        note = f"calibration of {over.source}"
        if stack_tables.has_rows(over.effects[kind], groups.chip_name):
            groups.borrowed = ""
        elif groups.borrowed:
            note = f"{note}; {groups.borrowed}"
        usual = next(iter(found.values()))
        groups.formats = {
            form: {
                name: (value, _evidence(name, low, high, (over.source, today, note)))
                for name, (value, low, high) in found.get(form, usual).items()
            }
            for form in PRECISIONS
        }
        if over.measured:
            for name, (_, evidence) in groups.formats[groups.option.precision].items():
                scenario.evidence[f"{key}.stack.{name}"] = evidence
        scenario.use_format(key)


def _evidence(
    name: str, low: float, high: float, said: tuple[str, str, str]
) -> Evidence:
    source, date, note = said
    drawn = name == "realised_share"
    return Evidence("derived", source, "", date, note, low, high, drawn)
