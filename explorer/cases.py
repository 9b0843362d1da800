"""Benchmark rows joined with the facts of their chips and models.

A row that cannot be used is kept with the reason, in one sentence; the others go on.
Only the columns named in :data:`COLUMNS` are read; a measured value never is.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

from breakeven import presets as _presets
from breakeven.models import cases as texts
from breakeven.models import units
from breakeven.models.base import unknown_name
from breakeven.models.case_rates import Known
from breakeven.models.cases import Case
from breakeven.models.llm import Architecture
from breakeven.models.machine import Machine
from breakeven.models.performance import BYTES
from breakeven.presets import stacks, tables

COLUMNS = (
    "id",
    "chip",
    "n_chips",
    "model",
    "precision",
    "phase",
    "concurrency",
    "isl",
    "osl",
    "parallelism",
    "software",
    "quantity",
)
_REQUIRED = ("id", "chip", "model", "precision", "phase", "quantity")
USABLE_MEMORY = 0.92  # share of the memory sold that engines fill; see options.csv
_PRESETS = Path(_presets.__file__).parent
_WIDER = {
    "fp4": ("fp4", "fp8", "bf16"),
    "fp8": ("fp8", "bf16"),
    "int8": ("int8", "fp8", "bf16"),
    "bf16": ("bf16",),
}
_OUTCOMES = {
    "train": ("train_tokens",),
    "train_lora": ("train_tokens",),
    "prefill": ("prefill_tokens",),
}
# Software that serves or trains on a family of chips today; others take the average.
_NVIDIA = ("ampere", "ada", "hopper", "blackwell", "rubin", "pro")
_USUAL = {
    "serving": {
        "tensorrt": _NVIDIA,
        "vllm": ("cdna", "tpu"),
        "neuron": ("neuron",),
        "gaudi": ("gaudi",),
    },
    "training": {
        "bridge": _NVIDIA,
        "rocm": ("cdna",),
        "maxtext": ("tpu",),
        "neuron": ("neuron",),
        "gaudi": ("gaudi",),
    },
}
# Engines that keep the cache in 8 bits when the weights are in 8 or 4.
_SMALL_CACHE = ("tensorrt", "gaudi", "rocm")


@dataclass(frozen=True)
class Refused:
    """A row that is not predicted, and why."""

    name: str
    reason: str


def read(
    path: Path, columns: Mapping[str, str] | None = None
) -> list[tuple[int, dict[str, str]]]:
    """Rows of a CSV file with their lines; ``columns`` gives their names for ours.

    Raises
    ------
    ValueError
        When a column that must be there is missing; one line that names it.
    KeyError
        When a mapped name is not one of ours.
    """
    renamed = {theirs: ours for ours, theirs in (columns or {}).items()}
    for ours in renamed.values():
        _one_of("column", ours, (*COLUMNS, "measured"))
    with path.open(newline="", encoding="utf-8-sig") as stream:
        reader = csv.DictReader(stream)
        names = [renamed.get(name, name) for name in reader.fieldnames or ()]
        missing = [c for c in _REQUIRED if c not in names]
        if missing:
            raise ValueError(f"{path.name}:1: column {missing[0]} is missing")
        return [
            (reader.line_num, {renamed.get(k, k): v for k, v in row.items() if k})
            for row in reader
        ]


def known(line: int, row: Mapping[str, str]) -> Known | Refused:
    """A row with the facts of its chip and model, or why it cannot be predicted."""
    name = row.get("id") or f"line {line}"
    try:
        case = texts.case({column: row.get(column) for column in COLUMNS})
        return _joined(case)
    except KeyError as error:
        return Refused(name, f"line {line}: {error.args[0]}")
    except ValueError as error:
        return Refused(name, f"line {line}: {error}")


def _joined(case: Case) -> Known:
    phases = (*texts.TRAINING_PHASES, *texts.SERVING_PHASES)
    _one_of("phase", case.phase, phases)
    _one_of("quantity", case.quantity, texts.QUANTITIES)
    due = _OUTCOMES.get(case.phase, ("output_tokens", "total_tokens"))
    if case.quantity not in due:
        raise ValueError(f"phase {case.phase} has no {case.quantity}")
    _one_of("precision", case.precision, texts.PRECISIONS)
    chip = case_chips().get(case.chip, case.chip)
    if chip not in stacks.classes():
        raise unknown_name("chip", case.chip, case_chips())
    case = replace(case, chip=case_label(case.chip))
    shape = shapes(case.model)
    arithmetic, stored = texts.PRECISIONS[case.precision]
    family = stacks.classes()[chip]["family"]
    software = _software(case, chip, family)
    machine, used, bf16 = chip_machine(chip, arithmetic)
    hints = texts.hints(case.parallelism)
    lengths = _lengths(case)
    small = software in _SMALL_CACHE or (software == "vllm" and family == "cdna")
    tight = small and stored in ("fp8", "fp4")
    return Known(
        case=case,
        hints=hints,
        shape=shape,
        machine=machine,
        bf16_peak=bf16,
        family=family,
        arithmetic=used,
        software=software,
        weight_bytes=BYTES[stored],
        kv_bytes=1.0 if tight else 2.0,
        input_length=lengths[0],
        output_length=lengths[1],
        ttft_limit=_limit(case, "ttft"),
        tpot_limit=_limit(case, "tpot"),
    )


def usual_software(kind: str, family: str) -> str:
    """Software family usual for a kind of work on a family of chips; else empty."""
    table = _USUAL[kind]
    return next((s for s, members in table.items() if family in members), "")


def _software(case: Case, chip: str, family: str) -> str:
    """Software family of a row; what is usual on the chip where the row gives none."""
    kind = "training" if case.phase in texts.TRAINING_PHASES else "serving"
    usual = usual_software(kind, family)
    if not case.software and usual:
        return usual
    return texts.software_family(case.software, tables.label("chips", chip).family)


def _one_of(kind: str, name: str, known_names: Iterable[str]) -> None:
    if name not in known_names:
        raise unknown_name(kind, name, known_names)


def _lengths(case: Case) -> tuple[float, float]:
    """Prompt and answer of a row: as given, else its benchmark's, else the default."""
    benchmark = _benchmark(case.model)
    default = _benchmark("default")
    result = []
    for given, name in (
        (case.input_length, "input_length"),
        (case.output_length, "output_length"),
    ):
        usual = benchmark if case.phase not in ("decode", "prefill") else {}
        value = given if np.isfinite(given) else usual.get(name, default[name])
        result.append(float(value))
    return result[0], result[1]


def _limit(case: Case, kind: str) -> float:
    return _benchmark(case.model).get(f"{case.phase}_{kind}_limit", np.inf)


@cache
def _benchmark(model: str) -> dict[str, float]:
    name = preset_name(model)
    if name not in tables.names("benchmarks"):
        return {}
    rows = tables.preset("benchmarks", name).values()
    return {
        r.quantity: r.central * units.factor(r.unit)
        for r in rows
        if r.central is not None
    }


def preset_name(label: str) -> str:
    """Name of a preset for a label such as ``llama3.1-405b``."""
    return re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")


@cache
def case_chips() -> dict[str, str]:
    """Chip preset by the label that benchmark rows use."""
    with (_PRESETS / "case_chips.csv").open(newline="", encoding="utf-8") as stream:
        return {row["label"]: row["chip"] for row in csv.DictReader(stream)}


@cache
def case_label(chip: str) -> str:
    """Label that benchmark rows use for a chip, given that or its preset's name."""
    known_labels = case_chips()
    if chip in known_labels:
        return chip
    return next((n for n, preset in known_labels.items() if preset == chip), chip)


@cache
def shapes(model: str) -> dict[str, float]:
    """Shape of a model in base units, by the label of a row or by preset name.

    Raises
    ------
    KeyError
        When there is no such model; near names are offered.
    """
    name = preset_name(model)
    if name not in tables.names("llms"):
        raise unknown_name("model", model, tables.names("llms"))
    values = {q: row.central for q, row in tables.preset("llms", name).items()}
    return Architecture(**values).base()


@cache
def chip_machine(chip: str, arithmetic: str) -> tuple[Machine, str, float]:
    """Chip in base units at an arithmetic, the format it computes in, its BF16 peak.

    Raises
    ------
    ValueError
        When a figure that the model needs is not published.
    """
    rows = tables.preset("chips", chip)

    def value(name: str) -> float | None:
        row = rows.get(name)
        if row is None or row.central is None:
            return None
        return row.central * units.factor(row.unit)

    formats = [f for f in _WIDER[arithmetic] if value(f"peak_flops_{f}")]
    needed = {name: value(name) for name in _NEEDED}
    absent = [name for name, number in needed.items() if number is None]
    if not formats:
        absent.append(f"peak_flops_{arithmetic}")
    if absent:
        raise ValueError(f"chip {chip}: not published: {', '.join(absent)}")
    peak = value(f"peak_flops_{formats[0]}") or np.nan
    numbers = {name: float(number or np.nan) for name, number in needed.items()}
    machine = Machine(
        peak_flops=np.float64(peak),
        memory=np.float64(numbers.pop("hbm_capacity") * USABLE_MEMORY),
        **{name: np.float64(number) for name, number in numbers.items()},
    )
    return machine, formats[0], value("peak_flops_bf16") or peak


_NEEDED = (
    "hbm_bandwidth",
    "hbm_capacity",
    "scale_up_bandwidth",
    "scale_up_domain",
    "scale_out_bandwidth",
)
