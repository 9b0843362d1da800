"""What a row of a benchmark says: its numbers, its layout, its software, its kind.

Pure parsing of the texts in a row; nothing is read from disk and a measured value is
never looked at. A cell that is empty is NaN; what stands for it is decided by
:mod:`breakeven.models.case_rates`, by documented rules.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

TRAINING_PHASES = ("train", "train_lora")
SERVING_PHASES = (
    "decode",
    "prefill",
    "offline",
    "server",
    "interactive",
    "frontier",
)
SAME_PHASE = {"mixed": "offline"}  # other words for the same operating point
QUANTITIES = ("train_tokens", "prefill_tokens", "output_tokens", "total_tokens")
PRECISIONS = {
    # name in a row: arithmetic format, stored format
    "bf16": ("bf16", "bf16"),
    "fp16": ("bf16", "bf16"),
    "fp8": ("fp8", "fp8"),
    "mxfp8": ("fp8", "fp8"),
    "int8": ("int8", "int8"),
    "int4": ("fp4", "fp4"),
    "fp4": ("fp4", "fp4"),
    "nvfp4": ("fp4", "fp4"),
    "mxfp4": ("fp4", "fp4"),
}
# The first pattern that occurs names the software family.
_FAMILIES = (
    ("neuron", "neuron|neuronx|nxd"),
    ("gaudi", "gaudi|habana"),
    ("maxtext", "maxtext"),
    ("jax", "jax|pathways"),
    ("bridge", "bridge"),
    ("foundry", "foundry|composer"),
    ("gpt_fast", "pytorch compile|gpt-fast"),
    ("tensorrt", "tensorrt|trt"),
    ("vllm", "vllm|sglang"),
    ("rocm", "rocm|llmboost"),
    ("nemo", "nemo|nvidia|ngc|hugectr|mxnet"),
    ("megatron", "megatron"),
)
_NUMBERS = {
    "tensor": r"\bTP\s?(\d+)",
    "pipeline": r"\bPP\s?(\d+)",
    "context": r"\bCP\s?(\d+)",
    "interleave": r"\bVP\s?(\d+)",
    "expert": r"\bEP\s?(\d+)",
    "spread": r"\bDEP\s?(\d+)",
    "micro_batch": r"\bmbs\s?(\d+)",
    "slots": r"\bbatch (\d+)",
}


@dataclass(frozen=True)
class Case:
    """One row to predict; numbers that are not given are NaN."""

    name: str
    chip: str
    chips: float
    model: str
    precision: str
    phase: str
    concurrency: float
    input_length: float
    output_length: float
    parallelism: str
    software: str
    quantity: str


@dataclass(frozen=True)
class Hints:
    """What a layout text says; NaN where it says nothing."""

    tensor: float
    pipeline: float
    context: float
    interleave: float
    expert: float
    spread: float
    micro_batch: float
    slots: float
    fsdp: bool
    recompute: float
    single_engine: bool
    spread_words: bool


def case(row: Mapping[str, str | None]) -> Case:
    """A case from the texts of a ``row``. [mixed].

    Raises
    ------
    ValueError
        When a number cannot be read or is not positive; one line, with the column.
    """
    text = {name: (value or "").strip() for name, value in row.items() if name}
    return Case(
        name=text.get("id", ""),
        chip=text.get("chip", ""),
        chips=_number(text, "n_chips"),
        model=text.get("model", ""),
        precision=text.get("precision", ""),
        phase=SAME_PHASE.get(text.get("phase", ""), text.get("phase", "")),
        concurrency=_number(text, "concurrency"),
        input_length=_number(text, "isl"),
        output_length=_number(text, "osl"),
        parallelism=text.get("parallelism", ""),
        software=text.get("software", ""),
        quantity=text.get("quantity", ""),
    )


def _number(text: Mapping[str, str], column: str) -> float:
    cell = text.get(column, "")
    if not cell:
        return np.nan
    try:
        number = float(cell)
    except ValueError:
        raise ValueError(f"{column} = {cell!r} is not a number") from None
    if not (np.isfinite(number) and number > 0):
        raise ValueError(f"{column} = {cell} must be a positive number")
    return number


def hints(parallelism: str) -> Hints:
    """Degrees named in a ``parallelism`` text such as ``TP4 PP8 CP1 mbs1``. [mixed]."""
    found = {
        name: re.search(rule, parallelism, re.I) for name, rule in _NUMBERS.items()
    }
    numbers = {n: float(m.group(1)) if m else np.nan for n, m in found.items()}
    text = parallelism.lower()
    again = any(word in text for word in ("full recompute", "actckpt=true"))
    kept = any(word in text for word in ("selective", "actckpt=false"))
    return Hints(
        fsdp="fsdp" in text and not found["tensor"],
        recompute=1.0 if again else 0.0 if kept else np.nan,
        single_engine=bool(re.search(r"\bDP1\b", parallelism)),
        spread_words=bool(re.search(r"DP|EP", parallelism)),
        **numbers,
    )


def software_family(software: str, chip_family: str) -> str:
    """Family of a ``software`` text. [text].

    Plain PyTorch counts as ROCm where ``chip_family`` is one of AMD's.
    """
    text = software.lower()
    for family, rule in _FAMILIES:
        if re.search(rule, text):
            return family
    if chip_family.startswith("cdna"):
        return "rocm"
    return "other" if text else "unknown"
