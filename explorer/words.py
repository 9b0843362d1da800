"""Answers in words: the sentences of the page, the command line and the exports."""

from __future__ import annotations

import math
import textwrap
from typing import Any

from breakeven.models.results import Results, limit_name
from breakeven.models.scenario import Scenario
from breakeven.models.trace import Step, worked_cost


def quantity_text(value: float, digits: int = 3) -> str:
    """A number with k, M, B or T, to some significant digits; a dash when unknown."""
    if not math.isfinite(value):
        return "–"
    for size, letter in ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size * 0.9995:
            return f"{_significant(value / size, digits)} {letter}"
    return _significant(value, digits)


def money(value: float, digits: int = 3) -> str:
    """USD with k, M or B; a dash when unknown."""
    if not math.isfinite(value):
        return "–"
    return ("-" if value < 0 else "") + "$" + quantity_text(abs(value), digits)


def power_text(megawatts: float) -> str:
    """A power in MW, or in GW where that is shorter. [text]."""
    if abs(megawatts) >= 999.5:
        return f"{quantity_text(megawatts / 1e3)} GW"
    return f"{quantity_text(megawatts)} MW"


def watts_text(watts: float) -> str:
    """A power given in watts, in MW or GW. [text]."""
    return power_text(watts / 1e6)


def _significant(value: float, digits: int) -> str:
    if value == 0:
        return "0"
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(value)) + 1e-9))
    return f"{value:,.{decimals}f}"


def sentence_case(text: str) -> str:
    """Words as a row or a bar begins with them. [text]."""
    return text[:1].upper() + text[1:]


def months_text(months: float) -> str:
    """A number of months in words."""
    return f"{_significant(months, 2)} month" + ("" if round(months, 1) == 1 else "s")


def verdict(results: Results, option: int) -> str:
    """Sentence on one option against the reference: when it overtakes, or why not."""
    own, rival = results.labels[option], results.labels[-1]
    for index in (option, len(results.options) - 1):
        if not results.feasible[index]:
            reason = limit_name(results.limited_by[index])
            return f"{results.labels[index]} cannot be compared: {reason}."
    month = float(results.breakeven_month[option])
    count = quantity_text(float(results.count[option]))
    if math.isnan(month):
        horizon = months_text(float(results.months[-1]))
        return f"{own} does not overtake {rival} within {horizon} at {count} chips."
    if month == 0:
        return f"{own} is cheaper than {rival} from the start at {count} chips."
    return f"{own} overtakes {rival} after {months_text(month)} at {count} chips."


def volume_sentence(results: Results, option: int) -> str:
    """Sentence on the volume that earns an option's one-off costs back."""
    own, rival = results.labels[option], results.labels[-1]
    if float(results.one_off[option]) == 0:
        return f"{own} has no one-off cost to earn back."
    if not all(math.isfinite(results.cost_per_token[i]) for i in (option, -1)):
        return f"No volume can be given for {own} against {rival}."
    volume = float(results.breakeven_volume[option])
    if math.isnan(volume):
        return f"No volume of {own} earns its one-off cost back against {rival}."
    spent = money(float(results.one_off[option]))
    return (
        f"{own} earns {spent} of one-off cost back from {quantity_text(volume)} chips."
    )


def cost_sentence(results: Results, option: int) -> str:
    """Sentence on the levelised cost of an option against the reference."""
    own, rival = results.labels[option], results.labels[-1]
    cost, other = (float(results.cost_per_token[i]) for i in (option, -1))
    if not math.isfinite(cost):
        return f"{own}: no cost can be given."
    said = f"{own} costs {money(cost)} per {results.work_label}"
    if not math.isfinite(other) or other <= 0:
        return f"{said}; {rival} has no cost to compare with."
    share = cost / other - 1.0
    if share > 2.0:
        return f"{said}, {quantity_text(cost / other, 2)} times as much as {rival}."
    return f"{said}, {abs(share):.0%} {'below' if share < 0 else 'above'} {rival}."


_ROWS = (
    ("Chips", "count", quantity_text),
    ("Levelised cost", "cost_per_token", money),
    ("Levelised cost of a chip-hour", "cost_per_hour", money),
    ("Paid up front", "capex", money),
    ("Work per busy chip", "token_rate", quantity_text),
    ("Time to first token", "ttft", quantity_text),
    ("Time per output token", "tpot", quantity_text),
    ("Sequences per replica", "batch", quantity_text),
    ("Chips per replica", "chips_per_replica", quantity_text),
    ("Facility power per chip", "facility_power", quantity_text),
    ("Power of the site", "site_power", quantity_text),
    ("Energy per work", "energy_per_token", quantity_text),
    ("Operational carbon", "carbon", quantity_text),
)


def worked_steps(scenario: Scenario, results: Results) -> list[dict[str, Any]]:
    """Chain from throughput to levelised cost of each option: label, formula, value."""
    found = []
    for key, groups in scenario.options.items():
        place = results.option(key)
        rate = float(results.token_rate[place])
        if results.feasible[place]:
            first = Step(
                "Throughput of a busy chip",
                "from the throughput model, at the present inputs",
                "",
                rate,
                results.unit("token_rate"),
            )
            steps = [first, *worked_cost(scenario, results, key)]
        else:
            steps = []
        shown = [
            {
                "label": step.label,
                "formula": step.formula,
                "numbers": step.numbers,
                "value": f"{step.value:.6g} {step.unit}".removesuffix(" 1"),
            }
            for step in steps
        ]
        reason = "" if steps else limit_name(results.limited_by[place])
        found.append({"option": groups.option.label, "steps": shown, "why": reason})
    return found


def worked(scenario: Scenario, results: Results) -> str:
    """Chain from throughput to the levelised cost of each option, to redo by hand."""
    lines = []
    for option in worked_steps(scenario, results):
        lines.append(option["option"])
        for step in option["steps"]:
            lines.append(f"  {step['label']}: {step['value']}")
            lines.append(f"      {step['formula']}")
            if step["numbers"]:
                lines.append(f"      = {step['numbers']}")
        lines += [f"  {option['why']}"] if option["why"] else []
        lines.append("")
    return "\n".join(lines).rstrip()


def report(scenario: Scenario, results: Results) -> str:
    """Answers and a table of the options, as text for a terminal."""
    lines = [scenario.title, "=" * len(scenario.title), ""]
    if about := " ".join(scenario.description.split()):
        lines += [*textwrap.wrap(about, 88), ""]
    for option in range(len(results.options) - 1):
        lines += [verdict(results, option), cost_sentence(results, option)]
        lines += [volume_sentence(results, option), ""]
    width = max(map(len, results.labels)) + 2
    head = "".join(f"{label:>{max(width, 14)}}" for label in results.labels)
    lines.append(f"{'':52}{head}")
    for label, name, text in _ROWS:
        row = "".join(
            f"{text(float(value)):>{max(width, 14)}}"
            for value in getattr(results, name)
        )
        lines.append(f"{f'{label} [{results.unit(name)}]':52}{row}")
    limits = "".join(
        f"{limit_name(code):>{max(width, 14)}}" for code in results.limited_by
    )
    lines.append(f"{'Limited by':52}{limits}")
    lines += ["", *results.notes] if results.notes else []
    return "\n".join(line.rstrip() for line in lines)
