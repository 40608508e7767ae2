"""
python -m bot switch off|on|list: turn the answers of a ward's channel off, with a reason that citizens are told.
"""

from __future__ import annotations

import argparse
import sys
import time
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot import switches
from bot.database import Database, ward
from bot.migrate import migrate
from bot.settings import Settings

CHANNELS = (switches.ALL_CHANNELS, "zalo", "messenger", "telegram", "web")
TIMEZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def add(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True, metavar="off|on|list")
    off = what.add_parser("off", help="stop answering; citizens are told the reason, officers get their messages")
    on = what.add_parser("on", help="answer again")
    what.add_parser("list", help="what is off now")
    for one in (off, on):
        one.add_argument("--ward", required=True, help="slug of the ward")
        one.add_argument(
            "--channel",
            default=switches.ALL_CHANNELS,
            choices=CHANNELS,
            help="zalo, messenger, telegram, web; all without",
        )
    off.add_argument("--reason", required=True, help="in Vietnamese, as it goes on after “đang tạm ngừng trả lời: …”")


def run(options: argparse.Namespace, found: Settings) -> int:
    database = Database(found.database)
    migrate(database)
    try:
        with database.engine.begin() as connection:
            known = set(connection.execute(sa.select(ward.c.slug)).scalars())
            if options.what != "list" and known and options.ward not in known:
                print(f"no such ward: {options.ward}; there are {', '.join(sorted(known))}", file=sys.stderr)
                return 1
            if options.what == "off":
                switches.turn_off(
                    connection, ward=options.ward, channel=options.channel, reason=options.reason, now=time.time()
                )
                print(f"off: {options.ward} {options.channel} — {options.reason}")
            elif options.what == "on":
                there = switches.turn_on(connection, ward=options.ward, channel=options.channel)
                print(f"{'on' if there else 'was not off'}: {options.ward} {options.channel}")
            else:
                for one in switches.all_off(connection):
                    since = datetime.fromtimestamp(one.off_at, TIMEZONE).strftime("%H:%M %d/%m/%Y")
                    print(f"off since {since}: {one.ward} {one.channel} — {one.reason}")
    finally:
        database.close()
    return 0
