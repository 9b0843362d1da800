"""`breakeven serve`: the page, on this machine unless told otherwise."""

from __future__ import annotations

import argparse
from typing import Any

_MORE = """\
Secrets come from the environment: PANEL_COOKIE_SECRET (made at random if there is none,
so that people sign in again after a restart), PANEL_OAUTH_KEY, PANEL_OAUTH_SECRET,
PANEL_OAUTH_ENCRYPTION. PREFIX/healthz answers 200 while the server works.
"""


def add_parser(commands: Any) -> argparse.ArgumentParser:
    """Declare the command."""
    parser = commands.add_parser("serve", help="serve the page", epilog=_MORE)
    _add_network(parser)
    _add_people(parser)
    log = parser.add_argument_group("log, on standard error")
    log.add_argument("--log-format", choices=("text", "json"), default="text")
    log.add_argument(
        "--log-level", choices=("debug", "info", "warning", "error"), default="info"
    )
    parser.add_argument(
        "--presets", metavar="FOLDER", help="own presets, read and never written"
    )
    parser.add_argument("--show", action="store_true", help="open a browser window")
    return parser


def _add_network(parser: argparse.ArgumentParser) -> None:
    network = parser.add_argument_group("network")
    network.add_argument(
        "--host",
        "--address",
        default="localhost",
        help="address to listen on, localhost by default; 0.0.0.0 for all",
    )
    network.add_argument("--port", type=int, default=5006, help="5006; 0 for any free")
    network.add_argument(
        "--allow-origin",
        action="append",
        default=[],
        metavar="HOST[:PORT]",
        help="host whose pages may open the websocket, besides the own one",
    )
    network.add_argument("--prefix", default="", help="path under which all lies")
    network.add_argument(
        "--behind-proxy", action="store_true", help="believe X-Forwarded-… headers"
    )
    network.add_argument(
        "--workers", type=int, default=1, help="processes that share the port, 1"
    )


def _add_people(parser: argparse.ArgumentParser) -> None:
    people = parser.add_argument_group("people")
    people.add_argument(
        "--max-sessions", type=int, default=0, help="pages open at once, 100 by default"
    )
    people.add_argument(
        "--basic-auth", default="", metavar="FILE", help="JSON: a password by name"
    )
    people.add_argument("--oauth-provider", default="", help="such as github or okta")
    people.add_argument(
        "--oauth-redirect-uri", default="", help="where the provider sends people back"
    )


def run(args: argparse.Namespace) -> int:
    """Serve until stopped."""
    _check(args)
    from breakeven.explorer import auth, limits, logs, serving

    logs.set_up(args.log_format, args.log_level)
    if args.presets:
        serving.use_presets(args.presets)
    login = auth.Login(args.basic_auth, args.oauth_provider, args.oauth_redirect_uri)
    login.check()
    server = serving.Server(
        host=args.host,
        port=args.port,
        workers=args.workers,
        origins=tuple(args.allow_origin),
        prefix=args.prefix,
        sessions=args.max_sessions or limits.SESSIONS,
        login=login,
        is_behind_proxy=args.behind_proxy,
        show=args.show,
    )
    return server.run()


def _check(args: argparse.Namespace) -> None:
    """Refuse what is wrong before anything heavy is loaded."""
    import os
    import re

    if not 0 <= args.port < 65_536:
        raise ValueError(f"--port {args.port} must be between 0 and 65535")
    if args.workers < 1:
        raise ValueError(f"--workers {args.workers} must be at least 1")
    if args.workers > 1 and not hasattr(os, "fork"):
        raise ValueError(f"--workers {args.workers}: this system cannot share a port")
    if args.max_sessions < 0:
        raise ValueError(f"--max-sessions {args.max_sessions} must be at least 1")
    if not re.fullmatch(r"[\w./~-]*", args.prefix) or ".." in args.prefix:
        raise ValueError(f"--prefix {args.prefix!r} must be a path such as /breakeven")
    for origin in args.allow_origin:
        if not re.fullmatch(r"[\w.-]+(:\d{1,5})?", origin):
            rule = "must be HOST or HOST:PORT; no scheme, no wildcard"
            raise ValueError(f"--allow-origin {origin!r} {rule}")
