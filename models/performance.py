"""How much work one chip does per second, for each kind of workload."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from breakeven.models import parallel, throughput
from breakeven.models.base import Array
from breakeven.models.inputs import Option, Workload
from breakeven.models.kept import Kept
from breakeven.models.performance_key import key_of, read_of
from breakeven.models.results import NO_LAYOUT, UNPUBLISHED

# Bytes of one number as stored: block formats of 4 bits carry a scale of 8 bits for
# every 16 numbers (NVFP4), hence 4.5 bits.
BYTES = {"bf16": 2.0, "fp8": 1.0, "int8": 1.0, "fp4": 0.5625}
# Arithmetic of a format that a chip lacks runs in the next wider one that it has.
_WIDER = {
    "fp4": ("fp4", "fp8", "bf16"),
    "fp8": ("fp8", "bf16"),
    "int8": ("int8", "fp8", "bf16"),
    "bf16": ("bf16",),
}


@dataclass(frozen=True)
class Performance:
    """Work rate of one busy chip and what it takes; unused fields are NaN."""

    rate: Array
    ttft: Array
    tpot: Array
    batch: Array
    chips_per_replica: Array
    prefill_share: Array
    mfu: Array
    mbu: Array
    compute_load: Array
    memory_load: Array
    limited_by: Any
    notes: tuple[str, ...] = ()


_KEPT: Kept[Performance] = Kept(512)


def peak_flops(chip: dict[str, Any], precision: str) -> tuple[Array | None, str]:
    """Dense peak in the format asked for or the next wider one. [FLOP/s].

    The second value is the format that computes.

    Parameters
    ----------
    chip
        Chip inputs in base units. [mixed]
    precision
        Format of the weights. [text]

    References
    ----------
    Own rule; a chip that stores FP4 but has no FP4 units computes in FP8 or BF16.
    """
    for name in _WIDER[precision]:
        if (value := chip[f"peak_flops_{name}"]) is not None:
            return value, name
    return None, precision


def performance(
    workload: Workload,
    option: Option,
    given: dict[str, dict[str, Any]],
) -> Performance:
    """Performance of one option; unknown inputs give NaN and a note. [mixed].

    What single numbers gave is kept: a reader who moves a price asks for it again.

    Parameters
    ----------
    workload
        Kind of work. [choice]
    option
        Precision of weights and KV cache. [choice]
    given
        Inputs of the groups chip, stack, llm and workload in base units. [mixed]

    References
    ----------
    models/throughput.py for the equations.
    """
    read = read_of(given)
    key = key_of(workload, option, read)
    if key is None:
        return _worked_out(workload, option, read)
    found = _KEPT.find(key)
    if found is None:
        found = _KEPT.keep(key, _frozen(_worked_out(workload, option, read)))
    return found


def _frozen(found: Performance) -> Performance:
    """The same, which nobody can change: results share what is kept."""
    for value in vars(found).values():
        if isinstance(value, np.ndarray):
            value.flags.writeable = False
    return found


def _worked_out(
    workload: Workload, option: Option, given: dict[str, dict[str, Any]]
) -> Performance:
    """Performance of one option from its equations."""
    if workload.kind == "cpu":
        return _cpu(given["chip"])
    chip = given["chip"]
    peak, computed = peak_flops(chip, option.precision)
    needed = (
        "hbm_bandwidth",
        "hbm_capacity",
        "scale_up_bandwidth",
        "scale_up_domain",
        "scale_out_bandwidth",
    )
    absent = [name for name in needed if chip[name] is None]
    if peak is None:
        absent.append(f"peak_flops_{option.precision}")
    if peak is None or absent:
        said = f"{option.label}: not published: {', '.join(absent)}"
        return _unknown((said,))
    notes = []
    if computed != option.precision:
        notes.append(
            f"{option.label} has no {option.precision.upper()} arithmetic: weights are "
            f"stored in it, computed in {computed.upper()}"
        )
    machine = throughput.Machine(
        peak_flops=peak,
        hbm_bandwidth=chip["hbm_bandwidth"],
        memory=chip["hbm_capacity"] * chip["usable_memory"],
        scale_up_bandwidth=chip["scale_up_bandwidth"],
        scale_up_domain=chip["scale_up_domain"],
        scale_out_bandwidth=chip["scale_out_bandwidth"],
    )
    solve = _training if workload.kind == "training" else _serving
    return solve(option, given, machine, tuple(notes))


def bought(work: Performance) -> Performance:
    """Performance as known to who buys tokens: the rate alone. [mixed].

    Parameters
    ----------
    work
        Performance of the chip that the host is compared with. [mixed]

    References
    ----------
    Own definition.
    """
    unknown = np.full(np.shape(work.rate), np.nan)
    hidden = dict.fromkeys(
        ("ttft", "tpot", "batch", "chips_per_replica", "prefill_share", "mfu", "mbu"),
        unknown,
    )
    return replace(work, notes=(), **hidden)


def _serving(
    option: Option,
    given: dict[str, dict[str, Any]],
    machine: throughput.Machine,
    notes: tuple[str, ...],
) -> Performance:
    work, experts = given["workload"], bool(np.any(given["llm"]["experts"]))
    layouts = parallel.serving_layout(option.layout, experts)
    if layouts is None:
        what = "serving" if experts else "serving a model without experts"
        return _without_layout(option, what, notes)
    got = throughput.serving(
        given["llm"],
        machine,
        given["stack"],
        input_length=work["input_length"],
        output_length=work["output_length"],
        cached_fraction=work["cached_fraction"],
        ttft_limit=work["ttft_limit"],
        tpot_limit=1.0 / work["interactivity"],
        weight_bytes=BYTES[option.precision],
        kv_bytes=BYTES[option.kv_precision],
        layouts=layouts,
    )
    return Performance(
        rate=got.output_rate,
        ttft=got.ttft,
        tpot=got.tpot,
        batch=got.batch,
        chips_per_replica=got.chips_per_replica,
        prefill_share=got.prefill_share,
        mfu=got.mfu,
        mbu=got.mbu,
        compute_load=got.compute_load,
        memory_load=got.memory_load,
        limited_by=got.limited_by,
        notes=notes,
    )


def _training(
    option: Option,
    given: dict[str, dict[str, Any]],
    machine: throughput.Machine,
    notes: tuple[str, ...],
) -> Performance:
    work, layouts = given["workload"], parallel.training_layout(option.layout)
    if layouts is None:
        return _without_layout(option, "training", notes)
    got = throughput.training(
        given["llm"],
        machine,
        given["stack"],
        sequence_length=work["sequence_length"],
        global_batch=work["global_batch"],
        count=work["job_chips"],
        weight_bytes=BYTES[option.precision],
        # As the fit takes rows that do not say: nothing recomputed, activations tuned
        # to fit. Its efficiencies would otherwise pay for recomputation twice.
        recompute="selective",
        activations=False,
        layouts=layouts,
    )
    blank = np.full(np.shape(got.token_rate), np.nan)
    return Performance(
        rate=got.token_rate * work["goodput"],
        ttft=blank,
        tpot=blank,
        batch=blank,
        chips_per_replica=got.chips_per_replica,
        prefill_share=blank,
        mfu=got.mfu,
        mbu=blank,
        compute_load=got.mfu,
        memory_load=np.zeros_like(blank),
        limited_by=got.limited_by,
        notes=notes,
    )


def _cpu(chip: dict[str, Any]) -> Performance:
    """Core-seconds of a reference server core per second and socket."""
    if chip["cores"] is None:
        return _unknown(("not published: cores",))
    rate = np.asarray(chip["cores"] * chip["core_speed"], float)
    nan, zero = np.full(rate.shape, np.nan), np.zeros(rate.shape)
    return Performance(
        rate=rate,
        ttft=nan,
        tpot=nan,
        batch=nan,
        chips_per_replica=zero + 1.0,
        prefill_share=nan,
        mfu=nan,
        mbu=nan,
        # A socket whose cores are all at work draws its limit.
        compute_load=zero + 1.0,
        memory_load=zero,
        limited_by=zero.astype(int) + throughput.LIMITS.index("compute"),
    )


def _without_layout(option: Option, what: str, notes: tuple[str, ...]) -> Performance:
    """Nothing, since the layout asked for is none of this kind of work."""
    said = f"{option.label}: there is no layout {option.layout} for {what}"
    return _unknown((*notes, said), NO_LAYOUT)


def _unknown(notes: tuple[str, ...], reason: int = UNPUBLISHED) -> Performance:
    nan = np.asarray(np.nan)
    code = np.asarray(reason)
    return Performance(
        nan, nan, nan, nan, nan, nan, nan, nan, nan, nan, limited_by=code, notes=notes
    )
