"""`breakeven fleet`: the best mix of chips for a site under its caps."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from breakeven.apps.commands import arguments

_WIDTH = 30  # characters of the progress bar


def add_parser(commands: Any) -> argparse.ArgumentParser:
    """Declare the command."""
    parser = commands.add_parser(
        "fleet",
        help="the best mix of chips for a site under its caps",
        description="Which chips to buy in which quarter, and what each serves, under "
        "caps of power, money, supply and vendors' shares; with shadow prices, and "
        "what happens when a vendor slips, is cut or raises prices. FLEET is a ready "
        "fleet (site-1gw), a TOML file, or a scenario whose options share a site.",
    )
    arguments.add_scenario(parser)
    parser.add_argument(
        "--objective",
        choices=("cost", "margin", "tokens"),
        help="least cost of the demand, most margin, or most tokens in its proportions",
    )
    parser.add_argument(
        "--whole-racks", action="store_true", help="buy whole racks only"
    )
    parser.add_argument(
        "--json", action="store_true", help="inputs, mix and shadow prices as JSON"
    )
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE.csv", help="mix by quarter and chip"
    )
    return parser


def run(args: argparse.Namespace) -> int:
    """Solve, print, and write the mix if asked to."""
    from breakeven.explorer import fleet_files, fleet_what_if, fleet_words
    from breakeven.models.fleet_plan import best_plan

    if args.output:
        fleet_files.checked(args.output)
    plan = arguments.fleet(args, args.objective or "")
    fleet = plan.fleet()
    found = fleet_words.Told(
        plan, fleet, best_plan(fleet, whole_racks=args.whole_racks)
    )
    events = fleet_what_if.what_ifs(found, _progress) if found.best.ok else []
    if args.json:
        said = fleet_files.to_json(found, events)
        print(json.dumps(said, indent=1, allow_nan=False))
    else:
        print(fleet_words.report(found))
        if events:
            lines = fleet_what_if.said(found, events)
            print("", "What if", *(f"* {line}" for line in lines), sep="\n")
    if args.output and found.best.ok:
        rows = fleet_files.write(found, args.output)
        print(f"{args.output}: {rows:,} rows", file=sys.stderr)
    return 0


def _progress(done: int, total: int) -> None:
    """Progress bar on a terminal, none elsewhere."""
    if sys.stderr.isatty():
        bar = "#" * round(_WIDTH * done / total)
        end = "\r\033[K" if done == total else ""
        sys.stderr.write(f"\rwhat if [{bar:{_WIDTH}}]{end}")
