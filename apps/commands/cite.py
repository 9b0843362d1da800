"""`breakeven cite`: the documents behind the inputs of a scenario."""

from __future__ import annotations

import argparse
from typing import Any

from breakeven.apps.commands import arguments


def add_parser(commands: Any) -> argparse.ArgumentParser:
    """Declare the command."""
    parser = commands.add_parser("cite", help="list the documents behind a scenario")
    arguments.add_scenario(parser)
    return parser


def run(args: argparse.Namespace) -> int:
    """Print each document with the inputs that rest on it."""
    scenario = arguments.scenario(args)
    documents: dict[tuple[str, str, str], list[str]] = {}
    for name, item in scenario.inputs().items():
        evidence = item.evidence
        if item.value is None or not evidence.source:
            continue
        key = (evidence.source, evidence.url, evidence.date)
        documents.setdefault(key, []).append(f"{name} ({evidence.status})")
    for number, ((title, url, date), names) in enumerate(sorted(documents.items()), 1):
        print(f"[{number}] {title}" + (f", {date}" if date else ""))
        if url:
            print(f"    {url}")
        print(f"    {', '.join(names)}")
    return 0
