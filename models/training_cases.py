"""Rates of training rows from the same equations that scenarios use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from breakeven.models import llm
from breakeven.models import training as train
from breakeven.models.base import Array
from breakeven.models.case_rates import Known, Labels, is_mixture, stacked
from breakeven.models.machine import LIMITS
from breakeven.models.parallel import TrainingLayout
from breakeven.models.training import Job

UNKNOWN_COUNT = 1024.0  # a run without a chip count is taken as a large one
UNKNOWN_SEQUENCES = 2.0  # sequences per chip and step when the batch is not given
UNKNOWN_EXPERT_CHIPS = {"tpu": 16.0}  # chips that share experts when not given; else 8
SHARED_TOKENS = 16_384.0  # tokens of a micro-batch of fully sharded runs


@dataclass(frozen=True)
class Layout:
    """Degrees of parallelism of one row, as numbers."""

    tensor: float
    pipeline: float
    context: float
    expert: float
    micro_batch: float
    interleave: float
    fsdp: float
    recompute: float


def training_labels(known: Known) -> Labels:
    """Groups a training row belongs to, by name of the grouping. [text].

    Parameters
    ----------
    known
        Case with the facts of its chip and model. [mixed]

    References
    ----------
    docs/accuracy.md.
    """
    case, kind = known.case, "moe" if is_mixture(known) else "dense"
    return {
        "precision": case.precision,
        "family": known.family,
        "chip": case.chip,
        "software": known.software,
        "phase": case.phase,
        "family_arithmetic": f"{known.family}/{known.arithmetic}",
        "phase_family": f"{case.phase}/{known.family}",
        "chip_precision_kind": f"{case.chip}/{case.precision}/{kind}",
        "model": case.model,
        "release": case.software,
        "cluster": f"{case.chip}/{case.model}/{known.software}",
        "software_kind": f"{known.software}/{kind}",
    }


def job_layout(known: Known, job: tuple[float, float, float]) -> Layout:
    """Layout of a row: as stated, else by rule. [chip].

    Not stated: TPU runs and adapters are fully sharded; others take the smallest tensor
    (up to 8), then pipeline degree whose weights and gradients fill half the memory.
    Fewer sequences than replicas are split along the sequence.

    Parameters
    ----------
    known
        Case with its layout hints. [mixed]
    job
        Sequence length, sequences a step, chips. [token, sequence, chip]

    References
    ----------
    D. Narayanan et al., SC 2021, doi:10.1145/3458817.3476209.
    """
    hints = known.hints
    sequence, batch, count = job
    lora = known.case.phase == "train_lora"
    model = llm.arithmetic(known.shape)
    memory = float(known.machine.memory)
    fsdp = hints.fsdp
    tensor = hints.tensor if np.isfinite(hints.tensor) else 1.0
    pipeline = hints.pipeline if np.isfinite(hints.pipeline) else 1.0
    if np.isnan(hints.tensor) and not fsdp:
        fsdp = lora or known.family == "tpu"
        state = float(model.parameters) * (2.0 if lora else train.LOCAL_BYTES)
        while not fsdp and state / tensor > memory / 2 and tensor < min(8.0, count):
            tensor *= 2.0
        while (
            not fsdp
            and state / tensor / pipeline > memory / 2
            and (tensor * pipeline < count)
        ):
            pipeline *= 2.0
    context = hints.context if np.isfinite(hints.context) else 1.0
    replica = tensor * pipeline * context
    context *= max(count / replica / batch, 1.0) if not hints.fsdp else 1.0
    experts = max(known.shape["experts"], 1.0)
    spread = min(experts, UNKNOWN_EXPERT_CHIPS.get(known.family, 8.0))
    shared = max(1.0, min(batch * replica / count, SHARED_TOKENS / sequence))
    interleave = 2.0 if pipeline > 1 else 1.0
    return Layout(
        tensor=tensor,
        pipeline=pipeline,
        context=context,
        expert=_given(hints.expert, spread),
        micro_batch=_given(hints.micro_batch, shared if fsdp else 1.0),
        interleave=_given(hints.interleave, interleave),
        fsdp=float(fsdp),
        recompute=_given(hints.recompute, 0.0),
    )


def _given(value: float, otherwise: float) -> float:
    return value if np.isfinite(value) else otherwise


class TrainingCases:
    """Rows of training and adapter training; ``rates`` is their model."""

    def __init__(self, rows: Sequence[Known]) -> None:
        self.rows = tuple(rows)
        self.labels = [training_labels(row) for row in self.rows]
        jobs, layouts = [], []
        for row in self.rows:
            count = _given(row.case.chips, UNKNOWN_COUNT)
            batch = _given(row.case.concurrency, UNKNOWN_SEQUENCES * count)
            jobs.append((row.input_length, batch, count))
            layouts.append(job_layout(row, jobs[-1]))
        shape = self.rows[0].shape
        self.model = llm.arithmetic(
            {n: np.asarray([r.shape[n] for r in self.rows], float) for n in shape}
        )
        self.machine = stacked([row.machine for row in self.rows], trailing=False)
        peaks = np.asarray([row.bf16_peak for row in self.rows])
        self._ratio = peaks / self.machine.peak_flops
        frozen = [float(row.case.phase == "train_lora") for row in self.rows]
        sequence, batch, count = np.asarray(jobs, float).T
        self.job = Job(sequence, batch, count, np.asarray(frozen))
        names = TrainingLayout.__dataclass_fields__
        self.layout = TrainingLayout(
            **{n: np.asarray([getattr(w, n) for w in layouts]) for n in names}
        )

    def rates(self, quantities: Mapping[str, Array]) -> Array:
        """Natural logarithm of tokens per second and chip of each row. [1].

        Parameters
        ----------
        quantities
            Calibrated quantities, one value a row, in base units. [mixed]

        References
        ----------
        models/training.py.
        """
        total = self._time(quantities).total
        job = self.job
        tokens = job.sequence_length * job.global_batch / job.count
        return np.log(tokens / total * quantities["realised_share"])

    def limits(self, quantities: Mapping[str, Array]) -> list[str]:
        """What takes the longest in each row, in the words of LIMITS."""
        time = self._time(quantities)
        parts = (time.compute, time.memory, time.network, time.bubble + time.overhead)
        words = (LIMITS[1], LIMITS[2], LIMITS[4], LIMITS[7])
        return [words[i] for i in np.argmax(np.stack(parts), axis=0)]

    def _time(self, quantities: Mapping[str, Array]) -> train.TrainingTime:
        attention = quantities["attention_ratio"] * quantities["compute_efficiency"]
        given = {**quantities, "attention_efficiency": attention * self._ratio}
        return train.step_time(self.model, self.machine, given, self.layout, self.job)
