"""`breakeven export`: a scenario as a file, its kind chosen by the suffix."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from breakeven.apps.commands import arguments


def add_parser(commands: Any) -> argparse.ArgumentParser:
    """Declare the command."""
    parser = commands.add_parser(
        "export",
        help="write a scenario to a file",
        description="Kinds by suffix: .html page, .csv curves, .json inputs and "
        "results, .toml scenario, .xlsx workbook, .png and .svg picture.",
    )
    arguments.add_scenario(parser)
    parser.add_argument("-o", "--output", required=True, type=Path, metavar="FILE")
    return parser


def run(args: argparse.Namespace) -> int:
    """Write the file; a failed export leaves none."""
    from breakeven.explorer.export import write

    scenario = arguments.scenario(args)
    write(scenario, args.output)
    print(f"{args.output}: {args.output.stat().st_size:,} bytes")
    return 0
