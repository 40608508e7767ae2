"""
What anybody may read: a ward's announcements at /thong-bao/{ward}, their Atom feed, the frame for the portal, and the
short links /l/{code}. Nothing is kept of who reads.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable
from pathlib import Path

from aiohttp import web

from bot.announcements import published, short_links, uploads
from bot.announcements.renditions import page_html
from bot.announcements.renditions.rendition import Ward
from bot.database import Database
from bot.log import log

STYLE = Path(__file__).with_suffix(".css").read_bytes()
STYLE_URL = f"/thong-bao.css?v={hashlib.sha256(STYLE).hexdigest()[:12]}"
POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors {framers}"
FRESH = "public, max-age=60"


class PublicPages:
    """
    `ward` answers from memory. `files` is the bot's folder of files; without one no picture and no file is shown.
    """

    def __init__(
        self,
        database: Database,
        ward: Callable[[str], Ward | None],
        *,
        public_url: str | None = None,
        files: Path | None = None,
        clock: Callable[[], float] = time.time,
    ):
        self._database, self._ward, self._files, self._clock = database, ward, files, clock
        self._base = (public_url or "").rstrip("/")

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/thong-bao.css", self.style),
            web.get("/thong-bao/{ward}", self.list_page),
            web.get("/thong-bao/{ward}/feed.atom", self.feed),
            web.get("/thong-bao/{ward}/nhung", self.frame),
            web.get("/thong-bao/{ward}/{id}", self.page),
            web.get("/thong-bao/{ward}/{id}/hinh", self.picture),
            web.get("/thong-bao/{ward}/{id}/tep", self.file),
            web.get("/l/{code}", self.short_link),
        ]

    async def list_page(self, request: web.Request) -> web.Response:
        ward = self._ward(request.match_info["ward"])
        if ward is None:
            return self._unknown(None)
        found = await self._database.read(published.listed, ward.slug)
        return _html(page_html.list_page(found, ward, base=self._root(request), style=STYLE_URL))

    async def frame(self, request: web.Request) -> web.Response:
        ward = self._ward(request.match_info["ward"])
        if ward is None:
            return self._unknown(None)
        found = await self._database.read(published.listed, ward.slug, limit=10)
        return _html(page_html.frame_page(found, ward, style=STYLE_URL), framers="*")

    async def feed(self, request: web.Request) -> web.Response:
        ward = self._ward(request.match_info["ward"])
        if ward is None:
            return self._unknown(None)
        found = await self._database.read(published.listed, ward.slug)
        body = page_html.feed(found, ward, base=self._root(request), now=self._clock())
        headers = {
            "Cache-Control": FRESH,
            "Access-Control-Allow-Origin": "*",
            "Cross-Origin-Resource-Policy": "cross-origin",
        }
        return web.Response(text=body, content_type="application/atom+xml", charset="utf-8", headers=headers)

    async def page(self, request: web.Request) -> web.Response:
        ward = self._ward(request.match_info["ward"])
        if ward is None:
            return self._unknown(None)
        found = await self._database.read(published.one, ward.slug, _id(request))
        if found is None:
            return self._unknown(ward)
        text = page_html.one_page(found, ward, base=self._base, now=self._clock(), style=STYLE_URL)
        return _html(text, status=410 if found.withdrawn_at is not None else 200)

    async def picture(self, request: web.Request) -> web.StreamResponse:
        return await self._upload(request, "picture")

    async def file(self, request: web.Request) -> web.StreamResponse:
        return await self._upload(request, "file")

    async def short_link(self, request: web.Request) -> web.Response:
        """
        Lead to where the code leads. An unknown one may be mistyped or forged: nothing is told but that.
        """
        counted = request.method == "GET" and short_links.is_reader(request.headers.get("User-Agent", ""))
        code = request.match_info["code"]
        work = self._database.write if counted else self._database.read
        url = await work(short_links.follow, code, counted=counted)
        if url is None:
            log.warning("short_link.unknown", well_formed=short_links.well_formed(code))
            page = page_html.problem_page(page_html.UNKNOWN_LINK, page_html.UNKNOWN_LINK_LEAD, None, style=STYLE_URL)
            return _html(page, status=404)
        headers = {"Location": url, "Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
        return web.Response(status=302, headers=headers)

    async def style(self, request: web.Request) -> web.Response:
        headers = {"Cache-Control": "public, max-age=31536000, immutable" if "v" in request.query else "no-cache"}
        return web.Response(body=STYLE, content_type="text/css", charset="utf-8", headers=headers)

    async def _upload(self, request: web.Request, what: str) -> web.StreamResponse:
        ward = self._ward(request.match_info["ward"])
        if ward is None or self._files is None:
            return self._unknown(ward)
        name = await self._database.read(published.upload, ward.slug, _id(request), what)
        path = await asyncio.to_thread(uploads.path_of, self._files, name)
        if name is None or path is None:
            return self._unknown(ward)
        headers = {
            "Content-Type": uploads.media_type(name),
            "Content-Disposition": f'inline; filename="thong-bao-{_id(request)}{path.suffix}"',
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cross-Origin-Resource-Policy": "cross-origin",
            "Cache-Control": "public, max-age=3600",
        }
        return web.FileResponse(path, headers=headers)

    def _unknown(self, ward: Ward | None) -> web.Response:
        page = page_html.problem_page(page_html.UNKNOWN, page_html.UNKNOWN_LEAD, ward, style=STYLE_URL)
        return _html(page, status=404)

    def _root(self, request: web.Request) -> str:
        # A feed and a frame's code need a whole address; without a public one, the one that was asked.
        return self._base or f"{request.scheme}://{request.host}"


def routes(
    database: Database, ward: Callable[[str], Ward | None], *, public_url: str | None = None, files: Path | None = None
) -> list[web.RouteDef]:
    """
    Return the routes; they belong before the chat's "/{ward}".
    """
    return PublicPages(database, ward, public_url=public_url, files=files).routes()


def _id(request: web.Request) -> int:
    """
    Return the number in the address; 0, which no announcement has, for what is none.
    """
    text = request.match_info["id"]
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0


def _html(text: str, *, status: int = 200, framers: str = "'none'") -> web.Response:
    headers = {
        "Content-Security-Policy": POLICY.format(framers=framers),
        "Cache-Control": FRESH if status == 200 else "no-store",
    }
    if framers == "'none'":
        headers["X-Frame-Options"] = "DENY"
    return web.Response(text=text, status=status, content_type="text/html", charset="utf-8", headers=headers)
