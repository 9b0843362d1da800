"""What the Share menu hands out: the scenario as it stands, as files of text."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.util import find_spec

from breakeven.explorer import export, state
from breakeven.models.scenario import Scenario


def _json(scenario: Scenario) -> str:
    return json.dumps(state.to_json(scenario), indent=1, allow_nan=False)


def _html(scenario: Scenario) -> str:
    from breakeven.explorer.snapshot import to_html

    return to_html(scenario)


_KINDS: dict[str, tuple[str, str, Callable[[Scenario], str]]] = {
    "csv": ("Curves (CSV)", "text/csv", export.to_csv),
    "json": ("Inputs and results (JSON)", "application/json", _json),
    "toml": ("Scenario file (TOML)", "application/toml", export.to_toml),
    "html": ("Page to send (HTML)", "text/html", _html),
}
LINK = "Link to this page"


def kinds() -> dict[str, str]:
    """Label of each kind of file by its suffix."""
    found = {kind: label for kind, (label, _, _) in _KINDS.items()}
    if find_spec("breakeven.explorer.snapshot") is None:
        del found["html"]
    return found


def file(scenario: Scenario, kind: str) -> dict[str, str]:
    """Name, media type and text of one file of a scenario."""
    _, media, text = _KINDS[kind]
    return {
        "name": f"breakeven-{scenario.name}.{kind}",
        "type": f"{media};charset=utf-8",
        "text": text(scenario),
    }
