"""How the project computes each published number of the decisions over time."""

from __future__ import annotations

from typing import Any

import numpy as np

from breakeven.models import finance, retirement, supply, units
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
    "id-early-retirement": early_retirement,
    "tco-h100-rental-path": rental_path,
    "e2e-epoch-costs-gpt4": three_methods,
    "e2e-epoch-costs-llama2-70b": three_methods,
    "e2e-epoch-costs-falcon-180b": three_methods,
    "e2e-epoch-costs-bloom": three_methods,
    "e2e-epoch-costs-palm": three_methods,
}
