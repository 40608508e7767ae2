"""
The real service on a socket, with the encoder that we ship, over a copy of the small library.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest_asyncio
import structlog
from aiohttp.test_utils import TestClient, TestServer

from knowledge.service import create_app
from knowledge.settings import Settings

BY = "Biên tập viên phường Mẫu"


@dataclass
class Desk:
    """
    A client of the service, the folder it reads, and the day that it is there.
    """

    content: Path
    state: Path
    days: list[date] = field(default_factory=lambda: [date(2026, 11, 20)])
    client: Any = None
    versions: Path | None = None

    async def open(self) -> None:
        settings = Settings("127.0.0.1", 0, self.content, self.state / "index", "", self.versions)
        self.client = TestClient(TestServer(create_app(settings, lambda: self.days[-1])))
        await self.client.start_server()

    async def close(self) -> None:
        await self.client.close()

    async def call(self, method: str, path: str, **more: Any) -> tuple[int, Any]:
        response = await self.client.request(method, path, **more)
        return response.status, await response.json()

    async def get(self, path: str, **query: str) -> Any:
        status, told = await self.call("GET", path, params=query)
        assert status == 200, told
        return told

    async def entry(self, what: str, ward: str = "") -> Any:
        return await self.get(f"/office/entries/{what}", ward=ward)

    async def put(self, what: str, entry: Any, expected: int | None, ward: str = "", note: str = "") -> tuple[int, Any]:
        body = {"ward": ward, "entry": entry, "expected": expected, "by": BY, "note": note}
        return await self.call("PUT", f"/office/entries/{what}", json=body)

    async def saved(self, what: str, ward: str = "", **fields: Any) -> Any:
        """
        Save an entry with fields changed; None empties one.
        """
        there = await self.entry(what, ward)
        entry = {name: value for name, value in {**there["entry"], **fields}.items() if value is not None}
        status, told = await self.put(what, entry, there["version"], ward)
        assert status == 200, told
        return told

    async def delete(self, what: str, expected: int, ward: str = "") -> tuple[int, Any]:
        body = {"expected": expected, "by": BY, "note": ""}
        return await self.call("DELETE", f"/office/entries/{what}", params={"ward": ward}, json=body)

    async def history(self, what: str, ward: str = "") -> list[Any]:
        return (await self.get(f"/office/history/{what}", ward=ward))["versions"]

    async def ask(self, question: str, ward: str = "tay-mau", **more: Any) -> Any:
        _, told = await self.call("POST", "/answer", json={"ward": ward, "question": question, **more})
        return told

    async def told(self, id: str, ward: str = "tay-mau") -> Any:
        """
        Return what a citizen is told of an entry.
        """
        return (await self.ask("", ward, choose={"entry": id}))["findings"][0]["content"]

    async def reread(self) -> None:
        """
        Have the files read as the watcher would a moment later.
        """
        await self.call("POST", "/rebuild")

    def file(self, name: str) -> Path:
        return self.content / name


class Log:
    """
    Collects the service's log lines, and lets a test wait for one instead of sleeping.
    """

    def __init__(self) -> None:
        self.lines: list[dict[str, Any]] = []
        self.written = asyncio.Event()

    def __call__(self, _logger: Any, _method: str, line: Any) -> Any:
        self.lines.append(dict(line))
        self.written.set()
        raise structlog.DropEvent

    async def wait_for(self, event: str, count: int = 1) -> dict[str, Any]:
        async with asyncio.timeout(10):
            while sum(line["event"] == event for line in self.lines) < count:
                self.written.clear()
                await self.written.wait()
        return next(line for line in reversed(self.lines) if line["event"] == event)


@pytest_asyncio.fixture
async def log() -> AsyncIterator[Log]:
    collected = Log()
    structlog.configure(processors=[collected])
    yield collected
    structlog.reset_defaults()


@pytest_asyncio.fixture
async def desk(library_folder: Path, tmp_path: Path, log: Log) -> AsyncIterator[Desk]:
    made = Desk(library_folder, tmp_path)
    await made.open()
    yield made
    await made.close()
