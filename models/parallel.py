"""Collectives by the alpha-beta model, and the layouts that are compared."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from breakeven.models.base import Array
from breakeven.models.machine import Machine

AUTO = "auto"  # the best layout is searched
_SIZES = (1, 2, 4, 8, 16, 32, 64)  # chips of a replica that serves
_TENSOR, _PIPELINE = (1, 2, 4, 8), (1, 2, 4, 8, 16)  # degrees of training
# Layouts by name: tp cuts all matrices, ep replicates attention and spreads experts,
# pp is a pipeline of stages (training), fsdp shards everything (training).
LAYOUTS = (
    AUTO,
    *(f"tp{size}" for size in _SIZES),
    *(f"ep{size}" for size in _SIZES[1:]),
    *(f"tp{cut} pp{stages}" for cut in _TENSOR for stages in _PIPELINE[1:]),
    "fsdp",
)


@dataclass(frozen=True)
class ServingLayout:
    """Replicas compared: ``chips`` per replica, and whether attention is replicated.

    ``data_attention`` 1: every chip holds all attention weights and its own sequences,
    experts are spread over the replica; 0: all matrices are cut across the chips
    (tensor parallel), experts spread likewise.
    """

    chips: Array
    data_attention: Array


@dataclass(frozen=True)
class TrainingLayout:
    """Training layouts compared: degrees of parallelism, micro-batch, recomputation.

    ``fsdp`` 1 shards weights over all data-parallel chips and gathers them layer by
    layer; ``recompute`` 1 repeats the whole forward pass; ``interleave`` is the number
    of virtual stages per chip.
    """

    tensor: Array
    pipeline: Array
    context: Array
    expert: Array
    micro_batch: Array
    interleave: Array
    fsdp: Array
    recompute: Array


def link_bandwidth(machine: Machine, chips: Array) -> Array:
    """Bandwidth per chip of a collective over a group of chips. [byte/s].

    Inside the scale-up domain the scale-up link carries everything. Beyond it the share
    of partners outside, 1 − domain/chips, goes over the scale-out link; the two are in
    series, so times add.

    Parameters
    ----------
    machine
        Links of one chip. [mixed]
    chips
        Chips of the group. [chip]

    References
    ----------
    Own composition of the alpha-beta model of R. W. Hockney, "The communication
    challenge for MPP," Parallel Comput. 20(3), 1994, doi:10.1016/S0167-8191(06)80021-9.
    """
    outside = np.maximum(1.0 - machine.scale_up_domain / chips, 0.0)
    slowness = (1.0 - outside) / machine.scale_up_bandwidth
    return 1.0 / (slowness + outside / machine.scale_out_bandwidth)


def all_reduce_time(
    size: Array, chips: Array, bandwidth: Array, latency: Array
) -> Array:
    """Time of one all-reduce of ``size`` over ``chips``: ring, start-up once. [s].

    2·(n − 1)/n·size/bandwidth + latency for n > 1, 0 for one chip; the start-up of
    switched fabrics hardly grows with n.

    Parameters
    ----------
    size
        Payload held by each chip. [byte]
    chips
        Chips of the group. [chip]
    bandwidth
        Attained link bandwidth per chip, one direction. [byte/s]
    latency
        Start-up time. [s]

    References
    ----------
    R. Thakur et al., "Optimization of collective communication operations in MPICH,"
    Int. J. HPC Appl. 19(1), 2005, doi:10.1177/1094342005051521.
    """
    transfer = 2.0 * (chips - 1.0) / chips * size / bandwidth
    return transfer + latency * np.minimum(chips - 1.0, 1.0)


def all_to_all_time(
    size: Array, chips: Array, bandwidth: Array, latency: Array
) -> Array:
    """Time of one all-to-all in which each chip sends ``size``. [s].

    (n − 1)/n·size/bandwidth + latency for n > 1.

    Parameters
    ----------
    size
        Bytes that each chip sends, its own share included. [byte]
    chips
        Chips of the group. [chip]
    bandwidth
        Attained link bandwidth per chip, one direction. [byte/s]
    latency
        Start-up time. [s]

    References
    ----------
    R. Thakur et al., 2005, doi:10.1177/1094342005051521.
    """
    transfer = (chips - 1.0) / chips * size / bandwidth
    return transfer + latency * np.minimum(chips - 1.0, 1.0)


def serving_layouts(experts: bool = True) -> ServingLayout:
    """Replicas of 1 to 64 chips, cut or with replicated attention. [chip].

    Replicated attention pays with experts only and is left out without them.

    Parameters
    ----------
    experts
        Whether any of the models has routed experts. [1]

    References
    ----------
    Powers of two, as the serving engines offer them.
    """
    sizes = np.asarray(_SIZES, float)
    if not experts:
        return ServingLayout(sizes, np.zeros(sizes.size))
    chips = np.concatenate((sizes, sizes[1:]))
    return ServingLayout(chips, np.repeat((0.0, 1.0), (sizes.size, sizes.size - 1)))


def training_layouts() -> TrainingLayout:
    """Tensor 1-8, pipeline 1-16 and sharded data parallel, two recomputations. [chip].

    References
    ----------
    D. Narayanan et al., "Efficient large-scale language model training on GPU clusters
    using Megatron-LM," SC 2021, doi:10.1145/3458817.3476209.
    """
    tensor, pipeline, recompute = (
        grid.ravel()
        for grid in np.meshgrid(
            np.array(_TENSOR, float),
            np.array(_PIPELINE, float),
            (0.0, 1.0),
            indexing="ij",
        )
    )
    sharded = np.array((0.0, 1.0))
    one, none = np.ones(tensor.size + 2), np.zeros(tensor.size)
    return TrainingLayout(
        tensor=np.append(tensor, (1.0, 1.0)),
        pipeline=np.append(pipeline, (1.0, 1.0)),
        context=one,
        expert=one * 8.0,
        micro_batch=one,
        interleave=one * 2.0,
        fsdp=np.append(none, (1.0, 1.0)),
        recompute=np.append(recompute, sharded),
    )


def serving_layout(name: str, experts: bool) -> ServingLayout | None:
    """The serving layout of a name, all for "auto"; None when there is none. [chip].

    Parameters
    ----------
    name
        One of :data:`LAYOUTS`. [text]
    experts
        Whether any of the models has routed experts. [1]

    References
    ----------
    As :func:`serving_layouts`.
    """
    every = serving_layouts(experts)
    if name == AUTO:
        return every
    names = [
        f"{'ep' if apart else 'tp'}{chips:g}"
        for chips, apart in zip(every.chips, every.data_attention, strict=True)
    ]
    if name not in names:
        return None
    place = [names.index(name)]
    return ServingLayout(every.chips[place], every.data_attention[place])


def training_layout(name: str) -> TrainingLayout | None:
    """The training layouts of a name, which leaves recomputation open. [chip].

    All of them for "auto"; None when there is no such one.

    Parameters
    ----------
    name
        One of :data:`LAYOUTS`. [text]

    References
    ----------
    As :func:`training_layouts`.
    """
    every = training_layouts()
    if name == AUTO:
        return every
    names = np.array(
        [
            "fsdp"
            if sharded
            else f"tp{cut:g}" + (f" pp{stages:g}" if stages > 1 else "")
            for cut, stages, sharded in zip(
                every.tensor, every.pipeline, every.fsdp, strict=True
            )
        ]
    )
    if not (mine := names == name).any():
        return None
    return TrainingLayout(
        **{f.name: getattr(every, f.name)[mine] for f in fields(every)}
    )
