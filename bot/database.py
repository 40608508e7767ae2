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

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Table, UniqueConstraint
from sqlalchemy.dialects import postgresql, sqlite

from bot.engines import postgresql_engine, sqlite_engine

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
    Column("sequence", _Time),  # of the newest message, as the platform orders them
    Column("interacted_at", _Time),  # the citizen's last act; opens the platform's window
    Column("quota_left", sa.Integer),  # messages the platform still takes before the next act; null when it did not say
    Column("left_at", _Time),  # unfollowed or blocked; null when reachable
    Column("silent_until", _Time),  # a person of the office has taken over
    Column("delayed_at", _Time),  # last told that the answer takes longer
    Column("switched_off_at", _Time),  # last told that the assistant is switched off
    Column("created_at", _Time, nullable=False),
    Column("seen_at", _Time, nullable=False),
    Column("desk_by", _Id),  # the officer who answers this conversation now
    Column("desk_at", _Time),
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
    Column("sequence", _Time),  # the platform's order within the conversation; null: the order of ids
    Column("sent_at", _Time),  # when the citizen sent it, as the platform says
    Column("details", sa.JSON),  # attachments, place; null when there are none
    Column("joined_to", _Id),  # the message of the same burst with which it was answered
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
    Column("inbox_id", _Id, ForeignKey("inbox.id")),  # what it answers; null when an officer writes unasked
    Column("part", sa.Integer, nullable=False),
    Column("citizen_id", _Id, ForeignKey("citizen.id"), nullable=False),
    Column("ward", sa.String(64), nullable=False),
    Column("channel", sa.String(16), nullable=False),
    Column("address", sa.String(128), nullable=False),
    Column("kind", sa.String(16), nullable=False),
    Column("body", sa.JSON, nullable=False),
    Column("state", sa.String(16), nullable=False),  # due → sending → sent | failed | uncertain
    Column("attempts", sa.Integer, nullable=False, server_default="0"),
    Column("uncertain", sa.Integer, nullable=False, server_default="0"),  # tries of which nobody knows how they ended
    Column("claimed_at", _Time),
    Column("sent_at", _Time),
    Column("platform_id", sa.String(128)),
    Column("problem", sa.String(200)),
    Column("created_at", _Time, nullable=False),
    Column("officer_id", _Id),  # whose words these are; null for the bot's own
    UniqueConstraint("inbox_id", "part"),
    Index(None, "citizen_id", "state"),
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
    Column("handled", sa.String(16), nullable=False, server_default="open"),  # open → drafted | answered | dismissed
    Column("handled_by", _Id),
    Column("handled_at", _Time),
    Column("entry", sa.String(128)),  # kind/id of the entry that answers it now
    Index(None, "ward", "asked_at"),
    Index(None, "handled", "asked_at"),
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
    Column("contact", sa.String(200)),  # left on purpose for a call back, so not masked
    Column("opened_at", _Time, nullable=False),
    Column("taken_by", _Id),
    Column("taken_at", _Time),
    Column("closed_at", _Time),
    Column("closed_by", _Id),
    Column("note", sa.Text),  # the officer's, for colleagues
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
credential = Table(
    "credential",
    metadata,
    Column("channel", sa.String(16), primary_key=True),
    Column("account", sa.String(64), primary_key=True),
    Column("access_token", sa.Text, nullable=False),
    Column("refresh_token", sa.Text, nullable=False),
    Column("expires_at", _Time, nullable=False),
    Column("refresh_expires_at", _Time, nullable=False),
    Column("seed", sa.String(64)),  # digest of the pair in the accounts file that this one grew from
    Column("lease_by", sa.String(64)),  # the worker that is refreshing
    Column("lease_until", _Time),
    Column("changed_at", _Time, nullable=False),
)
grant = Table(
    "channel_grant",  # GRANT is a word of SQL
    metadata,
    Column("state", sa.String(64), primary_key=True),  # what the platform sends back with the code
    Column("channel", sa.String(16), nullable=False),
    Column("account", sa.String(64), nullable=False),
    Column("verifier", sa.String(128)),
    Column("redirect_uri", sa.Text, nullable=False),
    Column("asked_at", _Time, nullable=False),
    Column("ended_at", _Time),
    Column("problem", sa.String(200)),
)
switch = Table(
    "channel_switch",  # a row is a switch that is off
    metadata,
    Column("ward", sa.String(64), primary_key=True),
    Column("channel", sa.String(16), primary_key=True),
    Column("reason", sa.String(300), nullable=False),
    Column("off_at", _Time, nullable=False),
)
alarm = Table(
    "alarm",
    metadata,
    Column("ward", sa.String(64), primary_key=True),
    Column("channel", sa.String(16), primary_key=True),
    Column("account", sa.String(64), primary_key=True),
    Column("code", sa.String(64), primary_key=True),
    Column("detail", sa.String(300), nullable=False),
    Column("raised_at", _Time, nullable=False),
    Column("cleared_at", _Time),
)
account_state = Table(
    "account_state",
    metadata,
    Column("channel", sa.String(16), primary_key=True),
    Column("account", sa.String(64), primary_key=True),  # "" for requests that name no account of ours
    Column("event_at", _Time),  # last genuine request
    Column("refused_at", _Time),
    Column("refused_code", sa.String(64)),
)
officer = Table(
    "officer",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("login", sa.String(64), nullable=False, unique=True),  # lower case
    Column("name", sa.String(120), nullable=False),
    Column("password_hash", sa.String(255)),  # argon2id; null until the officer has chosen a password
    Column("disabled_at", _Time),
    Column("created_at", _Time, nullable=False),
    sqlite_autoincrement=True,  # the audit names officers by this id
)
officer_role = Table(
    "officer_role",
    metadata,
    Column("officer_id", _Id, ForeignKey("officer.id"), primary_key=True),
    Column("ward", sa.String(64), primary_key=True),  # "*": all wards
    Column("role", sa.String(16), primary_key=True),  # admin | editor | approver | agent
)
admin_session = Table(
    "admin_session",
    metadata,
    Column("token_hash", sa.String(64), primary_key=True),
    Column("officer_id", _Id, ForeignKey("officer.id"), nullable=False),
    Column("csrf", sa.String(64), nullable=False),
    Column("created_at", _Time, nullable=False),
    Column("seen_at", _Time, nullable=False),
    Column("expires_at", _Time, nullable=False),
    Column("user_agent", sa.String(200), nullable=False),
    Index(None, "officer_id"),
)
sign_in = Table(
    "sign_in",  # every try, for the lockout
    metadata,
    Column("id", _Id, primary_key=True),
    Column("login", sa.String(64), nullable=False),
    Column("address", sa.String(64), nullable=False),
    Column("ok", sa.Boolean, nullable=False),
    Column("at", _Time, nullable=False),
    Index(None, "login", "at"),
    Index(None, "address", "at"),
)
setup_link = Table(
    "setup_link",
    metadata,
    Column("token_hash", sa.String(64), primary_key=True),
    Column("made_at", _Time, nullable=False),
    Column("used_at", _Time),
    Column("expires_at", _Time, nullable=False),
    Column("purpose", sa.String(16), nullable=False),  # first | password
    Column("officer_id", _Id, ForeignKey("officer.id")),
)
audit = Table(
    "audit",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("at", _Time, nullable=False),
    Column("officer_id", _Id),  # null: the console
    Column("officer_name", sa.String(120), nullable=False),
    Column("ward", sa.String(64), nullable=False),  # "": all wards
    Column("action", sa.String(64), nullable=False),
    Column("what", sa.String(200), nullable=False),
    Column("before", sa.JSON(none_as_null=True)),
    Column("after", sa.JSON(none_as_null=True)),
    Index(None, "ward", "at"),
    Index(None, "at"),
    sqlite_autoincrement=True,
)
wrong_answer = Table(
    "wrong_answer",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("question_id", _Id),
    Column("inbox_id", _Id, nullable=False, unique=True),  # of the report
    Column("ward", sa.String(64), nullable=False),
    Column("channel", sa.String(16), nullable=False),
    Column("entry_ids", sa.JSON, nullable=False),
    Column("text", sa.Text, nullable=False),  # the question that was answered wrongly, masked
    Column("state", sa.String(16), nullable=False),  # open → mended | dismissed | answered (at the desk)
    Column("opened_at", _Time, nullable=False),
    Column("closed_at", _Time),
    Index(None, "ward", "state"),
)
satisfaction = Table(
    "satisfaction",
    metadata,
    Column("inbox_id", _Id, primary_key=True, autoincrement=False),
    Column("ward", sa.String(64), nullable=False),
    Column("channel", sa.String(16), nullable=False),
    Column("score", sa.Integer, nullable=False),  # 1 … 5
    Column("at", _Time, nullable=False),
    Index(None, "ward", "at"),
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
            self._writer = sqlite_engine(self.url, begin="BEGIN IMMEDIATE", synchronous="NORMAL")
            self._keeper = sqlite_engine(self.url, begin="BEGIN IMMEDIATE", synchronous="FULL")
            self._reader = sqlite_engine(self.url, begin="BEGIN", synchronous="NORMAL")
            self._write_threads = ThreadPoolExecutor(1, "database-write")
        else:
            engine = postgresql_engine(self.url)
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
