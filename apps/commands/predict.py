"""`breakeven predict`: throughput of a table of cases, with 80 % intervals."""

from __future__ import annotations

import argparse
import csv
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from breakeven.explorer import cases, predicting
from breakeven.explorer.predicting import Prediction
from breakeven.presets import calibrated
from breakeven.presets.calibrated import EffectRow

COLUMNS = ("id", "predicted", "low", "high", "limited_by", "note")


def add_parser(commands: Any) -> argparse.ArgumentParser:
    """Declare the command."""
    parser = commands.add_parser(
        "predict",
        help="predict throughput for a table of cases",
        description="Tokens per second and chip of each row, with an 80 % interval. "
        f"Columns read: {', '.join(cases.COLUMNS)}. A measured value is never read; a "
        "row that cannot be predicted stays empty with a note.",
    )
    parser.add_argument("cases", type=Path, help="CSV file of cases")
    parser.add_argument("-o", "--output", type=Path, required=True, help="CSV to write")
    add_options(parser)
    return parser


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare what `predict` and `validate` share."""
    parser.add_argument(
        "--calibration",
        type=Path,
        help="a calibration from `breakeven calibrate`; the published one if none",
    )
    add_columns(parser)


def add_columns(parser: argparse.ArgumentParser) -> None:
    """Declare the mapping of column names."""
    parser.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="OURS=THEIRS",
        help="name of a column in the file: isl='Input length'; repeat for more",
    )


def column_names(args: argparse.Namespace) -> dict[str, str]:
    """Mapping of column names from the arguments.

    Raises
    ------
    ValueError
        When a mapping does not read OURS=THEIRS.
    """
    result = {}
    for text in args.column:
        ours, sign, theirs = text.partition("=")
        if not sign:
            raise ValueError(f"--column {text!r} must read OURS=THEIRS")
        result[ours.strip()] = theirs.strip()
    return result


def effects(args: argparse.Namespace) -> Mapping[str, Sequence[EffectRow]] | None:
    """Calibration named in the arguments, by kind of work; None for the published.

    A kind of work that the file does not hold keeps the published calibration.
    """
    if args.calibration is None:
        return None
    every = calibrated.read_effects(args.calibration)
    return {
        kind: [row for row in every if row.kind == kind] or calibrated.effects(kind)
        for kind in calibrated.KINDS
    }


def run(args: argparse.Namespace) -> int:
    """Predict every row and write the table."""
    rows = [
        cases.known(line, row)
        for line, row in cases.read(args.cases, column_names(args))
    ]
    good = [row for row in rows if not isinstance(row, cases.Refused)]
    found = iter(predicting.predictions(good, effects(args)))
    with args.output.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in rows:
            if isinstance(row, cases.Refused):
                writer.writerow((row.name, "", "", "", "", row.reason))
            else:
                writer.writerow(cells(next(found)))
    refused = len(rows) - len(good)
    print(f"{args.output}: {len(good)} of {len(rows)} rows predicted, {refused} not")
    return 0


def cells(found: Prediction) -> list[str]:
    """One row of the output."""
    numbers = (found.predicted, found.low, found.high)
    texts = ["" if math.isnan(n) else f"{n:.6g}" for n in numbers]
    return [found.name, *texts, found.limited_by, found.note]
