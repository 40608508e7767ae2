from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer

from bot.database import Database
from tests.bot.admin.building import Building, Visitor
from tests.fakes.wards import Neighbours


@pytest.fixture
async def building(database: Database, tmp_path: Path) -> AsyncIterator[Building]:
    """
    The office with two wards, hoa-binh and phuong-mau, and nobody in it yet.
    """
    async with TestServer(Neighbours().app()) as knowledge:
        building = Building(database)
        server = await building.open(
            tmp_path, str(knowledge.make_url("/")).rstrip("/"), public_url="https://motcua.example.org"
        )
        yield building
        await building.close()
        await server.close()


@pytest.fixture
async def visitor(building: Building) -> Visitor:
    return building.visitor()
