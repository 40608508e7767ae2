"""
What a ward's portal may do with a token: read the published announcements, and make drafts. It never sends anything.

    GET  /api/portal/announcements?ward=W&limit=20
    GET  /api/portal/announcements/{id}?ward=W
    POST /api/portal/announcements
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import orjson
from aiohttp import web

from bot.admin import audit
from bot.announcements import portal_tokens, published, store
from bot.announcements.announcement import Announcement, Audience, Link
from bot.announcements.portal_tokens import PortalToken
from bot.announcements.published import Published
from bot.announcements.topics import TOPICS
from bot.channels.base import read_body
from bot.channels.web.channel import visitor_address
from bot.database import Database
from bot.delivery.pacing import Buckets, Pace
from bot.errors import RequestError
from bot.log import log
from bot.wards import Wards

MAX_BYTES = 65_536
MAX_TITLE, MAX_TEXT, MAX_KEY_LINE, MAX_URL = 300, 20_000, 300, 2_000
MOST_LISTED = 100
# A portal asks once a minute for its front page, or once per visitor when it keeps nothing.
PER_TOKEN = Pace(per_second=2, burst=60)
PER_STRANGER = Pace(per_second=0.2, burst=10)
# Whose draft it is that no officer wrote; so any officer may change it, and any approver approve it.
PORTAL = 0
_FIELDS = frozenset({
    "ward", "title", "text", "key_line", "topic", "link", "neighbourhoods", "happens_at", "valid_until",
})  # fmt: skip


@dataclass(frozen=True)
class Draft:
    """
    What a portal posted, checked. Times are seconds since 1970.
    """

    ward: str
    title: str
    text: str
    key_line: str
    topic: str | None
    link: Link | None
    neighbourhoods: tuple[str, ...]
    happens_at: float | None
    valid_until: float | None


class PortalApi:
    """
    Every answer is JSON; every refusal a code (docs/api.md).
    """

    def __init__(
        self,
        database: Database,
        wards: Wards,
        *,
        public_url: str | None,
        trusted_proxies: frozenset[str],
        clock: Callable[[], float] = time.time,
        ticks: Callable[[], float] = time.monotonic,
    ):
        self._database, self._wards, self._trusted_proxies = database, wards, trusted_proxies
        self._base, self._clock, self._ticks = (public_url or "").rstrip("/"), clock, ticks
        self._per_token, self._per_stranger = Buckets(PER_TOKEN), Buckets(PER_STRANGER)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/api/portal/announcements", self.listed),
            web.get("/api/portal/announcements/{id}", self.one),
            web.post("/api/portal/announcements", self.draft),
        ]

    async def listed(self, request: web.Request) -> web.Response:
        """
        Return the newest published ones of a ward, newest first.
        """
        token = await self._token(request)
        ward = _ward(request, token)
        limit = _number(request.query.get("limit", "20"), "limit", MOST_LISTED)
        rows = await self._database.read(published.listed, ward, limit=limit)
        return _json({"announcements": [self._shown(one) for one in rows]})

    async def one(self, request: web.Request) -> web.Response:
        token = await self._token(request)
        ward = _ward(request, token)
        number = _number(request.match_info["id"], "id", 10**18)
        found = await self._database.read(published.one, ward, number)
        if found is None or found.withdrawn_at is not None:
            raise RequestError(404, "announcement.unknown", "no such announcement is published in this ward")
        return _json(self._shown(found))

    async def draft(self, request: web.Request) -> web.Response:
        """
        Make a draft of the ward's officers; they complete, submit and approve it.
        """
        token = await self._token(request)
        if not token.may_write:
            raise RequestError(403, "portal.read_only", "this token may only read")
        given = _draft(await read_body(request, MAX_BYTES), self._neighbourhoods(token.ward))
        if given.ward != token.ward:
            raise RequestError(403, "portal.other_ward", "the token is of another ward", fields={"ward": "not allowed"})
        row = await self._database.write(_save, token, given, now=self._clock())
        log.info("announcement.drafted", ward=token.ward, announcement=row.id, portal=token.id)
        return _json({"id": row.id, "state": row.state, "version": row.version}, status=201)

    async def _token(self, request: web.Request) -> PortalToken:
        """
        Raises:
            RequestError: 401 without a token that counts; 429 for who asks too often, or guesses.
        """
        kind, _, given = request.headers.get("Authorization", "").partition(" ")
        found = None
        if kind.lower() == "bearer" and 0 < len(given) <= 200:
            found = await self._database.read(portal_tokens.find, given.strip())
        if found is None:
            self._limit(self._per_stranger, visitor_address(request, self._trusted_proxies) or "here")
            log.warning("portal.refused", path="/api/portal")
            raise RequestError(401, "portal.unknown_token", "a valid token is needed: Authorization: Bearer …")
        self._limit(self._per_token, str(found.id))
        now = self._clock()
        if found.used_at is None or now - found.used_at > portal_tokens.USED_SECONDS:
            await self._database.write(portal_tokens.note_use, found.id, now=now)
        return found

    def _limit(self, buckets: Buckets, key: str) -> None:
        wait = buckets.wait(key, now=self._ticks())
        if wait > 0:
            raise RequestError(429, "request.too_many", "too many requests; wait a little", retry_after=wait)

    def _neighbourhoods(self, slug: str) -> tuple[str, ...]:
        ward = self._wards.get(slug)
        return ward.neighbourhoods if ward else ()

    def _shown(self, one: Published) -> dict[str, Any]:
        fields = {name: value for name, value in one.fields.items() if name not in ("happens_at", "valid_until")}
        return {
            "id": one.id, "ward": one.ward, "urgent": one.urgent, "published_at": _iso(one.published_at),
            "happens_at": _iso(one.time("happens_at")), "valid_until": _iso(one.time("valid_until")),
            "url": f"{self._base}/thong-bao/{one.ward}/{one.id}", **fields,
        }  # fmt: skip


def _save(connection: Any, token: PortalToken, given: Draft, *, now: float) -> store.Row:
    made = Announcement(
        id=0, ward=given.ward, wards=(given.ward,), kind="normal", title=given.title, text=given.text,
        key_line=given.key_line, link=given.link, topic=given.topic, audience=Audience(given.neighbourhoods),
        happens_at=given.happens_at, valid_until=given.valid_until,
    )  # fmt: skip
    row = store.save_draft(connection, made, None, PORTAL, now=now)
    audit.note(
        connection, None, ward=given.ward, action="announcement.drafted", what=f"announcement/{row.id}",
        after={"title": given.title, "portal": token.name}, now=now,
    )  # fmt: skip
    return row


def _draft(raw: bytes, neighbourhoods: tuple[str, ...]) -> Draft:
    """
    Raises:
        RequestError: 422 with every wrong field named.
    """
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError:
        body = None
    if not isinstance(body, dict):
        raise RequestError(422, "announcement.invalid", "the body must be a JSON object")
    wrong = {str(name): "unknown field" for name in body if name not in _FIELDS}
    texts = {
        name: _text(body, name, most, wrong, required=name in ("ward", "title", "text"))
        for name, most in (
            ("ward", 64),
            ("title", MAX_TITLE),
            ("text", MAX_TEXT),
            ("key_line", MAX_KEY_LINE),
            ("topic", 32),
        )
    }
    if texts["topic"] and texts["topic"] not in TOPICS:
        wrong["topic"] = f"must be one of {', '.join(TOPICS)}"
    places = body.get("neighbourhoods") or []
    if not isinstance(places, list) or not all(isinstance(one, str) and one in neighbourhoods for one in places):
        wrong["neighbourhoods"] = "must be names of the ward's neighbourhoods"
    link, times = (
        _link(body.get("link"), wrong),
        {name: _time(body, name, wrong) for name in ("happens_at", "valid_until")},
    )
    if wrong:
        raise RequestError(422, "announcement.invalid", "the draft cannot be used", fields=wrong)
    return Draft(
        texts["ward"], texts["title"], texts["text"], texts["key_line"], texts["topic"] or None, link, tuple(places),
        times["happens_at"], times["valid_until"],
    )  # fmt: skip


def _text(body: dict[str, Any], name: str, most: int, wrong: dict[str, str], *, required: bool) -> str:
    value = body.get(name)
    if value is None and not required:
        return ""
    if not isinstance(value, str) or (required and not value.strip()):
        wrong[name] = "must be words"
        return ""
    if len(value) > most:
        wrong[name] = f"longer than {most} characters"
    return value.strip()


def _link(value: Any, wrong: dict[str, str]) -> Link | None:
    if value is None:
        return None
    url, title = (value.get("url"), value.get("title")) if isinstance(value, dict) else (None, None)
    if not isinstance(url, str) or not isinstance(title, str) or not title.strip() or len(url) > MAX_URL:
        wrong["link"] = 'must be {"title", "url"}'
        return None
    if urlsplit(url).scheme != "https" or not urlsplit(url).netloc:
        wrong["link"] = "its url must begin with https://"
    return Link(title.strip()[:100], url)


def _time(body: dict[str, Any], name: str, wrong: dict[str, str]) -> float | None:
    value = body.get(name)
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError(name)
        return moment.timestamp()
    except (TypeError, ValueError, OverflowError):
        wrong[name] = "must be a time with its zone, as 2026-11-25T07:30:00+07:00"
        return None


def _ward(request: web.Request, token: PortalToken) -> str:
    """
    Return the ward that is asked for: the token's own.
    """
    asked = request.query.get("ward", token.ward)
    if asked != token.ward:
        raise RequestError(403, "portal.other_ward", "the token is of another ward", fields={"ward": "not allowed"})
    return asked


def _number(value: str, name: str, most: int) -> int:
    if not (value.isascii() and value.isdigit()) or not 0 < int(value) <= most:
        raise RequestError(422, "request.invalid", "a number cannot be used", fields={name: f"must be 1 to {most}"})
    return int(value)


def _iso(moment: float | None) -> str | None:
    return None if moment is None else datetime.fromtimestamp(moment, UTC).isoformat(timespec="seconds")


def _json(value: Any, *, status: int = 200) -> web.Response:
    return web.Response(status=status, body=orjson.dumps(value), content_type="application/json")
