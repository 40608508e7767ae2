"""
The page with all phones: a frame for each, and nothing else of its own.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from string import Template
from urllib.parse import urlsplit

from aiohttp import web

from emulators.phone import wall
from emulators.phone.routes import FOLDER, HEADERS, NAMES

FILES = {"overview.css": "text/css", "overview.js": "text/javascript"}
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; frame-src "


def build(phones: Sequence[tuple[str, str]], *, ward: str = "", chat: str | None = None) -> web.Application:
    """
    Args:
        phones: (kind, address of its phone page), in the order shown.
        ward: Name of the office that rehearses; chat: address of its web chat.
    """
    walls = " · ".join(
        f'<a href="{html.escape(address)}wall" target="_blank" rel="noopener">{html.escape(wall.NAMES[kind])}</a>'
        for kind, address in phones
        if kind in wall.NAMES and address.endswith("/")
    )
    text = Template((FOLDER / "overview.html").read_text("utf-8")).substitute(
        ward=f" · {html.escape(ward)}" if ward else "",
        chat=f'<a href="{html.escape(chat)}" target="_blank" rel="noopener">Khung chat trên trang web</a>'
        if chat
        else "",
        walls=f"Xem như người dân: {walls}" if walls else "",
        tabs="".join(
            f'<button type="button" data-kind="{html.escape(kind)}">{_name(kind)}</button>' for kind, _ in phones
        ),
        phones="".join(
            f'<iframe data-kind="{html.escape(kind)}" src="{html.escape(address)}" title="Điện thoại {_name(kind)}"></iframe>'
            for kind, address in phones
        ),
    )
    origins = " ".join("{0.scheme}://{0.netloc}".format(urlsplit(address)) for _kind, address in phones)

    async def page(_request: web.Request) -> web.Response:
        headers = {**HEADERS, "Content-Security-Policy": POLICY + origins}
        return web.Response(text=text, content_type="text/html", charset="utf-8", headers=headers)

    async def file(request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in FILES:
            raise web.HTTPNotFound
        body = (FOLDER / name).read_bytes()
        return web.Response(body=body, content_type=FILES[name], charset="utf-8", headers=HEADERS)

    app = web.Application()
    app.add_routes([web.get("/", page), web.get("/{name}", file)])
    return app


def _name(kind: str) -> str:
    return html.escape(NAMES.get(kind, kind))
