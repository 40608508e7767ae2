"""
python -m bot serve | check | connect | menus | switch | desk | announce | citizen | portal-token | admin-link | migrate | ask
"""

from __future__ import annotations

import argparse
import importlib
import os
import socket
import sys
from pathlib import Path
from types import ModuleType

from bot import __version__, log, settings
from bot.errors import BotError, SettingsError
from bot.settings import Settings

EXIT_PROBLEM, EXIT_SETTINGS = 1, 2
# Commands with a file of their own in commands/.
LATER = {
    "check": "say of each part and account whether it is in order, and what to do",
    "connect": "let a Zalo OA, a Page or a Telegram bot and this gateway find each other",
    "menus": "show or write the menus of the accounts",
    "switch": "turn the answers of a ward's channel off and on",
    "desk": "list what waits for a person",
    "citizen": "export or erase everything that is kept of one citizen",
    "portal-token": "make, list or revoke the tokens of a ward's portal",
    "announce": "list, approve, stop and count announcements",
    "admin-link": "print a one-time link: the office's first administrator, or an officer's new password",
}
RAW = argparse.RawDescriptionHelpFormatter


def main(arguments: list[str] | None = None) -> int:
    arguments = sys.argv[1:] if arguments is None else arguments
    options = _parser(arguments).parse_args(arguments)
    if options.command == "ask":
        from bot.ask import run

        return run(options)
    try:
        found = settings.read(os.environ)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return EXIT_SETTINGS
    try:
        if options.command in LATER:
            module = _module(options.command)
            return int(module.run(options, found))
        commands = {"serve": serve, "migrate": migrate}
        return commands[options.command](found)
    except BotError as error:
        print(f"{error.code}: {error}", file=sys.stderr)
        return EXIT_PROBLEM


def serve(found: Settings) -> int:
    """
    Serve until SIGINT or SIGTERM.
    """
    from aiohttp import web

    from bot.app import build

    log.configure(found.log_level)
    try:
        # Before anything else: a second bot on this port must not touch the database of the first.
        sock = _listen(found.host, found.port)
    except OSError as error:
        print(f"BOT_PORT={found.port} cannot be used on {found.host}: {error.strerror}", file=sys.stderr)
        return EXIT_PROBLEM
    web.run_app(build(found), sock=sock, access_log=None, print=None, shutdown_timeout=3.0)
    return 0


def migrate(found: Settings) -> int:
    """
    Bring the tables up to date.
    """
    from bot import migrate as migrations
    from bot.database import Database

    database = Database(found.database)
    before, after = migrations.migrate(database)
    database.close()
    print(f"database is at {after}" + ("" if before == after else f" (was {before or 'empty'})"))
    return 0


def _module(command: str) -> ModuleType:
    return importlib.import_module(f"bot.commands.{command.replace('-', '_')}")


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, port))
        sock.listen(1024)
    except OSError:
        sock.close()
        raise
    return sock


def _parser(arguments: list[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="Trợ lý Một cửa: the gateway.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("serve", help="run the gateway; settings come from the environment (BOT_…)")
    for name, text in LATER.items():
        parser_of_it = commands.add_parser(name, help=text, formatter_class=RAW)
        if name in arguments[:1]:  # the others need not be imported
            module = _module(name)
            parser_of_it.description = module.__doc__
            module.add(parser_of_it)
    commands.add_parser("migrate", help="bring the database up to date (serve does so too)")
    ask = commands.add_parser("ask", help="ask a running gateway, as a citizen would in the web chat")
    ask.add_argument("question", nargs="?", help="a question; `a || b` asks two in a row")
    ask.add_argument("--ward", required=True, help="slug of the ward, e.g. hoa-binh")
    ask.add_argument("--url", default="http://127.0.0.1:8080", help="where the gateway runs (%(default)s)")
    ask.add_argument("--file", type=Path, help="one question a line; writes JSON lines")
    ask.add_argument("--out", type=Path, help="write the JSON lines here instead of stdout")
    ask.add_argument("--concurrency", type=int, default=4, help="conversations at once (%(default)s)")
    ask.add_argument("--timeout", type=float, default=60, help="seconds to wait for one reply (%(default)s)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
