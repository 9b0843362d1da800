"""Rates of benchmark rows from the same equations that scenarios use.

Rows are gathered into arrays once; a rate is then a function of the calibrated
quantities alone. What a row leaves open is filled by rule: the layout is searched
among those that the chips allow, a missing batch is the largest that fits, missing
lengths and limits are those of the benchmark that the model belongs to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from breakeven.models import llm, parallel, throughput
from breakeven.models import serving as serve
from breakeven.models.base import Array
from breakeven.models.cases import Case, Hints
from breakeven.models.machine import Machine
from breakeven.models.parallel import ServingLayout
from breakeven.models.serving import CHUNK, Formats

Labels = dict[str, str]
UNKNOWN_CHIPS = 8.0  # a row without a chip count is taken as one common server
UNKNOWN_PROMPTS = 4.0  # prompts processed together when a prefill row does not say


@dataclass(frozen=True)
class Known:
    """A case with the facts of its chip and model, in base units."""

    case: Case
    hints: Hints
    shape: Mapping[str, float]
    machine: Machine
    bf16_peak: float
    family: str
    arithmetic: str
    software: str
    weight_bytes: float
    kv_bytes: float
    input_length: float
    output_length: float
    ttft_limit: float
    tpot_limit: float


def is_mixture(known: Known) -> bool:
    """Whether the model has routed experts. [1].

    Parameters
    ----------
    known
        Case with the shape of its model. [mixed]

    References
    ----------
    Own rule.
    """
    return known.shape["experts"] > 0


def layout_kind(known: Known) -> tuple[float, float]:
    """Chips of a replica (NaN: to be searched), and if attention is whole. [chip, 1].

    Decode and prefill rows describe one replica of all their chips; other rows name its
    size or leave it open. Experts spread over more than one engine mean replicated
    attention.

    Parameters
    ----------
    known
        Case with its layout hints. [mixed]

    References
    ----------
    Layout names of vLLM, TensorRT-LLM and Neuron.
    """
    hints, case = known.hints, known.case
    degree = hints.spread if np.isfinite(hints.spread) else hints.tensor
    if case.phase in ("decode", "prefill"):
        chips = case.chips if np.isfinite(case.chips) else degree
        chips = chips if np.isfinite(chips) else UNKNOWN_CHIPS
        words = hints.spread_words or hints.expert > 1 or chips > UNKNOWN_CHIPS
        cut = hints.tensor > 1 or hints.single_engine
        apart = is_mixture(known) and words and not cut
        return chips, float(apart or np.isfinite(hints.spread))
    if known.software == "neuron" and np.isfinite(case.chips):
        degree = case.chips  # degrees count cores there
    return degree, float(np.isfinite(hints.spread))


def serving_labels(known: Known) -> Labels:
    """Groups a serving row belongs to, by name of the grouping. [text].

    Parameters
    ----------
    known
        Case with the facts of its chip and model. [mixed]

    References
    ----------
    docs/accuracy.md.
    """
    case, kind = known.case, "moe" if is_mixture(known) else "dense"
    chips, apart = layout_kind(known)
    routing = "search" if np.isnan(chips) else "spread" if apart else "cut"
    if known.hints.expert > 1:
        routing += "_experts"
    return {
        "precision": case.precision,
        "family": known.family,
        "chip": case.chip,
        "software": known.software,
        "routing": f"{known.software}/{routing}",
        "phase": case.phase,
        "phase_software": f"{case.phase}/{known.software}",
        "phase_software_kind": f"{case.phase}/{known.software}/{kind}",
        "model": case.model,
        "chip_precision_kind": f"{case.chip}/{case.precision}/{kind}",
        "release": case.software,
        "cluster": f"{case.chip}/{case.model}/{known.software}",
    }


class ServingCases:
    """Rows of decode, prefill and steady serving; ``rates`` is their model."""

    def __init__(self, rows: Sequence[Known]) -> None:
        self.rows = tuple(rows)
        self.labels = [serving_labels(row) for row in self.rows]
        phases = [row.case.phase for row in self.rows]
        kinds = [p if p in ("decode", "prefill") else "steady" for p in phases]
        self._parts = {
            kind: (index, _Part([self.rows[i] for i in index], kind))
            for kind in ("decode", "prefill", "steady")
            if len(index := np.flatnonzero(np.array(kinds) == kind))
        }

    def rates(self, quantities: Mapping[str, Array]) -> Array:
        """Natural logarithm of the rate of each row; NaN where it cannot run. [1].

        Parameters
        ----------
        quantities
            Calibrated quantities, one value a row, in base units. [mixed]

        References
        ----------
        models/serving.py and models/throughput.py.
        """
        result = np.full(len(self.rows), np.nan)
        for index, part in self._parts.values():
            given = {n: np.asarray(v)[index, None] for n, v in quantities.items()}
            result[index] = part.rates(given)[0]
        return result

    def limits(self, quantities: Mapping[str, Array]) -> list[str]:
        """What holds each row back, in the words of LIMITS."""
        result = np.zeros(len(self.rows), dtype=int)
        for index, part in self._parts.values():
            given = {n: np.asarray(v)[index, None] for n, v in quantities.items()}
            result[index] = part.rates(given)[1]
        return [throughput.LIMITS[code] for code in result]


class _Part:
    """Rows of one kind, with their layouts on a trailing axis."""

    def __init__(self, rows: Sequence[Known], kind: str) -> None:
        self.kind = kind

        def column(values: list[float]) -> Array:
            return np.asarray(values, float)[:, None]

        names = rows[0].shape
        self.model = llm.arithmetic(
            {name: column([row.shape[name] for row in rows]) for name in names}
        )
        self.machine = stacked([row.machine for row in rows])
        self.formats = Formats(
            column([row.weight_bytes for row in rows]),
            column([row.kv_bytes for row in rows]),
        )
        self.layout, self.allowed = _layouts(rows, self.machine.scale_up_domain)
        self.input = column([row.input_length for row in rows])
        self.output = column([row.output_length for row in rows])
        self.tpot = column([row.tpot_limit for row in rows])
        given = [row.case.concurrency for row in rows]
        slots = [row.hints.slots for row in rows]
        self.slots = column(
            [g if np.isfinite(g) else s for g, s in zip(given, slots, strict=True)]
        )

    def rates(self, given: Mapping[str, Array]) -> tuple[Array, Array]:
        solve = {"decode": self._decode, "prefill": self._prefill}
        rate, code = solve.get(self.kind, self._steady)(given)
        rate = np.where(self.allowed, np.nan_to_num(rate), 0.0)
        best = np.argmax(rate, axis=1)[:, None]
        rate = np.take_along_axis(rate, best, axis=1)[:, 0]
        code = np.take_along_axis(np.broadcast_to(code, self.allowed.shape), best, 1)
        return np.log(np.where(rate > 0, rate, np.nan)), code[:, 0]

    def _decode(self, given: Mapping[str, Array]) -> tuple[Array, Array]:
        context = self.input + self.output / 2.0
        cut = serve.weights_per_chip(self.model, self.layout, self.formats)
        spare = np.maximum(self.machine.memory - cut, 0.01 * self.machine.memory)
        kept = serve.kv_per_sequence(self.model, self.layout, self.formats, context)
        ranks = 1.0 + self.layout.data_attention * (self.layout.chips - 1.0)
        largest = np.minimum(
            spare * self.layout.chips / kept, given["max_batch"] * ranks
        )
        batch = np.where(np.isnan(self.slots), np.maximum(largest, 1.0), self.slots)
        step = serve.step_time(
            self.model, self.machine, given, self.layout, self.formats, batch, context
        )
        rate = batch / step.total / self.layout.chips * given["realised_share"]
        return rate, throughput.slowest(step)

    def _prefill(self, given: Mapping[str, Array]) -> tuple[Array, Array]:
        together = np.where(np.isnan(self.slots), UNKNOWN_PROMPTS, self.slots)
        chunk = np.minimum(CHUNK, together * self.input)
        time = serve.prompt_time(
            self.model, self.machine, given, self.layout, self.formats,
            self.input, np.asarray(0.0), chunk,
        )  # fmt: skip
        # One prompt at a time has no queue, so no share of it is lost to arrivals.
        rate = self.input / time.total / self.layout.chips
        return rate, throughput.slowest(time)

    def _steady(self, given: Mapping[str, Array]) -> tuple[Array, Array]:
        demand = throughput.Demand(
            input_length=self.input,
            output_length=self.output,
            cached_fraction=np.asarray(0.0),
            ttft_limit=np.asarray(np.inf),
            tpot_limit=self.tpot * given["tail_share"],
            concurrency=np.where(np.isnan(self.slots), np.inf, self.slots),
            best_effort=True,
        )
        batch = np.where(np.isnan(self.slots), given["max_batch"], np.inf)
        stack = {**given, "max_batch": batch}
        replica = throughput.Replica(
            self.model, self.machine, stack, self.layout, self.formats
        )
        found = throughput.steady_state(replica, demand)
        return found.output_rate, found.limited_by


def _layouts(rows: Sequence[Known], domain: Array) -> tuple[ServingLayout, Array]:
    """Layouts of every row on the trailing axis, and which of them it may use."""
    every = parallel.serving_layouts()
    chips = np.tile(every.chips, (len(rows), 1))
    apart = np.tile(every.data_attention, (len(rows), 1))
    allowed = np.ones(chips.shape, dtype=bool)
    for i, row in enumerate(rows):
        known, spread = layout_kind(row)
        if np.isfinite(known):
            chips[i], apart[i] = known, spread
            allowed[i] = np.arange(chips.shape[1]) == 0
            continue
        most = row.case.chips if np.isfinite(row.case.chips) else np.inf
        fits = chips[i] <= max(float(domain[i, 0]), UNKNOWN_CHIPS)
        fits = (fits | np.isnan(row.case.chips)) & (chips[i] <= most)
        allowed[i] = fits & ((apart[i] == 0) | is_mixture(row))
    return ServingLayout(chips, apart), allowed


def stacked(machines: Sequence[Machine], trailing: bool = True) -> Machine:
    """Chips of many rows as columns (or plain arrays) of one Machine. [mixed].

    Parameters
    ----------
    machines
        Chips, one a row. [mixed]
    trailing
        Whether to add an axis for layouts. [1]

    References
    ----------
    Own rule.
    """
    names = Machine.__dataclass_fields__
    fields = {
        name: np.asarray([getattr(m, name) for m in machines], float) for name in names
    }
    if trailing:
        fields = {name: value[:, None] for name, value in fields.items()}
    return Machine(**fields)
