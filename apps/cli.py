"""The command line: `breakeven COMMAND …`; bad input is one line and exit status 2."""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from importlib import import_module
from importlib.metadata import version

COMMANDS = {
    "evaluate": "evaluate a scenario: answers, costs, power; as text or JSON",
    "export": "write a scenario as page, table, data or scenario file",
    "sweep": "evaluate a grid or a sample of inputs into a file of any size",
    "pareto": "list the rows of a sweep that no other row beats",
    "fleet": "the best mix of chips for a site under caps of power, money and supply",
    "presets": "list chips, sites, workloads, models and scenarios with sources",
    "cite": "list the documents behind a scenario",
    "diff": "compare two scenarios: inputs that differ, and what each contributes",
    "predict": "predict throughput for a table of cases",
    "validate": "compare predictions with the measurements of a table of cases",
    "calibrate": "fit the throughput model to a table of measurements",
    "docs": "write the documentation to a folder, made from the source",
    "serve": "serve the page on this machine",
}


def main(argv: list[str] | None = None) -> int:
    """Run one command; the exit status: 0, or 2 when the input is refused."""
    words = sys.argv[1:] if argv is None else argv
    if argv is None:  # the process is ours
        # what overflows ends as a result that says why: its reader needs no more
        warnings.filterwarnings("ignore", category=RuntimeWarning, module="breakeven")
    parser = _parser(words)
    args = parser.parse_args(words)
    try:
        return int(args.run(args))
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (KeyError, ValueError, OSError, ArithmeticError, MemoryError) as error:
        if os.environ.get("BREAKEVEN_TRACEBACK"):
            raise
        print(f"breakeven {args.command}: {_said(error)}", file=sys.stderr)
        return 2


def _parser(words: list[str]) -> argparse.ArgumentParser:
    """Parser that imports only the command asked for, so that each starts quickly."""
    parser = argparse.ArgumentParser(
        "breakeven",
        description="When, at what volume, utilisation and price, does custom silicon "
        "beat GPUs, and by how much?",
    )
    parser.add_argument("--version", action="version", version=version("breakeven"))
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    asked = next((word for word in words if not word.startswith("-")), None)
    for name, text in COMMANDS.items():
        if name == asked:
            module = import_module(f"breakeven.apps.commands.{name}")
            module.add_parser(commands).set_defaults(run=module.run)
        else:
            commands.add_parser(name, help=text)
    return parser


def _said(error: Exception) -> str:
    """Message of an error as one line."""
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}"
    said = error.args[0] if isinstance(error, KeyError) and error.args else error
    return " ".join(str(said).split())


if __name__ == "__main__":
    sys.exit(main())
