"""A scenario without presets: two chips, every figure set here."""

from __future__ import annotations

from breakeven.models.inputs import Chip, Finance, Option, Site, Workload
from breakeven.models.llm import Architecture
from breakeven.models.scenario import OptionGroups, Scenario
from breakeven.models.throughput import Stack


def asic() -> Chip:
    return Chip(
        peak_flops_bf16=667.0,
        peak_flops_fp8=1299.0,
        hbm_capacity=96.0,
        hbm_bandwidth=2.9,
        scale_up_bandwidth=640.0,
        scale_up_domain=16.0,
        scale_out_bandwidth=200.0,
        tdp=500.0,
        chips_per_server=16.0,
        host_power=250.0,
        network_power=50.0,
        unit_cost=4000.0,
        nre=500.0,
        server_cost=2500.0,
        network_cost=1500.0,
        rental_price=2.235,
    )


def gpu() -> Chip:
    return Chip(
        peak_flops_bf16=989.0,
        peak_flops_fp8=1979.0,
        hbm_capacity=80.0,
        hbm_bandwidth=3.35,
        scale_up_bandwidth=450.0,
        scale_up_domain=8.0,
        scale_out_bandwidth=400.0,
        tdp=700.0,
        chips_per_server=8.0,
        host_power=575.0,
        network_power=114.0,
        price=26_000.0,
        server_cost=8000.0,
        network_cost=4000.0,
        rental_price=2.5,
    )


def scenario(**changes: object) -> Scenario:
    """Trainium2-like chip built against an H100-like chip bought."""
    build = Option(label="Own", acquisition="build", count=100_000.0)
    buy = Option(label="GPU", acquisition="buy", count=50_000.0)
    return Scenario(
        name="sample",
        title="Sample",
        options={
            "asic": OptionGroups(build, asic(), Stack()),
            "gpu": OptionGroups(buy, gpu(), Stack()),
        },
        workload=Workload(),
        llm=Architecture(),
        site=Site(),
        finance=Finance(),
        **changes,  # type: ignore[arg-type]
    )
