"""
Our own tables, and the two ways into them: `write` and `read`.

Work on the database is a plain function whose first argument is a Connection; it runs as one transaction in a thread,
so that a whole transaction costs the event loop a single hop. On SQLite there is one writing thread and never a lock
to wait for; on PostgreSQL several.
Times are seconds since 1970 in UTC. Migrations stand in migrations/versions.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import orjson
import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Table, UniqueConstraint
from sqlalchemy.dialects import postgresql, sqlite

P = ParamSpec("P")
T = TypeVar("T")

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
_Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_Time = sa.Float(precision=53)

citizen = Table(
    "citizen",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("ward", sa.String(64), nullable=False),
    Column("channel", sa.String(16), nullable=False),
    Column("address", sa.String(128), nullable=False),
    Column("dialogue_id", sa.String(32), nullable=False),  # the sender that Rasa knows; says nothing about the person
    Column("answering_by", sa.String(64)),  # executor that answers this conversation now; null when all is answered
    Column("turns", sa.Integer, nullable=False, server_default="0"),  # since Rasa's last session_start
    Column("cursor", sa.Integer, nullable=False, server_default="0"),  # last position in web_message
    Column("noticed_at", _Time),  # when the notice on automatic answers and personal data was sent
    Column("created_at", _Time, nullable=False),
    Column("seen_at", _Time, nullable=False),
    UniqueConstraint("channel", "address"),
    Index(None, "answering_by"),
)
inbox = Table(
    "inbox",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("citizen_id", _Id, ForeignKey("citizen.id"), nullable=False),
    Column("channel", sa.String(16), nullable=False),
    Column("message_id", sa.String(256), nullable=False),
    Column("ward", sa.String(64), nullable=False),
    Column("kind", sa.String(16), nullable=False),
    Column("text", sa.Text, nullable=False),
    Column("payload", sa.Text),
    Column("state", sa.String(16), nullable=False),  # waiting → asked → answered
    Column("work_id", sa.String(32), nullable=False),  # the DBOS workflow that answers it
    Column("failures", sa.Integer, nullable=False, server_default="0"),
    Column("received_at", _Time, nullable=False),
    Column("answered_at", _Time),
    UniqueConstraint("channel", "message_id"),
    Index(None, "citizen_id", "state"),
    sqlite_autoincrement=True,
)
delivery = Table(
    "delivery",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("inbox_id", _Id, ForeignKey("inbox.id"), nullable=False),
    Column("part", sa.Integer, nullable=False),
    Column("citizen_id", _Id, ForeignKey("citizen.id"), nullable=False),
    Column("ward", sa.String(64), nullable=False),
    Column("channel", sa.String(16), nullable=False),
    Column("address", sa.String(128), nullable=False),
    Column("kind", sa.String(16), nullable=False),
    Column("body", sa.JSON, nullable=False),
    Column("state", sa.String(16), nullable=False),  # due → sending → sent | failed
    Column("attempts", sa.Integer, nullable=False, server_default="0"),
    Column("claimed_at", _Time),
    Column("sent_at", _Time),
    Column("platform_id", sa.String(128)),
    Column("problem", sa.String(200)),
    Column("created_at", _Time, nullable=False),
    UniqueConstraint("inbox_id", "part"),
    sqlite_autoincrement=True,  # the web chat knows a reply by this id, so none may come twice
)
question = Table(
    "question",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("inbox_id", _Id, nullable=False, unique=True),
    Column("ward", sa.String(64), nullable=False),
    Column("channel", sa.String(16), nullable=False),
    Column("text", sa.Text, nullable=False),
    Column("outcome", sa.String(64), nullable=False),
    Column("entry_ids", sa.JSON, nullable=False),
    Column("part", sa.String(64)),
    Column("ms", sa.Integer, nullable=False),
    Column("asked_at", _Time, nullable=False),
    Index(None, "ward", "asked_at"),
)
ticket = Table(
    "ticket",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("ward", sa.String(64), nullable=False),
    Column("channel", sa.String(16), nullable=False),
    Column("citizen_id", _Id, ForeignKey("citizen.id"), nullable=False),
    Column("inbox_id", _Id, ForeignKey("inbox.id"), nullable=False),
    Column("reason", sa.String(64), nullable=False),
    Column("state", sa.String(16), nullable=False),  # open → closed
    Column("opened_at", _Time, nullable=False),
    UniqueConstraint("inbox_id", "reason"),
    Index(None, "ward", "state"),
)
ward = Table(
    "ward",
    metadata,
    Column("slug", sa.String(64), primary_key=True),
    Column("body", sa.JSON, nullable=False),
    Column("fetched_at", _Time, nullable=False),
)
web_message = Table(
    "web_message",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("conversation", sa.String(128), nullable=False),
    Column("position", sa.Integer, nullable=False),  # 1, 2, 3 … within the conversation
    Column("key", sa.String(256), nullable=False),  # the browser's message id, or "d" + the delivery's id
    Column("side", sa.String(16), nullable=False),  # citizen | bot
    Column("body", sa.JSON, nullable=False),
    Column("at", _Time, nullable=False),
    UniqueConstraint("conversation", "position"),
    UniqueConstraint("conversation", "key"),
)


class Database:
    """
    Opens its engines at once; `close` lets running work end.
    """

    def __init__(self, url: str):
        self.url = sa.make_url(url)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        if self.sqlite:
            if self.url.database:
                Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
            self._writer = _sqlite_engine(self.url, begin="BEGIN IMMEDIATE", synchronous="NORMAL")
            self._keeper = _sqlite_engine(self.url, begin="BEGIN IMMEDIATE", synchronous="FULL")
            self._reader = _sqlite_engine(self.url, begin="BEGIN", synchronous="NORMAL")
            self._write_threads = ThreadPoolExecutor(1, "database-write")
        else:
            engine = sa.create_engine(
                self.url, pool_size=16, max_overflow=0, pool_pre_ping=True, hide_parameters=True, **_JSON
            )
            self._writer = self._keeper = self._reader = engine
            self._write_threads = ThreadPoolExecutor(10, "database-write")
        self._read_threads = ThreadPoolExecutor(4, "database-read")

    @property
    def engine(self) -> sa.Engine:
        """The engine that writes; for migrations and tests."""
        return self._writer

    async def write(self, work: Callable[Concatenate[sa.Connection, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """
        Run `work(connection, …)` as one transaction. Safe through a kill of the process; on SQLite a power cut may
        take the last moments with it, which then are done again.
        """
        return await self._run(self._write_threads, self._writer, lambda connection: work(connection, *args, **kwargs))

    async def keep(self, work: Callable[Concatenate[sa.Connection, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """
        As `write`, but when it returns the result is on the disk. For what we promise to others: the inbox.
        """
        return await self._run(self._write_threads, self._keeper, lambda connection: work(connection, *args, **kwargs))

    async def read(self, work: Callable[Concatenate[sa.Connection, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """
        Run `work(connection, …)`, which changes nothing.
        """
        return await self._run(self._read_threads, self._reader, lambda connection: work(connection, *args, **kwargs))

    @staticmethod
    async def _run(threads: ThreadPoolExecutor, engine: sa.Engine, work: Callable[[sa.Connection], T]) -> T:
        def transaction() -> T:
            with engine.begin() as connection:
                return work(connection)

        return await asyncio.get_running_loop().run_in_executor(threads, transaction)

    def close(self) -> None:
        self._write_threads.shutdown(wait=True, cancel_futures=True)
        self._read_threads.shutdown(wait=True, cancel_futures=True)
        for engine in {self._writer, self._keeper, self._reader}:
            engine.dispose()


def insert(table: Table, dialect: str) -> Any:
    """
    An INSERT that understands ON CONFLICT, in this dialect ("sqlite" or "postgresql").
    """
    if dialect == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def _dumps(value: Any) -> str:
    return orjson.dumps(value).decode()


_JSON: dict[str, Any] = {"json_serializer": _dumps, "json_deserializer": orjson.loads}


def _sqlite_engine(url: sa.URL, *, begin: str, synchronous: str) -> sa.Engine:
    # hide_parameters: an exception text may reach the log, and parameters hold what citizens wrote.
    engine = sa.create_engine(url, hide_parameters=True, **_JSON)

    @sa.event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", f"synchronous={synchronous}", "busy_timeout=30000", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def start(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
