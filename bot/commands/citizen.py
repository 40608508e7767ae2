"""
python -m bot citizen find|export|erase: everything that is kept of one citizen, to hand over or to erase.

    python -m bot citizen find --phone 0901234567
    python -m bot citizen export --id 812 > du-lieu.json
    python -m bot citizen erase --id 812 --yes

The number of a conversation stands in its address at the office: /admin/desk/812. Who asks must be known to be who they
say; a citizen who writes to the assistant can also say "xóa dữ liệu của tôi" there.
"""

from __future__ import annotations

import argparse
import sys
import time

import orjson
import sqlalchemy as sa

from bot import citizen_data, erasing
from bot.admin import audit
from bot.database import Database, citizen
from bot.migrate import migrate
from bot.settings import Settings


def add(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True, metavar="find|export|erase")
    finding = what.add_parser("find", help="which citizens have this address, or left this telephone number")
    finding.add_argument("--phone", help="as it stands with a ticket, in any way of writing")
    finding.add_argument("--address", help="the platform's id of the person, or the web conversation")
    exporting = what.add_parser("export", help="print everything about one citizen as JSON")
    erasing_it = what.add_parser("erase", help="erase what one citizen said and was told; it cannot be brought back")
    erasing_it.add_argument("--yes", action="store_true", help="really")
    for one in (exporting, erasing_it):
        one.add_argument("--id", type=int, required=True, help="number of the conversation")


def run(options: argparse.Namespace, found: Settings) -> int:
    database = Database(found.database)
    migrate(database)
    try:
        with database.engine.begin() as connection:
            if options.what == "find":
                return _find(connection, options)
            if options.what == "export":
                return _export(connection, options.id)
            return _erase(connection, options.id, really=options.yes)
    finally:
        database.close()


def _find(connection: sa.Connection, options: argparse.Namespace) -> int:
    if (options.phone is None) == (options.address is None):
        print("give --phone or --address", file=sys.stderr)
        return 2
    ids = citizen_data.find(connection, address=options.address, phone=options.phone)
    for row in connection.execute(sa.select(citizen).where(citizen.c.id.in_(ids)).order_by(citizen.c.id)):
        print(f"{row.id}  {row.ward} {row.channel}")
    if not ids:
        print("nobody", file=sys.stderr)
    return 0 if ids else 1


def _export(connection: sa.Connection, citizen_id: int) -> int:
    kept = citizen_data.export(connection, citizen_id)
    if kept is None:
        print(f"no citizen {citizen_id}", file=sys.stderr)
        return 1
    sys.stdout.write(orjson.dumps(kept, option=orjson.OPT_INDENT_2).decode() + "\n")
    return 0


def _erase(connection: sa.Connection, citizen_id: int, *, really: bool) -> int:
    row = connection.execute(sa.select(citizen).where(citizen.c.id == citizen_id)).one_or_none()
    if row is None:
        print(f"no citizen {citizen_id}", file=sys.stderr)
        return 1
    if not really:
        print(
            f"citizen {citizen_id}, {row.ward} {row.channel}: add --yes to erase; nothing was changed", file=sys.stderr
        )
        return 1
    erasing.erase(connection, citizen_id)
    audit.note(
        connection, None, ward=row.ward, action="desk.erased", what=f"conversation/{citizen_id}", now=time.time()
    )
    print(f"erased: citizen {citizen_id}, {row.ward} {row.channel}; files go within minutes while the gateway runs")
    return 0
