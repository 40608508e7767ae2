"""
Facebook Messenger on the wire: what Meta posts, what we send.

One webhook address serves an app and all its Pages. A request counts for the Pages whose app signed it, and no others.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from collections.abc import Callable, Sequence
from typing import Any

from aiohttp import web

from bot.channels.base import Reach, Receipt, SendError, read_body, split_address
from bot.channels.messenger import payload, render
from bot.channels.messenger.account import MessengerAccount
from bot.channels.messenger.graph import Graph
from bot.errors import RequestError
from bot.log import log
from bot.messages import Reply

MAX_BYTES = 1 << 20
WINDOW_SECONDS = 24 * 3600
HUMAN_AGENT_SECONDS = 7 * 24 * 3600
TYPING_SECONDS = 3.0
SIGNATURE = "X-Hub-Signature-256"
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{1,200}", re.ASCII)


class MessengerChannel:
    """
    Any number of Pages of any number of apps. `graph` is theirs to share; `close` when done.
    """

    kind = "messenger"
    idempotent = False

    def __init__(self, accounts: Sequence[MessengerAccount], *, clock: Callable[[], float] = time.time):
        self._accounts = {account.id: account for account in accounts if account.enabled}
        self._clock = clock
        self.graph = Graph()

    async def close(self) -> None:
        await self.graph.close()

    async def challenge(self, request: web.Request) -> web.Response:
        """
        Answer Meta's question whether this address is ours.

        Raises:
            RequestError: 403 when it does not know our word.
        """
        given = request.query.get("hub.verify_token", "").encode("utf-8", "surrogateescape")
        words = {account.verify_token.get_secret_value().encode() for account in self._accounts.values()}
        known = [hmac.compare_digest(given, word) for word in words]
        challenge = request.query.get("hub.challenge", "")
        if request.query.get("hub.mode") != "subscribe" or not any(known) or not _CHALLENGE.fullmatch(challenge):
            raise RequestError(403, "challenge.refused", "the verify token is not one of ours")
        return web.Response(text=challenge)

    async def receive(self, request: web.Request) -> list[payload.Found]:
        raw = await read_body(request, MAX_BYTES)
        accounts = self._signers(raw, request.headers.get(SIGNATURE))
        try:
            body = payload.load(raw)
        except ValueError:
            log.warning("event.unreadable", channel=self.kind, bytes=len(raw))
            return []
        entries = payload.entries(body)
        if not entries:
            log.warning("event.unknown", channel=self.kind, reason="not about a page")
        found: list[payload.Found] = []
        strangers: set[str] = set()
        for page, entry in entries:
            account = accounts.get(page)
            if account is None:
                strangers.add(page)
            else:
                found += payload.parse(entry, account)
        if strangers:
            log.warning("event.unknown", channel=self.kind, reason="page without account", pages=sorted(strangers)[:5])
        return found

    def parts(self, reply: Reply) -> list[Reply]:
        return render.parts(reply)

    def closed(self, address: str, reach: Reach, *, now: float) -> str | None:
        """
        Say "window.closed" when the citizen last acted more than 24 hours ago, or 7 days for what an officer writes where
        Meta allows it. A time that is not known may be open.
        """
        account = self._accounts.get(split_address(address)[0])
        longer = reach.by_officer and account is not None and account.human_agent
        open_seconds = HUMAN_AGENT_SECONDS if longer else WINDOW_SECONDS
        if reach.interacted_at is not None and now - reach.interacted_at > open_seconds:
            return "window.closed"
        return None

    async def send(self, address: str, reply: Reply, *, key: str) -> Receipt:
        account, user = self._addressee(address)
        by_officer = account.human_agent and reply.kind == "officer"
        body = render.body(reply, user=user, key=key, human_agent=by_officer)
        answer = await self.graph.call(account, "POST", f"/{account.id}/messages", body=body)
        message_id = answer.body.get("message_id")
        if not isinstance(message_id, str) or not message_id:
            raise SendError("messenger took a message without naming it", uncertain=True)
        return Receipt(message_id)

    async def typing(self, address: str) -> None:
        """
        Show that an answer is being written, for about 20 seconds. Best effort: an answer never fails for it.
        """
        try:
            account, user = self._addressee(address)
            body: dict[str, Any] = {"recipient": {"id": user}, "sender_action": "typing_on"}
            await self.graph.call(account, "POST", f"/{account.id}/messages", body=body, seconds=TYPING_SECONDS)
        except SendError as error:
            log.debug("typing.failed", channel=self.kind, reason=str(error))

    def _addressee(self, address: str) -> tuple[MessengerAccount, str]:
        page, user = split_address(address)
        account = self._accounts.get(page)
        if account is None or not user:
            raise SendError(f"no enabled messenger account {page[:64]!r}", trouble="officer")
        return account, user

    def _signers(self, raw: bytes, header: str | None) -> dict[str, MessengerAccount]:
        """
        Return the accounts whose app's secret signed these bytes. Every secret is tried, whichever fits.

        Raises:
            RequestError: 403 for no signature, or one that no secret made.
        """
        if not header:
            raise RequestError(403, "signature.missing", f"{SIGNATURE} is missing")
        given = header.encode("utf-8", "surrogateescape")
        secrets = {account.app_secret.get_secret_value() for account in self._accounts.values()}
        good = {one for one in secrets if hmac.compare_digest(given, signature(one, raw))}
        if not good:
            raise RequestError(403, "signature.wrong", f"{SIGNATURE} is not of any app of this installation")
        return {page: one for page, one in self._accounts.items() if one.app_secret.get_secret_value() in good}


def signature(app_secret: str, raw: bytes) -> bytes:
    """
    Return the header's value for a body, which is signed as it came, escapes and all.
    """
    return b"sha256=" + hmac.new(app_secret.encode(), raw, hashlib.sha256).hexdigest().encode()
