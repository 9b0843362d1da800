"""`breakeven validate`: predictions beside the measurements of a table of cases."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from breakeven.apps.commands import predict
from breakeven.explorer import fitting, predicting
from breakeven.explorer.accuracy import comparison, table


def add_parser(commands: Any) -> argparse.ArgumentParser:
    """Declare the command."""
    parser = commands.add_parser(
        "validate",
        help="compare predictions with the measurements of a table of cases",
        description="Error by phase and chip: median and 90th percentile of "
        "|predicted/measured - 1|, share of rows within 25 %, share of measurements "
        "inside the 80 % interval.",
    )
    parser.add_argument("cases", type=Path, help="CSV file with a column measured")
    predict.add_options(parser)
    return parser


def run(args: argparse.Namespace) -> int:
    """Print the table of errors, and the rows that could not be compared."""
    rows, refused = fitting.measured_rows(args.cases, predict.column_names(args))
    found = predicting.predictions([row.known for row in rows], predict.effects(args))
    print(table(comparison(rows, found)))
    if refused:
        print(f"\n{len(refused)} rows not compared:")
    for row in refused:
        print(f"  {row.name}: {row.reason}")
    return 0
