"""
Zalo OA on the wire: takes signed webhook requests, sends consultation messages, keeps the tokens of its OAs fresh.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import aiohttp
import orjson
from aiohttp import web

from bot.channels.base import Reach, Receipt, SendError, read_body, split_address
from bot.channels.menu import Menu
from bot.channels.tokens import TokenStore
from bot.channels.zalo import payload, render, signature
from bot.channels.zalo.account import ZaloAccount
from bot.channels.zalo.api import Api, whole
from bot.channels.zalo.token import Tokens
from bot.errors import RequestError
from bot.log import log
from bot.messages import Happening, InboundMessage, Reply

MAX_BYTES = 1 << 20
SEND = "/v3.0/oa/message/cs"
FREE_SECONDS = 48 * 3600.0
OPEN_SECONDS = 7 * 86_400.0
# An event that names none of our accounts is tried with the secret of each.
MOST_NAMELESS_BYTES = 1 << 16


class ZaloChannel:
    """
    Accounts that are switched off are unknown here. `keep_fresh` runs beside it; `close` when done.
    """

    kind = payload.KIND
    idempotent = False

    def __init__(
        self,
        accounts: Sequence[ZaloAccount],
        store: TokenStore,
        menu: Menu | None = None,
        *,
        clock: Callable[[], float] = time.time,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ):
        self._accounts = {one.id: one for one in accounts if one.enabled}
        self._menu, self._clock = menu, clock
        self._client: aiohttp.ClientSession | None = None
        self._tokens = {
            one.id: Tokens(one, store, self._session, clock=clock, pause=pause) for one in self._accounts.values()
        }
        holds: dict[str, float] = {}
        self._apis = {
            one.id: Api(one, self._tokens[one.id], self._session, holds, clock=clock) for one in self._accounts.values()
        }
        self._ways: set[tuple[str, str, str]] = set()  # of signing, as seen
        self._sent_since: dict[str, int] = {}  # messages since the citizen wrote, where Zalo does not count aloud

    async def receive(self, request: web.Request) -> list[InboundMessage | Happening]:
        """
        Read one event; nothing for the probe that Zalo sends when the address is saved.

        Raises:
            RequestError: 404 for an account that is not ours, 403 without a good signature, 413 when too large.
        """
        accounts = self._named(request.match_info.get("account"))
        raw = await read_body(request, MAX_BYTES)
        event = _json(raw)
        if not raw.strip() or event == {}:
            return []
        signed = self._signed(request, raw, event, accounts)
        found = [one for account in signed for one in payload.parse(event, account, self._menu)]
        if not found:
            log.warning("event.unreadable", channel=self.kind, readable=event is not None, accounts=len(signed))
        for one in found:
            if isinstance(one, InboundMessage):
                self._sent_since.pop(one.address, None)
        return found

    def parts(self, reply: Reply) -> list[Reply]:
        return render.parts(reply)

    def closed(self, address: str, reach: Reach, *, now: float) -> str | None:
        """
        Say "account.unknown", "window.closed" (48 hours; 7 days for who pays), or "quota.used_up".
        """
        account = self._accounts.get(split_address(address)[0])
        if account is None:
            return "account.unknown"
        if reach.interacted_at is not None:
            silent = now - reach.interacted_at
            if silent > (OPEN_SECONDS if account.paid_window else FREE_SECONDS):
                return "window.closed"
        if reach.quota_left is not None and reach.quota_left <= 0 and not account.paid_window:
            return "quota.used_up"
        return None

    async def send(self, address: str, reply: Reply, *, key: str) -> Receipt:
        account_id, user = split_address(address)
        account = self._accounts.get(account_id)
        if account is None or not user:
            raise SendError("zalo: no such account", trouble="officer")
        answer = await self._apis[account_id].post(SEND, render.body(account, user, reply))
        message_id = answer.data.get("message_id")
        return Receipt(str(message_id or "")[:128], self._quota_left(account, address, answer.data.get("quota")))

    def api(self, account_id: str) -> Api:
        """
        Return the way to the OpenAPI for an account, for `check`.
        """
        return self._apis[account_id]

    def tokens(self, account_id: str) -> Tokens:
        return self._tokens[account_id]

    def now(self) -> float:
        return self._clock()

    async def keep_fresh(self) -> None:
        """
        Keep the tokens of all accounts fresh, for ever.
        """
        await asyncio.gather(*(one.keep_fresh() for one in self._tokens.values()))

    async def close(self) -> None:
        for one in self._tokens.values():
            await one.close()
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    def _named(self, name: str | None) -> list[ZaloAccount]:
        if name is None:
            return list(self._accounts.values())
        if name not in self._accounts:
            raise RequestError(404, "account.unknown", "no such account")
        return [self._accounts[name]]

    def _signed(
        self, request: web.Request, raw: bytes, event: Any, accounts: Sequence[ZaloAccount]
    ) -> list[ZaloAccount]:
        """
        Return the accounts that the event is for, out of those whose secret signed it.

        Raises:
            RequestError: 403, when no account's secret did, or too long ago.
        """
        if signature.SIGNATURE not in request.headers:
            raise RequestError(403, "signature.missing", f"send {signature.SIGNATURE}")
        ids = payload.oa_ids(event)
        named = [one for one in accounts if one.id in ids]
        app_id = event.get("app_id") if isinstance(event, dict) else None
        possible = named or [one for one in accounts if one.app_id == app_id] or accounts
        if not named and len(raw) > MOST_NAMELESS_BYTES:
            raise RequestError(403, "signature.wrong", "names no account of ours")
        ways = {one.id: way for one in possible if (way := signature.verify(request.headers, raw, event, one))}
        if not ways:
            self._refuse(request, raw, event, possible)
        for account_id, way in ways.items():
            oldest = self._accounts[account_id].refuse_older_days
            if oldest is not None and self._clock() - way.at > oldest * 86_400:
                raise RequestError(403, "signature.expired", f"this was signed more than {oldest} days ago")
            self._note_way(account_id, way)
        if ids and not named:
            return []
        return [self._accounts[account_id] for account_id in ways]

    def _refuse(self, request: web.Request, raw: bytes, event: Any, accounts: Sequence[ZaloAccount]) -> None:
        for account in accounts[:1]:
            if signature.signed_with_the_app_secret(request.headers, raw, event, account):
                log.error("signature.matches_app_secret", channel=self.kind, account=account.id)
        raise RequestError(403, "signature.wrong", f"{signature.SIGNATURE} does not match")

    def _note_way(self, account_id: str, way: signature.Signed) -> None:
        """
        Say once how an OA's events are signed: no source knows all of it.
        """
        seen = (account_id, way.first, way.timestamp)
        if seen not in self._ways:
            self._ways.add(seen)
            log.info("signature.matched", channel=self.kind, account=account_id, first=way.first, at=way.timestamp)

    def _quota_left(self, account: ZaloAccount, address: str, quota: Any) -> int | None:
        """
        Return the free replies that are left: what Zalo says, else what the account's setting leaves.
        """
        if isinstance(quota, dict):
            return whole(quota.get("remain")) if quota.get("quota_type") == "reply" else None
        if account.replies_per_window is None:
            return None
        self._sent_since[address] = self._sent_since.get(address, 0) + 1
        return max(0, account.replies_per_window - self._sent_since[address])

    def _session(self) -> aiohttp.ClientSession:
        if self._client is None or self._client.closed:
            self._client = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=50, keepalive_timeout=15), cookie_jar=aiohttp.DummyCookieJar()
            )
        return self._client


def _json(raw: bytes) -> Any:
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None
