"""Names of inputs and groups as a reader sees them."""

from __future__ import annotations

from breakeven.models.retirement_inputs import OLD
from breakeven.models.scenario import Scenario
from breakeven.models.studies import STUDIES

_TITLES = {
    "ttft_limit": "Time to first token, limit",
    "interactivity": "Speed per user, at least",
    "pue": "PUE",
    "nre": "NRE (one-off design cost)",
    "cost_basis": "Unit cost and NRE",
    "volume.replaced": "Rival chips replaced by one",
    "volume.lateness": "Cost of arriving late",
    "anchor.volume": "Chips the anchor takes",
    "anchor.own_volume": "Chips for the provider itself",
    "anchor.split": "Who pays for the design",
    "anchor.floor": "Take-or-pay floor",
    "anchor.use": "Share really taken",
    "anchor.margin": "Provider's margin",
    "anchor.extras": "Extras for the anchor",
    "anchor.customer_nre": "NRE of a chip of its own",
    "anchor.customer_wait": "Wait for a chip of its own",
    "anchor.debt_rate": "Interest on secured debt",
    "markup.foundry_margin": "Foundry's margin",
    "markup.memory_margin": "Memory maker's margin",
    "markup.other_margin": "Another seller's margin",
    "markup.facility_price": "Price of the building",
    "partner_margin": "Design partner's margin",
    "anchor.coverage": "Debt service coverage",
    "tdp": "Power limit (TDP)",
    "hbm_capacity": "Memory capacity",
    "hbm_bandwidth": "Memory bandwidth",
    "kv_precision": "KV cache precision",
    "layout": "Layout over chips",
    "base_rise": "Power rise with any work",
    "memory_rise": "Power rise with memory load",
    "compute_rise": "Power rise with arithmetic",
    "ceiling": "Power at full load",
    "power_cap": "Site power",
    "price_ratio": "Price over rival's cost",
    "aim": "Make the most of",
    "ramp": "Quarters to full power",
    "ramp_period": "Ramp of utilisation",
    "ramp_start": "Ramp starts at",
    "quarters": "Quarters planned",
    "least_share": "Least share",
    "most_share": "Most share",
    "late": "Late by",
    "short": "Cut by",
    "price_rise": "Price up by",
    "across": "Across",
    "up": "Up",
    "engineer_cost": "Cost of an engineer",
    "duration": "Planned duration",
    "coverage": "Spending that moves",
    "change_chance": "Chance of a new model family",
    "carried": "Carried over a change",
    "age": "Age",
    "value_decay": "Loss of value",
    "load": "Load of a week",
    "resale": "Quotes of used hardware",
    "resale_share": "Share that a sale brings in",
    "hardware_decline": "Fall of hardware prices",
    "new_software_gain": "Software gain, new chips",
    "old_software_gain": "Software gain, old chips",
    "maintenance_growth": "Growth of repairs with age",
    "markup": "Price of work over cost",
    "price_decline": "Fall of the price of work",
    "slip_chance": "Chance of a slip",
    "cut_chance": "Chance of a cut",
    "cut": "Share that is cut",
    "period": "Period looked at",
    "spot_premium": "Spot price over reference",
    "second_share": "Share of second source",
    "second_premium": "Its cost over the first",
    "second_surge": "What it can add",
    "common": "Failures in common",
    "second_port": "Port to second source",
    "run": "Published run",
    "chip_time": "Chip-hours",
    "rented_time": "Chip-hours billed",
    "decay": "Loss of value",
    "interconnect_share": "Share of the network",
    "revision": "Age at the revision",
    "tax_life": "Property class for tax",
    "bonus": "Expensed in the first year",
    "market": "Second-hand value from",
    "market_quotes": "Quotes, age:share",
    "site_capital": "Published site: purchases",
    "site_other": "Published site: other costs",
}
_CAPITALS = {
    "bf16": "BF16",
    "fp8": "FP8",
    "fp4": "FP4",
    "int8": "INT8",
    "kv": "KV",
    "cpu": "CPU",
    "llm": "LLM",
    "hbm": "HBM",
    "flops": "FLOP/s",
    "moe": "MoE",
    "1yr": "1 year",
    "3yr": "3 years",
}
_GROUPS = {
    "workload": "Workload",
    "workload.llm": "Language model",
    "site": "Site",
    "finance": "Finance",
}
_PARTS = {"chip": "chip and server", "stack": "software stack"}


def input_title(name: str) -> str:
    """Short name of an input from its dotted name."""
    last = name.rpartition(".")[2]
    for known in (name, last):
        if known in _TITLES:
            return _TITLES[known]
    words = [_CAPITALS.get(word, word) for word in last.split("_")]
    text = " ".join(words)
    return text[0].upper() + text[1:]


def group_title(scenario: Scenario, prefix: str) -> str:
    """Title of a group of inputs from its prefix."""
    if prefix in _GROUPS:
        return _GROUPS[prefix]
    if prefix in STUDIES:
        return STUDIES[prefix].title
    key, _, part = prefix.partition(".")
    if key == OLD:
        return f"Old fleet: {_PARTS[part]}"
    label = scenario.options[key].option.label
    title = _PARTS.get(part) or (STUDIES[part].title.lower() if part else "deployment")
    return f"{label}: {title}"
