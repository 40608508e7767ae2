"""
What every channel is, and an error that says what kind of trouble it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple, Protocol

from aiohttp import web

from bot.errors import BotError, RequestError
from bot.messages import Happening, InboundMessage, Reply

# retry: may work later. token: the access token is not good (a channel handles this itself, once).
# recipient: this citizen cannot be reached, never try again. officer: somebody of the office must do something.
Trouble = Literal["retry", "token", "recipient", "officer"]


class Receipt(NamedTuple):
    """
    A message that the platform took. `quota_left`: how many more it takes before the citizen writes again.
    """

    message_id: str
    quota_left: int | None = None


class Reach(NamedTuple):
    """
    What is known of a citizen before sending. Times are seconds since 1970; None is never, or unknown.
    `by_officer`: a person wrote it, which some platforms take longer.
    """

    interacted_at: float | None
    quota_left: int | None = None
    by_officer: bool = False


class Channel(Protocol):
    """
    `idempotent`: sending again with the same key never shows a message twice.
    """

    kind: str
    idempotent: bool

    async def receive(self, request: web.Request) -> Sequence[InboundMessage | Happening]:
        """
        Read what one webhook request tells; nothing for a probe.

        Raises:
            RequestError: The request is not genuine, or not readable.
        """

    def parts(self, reply: Reply) -> list[Reply]:
        """
        Return the reply as messages that the platform takes, each one message. Pure.
        """

    def closed(self, address: str, reach: Reach, *, now: float) -> str | None:
        """
        Say why the platform would not take a reply to this citizen now ("window.closed", …), or None. Pure.
        """

    async def send(self, address: str, reply: Reply, *, key: str) -> Receipt:
        """
        Send one message as `parts` returned it.

        `key` is ours and the same at every try; a channel that can recognise it never shows a reply twice.

        Raises:
            SendError: The platform did not take it, or nobody knows (`uncertain`).
        """


class SendError(BotError):
    """
    A Reply did not reach the platform. `uncertain`: it may have, the answer got lost.
    The message is for operators and holds nothing of the citizen's and no token.
    """

    code = "send.failed"

    def __init__(
        self,
        message: str,
        *,
        trouble: Trouble = "retry",
        retry_after: float | None = None,
        uncertain: bool = False,
    ):
        super().__init__(message)
        self.trouble, self.retry_after, self.uncertain = trouble, retry_after, uncertain

    @property
    def permanent(self) -> bool:
        return self.trouble in ("recipient", "officer")


async def read_body(request: web.Request, max_bytes: int) -> bytes:
    """
    Return the raw body, as it was signed.

    Raises:
        RequestError: 413 when it is larger than `max_bytes`.
    """
    too_large = RequestError(413, "request.too_large", f"the body has more than {max_bytes} bytes")
    if request.content_length is not None and request.content_length > max_bytes:
        raise too_large
    raw = bytearray()
    async for chunk in request.content.iter_any():
        raw += chunk
        if len(raw) > max_bytes:
            raise too_large
    return bytes(raw)


def split_address(address: str) -> tuple[str, str]:
    """
    "account/user" → (account, user).
    """
    account, _, user = address.partition("/")
    return account, user
