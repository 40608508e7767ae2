"""
python -m bot desk: what waits for a person: alarms, open tickets, messages of which nobody knows whether they arrived.
"""

from __future__ import annotations

import argparse
import time
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot import alarms, switches
from bot.database import Database, ticket
from bot.delivery import ledger
from bot.migrate import migrate
from bot.settings import Settings

TIMEZONE = ZoneInfo("Asia/Ho_Chi_Minh")
SHOWN = 50


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--ward", help="slug of a ward; all without")
    parser.add_argument("--end", metavar="CODE", help="end an alarm whose cause is mended, e.g. messenger.policy")


def run(options: argparse.Namespace, found: Settings) -> int:
    database = Database(found.database)
    migrate(database)
    try:
        with database.engine.begin() as connection:
            if options.end is not None:
                print(f"ended {end(connection, options.end, ward=options.ward, now=time.time())} of {options.end}")
            for line in lines(connection, ward=options.ward):
                print(line)
    finally:
        database.close()
    return 0


def end(connection: sa.Connection, code: str, *, ward: str | None, now: float) -> int:
    """
    End the alarms of a code, in one ward or in all; return how many there were.
    """
    ended = [one for one in alarms.ringing(connection) if one.code == code and ward in (None, one.ward)]
    for one in ended:
        alarms.clear(connection, ward=one.ward, channel=one.channel, account=one.account, code=code, now=now)
    return len(ended)


def lines(connection: sa.Connection, *, ward: str | None) -> list[str]:
    """
    Return what waits, one line each; nothing of what citizens wrote.
    """
    found = []
    for alarm in alarms.ringing(connection):
        if ward in (None, alarm.ward) or not alarm.ward:
            where = " ".join(filter(None, (alarm.ward, alarm.channel, alarm.account)))
            found.append(f"ALARM     {_time(alarm.raised_at)}  {alarm.code}  {where}: {alarm.detail}")
    for off in switches.all_off(connection):
        if ward in (None, off.ward):
            found.append(f"OFF       {_time(off.off_at)}  {off.ward} {off.channel}: {off.reason}")
    query = sa.select(ticket.c.ward, ticket.c.channel, ticket.c.reason, ticket.c.inbox_id, ticket.c.opened_at)
    query = query.where(ticket.c.state == "open").order_by(ticket.c.opened_at.desc()).limit(SHOWN)
    for row in connection.execute(query if ward is None else query.where(ticket.c.ward == ward)):
        found.append(
            f"TICKET    {_time(row.opened_at)}  {row.reason}  {row.ward} {row.channel}, message {row.inbox_id}"
        )
    for one in ledger.uncertain(connection)[-SHOWN:]:
        if ward in (None, one.ward):
            found.append(
                f"UNCERTAIN {_time(one.created_at)}  {one.ward} {one.channel}, delivery {one.id}: {one.state}, "
                f"{one.uncertain} lost answer{'s' if one.uncertain > 1 else ''}"
            )
    return found or ["nothing waits for a person"]


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, TIMEZONE).strftime("%d/%m %H:%M")
