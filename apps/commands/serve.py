"""`breakeven serve`: the page, on this machine unless told otherwise."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any


def add_parser(commands: Any) -> argparse.ArgumentParser:
    """Declare the command."""
    parser = commands.add_parser("serve", help="serve the page")
    parser.add_argument("--port", type=int, default=5006, help="port, 5006 by default")
    parser.add_argument(
        "--address",
        default="localhost",
        help="address to listen on, localhost by default",
    )
    parser.add_argument(
        "--allow-origin",
        action="append",
        default=[],
        metavar="HOST:PORT",
        help="origin whose pages may open the websocket, besides the own one",
    )
    parser.add_argument("--show", action="store_true", help="open a browser window")
    return parser


def run(args: argparse.Namespace) -> int:
    """Serve until stopped."""
    if not 0 < args.port < 65_536:
        raise ValueError(f"--port {args.port} must be between 1 and 65535")
    from panel.command import main

    page = Path(__file__).parents[1] / "explorer.py"
    words = ["panel", "serve", str(page), "--port", str(args.port)]
    words += ["--address", args.address]
    for origin in args.allow_origin:
        words += ["--allow-websocket-origin", origin]
    # Panel reads the words of its command from sys.argv whatever it is given.
    sys.argv = words + ["--show"] * args.show
    main()
    return 0
