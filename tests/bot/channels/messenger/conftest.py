from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.bot.channels.messenger.town import Town


@pytest.fixture
def town() -> Iterator[Town]:
    """
    An emulated Messenger and a gateway's webhook, both on real sockets; one Page, subscribed.
    """
    with Town() as town:
        yield town
