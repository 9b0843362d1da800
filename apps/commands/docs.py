"""`breakeven docs`: the documentation, made from the source, as pages in a folder."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def add_parser(commands: Any) -> argparse.ArgumentParser:
    """Declare the command."""
    parser = commands.add_parser(
        "docs",
        help="write the documentation to a folder",
        description="Equations, inputs, presets and sources as HTML pages that need "
        "neither network nor server.",
    )
    parser.add_argument(
        "-o", "--output", type=Path, default=Path("site"), metavar="FOLDER"
    )
    return parser


def run(args: argparse.Namespace) -> int:
    """Write the pages and say where they are."""
    from breakeven.explorer import reference

    if args.output.exists() and not args.output.is_dir():
        raise ValueError(f"{args.output} is a file; a folder is due")
    made = reference.write(args.output)
    size = sum(path.stat().st_size for path in made)
    print(f"{args.output / 'index.html'}: {len(made)} pages, {size:,} bytes")
    return 0
