"""What the address of a page says."""

from __future__ import annotations

import panel as pn

# What an address may say of the scenario besides dotted names of inputs.
PICKS = ("scenario", "workload", "llm", "site", "finance", "model")


def addressed() -> dict[str, str]:
    """Last value of each part of the address; nothing outside a served page."""
    arguments = (pn.state.session_args or {}) if pn.state.curdoc else {}
    return {
        name: values[-1].decode("utf-8", "replace")
        for name, values in arguments.items()
        if values
    }


def state() -> dict[str, str]:
    """What the address says of the scenario: presets and inputs."""
    return {
        name: value
        for name, value in addressed().items()
        if name in PICKS or "." in name
    }
