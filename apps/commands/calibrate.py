"""`breakeven calibrate`: fit the throughput model to a table of measurements."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from breakeven.apps.commands import predict
from breakeven.explorer import fitting, stack_tables
from breakeven.explorer.fitting import Measured, Progress
from breakeven.presets import calibrated
from breakeven.presets.calibrated import EffectRow

_WIDTH = 30  # characters of the progress bar
_FEWEST = 3  # rows from which a kind of work is fitted


def add_parser(commands: Any) -> argparse.ArgumentParser:
    """Declare the command."""
    parser = commands.add_parser(
        "calibrate",
        help="fit the throughput model to a table of measurements",
        description="Fits efficiencies and overheads by chip family, precision and "
        "software, with cross-validated intervals. The published table is "
        f"{calibrated.MEASURED.name}; your own rows are fitted the same way.",
    )
    parser.add_argument("cases", type=Path, help="CSV file with a column measured")
    parser.add_argument(
        "-o", "--output", type=Path, help="calibration to write, for --calibration"
    )
    parser.add_argument(
        "--stacks", type=Path, metavar="FOLDER", help="write stacks.csv there as well"
    )
    parser.add_argument(
        "--with-published",
        action="store_true",
        help="fit together with the published measurements",
    )
    parser.add_argument("--date", help="date written into the rows; today if none")
    predict.add_columns(parser)
    return parser


def run(args: argparse.Namespace) -> int:
    """Fit both kinds of work, print the bases, write the tables asked for."""
    rows, refused = fitting.measured_rows(args.cases, predict.column_names(args))
    for row in refused:
        print(f"left out: {row.name}: {row.reason}", file=sys.stderr)
    if args.with_published:
        rows += fitting.measured_rows(calibrated.MEASURED)[0]
    date = args.date or datetime.now(UTC).date().isoformat()
    found: dict[str, Sequence[EffectRow]] = {}
    for kind in calibrated.KINDS:
        mine = _of_kind(rows, kind)
        if len(mine) < _FEWEST:
            print(f"{kind}: {len(mine)} rows, too few: published calibration kept")
            found[kind] = calibrated.effects(kind)
            continue
        found[kind] = fitting.calibrated(kind, mine, date, _bar(kind))
        print(_summary(kind, len(mine), found[kind]))
    if args.output:
        calibrated.write_effects(
            args.output, [row for table in found.values() for row in table]
        )
    if args.stacks:
        stack_tables.write(args.stacks, found, date)
    return 0


def _of_kind(rows: Sequence[Measured], kind: str) -> list[Measured]:
    """Rows of one kind of work."""
    return [row for row in rows if fitting.kind_of(row.known) == kind]


def _summary(kind: str, count: int, table: Sequence[EffectRow]) -> str:
    lines = [f"{kind}: {count} rows, {len(table)} values"]
    for row in table:
        if not row.grouping:
            numbers = f"{row.value:.3g} ({row.low:.3g} to {row.high:.3g}) {row.unit}"
            lines.append(f"  {row.quantity:22} {numbers}")
    return "\n".join(lines)


def _bar(kind: str) -> Progress | None:
    """Progress bar on a terminal, none elsewhere."""
    if not sys.stderr.isatty():
        return None

    def show(share: float) -> None:
        done = "#" * round(_WIDTH * share)
        end = "\n" if share >= 1 else ""
        sys.stderr.write(f"\r{kind:9} [{done:{_WIDTH}}] {share:4.0%}{end}")

    return show
