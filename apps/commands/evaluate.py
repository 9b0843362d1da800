"""`breakeven evaluate`: the answers of a scenario as text or JSON."""

from __future__ import annotations

import argparse
import json
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
    elif args.ranges:
        from breakeven.explorer.odds import ranges_text

        print(ranges_text(scenario))
    elif args.worked:
        from breakeven.explorer import words

        print(words.worked(scenario, scenario.evaluate()))
    elif args.studies is not None:
        from breakeven.explorer import findings

        print(findings.report(scenario, args.studies))
    else:
        from breakeven.explorer import odds, words
        from breakeven.models.studies import STUDIES

        print(words.report(scenario, scenario.evaluate()))
        print("", *odds.sentences(scenario), sep="\n")
        print(f"\n--studies says more: {', '.join(STUDIES)}")
    return 0
