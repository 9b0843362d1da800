"""What the Share menu hands out: the scenario as it stands, as link, code, files."""

from __future__ import annotations

import base64
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from breakeven.explorer import kinds
from breakeven.explorer.snippet import to_python
from breakeven.models.scenario import Scenario

LINK = "Link to this page"
CODE = "Copy as Python"
SHELF = "Save, open, compare …"


def labels() -> dict[str, str]:
    """Label of each kind of file that can be made here, by its suffix.

    Code is copied rather than saved.
    """
    lost = {"py"} if find_spec("pyarrow") else {"py", "parquet"}
    return {s: kind.label for s, kind in kinds.KINDS.items() if s not in lost}


def file(
    scenario: Scenario,
    kind: str,
    view: str = "",
    told: Callable[[float], None] = lambda share: None,
) -> dict[str, Any]:
    """Name, media type and content of one file of a scenario, as the browser saves it.

    A picture is of the view that is open, if that has plots; a page holds it. ``told``
    hears what share of a page is done.
    """
    said = kinds.KINDS[kind]
    shown = ""
    if said.viewed:
        from breakeven.explorer.pictures import drawable

        shown = view if view in drawable() else ""
    if kind == "html":
        from breakeven.explorer.snapshot import to_page

        content = to_page(scenario, view, told).encode()
    else:
        content = kinds.made(scenario, kind, shown)
    part = f"-{shown}" if shown else ""
    return {
        "name": f"breakeven-{scenario.name}{part}.{kind}",
        "type": said.media,
        "base64": base64.b64encode(content).decode(),
    }


def waiting(kind: str) -> str:
    """What is said while a file is made."""
    if kind == "html":
        return "Computing a page that works without a server: some seconds …"
    return f"Making the {kinds.KINDS[kind].label.lower()} …"


def code(scenario: Scenario) -> str:
    """Python that reproduces the scenario."""
    return to_python(scenario)
