"""What a task of an agent costs, which cores it needs, and how long it takes."""

from __future__ import annotations

import numpy as np
from panel.viewable import Viewable

from breakeven.explorer import style
from breakeven.explorer.agent_words import claims
from breakeven.explorer.style import Figure, Scale
from breakeven.explorer.views.base import Array, Feed, View
from breakeven.explorer.views.stacked import end_to_end, stack_feed, stack_figure
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario

COSTS = {"accelerator_cost": "Accelerators", "cpu_cost": "CPU", "memory_cost": "Memory"}
TIMES = {"llm_time": "LLM calls", "tool_time": "Tools", "start_time": "Start"}
CORES = (0.03, 30_000.0)  # ends of the axis of cores


class Agents(View):
    """Cost, cores and time of a task."""

    name = "agents"
    title = "Task of an agent"
    question = (
        "What does one task of an agent cost, how many CPU cores does it need, and "
        "where does its time go?"
    )
    studies = ("agent",)
    inputs = (
        "workload.calls_per_task",
        "workload.core_seconds",
        "agent.tool_time_mean",
        "agent.sandbox_memory",
        "agent.session_idle_share",
        "agent.core_price",
        "agent.cpu_utilisation",
    )

    def feed(self, scenario: Scenario, results: Results) -> Feed:
        """Two stacked plots, the cores on one axis, a table."""
        found = results.studies["agent"]
        cost = np.vstack([found[name] for name in COSTS])
        time = np.vstack([found[name] for name in TIMES])
        rows = len(results.options)
        each = np.arange(rows, 0.0, -1.0) + len(claims())
        dots = {
            "kind": "columns",
            "source": self.at("cores"),
            "columns": ["x", "y"],
            "text": "{label}: {x:number} cores",
        }
        within = np.clip(found["cores"], *CORES)
        cores = np.where(found["cores"] > 0, within, np.nan)
        return [
            *stack_feed(self, "cost", list(COSTS.values()), end_to_end(cost)),
            *stack_feed(self, "time", list(TIMES.values()), end_to_end(time), "s"),
            (dots, [cores, each]),
            self._table(results),
        ]

    def _table(self, results: Results) -> tuple[dict[str, object], list[Array]]:
        found = results.studies["agent"]
        rows = [
            ("Cost of a task", "", "usd", "cost"),
            ("Cost of a conversation", "", "usd", "conversation_cost"),
            ("CPU and memory, share of cost", "", "percent", "cpu_cost_share"),
            ("Half of the tasks end within", "", "s", "time_p50"),
            ("Nine in ten end within", "", "s", "time_p90"),
            ("Tools, share of mean time", "", "percent", "tool_time_share"),
            ("Accelerator time of a task", "", "s", "accelerator_seconds"),
            ("Live sandboxes", "per busy chip", "number", "sandboxes"),
            ("Cores for arithmetic", "per busy chip", "number", "compute_cores"),
            ("Cores for memory", "per busy chip", "number", "memory_cores"),
            ("Tasks", "per day and MW", "number", "tasks_per_day_mw"),
            ("Facility energy of a task", "Wh", "number", "energy"),
            ("Operational carbon of a task", "g CO2e", "number", "carbon"),
            ("Embodied carbon of a task", "g CO2e", "number", "embodied_carbon"),
        ]
        return self.rows(
            "table", "One task", [(a, b, form, found[n]) for a, b, form, n in rows]
        )

    def captions(self, results: Results) -> dict[str, str]:
        """What the three plots show."""
        who = " and ".join(results.labels)
        return {
            self.at("cost/figure"): f"Cost of a task on {who} by part",
            self.at("time/figure"): f"Mean time of a task on {who} by part",
            self.at("cores/figure"): f"Cores beside {who}, and what sellers claim",
        }

    def body(self, scenario: Scenario, results: Results) -> Viewable:
        """Stacks side by side, cores and table below."""
        rows = len(results.options)
        cost = Scale("USD per task", 0, 1, "usd")
        time = Scale("Seconds per task", 0, 1)
        return self.flow(
            self.card(
                "Cost of a task",
                "Strong to pale: accelerators, CPU time of the tools, and cores held "
                "only because sandboxes fill their memory.",
                stack_figure(self, "cost", rows, cost, 230, size="13px"),
            ),
            self.card(
                "Time of a task",
                "Means: a few slow tasks pull them up. The table has the percentiles.",
                stack_figure(self, "time", rows, time, 230, size="13px"),
            ),
            self.card(
                "CPU cores per busy accelerator",
                "From the bottom up, against what sellers of CPUs claim (grey). The "
                "host's own cores come on top.",
                self._cores(rows),
            ),
            self.card("", "", self.slot("table", "table-slot")),
        )

    def _cores(self, rows: int) -> Figure:
        """Dots on one axis: the options above, the claims below, which never move."""
        said, full = claims(), self.full
        heights = [float(place) for place in range(1, len(said) + 1)]
        words = [f"{text}: {cores:.0f}" for text, cores in said]
        return style.figure(
            style.fixed([cores for _, cores in said], heights, words)
            * style.points(full("cores"), rows, 12)
            * style.texts(full("cores-text"), rows, x_offset=12),
            full("cores"),
            Scale("Cores per busy accelerator", *CORES, log=True),
            Scale("", 0.3, rows + len(said) + 0.7, "hidden"),
            height=320,
        )
