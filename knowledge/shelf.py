"""
The library in use, and how the next one takes its place: made beside it, swapped in one assignment.

Three sizes of change:

    little      the next index is made from the one in use, in a thread, in well under a second (updating.py)
    much        `python -m knowledge build` in a process of its own, at low priority; then as above from what it published
    in time     many little ones add up: the same process, in the background; its index takes over when it is ready

Nothing of a little change is written: what is on disk is an earlier index, and a service that starts makes up for the
difference. So a kill at any moment costs at most that.
"""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TypeVar

import structlog

from knowledge import adapted, build, updating
from knowledge import answer as answers
from knowledge.build import Changes
from knowledge.confidence import Confidence
from knowledge.content import Content
from knowledge.errors import ContentError
from knowledge.index import Index
from knowledge.items import Item
from knowledge.library import Library
from knowledge.office.kept import Kept
from knowledge.passages import ItemMaker
from knowledge.query import Lexicon
from knowledge.reading import READ, Reader
from knowledge.rerank import Reranker
from knowledge.retrieve import Retriever
from knowledge.settings import Settings
from knowledge.updating import MOST_PENDING

T = TypeVar("T")
log = structlog.get_logger()
MUCH_BYTES = 400_000  # of files to read anew: about 300 entries, a second's work
MUCH_PASSAGES = 20_000  # to embed with another encoder
WARM_UP = "đăng ký khai sinh cần giấy tờ gì"  # the first question after a swap would else take 0.2 s
SAID = 500  # characters of what a failed build said last, for the log


class Shelf:
    """
    `library` is always whole: take it once for each request. `follow` is told of every swap, before anybody is answered
    that it is done.
    """

    def __init__(self, settings: Settings, clock: Callable[[], date]):
        self.settings, self.clock = settings, clock
        self.kept = Kept(settings.content, settings.versions / "good")
        self.follow: Callable[[], None] = lambda: None
        self.adapted = adapted.current(settings.adapted)
        self.embedder = adapted.embedder_of(settings)
        self.lock = asyncio.Lock()
        self._reader = Reader(settings.content, settings.index / READ)
        self._items = ItemMaker()
        self._tidying: asyncio.Task[None] | None = None
        # One thread for all: each has memory of its own for large arrays, and gives none of it to the others.
        self._thread = ThreadPoolExecutor(1, "shelf")
        self._library, self.changes = self._first()

    @property
    def library(self) -> Library:
        """
        The library in use, on the day that it is: what ended yesterday is no longer answered from.
        """
        if self._library.today != (today := self.clock()):
            self._library = replace(self._library, today=today)
        return self._library

    @property
    def mistakes(self) -> list[str]:
        """
        What is wrong in the files on disk, while the last good copy of each of them is in use.
        """
        return [str(mistake) for mistake in self.kept.mistakes]

    async def renew(self) -> Changes:
        """
        Read the content again; the library in use keeps answering meanwhile.

        Raises:
            ContentError: when a file has a mistake; of everything else the news is in use all the same.
        """
        async with self.lock:
            built = await self._beside(self._much) and await self._build()
            changes = await self._swap(from_disk=built)
        if updating.pending(self._library.retriever.index) > MOST_PENDING and self._tidying is None:
            self._tidying = asyncio.create_task(self._tidy())
        if self.kept.mistakes:
            raise ContentError(self.kept.mistakes)
        return changes

    async def close(self) -> None:
        """
        End what goes on in the background.
        """
        if self._tidying is not None:
            self._tidying.cancel()
            await asyncio.gather(self._tidying, return_exceptions=True)
        self._thread.shutdown(wait=False)

    async def _beside(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def _swap(self, *, from_disk: bool) -> Changes:
        try:
            library, changes = await self._beside(partial(self._next, from_disk=from_disk))
        except ContentError as error:
            log.error("content.refused", mistakes=len(error.mistakes), first=str(error.mistakes[0]))
            raise
        is_new = library.retriever.index.version != self._library.retriever.index.version
        self._library, self.changes = library, changes
        await self._beside(self.follow)
        mistakes = self.kept.mistakes
        if is_new or not mistakes:
            log.info("index.swapped", version=library.retriever.index.version, **asdict(changes))
        if mistakes:
            log.error("content.refused", mistakes=len(mistakes), first=str(mistakes[0]))
        return changes

    async def _tidy(self) -> None:
        """
        Have everything indexed anew while answers go on, and go over to that.
        """
        try:
            if await self._build():
                async with self.lock:
                    await self._swap(from_disk=True)
        except ContentError:
            pass  # told already; the next good content goes on from here
        except Exception:
            log.exception("rebuild.failed")
        finally:
            self._tidying = None

    async def _build(self) -> bool:
        """
        Index everything in a process of its own; tell whether that went well.
        """
        settings = self.settings
        environment = {
            **os.environ, "KNOWLEDGE_CONTENT": str(settings.content), "KNOWLEDGE_INDEX": str(settings.index), "KNOWLEDGE_ENCODER": settings.encoder,
            "KNOWLEDGE_HISTORY": str(settings.versions), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1",
        }  # fmt: skip
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "knowledge", "build", "--for-service"), env=environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            said, _ = await process.communicate()
        except asyncio.CancelledError:
            process.kill()
            await process.wait()
            raise
        if process.returncode:
            log.warning("build.failed", status=process.returncode, said=said.decode(errors="replace")[-SAID:])
        return not process.returncode

    def _much(self) -> bool:
        """
        Tell whether this process would be busy with the change for so long that answers had to wait.
        """
        if self._reader.unread_bytes() > MUCH_BYTES:
            return True
        many = len(self._library.retriever.index.item_of) > MUCH_PASSAGES
        return many and adapted.current(self.settings.adapted) != self.adapted

    def _first(self) -> tuple[Library, Changes]:
        """
        Make the first library, from what is on disk if that is nearly it.
        """
        content, made = self._read()
        before = build.latest(self.settings.index)
        if before is None or before.encoder != self.embedder.name or updating.new_share(before, made) > MOST_PENDING:
            index, changes = build.rebuild(content, self.embedder, self.settings.index, before)
        else:
            index, embedded = self._followed(before, content, made)
            changes = build.changes_between(before.items, made, embedded)
        retriever = Retriever(index, self.embedder, Reranker.load())
        return self._warm(content, retriever, Confidence.load(encoder=self.embedder.dimension > 0)), changes

    def _next(self, *, from_disk: bool) -> tuple[Library, Changes]:
        newest = adapted.current(self.settings.adapted)
        if newest != self.adapted:
            self.embedder, self.adapted = adapted.embedder_of(self.settings), newest
        content, made = self._read()
        in_use = self._library.retriever
        published = build.latest(self.settings.index) if from_disk else None
        bases = [one for one in (published, in_use.index) if one is not None and one.encoder == self.embedder.name]
        if bases:
            index, embedded = self._followed(bases[0], content, made)
            changes = build.changes_between(in_use.index.items, made, embedded)
        else:
            index, changes = build.rebuild(content, self.embedder, self.settings.index, in_use.index)
        retriever = replace(in_use, index=index, embedder=self.embedder)
        return self._warm(content, retriever, self._library.confidence), changes

    def _read(self) -> tuple[Content, list[Item]]:
        def read(_: Path, instead: Mapping[Path, Path | None]) -> Content:
            return self._reader.read(instead)

        content = self.kept.read(self.settings.content, read)
        return content, self._items.items(content)

    def _followed(self, before: Index, content: Content, made: list[Item]) -> tuple[Index, int]:
        lexicon = Lexicon.of(content.abbreviations, content.sayings)
        if before.items == made and before.lexicon == lexicon:
            before.items = made  # equal, and from now on the same: seen at a glance next time
            return before, 0
        return updating.update(before, made, lexicon, self.embedder)

    def _warm(self, content: Content, retriever: Retriever, confidence: Confidence) -> Library:
        library = Library(content, retriever, confidence, self.clock())
        for ward in sorted(content.wards)[:1]:
            answers.answer(library, ward, WARM_UP)
        return library
