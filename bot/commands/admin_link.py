"""
python -m bot admin-link [--login LOGIN]: print a one-time link for the office, good for 24 hours.

Without --login: the first administrator's, as long as there is no officer. With it: a new password for that officer,
when nobody in the office can make the link.
"""

from __future__ import annotations

import argparse
import sys
import time

import sqlalchemy as sa

from bot.admin import audit, auth, links, officers
from bot.database import Database
from bot.migrate import migrate
from bot.settings import Settings


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--login", help="officer who is to set a new password")


def run(options: argparse.Namespace, found: Settings) -> int:
    database = Database(found.database)
    migrate(database)
    try:
        with database.engine.begin() as connection:
            if options.login is None:
                token = links.make_first(connection, now=time.time())
                problem = "there are officers already: sign in, or name one with --login"
            else:
                token = _password_link(connection, options.login.strip().lower(), now=time.time())
                problem = f"no officer {options.login}, or the account is closed"
    finally:
        database.close()
    if token is None:
        print(problem, file=sys.stderr)
        return 1
    print(f"Open this link within 24 hours; it works once:\n\n  {address(found)}{links.PATH}{token}\n")
    return 0


def address(found: Settings) -> str:
    """
    Return where a browser finds the gateway, as far as the settings say.
    """
    host = "127.0.0.1" if found.host in ("0.0.0.0", "::") else found.host  # noqa: S104
    return found.public_url or f"http://{f'[{host}]' if ':' in host else host}:{found.port}"


def _password_link(connection: sa.Connection, login: str, *, now: float) -> str | None:
    there = next((one for one in officers.accounts(connection) if one.officer.login == login), None)
    if there is None or there.disabled_at is not None:
        return None
    auth.forgive(connection, login)
    audit.note(connection, None, ward="", action="officer.link_made", what=f"officer/{login}", now=now)
    return links.make_password(connection, there.officer.id, now=now)
