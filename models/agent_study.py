"""The study of agents: cost, latency, energy and hardware of one task, by option."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from breakeven.models import agents, facility, power, task_energy, task_time, units
from breakeven.models.agent_inputs import Agent
from breakeven.models.agent_outputs import OUTPUTS
from breakeven.models.base import Array
from breakeven.models.carbon_study import chip_embodied
from breakeven.models.economics import Economics
from breakeven.models.performance import Performance
from breakeven.models.study import Context, Study


@dataclass(frozen=True)
class _Machine:
    """What one option gives the study: speeds, prices and powers in base units.

    ``rate`` and ``mean_rate`` count output tokens of a busy chip and of an average
    hour; ``core_price`` and ``core_power`` are those of a core, ``carbon`` what making
    the chip adds per output token.
    """

    rate: Array
    mean_rate: Array
    llm_time: Array
    ttft: Array
    tpot: Array
    token_cost: Array
    token_energy: Array
    token_carbon: Array
    power: Array
    core_price: Array
    core_power: Array
    core_carbon: Array
    memory_per_core: Array
    cpu_utilisation: Array


def evaluate(context: Context) -> dict[str, Any]:
    """Outputs of the study for every option. [mixed].

    Parameters
    ----------
    context
        Inputs and the core's results. [mixed]

    References
    ----------
    models/agents.py and models/task_time.py for the equations.
    """
    given = {n: _known(v) for n, v in context.base["agent"].items()}
    given["carbon_intensity"] = context.base["site"]["carbon_intensity"]
    work = {n: _known(v) for n, v in context.base["workload"].items()}
    kind = context.scenario.workload.kind
    make = {"serving": _serving, "cpu": _sockets}.get(kind)
    rows = []
    for place in range(len(context.works)):
        if make is None:
            rows.append(dict.fromkeys(_ROWS, np.nan))
        else:
            rows.append(_task(make(context, place, given, work), given, work))
    found: dict[str, Any] = {
        name: np.stack([context.spread(row[name]) for row in rows]) for name in _ROWS
    }
    prompt = work["calls_per_task"] * work["input_length"]
    found["fresh_tokens"] = context.spread(prompt * (1.0 - work["cached_fraction"]))
    found["cached_tokens"] = context.spread(prompt * work["cached_fraction"])
    found["output_tokens"] = context.spread(
        work["calls_per_task"] * work["output_length"]
    )
    found["host_cores"] = context.spread(given["host_cores"])
    return {n: found[n] / units.factor(o.unit) for n, o in OUTPUTS.items()}


def _known(value: Any) -> Array:
    """A value, not a number where nobody has published it."""
    return np.asarray(np.nan if value is None else value, float)


def _serving(
    context: Context, place: int, given: dict[str, Array], work: dict[str, Array]
) -> _Machine:
    """An option that serves the tokens; tools run on cores that are rented beside."""
    cost, performance = context.costs[place], context.works[place]
    site = context.base["site"]
    return _Machine(
        rate=performance.rate,
        mean_rate=cost.mean_work,
        llm_time=_call_time(performance, work),
        ttft=performance.ttft,
        tpot=performance.tpot,
        token_cost=context.table["cost_per_token"][place] / context.scale,
        token_energy=power.energy_per_work(cost.facility_power, cost.mean_work),
        token_carbon=_embodied(context, place) / cost.mean_work,
        power=power.facility_power(cost.provisioned_power, site["pue"]),
        core_price=given["core_price"],
        core_power=power.facility_power(given["core_power"], site["pue"]),
        core_carbon=task_energy.embodied_rate(
            given["core_embodied"], context.base["finance"]["life"]
        ),
        memory_per_core=given["memory_per_core"],
        cpu_utilisation=given["cpu_utilisation"],
    )


def _sockets(
    context: Context, place: int, given: dict[str, Array], work: dict[str, Array]
) -> _Machine:
    """An option that is the processors themselves: their tools only, at their cost.

    What serves the tokens is not part of it; its calls are as slow as users accept.
    """
    cost = context.costs[place]
    key = list(context.scenario.options)[place]
    chip = context.base[f"{key}.chip"]
    cores = _known(chip["cores"])
    none = np.asarray(np.nan)
    per_core = context.table["cost_per_hour"][place] / 3600.0 / cores
    return _Machine(
        rate=none,
        mean_rate=none,
        llm_time=work["ttft_limit"]
        + np.maximum(work["output_length"] - 1.0, 0.0) / work["interactivity"],
        ttft=work["ttft_limit"],
        tpot=1.0 / work["interactivity"],
        token_cost=np.asarray(0.0),
        token_energy=np.asarray(0.0),
        token_carbon=np.asarray(0.0),
        power=none,
        core_price=per_core,
        core_power=cost.facility_power / cores,
        core_carbon=_embodied(context, place) / cores,
        memory_per_core=_known(chip["hbm_capacity"]) / cores,
        cpu_utilisation=_share(cost, cores),
    )


def _share(cost: Economics, cores: Array) -> Array:
    """Core-seconds of a reference core per paid core-second."""
    return np.asarray(cost.work / cores)


def _call_time(performance: Performance, work: dict[str, Array]) -> Array:
    """Mean time of one LLM call."""
    later = np.maximum(work["output_length"] - 1.0, 0.0)
    return np.asarray(performance.ttft + later * performance.tpot)


def _embodied(context: Context, place: int) -> Array:
    """Carbon of making one chip with its share of a server, per time of its life."""
    key = list(context.scenario.options)[place]
    embodied = chip_embodied(context, key)
    return task_energy.embodied_rate(embodied, context.base["finance"]["life"])


_ROWS = tuple(name for name, output in OUTPUTS.items() if output.by_option)


def _task(
    machine: _Machine, given: dict[str, Array], work: dict[str, Array]
) -> dict[str, Any]:
    """Every output of one option, in base units."""
    calls, output = work["calls_per_task"], work["output_length"]
    tokens = calls * output
    alive = _alive(machine, given, calls)
    compute = agents.compute_core_time(
        calls, work["core_seconds"], machine.cpu_utilisation
    )
    memory = agents.memory_core_time(
        given["sandbox_memory"], alive, machine.memory_per_core
    )
    paid = agents.bound_core_time(compute, memory)
    found = _money(machine, given, tokens, compute, paid)
    found |= _waits(machine, given, work)
    busy = [
        agents.cores_per_accelerator(time, machine.rate, calls, output)
        for time in (compute, memory, paid, alive)
    ]
    found |= dict(
        zip(("compute_cores", "memory_cores", "cores", "sandboxes"), busy, strict=True)
    )
    return found | {
        "accelerator_seconds": tokens / machine.rate,
        "claimed_core_seconds": agents.core_seconds_of_ratio(
            given["claimed_cores"], machine.rate, output, machine.cpu_utilisation
        ),
        "compute_core_seconds": compute,
        "memory_core_seconds": memory,
        "tasks_per_day_mw": task_energy.tasks_per_energy(
            machine.mean_rate / tokens, machine.power, busy[2], machine.core_power
        ),
    }


def _alive(machine: _Machine, given: dict[str, Array], calls: Array) -> Array:
    """Mean time that the sandbox of a task is alive."""
    return agents.sandbox_time(
        calls,
        machine.llm_time,
        given["tool_calls_per_step_mean"],
        given["tool_time_mean"],
        given["sandbox_start"],
        given["session_idle_share"],
    )


def _money(
    machine: _Machine,
    given: dict[str, Array],
    tokens: Array,
    compute: Array,
    paid: Array,
) -> dict[str, Any]:
    """Cost, energy and carbon of a task, means throughout."""
    accelerator = tokens * machine.token_cost
    cpu = np.minimum(compute, paid) * machine.core_price
    memory = paid * machine.core_price - cpu
    cost = accelerator + cpu + memory
    drawn = np.where(machine.token_energy > 0.0, machine.token_energy, np.nan)
    energy = task_energy.task_energy(
        tokens, machine.token_energy, paid, machine.core_power
    )
    return {
        "accelerator_cost": accelerator,
        "cpu_cost": cpu,
        "memory_cost": memory,
        "cost": cost,
        "conversation_cost": cost * given["tasks_per_conversation"],
        "cpu_cost_share": (cpu + memory) / cost,
        "energy": energy,
        "tokens_per_joule": 1.0 / drawn,
        "cpu_energy_share": paid * machine.core_power / energy,
        "carbon": facility.operational_carbon(energy, given["carbon_intensity"]),
        "embodied_carbon": tokens * machine.token_carbon + paid * machine.core_carbon,
    }


def _waits(
    machine: _Machine, given: dict[str, Array], work: dict[str, Array]
) -> dict[str, Any]:
    """Mean times of a task, and what half and nine tenths of them do not exceed."""
    calls = work["calls_per_task"]
    llm = calls * machine.llm_time
    tools = calls * given["tool_calls_per_step_mean"] * given["tool_time_mean"]
    start = given["sandbox_start"]
    found = {
        name: start
        + task_time.task_time(
            np.asarray(share),
            given["steps_p50"],
            given["steps_p90"],
            machine.ttft,
            machine.tpot,
            given["output_length_p50"],
            given["output_length_p90"],
            given["tool_calls_per_step_mean"],
            given["tool_time_p50"],
            given["tool_time_p90"],
        )
        for name, share in (("time_p50", 0.5), ("time_p90", 0.9))
    }
    total = llm + tools + start
    return found | {
        "llm_time": llm,
        "tool_time": tools,
        "start_time": start,
        "tool_time_share": tools / total,
    }


AGENT = Study(
    name="agent",
    title="Agents",
    group=Agent,
    evaluate=evaluate,
    outputs=OUTPUTS,
    needs=("carbon",),
)
