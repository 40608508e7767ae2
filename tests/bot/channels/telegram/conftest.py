from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.bot.channels.telegram.town import Town


@pytest.fixture
def town() -> Iterator[Town]:
    """
    An emulated Telegram and a gateway's webhook, both on real sockets; one bot.
    """
    with Town() as town:
        yield town
