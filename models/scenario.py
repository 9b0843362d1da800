"""A scenario: one workload, site and finance, two to four options, one evaluate()."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import param
from numpy.typing import ArrayLike

from breakeven.models.acquisition import price_name
from breakeven.models.base import Evidence, Group, check_rules, unknown_name
from breakeven.models.choices import Bundles, admit, bring, choices_first
from breakeven.models.distributions import Distribution
from breakeven.models.evaluation import evaluated
from breakeven.models.inputs import (
    SIZINGS,
    Finance,
    Site,
    Workload,
)
from breakeven.models.llm import Architecture
from breakeven.models.option_groups import OptionGroups
from breakeven.models.results import Curves, Results
from breakeven.models.studies import groups as study_groups


@dataclass(frozen=True)
class Input:
    """One input as shown to a reader: value, unit, meaning and where it comes from."""

    name: str
    value: Any
    unit: str
    doc: str
    evidence: Evidence

    def record(self) -> dict[str, Any]:
        """Value, unit and all that is known of it, as a document says it."""
        known = self.evidence
        return {
            "value": self.value,
            "unit": self.unit,
            "status": known.status,
            "source": known.source,
            "url": known.url,
            "date": known.date,
            "low": known.low,
            "high": known.high,
            "note": known.note,
        }


@dataclass
class Scenario:
    """Everything that an answer depends on; ``evaluate`` is the one door to results.

    ``sizing`` says how counts follow: ``match`` (the anchor's count is given, the other
    options are sized to do the same work), ``demand`` (all follow ``workload.demand``)
    or ``fixed`` (each count is given, work follows). ``distributions`` hold what inputs
    are instead of what their range says, ``correlations`` Spearman's by pair of inputs.
    """

    name: str
    title: str
    options: dict[str, OptionGroups]
    workload: Workload
    llm: Architecture
    site: Site
    finance: Finance
    description: str = ""
    sizing: str = "match"
    anchor: str = ""
    presets: dict[str, str] = field(default_factory=dict)
    evidence: dict[str, Evidence] = field(default_factory=dict)
    studied: dict[str, Group] = field(default_factory=dict)
    distributions: dict[str, Distribution] = field(default_factory=dict)
    correlations: dict[tuple[str, str], float] = field(default_factory=dict)
    bundles: Bundles = field(default_factory=Bundles)

    def __post_init__(self) -> None:
        """Check the number of options and the rule of sizing."""
        if not 2 <= len(self.options) <= 4:
            raise ValueError(f"a scenario has 2 to 4 options, not {len(self.options)}")
        if self.sizing not in SIZINGS:
            raise ValueError(
                f"sizing = {self.sizing!r} must be one of {', '.join(SIZINGS)}"
            )
        self.anchor = self.anchor or next(iter(self.options))
        if self.anchor not in self.options:
            raise unknown_name("anchor", self.anchor, self.options)
        self.studied = study_groups(self.options) | self.studied

    @property
    def reference(self) -> str:
        """Key of the option that the others are compared with: the last one."""
        return list(self.options)[-1]

    def groups(self) -> dict[str, Group]:
        """Every group by the prefix of its dotted names, those of studies last."""
        return self.core() | self.studied

    def core(self) -> dict[str, Group]:
        """The groups that every evaluation needs, by the prefix of their names."""
        found: dict[str, Group] = {
            "workload": self.workload,
            "workload.llm": self.llm,
            "site": self.site,
            "finance": self.finance,
        }
        for key, option in self.options.items():
            found[key] = option.option
            found[f"{key}.chip"] = option.chip
            found[f"{key}.stack"] = option.stack
        return found

    def resolve(self, name: str) -> str:
        """Full dotted name: ``asic.price`` is the price in use by the option.

        Raises
        ------
        KeyError
            When no input has the name; near names are offered.
        """
        if name in ("sizing", "anchor"):
            raise KeyError(f"{name} is a rule, not a number: set it on a copy")
        key, _, last = name.rpartition(".")
        if last == "price" and key in self.options:
            return price_name(key, self.options[key].option.acquisition)
        group = self.groups().get(key)
        if group is None or last not in settable(group):
            raise unknown_name("input", name, self.names())
        return name

    def names(self) -> tuple[str, ...]:
        """Dotted names of all inputs: quantities and choices."""
        found = [f"{p}.{n}" for p, g in self.groups().items() for n in settable(g)]
        return (*found, *(f"{key}.price" for key in self.options), "sizing", "anchor")

    def inputs(self) -> dict[str, Input]:
        """Every input with value, unit, meaning and evidence, by dotted name."""
        found = {}
        for prefix, group in self.groups().items():
            for name in settable(group):
                dotted, parameter = f"{prefix}.{name}", group.param[name]
                unit = (parameter.metadata or {}).get("unit", "choice")
                evidence = self._shown(dotted)
                value = getattr(group, name)
                if value is None and dotted not in self.evidence:
                    evidence = Evidence("absent", note="not published")
                found[dotted] = Input(
                    dotted, value, unit, parameter.doc or "", evidence
                )
        return found

    def _shown(self, dotted: str) -> Evidence:
        """Evidence of an input, as far as the sizing lets its value matter."""
        found = self.evidence.get(dotted, Evidence())
        key = dotted.removesuffix(".count")
        used = Evidence("default", "Breakeven", note="set by the sizing in use")
        if dotted == "workload.demand" and self.sizing == "demand":
            return used if found.status == "unused" else found
        if key not in self.options or key == dotted:
            return found
        if self.sizing == "fixed" or (self.sizing, key) == ("match", self.anchor):
            return used if found.status == "unused" else found
        lead = "workload.demand" if self.sizing == "demand" else f"{self.anchor}.count"
        return Evidence("unused", "Breakeven", note=f"follows from {lead}")

    def with_values(self, values: Mapping[str, Any]) -> Scenario:
        """A changed copy; the changed inputs are marked as edited.

        In sizing ``match`` the count that is set becomes the anchor; set more than one
        and all counts are fixed.

        Raises
        ------
        KeyError
            When an input does not exist.
        ValueError
            When a value is out of bounds or of the wrong kind.
        """
        changed = self.copy()
        for name in choices_first(changed, values):
            changed.set(name, values[name])
        if "sizing" not in values and "anchor" not in values:
            changed.sizing, changed.anchor = self.sized(values)
        check_rules(changed.groups())
        return changed

    def set(self, name: str, value: Any) -> None:
        """Change one input in place and mark it as edited.

        Raises
        ------
        KeyError, ValueError
            As :meth:`with_values`.
        """
        if name in ("sizing", "anchor"):
            known = SIZINGS if name == "sizing" else tuple(self.options)
            if value not in known:
                raise ValueError(
                    f"{name} = {value!r} must be one of {', '.join(known)}"
                )
            setattr(self, name, value)
            return
        dotted = self.resolve(name)
        if dotted == "workload.kind" and value != self.workload.kind:
            rule = "the kind of work decides the software stacks: set it in a file"
            raise ValueError(f"{dotted} = {value!r}: {rule}")
        prefix, _, last = dotted.rpartition(".")
        group = self.groups()[prefix]
        if last in group.quantities():
            if value is not None:
                value = float(group.checked(last, value, dotted))
                admit(group, last, dotted)
            elif group.param[last].default is not None:
                raise ValueError(f"{dotted} needs a number [{group.unit(last)}]")
        elif isinstance(group.param[last], param.Selector):
            choices = ", ".join(map(str, group.param[last].objects))
            if value not in group.param[last].objects:
                raise ValueError(f"{dotted} = {value!r} must be one of {choices}")
        elif not isinstance(value, str):
            raise ValueError(f"{dotted} = {value!r} must be text")
        setattr(group, last, value)
        if last == "precision":
            self.use_format(prefix)
        bring(self, prefix, last)
        before = self.evidence.get(dotted, Evidence())
        # The range of the preset says nothing about a value that somebody chose.
        self.distributions.pop(dotted, None)
        self.evidence[dotted] = replace(
            before, status="edited", note=_was(before), low=None, high=None
        )

    def use_format(self, key: str) -> None:
        """Give the stack of an option what its number format changes.

        ``OptionGroups.formats`` holds values and evidence by format; what somebody has
        set stays.
        """
        groups = self.options[key]
        changed = groups.formats.get(groups.option.precision, {})
        for name, (value, evidence) in changed.items():
            dotted = f"{key}.stack.{name}"
            present = self.evidence.get(dotted, Evidence())
            # what the preset gave was fitted; anything else somebody chose
            if present.status.startswith("derived"):
                setattr(groups.stack, name, value)
                self.evidence[dotted] = evidence

    def sized(self, values: Mapping[str, Any]) -> tuple[str, str]:
        """Sizing and anchor once the counts among ``values`` are set."""
        counts = [key for key in self.options if f"{key}.count" in values]
        if self.sizing != "match" or not counts:
            return self.sizing, self.anchor
        return ("match", counts[0]) if len(counts) == 1 else ("fixed", self.anchor)

    def copy(self) -> Scenario:
        """A scenario that shares nothing with this one but what cannot change."""
        return copy.deepcopy(self, {id(self.evidence): dict(self.evidence)})

    def evaluate(
        self,
        overrides: Mapping[str, ArrayLike] | None = None,
        *,
        curves: Curves = True,
        studies: Iterable[str] = (),
    ) -> Results:
        """Results for the present inputs, any of them replaced by arrays.

        Overrides broadcast together; the scenario is not changed. ``curves=False``
        leaves out everything by month and by volume but the month of crossing,
        ``curves="month"`` what goes by volume, ``curves="cost"`` all break-evens too;
        ``studies`` names the studies whose outputs are wanted as well.

        Raises
        ------
        KeyError
            When an override names no input, or there is no such study.
        ValueError
            When a value is out of bounds, not finite, or overrides do not broadcast.
        """
        return evaluated(self, overrides or {}, curves=curves, asked=tuple(studies))


def settable(group: Group) -> tuple[str, ...]:
    """Names of the quantities and choices of a group, as declared. [text]."""
    return tuple(name for name in group.param.objects("existing") if name != "name")


def _was(before: Evidence) -> str:
    """Note that keeps what an edited value replaced."""
    if before.status in ("edited", "default"):
        return before.note
    return f"was {before.status}: {before.source}"
