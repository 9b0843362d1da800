"""The inputs of one chip, and of the share of a server that comes with it.

A shell: it declares quantities and does no arithmetic.
"""

from __future__ import annotations

from breakeven.models.base import fraction, quantity
from breakeven.models.power_load import PowerLoad


class Chip(PowerLoad):
    """One accelerator or CPU socket, and the share of a server that comes with it.

    A figure that nobody has published is None.
    """

    peak_flops_bf16 = quantity(
        None,
        "TFLOP/s",
        "Dense peak at BF16, without sparsity",
        slider=(50, 10_000),
        log=True,
    )
    peak_flops_fp8 = quantity(
        None, "TFLOP/s", "Dense peak at FP8 (or MXFP8)", slider=(50, 20_000), log=True
    )
    peak_flops_fp4 = quantity(
        None,
        "TFLOP/s",
        "Dense peak at 4 bits (NVFP4, MXFP4)",
        slider=(50, 40_000),
        log=True,
    )
    peak_flops_int8 = quantity(
        None, "TOP/s", "Dense peak at INT8", slider=(50, 20_000), log=True
    )
    hbm_capacity = quantity(
        None,
        "GB",
        "Memory as the vendor prints it",
        inclusive=(False, True),
        slider=(16, 1000),
        log=True,
    )
    hbm_bandwidth = quantity(
        None,
        "TB/s",
        "Peak memory bandwidth, decimal",
        inclusive=(False, True),
        slider=(0.2, 25),
        log=True,
    )
    usable_memory = fraction(
        0.92,
        "Share of the printed memory left after runtime and activations",
        zero=False,
        slider=(0.5, 1.0),
    )
    scale_up_bandwidth = quantity(
        None,
        "GB/s",
        "Link to the other chips of the scale-up domain, one direction",
        slider=(10, 5000),
        log=True,
    )
    scale_up_domain = quantity(
        None,
        "chip",
        "Chips that share the scale-up network",
        bounds=(1, None),
        slider=(1, 1024),
        log=True,
    )
    scale_out_bandwidth = quantity(
        None,
        "Gbit/s",
        "Network to chips beyond the scale-up domain, one direction",
        slider=(10, 2000),
        log=True,
    )
    cores = quantity(None, "core", "Processor cores of a CPU socket", slider=(8, 512))
    core_speed = quantity(
        1.0,
        "1",
        "Work of one core per second, relative to the reference server core",
        inclusive=(False, True),
        slider=(0.3, 2.0),
    )
    tdp = quantity(
        None,
        "W",
        "Power limit of the chip (thermal design power)",
        slider=(50, 3000),
        log=True,
    )
    chips_per_server = quantity(
        None,
        "chip",
        "Chips in the smallest unit that is bought",
        bounds=(1, None),
        slider=(1, 144),
    )
    chips_per_rack = quantity(
        None,
        "chip",
        "Chips in one rack, where chips are bought by the rack",
        bounds=(1, None),
        slider=(1, 256),
    )
    host_power = quantity(
        None,
        "W",
        "Host CPUs, memory, NICs and fans: server power beyond the chips, per chip",
        slider=(0, 2000),
    )
    network_power = quantity(
        None, "W", "Cluster network and storage, per chip", slider=(0, 500)
    )
    idle_power = fraction(
        0.15, "Power of a chip that is up but idle, share of TDP", slider=(0, 0.6)
    )
    price = quantity(
        None,
        "USD",
        "Price of the chip on the merchant market",
        slider=(500, 100_000),
        log=True,
    )
    unit_cost = quantity(
        None,
        "USD",
        "What one packaged chip costs its owner to have made, without NRE",
        slider=(100, 50_000),
        log=True,
    )
    nre = quantity(
        None,
        "MUSD",
        "One-off cost of the design: engineering, masks, IP, software",
        slider=(0, 5000),
    )
    server_cost = quantity(
        None, "USD", "Host, board, NIC, chassis and rack, per chip", slider=(0, 30_000)
    )
    network_cost = quantity(
        None,
        "USD",
        "Switches, cables and storage of the cluster, per chip",
        slider=(0, 20_000),
    )
    storage_share = fraction(
        0.09, "Part of the network cost that is storage", slider=(0.0, 0.5)
    )
    rental_price = quantity(
        None,
        "USD/h",
        "Rent of one chip, on demand, server and power included",
        slider=(0.05, 20),
        log=True,
    )
    spot_price = quantity(
        None,
        "USD/h",
        "Rent of one chip that may be taken away (spot, preemptible)",
        slider=(0.05, 20),
        log=True,
    )
    capacity_block_price = quantity(
        None,
        "USD/h",
        "Rent of one chip in a block of days to months, paid in advance",
        slider=(0.05, 20),
        log=True,
    )
    commit_1yr_price = quantity(
        None,
        "USD/h",
        "Rent of one chip under a 1-year commitment",
        slider=(0.05, 20),
        log=True,
    )
    commit_3yr_price = quantity(
        None,
        "USD/h",
        "Rent of one chip under a 3-year commitment",
        slider=(0.05, 20),
        log=True,
    )
