"""
Fetches the files that citizens sent, in the background, from the hosts of the platforms and from no other.

An address in a message is what somebody sent us: it is opened only when its host is on the list, redirects too, and never
more of it is read than `MAX_BYTES`.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import aclosing, suppress
from pathlib import Path
from typing import Any, Protocol, runtime_checkable
from urllib.parse import urljoin, urlsplit

import aiohttp

from bot import attachments, file_types
from bot.attachments import Due
from bot.channels.base import SendError
from bot.database import Database
from bot.errors import BotError
from bot.log import log

MAX_BYTES = 25 * 1024 * 1024
MAX_REDIRECTS = 3
AT_ONCE = 3
LOOK_SECONDS = 3.0
SWEEP_SECONDS = 300.0
TIMEOUT = aiohttp.ClientTimeout(total=120, connect=10, sock_read=30)
CHUNK_BYTES = 64 * 1024
# Answers after which the same address gives the same.
FOR_EVER = frozenset({400, 401, 403, 404, 405, 410, 451})


class FetchError(BotError):
    """
    A file cannot be had. `problem` is a code and holds nothing of the citizen's.
    """

    code = "file.not_fetched"

    def __init__(self, problem: str, *, permanent: bool):
        super().__init__(problem)
        self.problem, self.permanent = problem, permanent


@runtime_checkable
class Fetches(Protocol):
    """
    A channel whose files have no address that anybody could open.
    """

    async def fetch(self, address: str, source: str, *, max_bytes: int) -> bytes: ...


class Fetcher:
    """
    `hosts`: "zdn.vn" is that host and all below it, over https, or http where the platform gives such addresses;
    "http://127.0.0.1:9000" is exactly that origin, for drills. `keep_fetching` runs as long as the program.
    """

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, object],
        folder: Path,
        *,
        hosts: Sequence[str],
        clock: Callable[[], float] = time.time,
    ):
        self._database, self._channels, self._folder, self._hosts = database, channels, folder, tuple(hosts)
        self._clock = clock
        self._client: aiohttp.ClientSession | None = None

    @property
    def folder(self) -> Path:
        """Where all files lie, those of announcements in a folder of their own."""
        return self._folder

    def path(self, file_id: int) -> Path:
        return self._folder / f"{file_id // 1000:04}" / str(file_id)

    async def keep_fetching(self) -> None:
        """
        Fetch what is due and remove what is over, for ever.
        """
        swept_at = -SWEEP_SECONDS
        try:
            while True:
                try:
                    while await self.fetch_due():
                        pass
                    if time.monotonic() - swept_at > SWEEP_SECONDS:
                        swept_at = time.monotonic()
                        await self.sweep()
                except Exception:
                    log.exception("files.not_fetched")
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            if self._client is not None:
                await self._client.close()

    async def fetch_due(self) -> int:
        """
        Fetch up to three files that are due. Return how many there were.
        """
        claimed = [await self._database.write(attachments.claim, now=self._clock()) for _ in range(AT_ONCE)]
        due = [one for one in claimed if one is not None]
        await asyncio.gather(*(self._fetch(one) for one in due))
        return len(due)

    async def sweep(self) -> int:
        """
        Remove the files that nobody may see any more. Return how many.
        """
        gone = await self._database.write(attachments.outlived, now=self._clock())
        for one in gone:
            await asyncio.to_thread(_remove, self.path(one))
        if gone:
            await self._database.write(attachments.removed, gone)
            log.info("files.removed", files=len(gone))
        return len(gone)

    def allows(self, address: str) -> bool:
        """
        Say whether an address may be opened.
        """
        try:
            parts = urlsplit(address)
            host, port = (parts.hostname or "").lower().rstrip("."), parts.port
        except ValueError:
            return False
        if f"{parts.scheme}://{parts.netloc}".lower() in self._hosts:
            return True
        if parts.scheme not in ("http", "https") or port not in (None, 80, 443) or parts.username is not None:
            return False
        return any(host == one or host.endswith(f".{one}") for one in self._hosts if "/" not in one)

    async def _fetch(self, due: Due) -> None:
        path = self.path(due.id)
        try:
            channel = self._channels.get(due.channel)
            if isinstance(channel, Fetches):
                size, head = await self._from_channel(channel, due, path)
            else:
                size, head = await self._from_address(due.source, path)
        except FetchError as error:
            await asyncio.to_thread(_remove, path)
            await self._database.write(
                attachments.give_up_for_now, due, error.problem, permanent=error.permanent, now=self._clock()
            )
            log.warning("file.not_fetched", channel=due.channel, file=due.id, problem=error.problem, tries=due.attempts)
            return
        kind = file_types.sniff(head)
        wanted = await self._database.write(attachments.keep, due.id, size=size, media_type=kind, now=self._clock())
        if not wanted:
            await asyncio.to_thread(_remove, path)
            return
        log.info("file.fetched", channel=due.channel, file=due.id, bytes=size, type=kind)

    async def _from_channel(self, channel: Fetches, due: Due, path: Path) -> tuple[int, bytes]:
        try:
            content = await channel.fetch(due.address, due.source, max_bytes=MAX_BYTES)
        except SendError as error:
            raise FetchError(str(error).partition(":")[0], permanent=error.permanent) from None
        if len(content) > MAX_BYTES:
            raise FetchError("file.too_large", permanent=True)

        async def whole() -> AsyncIterator[bytes]:
            yield content

        return await _write(path, whole())

    async def _from_address(self, address: str, path: Path) -> tuple[int, bytes]:
        try:
            async with aclosing(self._read(address)) as chunks:
                return await _write(path, chunks)
        # Not chained: the address is in the text of some of them.
        except (aiohttp.ClientError, TimeoutError) as error:
            raise FetchError(f"file.unreachable ({type(error).__name__})", permanent=False) from None

    async def _read(self, address: str) -> Any:
        for _ in range(MAX_REDIRECTS + 1):
            if not self.allows(address):
                raise FetchError("file.host_not_allowed", permanent=True)
            async with self._session().get(address, allow_redirects=False, timeout=TIMEOUT) as response:
                if response.status in (301, 302, 303, 307, 308) and "Location" in response.headers:
                    address = urljoin(address, response.headers["Location"])
                    continue
                if response.status != 200:
                    raise FetchError(f"file.http_{response.status}", permanent=response.status in FOR_EVER)
                if (response.content_length or 0) > MAX_BYTES:
                    raise FetchError("file.too_large", permanent=True)
                total = 0
                async for chunk in response.content.iter_chunked(CHUNK_BYTES):
                    total += len(chunk)
                    if total > MAX_BYTES:
                        raise FetchError("file.too_large", permanent=True)
                    yield chunk
                return
        raise FetchError("file.too_many_redirects", permanent=True)

    def _session(self) -> aiohttp.ClientSession:
        if self._client is None or self._client.closed:
            # A platform compresses no picture; a small body that swells would pass by the limit on its length.
            self._client = aiohttp.ClientSession(
                cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False, headers={"Accept-Encoding": "identity"}
            )
        return self._client


async def _write(path: Path, chunks: AsyncIterator[bytes]) -> tuple[int, bytes]:
    """
    Write a file as a whole or not at all. Return its size and its first bytes.
    """
    beside = path.with_name(f"{path.name}.part")
    await asyncio.to_thread(path.parent.mkdir, 0o700, True, True)
    size, head = 0, b""
    file = await asyncio.to_thread(os.fdopen, os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
    try:
        async for chunk in chunks:
            if len(head) < file_types.HEAD_BYTES:
                head += chunk[: file_types.HEAD_BYTES - len(head)]
            size += len(chunk)
            await asyncio.to_thread(file.write, chunk)
    except BaseException:
        file.close()
        beside.unlink(missing_ok=True)
        raise
    await asyncio.to_thread(file.close)
    await asyncio.to_thread(os.replace, beside, path)
    return size, head


def _remove(path: Path) -> None:
    with suppress(FileNotFoundError):
        path.unlink()
