"""How the project computes each published finance number, from the case's inputs."""

from __future__ import annotations

from typing import Any

import numpy as np

from breakeven.models import finance, silicon

Case = dict[str, Any]


def loan(i: Case) -> Case:
    rate, periods = i["rate_annual"] / 12, 12 * i["years"]
    return {"payment": -finance.payment(rate, periods, i["pv"])}


def loan_interest(i: Case) -> Case:
    rate, periods = i["rate_annual"] / 12, 12 * i["years"]
    each = finance.interest_payment(rate, np.arange(1, periods + 1), periods, i["pv"])
    total = finance.total_interest(rate, periods, i["pv"])
    assert abs(each.sum() + total) < 1e-9
    return {"total_interest": total}


def npv(i: Case) -> Case:
    return {"npv": finance.net_present_value(i["rate"], i["cashflows"])}


def irr(i: Case) -> Case:
    return {"irr": finance.internal_rate_of_return(i["cashflows"])}


def mirr(i: Case) -> Case:
    given = i["cashflows"], i["finance_rate"], i["reinvest_rate"]
    return {"mirr": finance.modified_internal_rate_of_return(*given)}


def capital_budget(i: Case) -> Case:
    flows = i.get("cashflows") or [-i["outlay"]] + i["years"] * [i["annual"]]
    return npv({"rate": i["rate"], "cashflows": flows}) | {
        "irr": finance.internal_rate_of_return(flows),
        "payback_years": finance.payback_period(flows),
        "discounted_payback_years": finance.discounted_payback_period(i["rate"], flows),
    }


def depreciation(i: Case) -> Case:
    asset = i["cost"], i["salvage"], i["years"]
    return {
        "sl": finance.straight_line(*asset),
        "syd": finance.sum_of_years_digits(*asset),
        "ddb": finance.declining_balance(*asset, factor=2.0),
    }


def macrs(i: Case) -> Case:
    given = i["life"], i["db_factor"], i["first_year_fraction"]
    return {"pct": finance.macrs_rates(*given)}


def lcoe(i: Case) -> Case:
    return {"lcoe": finance.levelized_cost(**i)}


def crf(i: Case) -> Case:
    return {"crf": finance.capital_recovery_factor(i["rate"], i["n"])}


def wacc(i: Case) -> Case:
    assert i["w_debt"] == 1.0 - i["w_equity"]
    given = i["w_equity"], i["k_equity"], i["k_debt"], i["tax"]
    return {"wacc": finance.wacc(*given)}


def wright(i: Case) -> Case:
    return {
        "value": finance.learned_cost(i["first"], i["units"], i["rate"]),
        "exponent_b": finance.learning_exponent(i["rate"]),
    }


def reserved_hours(i: Case) -> Case:
    given = i["upfront"], i["on_demand"], i["reserved"]
    return {"hours": finance.breakeven_hours(*given)}


def reserved_year(i: Case) -> Case:
    full, half = finance.contract_prices(
        i["on_demand"], i["reserved_effective"], 0.0, [1.0, 0.5]
    )[:2].T
    hours = i["hours_year"]
    return {
        "on_demand_year": full[0] * hours,
        "reserved_year": full[1] * hours,
        "saving": 1.0 - full[1] / full[0],
        "on_demand_half": half[0] * hours / 2,
        "breakeven_utilisation": finance.breakeven_utilisation(
            0.0, hours, i["reserved_effective"], i["on_demand"]
        ),
    }


def forward(i: Case) -> Case:
    return {
        "forward_2y": finance.forward_price(i["p1"], 1, i["p3"], 3),
        "ratio": finance.forward_price_ratio(i["p1"], i["p3"]),
        "path": finance.forward_prices(i["p1"], i["p3"]),
    }


def levelised_identity(i: Case) -> Case:
    years, rate = i["years"], i["rate"]
    costs = [i["capex"]] + years * [i["opex"]]
    output = [0.0] + years * [i["mtok_year"]]
    charge = finance.fixed_charge_rate(rate, years)
    return {
        "lcot": finance.levelized_cost_of_cash_flows(rate, costs, output),
        "lcoe_form": finance.levelized_cost(
            i["capex"], charge, i["opex"], i["mtok_year"]
        ),
    }


def take_or_pay(i: Case) -> Case:
    price, quantity, floor, used = (i[k] for k in ("price", "quantity", "theta", "u"))
    return {
        "payment": finance.take_or_pay_cost(price, quantity, floor, used),
        "effective_price": finance.take_or_pay_price(price, floor, used),
        "shortfall": finance.take_or_pay_shortfall(price, quantity, floor, used),
    }


def own_or_rent(i: Case) -> Case:
    given = i["fixed_h"], i["var_h"], i["rent_h"]
    return {"u_star": finance.owning_utilisation(*given)}


def hourly(cost_per_hour: float, tokens_per_second: float) -> Any:
    """Cost of a million tokens when an hour has a cost and an output."""
    output = tokens_per_second * 3600.0 / 1e6
    return finance.levelized_cost(0.0, 0.0, cost_per_hour, output)


def cost_per_mtok(i: Case) -> Case:
    return {"usd_per_mtok": hourly(i["cost_per_hour"], i["tok_s"])}


def fleet_revenue(i: Case) -> Case:
    price = float(np.dot(i["prices"], i["mix"]))
    first_year = i["gpus"] * price * 8760.0
    revenue = finance.falling_revenue(first_year, 1.0, i["years"])
    return {"avg_price": price, "revenue": revenue}


def fleet_lives(i: Case) -> Case:
    charges = finance.straight_line(i["gpu_capex"], 0.0, i["lives"])[:, 0]
    annual = charges + i["other_annual"]
    swing = annual[0] / annual[2] - 1.0
    return {"annual": annual[:2], "six_year": annual[2], "swing": swing}


def residual(i: Case) -> Case:
    return {"residual": finance.market_value(1.0, i["k"], i["years"])}


def two_for_two(i: Case) -> Case:
    return {"tco_over_nre": silicon.tco_to_nre(i["improvement"])}


CASES = {
    "fin-pmt-loan": loan,
    "fin-ipmt-sum": loan_interest,
    "fin-npv-basic": npv,
    "fin-irr-1": irr,
    "fin-irr-multi": irr,
    "fin-mirr": mirr,
    "fin-capbudget-12pct": capital_budget,
    "fin-capbudget-500": capital_budget,
    "fin-depr-sl-syd-ddb": depreciation,
    "fin-macrs-5-hy": macrs,
    "fin-macrs-7-hy": macrs,
    "fin-macrs-15-hy": macrs,
    "fin-lcoe-ssc-generic": lcoe,
    "fin-lcoe-ssc-pvwatts": lcoe,
    "fin-crf-7-20": crf,
    "fin-wacc": wacc,
    "fin-wright-80": wright,
    "fin-ri-breakeven-hours": reserved_hours,
    "fin-ri-m4large": reserved_year,
    "fin-forward-curve": forward,
    "id-lcot-collapse": levelised_identity,
    "id-take-or-pay": take_or_pay,
    "id-own-vs-rent": own_or_rent,
    "tco-costpermtok-unit": cost_per_mtok,
    "tco-p5-fleet-revenue": fleet_revenue,
    "tco-1gw-depreciation-life": fleet_lives,
    "tco-residual-h100": residual,
    "e2e-two-for-two": two_for_two,
}
