"""
When each account last heard from its platform, and when a request was last refused: what `check` tells about webhooks.
"""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa

from bot.database import account_state, insert

# One row per account, written at most this often: it is for people who look for trouble, not a count.
EVERY_SECONDS = 10.0


class AccountState(NamedTuple):
    event_at: float | None
    refused_at: float | None
    refused_code: str | None


class Due:
    """
    Says whether it is time to write again. In memory: each worker writes for itself.
    """

    def __init__(self) -> None:
        self._written: dict[tuple[str, str, str], float] = {}

    def due(self, channel: str, account: str, what: str, *, now: float) -> bool:
        key = (channel, account, what)
        if now - self._written.get(key, -1e12) < EVERY_SECONDS:
            return False
        self._written[key] = now
        return True


def note_event(connection: sa.Connection, *, channel: str, account: str, now: float) -> None:
    _note(connection, channel, account, {"event_at": now})


def note_refused(connection: sa.Connection, *, channel: str, account: str, code: str, now: float) -> None:
    _note(connection, channel, account, {"refused_at": now, "refused_code": code[:64]})


def _note(connection: sa.Connection, channel: str, account: str, values: dict[str, object]) -> None:
    statement = insert(account_state, connection.dialect.name).values(channel=channel, account=account, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["channel", "account"], set_=values))


def get(connection: sa.Connection, channel: str, account: str) -> AccountState:
    columns = (account_state.c.event_at, account_state.c.refused_at, account_state.c.refused_code)
    query = sa.select(*columns).where(account_state.c.channel == channel, account_state.c.account == account)
    row = connection.execute(query).one_or_none()
    return AccountState(None, None, None) if row is None else AccountState(*row)
