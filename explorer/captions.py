"""What stands under a picture: the assumptions it rests on, and their sources."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from importlib.metadata import version

from breakeven import presets
from breakeven.explorer.words import money, quantity_text
from breakeven.models.acquisition import ACQUISITIONS, price_name
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario

_WAYS = {
    "buy": "bought at {price} a chip",
    "build": "built at {price} a chip",
    "rent": "rented at {price} an hour",
    "spot": "spot at {price} an hour",
    "block": "capacity blocks at {price} an hour",
    "commit_1yr": "committed for 1 year at {price} an hour",
    "commit_3yr": "committed for 3 years at {price} an hour",
    "api": "bought by the token",
}
_SHOWN = 6  # documents named under a picture


def assumptions(scenario: Scenario, results: Results) -> list[str]:
    """Sentences on the inputs that decide the answer."""
    found = [_option(scenario, results, key) for key in scenario.options]
    found.append(_work(scenario))
    site, finance = scenario.site, scenario.finance
    found.append(
        f"Electricity {site.electricity_price:g} USD/kWh, PUE {site.pue:g}, discount "
        f"rate {100 * (finance.discount_rate or 0.0):.3g} %, life {finance.life:g} "
        f"years, installed over {finance.deployment_period:g} months."
    )
    edited = [
        f"{name} = {_value(item.value)} {item.unit if item.unit != 'choice' else ''}"
        for name, item in scenario.inputs().items()
        if item.evidence.status == "edited"
    ]
    if edited:
        more = f" and {len(edited) - 8} more" if len(edited) > 8 else ""
        said = ", ".join(text.strip().removesuffix(" 1") for text in edited[:8])
        found.append(f"Changed by hand: {said}{more}.")
    return found


def _value(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _price(value: float) -> str:
    return f"${value:,.0f}" if value >= 1000 else f"${value:,.2f}"


def _option(scenario: Scenario, results: Results, key: str) -> str:
    """One option: how many, how acquired, how busy."""
    option = scenario.options[key].option
    name = price_name(key, option.acquisition)
    prefix, _, last = name.rpartition(".")
    price = getattr(scenario.groups()[prefix], last)
    way = _WAYS.get(option.acquisition, option.acquisition)
    way = way.format(price="an unknown price" if price is None else _price(price))
    count = quantity_text(float(results.count[results.option(key)]))
    share = f"{100 * option.utilisation:g} % busy"
    if option.ramp_period and option.ramp_start < 1.0:
        share += f" after {option.ramp_period:g} months"
    form = "" if scenario.workload.kind == "cpu" else f", {option.precision.upper()}"
    kept = ACQUISITIONS[option.acquisition].owned and option.acquisition == "build"
    design = scenario.options[key].chip.nre if kept else None
    once = f", design {money(design * 1e6)}" if design is not None else ""
    return f"{option.label}: {count} chips {way}{once}, {share}{form}."


def _work(scenario: Scenario) -> str:
    """The workload and the model it runs."""
    load = scenario.workload
    name = presets.label("workloads", scenario.presets.get("workload", "")).label
    if load.kind == "cpu":
        return f"Work: {name}."
    model = presets.label("llms", scenario.presets.get("llm", "")).label
    if load.kind == "training":
        return (
            f"Work: {name}, {model}, sequences of {load.sequence_length:g} tokens, "
            f"{load.job_chips:g} chips in a job."
        )
    return (
        f"Work: {name}, {model}, {load.input_length:,.0f} tokens in and "
        f"{load.output_length:,.0f} out a call, at least {load.interactivity:g} "
        f"token/s per user, first token within {load.ttft_limit:g} s."
    )


def sources(scenario: Scenario, today: date | None = None) -> str:
    """Sentence on the documents behind the inputs, the most used first."""
    documents: Counter[str] = Counter()
    statuses: Counter[str] = Counter()
    for item in scenario.inputs().values():
        evidence = item.evidence
        if item.value is None or evidence.status in ("unused", "default", "scenario"):
            continue
        statuses[evidence.status.split(",")[0]] += 1
        if evidence.source and evidence.status != "edited":
            documents[evidence.source] += 1
    named = "; ".join(_short(name) for name, _ in documents.most_common(_SHOWN))
    more = len(documents) - min(len(documents), _SHOWN)
    kinds = ", ".join(f"{count} {status}" for status, count in statuses.most_common(5))
    day = today or datetime.now(UTC).date()
    return (
        f"Sources of {sum(statuses.values())} inputs ({kinds}): {named}"
        + (
            f"; and {more} more, listed by: breakeven cite {scenario.name}."
            if more
            else "."
        )
        + f" Breakeven {version('breakeven')}, {day:%d %B %Y}."
    )


def _short(text: str) -> str:
    return text if len(text) <= 70 else text[:67].rstrip() + "…"
