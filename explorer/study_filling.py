"""Inputs of the studies, filled from their preset tables."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from breakeven import presets
from breakeven.explorer.filling import fill, row_evidence
from breakeven.explorer.old_fleet import use_old
from breakeven.models import units
from breakeven.models.base import Evidence, Group
from breakeven.models.choices import Brought, Bundles, bring
from breakeven.models.scenario import Scenario, settable
from breakeven.models.silicon_inputs import Silicon
from breakeven.models.studies import STUDIES
from breakeven.models.study import Study
from breakeven.models.training_run_study import TrainingRun

DEFAULT = "default"
# Studies that a preset of the scenario fills as well: its table, and what names it.
_PICKED = {"agent": ("workloads", "workload"), "deal": ("deals", "deal")}


def table_of(study: Study) -> str:
    """Name of the preset table of a study."""
    return f"study_{study.name}"


def fill_studies(scenario: Scenario, keys: Iterable[str] = ()) -> None:
    """Fill the studies of a scenario: all of them, or those of some options anew.

    A study's table has a preset ``default``; one per option may have rows for a chip,
    which come before those of the default.
    """
    only = tuple(keys)
    scenario.bundles = bundles()
    for study in STUDIES.values():
        if only and not study.per_option:
            continue
        for prefix in study.prefixes(dict.fromkeys(only) or scenario.options):
            if prefix not in study.beside:
                _fill(scenario, study, prefix)
    if not only or scenario.reference in only:
        use_old(scenario)


def fill_picked(scenario: Scenario, pick: str) -> None:
    """Fill anew what a preset of the scenario fills of its studies; no more than that.

    What somebody set of the rest of a study, such as the price of a core, stays.
    """
    for name, (table, own) in _PICKED.items():
        if own != pick or name not in STUDIES:
            continue
        before, evidence = scenario.studied[name], dict(scenario.evidence)
        _fill(scenario, STUDIES[name], name)
        filled = {row.quantity for row in presets.rows(table)}
        for last in before.quantities():
            dotted = f"{name}.{last}"
            if last not in filled and dotted in evidence:
                setattr(scenario.studied[name], last, getattr(before, last))
                scenario.evidence[dotted] = evidence[dotted]


def _fill(scenario: Scenario, study: Study, prefix: str) -> None:
    """One group of a study, from nothing."""
    table, group = table_of(study), study.group()
    evidence = scenario.evidence
    for name in [n for n in evidence if n.rpartition(".")[0] == prefix]:
        del evidence[name]
    scenario.studied[prefix] = group
    chosen = [DEFAULT]
    if study.per_option:
        chosen.append(scenario.options[prefix.partition(".")[0]].chip_name)
    known = presets.names(table) if table in presets.table_names() else ()
    for preset in chosen:
        if preset in known:
            fill(group, prefix, table, preset, evidence)
    more, pick = _PICKED.get(study.name, ("", ""))
    if named := scenario.presets.get(pick):
        fill(group, prefix, more, named, evidence)
    for name in settable(group):
        if scenario.bundles.of(prefix, name):
            bring(scenario, prefix, name)


@cache
def bundles() -> Bundles:
    """What the choices of the studies bring along, from the preset tables."""
    return Bundles(
        {
            "silicon.process": _brought("processes", Silicon),
            "silicon.yield_model": _brought("yields", Silicon),
            "training_run.run": _brought("training_runs", TrainingRun),
        }
    )


def _brought(table: str, group: type[Group]) -> dict[str, Brought]:
    """Values and evidence of every preset of a table, texts before numbers."""
    found: dict[str, Brought] = {}
    for preset in presets.names(table):
        own: Brought = {}
        for detail in presets.details(table, preset):
            source = presets.sources()[detail.source]
            own[detail.detail] = (
                detail.text,
                Evidence(
                    detail.status, source.title, source.url, detail.date, detail.note
                ),
            )
        for name, row in presets.preset(table, preset).items():
            unit = group.unit(name)
            number = (row.central or 0.0) * units.conversion(row.unit, unit)
            own[name] = (number, row_evidence(row, unit))
        found[preset] = own
    return found
