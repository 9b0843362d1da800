"""The old fleet of the retirement study: a chip and its stack, picked like others."""

from __future__ import annotations

from breakeven import presets
from breakeven.explorer.filling import use_chip
from breakeven.models.inputs import Chip
from breakeven.models.retirement_inputs import OLD
from breakeven.models.scenario import OptionGroups, Scenario
from breakeven.models.throughput import Stack

PICK = f"{OLD}.chip"  # what an address and the page call it


def old_chip(scenario: Scenario) -> str:
    """Preset of the old fleet's chip: the one picked, else that of the reference."""
    return scenario.presets.get(OLD) or scenario.options[scenario.reference].chip_name


def old_label(scenario: Scenario) -> str:
    """Name of the old fleet's chip, as the reference is called if it is the same."""
    chip, rival = old_chip(scenario), scenario.options[scenario.reference]
    if chip == rival.chip_name:
        return rival.option.label
    return presets.label("chips", chip).label


def use_old(scenario: Scenario, chip: str = "") -> None:
    """Make a chip that of the old fleet; without one, follow the present pick.

    It runs the workload as the reference does: same utilisation, same number format.

    Raises
    ------
    KeyError
        When there is no such chip; near names are offered.
    """
    option = scenario.options[scenario.reference].option
    groups = OptionGroups(option, Chip(), Stack())
    chosen = chip or old_chip(scenario)
    use_chip(groups, OLD, chosen, scenario.workload, scenario.evidence)
    scenario.studied[f"{OLD}.chip"] = groups.chip
    scenario.studied[f"{OLD}.stack"] = groups.stack
    if chip:
        scenario.presets[OLD] = chip


def renew_old(scenario: Scenario, before: str) -> None:
    """Follow a change of the kind of work: other stacks, for CPU work another chip."""
    if "cpu" in (before, scenario.workload.kind):
        scenario.presets.pop(OLD, None)
    use_old(scenario)
