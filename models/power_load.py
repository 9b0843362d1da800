"""Power of a chip from how hard its memory and its arithmetic work."""

from __future__ import annotations

import numpy as np

from breakeven.models.base import Array, Group, quantity


class PowerLoad(Group):
    """How fast chip power rises from idle towards its ceiling with load."""

    base_rise = quantity(
        0.5, "1", "Rise as soon as any work runs: clocks and links wake up",
        slider=(0.0, 3.0),
    )  # fmt: skip
    memory_rise = quantity(
        1.0, "1", "Rise per share of peak memory bandwidth moved", slider=(0.0, 10.0)
    )
    compute_rise = quantity(
        3.0, "1", "Rise per share of peak arithmetic delivered", slider=(0.0, 20.0)
    )
    ceiling = quantity(
        1.0, "1", "Power at full load, share of TDP", inclusive=(False, True),
        slider=(0.3, 1.2),
    )  # fmt: skip


def load_power_share(
    memory_load: Array,
    compute_load: Array,
    idle_share: Array,
    base_rise: Array,
    memory_rise: Array,
    compute_rise: Array,
    ceiling: Array,
) -> Array:
    """Share of TDP drawn while working: saturating from idle to the ceiling. [1].

    ``i + (c − i)·(1 − exp(−(a + m·u_mem + k·u_comp)))``: linear at low load, never
    above the ceiling. Most of the rise comes with the first work: a decode of batch 8
    already draws about 60 % of TDP. Range: a chip that works all the time; fitted for
    H100 and B200, borrowed for others.

    Parameters
    ----------
    memory_load
        Bytes moved over time and peak bandwidth. [1]
    compute_load
        FLOP delivered over time and peak FLOP/s of the format. [1]
    idle_share
        Power while idle, share of TDP. [1]
    base_rise, memory_rise, compute_rise
        Rise with any work, per memory load, per compute load. [1]
    ceiling
        Power at full load, share of TDP. [1]

    References
    ----------
    Fitted to GPU power in J.-W. Chung et al., "The ML.ENERGY Benchmark," 2025,
    arXiv:2505.06371; benchmarks/power_fit.py prints fit and errors.
    """
    rise = base_rise + memory_rise * memory_load + compute_rise * compute_load
    return idle_share - (ceiling - idle_share) * np.expm1(-rise)


def chip_power(
    tdp: Array,
    memory_load: Array,
    compute_load: Array,
    idle_share: Array,
    base_rise: Array,
    memory_rise: Array,
    compute_rise: Array,
    ceiling: Array,
) -> Array:
    """Power of one chip while it works. [W].

    Parameters
    ----------
    tdp
        Power limit of the chip. [W]
    memory_load
        Bytes moved over time and peak bandwidth. [1]
    compute_load
        FLOP delivered over time and peak FLOP/s of the format. [1]
    idle_share
        Power while idle, share of TDP. [1]
    base_rise, memory_rise, compute_rise
        Rise with any work, per memory load, per compute load. [1]
    ceiling
        Power at full load, share of TDP. [1]

    References
    ----------
    As :func:`load_power_share`.
    """
    return tdp * load_power_share(
        memory_load,
        compute_load,
        idle_share,
        base_rise,
        memory_rise,
        compute_rise,
        ceiling,
    )
