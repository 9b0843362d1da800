"""One chip and its links in base units, and the software that runs on it."""

from __future__ import annotations

from dataclasses import dataclass

from breakeven.models.base import Array, Group, fraction, quantity

LIMITS = (
    "",
    "compute",
    "memory bandwidth",
    "memory capacity",
    "network",
    "TTFT limit",
    "TPOT limit",
    "software overhead",
    "batch limit",
)


@dataclass(frozen=True)
class Machine:
    """A chip in base units; fields broadcast over draws and layouts.

    ``peak_flops`` is the dense peak at the arithmetic precision in use [FLOP/s],
    ``memory`` what is usable per chip [byte], bandwidths are one direction per chip
    [byte/s], ``scale_up_domain`` counts chips.
    """

    peak_flops: Array
    hbm_bandwidth: Array
    memory: Array
    scale_up_bandwidth: Array
    scale_up_domain: Array
    scale_out_bandwidth: Array


class Stack(Group):
    """What software and its maturity make of a chip: efficiencies and overheads."""

    compute_efficiency = quantity(
        0.6, "1", "Attainable share of peak arithmetic in large matrix products",
        inclusive=(False, True), slider=(0.05, 1.0),
    )  # fmt: skip
    hbm_efficiency = quantity(
        0.8, "1", "Attainable share of peak memory bandwidth",
        inclusive=(False, True), slider=(0.05, 1.2),
    )  # fmt: skip
    link_efficiency = quantity(
        0.6, "1", "Attainable share of link bandwidth in collectives",
        inclusive=(False, True), slider=(0.05, 1.0),
    )  # fmt: skip
    expert_efficiency = quantity(
        0.6, "1", "Efficiency of expert layers relative to dense layers",
        inclusive=(False, True), slider=(0.05, 1.2),
    )  # fmt: skip
    attention_efficiency = quantity(
        0.3, "1", "Attainable share of peak arithmetic in attention scores",
        inclusive=(False, True), slider=(0.02, 1.0),
    )  # fmt: skip
    layer_overhead = quantity(
        20.0, "us", "Time of a layer that neither arithmetic nor memory explains: "
        "kernel launches, norms, sampling", slider=(0.0, 300.0),
    )  # fmt: skip
    expert_overhead = quantity(
        20.0, "us", "The same, on top, of a mixture layer: routing and permutation",
        slider=(0.0, 500.0),
    )  # fmt: skip
    link_latency = quantity(
        10.0, "us", "Start-up time of one collective", slider=(0.0, 100.0)
    )
    sequence_overhead = quantity(
        15.0, "us", "Host time per sequence and step: scheduling and sampling",
        slider=(0.0, 200.0),
    )  # fmt: skip
    activation_traffic = quantity(
        16.0, "1", "Elements moved through memory per hidden element, layer and token "
        "by everything but matrix products", slider=(0.0, 200.0),
    )  # fmt: skip
    max_batch = quantity(
        1024.0, "sequence", "Sequences that one engine runs together at most",
        inclusive=(False, True), slider=(1, 8192), log=True,
    )  # fmt: skip
    realised_share = fraction(
        0.8, "Share of the steady state that remains under real arrivals: queue gaps, "
        "uneven lengths, tail limits", zero=False, slider=(0.1, 1.0),
    )  # fmt: skip
    exposed_communication = fraction(
        0.3, "Share of training collectives that is not hidden behind arithmetic",
        slider=(0.0, 1.0),
    )  # fmt: skip
    step_overhead = quantity(
        20.0, "ms", "Time per optimiser step that scales with nothing",
        slider=(0.0, 500.0),
    )  # fmt: skip
