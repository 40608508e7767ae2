"""
python -m bot serve | check | migrate | ask
"""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import sys
from pathlib import Path

from bot import __version__, log, settings
from bot.errors import BotError, SettingsError
from bot.settings import Settings

EXIT_PROBLEM, EXIT_SETTINGS = 1, 2


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    if options.command == "ask":
        from bot.ask import run

        return run(options)
    try:
        found = settings.read(os.environ)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return EXIT_SETTINGS
    commands = {"serve": serve, "check": check, "migrate": migrate}
    try:
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


def check(found: Settings) -> int:
    """
    Print one line per part. 0 when all are well.
    """
    return asyncio.run(_check(found))


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


async def _check(found: Settings) -> int:
    from bot import migrate as migrations
    from bot.channels.web.sites import load
    from bot.database import Database
    from bot.dialogue import Dialogue
    from bot.health import Health, Part
    from bot.knowledge_api import KnowledgeApi
    from bot.wards import Wards

    parts = [Part("settings", True, "read")]
    database = Database(found.database)
    dialogue, knowledge = Dialogue(found.rasa_url, timeout_seconds=2), KnowledgeApi(found.knowledge_url)
    health = Health(database, dialogue, knowledge, found.actions_url)
    try:
        migrations.migrate(database)
        parts += await health.parts()
        wards = Wards(database, knowledge)
        await wards.load()
        known = {one.slug for one in wards.all()}
        parts.append(
            Part("wards", bool(known), f"{len(known)} known", "none yet: start knowledge, then the bot fetches them")
        )
        try:
            sites = load(found.sites_file)
            lost = sorted({site.ward for site in sites.values()} - known)
            detail = f"{len(sites)} in {found.sites_file}" + (f"; no such ward: {', '.join(lost)}" if lost else "")
            parts.append(Part("sites", not lost, detail, "correct the ward in the sites file"))
        except BotError as error:
            parts.append(Part("sites", False, str(error), "correct the sites file"))
    except Exception as error:
        parts.append(Part("database", False, type(error).__name__, "see BOT_DATABASE; run `python -m bot migrate`"))
    finally:
        for one in (dialogue, knowledge, health):
            await one.close()
        database.close()
    for part in parts:
        print(part.line())
    return 0 if all(part.ok for part in parts) else EXIT_PROBLEM


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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="Trợ lý Một cửa: the gateway.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("serve", help="run the gateway; settings come from the environment (BOT_…)")
    commands.add_parser("check", help="say of each part whether it is in order, and what to do")
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
