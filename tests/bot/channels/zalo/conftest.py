from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from emulators.zalo import Weather
from tests.bot.channels.zalo.town import Town


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    """
    An emulated Zalo and a gateway's webhook, both on real sockets; one OA, connected; no receipts.
    """
    with Town(Weather(receipts=False, reads=False)) as town:
        town.connect()
        yield town
        await town.close()
