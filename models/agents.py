"""What a task of an agent takes: tokens on accelerators, time and memory on CPU cores.

A task is a number of steps. Each step is one LLM call (a prompt that is partly in the
prefix cache, and the tokens that it generates) and the tool calls that follow, which
take core-seconds, wall time and the memory of a sandbox. Cost and energy scale with
means; waits are in :mod:`breakeven.models.task_time`.
"""

from __future__ import annotations

import numpy as np

from breakeven.models.base import Array, Model, fraction, quantity


def sandbox_time(
    calls: Array,
    llm_time: Array,
    tool_calls: Array,
    tool_time: Array,
    start_time: Array,
    idle_share: Array,
) -> Array:
    """Mean time that the sandbox of a task is alive. [s].

    ``start + calls (llm + tools) / (1 - idle)``: it waits for the model, runs the
    tools, and is kept while a human thinks.

    Parameters
    ----------
    calls
        Mean LLM calls of a task. [call]
    llm_time
        Mean time of one LLM call. [s]
    tool_calls
        Mean tool calls of a step. [call]
    tool_time
        Mean time of a tool call. [s]
    start_time
        Time to start the sandbox. [s]
    idle_share
        Share of the rest in which a human thinks and the sandbox is kept. [1]

    References
    ----------
    Own definition.
    """
    busy = calls * (llm_time + tool_calls * tool_time)
    return start_time + busy / (1.0 - np.asarray(idle_share))


def compute_core_time(
    calls: Array, core_seconds: Array, cpu_utilisation: Array
) -> Array:
    """Core time paid for the arithmetic of the tools of a task. [s].

    Parameters
    ----------
    calls
        Mean LLM calls of a task. [call]
    core_seconds
        Mean core-seconds of tools per call, on a server core. [s]
    cpu_utilisation
        Share of paid core time in which cores work. [1]

    References
    ----------
    Own definition.
    """
    return calls * core_seconds / cpu_utilisation


def memory_core_time(memory: Array, alive: Array, memory_per_core: Array) -> Array:
    """Core time whose memory the sandbox of a task occupies. [s].

    ``memory x time / memory per core``: a machine whose memory is full takes no other
    sandbox, however idle its cores are.

    Parameters
    ----------
    memory
        Memory set aside for a sandbox. [byte]
    alive
        Time that it is alive. [s]
    memory_per_core
        Memory that comes with a core. [byte]

    References
    ----------
    Own definition.
    """
    return memory * alive / memory_per_core


def bound_core_time(compute: Array, memory: Array) -> Array:
    """Core time of a task: whichever of arithmetic and memory binds. [s].

    Parameters
    ----------
    compute
        Core time for the arithmetic. [s]
    memory
        Core time whose memory is occupied. [s]

    References
    ----------
    Own definition.
    """
    return np.maximum(compute, memory)


def cores_per_accelerator(
    core_time: Array, token_rate: Array, calls: Array, output_length: Array
) -> Array:
    """Cores that keep up with one busy accelerator. [core].

    Tasks per second of the accelerator times the core time of each.

    Parameters
    ----------
    core_time
        Core time of a task. [s]
    token_rate
        Output tokens of a busy accelerator. [token/s]
    calls
        Mean LLM calls of a task. [call]
    output_length
        Mean tokens of one call. [token]

    References
    ----------
    Own definition.
    """
    return core_time * token_rate / (calls * output_length)


def core_seconds_of_ratio(
    cores: Array, token_rate: Array, output_length: Array, cpu_utilisation: Array
) -> Array:
    """Core-seconds of tools per call that would keep so many cores at work. [s].

    What a claimed ratio of cores to accelerators takes for granted.

    Parameters
    ----------
    cores
        Cores beside one busy accelerator. [core]
    token_rate
        Output tokens of a busy accelerator. [token/s]
    output_length
        Mean tokens of one call. [token]
    cpu_utilisation
        Share of paid core time in which cores work. [1]

    References
    ----------
    Own definition.
    """
    return cores * output_length * cpu_utilisation / token_rate


class SandboxTime(Model):
    """Mean time that the sandbox of a task is alive."""

    calls = quantity(70.0, "call", "Mean LLM calls of a task", slider=(1, 200))
    llm_time = quantity(7.0, "s", "Mean time of one LLM call", slider=(0.1, 60))
    tool_calls = quantity(1.0, "call", "Mean tool calls of a step", slider=(0, 5))
    tool_time = quantity(4.0, "s", "Mean time of a tool call", slider=(0, 60))
    start_time = quantity(26.5, "s", "Time to start the sandbox", slider=(0, 120))
    idle_share = quantity(
        0.0,
        "1",
        "Share in which a human thinks and the sandbox is kept",
        bounds=(0, 1),
        inclusive=(True, False),
        slider=(0, 0.95),
    )
    equation, result_unit = staticmethod(sandbox_time), "s"


class ComputeCoreTime(Model):
    """Core time paid for the arithmetic of the tools of a task."""

    calls = quantity(70.0, "call", "Mean LLM calls of a task", slider=(1, 200))
    core_seconds = quantity(1.25, "s", "Core-seconds of tools per call", slider=(0, 60))
    cpu_utilisation = fraction(
        0.5, "Share of paid core time in which cores work", zero=False
    )
    equation, result_unit = staticmethod(compute_core_time), "s"


class MemoryCoreTime(Model):
    """Core time whose memory the sandbox of a task occupies."""

    memory = quantity(2.0, "GB", "Memory set aside for a sandbox", slider=(0, 16))
    alive = quantity(800.0, "s", "Time that it is alive", slider=(0, 7200))
    memory_per_core = quantity(
        4.0,
        "GB",
        "Memory that comes with a core",
        inclusive=(False, True),
        slider=(1, 16),
    )
    equation, result_unit = staticmethod(memory_core_time), "s"


class CoresPerAccelerator(Model):
    """Cores that keep up with one busy accelerator."""

    core_time = quantity(400.0, "s", "Core time of a task", slider=(0, 4000))
    token_rate = quantity(
        1000.0, "token/s", "Output of a busy accelerator", slider=(1, 1e5)
    )
    calls = quantity(
        70.0, "call", "Mean LLM calls", bounds=(0, None), inclusive=(False, True),
        slider=(1, 200),
    )  # fmt: skip
    output_length = quantity(
        230.0, "token", "Mean tokens of one call", bounds=(1, None), slider=(1, 5000)
    )
    equation, result_unit = staticmethod(cores_per_accelerator), "core"


class CoreSecondsOfRatio(Model):
    """Core-seconds of tools per call that would keep so many cores at work."""

    cores = quantity(267.0, "core", "Cores beside an accelerator", slider=(0, 500))
    token_rate = quantity(
        1000.0,
        "token/s",
        "Output of a busy accelerator",
        inclusive=(False, True),
        slider=(1, 1e5),
    )
    output_length = quantity(
        230.0, "token", "Mean tokens of one call", bounds=(1, None), slider=(1, 5000)
    )
    cpu_utilisation = fraction(0.5, "Share of paid core time in which cores work")
    equation, result_unit = staticmethod(core_seconds_of_ratio), "s"
