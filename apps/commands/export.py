"""`breakeven export`: a scenario as a file, its kind chosen by the suffix."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from breakeven.apps.commands import arguments
from breakeven.models.scenario import Scenario


def add_parser(commands: Any) -> argparse.ArgumentParser:
    """Declare the command."""
    parser = commands.add_parser(
        "export",
        help="write a scenario to a file",
        description="Kinds by suffix: .html page with live sliders, .xlsx workbook "
        "with live formulas, .pdf one-page brief, .png and .svg picture of a view, "
        ".csv and .parquet curves, .json inputs and results, .toml scenario, .py the "
        "Python that makes it.",
    )
    arguments.add_scenario(parser)
    parser.add_argument("-o", "--output", required=True, type=Path, metavar="FILE")
    parser.add_argument(
        "--live",
        action="append",
        default=[],
        metavar="NAME",
        help="input that keeps a slider in an .html page, by dotted name; repeat for "
        "more (without: chips, utilisation, prices, electricity, discount rate)",
    )
    parser.add_argument(
        "--view",
        default="",
        metavar="NAME",
        help="view that a picture shows (without: amortisation)",
    )
    return parser


def run(args: argparse.Namespace) -> int:
    """Write the file; a failed export leaves none."""
    from breakeven.explorer.export import write

    scenario = arguments.scenario(args)
    if args.output.suffix == ".html":
        return _page(args, scenario)
    if args.live:
        raise ValueError(f"--live is for .html pages, not {args.output.suffix!r}")
    write(scenario, args.output, args.view)
    print(f"{args.output}: {args.output.stat().st_size:,} bytes")
    return 0


def _page(args: argparse.Namespace, scenario: Scenario) -> int:
    """Write the page, and say how exact its sliders are."""
    from breakeven.explorer import snapshot

    made = snapshot.write(scenario, args.output, args.live)
    print(f"{args.output}: {made.report()}")
    return 0
