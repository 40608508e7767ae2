"""
Alarms: what an officer or the operator must know while it lasts, one row per ward, account and code.
"""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa

from bot.database import alarm, insert
from bot.log import log


class Alarm(NamedTuple):
    ward: str
    channel: str
    account: str
    code: str
    detail: str
    raised_at: float


def ring(
    connection: sa.Connection, *, ward: str, code: str, detail: str, now: float, channel: str = "", account: str = ""
) -> None:
    """
    Raise an alarm. One that rings already keeps its time and takes the new detail.
    """
    key = {"ward": ward, "channel": channel, "account": account, "code": code}
    there = connection.execute(
        sa.select(alarm.c.cleared_at).where(*(alarm.c[name] == value for name, value in key.items()))
    ).one_or_none()
    statement = insert(alarm, connection.dialect.name).values(**key, detail=detail[:300], raised_at=now)
    again = {"detail": statement.excluded.detail}
    if there is None or there.cleared_at is not None:
        again |= {"raised_at": statement.excluded.raised_at, "cleared_at": sa.null()}
        log.error("alarm.raised", ward=ward, channel=channel, account=account, code=code)
    columns = ["ward", "channel", "account", "code"]
    connection.execute(statement.on_conflict_do_update(index_elements=columns, set_=again))


def clear(connection: sa.Connection, *, ward: str, code: str, now: float, channel: str = "", account: str = "") -> None:
    statement = (
        sa.update(alarm)
        .where(
            alarm.c.ward == ward,
            alarm.c.channel == channel,
            alarm.c.account == account,
            alarm.c.code == code,
            alarm.c.cleared_at.is_(None),
        )
        .values(cleared_at=now)
    )
    if connection.execute(statement).rowcount:
        log.info("alarm.cleared", ward=ward, channel=channel, account=account, code=code)


def ringing(connection: sa.Connection) -> list[Alarm]:
    """
    Return what rings now, oldest first.
    """
    columns = (alarm.c.ward, alarm.c.channel, alarm.c.account, alarm.c.code, alarm.c.detail, alarm.c.raised_at)
    query = sa.select(*columns).where(alarm.c.cleared_at.is_(None)).order_by(alarm.c.raised_at)
    return [Alarm(*row) for row in connection.execute(query)]
