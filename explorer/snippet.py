"""The Python that makes the screen: a few lines that give the same numbers."""

from __future__ import annotations

from typing import Any

from breakeven.explorer import documents, export
from breakeven.explorer.state import load_scenario
from breakeven.models.base import Group
from breakeven.models.scenario import Scenario

_LAST = """
results = scenario.evaluate()
for label, cost, month in zip(
    results.labels, results.cost_per_token, results.breakeven_month
):
    after = f", overtakes after {month:.1f} months" if month == month else ""
    print(f"{label}: {cost:.4g} USD per {results.work_unit}{after}")
"""


def to_python(scenario: Scenario) -> str:
    """Snippet that reproduces a scenario, by its changes where these say all."""
    changes = _changes(scenario)
    if changes is None:
        head = "from breakeven.explorer import read_scenario\n\n"
        text = (
            export.to_toml(scenario).replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
        )
        body = f'scenario = read_scenario("""\n{text}""")\n'
    else:
        head = "from breakeven.explorer import load_scenario\n\n"
        body = f"scenario = load_scenario({scenario.name!r})\n"
        if changes:
            lines = "".join(f"    {n!r}: {v!r},\n" for n, v in changes.items())
            body += f"scenario = scenario.with_values({{\n{lines}}})\n"
    return f"{head}{body}{_LAST}"


def _changes(scenario: Scenario) -> dict[str, Any] | None:
    """Values that lead from the ready scenario to this one; None when none do."""
    if scenario.name not in documents.scenario_names():
        return None
    ready = load_scenario(scenario.name)
    if list(ready.options) != list(scenario.options):
        return None
    before, now = ready.inputs(), scenario.inputs()
    changes = {n: i.value for n, i in now.items() if i.value != before[n].value}
    # a choice decides what a number after it means
    groups = scenario.groups()
    changes = dict(sorted(changes.items(), key=lambda item: _number(groups, item[0])))
    rule = (scenario.sizing, scenario.anchor)
    counted = any(name.endswith(".count") for name in changes)
    if counted or rule != (ready.sizing, ready.anchor):
        changes |= {"sizing": scenario.sizing, "anchor": scenario.anchor}
    try:
        again = ready.with_values(changes)
    except (KeyError, ValueError):
        return None
    found = again.inputs()
    same = all(item.value == found[name].value for name, item in now.items())
    presets = (again.presets, _chips(again)) == (scenario.presets, _chips(scenario))
    return changes if same and presets else None


def _number(groups: dict[str, Group], name: str) -> bool:
    prefix, _, last = name.rpartition(".")
    return last in groups[prefix].quantities()


def _chips(scenario: Scenario) -> list[str]:
    return [groups.chip_name for groups in scenario.options.values()]
