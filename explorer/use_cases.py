"""Every chip for every chat and agent workload: cost of a task, tokens per joule.

The model, site and money are those of a scenario.

All chips that are acquired alike go through the one door together: their figures are
arrays along one axis, the workloads along a second, the ends of the interval of the
throughput along a third.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from breakeven import presets
from breakeven.explorer.filling import fill, use_chip
from breakeven.models.acquisition import ACQUISITIONS
from breakeven.models.base import Evidence
from breakeven.models.chip import Chip
from breakeven.models.inputs import Option, Workload
from breakeven.models.results import limit_name
from breakeven.models.scenario import OptionGroups, Scenario
from breakeven.models.studies import STUDIES
from breakeven.models.throughput import Stack

Array = NDArray[np.float64]

WORKLOADS = (
    "chat_assistant customer_service coding_interactive coding_autonomous "
    "deep_research batch_workflow rag"
).split()
# How a chip is had, by its kind: the first of these that has a price.
WAYS = {
    "asic": ("build", "commit_3yr", "commit_1yr", "rent"),
    "gpu": ("buy", "commit_3yr", "commit_1yr", "rent"),
    "cpu": ("buy", "commit_3yr", "commit_1yr", "rent", "build"),
}
_PRICES = {way.price for way in ACQUISITIONS.values() if way.price}
_PEAKS = [name for name in Chip().quantities() if name.startswith("peak_flops_")]


@dataclass(frozen=True)
class Row:
    """One chip: what a task costs on it, low, middle and high, and what it draws.

    ``cost`` has workloads first, then middle, low and high [USD]; ``energy`` output
    tokens per facility energy [token/J]; ``reasons`` say why a cost does not exist.
    """

    chip: str
    label: str
    vendor: str
    kind: str
    way: str
    measured: bool
    cost: Array
    energy: Array
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class _Candidate:
    """A chip as plain numbers: its figures and its stack's, by name.

    ``share`` is the share of the steady state that remains: middle, and the ends of its
    range, the fast one first.
    """

    chip: str
    way: str
    precision: str
    values: dict[str, float | None]
    stack: dict[str, float]
    share: tuple[float, float, float]
    embodied: float | None
    measured: bool


def state_key(scenario: Scenario) -> tuple[Any, ...]:
    """What the matrix depends on, to know whether it is still that of a scenario."""
    option = next(iter(scenario.options.values())).option
    groups = (scenario.llm, scenario.site, scenario.finance, scenario.studied["agent"])
    values = [getattr(g, n) for g in groups for n in g.quantities()]
    names = [groups.chip_name for groups in scenario.options.values()]
    picked = scenario.presets.get("workload")
    return (
        *values,
        option.utilisation,
        option.availability,
        option.count,
        *names,
        picked,
    )


_KEPT = 32
_SEEN: OrderedDict[tuple[Any, ...], tuple[Row, ...]] = OrderedDict()


def use_cases(scenario: Scenario) -> tuple[Row, ...]:
    """Rows of every chip, in the order of the table of chips; the last ones are kept.

    All sessions of a process share what is kept: plain numbers by :func:`state_key`.
    """
    key = state_key(scenario)
    if key not in _SEEN:
        _SEEN[key] = _evaluated(scenario)
        while len(_SEEN) > _KEPT:
            _SEEN.popitem(last=False)
    return _SEEN[key]


def _evaluated(scenario: Scenario) -> tuple[Row, ...]:
    """Rows of every chip, each group of chips alike in one evaluation."""
    base = _base(scenario)
    works = [_workload(name) for name in WORKLOADS]
    candidates = [_candidate(name) for name in presets.names("chips")]
    alike: dict[tuple[Any, ...], list[_Candidate]] = {}
    for one in candidates:
        lacking = tuple(n for n in _used(one) if one.values[n] is None)
        alike.setdefault((one.way, one.precision, lacking), []).append(one)
    rows = {r.chip: r for group in alike.values() for r in _rows(base, group, works)}
    return tuple(rows[one.chip] for one in candidates)


def _base(scenario: Scenario) -> Scenario:
    """The scenario as one that serves tokens; it shares what is only read."""
    base = copy(scenario)
    base.sizing, base.anchor = "match", next(iter(base.options))
    if base.workload.kind != "serving":
        base = scenario.copy()
        base.sizing, base.workload = "match", Workload()
        for key, groups in base.options.items():
            use_chip(groups, key, groups.chip_name, base.workload, base.evidence)
    return base


@cache
def _candidate(name: str) -> _Candidate:
    """A chip, acquired as its kind usually is, in the format that it is best at."""
    rows = presets.preset("chips", name)
    known = {n for n, row in rows.items() if row.central is not None}
    ways = WAYS[presets.label("chips", name).kind]
    way = next((way for way in ways if ACQUISITIONS[way].price in known), ways[0])
    formats = ("fp8", "int8", "bf16")
    precision = next((f for f in formats if f"peak_flops_{f}" in known), "bf16")
    groups = OptionGroups(Option(precision=precision), Chip(), Stack())
    evidence: dict[str, Evidence] = {}
    use_chip(groups, "own", name, Workload(), evidence)
    middle = groups.stack.realised_share
    found = evidence.get("own.stack.realised_share", Evidence())
    ends = [middle if end is None else min(end, 1.0) for end in (found.high, found.low)]
    carbon = presets.preset("study_carbon", "default") | (
        presets.preset("study_carbon", name)
        if name in presets.names("study_carbon")
        else {}
    )
    return _Candidate(
        chip=name,
        way=way,
        precision=precision,
        values={n: getattr(groups.chip, n) for n in groups.chip.quantities()},
        stack={n: getattr(groups.stack, n) for n in groups.stack.quantities()},
        share=(middle, *ends),
        embodied=carbon["embodied"].central,
        measured=not groups.borrowed,
    )


def _used(one: _Candidate) -> list[str]:
    """Figures of a chip that play a part when it is acquired this way."""
    unused = (_PRICES - {ACQUISITIONS[one.way].price}) | {"cores", "chips_per_server"}
    unused |= set(_PEAKS) - {f"peak_flops_{one.precision}"}
    if one.way != "build":
        unused |= {"nre"}
    return [name for name in one.values if name not in unused]


@cache
def _workload(name: str) -> dict[str, float]:
    """Inputs of a workload by dotted name."""
    evidence: dict[str, Evidence] = {}
    groups = {"workload": Workload(), "agent": STUDIES["agent"].group()}
    for prefix, group in groups.items():
        fill(group, prefix, "workloads", name, evidence)
    found = {}
    for dotted in evidence:
        prefix, _, last = dotted.rpartition(".")
        found[dotted] = getattr(groups[prefix], last)
    return found


def _rows(
    base: Scenario, group: list[_Candidate], works: list[dict[str, float]]
) -> list[Row]:
    """Rows of chips that are acquired and computed alike, evaluated together."""
    key, first = base.anchor, group[0]
    own = base.options[key].option
    option = Option(
        acquisition=first.way,
        precision=first.precision,
        utilisation=own.utilisation,
        availability=own.availability,
        count=own.count,
    )
    scratch = copy(base)
    scratch.options = base.options | {key: OptionGroups(option, Chip(), Stack())}
    given: dict[str, Any] = {
        f"{key}.chip.{name}": _along([one.values[name] for one in group], 0)
        for name in _used(first)
        if first.values[name] is not None
    }
    for name in first.stack:
        given[f"{key}.stack.{name}"] = _along([one.stack[name] for one in group], 0)
    shares = np.array([one.share for one in group])
    given[f"{key}.stack.realised_share"] = shares[:, None]
    given[f"{key}.carbon.embodied"] = _along([one.embodied for one in group], 0)
    for dotted in sorted(set.intersection(*(set(work) for work in works))):
        given[dotted] = _along([work[dotted] for work in works], 1)
    results = scratch.evaluate(given, curves=False, studies=("agent",))
    found = results.studies["agent"]
    cost, energy = found["cost"][0], found["tokens_per_joule"][0]
    limits = results.limited_by[0][..., 0]
    return [_row(one, cost[i], energy[i], limits[i]) for i, one in enumerate(group)]


def _along(values: Iterable[float | None], axis: int) -> Array:
    """Values along one of the three axes."""
    array = np.array(list(values), float)
    return array[:, None, None] if axis == 0 else array[None, :, None]


def _row(one: _Candidate, cost: Array, energy: Array, limits: Array) -> Row:
    """What one chip shows."""
    label = presets.label("chips", one.chip)
    reasons = tuple(
        "" if np.isfinite(cost[w, 0]) else limit_name(limits[w])
        for w in range(len(WORKLOADS))
    )
    return Row(
        chip=one.chip,
        label=label.label,
        vendor=label.vendor,
        kind=label.kind,
        way=one.way,
        measured=one.measured,
        cost=cost,
        energy=energy[:, 0],
        reasons=reasons,
    )
