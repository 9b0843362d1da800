"""The lines of a workbook: what stands in it, in words, with unit and formula.

They are the equations of models/ once more, in the units of the page and the notation
of formulas.py, because finance audits formulas and not programs. Tests hold every line
that has a counterpart against ``evaluate()``, here and recalculated by a spreadsheet.
"""

from __future__ import annotations

from breakeven.explorer.workbook_lines import POWER, RESALE, VOLUME, Line, Section
from breakeven.explorer.workbook_use import (
    BUSY,
    BUSY_WEEK,
    by_acquisition,
    hired,
    in_the_end,
    used,
)
from breakeven.models.acquisition import ACQUISITIONS
from breakeven.models.scenario import Scenario
from breakeven.models.tco import COST_LINES

_CAPITAL = "* (1 + finance.spare_share) * kept * recovery"
_MONTHLY = {
    "chip": f"where(owned, price_paid {_CAPITAL}, 0)",
    "server": f"where(owned, chip.server_cost {_CAPITAL}, 0)",
    "network": f"where(owned, chip.network_cost * (1 - chip.storage_share) {_CAPITAL}"
    ", 0)",
    "storage": f"where(owned, chip.network_cost * chip.storage_share {_CAPITAL}, 0)",
    "NRE": "where(one_off == 0, 0, one_off / chips * recovery)",
    "hosting": "where(owned, provisioned_power * site.hosting_price, 0)",
    "electricity": "where(owned, (facility_power + use_power * (busy * use_mean "
    "- busy_life)) / 1000 * hours_per_month * site.electricity_price, 0)",
    "maintenance": "purchase * finance.maintenance_rate / months_per_year",
    "staff and software": "(where(owned, finance.staff_cost, 0) + software_cost) "
    "/ months_per_year",
    "rent": "where(either(owned == 1, hosted == 1), 0, "
    "price_paid * billed * hours_per_month)",
    "tokens": "where(hosted, work * work_size / 1000000 * price_paid, 0)",
}
CAPITAL = ("chip", "server", "network", "storage", "NRE")
_HOSTED = (
    "workload.llm.hosted_output_price + workload.input_length "
    "/ workload.output_length * (workload.llm.hosted_input_price "
    "* (1 - workload.cached_fraction) + where(known(workload.llm.hosted_cached_price), "
    "workload.llm.hosted_cached_price, workload.llm.hosted_input_price) "
    "* workload.cached_fraction)"
)
_WORDS = {"NRE": "NRE and port"}


def line_name(cost_line: str) -> str:
    """Name of the monthly amount of a cost line."""
    return f"monthly.{cost_line.replace(' ', '_')}"


def _title(cost_line: str) -> str:
    words = _WORDS.get(cost_line, cost_line)
    return words[0].upper() + words[1:]


def _price() -> str:
    """Formula of the price in use under each way to acquire a chip."""
    prices = {
        name: f"chip.{kind.price}" if kind.price else _HOSTED
        for name, kind in ACQUISITIONS.items()
    }
    return by_acquisition(prices, "na()")


def _owned() -> str:
    """Formula that is 1 for chips of one's own."""
    own = dict.fromkeys((n for n, kind in ACQUISITIONS.items() if kind.owned), "1")
    return by_acquisition(own, "0")


def _acquired() -> tuple[Line, ...]:
    """How the chips are acquired, and the work of one."""
    return (
        Line(
            "owned",
            "Bought or built rather than rented",
            "1 if so",
            _owned(),
            look="whole",
        ),
        Line(
            "hosted",
            "Bought by the token from a host",
            "1 if so",
            "where(acquisition == 'api', 1, 0)",
            look="whole",
        ),
        Line(
            "price_paid",
            "Price in use",
            "USD, USD/h, USD/Mtoken",
            _price(),
            look="exact",
        ),
        Line(
            "busy",
            "Share of hours at work",
            "1",
            BUSY,
            given=("load_shape", BUSY_WEEK),
        ),
        *used(),
    )


def _counted() -> tuple[Line, ...]:
    """How many chips, and what is paid for them."""
    return (
        Line(
            "chips",
            "Chips installed",
            "chip",
            "where(sizing == 'fixed', count, where(sizing == 'demand', "
            "workload.demand * demand_size / seconds_per_day / (token_rate * busy), "
            "work_to_match / reached))",
            "count",
        ),
        Line(
            "purchase",
            "Purchase of one chip with server and network",
            "USD",
            "where(owned, (price_paid + chip.server_cost + chip.network_cost) "
            "* (1 + finance.spare_share), 0)",
        ),
        *hired(),
        Line(
            "one_off",
            "NRE if built, and port",
            "USD",
            "(where(acquisition == 'build', chip.nre, 0) + port_cost) * 1000000",
            "one_off",
        ),
    )


def _levelised() -> tuple[Line, ...]:
    """Cost of work, line by line and in total."""
    lines = [
        Line(
            f"cost.{name.replace(' ', '_')}",
            _title(name),
            "USD/{work}",
            f"{line_name(name)} / work",
            f"breakdown.{i}",
            "exact",
        )
        for i, name in enumerate(COST_LINES)
    ]
    total = f"sum({', '.join(line.name for line in lines)})"
    ratio = "where(ref.cost_per_token > 0, cost_per_token / ref.cost_per_token, na())"
    return (
        *lines,
        Line(
            "cost_per_token",
            "Levelised cost",
            "USD/{work}",
            total,
            "cost_per_token",
            "exact",
            strong=True,
        ),
        Line("cost_ratio", "Cost over the reference's", "1", ratio, look="exact"),
    )


def _fleet() -> tuple[Line, ...]:
    """The whole fleet."""
    return (
        Line("capex", "Paid up front", "USD", "one_off + chips * purchase", "capex"),
        Line(
            "work_per_month",
            "Work of the fleet",
            "{work}/month",
            "chips * reached",
            "work_per_month",
        ),
        Line(
            "site_power",
            "Power of the site, all chips at their limit",
            "MW",
            "chips * provisioned_power * site.pue / 1000",
            "site_power",
        ),
        Line(
            "energy_per_token",
            "Energy per work",
            "kWh/{work}",
            "facility_power / 1000 * hours_per_month / (reached * busy_life / busy)",
            "energy_per_token",
            "exact",
        ),
        Line(
            "carbon",
            "Operational carbon per work",
            "kg/{work}",
            "energy_per_token * site.carbon_intensity / 1000",
            "carbon",
            "exact",
        ),
    )


def _monthly() -> tuple[Line, ...]:
    """What one chip costs per month, line by line and in total."""
    monthly = tuple(
        Line(line_name(name), _title(name), "USD/month", _MONTHLY[name], look="exact")
        for name in COST_LINES
    )
    running = ", ".join(line_name(n) for n in COST_LINES if n not in CAPITAL)
    every = ", ".join(line.name for line in monthly)
    sums = (
        Line(
            "running",
            "of which paid in cash each month",
            "USD/month",
            f"sum({running})",
            look="exact",
        ),
        *in_the_end(),
        Line(
            "monthly.total",
            "One chip per month",
            "USD/month",
            f"sum({every})",
            look="exact",
            strong=True,
        ),
        Line(
            "cost_per_hour",
            "Levelised cost of a chip-hour",
            "USD/h",
            "monthly.total / hours_per_month",
            "cost_per_hour",
            "exact",
        ),
    )
    return (*monthly, *sums)


def sections() -> tuple[Section, ...]:
    """Lines of one option, from its price to its levelised cost."""
    return (
        Section("Acquisition and work", _acquired()),
        Section("Count and purchase", (*_counted(), *RESALE)),
        Section("Power", POWER),
        Section("One chip per month, capital as an annuity", _monthly()),
        Section("Levelised cost", _levelised()),
        Section("Fleet", _fleet()),
        Section("Break-even volume", VOLUME),
    )


def work_to_match(scenario: Scenario) -> str:
    """Formula of the work that all options do when sizing is match."""
    text = "na()"
    for key in reversed(scenario.options):
        text = f"where(anchor == '{key}', {key}.count * {key}.reached, {text})"
    return text
