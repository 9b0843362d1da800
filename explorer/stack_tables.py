"""Stack presets from a calibration: one per chip measured and per class of chips.

The interval of the whole rate rests on ``realised_share``: it is the cross-validated
error of serving or training on that chip, wider where the chip is borrowed from its
class. The other quantities carry the interval of their class-wide base.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from breakeven.explorer.cases import (
    case_chips,
    case_label,
    chip_machine,
    usual_software,
)
from breakeven.explorer.fitting import INTERVAL, in_base_units, unit_of, unit_size
from breakeven.models import calibration
from breakeven.models.calibration import Effect
from breakeven.models.machine import Stack
from breakeven.presets import stacks
from breakeven.presets.calibrated import EffectRow
from breakeven.presets.gate import COLUMNS

_FORMATS = ("fp8", "bf16", "fp4", "int8")
_PHASES = {"serving": "server", "training": "train"}
# Quantities that a number format changes; other presets of a chip share the rest.
_BF16_SHARE = {"bf16": 1.0, "fp4": 0.25}  # BF16 peak over that of the format; else 1/2
_BY_FORMAT = (
    "compute_efficiency",
    "hbm_efficiency",
    "attention_efficiency",
    "realised_share",
)


def rows(effects: Mapping[str, Sequence[EffectRow]], date: str) -> list[list[str]]:
    """Every row of ``stacks.csv``, as cells."""
    result: list[list[str]] = []
    for kind, table in effects.items():
        every = in_base_units(table)
        owners = dict.fromkeys(
            (row["family"], "", row["family"]) for row in stacks.classes().values()
        )
        labels = {preset: label for label, preset in case_chips().items()}
        chips = [
            (name, labels.get(name, name), row["family"])
            for name, row in stacks.classes().items()
            if is_measured(every, labels.get(name, name))
        ]
        for owner, label, family in (*owners, *chips):
            result += _preset(every, kind, (owner, label, family), date)
    return result


def _preset(
    effects: Sequence[Effect], kind: str, owner: tuple[str, str, str], date: str
) -> list[list[str]]:
    """Rows of one preset: the usual format in full, what other formats change."""
    name, label, family = owner
    usual, *others = _formats(name, family)
    chosen = _quantities(effects, kind, label, family, usual)
    preset = f"{name}_{stacks.PHASES[kind]}"
    said = f"fitted, {kind} at {usual}"
    if not label:
        said += "; class without rows of the chip itself"
    result = [
        _cells(preset, n, n, chosen[n], (said, date))
        for n in Stack.quantities()
        if n in chosen
    ]
    for form in others:
        chosen = _quantities(effects, kind, label, family, form)
        result += [
            _cells(preset, f"{n}_{form}", n, chosen[n], (f"the same at {form}", date))
            for n in _BY_FORMAT
            if n in chosen
        ]
    return result


def is_measured(effects: Sequence[Effect], label: str) -> bool:
    """Whether any measured row of this kind ran on the chip."""
    return any(e.grouping == "chip" and e.label == label for e in effects)


def has_rows(table: Sequence[EffectRow], chip: str) -> bool:
    """Whether a calibration of one kind of work has seen rows of a chip preset."""
    return is_measured(in_base_units(table), case_label(chip))


def stack_values(
    table: Sequence[EffectRow], kind: str, chip: str
) -> dict[str, dict[str, tuple[float, float, float]]]:
    """Value, low and high of every stack quantity of a chip preset, by number format.

    The usual format of the chip comes first; units are those of the stack.
    """
    effects, label = in_base_units(table), case_label(chip)
    family = stacks.classes()[chip]["family"]
    label = label if is_measured(effects, label) else ""
    return {
        form: _quantities(effects, kind, label, family, form)
        for form in _formats(chip, family)
    }


def _formats(owner: str, family: str) -> list[str]:
    """Formats a chip (or the chips of a family) computes in, the usual one first."""
    chips = [c for c, row in stacks.classes().items() if owner in (c, row["family"])]
    found = set()
    for chip in chips:
        for form in _FORMATS:
            try:
                used = chip_machine(chip, form)[1]
            except (KeyError, ValueError):
                continue
            if used == form:
                found.add(form)
    return [form for form in _FORMATS if form in found] or ["bf16"]


def _groups(kind: str, label: str, family: str, form: str) -> dict[str, str]:
    """Groups of a typical dense row of today's software on the chip."""
    software = usual_software(kind, family)
    phase = _PHASES[kind]
    return {
        "precision": form,
        "family": family,
        "chip": label,
        "software": software,
        "routing": f"{software}/search",
        "phase": phase,
        "phase_software": f"{phase}/{software}",
        "phase_software_kind": f"{phase}/{software}/dense",
        "chip_precision_kind": f"{label}/{form}/dense",
        "family_arithmetic": f"{family}/{form}",
        "phase_family": f"{phase}/{family}",
        "software_kind": f"{software}/dense",
    }


def _quantities(
    effects: Sequence[Effect], kind: str, label: str, family: str, form: str
) -> dict[str, tuple[float, float, float]]:
    """Value and 80 % interval of every stack quantity, in stored units."""
    fitted = [e for e in effects if e.quantity != INTERVAL]
    found = calibration.applied(fitted, [_groups(kind, label, family, form)])
    values = {name: float(value[0]) for name, value in found.items()}
    if "attention_ratio" in values:
        ratio = values["attention_ratio"] * values["compute_efficiency"]
        values["attention_efficiency"] = ratio * _BF16_SHARE.get(form, 0.5)
    novelty = "known" if label and is_measured(effects, label) else "chip"
    key = (INTERVAL, _PHASES[kind], novelty)
    width = next(e.high for e in effects if (e.quantity, e.grouping, e.label) == key)
    bases = {e.quantity: e for e in effects if not e.grouping}
    result = {}
    for name in Stack.quantities():
        if name not in values:
            continue
        value, base = values[name], bases.get(name)
        low, high = value, value
        if base:
            low, high = value * base.low / base.value, value * base.high / base.value
        if name == "realised_share":
            low, high = value / width, value * width
        result[name] = _clipped(name, value, low, high)
    return result


def _clipped(
    name: str, value: float, low: float, high: float
) -> tuple[float, float, float]:
    size = unit_size(name)
    top = Stack.param[name].bounds[1]
    top = np.inf if top is None else top
    value, low, high = (min(x / size, top) for x in (value, low, high))
    return value, low, high


def _cells(
    preset: str,
    quantity: str,
    base: str,
    numbers: tuple[float, float, float],
    said: tuple[str, str],
) -> list[str]:
    texts = [f"{n:.4g}" for n in numbers]
    note, date = said
    unit = unit_of(base)
    return [preset, quantity, *texts, unit, "derived", "thr-measured", date, note]


def class_rows(effects: Mapping[str, Sequence[EffectRow]]) -> list[list[str]]:
    """Every row of ``stack_classes.csv``: which kinds of work were measured."""
    labels = {preset: label for label, preset in case_chips().items()}
    every = {kind: in_base_units(table) for kind, table in effects.items()}
    return [
        [
            chip,
            row["family"],
            *(
                str(int(is_measured(every[kind], labels.get(chip, chip))))
                for kind in ("serving", "training")
            ),
            row["note"],
        ]
        for chip, row in stacks.classes().items()
    ]


def write(folder: Path, effects: Mapping[str, Sequence[EffectRow]], date: str) -> None:
    """Write ``stacks.csv`` and ``stack_classes.csv`` into a folder."""
    tables = (
        ("stacks.csv", COLUMNS, rows(effects, date)),
        ("stack_classes.csv", stacks.COLUMNS, class_rows(effects)),
    )
    for name, columns, cells in tables:
        with (folder / name).open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerows((columns, *cells))
