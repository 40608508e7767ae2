"""
The only file that imports DBOS: it remembers which turns were begun, and begins them again after a kill.

A turn is one workflow; its id is the message's work id, so that it exists once. It has no DBOS steps: what a turn has
done stands in our own tables (message asked, part sent), and conversation.answer does only what is missing. Measured
2026-11-20: two steps cost 2.3 ms a turn, and saved nothing that the ledger does not.
It starts at once in the program that accepted the message: no queue is polled on the way. Order within a conversation
comes from inbox.py: a conversation has one message in work, and the next is started when that one is finished.

What an officer writes to a citizen is no workflow: it stands in the ledger when the page says that it is on its way, and
`speak` sends what is not sent. It waits for the turn in work, and the next message waits for it.

After a kill DBOS runs again what it knows under the same executor id, a second or two after the start;
`resume` starts what was accepted but not yet begun, and what officers wrote. A machine that is lost for good: start a worker with its
BOT_EXECUTOR elsewhere (PostgreSQL), and its conversations go on.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
import time
from collections.abc import Callable, Coroutine
from typing import Any

import sqlalchemy as sa
from dbos import DBOS, SetWorkflowID

from bot import inbox
from bot.database import Database
from bot.errors import DatabaseError
from bot.inbox import Work
from bot.log import log

RESUME_SECONDS = 15.0
# A workflow that DBOS calls pending, but that this program has not run for so long, is lost: it is started anew.
LOST_AFTER_SECONDS = 60.0
FORGET_EVERY_SECONDS = 600.0
FORGET_AFTER_SECONDS = 3600.0
FORGET_AT_ONCE = 500
# Fixed: a new version of the program goes on with what the old one began; the steps tolerate that.
APPLICATION_VERSION = "1"


Answer = Callable[[int], Coroutine[Any, Any, Work | None]]
Speak = Callable[[int], Coroutine[Any, Any, Work | None]]


class Engine:
    """
    `launch` once the parts stand, `begin` for each message, `close` at the end. One per process: DBOS is global.
    """

    def __init__(self, database: Database, answer: Answer, *, url: str, executor: str, speak: Speak | None = None):
        self._database, self._executor, self._speak = database, executor, speak
        self._live: set[int] = set()
        self._spoken_to: set[int] = set()
        self._pending_since: dict[str, float] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._system = _system_engine(url)
        DBOS(
            config={
                "name": "bot",
                "system_database_url": self._system.url.render_as_string(hide_password=False),
                "system_database_engine": self._system,
                "application_version": APPLICATION_VERSION,
                "executor_id": executor,
                "max_executor_threads": 2,
                "log_level": "WARNING",
                "run_migrations": True,
            }
        )

        # A plain function: DBOS keeps a workflow's arguments, and a method's first one would be this object.
        @DBOS.workflow(name="turn")
        async def turn(inbox_id: int) -> None:
            await self._turn(inbox_id, answer)

        self._workflow = turn

    async def launch(self) -> None:
        """
        Start DBOS, which recovers what it had begun, and then start what it had not.

        Raises:
            DatabaseError: DBOS cannot open its database.
        """
        logging.getLogger("dbos").handlers = []
        logging.getLogger("dbos").propagate = True
        try:
            DBOS.launch()
        except (sa.exc.SQLAlchemyError, OSError) as error:
            raise DatabaseError("BOT_DBOS_DATABASE", error) from error
        if self._database.sqlite:
            await self._database.write(inbox.take_over, self._executor)
        self._spawn(self._keep_resuming())
        self._spawn(self._keep_forgetting())

    def begin(self, work: Work) -> None:
        """
        Start answering a message. Returns at once; a work that was begun before is not begun twice.
        """
        self._spawn(self._start(work) if work.words_to is None else self._words(work.words_to))

    async def close(self) -> None:
        """
        Stop without waiting: what is under way is done again at the next start.
        """
        for task in self._tasks:
            task.cancel()
        await asyncio.to_thread(DBOS.destroy, destroy_registry=True)
        self._system.dispose()

    async def _start(self, work: Work) -> None:
        try:
            with SetWorkflowID(work.work_id):
                await DBOS.start_workflow_async(self._workflow, work.inbox_id)
        except Exception:
            log.exception("turn.not_begun", inbox=work.inbox_id)

    async def _turn(self, inbox_id: int, answer: Answer) -> None:
        if inbox_id in self._live:
            return
        self._live.add(inbox_id)
        try:
            following = await answer(inbox_id)
        finally:
            self._live.discard(inbox_id)
        if following is not None:
            self.begin(following)

    async def _words(self, citizen_id: int) -> None:
        """
        Send what officers wrote to a citizen. What fails here is tried again by `_resume`.
        """
        if self._speak is None or citizen_id in self._spoken_to:
            return
        self._spoken_to.add(citizen_id)
        try:
            following = await self._speak(citizen_id)
        except Exception:
            log.exception("words.not_sent", citizen=citizen_id)
            return
        finally:
            self._spoken_to.discard(citizen_id)
        if following is not None:
            self.begin(following)

    async def _keep_resuming(self) -> None:
        while True:
            try:
                await self._resume()
            except Exception:
                log.exception("turns.not_resumed")
            await asyncio.sleep(RESUME_SECONDS)

    async def _resume(self) -> None:
        waiting = await self._database.write(inbox.left_over, self._executor)
        pending: dict[str, float] = {}
        for work in waiting:
            if work.words_to is not None:
                self.begin(work)
                continue
            if work.inbox_id in self._live:
                continue
            status = await DBOS.get_workflow_status_async(work.work_id)
            if status is None:
                self.begin(work)
            elif status.status in ("PENDING", "ENQUEUED"):
                since = pending[work.work_id] = self._pending_since.get(work.work_id, time.monotonic())
                if time.monotonic() - since > LOST_AFTER_SECONDS:
                    await self._begin_anew(work, status.status)
            else:
                await self._begin_anew(work, status.status)
        self._pending_since = pending

    async def _begin_anew(self, work: Work, status: str) -> None:
        renewed = await self._database.write(inbox.renew, work)
        if renewed is not None:
            log.warning("turn.begun_anew", inbox=work.inbox_id, status=status)
            self.begin(renewed)

    async def _keep_forgetting(self) -> None:
        while True:
            await asyncio.sleep(FORGET_EVERY_SECONDS)
            try:
                await self._forget(older_than_seconds=FORGET_AFTER_SECONDS)
            except Exception:
                log.exception("turns.not_forgotten")

    async def _forget(self, *, older_than_seconds: float) -> None:
        """
        Remove ended workflows: their rows say nothing that the inbox does not, and would only grow.
        """
        before = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - older_than_seconds))
        while True:
            ended = await DBOS.list_workflows_async(
                status=["SUCCESS", "ERROR"], end_time=before, limit=FORGET_AT_ONCE, load_input=False, load_output=False
            )
            if ended:
                await DBOS.delete_workflows_async([one.workflow_id for one in ended])
            if len(ended) < FORGET_AT_ONCE:
                return

    def _spawn(self, coroutine: Coroutine[Any, Any, None]) -> None:
        # A context of its own: started from within a workflow, the next turn would become that workflow's child.
        task = asyncio.get_running_loop().create_task(coroutine, context=contextvars.Context())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _system_engine(url: str) -> sa.Engine:
    """
    DBOS's own database. On SQLite with WAL, and without waiting for the disk: after a power cut the inbox knows better.
    """
    if sa.make_url(url).get_backend_name() != "sqlite":
        return sa.create_engine(url, pool_size=10, max_overflow=0, pool_pre_ping=True, hide_parameters=True)
    engine = sa.create_engine(url, pool_size=8, max_overflow=0, hide_parameters=True)

    @sa.event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: Any) -> None:
        connection.isolation_level = "IMMEDIATE"  # as DBOS's own engine does
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=30000", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    return engine
