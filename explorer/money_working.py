"""Returns and retirement step by step, with the numbers of the moment."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from breakeven.explorer.old_fleet import old_label
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario

FLOWS = ("one_off", "capital", "running", "resale", "tax")
SHARED = "bought resale rival_bought rival_resale oldest youngest oldest_worth"
_RATES = (
    "Rate of return = yearly rate at which that present value is 0: there is none",
    "Rate of return = yearly rate at which that present value is 0: {first:percent}",
    "Rate of return = yearly rate at which that present value is 0: {first:percent} "
    "and {second:percent}, for cash goes out again later; read the present value",
)
_PAYBACKS = (
    "Payback = month in which the cumulative cash is back at 0: there is none, "
    "nothing is paid first or it does not come back",
    "Payback = month in which the cumulative cash is back at 0: from {before:usd} in "
    "month {month:whole} to {after:usd} in the next = {payback:months}; discounted, "
    "{discounted:months}",
)


class Working(NamedTuple):
    """Lines of each case, the numbers in them, and which case it is."""

    cases: list[list[str]]
    values: dict[str, Any]
    case: int


def returns(scenario: Scenario, results: Results) -> Working:
    """Present value, payback, rate of return and resale of the first option."""
    study, finance = results.studies["returns"], scenario.finance
    flows = {name: study[f"{name}_flow"][0].sum() for name in FLOWS}
    total, npv = sum(flows.values()), float(results.studies["worth"]["npv"][0])
    values: dict[str, Any] = {f"{name}_flow": v for name, v in flows.items()}
    values |= {name: study[name][0] for name in [*SHARED.split(), "youngest_worth"]}
    values |= {"total": total, "waiting": npv - total, "npv": npv}
    values |= {"rate": finance.discount_rate, "residual": finance.residual_value}
    values |= {"life": 12.0 * finance.life, "horizon": results.months[-1]}
    rates = (float(study[name][0]) for name in ("irr", "irr_other"))
    known = sorted(rate for rate in rates if math.isfinite(rate))
    back, case = _payback(study["cumulative"][0], float(study["payback"][0]))
    values |= back | {"discounted": study["discounted_payback"][0]}
    values |= dict(zip(("first", "second"), [*known, np.nan, np.nan], strict=False))
    worth = _worth(results), _resale(scenario, results)
    cases = [[*worth[0], p, r, *worth[1]] for r in _RATES for p in _PAYBACKS]
    return Working(cases, values, 2 * len(known) + case)


def _payback(cumulative: np.ndarray, month: float) -> tuple[dict[str, float], int]:
    """Balances on both sides of the payback, and whether there is one."""
    if not math.isfinite(month) or month <= 0.0:
        none = dict.fromkeys(("before", "after", "month"), np.nan)
        return none | {"payback": month}, 0
    last = math.ceil(month) - 1
    sides = {"before": cumulative[last], "after": cumulative[last + 1]}
    return sides | {"month": float(last), "payback": month}, 1


def _worth(results: Results) -> list[str]:
    own, rival = results.labels[0], results.labels[-1]
    return [
        f"{own} against {rival} for the same work; what is paid less is positive",
        "Cash to month {horizon:whole} = NRE and port + purchases + running costs and "
        "rent + resale + tax",
        "= {one_off_flow:usd} + {capital_flow:usd} + {running_flow:usd} + "
        "{resale_flow:usd} + {tax_flow:usd} = {total:usd}",
        "Net present value = cash of month m / (1 + {rate:percent})^(m / 12), added up "
        "= {total:usd} + {waiting:usd} by discounting = {npv:usd}",
    ]


def _resale(scenario: Scenario, results: Results) -> list[str]:
    own, rival = results.labels[0], results.labels[-1]
    groups = next(iter(scenario.options.values()))
    value = "{residual:percent}^(age / {life:months})"
    if groups.resale and groups.resale.table is not None:
        value = "the used price at its age, from its table"
    return [
        "Each batch is sold when its life ends, or at the horizon, for its price × "
        + value,
        "the oldest at the horizon, {oldest:months}: {oldest_worth:percent}; the "
        "youngest, {youngest:months}: {youngest_worth:percent}",
        f"{own}: {{bought:usd}} bought, {{resale:usd}} of resale; {rival}: "
        "{rival_bought:usd} bought, {rival_resale:usd} of resale",
        "Resale above = {resale:usd} − {rival_resale:usd} = {resale_flow:usd}",
    ]


def retirement(scenario: Scenario, results: Results) -> Working:
    """Month to switch the old fleet off for the first option."""
    found, terms = results.studies["retirement"], scenario.groups()["retirement"]
    months, month = found["months"], float(found["month"][0])
    names = "age value_decay resale_share hardware_decline new_software_gain"
    names += " electricity_growth maintenance_growth old_software_gain"
    values: dict[str, Any] = {name: getattr(terms, name) for name in names.split()}
    old, new = found["old_cost"], found["new_cost"][0]
    at = month if math.isfinite(month) else float(months[-1])
    values |= {"rate": scenario.finance.discount_rate, "market": found["market_now"]}
    values |= {"old_now": old[0], "new_now": new[0], "month": at}
    values |= {"old_at": np.interp(at, months, old), "then": values["age"] + at}
    values |= {"new_at": np.interp(at, months, new)}
    lines = _costs(old_label(scenario), results)
    return Working([[*lines, end] for end in _ENDS], values, int(not month >= 0.0))


_ENDS = (
    "Switch-off = first month in which what is avoided reaches the full cost = "
    "{month:months} from today: {old_at:usd} against {new_at:usd}, the old fleet then "
    "{then:months} old",
    "No month to switch it off: {old_at:usd} against {new_at:usd} in month "
    "{month:whole}, the last of the horizon",
)


def _costs(old: str, results: Results) -> list[str]:
    own = results.labels[0]
    return [
        f"All in USD per {results.work_label}; month m counts from today, when the old "
        "fleet is {age:months} old",
        f"Avoided by switching the old {old} off = (hosting, staff, software + "
        "electricity × (1 + {electricity_growth:percent})^(m / 12) + repairs × "
        "(1 + {maintenance_growth:percent})^(m / 12) + holding) / "
        "(work × (1 + {old_software_gain:percent})^(m / 12)): today {old_now:usd}",
        "Holding, a year = (loss of value + interest) × what a sale brings = "
        "({value_decay:percent} + ln(1 + {rate:percent})) × {resale_share:percent} × "
        "{market:usd} a chip, falling with its value",
        "A chip fetches, unless set, its price when new × e^(−{value_decay:percent} × "
        "{age:months} / 12) = {market:usd}",
        f"Full cost on new {own} bought in month m = (capital and repairs × "
        "(1 − {hardware_decline:percent})^(m / 12) + design + running, "
        "electricity growing as above) / "
        "(1 + {new_software_gain:percent})^(m / 12): today {new_now:usd}",
    ]
