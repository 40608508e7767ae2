"""
The web chat as a channel: takes what the page posts, "sends" by writing into the transcript that the page follows.
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable, Mapping
from typing import Protocol
from urllib.parse import urlsplit

import orjson
from aiohttp import web

from bot.channels.base import Reach, Receipt, SendError
from bot.channels.web import payload
from bot.channels.web.sites import Site
from bot.delivery.pacing import Buckets, Pace
from bot.errors import RequestError
from bot.messages import InboundMessage, Reply

MAX_BYTES = 16_384
# A person types a message in seconds; an office behind one address may hold fifty people.
PER_CONVERSATION = Pace(per_second=1, burst=20)
PER_ADDRESS = Pace(per_second=20, burst=100)


class Store(Protocol):
    async def append(self, conversation: str, reply: Reply, *, key: str) -> int: ...


class WebChannel:
    """
    `exempt` answers for the operator's own programs on this machine (ask, bench): they are not limited.
    """

    kind = "web"
    idempotent = True  # the transcript knows the key

    def __init__(
        self,
        store: Store,
        *,
        ward_exists: Callable[[str], bool],
        sites: Mapping[str, Site],
        trusted_proxies: frozenset[str],
        clock: Callable[[], float] = time.monotonic,
    ):
        self._store, self._ward_exists, self._sites = store, ward_exists, sites
        self._trusted_proxies, self._clock = trusted_proxies, clock
        self._per_conversation, self._per_address = Buckets(PER_CONVERSATION), Buckets(PER_ADDRESS)

    async def receive(self, request: web.Request) -> list[InboundMessage]:
        refuse_foreign_pages(request)
        visitor = visitor_address(request, self._trusted_proxies)
        if visitor is not None:
            self._limit(self._per_address, visitor)
        message = payload.parse(
            await read_json(request), ward_exists=self._ward_exists, ward_of_site=self._ward_of_site
        )
        if visitor is not None:
            self._limit(self._per_conversation, message.address)
        return [message]

    def parts(self, reply: Reply) -> list[Reply]:
        return [reply]

    def closed(self, address: str, reach: Reach, *, now: float) -> str | None:
        return None

    async def send(self, address: str, reply: Reply, *, key: str) -> Receipt:
        try:
            return Receipt(str(await self._store.append(address, reply, key=key)))
        except Exception as error:
            raise SendError(f"transcript not written: {type(error).__name__}") from error

    def _ward_of_site(self, key: str) -> str | None:
        site = self._sites.get(key)
        return site.ward if site else None

    def _limit(self, buckets: Buckets, key: str) -> None:
        wait = buckets.wait(key, now=self._clock())
        if wait > 0:
            raise RequestError(429, "request.too_many", "too many messages; wait a little", retry_after=wait)


async def read_json(request: web.Request) -> object:
    """
    Return the body of a request as JSON.

    Raises:
        RequestError: 413 when it is too large, 415 when it is called something else, 400 when it is not JSON.
    """
    if request.content_type != "application/json":
        raise RequestError(415, "request.not_json", "send application/json")
    if request.content_length is not None and request.content_length > MAX_BYTES:
        raise RequestError(413, "request.too_large", f"the body has more than {MAX_BYTES} bytes")
    raw = bytearray()
    async for chunk in request.content.iter_any():
        raw += chunk
        if len(raw) > MAX_BYTES:
            raise RequestError(413, "request.too_large", f"the body has more than {MAX_BYTES} bytes")
    try:
        body: object = orjson.loads(bytes(raw))
    except orjson.JSONDecodeError as error:
        raise RequestError(400, "request.not_json", "the body is not JSON") from error
    return body


def refuse_foreign_pages(request: web.Request) -> None:
    """
    Let only our own pages talk for a citizen: a browser names the page's origin in every POST.

    Raises:
        RequestError: 403 when the origin is another host. Programs that are no browser send none.
    """
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc not in (request.host, request.headers.get("X-Forwarded-Host")):
        raise RequestError(403, "origin.refused", "this page may not send messages here")


def visitor_address(request: web.Request, trusted_proxies: frozenset[str]) -> str | None:
    """
    Return the address that limits count by, or None for the operator's own programs on this machine.
    """
    peer = request.remote or "unknown"
    forwarded = request.headers.get("X-Forwarded-For")
    if forwarded and peer in trusted_proxies:
        return forwarded.rsplit(",", 1)[-1].strip()[:64] or peer
    try:
        return None if ipaddress.ip_address(peer).is_loopback else peer
    except ValueError:
        return peer
