"""The inputs of a scenario, by group: chip, workload, site, finance, option.

Each group is a shell: it declares quantities and choices and does no arithmetic. Dotted
names such as ``asic.chip.hbm_bandwidth`` or ``site.pue`` are built from these names and
are the one vocabulary of presets, URLs, ``--set``, sweeps and exports.
"""

from __future__ import annotations

from typing import Any

import param

from breakeven.models.base import Group, fraction, quantity

PRECISIONS = ("bf16", "fp8", "fp4", "int8")
ACQUISITIONS = ("buy", "build", "rent", "commit_1yr", "commit_3yr")
KINDS = ("serving", "training", "cpu")
SIZINGS = ("match", "demand", "fixed")


class Chip(Group):
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
    rental_price = quantity(
        None,
        "USD/h",
        "Rent of one chip, on demand, server and power included",
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


class Workload(Group):
    """What the chips have to do: requests of a serving or agent load, or training."""

    kind: Any = param.Selector(
        default="serving", objects=list(KINDS), doc="Serving, training or CPU work"
    )
    input_length = quantity(
        2500.0,
        "token",
        "Prompt of one LLM call, cached prefix included (ISL)",
        bounds=(1, None),
        slider=(16, 200_000),
        log=True,
    )
    output_length = quantity(
        400.0,
        "token",
        "Tokens generated by one LLM call (OSL)",
        bounds=(1, None),
        slider=(1, 20_000),
        log=True,
    )
    cached_fraction = fraction(
        0.0, "Share of prompt tokens served from the prefix cache", slider=(0, 0.98)
    )
    ttft_limit = quantity(
        2.0,
        "s",
        "Slowest time to first token that users accept",
        inclusive=(False, True),
        slider=(0.05, 60),
        log=True,
    )
    interactivity = quantity(
        40.0,
        "token/s",
        "Slowest speed per user that is accepted (1 / TPOT)",
        inclusive=(False, True),
        slider=(1, 300),
        log=True,
    )
    calls_per_task = quantity(
        1.0,
        "call",
        "LLM calls in one task or conversation",
        inclusive=(False, True),
        slider=(1, 200),
        log=True,
    )
    core_seconds = quantity(
        0.0,
        "s",
        "CPU core-seconds of tools and sandbox per LLM call, on a server core",
        slider=(0, 60),
    )
    demand = quantity(
        1e9,
        "token/day",
        "Demand when sizing is 'demand': output tokens (serving), trained "
        "tokens (training) or core-hours per day (cpu)",
        slider=(1e6, 1e14),
        log=True,
    )
    training_tokens = quantity(
        15e12, "token", "Tokens of the training run", slider=(1e9, 1e14), log=True
    )
    sequence_length = quantity(
        8192.0,
        "token",
        "Training sequence length",
        bounds=(1, None),
        slider=(512, 131_072),
        log=True,
    )
    global_batch = quantity(
        2048.0,
        "sequence",
        "Sequences in one optimiser step",
        bounds=(1, None),
        slider=(64, 16_384),
        log=True,
    )
    job_chips = quantity(
        8192.0,
        "chip",
        "Chips of one training job",
        bounds=(1, None),
        slider=(8, 131_072),
        log=True,
    )
    goodput = fraction(
        0.93,
        "Share of training time that survives failures and restarts",
        zero=False,
        slider=(0.5, 1.0),
    )


class Site(Group):
    """Where the chips stand."""

    electricity_price = quantity(
        0.0861, "USD/kWh", "Electricity price", slider=(0.02, 0.3)
    )
    pue = quantity(
        1.15,
        "1",
        "Power usage effectiveness: facility energy over IT energy",
        bounds=(1, None),
        slider=(1.0, 2.0),
    )
    hosting_price = quantity(
        150.0,
        "USD/kW/month",
        "Building, cooling and power train, per provisioned IT kW",
        slider=(0, 400),
    )
    carbon_intensity = quantity(
        369.5, "g/kWh", "Carbon intensity of the electricity (CO2e)", slider=(0, 900)
    )
    power_cap = quantity(
        None,
        "MW",
        "Facility power available; empty when there is no cap",
        slider=(1, 5000),
        log=True,
    )


class Finance(Group):
    """Cost of money, lives and recurring costs shared by all options."""

    discount_rate = quantity(
        0.10,
        "1/year",
        "Discount rate: weighted average cost of capital, nominal, pre-tax",
        bounds=(-0.99, None),
        slider=(0.0, 0.3),
    )
    life = quantity(
        5.0,
        "year",
        "Useful life of chips, servers and network",
        bounds=(0.5, None),
        slider=(1, 8),
    )
    residual_value = fraction(
        0.08, "Resale value at the end of life, share of the purchase", slider=(0, 0.5)
    )
    horizon = quantity(
        60.0, "month", "Months shown and compared", bounds=(6, 180), slider=(12, 120)
    )
    deployment_period = quantity(
        24.0,
        "month",
        "Months over which the fleet is installed, evenly",
        bounds=(0, 120),
        slider=(0, 60),
    )
    maintenance_rate = quantity(
        0.05,
        "1/year",
        "Repairs, spares and support, share of the purchase per year",
        slider=(0, 0.2),
    )
    staff_cost = quantity(
        100.0, "USD/year", "Operations staff, per chip", slider=(0, 2000)
    )


class Option(Group):
    """One way to serve the workload: how many chips, how busy, how acquired."""

    label = param.String(default="Option", doc="Name shown on the page")
    acquisition: Any = param.Selector(
        default="buy",
        objects=list(ACQUISITIONS),
        doc="Buy, build, rent on demand or commit",
    )
    precision: Any = param.Selector(
        default="fp8",
        objects=list(PRECISIONS),
        doc="Number format of weights and arithmetic",
    )
    kv_precision: Any = param.Selector(
        default="bf16", objects=["bf16", "fp8"], doc="Number format of the KV cache"
    )
    count = quantity(
        1000.0, "chip", "Chips installed", bounds=(1, 1e9), slider=(1, 1e7), log=True
    )
    utilisation = fraction(
        0.6,
        "Share of hours in which the chips do paid work",
        zero=False,
        slider=(0.05, 1.0),
    )
    availability = fraction(
        0.97, "Share of hours in which the chips are up", zero=False, slider=(0.8, 1.0)
    )
    committed_share = fraction(
        1.0,
        "Take-or-pay floor: share of hours billed at least, when committed",
        slider=(0.0, 1.0),
    )
    software_cost = quantity(
        0.0,
        "USD/year",
        "Software licences and porting team, per chip",
        slider=(0, 5000),
    )
    port_cost = quantity(
        0.0, "MUSD", "One-off cost of moving the workload to this chip", slider=(0, 500)
    )
