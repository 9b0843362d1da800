"""`breakeven evaluate`: the answers of a scenario as text or JSON."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import Any

from breakeven.apps.commands import arguments


def add_parser(commands: Any) -> argparse.ArgumentParser:
    """Declare the command."""
    parser = commands.add_parser("evaluate", help="evaluate a scenario")
    arguments.add_scenario(parser)
    parser.add_argument(
        "--json", action="store_true", help="inputs and results as JSON"
    )
    parser.add_argument(
        "--worked", action="store_true", help="the cost of work, step by step by hand"
    )
    parser.add_argument(
        "--ranges",
        action="store_true",
        help="odds and P10-P90 under the ranges of the inputs",
    )
    parser.add_argument(
        "--studies",
        nargs="*",
        metavar="NAME",
        help="what the studies of a scenario say: all of them, or those named",
    )
    parser.add_argument(
        "--use-cases",
        action="store_true",
        help="every chip for every chat and agent workload: cost of a task",
    )
    return parser


def run(args: argparse.Namespace) -> int:
    """Print the answers."""
    scenario = arguments.scenario(args)
    if args.use_cases:
        from breakeven.explorer import use_case_text, use_cases

        rows = use_cases.use_cases(scenario)
        if args.json:
            found = use_case_text.to_json(rows)
            print(json.dumps(found, indent=1, allow_nan=False))
        else:
            print(use_case_text.text(rows))
    elif args.json:
        from breakeven.explorer.state import to_json

        print(json.dumps(to_json(scenario), indent=1, allow_nan=False))
    else:
        print("\n\n".join(_asked(args, scenario)))
    return 0


def _asked(args: argparse.Namespace, scenario: Any) -> Iterator[str]:
    """Every part that is asked for; the answers when none is."""
    from breakeven.explorer import findings, odds, words
    from breakeven.models.studies import STUDIES

    if args.ranges:
        yield odds.ranges_text(scenario)
    if args.worked:
        yield words.worked(scenario, scenario.evaluate())
    if args.studies is not None:
        yield findings.report(scenario, args.studies)
    if not args.ranges and not args.worked and args.studies is None:
        yield words.report(scenario, scenario.evaluate())
        yield "\n".join(odds.sentences(scenario))
        yield f"--studies says more: {', '.join(STUDIES)}"
