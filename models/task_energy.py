"""Energy of a task of an agent, tasks per power, and carbon of making hardware."""

from __future__ import annotations

from breakeven.models.base import Array, Model, quantity


def task_energy(
    tokens: Array, energy_per_token: Array, core_time: Array, core_power: Array
) -> Array:
    """Facility energy of a task, accelerators and cores together. [J].

    Parameters
    ----------
    tokens
        Output tokens of a task. [token]
    energy_per_token
        Facility energy per output token. [J/token]
    core_time
        Core time of a task. [s]
    core_power
        Facility power of a core with its share of a server. [W]

    References
    ----------
    EQ-34.
    """
    return tokens * energy_per_token + core_time * core_power


def tasks_per_energy(
    task_rate: Array, accelerator_power: Array, cores: Array, core_power: Array
) -> Array:
    """Tasks per time of one accelerator over all power set aside for it. [task/J].

    Parameters
    ----------
    task_rate
        Mean tasks of an accelerator. [task/s]
    accelerator_power
        Facility power set aside for an accelerator. [W]
    cores
        Cores beside it. [core]
    core_power
        Facility power of a core with its share of a server. [W]

    References
    ----------
    EQ-34.
    """
    return task_rate / (accelerator_power + cores * core_power)


def embodied_rate(embodied: Array, life: Array) -> Array:
    """Carbon of making something, per time of its life. [g/s].

    Parameters
    ----------
    embodied
        Carbon of making it (CO2e). [g]
    life
        Time that it is used. [s]

    References
    ----------
    Own definition; GHG Protocol, capital goods spread over their use.
    """
    return embodied / life


class TaskEnergy(Model):
    """Facility energy of a task, accelerators and cores together."""

    tokens = quantity(16_100.0, "token", "Output tokens of a task", slider=(1, 1e6))
    energy_per_token = quantity(
        2.0, "J/token", "Facility energy per output token", slider=(0.01, 50)
    )
    core_time = quantity(400.0, "s", "Core time of a task", slider=(0, 4000))
    core_power = quantity(3.2, "W", "Facility power of a core", slider=(0.5, 10))
    equation, result_unit = staticmethod(task_energy), "Wh"


class EmbodiedRate(Model):
    """Carbon of making something, per time of its life."""

    embodied = quantity(250.0, "kg", "Carbon of making it (CO2e)", slider=(1, 5000))
    life = quantity(
        5.0, "year", "Time that it is used", bounds=(0.5, None), slider=(1, 8)
    )
    equation, result_unit = staticmethod(embodied_rate), "g/h"
