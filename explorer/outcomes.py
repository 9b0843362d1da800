"""What a row of a sweep says: results of each option, and outputs of studies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from breakeven.models.base import unknown_name
from breakeven.models.results import Results, limit_name
from breakeven.models.scenario import Scenario, settable
from breakeven.models.studies import STUDIES, named
from breakeven.models.study import Output, Study

Array = NDArray[np.float64]

# Results of each option that make a row; the unit follows the name in the header.
COLUMNS = (
    "count cost_per_token cost_per_hour capex token_rate site_power energy_per_token "
    "carbon breakeven_month breakeven_volume"
).split()
LIMIT = "limited_by"
_CURVES = (
    "months cumulative_cost work_to_date cost_to_date volumes cost_by_volume breakdown"
).split()
_EVENS = ("breakeven_month", "breakeven_volume")


@dataclass(frozen=True)
class Outcome:
    """A column of results: of an option or, without one, of the scenario.

    ``name`` is a field of Results, or the output of a study after the study's name;
    ``shared`` says that an input has the same name.
    """

    option: str
    name: str
    shared: bool = False

    @property
    def full(self) -> str:
        """Name in the header, never that of an input of a study."""
        own = f"{self.option}.{self.name}" if self.option else self.name
        return f"{own}.result" if self.shared else own

    @property
    def _output(self) -> Output | None:
        study, _, name = self.name.rpartition(".")
        return STUDIES[study].outputs[name] if study else None

    @property
    def worded(self) -> bool:
        """Whether its values are codes that stand for words."""
        return self.name == LIMIT or bool(self._output and self._output.words)

    def word(self, code: float) -> str:
        """What a code stands for; nothing where there is none."""
        if code != code:
            return ""
        output = self._output
        return output.words[int(code)] if output else limit_name(code)

    def unit(self, results: Results) -> str:
        """Unit in the header; empty for words."""
        output = self._output
        if self.worded:
            return ""
        return results.filled(output.unit) if output else results.unit(self.name)

    def values(self, results: Results, count: int) -> Array:
        """Values of so many rows."""
        study, _, name = self.name.rpartition(".")
        found = results.studies[study][name] if study else getattr(results, name)
        own = found[results.option(self.option)] if self.option else found
        return np.broadcast_to(np.asarray(own, float), count)


def outcomes(scenario: Scenario, columns: Iterable[str]) -> list[Outcome]:
    """Columns of results, those of each option together, the scenario's own last."""
    whole = [name for name in columns if _of_scenario(name)]
    each = [*(name for name in columns if name not in whole), LIMIT]
    found = [Outcome(key, name) for key in scenario.options for name in each]
    found += [Outcome("", name) for name in whole]
    return [
        replace(one, shared=True) if _is_input(scenario, one.full) else one
        for one in found
    ]


def named_columns(columns: Sequence[str], studies: Sequence[str]) -> tuple[str, ...]:
    """Columns asked for, with every output of the studies that has one value a row.

    Raises
    ------
    KeyError
        When there is no such column or study; near names are offered.
    ValueError
        When a study has no such output.
    """
    known = [
        item.name
        for item in fields(Results)
        if item.metadata["unit"] and item.name not in (*_CURVES, LIMIT, "feasible")
    ]
    known += [name for study in STUDIES.values() for name in _single(study)]
    for name in columns:
        if name not in known:
            raise unknown_name("column", name, known)
    found = list(columns or COLUMNS)
    for study in named(studies):
        if not _single(study):
            raise ValueError(f"study {study.name} has no output of one value a row")
        found += _single(study)
    return tuple(dict.fromkeys(found))


def asked(columns: Iterable[str]) -> tuple[str, ...]:
    """Studies whose outputs are among the columns."""
    found = (name.rpartition(".")[0] for name in columns)
    return tuple(dict.fromkeys(study for study in found if study))


def on_curves(columns: Iterable[str]) -> bool:
    """Whether any column needs what is read on curves by month."""
    return any(name in _EVENS or "." in name for name in columns)


def _single(study: Study) -> list[str]:
    """Outputs of a study that are one value for each draw."""
    return [
        f"{study.name}.{name}"
        for name, output in study.outputs.items()
        if not output.axis and not output.shared
    ]


def _is_input(scenario: Scenario, full: str) -> bool:
    """Whether a study has an input of this name."""
    prefix, _, last = full.rpartition(".")
    group = scenario.studied.get(prefix)
    return group is not None and last in settable(group)


def _of_scenario(name: str) -> bool:
    """Whether a column is an output of a study that is not told by option."""
    study, _, last = name.rpartition(".")
    return bool(study) and not STUDIES[study].outputs[last].by_option
