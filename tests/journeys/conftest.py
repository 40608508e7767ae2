"""
One town for all journeys: the four real programs over a copy of the real content, trained once.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tools.citizen import Citizen
from tools.town import ROOT, Town

Meet = Callable[[str], AbstractAsyncContextManager[Citizen]]


@pytest.fixture(scope="session")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """
    The content folder that the town answers from; a test may edit it, and leaves it as it was.
    """
    folder = tmp_path_factory.mktemp("content") / "content"
    shutil.copytree(ROOT / "knowledge/content", folder)
    return folder


@pytest.fixture(scope="session")
def whole_town(content: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with Town(tmp_path_factory.mktemp("town"), {"knowledge": {"KNOWLEDGE_CONTENT": str(content)}}) as town:
        yield town


@pytest.fixture
def town(whole_town: Town) -> Iterator[Town]:
    """
    The town with all four programs up, whatever the test before did to it.
    """
    whole_town.start()
    yield whole_town
    whole_town.start()


@pytest.fixture
async def meet(town: Town) -> AsyncIterator[Meet]:
    """
    meet("hoa-binh") is a new citizen in the web chat of a ward.
    """
    async with aiohttp.ClientSession() as http:
        yield lambda ward: Citizen(http, town.url, ward)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    report = yield
    town = getattr(item, "funcargs", {}).get("whole_town")
    if report.failed and isinstance(town, Town):
        for name in town.programs:
            report.sections.append((f"the end of {town.log(name)}", town.tail(name)))
    return report
