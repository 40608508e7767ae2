"""
python -m bot portal-token make|list|revoke: tokens with which a ward's portal reads announcements, and drafts them.

    python -m bot portal-token make --ward phuong-mau --name "Cổng thông tin phường Mẫu" --write
    python -m bot portal-token list --ward phuong-mau
    python -m bot portal-token revoke 3
"""

from __future__ import annotations

import argparse
import sys
import time
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot.admin import audit
from bot.announcements import portal_tokens
from bot.database import Database, ward
from bot.migrate import migrate
from bot.settings import Settings

TIMEZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def add(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True, metavar="make|list|revoke")
    make = what.add_parser("make", help="make a token; it is printed once")
    make.add_argument("--ward", required=True, help="slug of the ward")
    make.add_argument("--name", required=True, help="whose it is, e.g. “Cổng thông tin phường Mẫu”")
    make.add_argument("--write", action="store_true", help="it may make drafts, too; officers still approve them")
    listing = what.add_parser("list", help="the tokens, without their secrets")
    listing.add_argument("--ward", help="only of this ward")
    revoke = what.add_parser("revoke", help="end a token for ever")
    revoke.add_argument("id", type=int, help="its number in the list")


def run(options: argparse.Namespace, found: Settings) -> int:
    database = Database(found.database)
    migrate(database)
    try:
        with database.engine.begin() as connection:
            return {"make": _make, "list": _list, "revoke": _revoke}[options.what](connection, options)
    finally:
        database.close()


def _make(connection: sa.Connection, options: argparse.Namespace) -> int:
    known = set(connection.execute(sa.select(ward.c.slug)).scalars())
    if known and options.ward not in known:
        print(f"no such ward: {options.ward}; there are {', '.join(sorted(known))}", file=sys.stderr)
        return 1
    token = portal_tokens.make(
        connection, ward=options.ward, name=options.name, may_write=options.write, now=time.time()
    )
    audit.note(
        connection, None, ward=options.ward, action="announcement.portal_token_made", what=f"portal_token/{options.name}",
        after={"name": options.name, "write": options.write},
    )  # fmt: skip
    print(token)
    print("keep it in the portal's settings: it cannot be shown again", file=sys.stderr)
    return 0


def _list(connection: sa.Connection, options: argparse.Namespace) -> int:
    for one in portal_tokens.listed(connection, options.ward):
        state = (
            f"revoked {_time(one.revoked_at)}" if one.revoked_at else "reads and drafts" if one.may_write else "reads"
        )
        used = _time(one.used_at) if one.used_at else "never"
        print(f"{one.id:>4}  {one.ward}  {one.name}  made {_time(one.made_at)}, used {used}: {state}")
    return 0


def _revoke(connection: sa.Connection, options: argparse.Namespace) -> int:
    if not portal_tokens.revoke(connection, options.id, now=time.time()):
        print(f"no token {options.id} that still counts", file=sys.stderr)
        return 1
    audit.note(connection, None, ward="", action="announcement.portal_token_revoked", what=f"portal_token/{options.id}")
    print(f"revoked: {options.id}")
    return 0


def _time(seconds: float | None) -> str:
    return "" if seconds is None else datetime.fromtimestamp(seconds, TIMEZONE).strftime("%H:%M %d/%m/%Y")
