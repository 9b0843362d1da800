"""The state of one page: a scenario, the presets under it, and how inputs change.

Nothing here draws. A session starts from a ready scenario (or a given one) and keeps
the unedited original beside the edited one, so that any input can be reset and an
address can say only what differs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from breakeven import presets
from breakeven.explorer import declared, documents, filling
from breakeven.explorer.old_fleet import OLD, PICK, old_chip, renew_old, use_old
from breakeven.explorer.state import ready_scenario
from breakeven.explorer.study_filling import fill_picked, fill_studies
from breakeven.models.base import Evidence, check_rules, unknown_name
from breakeven.models.choices import followers
from breakeven.models.inputs import Finance, Site, Workload
from breakeven.models.llm import Architecture
from breakeven.models.scenario import Scenario

if TYPE_CHECKING:
    from breakeven.explorer.overlay import Overlay

RESET = "reset"
UPLOADED = "uploaded"  # what the picker of models holds for one that was brought
_GROUPS: dict[str, tuple[str, str, str, Callable[[], Any]]] = {
    "workload": ("workload", "workload", "workloads", Workload),
    "llm": ("llm", "workload.llm", "llms", Architecture),
    "site": ("site", "site", "sites", Site),
    "finance": ("finance", "finance", "finance", Finance),
}


class Session:
    """A scenario that is being edited, beside the one it started from.

    ``original`` has the presets that were picked since, ``loaded`` has not; ``model``
    names a language model that the reader brought, ``overlay`` is their calibration.
    """

    def __init__(self, scenario: Scenario | str | None = None) -> None:
        if isinstance(scenario, Scenario):
            self.start(scenario.copy())  # whoever gave it may go on changing it
        else:
            self.start(ready_scenario(scenario or ""))

    def start(self, scenario: Scenario) -> None:
        """Begin anew from a scenario that nobody else holds; it stays as it is."""
        self.scenario = scenario.copy()
        self.original = scenario.copy()
        self.loaded = scenario
        self.first = self.picks()
        self.model = ""
        self.overlay: Overlay | None = None

    def picks(self) -> dict[str, str]:
        """Presets in use, by the name that changes them."""
        found = {n: self.scenario.presets.get(n, "") for n in _GROUPS}
        for key, groups in self.scenario.options.items():
            found[f"{key}.chip"] = groups.chip_name
        found[PICK] = old_chip(self.scenario)
        return found

    def structural(self, name: str) -> bool:
        """Whether a change of this input changes which controls there are."""
        if name in ("scenario", *_GROUPS) or name.endswith(
            (".chip", ".acquisition", ".cost_basis", "workload.kind")
        ):
            return True
        prefix, _, last = name.rpartition(".")
        studied = self.scenario.studied.get(prefix)
        if studied is not None and last not in studied.quantities():
            return True  # what a view shows, and in which unit
        known = prefix in self.scenario.groups()
        return known and bool(followers(self.scenario, prefix, last))

    def change(self, values: Mapping[str, Any]) -> dict[str, str]:
        """Apply changes; what was refused, by name, in one line each.

        A value of ``{"reset": True}`` restores the preset. A refused value leaves the
        input as it was.
        """
        refused: dict[str, str] = {}
        for name, value in values.items():
            before = self._held(name)
            try:
                self._change(name, value)
                check_rules(self.scenario.groups())
            except (ValueError, KeyError) as error:
                refused[name] = str(error.args[0] if error.args else error)
                self._put_back(name, before)
        counts = [n for n in values if n.endswith(".count") and n not in refused]
        if counts:
            sized = self.scenario.sized(dict.fromkeys(counts, 0.0))
            self.scenario.sizing, self.scenario.anchor = sized
        return refused

    def _held(self, name: str) -> tuple[Any, Evidence | None] | None:
        """Value and evidence of an input; nothing when the name is not of one."""
        try:
            dotted = self.scenario.resolve(name)
        except KeyError:
            return None
        prefix, _, last = dotted.rpartition(".")
        value = getattr(self.scenario.groups()[prefix], last)
        return value, self.scenario.evidence.get(dotted)

    def _put_back(self, name: str, before: tuple[Any, Evidence | None] | None) -> None:
        """Put an input back to what it was before a change that is refused."""
        if before is None:
            return
        dotted = self.scenario.resolve(name)
        prefix, _, last = dotted.rpartition(".")
        setattr(self.scenario.groups()[prefix], last, before[0])
        self.scenario.evidence.pop(dotted, None)
        if before[1] is not None:
            self.scenario.evidence[dotted] = before[1]

    def _change(self, name: str, value: Any) -> None:
        if isinstance(value, Mapping):
            if value != {RESET: True}:
                raise ValueError(f"{name} = {value!r} is not a value")
            self.reset(name)
        elif name == "scenario":
            if value not in documents.scenario_names():
                raise unknown_name("scenario", str(value), documents.scenario_names())
            self.start(ready_scenario(str(value)))
        elif name in _GROUPS:
            self._use_group(name, str(value))
        elif name.endswith(".chip") and name.count(".") == 1:
            self._use_chip(name.removesuffix(".chip"), str(value))
        elif value is None or isinstance(value, int | float | str):
            self.scenario.set(name, value)
        else:
            raise ValueError(f"{name} = {value!r} is not a value")

    def reset(self, name: str) -> None:
        """Put one input back to what the scenario started with."""
        dotted = self.scenario.resolve(name)
        prefix, _, last = dotted.rpartition(".")
        for changed in (last, *followers(self.scenario, prefix, last)):
            self._restore(prefix, changed)
        if last == "precision":
            self.scenario.use_format(prefix)
        if last == "count":
            self.scenario.sizing = self.original.sizing
            self.scenario.anchor = self.original.anchor

    def _restore(self, prefix: str, last: str) -> None:
        """Value and evidence of one input as the scenario started with them."""
        dotted = f"{prefix}.{last}"
        before = getattr(self.original.groups()[prefix], last)
        setattr(self.scenario.groups()[prefix], last, before)
        self.scenario.evidence.pop(dotted, None)
        if dotted in self.original.evidence:
            self.scenario.evidence[dotted] = self.original.evidence[dotted]
        if dotted in self.original.distributions:
            self.scenario.distributions[dotted] = self.original.distributions[dotted]

    def fallback(self, name: str) -> Any:
        """Value that a reset restores."""
        prefix, _, last = self.scenario.resolve(name).rpartition(".")
        return getattr(self.original.groups()[prefix], last)

    def before(self, name: str) -> Any:
        """What a choice was when the session started."""
        if name == "scenario":
            return self.scenario.name
        if name == "llm" and self.model:
            return UPLOADED
        return self.first[name] if name in self.first else self.fallback(name)

    def take_model(self, name: str, shape: Architecture, file: str) -> None:
        """Make a model that a reader brought that of the scenario, as edits of it.

        The presets under it are those of the start, so that an address says all.
        """
        self._use_group("llm", self.first["llm"])
        filling.put_model(self.scenario, name, shape, file)
        self.model = name

    def calibrate(self, overlay: Overlay) -> None:
        """Put a reader's calibration over the stacks of all options."""
        self.overlay = overlay
        self._put_overlay(self.scenario.options)

    def _put_overlay(self, keys: Iterable[str]) -> None:
        if self.overlay is not None:
            from breakeven.explorer.overlay import put  # needs SciPy: not at the start

            put(self.scenario, self.overlay, list(keys))

    def _use_chip(self, key: str, chip: str) -> None:
        if key == OLD:
            for scenario in (self.scenario, self.original):
                use_old(scenario, chip)
            return
        if key not in self.scenario.options:
            raise unknown_name("option", key, self.scenario.options)
        label = presets.label("chips", chip).label
        others = [o.option.label for k, o in self.scenario.options.items() if k != key]
        if label in others:
            label = f"{label} ({key})"
        for scenario in (self.scenario, self.original):
            groups = scenario.options[key]
            documents.use_chip(groups, key, chip, scenario.workload, scenario.evidence)
            groups.option.label = label
            declared.forget(scenario, f"{key}.chip", f"{key}.stack")
            fill_studies(scenario, [key])
        self._put_overlay([key])

    def _use_group(self, name: str, preset: str) -> None:
        attribute, prefix, table, make = _GROUPS[name]
        before = self.scenario.workload.kind
        presets.preset(table, preset)
        if name == "llm":
            self.model = ""
        for scenario in (self.scenario, self.original):
            kind = scenario.workload.kind
            group = make()
            for dotted in [
                n for n in scenario.evidence if n.rpartition(".")[0] == prefix
            ]:
                del scenario.evidence[dotted]
            declared.forget(scenario, prefix)
            documents.fill(group, prefix, table, preset, scenario.evidence)
            setattr(scenario, attribute, group)
            scenario.presets[name] = preset
            fill_picked(scenario, name)
            if scenario.workload.kind != kind:
                for key, groups in scenario.options.items():
                    documents.use_chip(
                        groups,
                        key,
                        groups.chip_name,
                        scenario.workload,
                        scenario.evidence,
                    )
                renew_old(scenario, kind)
        if self.scenario.workload.kind != before:
            self._put_overlay(self.scenario.options)

    def visit(self, query: Mapping[str, str]) -> dict[str, str]:
        """Apply an address: the scenario first, then presets, then values."""
        known = dict(query)
        model = known.pop("model", "")[:80]
        refused: dict[str, str] = {}
        first = [n for n in ("scenario", *_GROUPS) if n in known]
        chips = [n for n in known if n.endswith(".chip") and n.count(".") == 1]
        choices = [n for n in known if n.endswith(".acquisition")]
        order = [*first, *chips, *choices]
        order += [n for n in known if n not in order]
        for name in order:
            refused |= self.change({name: self._typed(name, known[name])})
        # what contradicted an input that came later may stand now
        for name in list(refused):
            if not self.change({name: self._typed(name, known[name])}):
                del refused[name]
        # the figures of a model that was brought are values; its name is only shown
        self.model = self.model or model
        for last in self.scenario.llm.quantities() if model else ():
            # nobody hosts a model that was brought: no list price of the preset
            if last.startswith("hosted_") and f"workload.llm.{last}" not in known:
                self.scenario.set(f"workload.llm.{last}", None)
        return refused

    def _typed(self, name: str, text: str) -> Any:
        """Text of an address as the number that a quantity wants."""
        try:
            prefix, _, last = self.scenario.resolve(name).rpartition(".")
            quantities = self.scenario.groups()[prefix].quantities()
        except KeyError:
            return text
        if last not in quantities:
            return text
        try:
            return float(text)
        except ValueError:
            return text

    def address(self) -> dict[str, str]:
        """What an address has to say: the scenario, and what differs from it."""
        found = {"scenario": self.scenario.name}
        found |= {"model": self.model} if self.model else {}
        found |= {n: p for n, p in self.picks().items() if p != self.first.get(n)}
        for name, item in self.scenario.inputs().items():
            before = self.fallback(name)
            if item.value is not None and item.value != before:
                found[name] = (
                    f"{item.value!r}"
                    if isinstance(item.value, float)
                    else str(item.value)
                )
        return found
