"""How the project computes each published fleet, data-centre and training-run cost."""

from __future__ import annotations

from typing import Any

import numpy as np
from fleets import two_chips

from breakeven.models import datacenter, finance, training_cost, units
from breakeven.models.fleet_plan import best_plan
from breakeven.models.site_corners import Caps
from breakeven.models.site_mix import best_mix

Case = dict[str, Any]

KWH = units.factor("kWh")


def warehouse(i: Case) -> Case:
    rate = i["rate"] / 12

    def monthly(price: float, years: int) -> Any:
        return -finance.payment(rate, 12 * years, price)

    facility = monthly(i["facility_capex"], i["facility_years"])
    power = datacenter.energy_cost(
        i["critical_w"],
        i["avg_power"],
        i["pue"],
        units.factor("month"),
        i["kwh_price"] / KWH,
    )
    cooling = i["power_cooling_share"] * facility
    out = {
        "server_month": monthly(i["servers"] * i["server_price"], i["server_years"]),
        "network_month": monthly(i["network_capex"], i["network_years"]),
        "power_cooling_month": cooling,
        "other_infra_month": facility - cooling,
        "power_month": power,
    }
    total = sum(out.values()) + i["people_month"]
    per_hour = total / i["servers"] / 720.0  # a month of 30 days, as published
    return out | {"total_month": total, "per_server_hour": per_hour}


def server_lifetime(i: Case) -> Case:
    months = 12 * i["life_y"]
    parts = datacenter.lifetime_cost(
        server_price=i["server_price"],
        power=i["server_w"],
        months=months,
        monthly_rate=i["rate"] / 12,
        facility_price=i["dc_capex_per_w"],
        facility_months=12 * i["dc_years"],
        facility_operation=i["dc_opex_per_w_month"],
        server_operation=i["server_opex_rate"],
        load=i["avg_power"],
        pue=i["pue"],
        time=720.0 * months * units.HOUR,  # a month of 30 days, as published
        electricity_price=i["kwh_price"] / KWH,
    )
    total = datacenter.lifetime_total(parts)
    server = parts.server + parts.server_interest + parts.server_operation
    return {
        "dc_amortisation": parts.facility,
        "dc_interest": parts.facility_interest,
        "dc_opex": parts.facility_operation,
        "server_power": parts.energy,
        "pue_overhead": parts.energy_overhead,
        "server_amortisation": parts.server,
        "server_interest": parts.server_interest,
        "server_opex": parts.server_operation,
        "total": total,
        "fixed_per_w_month": (total - server) / i["server_w"] / months,
    }


def amortised(i: Case) -> Case:
    year = 8766.0 * units.HOUR  # of 365.25 days, as published
    decay = finance.decay_from_orders(i["oom_per_year"]) / year
    age = i["years_since_acquisition"] * year
    time = i["chip_hours"] * units.HOUR
    hardware = training_cost.amortised_hardware_cost(
        i["price_per_gpu"], decay, age, time
    )
    share = i["interconnect_fraction"]
    power = 1e3 * i["chip_kw"] * i["chip_to_server"]
    facility = i["tdp_fraction"], i["pue"]
    electricity = i["kwh_price"] / KWH
    nominal = training_cost.amortised_training_cost(
        i["price_per_gpu"], decay, age, time, share, power, *facility, electricity
    )
    return {
        "value_at_start": finance.market_value(i["price_per_gpu"], decay, age),
        "hardware": hardware,
        "interconnect": training_cost.with_interconnect(hardware, share) - hardware,
        "energy": datacenter.energy_cost(power, *facility, time, electricity),
        "nominal": nominal,
        "usd_per_chip_hour": nominal / i["chip_hours"],
        "cost_2023usd": training_cost.in_money_of(
            nominal, i["price_index_from"], i["price_index_to"]
        ),
    }


def rented(i: Case) -> Case:
    hours = [1e3 * part for part in i["gpu_hours_k"]]
    price = i["usd_per_gpu_hour"] / units.HOUR
    parts = [
        training_cost.rental_training_cost(part * units.HOUR, price) for part in hours
    ]
    return {"total_hours": sum(hours), "cost": sum(parts), "parts": parts}


def site_mix(i: Case) -> Case:
    """The mix by corners; the programme of HiGHS has to agree."""
    kw, price, value = (np.array(i[n]) for n in ("kw", "capex_k", "value"))
    zero, one, endless = np.zeros(2), np.ones(2), np.array(np.inf)
    caps = Caps(
        value, value, kw, kw, price, one * np.inf, zero, one, zero, zero,
        np.array(i["site_kw"]), np.array(i["budget_k"]), endless,
    )  # fmt: skip
    found = best_mix(caps)
    plan = best_plan(
        two_chips(
            rate=value[:, None],
            purchase=price[:, None],
            power=kw,
            power_cap=np.array([i["site_kw"]]),
            budget=i["budget_k"],
        )
    )
    np.testing.assert_allclose(plan.bought[:, 0], found.count, rtol=1e-9)
    return {
        "n": found.count,
        "value": found.value,
        "shadow_per_kw": found.power_worth,
        "shadow_per_k_usd": found.budget_worth,
    }


CASES = {
    "id-site-mix-lp": site_mix,
    "tco-hp-wsc": warehouse,
    "tco-asiccloud-components": server_lifetime,
    "e2e-deepseek-v3-training": rented,
    "e2e-epoch-gpt4": amortised,
    "e2e-epoch-llama2-70b": amortised,
    "e2e-epoch-falcon-180b": amortised,
}
