"""
Brings new messages of web conversations to whoever follows them. Lossy on purpose: a follower that sees a gap in the
positions reads the transcript.

With one worker this is a queue in memory. On PostgreSQL the transcript also says NOTIFY, and every worker listens:
the reply may be written by one worker while the browser hangs on another.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import sqlalchemy as sa

from bot.log import log

CHANNEL = "bot_web"
RETRY_SECONDS = 2.0

# A message as the transcript shows it, or None: something has changed, read the transcript.
News = dict[str, Any] | None


class Push:
    def __init__(self) -> None:
        self._following: dict[str, set[asyncio.Queue[News]]] = {}
        self.closing = False

    @contextmanager
    def follow(self, conversation: str) -> Iterator[asyncio.Queue[News]]:
        """
        Give a queue of what is new in the conversation from now on.
        """
        queue: asyncio.Queue[News] = asyncio.Queue()
        self._following.setdefault(conversation, set()).add(queue)
        try:
            yield queue
        finally:
            left = self._following[conversation]
            left.discard(queue)
            if not left:
                del self._following[conversation]

    def tell(self, conversation: str, news: News) -> None:
        for queue in self._following.get(conversation, ()):
            queue.put_nowait(news)

    def close(self) -> None:
        """
        Wake everybody for the last time.
        """
        self.closing = True
        for conversation in list(self._following):
            self.tell(conversation, None)

    async def listen_to_others(self, url: sa.URL) -> None:
        """
        Pass on what other workers on the same PostgreSQL say, for ever.
        """
        plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
        while True:
            try:
                connection = await psycopg.AsyncConnection.connect(plain, autocommit=True, connect_timeout=5)
                async with connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    for conversation in list(self._following):
                        self.tell(conversation, None)
                    async for note in connection.notifies():
                        self.tell(note.payload, None)
            except psycopg.Error as error:
                log.warning("push.listening_failed", problem=type(error).__name__)
            await asyncio.sleep(RETRY_SECONDS)


def tell_others(connection: sa.Connection, conversation: str) -> None:
    """
    Say within a transaction that the conversation has grown; told when it commits. Nothing to do on SQLite.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_notify(CHANNEL, conversation)))
