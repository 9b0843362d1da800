"""What the address of a page says."""

from __future__ import annotations

from collections.abc import Callable

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


def watched() -> Callable[[], bool]:
    """A question to ask later: whether anybody still has this page open.

    A page that no server keeps, as in a notebook or a script, counts as open.
    """
    document = pn.state.curdoc

    def anybody() -> bool:
        context = document.session_context if document else None
        session = getattr(context, "session", None)
        return session is None or session.connection_count > 0

    return anybody
