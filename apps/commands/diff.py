"""`breakeven diff`: two scenarios, which inputs differ, and what each contributes."""

from __future__ import annotations

import argparse
import json
from typing import Any

from breakeven.explorer import load_scenario
from breakeven.models.answers import ANSWERS


def add_parser(commands: Any) -> argparse.ArgumentParser:
    """Declare the command."""
    parser = commands.add_parser(
        "diff",
        help="compare two scenarios input by input",
        description="Which inputs differ between two scenarios, and what each "
        "contributes to the difference of an answer, as a Shapley value.",
    )
    parser.add_argument("first", help="name of a ready scenario, or a TOML file")
    parser.add_argument("second", help="the same")
    parser.add_argument(
        "--answer",
        default="ratio",
        metavar="NAME",
        help=f"one of {', '.join(ANSWERS)} (without: ratio)",
    )
    parser.add_argument(
        "--option", default="", metavar="KEY", help="option asked about (the first)"
    )
    parser.add_argument("--json", action="store_true", help="as JSON")
    return parser


def run(args: argparse.Namespace) -> int:
    """Print the comparison."""
    from breakeven.explorer import diff_words
    from breakeven.models.differences import compared

    first, second = load_scenario(args.first), load_scenario(args.second)
    found = compared(first, second, args.answer, args.option)
    if args.json:
        print(json.dumps(diff_words.to_json(first, second, found), indent=1))
    else:
        print(diff_words.report(first, second, found))
    return 0
