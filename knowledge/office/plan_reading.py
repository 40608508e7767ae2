"""
Reads the files that were sent, one after the other, each in a process of its own: a scan takes a minute and a strange file
may take the process down. A reading that was cut off is begun again; whoever starts it finds it on the disk.
"""

import asyncio
import contextlib
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import orjson
import structlog

from knowledge.office.plan_drafts import MOST_TRIES, PlanDrafts, Reading, State

log = structlog.get_logger()
MOST_SECONDS = 45 * 60.0  # two hundred scanned pages
BROKEN = "Máy đọc tệp này thì dừng giữa chừng. Tệp có lẽ hỏng; anh/chị thử lưu lại tệp bằng Word rồi gửi lại."
TOO_LONG = "Máy đọc tệp này quá lâu nên đã dừng. Anh/chị thử gửi tệp Word, hoặc chỉ những trang có kế hoạch."


class Outcome(NamedTuple):
    """
    `code` is empty when the draft is there.
    """

    code: str = ""
    message: str = ""


class PlanReading:
    """
    `ward` gives the record of a ward as JSON.
    """

    def __init__(self, drafts: PlanDrafts, content: Path, ward: Callable[[str], str]):
        self._drafts, self._content, self._ward, self._news = drafts, content, ward, asyncio.Event()

    def wake(self) -> None:
        """
        Tell that a file waits.
        """
        self._news.set()

    async def keep_reading(self) -> None:
        while True:
            self._news.clear()
            waiting = await asyncio.to_thread(self._drafts.next)
            if waiting is None:
                await self._news.wait()
                continue
            try:
                await self._read(waiting)
            except Exception:
                log.exception("plan.not_read", ward=waiting.ward, draft=waiting.id)
                self._drafts.put(replace(waiting, state="failed", code="source.failed", message=BROKEN))

    async def _read(self, waiting: Reading) -> None:
        if self._drafts.path(waiting.ward, waiting.id).exists():
            # Read, but a kill came before that was written down. Somebody may work on it already.
            self._drafts.put(replace(waiting, state="read"))
            return
        begun = replace(waiting, state="reading", tries=waiting.tries + 1)
        self._drafts.put(begun)
        outcome = Outcome("source.failed", BROKEN)
        if begun.tries <= MOST_TRIES:
            outcome = await self._in_a_process(begun)
        self._drafts.pages.pop((begun.ward, begun.id), None)
        if self._drafts.reading(begun.ward, begun.id) is None:
            with contextlib.suppress(Exception):  # discarded meanwhile
                self._drafts.discard(begun.ward, begun.id)
            return
        state: State = "failed" if outcome.code else "read"
        self._drafts.put(replace(begun, state=state, code=outcome.code, message=outcome.message))
        log.info("plan.read", ward=begun.ward, draft=begun.id, state=state, code=outcome.code)

    async def _in_a_process(self, begun: Reading) -> Outcome:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "knowledge.office.plan_upload", str(self._drafts.folder), begun.ward, begun.id),
            str(self._content), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert process.stdin is not None
        process.stdin.write(self._ward(begun.ward).encode())
        process.stdin.close()
        try:
            async with asyncio.timeout(MOST_SECONDS):
                return await self._follow(process, begun)
        except TimeoutError:
            return Outcome("source.failed", TOO_LONG)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()

    async def _follow(self, process: asyncio.subprocess.Process, begun: Reading) -> Outcome:
        """
        Hear what the process tells, a JSON object to a line: {"page", "pages"}, and at last {"code", "message"}.
        """
        assert process.stdout is not None
        outcome = Outcome("source.failed", BROKEN)
        async for line in process.stdout:
            try:
                said = orjson.loads(line)
            except orjson.JSONDecodeError:
                continue
            if "page" in said:
                self._drafts.pages[begun.ward, begun.id] = (said["page"], said["pages"])
            elif "code" in said:
                outcome = Outcome(said["code"], said["message"])
        await process.wait()
        return outcome
