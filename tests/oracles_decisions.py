"""How the project computes published numbers of decisions, runs and a serving day."""

from __future__ import annotations

from typing import Any

import numpy as np

from breakeven.models import (
    acquisition,
    finance,
    margin,
    power,
    retirement,
    supply,
    tco,
    units,
)
from breakeven.models.training_run_study import METHODS, costs_of

Case = dict[str, Any]


def supply_risk(i: Case) -> Case:
    given = i["prob"], i["supply"], i["demand"], i["unit_cost"], i["spot"]
    return {"expected": supply.expected_cost(*(np.asarray(v) for v in given))}


def rental_path(i: Case) -> Case:
    """A table is read as it stands: the price after the dip is above the dip."""
    years = [
        int(date[:4]) + (int(date[5:]) - 1) / 12 if "-" in date else float(date)
        for date in i["date"]
    ]
    low, last = finance.quoted_value([years[-2], years[-1]], years, i["usd_h"])
    return {"rebound": last / low - 1.0}


def early_retirement(i: Case) -> Case:
    """Old chips by what switching off avoids, new ones by their full cost."""
    none = np.asarray(0.0)

    def each(hourly: float, rate: float) -> Any:
        flow = np.asarray(hourly / units.HOUR), none, none, none
        return retirement.avoidable_cost(*flow, np.asarray(rate)) * 1e6

    return {
        "old_usd_mtok": each(i["old_opex_h"], i["old_tok_s"]),
        "new_usd_mtok": each(i["new_full_h"], i["new_tok_s"]),
    }


def day_rented(i: Case) -> Case:
    """Every chip of the average fleet, billed for all hours of a day."""
    chip = tco.rent_cost(i["usd_per_gpu_hour"] / units.HOUR, np.asarray(1.0))
    chips = i["avg_nodes"] * i["gpus_per_node"]
    return {"cost": chip * chips * units.factor("day")}


def day_sold(i: Case) -> Case:
    """Prompts, found in the cache or not, priced per token that is generated."""
    prompts = i["tokens_in_hit"] + i["tokens_in_miss"]
    each = acquisition.token_price(
        *(i[f"price_{kind}"] / 1e6 for kind in ("miss", "hit", "out")),
        prompts,
        i["tokens_out"],
        i["tokens_in_hit"] / prompts,
    )
    revenue = each * i["tokens_out"]
    share = margin.gross_margin(revenue, i["cost"])
    return {"revenue": revenue, "margin": margin.markup(share) - 1.0}


def power_productivity(i: Case) -> Case:
    energy = power.energy_per_work(np.asarray(1e3 * i["kw"]), np.asarray(i["tok_s"]))
    return {"tok_s_per_mw": units.factor("MW") / energy, "j_per_tok": energy}


def three_methods(i: Case) -> Case:
    """The inputs of a run as the study takes them: days and hours are exact."""
    year = 365.25 * units.factor("day")
    run = {
        "chips": i["chips"],
        "chip_time": i["chip_hours"] * units.HOUR,
        "rented_time": i["rented_hours"] * units.HOUR,
        "price": i["price"],
        "age": i["days"] * units.factor("day"),
        "decay": finance.decay_from_orders(i["oom_per_year"]) / year,
        "interconnect_share": i["interconnect_fraction"],
        "chip_power": i["chip_w"],
        "server_factor": i["chip_to_server"],
        "load": i["tdp_fraction"],
        "pue": i["pue"],
        "electricity_price": i["kwh_price"] / units.factor("kWh"),
        "rental_price": i["usd_per_chip_hour"] / units.HOUR,
        "price_growth": i["price_index_to"] / i["price_index_from"],
    }
    found = costs_of({name: np.asarray(value) for name, value in run.items()})
    return {method: found[method] / 1e6 for method in METHODS}


CASES = {
    "id-supply-risk": supply_risk,
    "e2e-deepseek-daily-cost": day_rented,
    "e2e-deepseek-daily-revenue": day_sold,
    "tco-tok-per-mw-unit": power_productivity,
    "id-early-retirement": early_retirement,
    "tco-h100-rental-path": rental_path,
    "e2e-epoch-costs-gpt4": three_methods,
    "e2e-epoch-costs-llama2-70b": three_methods,
    "e2e-epoch-costs-falcon-180b": three_methods,
    "e2e-epoch-costs-bloom": three_methods,
    "e2e-epoch-costs-palm": three_methods,
}
