"""`breakeven pareto`: the rows of a sweep that no other row beats."""

from __future__ import annotations

import argparse
import csv
from dataclasses import fields
from pathlib import Path
from typing import Any

from breakeven.models.results import Results

LIMIT = "limited_by"
MOST = 6  # inputs in a line
DEFAULTS = ("cost_per_token", "energy_per_token")


def add_parser(commands: Any) -> argparse.ArgumentParser:
    """Declare the command."""
    parser = commands.add_parser(
        "pareto",
        help="rows of a sweep that no other row beats",
        description="Rows that are nowhere worse and somewhere better than every other "
        "row; by default in cost and energy of the first option. Files of any size are "
        "read piece by piece.",
    )
    parser.add_argument("file", type=Path, help="sweep, .csv or .parquet")
    parser.add_argument(
        "--min",
        action="append",
        default=[],
        metavar="COLUMN",
        help="column that should be small, such as asic.cost_per_token; repeatable",
    )
    parser.add_argument(
        "--max",
        action="append",
        default=[],
        metavar="COLUMN",
        help="column that should be large, such as asic.token_rate; repeat for more",
    )
    parser.add_argument("-o", "--output", type=Path, metavar="FILE.csv")
    parser.add_argument(
        "--rows", type=int, default=30, help="rows to print at most, 30 by default"
    )
    return parser


def run(args: argparse.Namespace) -> int:
    """Print the rows; write all of them, whole, when asked."""
    from breakeven.explorer import reading
    from breakeven.explorer.files import replacing

    known = reading.header(args.file)
    less, more = args.min, args.max
    if not less and not more:
        ends = [n for n in known if n.partition(" [")[0].endswith(DEFAULTS)]
        first = ends[0].partition(".")[0] if ends else ""
        less = [n for n in ends if n.startswith(f"{first}.")]
    less, more = ([reading.column(n, known) for n in names] for names in (less, more))
    if not less and not more:
        raise ValueError(f"{args.file.name}: name columns with --min and --max")
    best = reading.front(args.file, less, more)
    found = reading.picked(args.file, best)
    if args.output:
        with (
            replacing(args.output) as draft,
            draft.open("w", newline="", encoding="utf-8") as file,
        ):
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(known)
            writer.writerows([["" if v != v else v for v in row] for row in found])
    print(f"{len(best):,} rows that no other row beats in {', '.join([*less, *more])}")
    if same := _same(known, found):
        print(f"in all of them: {', '.join(same)}")
    shown = _shown(known, found, [*less, *more])
    for line in shown[: args.rows + 1]:
        print("  ".join(line).rstrip())
    if len(best) > args.rows:
        print(f"and {len(best) - args.rows:,} more; -o FILE.csv writes them all")
    return 0


def _same(known: list[str], rows: list[list[Any]]) -> list[str]:
    """What was chosen, such as a chip, where every row has the same."""
    columns = zip(known, zip(*rows, strict=True), strict=False)
    return [
        f"{name} = {values[0]}"
        for name, values in columns
        if isinstance(values[0], str)
        and len(set(values)) == 1
        and name.partition(" [")[0].rpartition(".")[2] != LIMIT
    ]


def _shown(
    known: list[str], rows: list[list[Any]], asked: list[str]
) -> list[list[str]]:
    """Lines of the objectives, and before them of the inputs that differ."""
    results = {item.name for item in fields(Results)} - {"count"}
    inputs = [
        name
        for name in known
        if name.partition(" [")[0].rpartition(".")[2] not in results | {LIMIT}
        and name not in asked
    ]
    differ = [n for n in inputs if len({str(r[known.index(n)]) for r in rows}) > 1]
    names = [*(differ or inputs)[:MOST], *asked]
    table = [names] + [
        [_text(row[known.index(name)]) for name in names] for row in rows
    ]
    widths = [max(len(line[i]) for line in table) for i in range(len(names))]
    return [
        [text.ljust(width) for text, width in zip(line, widths, strict=True)]
        for line in table
    ]


def _text(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)
