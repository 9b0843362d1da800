"""`breakeven presets`: what is known, and from where."""

from __future__ import annotations

import argparse
from typing import Any


def add_parser(commands: Any) -> argparse.ArgumentParser:
    """Declare the command."""
    parser = commands.add_parser(
        "presets",
        help="list presets with sources",
        description="Without a name: every preset. With a name: each figure of it with "
        "range, status, source and date.",
    )
    parser.add_argument(
        "name", nargs="?", help="preset, such as trainium2; or add-llm with a file"
    )
    parser.add_argument(
        "file", nargs="?", help="config.json of a model, to print its preset rows"
    )
    parser.add_argument("--scenarios", action="store_true", help="list the scenarios")
    parser.add_argument("--names", action="store_true", help="names only, one a line")
    return parser


def run(args: argparse.Namespace) -> int:
    """Print the listing."""
    if args.name == "add-llm":
        from pathlib import Path

        from breakeven.apps.commands import add_llm

        if args.file is None:
            raise ValueError("add-llm needs a config.json")
        return add_llm.run(Path(args.file))
    if args.scenarios:
        _list_scenarios(args.names)
        return 0
    if args.name and (said := _ready(args.name)):
        print(said)
        return 0
    from breakeven.presets import describe, names, table_names

    if args.names:
        print("\n".join(n for table in table_names() for n in names(table)))
    else:
        print(describe.description(args.name) if args.name else describe.listing())
    return 0


def _list_scenarios(names_only: bool) -> None:
    """Print the scenarios and, unless only names are asked for, the ready fleets."""
    from breakeven.explorer.fleet_documents import fleet_names
    from breakeven.explorer.state import scenario_names, scenario_title

    names = scenario_names()
    width = max(map(len, names))
    for name in names:
        print(name if names_only else f"{name:{width}}  {scenario_title(name)}")
    if not names_only:
        print(f"\nReady fleets, for breakeven fleet NAME: {', '.join(fleet_names())}")


def _ready(name: str) -> str:
    """What a ready fleet or a scenario is, and the command that uses it."""
    from breakeven.explorer.fleet_documents import fleet_names, read
    from breakeven.explorer.state import scenario_names, scenario_title

    if name in fleet_names():
        document, _ = read(name)
        text = " ".join(str(document.get("description", "")).split())
        lines = f"{name} is a ready fleet: {document['title']}\n{text}"
        return f"{lines}\nUse it with: breakeven fleet {name}"
    if name in scenario_names():
        said = f"{name} is a scenario: {scenario_title(name)}"
        return f"{said}\nUse it with: breakeven evaluate {name}"
    return ""
