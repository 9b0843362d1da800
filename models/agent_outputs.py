"""What the study of agents finds: every output with its unit."""

from __future__ import annotations

from breakeven.models.study import Output


def _by_option(unit: str, label: str) -> Output:
    return Output(unit, label, by_option=True)


OUTPUTS = {
    "accelerator_cost": _by_option("USD", "Accelerators, per task"),
    "cpu_cost": _by_option("USD", "CPU time of the tools, per task"),
    "memory_cost": _by_option("USD", "Cores held for their memory, per task"),
    "cost": _by_option("USD", "Cost of a task"),
    "conversation_cost": _by_option("USD", "Cost of a conversation"),
    "cpu_cost_share": _by_option("1", "Share of CPU and memory in the cost"),
    "llm_time": _by_option("s", "Mean time in LLM calls, per task"),
    "tool_time": _by_option("s", "Mean time in tools, per task"),
    "start_time": _by_option("s", "Time to start the sandbox"),
    "tool_time_share": _by_option("1", "Share of tools in the mean time of a task"),
    "time_p50": _by_option("s", "Time of a task, median"),
    "time_p90": _by_option("s", "Time of a task, 90th percentile"),
    "accelerator_seconds": _by_option("s", "Busy accelerator time of a task"),
    "compute_core_seconds": _by_option("s", "Core time of a task for its arithmetic"),
    "memory_core_seconds": _by_option("s", "Core time of a task for its memory"),
    "compute_cores": _by_option("core", "Cores per busy accelerator, arithmetic"),
    "memory_cores": _by_option("core", "Cores per busy accelerator, memory"),
    "cores": _by_option("core", "Cores for tools per busy accelerator"),
    "host_cores": Output("core", "Cores of the host, per accelerator"),
    "claimed_core_seconds": _by_option(
        "s", "Core-seconds a call that would fill the cores claimed"
    ),
    "sandboxes": _by_option("1", "Live sandboxes per busy accelerator"),
    "tasks_per_day_mw": _by_option("task/day/MW", "Tasks per day and MW"),
    "tokens_per_joule": _by_option("token/J", "Output tokens per facility energy"),
    "energy": _by_option("Wh", "Facility energy of a task"),
    "cpu_energy_share": _by_option("1", "Share of CPUs in the energy of a task"),
    "carbon": _by_option("g", "Operational carbon of a task (CO2e)"),
    "embodied_carbon": _by_option("g", "Embodied carbon of a task (CO2e)"),
    "fresh_tokens": Output("token", "Prompt tokens of a task that are computed"),
    "cached_tokens": Output("token", "Prompt tokens of a task from the cache"),
    "output_tokens": Output("token", "Tokens that a task generates"),
}
