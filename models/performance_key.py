"""What a performance follows from: the inputs it reads, and a key of single numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from breakeven.models.chip import Chip
from breakeven.models.inputs import Option, Workload
from breakeven.models.llm import Architecture
from breakeven.models.machine import Stack

# Prices, hours and the size of the fleet leave a performance as it is.
_READ = {
    "chip": (
        *(name for name in Chip.quantities() if name.startswith("peak_flops_")),
        *"hbm_bandwidth hbm_capacity usable_memory".split(),
        *"scale_up_bandwidth scale_up_domain scale_out_bandwidth".split(),
        *"cores core_speed".split(),
    ),
    "stack": Stack.quantities(),
    "llm": tuple(n for n in Architecture.quantities() if not n.startswith("hosted_")),
    "workload": (
        *"input_length output_length cached_fraction ttft_limit interactivity".split(),
        *"sequence_length global_batch job_chips goodput".split(),
    ),
}


def read_of(given: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Inputs that a performance reads, by group in base units. [mixed].

    Parameters
    ----------
    given
        Inputs of the groups chip, stack, llm and workload, and more. [mixed]

    References
    ----------
    Own definition.
    """
    # a CPU of a fleet comes without a stack, which its work does not read
    return {
        group: {name: given[group][name] for name in names if given[group]}
        for group, names in _READ.items()
    }


def key_of(
    workload: Workload, option: Option, read: dict[str, dict[str, Any]]
) -> tuple[Any, ...] | None:
    """All that a performance follows from; nothing where there are arrays. [mixed].

    Parameters
    ----------
    workload
        Kind of work. [choice]
    option
        Precision of weights and KV cache, layout. [choice]
    read
        From :func:`read_of`. [mixed]

    References
    ----------
    Own definition.
    """
    found = [
        workload.kind,
        option.label,
        option.precision,
        option.kv_precision,
        option.layout,
    ]
    for values in read.values():
        for value in values.values():
            if isinstance(value, np.ndarray):
                if value.ndim:
                    return None
                value = float(value)
            found.append(value)
    return tuple(found)
