"""The decisions over time in words: when to retire, port, or take a second source."""

from __future__ import annotations

import math
from collections.abc import Iterator

from breakeven.explorer.words import money, months_text, quantity_text
from breakeven.models.results import Results, limit_name
from breakeven.models.scenario import Scenario
from breakeven.models.training_run_study import METHODS
from breakeven.presets import label


def _rivals(results: Results) -> Iterator[tuple[int, str]]:
    """Position and name of each option but the reference."""
    yield from enumerate(results.labels[:-1])


def _stopped(results: Results, option: int) -> str:
    """Why an option cannot be compared with the reference; empty when it can."""
    for index in (option, len(results.options) - 1):
        if not results.feasible[index]:
            reason = limit_name(results.limited_by[index])
            return f"{results.labels[index]} cannot be compared: {reason}."
    return ""


def port(scenario: Scenario, results: Results) -> list[str]:
    """Whether and when the port pays, and what the delay costs."""
    found, rival, lines = results.studies["port"], results.labels[-1], []
    for i, own in _rivals(results):
        if said := _stopped(results, i):
            lines.append(said)
            continue
        cost, saving = money(float(found["cost"][i])), float(found["saving"][i])
        if saving <= 0:
            lines.append(
                f"The port to {own} never pays back: work costs no less there than on "
                f"{rival}."
            )
            continue
        back = float(found["payback"][i])
        ready = months_text(float(found["ready"][i]))
        start = f"The port to {own} costs {cost} and takes {ready}"
        if math.isnan(back):
            lines.append(
                f"{start}, and never pays back: the model family is expected to change "
                "before it has."
            )
            continue
        lines.append(
            f"{start}; it then saves {money(saving)} a month and has paid for itself "
            f"after {months_text(back)}."
        )
        lines.append(_late(results, i))
    return lines


def _late(results: Results, i: int) -> str:
    """What the delay costs, and which delay leaves nothing."""
    found = results.studies["port"]
    delay, left = float(found["delay"][i]), float(found["breakeven_delay"][i])
    horizon = months_text(float(found["months"][-1]))
    if math.isnan(left):
        return f"Within {horizon} it is worth nothing, even on time."
    end = f"nothing would be left after {months_text(left)} of delay"
    if delay == 0:
        return f"On time, it is worth {money(float(found['value'][i]))}; {end}."
    lost = money(float(found["lateness"][i]))
    return f"Being {months_text(delay)} late costs {lost} of its value; {end}."


def supply(scenario: Scenario, results: Results) -> list[str]:
    """Whether a second source pays, and from which risk on."""
    found, lines = results.studies["supply"], []
    for i, own in _rivals(results):
        if said := _stopped(results, i):
            lines.append(said)
            continue
        chance, saving = float(found["disruption"][i]), float(found["saving"][i])
        more = float(found["single"][i] - found["undisturbed"][i])
        start = f"At a chance of {chance:.0%} that the supplier of {own} slips or cuts"
        spared = f"saves {money(saving)}"
        if saving < 0:
            spared = f"costs {money(-saving)} more than it saves"
        lines.append(f"{start}, a second source {spared}.")
        pays = _pays(float(found["paying_chance"][i]))
        lines.append(f"{pays} The risk itself costs {money(more)}.")
    return lines


def _pays(chance: float) -> str:
    """From which chance on a second source pays."""
    if math.isnan(chance):
        return "No second source pays, whatever the risk."
    if chance == 0:
        return "It pays even if nothing can go wrong."
    return f"It pays from a chance of {quantity_text(100 * chance, 2)} %."


def training_run(scenario: Scenario, results: Results) -> list[str]:
    """The scenario's own training first, then the run beside what was published."""
    found, lines = results.studies["training_run"], []
    for i, chip in enumerate(results.labels):
        if not math.isfinite(found["own_time"][i]):
            continue
        long = months_text(float(found["own_time"][i]))
        by = " / ".join(money(float(found[f"own_{m}"][i])) for m in METHODS)
        lines.append(
            f"This training on {chip} takes {long} and costs {by} (amortised / "
            "rented / bought)."
        )
    costs = [money(float(found[m])) for m in METHODS]
    name = label("training_runs", scenario.studied["training_run"].run).label
    apart = quantity_text(float(found["spread"]), 2)
    lines.append(
        f"{name} costs {costs[0]} amortised, {costs[1]} rented and {costs[2]} bought: "
        f"the same run, {apart} times apart."
    )
    verbs = dict(zip(METHODS, ("amortised", "rented", "bought"), strict=True))
    known = {verbs[m]: float(found[f"published_{m}"]) for m in METHODS}
    parts = [f"{money(v)} {verb}" for verb, v in known.items() if math.isfinite(v)]
    return [*lines, f"Published: {', '.join(parts)}."] if parts else lines


def useful_life(scenario: Scenario, results: Results) -> list[str]:
    """What a shorter life does to the yearly charge and to the cost of work."""
    found, group = results.studies["useful_life"], scenario.studied["useful_life"]
    lives = [f"{group.booked_life:g}", f"{group.revised_life:g} years"]
    lines = []
    for i, chip in enumerate(results.labels):
        if not math.isfinite(found["capital"][i]):
            if results.feasible[i]:
                lines.append(f"{chip} is not owned: there is nothing to depreciate.")
            continue
        before, after = (float(found[f"{n}_charge"][i]) for n in ("booked", "revised"))
        costs = [money(float(found[f"{n}_cost"][i])) for n in ("booked", "revised")]
        lines.append(
            f"1 GW of {chip} is charged {money(before)} a year over {lives[0]} years, "
            f"{money(after)} over {lives[1]}; work costs {costs[0]} and {costs[1]} per "
            f"{results.work_label}."
        )
    site = [money(float(found[f"site_{n}"])) for n in ("booked", "revised")]
    swing = float(found["site_swing"])
    word = "more" if swing >= 0 else "less"
    lines.append(
        f"A published site of 1 GW costs {site[0]} a year over {lives[0]} years and "
        f"{site[1]} over {lives[1]}: {abs(swing):.0%} {word}."
    )
    return lines
