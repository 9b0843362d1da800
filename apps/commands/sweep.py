"""`breakeven sweep`: a grid of inputs, evaluated in chunks and streamed to a file."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Any

from breakeven.apps.commands import arguments


def add_parser(commands: Any) -> argparse.ArgumentParser:
    """Declare the command."""
    parser = commands.add_parser(
        "sweep",
        help="evaluate a grid of inputs",
        description="Every combination of the axes is a row; the last runs fastest.",
    )
    arguments.add_scenario(parser)
    parser.add_argument(
        "--over",
        action="append",
        required=True,
        metavar="NAME=LO:HI:N[:log]",
        help="axis: N values from LO to HI, evenly or in equal ratios; repeat for more",
    )
    parser.add_argument("-o", "--output", required=True, type=Path, metavar="FILE.csv")
    return parser


def run(args: argparse.Namespace) -> int:
    """Write the rows; a failed sweep leaves no file."""
    from breakeven.explorer.sweep import sweep

    scenario = arguments.scenario(args)
    began = time.perf_counter()

    def progress(done: int, total: int) -> None:
        spent = time.perf_counter() - began
        if spent < 1 or not sys.stderr.isatty():
            return
        rate = done / spent
        left = (total - done) / rate
        sys.stderr.write(
            f"\r{done / total:6.1%}  {rate:,.0f} rows/s  {left:,.0f} s left "
        )

    rows = sweep(scenario, args.over, args.output, progress)
    sys.stderr.write("\r" if sys.stderr.isatty() else "")
    print(f"{args.output}: {rows:,} rows in {time.perf_counter() - began:.1f} s")
    return 0
