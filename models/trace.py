"""The headline cost redone step by step, in the units of the page.

Each step states its formula with names a reader finds among the inputs, so that the
chain can be redone on paper. It is written apart from the vectorised equations, in
display units, and therefore also checks them.
"""

from __future__ import annotations

from dataclasses import dataclass

from breakeven.models.economics import PRICE_OF, owned
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario


@dataclass(frozen=True)
class Step:
    """One line of a worked calculation: what, how, how much."""

    label: str
    formula: str
    value: float
    unit: str


def worked_cost(scenario: Scenario, results: Results, key: str) -> tuple[Step, ...]:
    """Steps from inputs and throughput to the levelised cost of one option. [mixed].

    Parameters
    ----------
    scenario
        Inputs. [mixed]
    results
        Results of the scenario without overrides: throughput, load and count. [mixed]
    key
        Key of the option. [text]

    References
    ----------
    EQ-15, EQ-31, EQ-32, EQ-33.
    """
    groups, place = scenario.options[key], results.option(key)
    option, finance = groups.option, scenario.finance
    scale = {"Mtoken": 1e6, "core-hour": 3600.0}[results.work_unit]
    busy = option.utilisation * option.availability
    rate = float(results.token_rate[place])
    work = rate * busy * 3600.0 * 730.0 / scale
    unit = results.work_unit
    steps = [
        Step(
            "Work of one chip per month",
            f"throughput x utilisation x availability x 3600 s x 730 h / {scale:g}",
            work,
            f"{unit}/month",
        )
    ]
    monthly = (1.0 + finance.discount_rate) ** (1.0 / 12.0) - 1.0
    periods = finance.life * 12.0
    recovery = _recovery(monthly, periods)
    steps.append(Step("Monthly rate", "(1 + discount rate)^(1/12) - 1", monthly, "1"))
    text = "i / (1 - (1 + i)^-n), i the monthly rate, n the life in months"
    steps.append(Step("Capital recovery factor", text, recovery, "1/month"))
    if owned(option):
        steps += _owned(scenario, results, key, monthly, recovery)
    else:
        steps += _rented(scenario, key, busy)
    one_off = float(results.one_off[place]) / float(results.count[place])
    text = "(NRE if built + port cost) / chips x capital recovery factor"
    steps.append(Step("NRE and port", text, one_off * recovery, "USD/month"))
    lines = [s for s in steps if s.unit == "USD/month"]
    total = sum(s.value for s in lines)
    text = " + ".join(s.label.lower() for s in lines)
    steps.append(Step("Cost of one chip per month", text, total, "USD/chip/month"))
    text = "cost of one chip per month / work of one chip per month"
    return (*steps, Step("Levelised cost", text, total / work, f"USD/{unit}"))


def _recovery(rate: float, periods: float) -> float:
    return rate / (1.0 - (1.0 + rate) ** -periods) if rate else 1.0 / periods


def _owned(
    scenario: Scenario, results: Results, key: str, monthly: float, recovery: float
) -> list[Step]:
    """Steps of a chip that is bought or built."""
    groups, finance = scenario.options[key], scenario.finance
    chip = groups.chip
    price = getattr(chip, PRICE_OF[groups.option.acquisition])
    purchase = price + chip.server_cost + chip.network_cost
    resale = finance.residual_value * (1.0 + monthly) ** (-12.0 * finance.life)
    word = "unit cost" if groups.option.acquisition == "build" else "price"
    text = f"{word} + server cost + network cost"
    steps = [Step("Purchase of one chip", text, purchase, "USD")]
    charge = purchase * (1.0 - resale) * recovery
    text = "purchase x (1 - residual value x (1 + i)^-n) x capital recovery factor"
    steps.append(Step("Capital", text, charge, "USD/month"))
    steps += _powered(scenario, results, key)
    running = finance.maintenance_rate * purchase / 12.0
    text = "purchase x maintenance rate / 12"
    steps.append(Step("Maintenance", text, running, "USD/month"))
    staff = (finance.staff_cost + groups.option.software_cost) / 12.0
    text = "(staff cost + software cost) / 12"
    return [*steps, Step("Staff and software", text, staff, "USD/month")]


def _powered(scenario: Scenario, results: Results, key: str) -> list[Step]:
    """Steps of hosting and electricity."""
    groups, site = scenario.options[key], scenario.site
    chip = groups.chip
    around = chip.host_power + chip.network_power
    provisioned = (chip.tdp + around) / 1000.0
    text = "(TDP + host power + network power) / 1000"
    steps = [Step("Provisioned power", text, provisioned, "kW")]
    hosting = provisioned * site.hosting_price
    text = "provisioned power x hosting price"
    steps.append(Step("Hosting", text, hosting, "USD/month"))
    share = float(results.busy_power[results.option(key)])
    text = "share of TDP at this memory and arithmetic load"
    steps.append(Step("Power while busy", text, share, "1"))
    busy = groups.option.utilisation * groups.option.availability
    mean = chip.tdp * (busy * share + (1.0 - busy) * chip.idle_power)
    text = "TDP x (busy x power while busy + (1 - busy) x idle power)"
    text += ", busy = utilisation x availability"
    steps.append(Step("Mean chip power", text, mean, "W"))
    facility = (mean + around) * site.pue / 1000.0
    text = "(mean chip power + host power + network power) x PUE / 1000"
    steps.append(Step("Mean facility power", text, facility, "kW"))
    electricity = facility * 730.0 * site.electricity_price
    text = "mean facility power x 730 h x electricity price"
    return [*steps, Step("Electricity", text, electricity, "USD/month")]


def _rented(scenario: Scenario, key: str, busy: float) -> list[Step]:
    """Steps of a chip that is rented."""
    option, chip = scenario.options[key].option, scenario.options[key].chip
    price = getattr(chip, PRICE_OF[option.acquisition])
    committed = option.acquisition.startswith("commit")
    billed = max(busy, option.committed_share) if committed else busy
    rule = (
        "the larger of busy hours and the committed share"
        if committed
        else "busy hours"
    )
    return [
        Step("Share of hours billed", rule, billed, "1"),
        Step(
            "Rent", "rental price x billed x 730 h", price * billed * 730.0, "USD/month"
        ),
        Step(
            "Staff and software",
            "software cost / 12",
            option.software_cost / 12.0,
            "USD/month",
        ),
    ]
