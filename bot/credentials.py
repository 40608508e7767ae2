"""
Keeps the token pairs of channel accounts in the database: one truth for all workers, and one refresher at a time.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping

import sqlalchemy as sa

from bot import alarms
from bot.channels.tokens import Pair
from bot.database import Database, credential, insert


class Credentials:
    """
    A bot.channels.tokens.TokenStore for one channel. `wards` says to whose officers an alarm of an account goes.
    """

    def __init__(
        self,
        database: Database,
        channel: str,
        *,
        wards: Mapping[str, str],
        worker: str,
        clock: Callable[[], float] = time.time,
    ):
        self._database, self._channel, self._wards = database, channel, wards
        self._worker, self._clock = worker, clock

    async def get(self, account: str) -> Pair | None:
        # By the writing thread: what another task has just saved must be seen.
        return await self._database.write(_get, self._channel, account)

    async def save(self, account: str, pair: Pair) -> None:
        await self._database.keep(_save, self._channel, account, pair, now=self._clock())

    async def seed(self, account: str, pair: Pair) -> None:
        """
        Take a pair from the accounts file, unless this very pair was taken before: the stored one has grown from it.
        """
        digest = hashlib.sha256(f"{pair.access_token}\n{pair.refresh_token}".encode()).hexdigest()
        await self._database.keep(_seed, self._channel, account, pair, digest, now=self._clock())

    async def take_lease(self, account: str, refresh_token: str, *, seconds: float) -> bool:
        now = self._clock()
        return await self._database.keep(
            _take_lease, self._channel, account, refresh_token, worker=self._worker, until=now + seconds, now=now
        )

    async def end_lease(self, account: str) -> None:
        await self._database.write(_end_lease, self._channel, account, worker=self._worker)

    async def alarm(self, account: str, code: str, detail: str) -> None:
        named = {"ward": self._wards.get(account, ""), "channel": self._channel, "account": account, "code": code}
        await self._database.write(alarms.ring, **named, detail=detail, now=self._clock())

    async def clear(self, account: str, code: str) -> None:
        named = {"ward": self._wards.get(account, ""), "channel": self._channel, "account": account, "code": code}
        await self._database.write(alarms.clear, **named, now=self._clock())


def _where(channel: str, account: str) -> sa.ColumnElement[bool]:
    return (credential.c.channel == channel) & (credential.c.account == account)


def _get(connection: sa.Connection, channel: str, account: str) -> Pair | None:
    columns = (
        credential.c.access_token,
        credential.c.refresh_token,
        credential.c.expires_at,
        credential.c.refresh_expires_at,
    )
    row = connection.execute(sa.select(*columns).where(_where(channel, account))).one_or_none()
    return None if row is None else Pair(*row)


def _save(
    connection: sa.Connection, channel: str, account: str, pair: Pair, *, now: float, seed: str | None = None
) -> None:
    fresh = {**pair._asdict(), "lease_by": None, "lease_until": None, "changed_at": now}
    if seed is not None:
        fresh["seed"] = seed
    statement = insert(credential, connection.dialect.name).values(channel=channel, account=account, **fresh)
    connection.execute(statement.on_conflict_do_update(index_elements=["channel", "account"], set_=fresh))


def _seed(connection: sa.Connection, channel: str, account: str, pair: Pair, digest: str, *, now: float) -> None:
    known = connection.execute(sa.select(credential.c.seed).where(_where(channel, account))).scalar_one_or_none()
    if known != digest:
        _save(connection, channel, account, pair, now=now, seed=digest)


def _take_lease(
    connection: sa.Connection, channel: str, account: str, refresh_token: str, *, worker: str, until: float, now: float
) -> bool:
    free = credential.c.lease_until.is_(None) | (credential.c.lease_until < now)
    statement = (
        sa.update(credential)
        .where(_where(channel, account), credential.c.refresh_token == refresh_token, free)
        .values(lease_by=worker, lease_until=until)
    )
    return connection.execute(statement).rowcount == 1


def _end_lease(connection: sa.Connection, channel: str, account: str, *, worker: str) -> None:
    statement = sa.update(credential).where(_where(channel, account), credential.c.lease_by == worker)
    connection.execute(statement.values(lease_by=None, lease_until=None))
