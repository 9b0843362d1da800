"""A fleet as it is described: chips, workloads, vendors and caps, with their evidence.

Like a scenario it has groups of inputs under dotted names; unlike one it has any number
of chips and workloads, and no comparison by month: its result is a mix.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import param

from breakeven import presets
from breakeven.models import fleet_build, fleet_chips
from breakeven.models.acquisition import ACQUISITIONS
from breakeven.models.base import Evidence, Group, unknown_name
from breakeven.models.fleet import OBJECTIVES, Fleet
from breakeven.models.fleet_inputs import Delivery, FleetCaps, Market, Rules
from breakeven.models.inputs import Chip, Finance, Option, Site, Workload
from breakeven.models.llm import Architecture
from breakeven.models.scenario import Input, Scenario, settable
from breakeven.models.throughput import Stack

AIMS = {"margin": "margin", "work": "tokens"}


@dataclass
class Member:
    """One chip of a fleet."""

    option: Option
    chip: Chip
    stacks: dict[str, Stack]
    delivery: Delivery
    chip_name: str
    borrowed: tuple[str, ...] = ()
    rules: str = ""

    @property
    def vendor(self) -> str:
        """Key of its vendor, or of rules of its own."""
        if self.rules:
            return self.rules
        return vendor_key(presets.label("chips", self.chip_name).vendor)


@dataclass
class Line:
    """One workload of a fleet; ``asked`` says whether its demand was given."""

    workload: Workload
    llm: Architecture
    market: Market
    label: str
    asked: bool


@dataclass
class FleetPlan:
    """A fleet under caps: inputs by dotted name, as :class:`Scenario` has them."""

    name: str
    title: str
    description: str
    objective: str
    reference: str
    site: Site
    finance: Finance
    caps: FleetCaps
    members: dict[str, Member]
    lines: dict[str, Line]
    vendors: dict[str, Rules] = field(default_factory=dict)
    evidence: dict[str, Evidence] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check the objective and the chip that is compared with."""
        if self.objective not in OBJECTIVES:
            known = ", ".join(OBJECTIVES)
            said = f"objective = {self.objective!r} must be one of {known}"
            raise ValueError(said)
        if self.reference not in self.members:
            raise unknown_name("chip of reference", self.reference, self.members)

    def groups(self) -> dict[str, Group]:
        """Every group by the prefix of its dotted names."""
        found: dict[str, Group] = {"fleet": self.caps}
        found |= {"site": self.site, "finance": self.finance}
        for key, member in self.members.items():
            found[f"chips.{key}"] = member.option
            found[f"chips.{key}.chip"] = member.chip
            found[f"chips.{key}.allocation"] = member.delivery
            for kind, stack in member.stacks.items():
                found[f"chips.{key}.stack_{kind}"] = stack
        for key, line in self.lines.items():
            found[f"workloads.{key}"] = line.workload
            found[f"workloads.{key}.llm"] = line.llm
            found[f"workloads.{key}.market"] = line.market
        found |= {f"vendors.{key}": rules for key, rules in self.vendors.items()}
        return found

    def resolve(self, name: str) -> str:
        """Full dotted name: ``chips.x.price`` is the price in use.

        Raises
        ------
        KeyError
            When no input has the name; near names are offered.
        """
        key, _, last = name.rpartition(".")
        owner = key.removeprefix("chips.")
        if last == "price" and owner in self.members:
            price = ACQUISITIONS[self.members[owner].option.acquisition].price
            return f"chips.{owner}.chip.{price}"
        group = self.groups().get(key)
        if group is None or last not in settable(group):
            raise unknown_name("input", name, self.inputs())
        return name

    def inputs(self) -> dict[str, Input]:
        """Every input with value, unit, meaning and evidence, by dotted name."""
        found = {}
        for prefix, group in self.groups().items():
            for name in settable(group):
                dotted, parameter = f"{prefix}.{name}", group.param[name]
                unit = (parameter.metadata or {}).get("unit", "choice")
                evidence = self.evidence.get(dotted, Evidence())
                value = getattr(group, name)
                found[dotted] = Input(
                    dotted, value, unit, parameter.doc or "", evidence
                )
        return found

    def set(self, name: str, value: Any) -> None:
        """Change one input in place and mark it as edited.

        Raises
        ------
        KeyError, ValueError
            When there is no such input, or the value is refused.
        """
        if name == "objective":
            changed = replace(self, objective=value)
            self.objective = changed.objective
            return
        dotted = self.resolve(name)
        prefix, _, last = dotted.rpartition(".")
        group = self.groups()[prefix]
        if last in group.quantities():
            if value is not None:
                value = float(group.checked(last, value, dotted))
        elif isinstance(group.param[last], param.Selector):
            choices = ", ".join(map(str, group.param[last].objects))
            if value not in group.param[last].objects:
                raise ValueError(f"{dotted} = {value!r} must be one of {choices}")
        setattr(group, last, value)
        if last == "demand" and prefix.startswith("workloads."):
            self.lines[prefix.removeprefix("workloads.")].asked = True
        self.evidence[dotted] = Evidence("edited")

    def labels(self) -> dict[str, str]:
        """Names of chips, workloads and vendors as a reader knows them, by key."""
        found = {key: member.option.label for key, member in self.members.items()}
        found |= {key: line.label for key, line in self.lines.items()}
        for member in self.members.values():
            if member.rules:
                continue
            found[member.vendor] = presets.label("chips", member.chip_name).vendor
        return found

    def table(self) -> fleet_chips.Table:
        """Rate, power and cost of every chip on every workload."""
        candidates = [
            fleet_chips.Candidate(m.option, m.chip, m.stacks)
            for m in self.members.values()
        ]
        loads = [fleet_chips.Load(x.workload, x.llm) for x in self.lines.values()]
        return fleet_chips.table(candidates, loads, self.site, self.finance)

    def fleet(self, table: fleet_chips.Table | None = None) -> Fleet:
        """The programme of the fleet."""
        demands = [
            line.workload.base()["demand"] if line.asked else np.inf
            for line in self.lines.values()
        ]
        return fleet_build.fleet(
            fleet_build.Names(
                chips=tuple(self.members),
                vendors=tuple(m.vendor for m in self.members.values()),
                workloads=tuple(self.lines),
                reference=self.reference,
            ),
            table or self.table(),
            self.caps.base(),
            self.finance.base(),
            [m.delivery.base() for m in self.members.values()],
            demands,
            [line.market.base() for line in self.lines.values()],
            {key: rules.base() for key, rules in self.vendors.items()},
            self.objective,
        )


def vendor_key(vendor: str) -> str:
    """Name of a vendor as it stands in dotted names."""
    plain = "".join(c if c.isalnum() else "_" for c in vendor.lower())
    return plain.strip("_")


def _rules(
    members: Mapping[str, Member], shares: Mapping[str, Rules]
) -> dict[str, Rules]:
    """Rules of options by vendor; options of one vendor keep those of their own."""
    vendors = [member.vendor for member in members.values()]
    for (key, member), vendor in zip(members.items(), vendors, strict=True):
        if vendors.count(vendor) > 1:
            member.rules = key
    return {member.vendor: shares[key] for key, member in members.items()}


def of_scenario(scenario: Scenario, objective: str = "") -> FleetPlan:
    """Fleet of the options of a scenario on its workload, with its caps and rules."""
    caps, kind = scenario.studied["fleet"].base(), scenario.workload.kind
    members, shares, evidence = {}, {}, dict(scenario.evidence)
    for key, groups in scenario.options.items():
        allocation = scenario.studied[f"{key}.allocation"]
        values = {n: getattr(allocation, n) for n in allocation.quantities()}
        rule = {n: values.pop(n) for n in ("least_share", "most_share")}
        shares[key] = Rules(**rule)
        stacks = {} if kind == "cpu" else {kind: groups.stack}
        borrowed = (groups.borrowed,) if groups.borrowed else ()
        delivery = Delivery(**values)
        members[key] = Member(
            groups.option, groups.chip, stacks, delivery, groups.chip_name, borrowed
        )
    found = scenario.studied["fleet"]
    aim = objective or AIMS[found.aim]  # type: ignore[attr-defined]
    asked = aim == "cost" or caps["demand"] is not None
    workload = scenario.workload
    if aim != "cost" and asked:
        workload = Workload(**dict(workload.param.values()))
        workload.demand = found.demand  # type: ignore[attr-defined]
    preset = scenario.presets.get("workload", "")
    known = preset in presets.names("workloads")
    label = presets.label("workloads", preset).label if known else "the workload"
    line = Line(workload, scenario.llm, Market(), label, asked)
    return FleetPlan(
        name=scenario.name,
        title=scenario.title,
        description=scenario.description,
        objective=aim,
        reference=scenario.reference,
        site=scenario.site,
        finance=scenario.finance,
        caps=found,  # type: ignore[arg-type]
        members=members,
        lines={"workload": line},
        vendors=_rules(members, shares),
        evidence=evidence,
    )
