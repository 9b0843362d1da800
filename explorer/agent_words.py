"""What agents, carbon and falling prices come to, in words."""

from __future__ import annotations

import math

import numpy as np

from breakeven import presets
from breakeven.explorer.words import money, quantity_text
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario


def agents(scenario: Scenario, results: Results) -> list[str]:
    """Cost of a task, what CPUs are of it, and how long it takes."""
    found, said = results.studies["agent"], []
    if scenario.workload.kind == "training":
        return ["A training run has no tasks: pick a chat or agent workload."]
    for place, label in enumerate(results.labels):
        cost = float(found["cost"][place])
        if not math.isfinite(cost):
            said.append(f"{label}: no cost of a task can be given.")
            continue
        share = float(found["cpu_cost_share"][place])
        first = f"A task costs {money(cost)} on {label}"
        if scenario.workload.kind == "cpu":
            said.append(f"{first} for its tools and sandbox; tokens are not in it.")
        else:
            said.append(f"{first}; CPUs for its tools are {_percent(share)} of it.")
    return [*said, *_cores(scenario, results), *_wait(results)]


def _cores(scenario: Scenario, results: Results) -> list[str]:
    """Cores beside an accelerator, and what binds them."""
    found = results.studies["agent"]
    if scenario.workload.kind != "serving" or not np.isfinite(found["cores"]).any():
        return []
    place = int(np.nanargmax(found["cores"]))
    cores, arithmetic = (float(found[n][place]) for n in ("cores", "compute_cores"))
    binds = "memory of the sandboxes" if cores > arithmetic else "arithmetic"
    if not cores > 0:
        return []
    host = quantity_text(float(found["host_cores"]), 2)
    claimed = float(claimed_cores(scenario))
    needed = float(found["claimed_core_seconds"][place])
    return [
        f"A busy {results.labels[place]} keeps {quantity_text(cores, 2)} cores at work "
        f"beside {host} of its host; {binds} binds. For the {claimed:.0f} cores that "
        f"are claimed, tools would have to take {quantity_text(needed, 2)} "
        "core-seconds a call, not "
        f"{quantity_text(scenario.workload.core_seconds, 2)}."
    ]


def claimed_cores(scenario: Scenario) -> float:
    """Cores beside an accelerator that a seller claims. [core]."""
    value = scenario.studied["agent"].claimed_cores  # type: ignore[attr-defined]
    return math.nan if value is None else float(value)


# What is said of the cores beside an accelerator, by quantity of the table of facts.
_CLAIMS = {
    "bottom_up_cores_per_accelerator_cpu_bound": "Traces, arithmetic",
    "bottom_up_cores_per_accelerator_memory_bound": "Traces, memory",
    "intel_cores_per_accelerator_was": "Intel, so far",
    "intel_cores_per_accelerator_now": "Intel, now",
    "intel_cores_per_accelerator_later": "Intel, later",
    "arm_cores_per_accelerator_was": "Arm, so far",
    "arm_cores_per_accelerator_later": "Arm, later",
}


def claims() -> list[tuple[str, float]]:
    """Cores beside an accelerator as sellers claim or traces count them. [core]."""
    rows = presets.preset("facts", "cpu_gpu_ratio")
    return [(text, rows[name].central or math.nan) for name, text in _CLAIMS.items()]


def _wait(results: Results) -> list[str]:
    """How long a task takes, by percentile."""
    found = results.studies["agent"]
    if not np.isfinite(found["time_p50"]).any():
        return []
    place = int(np.nanargmin(found["time_p50"]))
    half, slow = (float(found[n][place]) for n in ("time_p50", "time_p90"))
    share = float(found["tool_time_share"][place])
    return [
        f"Half of the tasks end within {duration(half)} on {results.labels[place]}, "
        f"one in ten takes more than {duration(slow)}; tools are {_percent(share)} of "
        "the mean time. Tails are heavy: means set the cost, percentiles the wait."
    ]


def duration(seconds: float) -> str:
    """A time as a reader says it."""
    if seconds < 120:
        return f"{quantity_text(seconds, 2)} s"
    if seconds < 7200:
        return f"{quantity_text(seconds / 60, 2)} min"
    return f"{quantity_text(seconds / 3600, 2)} h"


def _percent(share: float) -> str:
    """A share as a percentage of two digits."""
    return f"{quantity_text(100 * share, 2)} %"


def carbon(scenario: Scenario, results: Results) -> list[str]:
    """Carbon of work, electricity and making apart."""
    found, said = results.studies["carbon"], []
    unit = "million tokens" if results.work_unit == "Mtoken" else "core-hour"
    for place, label in enumerate(results.labels):
        total, share = (float(found[n][place]) for n in ("total", "embodied_share"))
        if math.isfinite(total):
            said.append(
                f"{label} emits {quantity_text(total)} kg of CO2e per {unit}; making "
                f"the chips is {_percent(share)} of it, electricity the rest."
            )
        else:
            said.append(f"{label}: what making it emits is not known.")
    return said


def falling_prices(scenario: Scenario, results: Results) -> list[str]:
    """Lowest price now and later, and when the old fleet is switched off."""
    found = results.studies["passthrough"]
    months, new, keep = found["months"], found["new_price"], found["keep_price"]
    if not np.isfinite(new[:, 0]).any():
        return ["No option has a price: nothing can be passed on."]
    best = int(np.nanargmin(new[:, 0]))
    later = int(np.searchsorted(months, 24.0))
    cheap = int(np.nanargmin(new[:, later]))
    work = results.work_label
    said = [
        f"{results.labels[best]} can charge {money(float(new[best, 0]))} per {work} "
        f"today; a fleet acquired in two years {money(float(new[cheap, later]))}."
    ]
    drop = float(keep[best, later] / keep[best, 0])
    said.append(
        f"Software alone takes today's {results.labels[best]} to {_percent(drop)} of "
        "its price by then."
    )
    for place, label in enumerate(results.labels):
        month = float(found["retirement"][place])
        if not math.isfinite(month):
            said.append(f"{label} acquired today is worth running for all five years.")
        elif month == 0:
            said.append(
                f"{label} acquired today costs more to run than the cheapest new "
                "fleet costs in all."
            )
        else:
            said.append(
                f"{label} acquired today is worth running until it is {month:.0f} "
                "months old: from then a new fleet costs less in all than this one "
                "costs to run."
            )
    return said
