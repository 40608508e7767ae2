"""
The pages of the web chat: the list of wards, a ward's chat, the same inside a portal's frame, and their files.

The pages are plain files with $placeholders; every value is escaped here. No script and no style stands in a page:
the Content-Security-Policy allows none.
"""

from __future__ import annotations

import hashlib
import html
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from string import Template
from typing import Any, Protocol
from urllib.parse import urlsplit

import orjson
from aiohttp import web

from bot import wording
from bot.channels.web.payload import MAX_CHARS
from bot.channels.web.sites import Site
from bot.errors import RequestError

FOLDER = Path(__file__).parent
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
FILES = ("widget.js", "wire.js", "view.js", "widget.css", "icon.svg")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors "
)


class Ward(Protocol):
    @property
    def slug(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def province(self) -> str: ...
    @property
    def hotline(self) -> str | None: ...


class Pages:
    """
    Reads its files once. `wards` and `ward` answer from memory.
    """

    def __init__(
        self, *, wards: Callable[[], Iterable[Ward]], ward: Callable[[str], Ward | None], sites: Mapping[str, Site]
    ):
        self._wards, self._ward, self._sites = wards, ward, sites
        self._files = {name: (FOLDER / name).read_bytes() for name in FILES}
        self._version = hashlib.sha256(b"".join(self._files.values())).hexdigest()[:12]
        self._chat = Template((FOLDER / "widget.html").read_text("utf-8"))
        self._home = Template((FOLDER / "home.html").read_text("utf-8"))
        self._embed = (FOLDER / "embed.js").read_bytes()

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self.home),
            web.get("/favicon.ico", self.icon),
            web.get("/embed.js", self.embed_script),
            web.get("/embed/{site}", self.embedded),
            web.get("/embed/{site}/config", self.embed_config),
            web.get("/static/{version}/{name}", self.file),
            web.get("/{ward}", self.chat),
        ]

    async def home(self, request: web.Request) -> web.Response:
        return self.list_of_wards(200, "")

    async def chat(self, request: web.Request) -> web.Response:
        ward = self._ward(request.match_info["ward"])
        if ward is None:
            return self.list_of_wards(404, wording.UNKNOWN_WARD)
        return self._chat_page(ward, {"ward": ward.slug}, "'none'", embedded=False)

    async def embedded(self, request: web.Request) -> web.Response:
        """
        Answer the chat for a portal's frame. Browsers enforce the origins; a foreign Referer is refused here as well.
        """
        site = self._sites.get(request.match_info["site"])
        ward = self._ward(site.ward) if site else None
        referrer = request.headers.get("Referer")
        if site is None or ward is None or (referrer and not self._allowed(request, site, origin_of(referrer))):
            return self.plain_page(404 if site is None or ward is None else 403, wording.UNKNOWN_SITE)
        return self._chat_page(ward, {"site": site.key}, " ".join(("'self'", *site.origins)), embedded=True)

    async def embed_config(self, request: web.Request) -> web.Response:
        """
        Answer what the portal's script needs to draw its button; only to origins of the site.
        """
        site = self._sites.get(request.match_info["site"])
        ward = self._ward(site.ward) if site else None
        if site is None or ward is None:
            raise RequestError(404, "site.unknown", "no portal has this site key")
        origin = request.headers.get("Origin")
        if origin is None or not self._allowed(request, site, origin):
            raise RequestError(403, "origin.refused", "this origin is not listed for the site")
        body = {"label": wording.OPEN.format(ward=ward.name), "close": wording.CLOSE}
        headers = {"Access-Control-Allow-Origin": origin, "Vary": "Origin", "Cache-Control": "no-cache"}
        return web.Response(body=orjson.dumps(body), content_type="application/json", headers=headers)

    async def embed_script(self, request: web.Request) -> web.Response:
        headers = {"Cache-Control": "public, max-age=3600", "Cross-Origin-Resource-Policy": "cross-origin"}
        return web.Response(body=self._embed, content_type="text/javascript", charset="utf-8", headers=headers)

    async def file(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in self._files:
            raise RequestError(404, "page.unknown", "no such file")
        current = request.match_info["version"] == self._version
        headers = {"Cache-Control": "public, max-age=31536000, immutable" if current else "no-cache"}
        content_type = TYPES[Path(name).suffix]
        return web.Response(body=self._files[name], content_type=content_type, charset="utf-8", headers=headers)

    async def icon(self, request: web.Request) -> web.Response:
        headers = {"Cache-Control": "public, max-age=86400"}
        return web.Response(body=self._files["icon.svg"], content_type=TYPES[".svg"], headers=headers)

    def list_of_wards(self, status: int, problem: str) -> web.Response:
        wards = sorted(self._wards(), key=lambda one: one.name)
        if not wards:
            return self.plain_page(503, wording.HOME_EMPTY, headers={"Retry-After": "5"})
        items = "".join(
            f'<li><a href="/{escape(one.slug)}"><strong>{escape(capital(one.name))}</strong>'
            f"<span>{escape(capital(one.province))}</span></a></li>"
            for one in wards
        )
        return self._home_page(status, problem, wording.HOME_CHOOSE, f'<ul class="wards">{items}</ul>')

    def plain_page(self, status: int, problem: str, headers: Mapping[str, str] | None = None) -> web.Response:
        response = self._home_page(status, problem, "", "")
        response.headers.update(headers or {})
        return response

    def _home_page(self, status: int, problem: str, heading: str, content: str) -> web.Response:
        notice = f'<p class="problem" role="status">{escape(problem)}</p>' if problem else ""
        page = self._home.substitute(
            version=self._version,
            title=escape(wording.HOME_TITLE),
            lead=escape(wording.HOME_LEAD),
            notice=notice,
            heading=f"<h2>{escape(heading)}</h2>" if heading else "",
            content=content,
        )
        return _page(page, status, "'none'")

    def _chat_page(self, ward: Ward, target: dict[str, str], ancestors: str, *, embedded: bool) -> web.Response:
        words = {**wording.WIDGET, "officer": wording.OFFICER.format(ward=ward.name)}
        settings: dict[str, Any] = {"target": target, "maxChars": MAX_CHARS, "words": words}
        page = self._chat.substitute(
            version=self._version,
            title=escape(wording.TITLE.format(ward=ward.name)),
            ward=escape(capital(ward.name)),
            province=escape(ward.province),
            assistant=escape(wording.ASSISTANT),
            note=escape(wording.ASSISTANT_NOTE),
            no_script=escape(wording.NO_SCRIPT.format(hotline=ward.hotline or wording.NATIONAL_LINE)),
            log=escape(wording.LABEL_LOG),
            label=escape(wording.LABEL_INPUT),
            placeholder=escape(wording.PLACEHOLDER),
            send=escape(wording.SEND),
            restart=escape(wording.RESTART),
            close=escape(wording.CLOSE),
            max_chars=MAX_CHARS,
            frame="embedded" if embedded else "alone",
            settings=orjson.dumps(settings).decode().replace("<", "\\u003c"),
        )
        return _page(page, 200, ancestors)

    @staticmethod
    def _allowed(request: web.Request, site: Site, origin: str) -> bool:
        return origin in site.origins or urlsplit(origin).netloc == request.host


def origin_of(address: str) -> str:
    """
    Return scheme://host[:port] of an address.
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}".lower()


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def escape(text: str) -> str:
    return html.escape(text, quote=True)


def _page(text: str, status: int, ancestors: str) -> web.Response:
    headers = {"Content-Security-Policy": POLICY + ancestors, "Cache-Control": "no-cache"}
    if ancestors == "'none'":
        headers["X-Frame-Options"] = "DENY"
    return web.Response(text=text, status=status, content_type="text/html", charset="utf-8", headers=headers)
