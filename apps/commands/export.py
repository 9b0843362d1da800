"""`breakeven export`: a scenario as a file, its kind chosen by the suffix."""

from __future__ import annotations

import argparse
import gc
import sys
from pathlib import Path
from typing import Any

from breakeven.apps.commands import arguments
from breakeven.models.scenario import Scenario


def add_parser(commands: Any) -> argparse.ArgumentParser:
    """Declare the command."""
    parser = commands.add_parser(
        "export",
        help="write a scenario to a file",
        description="Kinds by suffix: .html page with live sliders, .xlsx workbook "
        "with live formulas, .pdf one-page brief, .png and .svg picture of a view, "
        ".csv and .parquet curves, .json inputs and results, .toml scenario, .py the "
        "Python that makes it.",
    )
    arguments.add_scenario(parser)
    parser.add_argument("-o", "--output", required=True, type=Path, metavar="FILE")
    parser.add_argument(
        "--view",
        default="",
        metavar="NAME",
        help="view that a picture shows (without: amortisation)",
    )
    _page_arguments(parser)
    return parser


def _page_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what a page without server should hold."""
    parser.add_argument(
        "--live",
        "--sliders",
        action="append",
        default=[],
        metavar="NAME[,NAME…]",
        help="inputs that keep a slider in an .html page, by dotted name (without: "
        "chips, utilisation, prices, electricity, discount rate)",
    )
    parser.add_argument(
        "--views",
        action="append",
        default=[],
        metavar="NAME[,NAME…]",
        help="views of an .html page (without: amortisation, cost, throughput, power); "
        "those that cannot follow sliders stand as exported",
    )
    parser.add_argument(
        "--switch",
        metavar="SCENARIO",
        help="a second scenario in an .html page, with a switch between the two",
    )


def run(args: argparse.Namespace) -> int:
    """Write the file; a failed export leaves none."""
    # the process ends with the file: to look for cycles is a tenth of the work
    looks = gc.isenabled()
    gc.disable()
    try:
        return _written(args)
    finally:
        if looks:
            gc.enable()


def _written(args: argparse.Namespace) -> int:
    """Write the file, and say how large it is."""
    from breakeven.explorer.export import write

    scenario = arguments.scenario(args)
    if args.output.suffix == ".html" and not args.view:
        return _page(args, scenario)
    for name in ("live", "views", "switch"):
        if getattr(args, name):
            raise ValueError(f"--{name} is for .html pages, not {args.output.suffix!r}")
    write(scenario, args.output, args.view)
    print(f"{args.output}: {args.output.stat().st_size:,} bytes")
    return 0


def _page(args: argparse.Namespace, scenario: Scenario) -> int:
    """Write the page, and say how exact its sliders are."""
    from tqdm import tqdm

    from breakeven.explorer import load_scenario, snapshot

    other = load_scenario(args.switch) if args.switch else None
    form = "{desc}: {percentage:3.0f}% |{bar}| {elapsed}"
    quiet = not sys.stderr.isatty()
    with tqdm(total=1.0, desc="page", bar_format=form, disable=quiet) as bar:
        wish = snapshot.Wish(
            live=_names(args.live),
            views=_names(args.views),
            other=other,
            told=lambda share: bar.update(max(0.0, share - bar.n)) and None,
        )
        made = snapshot.write(scenario, args.output, wish=wish)
    print(f"{args.output}: {made.report()}")
    return 0


def _names(texts: list[str]) -> list[str]:
    """Names of a repeated argument, each of which may hold several."""
    return [name.strip() for text in texts for name in text.split(",") if name.strip()]
