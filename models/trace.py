"""The headline cost redone step by step, in the units of the page.

Each step states its formula in the names of the inputs and again with their numbers, so
that the chain can be redone on paper. It is written apart from the vectorised
equations, in display units, and therefore also checks them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from breakeven.models import making
from breakeven.models.acquisition import ACQUISITIONS
from breakeven.models.economics import owned
from breakeven.models.inputs import Option
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario
from breakeven.models.silicon_study import laws
from breakeven.models.trace_use import Use, use_of


@dataclass(frozen=True)
class Step:
    """One line of a worked calculation: what, how in words and numbers, how much."""

    label: str
    formula: str
    numbers: str
    value: float
    unit: str


def _n(value: float) -> str:
    """A number of a formula, to six digits."""
    return f"{value:.6g}"


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
    option, unit = groups.option, results.work_unit
    rate = float(results.token_rate[place])
    scale = {"Mtoken": 1e6, "core-hour": 3600.0}[unit]
    money = _money(scenario)
    monthly, recovery = (step.value for step in money)
    use = use_of(scenario, key, monthly, recovery)
    work = rate * use.mean * option.availability * 3600.0 * 730.0 / scale
    numbers = f"{_n(rate)} x {_n(use.mean)} x {_n(option.availability)}"
    numbers += f" x 3600 x 730 / {scale:,.0f}"
    text = f"throughput x {use.word} x availability x 3600 s x 730 h / size of the unit"
    done = Step("Work of one chip per month", text, numbers, work, f"{unit}/month")
    steps = [*money, _risen(use), done] if use.months else [done, *money]
    if owned(option):
        steps += _owned(scenario, results, key, use, recovery)
    elif option.acquisition == "api":
        steps += _hosted(scenario, key, work)
    else:
        steps += _rented(scenario, key, use)
    one_off, count = float(results.one_off[place]), float(results.count[place])
    steps += _fill(float(results.installed[place]), count, steps)
    text = "(NRE if built + port cost) / chips x capital recovery factor"
    numbers = f"{_n(one_off)} / {_n(count)} x {_n(recovery)}"
    each = one_off / count * recovery if one_off else 0.0
    steps.append(Step("NRE and port", text, numbers, each, "USD/month"))
    lines = [s for s in steps if s.unit == "USD/month"]
    total = sum(s.value for s in lines)
    text = " + ".join(s.label.lower() for s in lines)
    numbers = " + ".join(_n(s.value) for s in lines)
    steps.append(
        Step("Cost of one chip per month", text, numbers, total, "USD/chip/month")
    )
    text = "cost of one chip per month / work of one chip per month"
    numbers = f"{_n(total)} / {_n(work)}"
    last = Step("Levelised cost", text, numbers, total / work, f"USD/{unit}")
    return (*steps, last)


def _risen(use: Use) -> Step:
    """Step of use that rises over the first months of a chip."""
    text = "utilisation - sum over the months m of the ramp of (utilisation - use in m)"
    text += " x (1 + i)^-m x capital recovery factor"
    numbers = f"{_n(use.reached)} - {_n(use.reached - use.mean)} over "
    numbers += f"{len(use.months)} months, the first at {_n(use.months[0])}"
    return Step("Mean use over the life, discounted", text, numbers, use.mean, "1")


def _fill(installed: float, count: float, steps: list[Step]) -> list[Step]:
    """Step of the chips that fill up the last server or rack, where there are any."""
    if installed == count:
        return []
    each = sum(s.value for s in steps if s.unit == "USD/month")
    text = "(chips bought / chips needed - 1) x all monthly costs above"
    numbers = f"({_n(installed)} / {_n(count)} - 1) x {_n(each)}"
    more = (installed / count - 1.0) * each
    return [Step("Chips to fill the last unit", text, numbers, more, "USD/month")]


def _money(scenario: Scenario) -> list[Step]:
    """Monthly rate and capital recovery factor."""
    finance = scenario.finance
    rate = (1.0 + finance.discount_rate) ** (1.0 / 12.0) - 1.0
    numbers = f"{_n(1.0 + finance.discount_rate)}^(1/12) - 1"
    steps = [Step("Monthly rate", "(1 + discount rate)^(1/12) - 1", numbers, rate, "1")]
    periods = finance.life * 12.0
    text = "i / (1 - (1 + i)^-n), i the monthly rate, n the life in months"
    numbers = f"{_n(rate)} / (1 - {1.0 + rate:.9g}^-{_n(periods)})"
    factor = rate / (1.0 - (1.0 + rate) ** -periods) if rate else 1.0 / periods
    return [*steps, Step("Capital recovery factor", text, numbers, factor, "1/month")]


def _owned(
    scenario: Scenario, results: Results, key: str, use: Use, recovery: float
) -> list[Step]:
    """Steps of a chip that is bought or built."""
    groups, finance = scenario.options[key], scenario.finance
    chip, rate = groups.chip, _money(scenario)[0].value
    steps = list[Step]()
    price = getattr(chip, ACQUISITIONS[groups.option.acquisition].price)
    if groups.option.acquisition == "build" and groups.option.cost_basis == "made":
        steps = [_made(scenario, key)]
        price = steps[0].value
    purchase = price + chip.server_cost + chip.network_cost
    word = "unit cost" if groups.option.acquisition == "build" else "price"
    text = f"{word} + server cost + network cost"
    numbers = f"{_n(price)} + {_n(chip.server_cost)} + {_n(chip.network_cost)}"
    if spares := finance.spare_share:
        purchase *= 1.0 + spares
        text, numbers = f"({text}) x (1 + spare share)", f"({numbers}) x {1 + spares:g}"
    steps.append(Step("Purchase of one chip", text, numbers, purchase, "USD"))
    periods = 12.0 * finance.life
    share = groups.residual(finance.residual_value, periods)
    charge = purchase * (1.0 - share * (1.0 + rate) ** -periods) * recovery
    text = "purchase x (1 - residual value x (1 + i)^-n) x capital recovery factor"
    numbers = f"{_n(purchase)} x (1 - {_n(share)} x {1.0 + rate:.9g}^-{_n(periods)})"
    numbers += f" x {_n(recovery)}"
    steps.append(Step("Capital", text, numbers, charge, "USD/month"))
    steps += _powered(scenario, results, key, use)
    running = finance.maintenance_rate * purchase / 12.0
    text = "purchase x maintenance rate / 12"
    numbers = f"{_n(purchase)} x {_n(finance.maintenance_rate)} / 12"
    steps.append(Step("Maintenance", text, numbers, running, "USD/month"))
    software = groups.option.software_cost
    staff = (finance.staff_cost + software) / 12.0
    text = "(staff cost + software cost) / 12"
    numbers = f"({_n(finance.staff_cost)} + {_n(software)}) / 12"
    return [*steps, Step("Staff and software", text, numbers, staff, "USD/month")]


def _made(scenario: Scenario, key: str) -> Step:
    """Unit cost of a chip that is costed as it is made: the lines of its bill."""
    inputs = scenario.studied[f"{key}.silicon"].base()
    lines = making.bill(*laws(scenario, key), inputs, making.lifetime_volume(inputs))
    text, numbers = " + ".join(making.BILL), " + ".join(_n(float(v)) for v in lines)
    return Step("Unit cost as made", text, numbers, float(lines.sum()), "USD")


def _powered(scenario: Scenario, results: Results, key: str, use: Use) -> list[Step]:
    """Steps of hosting and electricity."""
    groups, site = scenario.options[key], scenario.site
    chip = groups.chip
    parts = f"{_n(chip.host_power)} + {_n(chip.network_power)}"
    around = chip.host_power + chip.network_power
    provisioned = (chip.tdp + around) / 1000.0
    text = "(TDP + host power + network power) / 1000"
    numbers = f"({_n(chip.tdp)} + {parts}) / 1000"
    steps = [Step("Provisioned power", text, numbers, provisioned, "kW")]
    text = "provisioned power x hosting price"
    numbers = f"{_n(provisioned)} x {_n(site.hosting_price)}"
    hosting = provisioned * site.hosting_price
    steps.append(Step("Hosting", text, numbers, hosting, "USD/month"))
    steps.append(_busy_power(scenario, results, key))
    share = steps[-1].value
    busy = use.mean * groups.option.availability
    mean = chip.tdp * (busy * share + (1.0 - busy) * chip.idle_power)
    text = "TDP x (busy x power while busy + (1 - busy) x idle power)"
    text += f", busy = {use.word} x availability"
    numbers = f"{_n(chip.tdp)} x ({_n(busy)} x {_n(share)} + {_n(1.0 - busy)} x "
    numbers += f"{_n(chip.idle_power)})"
    label = f"Mean chip power{', discounted' if use.months else ''}"
    steps.append(Step(label, text, numbers, mean, "W"))
    facility = (mean + around) * site.pue / 1000.0
    text = "(mean chip power + host power + network power) x PUE / 1000"
    numbers = f"({_n(mean)} + {parts}) x {_n(site.pue)} / 1000"
    steps.append(Step("Mean facility power", text, numbers, facility, "kW"))
    electricity = facility * 730.0 * site.electricity_price
    text = "mean facility power x 730 h x electricity price"
    numbers = f"{_n(facility)} x 730 x {_n(site.electricity_price)}"
    return [*steps, Step("Electricity", text, numbers, electricity, "USD/month")]


def _busy_power(scenario: Scenario, results: Results, key: str) -> Step:
    """Share of TDP that a busy chip draws at its loads."""
    chip, place = scenario.options[key].chip, results.option(key)
    memory, compute = (
        float(loads[place]) for loads in (results.memory_load, results.compute_load)
    )
    rise = chip.base_rise + chip.memory_rise * memory + chip.compute_rise * compute
    span = chip.ceiling - chip.idle_power
    share = chip.idle_power + span * (1.0 - math.exp(-rise))
    text = "idle power + (power at full load - idle power) x (1 - e^-(rise with any "
    text += "work + rise with memory x its load + rise with arithmetic x its load))"
    numbers = f"{_n(chip.idle_power)} + {_n(span)} x (1 - e^-({_n(chip.base_rise)} + "
    numbers += f"{_n(chip.memory_rise)} x {_n(memory)} + {_n(chip.compute_rise)} x "
    return Step("Power while busy", text, f"{numbers}{_n(compute)}))", share, "1")


def _rented(scenario: Scenario, key: str, use: Use) -> list[Step]:
    """Steps of a chip that is rented by the hour."""
    option, chip = scenario.options[key].option, scenario.options[key].chip
    price = getattr(chip, ACQUISITIONS[option.acquisition].price)
    steps = [_billed(option, use)]
    billed = steps[0].value
    text, numbers = "rental price x billed x 730 h", f"{_n(price)} x {_n(billed)} x 730"
    steps.append(Step("Rent", text, numbers, price * billed * 730.0, "USD/month"))
    return [*steps, _software(option)]


def _billed(option: Option, use: Use) -> Step:
    """Share of hours that are billed under the terms of an option."""
    label, up, busy = "Share of hours billed", option.availability, use.mean
    busy *= up
    if option.acquisition.startswith("commit"):
        floor = option.committed_share
        if use.months:
            billed = use.mean_of(lambda share: max(share * up, floor))
            text = "the larger of busy hours and the committed share, month by month, "
            text += "and its mean over the life as that of use"
            numbers = f"from max({_n(use.months[0] * up)}, {_n(floor)}) in the first "
            numbers += f"to max({_n(use.reached * up)}, {_n(floor)})"
            return Step(label, text, numbers, billed, "1")
        text = "the larger of busy hours and the committed share"
        numbers = f"max({_n(busy)}, {_n(option.committed_share)})"
        return Step(label, text, numbers, max(busy, option.committed_share), "1")
    if option.acquisition == "block":
        return Step(label, "every hour of a block is billed", "", 1.0, "1")
    text = f"busy + (1 - busy) x idle billed, busy = {use.word} x availability"
    numbers = f"{_n(busy)} + {_n(1.0 - busy)} x {_n(option.idle_billed)}"
    billed = busy + (1.0 - busy) * option.idle_billed
    if option.acquisition == "spot":
        text = "(busy + (1 - busy) x idle billed) x (1 + rework)"
        numbers = f"({numbers}) x {1.0 + option.rework:g}"
        billed *= 1.0 + option.rework
    return Step(label, text, numbers, billed, "1")


def _hosted(scenario: Scenario, key: str, work: float) -> list[Step]:
    """Steps of tokens that are bought from a host."""
    option, llm, load = scenario.options[key].option, scenario.llm, scenario.workload
    hit, cached = load.cached_fraction, llm.hosted_cached_price
    cached = llm.hosted_input_price if cached is None else cached
    ratio = load.input_length / load.output_length
    price = llm.hosted_input_price * (1.0 - hit) + cached * hit
    price = llm.hosted_output_price + ratio * price
    text = "output price + input / output length x (input price x (1 - cached) + "
    text += "cached price x cached)"
    numbers = f"{_n(llm.hosted_output_price)} + {_n(ratio)} x "
    numbers += f"({_n(llm.hosted_input_price)} x {_n(1.0 - hit)} + {_n(cached)} x "
    steps = [
        Step(
            "Price of output tokens", text, f"{numbers}{_n(hit)})", price, "USD/Mtoken"
        )
    ]
    text, numbers = "work x price of output tokens", f"{_n(work)} x {_n(price)}"
    steps.append(Step("Tokens", text, numbers, work * price, "USD/month"))
    return [*steps, _software(option)]


def _software(option: Option) -> Step:
    """Step of software, the only own cost beside a rent."""
    text, numbers = "software cost / 12", f"{_n(option.software_cost)} / 12"
    cost = option.software_cost / 12.0
    return Step("Staff and software", text, numbers, cost, "USD/month")
