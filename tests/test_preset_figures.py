"""Figures of the presets that are known by heart, or follow from one another."""

from __future__ import annotations

import math

import pytest

from breakeven.models import units
from breakeven.models.finance import capital_recovery_factor
from breakeven.presets import gate, tables


def row(table: str, preset: str, quantity: str) -> gate.Row:
    return tables.preset(table, preset)[quantity]


@pytest.mark.parametrize(
    ("name", "quantity", "value", "status"),
    [
        ("h100_sxm", "hbm_bandwidth", 3.35, "vendor"),
        ("h100_sxm", "peak_flops_bf16", 989, "vendor"),  # dense: half of 1,979
        ("h100_sxm", "peak_flops_fp8", 1979, "vendor"),
        ("h100_sxm", "hbm_capacity", 80, "vendor"),
        ("h100_sxm", "tdp", 700, "vendor"),
        ("h100_sxm", "scale_up_bandwidth", 450, "vendor"),  # one way of 900
        ("h200_sxm", "hbm_bandwidth", 4.8, "vendor"),
        ("a100_80gb_sxm", "peak_flops_bf16", 312, "vendor"),
        ("b200_hgx", "peak_flops_fp4", 9000, "vendor"),
        ("gb200_nvl72", "peak_flops_fp4", 10000, "vendor"),  # a GPU, not a superchip
        ("gb200_nvl72", "scale_up_domain", 72, "vendor"),
        ("gb200_nvl72", "unit_cost", 6600, "derived"),
        ("b300_hgx", "peak_flops_int8", 150, "vendor"),
        ("mi300x", "hbm_bandwidth", 5.3, "vendor"),
        ("mi355x", "peak_flops_fp4", 10066.3, "vendor"),  # dense, not 20,000
        ("tpu_v4", "peak_flops_bf16", 275, "vendor"),
        ("tpu_v5p", "hbm_bandwidth", 2.765, "vendor"),
        ("tpu_v7", "peak_flops_fp8", 4614, "vendor"),
        ("trainium2", "peak_flops_bf16", 667, "vendor"),
        ("trainium2", "peak_flops_fp8", 1299, "vendor"),
        ("trainium2", "hbm_capacity", 96, "vendor"),
        ("trainium3", "scale_up_bandwidth", 576, "derived"),
        ("graviton5", "cores", 192, "vendor"),
        ("graviton5", "core_hour_price", 0.04892, "vendor"),
        ("maia_100", "tdp", 700, "vendor"),
        ("mtia_v2", "tdp", 90, "vendor"),
    ],
)
def test_figures_known_by_heart(name: str, quantity: str, value: float, status: str):
    r = row("chips", name, quantity)
    assert r.central == value
    assert r.status == status


def test_host_power_is_server_power_less_the_chips():
    for name in ("h100_sxm", "h200_sxm", "b200_hgx", "b300_hgx", "a100_80gb_sxm"):
        rows = tables.preset("chips", name)
        chips = rows["chips_per_server"].central
        server = rows["server_power"].central * 1000 / chips
        assert rows["host_power"].central == pytest.approx(
            server - rows["tdp"].central, abs=0.06
        )
    assert row("chips", "h100_sxm", "host_power").central == 575


def test_rent_of_a_processor_is_its_cores_at_their_price():
    for name in ("graviton3", "graviton4", "graviton5", "epyc_9965", "epyc_9755"):
        rows = tables.preset("chips", name)
        expected = rows["cores"].central * rows["core_hour_price"].central
        assert rows["rental_price"].central == pytest.approx(expected, rel=1e-4)


def test_binary_and_decimal_capacity_agree():
    for name in tables.names("chips"):
        rows = tables.preset("chips", name)
        if "memory_capacity_gib" in rows and "memory_capacity_decimal" in rows:
            gib = rows["memory_capacity_gib"].value * units.factor("GiB")
            decimal = rows["memory_capacity_decimal"].value * units.factor("GB")
            assert decimal == pytest.approx(gib, rel=1e-3)


def test_both_directions_are_twice_one_where_both_are_printed():
    unequal = []
    for name in tables.names("chips"):
        rows = tables.preset("chips", name)
        one = rows["scale_up_bandwidth"].central
        both = rows.get("scale_up_bandwidth_both")
        if both and both.central and abs(both.central / one - 2) > 0.01:
            unequal.append(name)
    # these two say why in their notes: in-rack links only; scale-out ports excluded
    assert unequal == ["trainium3", "gaudi3"]


def test_a_mean_through_two_percentiles_is_lognormal():
    rows = tables.preset("workloads", "customer_service")
    p50, p90 = rows["input_length_p50"].value, rows["input_length_p90"].value
    sigma = math.log(p90 / p50) / 1.2816
    mean = p50 * math.exp(sigma**2 / 2)
    assert rows["input_length"].central == pytest.approx(mean, rel=1e-3)
    assert rows["input_length"].status == "derived"


def test_core_seconds_are_on_a_server_core():
    for name in tables.names("workloads"):
        rows = tables.preset("workloads", name)
        if "reference_core_seconds_mean" in rows:
            expected = rows["reference_core_seconds_mean"].value / 0.60
            assert rows["core_seconds"].value == pytest.approx(expected, rel=1e-3)


def test_a_load_profile_has_its_24_hours_and_its_stated_mean():
    for name in ("chat_global", "coding_region"):
        rows = tables.preset("facts", name)
        day = [rows[f"weekday_{h:02d}"].value for h in range(24)]
        end = [rows[f"weekend_{h:02d}"].value for h in range(24)]
        mean = (5 * sum(day) + 2 * sum(end)) / (7 * 24)
        assert mean == pytest.approx(rows["weekly_load_factor"].value, abs=0.04)


def owner_cost(name: str) -> float:
    """Cost of one chip-hour to its owner at the default site and finance. [USD/h]."""
    rows = tables.preset("chips", name)
    money, site = (
        tables.preset("finance", "default"),
        tables.preset("sites", "us_hyperscale"),
    )
    first = "price" if rows["price"].central else "unit_cost"
    capex = sum(rows[q].central for q in (first, "server_cost", "network_cost"))
    kilowatts = (
        sum(rows[q].central for q in ("tdp", "host_power", "network_power")) / 1e3
    )
    recovery = capital_recovery_factor(
        money["discount_rate"].central, money["life"].central
    )
    hours = units.HOURS_PER_YEAR
    return (
        capex * (recovery + money["maintenance_rate"].central) / hours
        + kilowatts * site["hosting_price"].central * 12 / hours
        + kilowatts * site["pue"].central * site["electricity_price"].central
    )


OWNED = [
    n
    for n in tables.names("chips")
    if "owner_cost_neocloud" in tables.preset("chips", n)
]
OWNED = [n for n in OWNED if row("chips", n, "owner_cost_neocloud").central]


@pytest.mark.parametrize("name", OWNED)
def test_estimates_add_up_to_published_costs_of_ownership(name: str):
    rows = tables.preset("chips", name)
    cost = owner_cost(name)
    assert cost > 0.95 * rows["owner_cost_hyperscaler"].central
    assert cost < 1.2 * rows["owner_cost_neocloud"].central


@pytest.mark.parametrize("name", OWNED)
def test_power_of_the_parts_stays_below_the_published_whole(name: str):
    rows = tables.preset("chips", name)
    parts = sum(rows[q].central for q in ("tdp", "host_power", "network_power"))
    assert 0.75 < parts / (1e3 * rows["allin_power"].central) < 1.0


def test_own_silicon_costs_what_analysts_say_beside_gpus():
    assert len(OWNED) == 9
    # SemiAnalysis: Google's own cost of a TPU v7 is about 44 % below that of a GB200
    assert 0.46 < owner_cost("tpu_v7") / owner_cost("gb200_nvl72") < 0.66
    # a cloud sells above its cost, also in the cheapest way it sells
    trainium2 = tables.preset("chips", "trainium2")
    assert owner_cost("trainium2") < trainium2["capacity_block_price"].central
    assert owner_cost("tpu_v7") < row("chips", "tpu_v7", "negotiated_price").central
