"""The explorer: scenarios without a screen, and the page that moves them.

Everything is imported when first asked for: `load_scenario` brings in no panel.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from breakeven.explorer.page import Explorer
    from breakeven.explorer.state import (
        ScenarioError,
        load_scenario,
        read_scenario,
        scenario_names,
    )

__all__ = [
    "Explorer",
    "ScenarioError",
    "load_scenario",
    "read_scenario",
    "scenario_names",
]

_HOME = {
    "Explorer": "page",
    "ScenarioError": "state",
    "load_scenario": "state",
    "read_scenario": "state",
    "scenario_names": "state",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"breakeven.explorer.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
