"""
What every channel is: two methods, and an error that knows whether trying again helps.
"""

from __future__ import annotations

from typing import Protocol

from aiohttp import web

from bot.errors import BotError
from bot.messages import InboundMessage, Reply


class Channel(Protocol):
    kind: str

    async def receive(self, request: web.Request) -> list[InboundMessage]:
        """
        Read the messages of one webhook request.

        Raises:
            RequestError: The request is not genuine, or not readable.
        """

    async def send(self, address: str, reply: Reply, *, key: str) -> str:
        """
        Send one Reply and return the platform's message id.

        `key` is ours and the same at every try; a channel that can recognise it never shows a reply twice.

        Raises:
            SendError: The platform did not take it.
        """


class SendError(BotError):
    """
    A Reply did not reach the platform.
    """

    code = "send.failed"

    def __init__(self, message: str, *, permanent: bool = False, retry_after: float | None = None):
        super().__init__(message)
        self.permanent, self.retry_after = permanent, retry_after
