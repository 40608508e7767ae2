"""
What everybody sees of an office on a platform: a Page's posts, an OA's articles, a channel. Only to be read.

    GET /_phone/wall        the newest first, anew every few seconds
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol, runtime_checkable

from aiohttp import web

NAMES = {"zalo": "Bài viết OA", "messenger": "Trang Facebook", "telegram": "Kênh Telegram"}
STYLE = Path(__file__).with_name("wall.css").read_bytes()
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'",
}
REFRESH_SECONDS = 3
VIET_NAM = timedelta(hours=7)
PAGE = """<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="{seconds}"><title>{name}</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="wall.css"></head>
<body class="{kind}"><header><h1>{name}</h1><p>{labels}</p></header><main>{posts}</main></body></html>
"""
EMPTY = "<p>Chưa có bài nào.</p>"

# {"title"?, "text", "pictures": how many, "link"?, "note"?, "at": seconds since 1970}
Post = dict[str, object]


@runtime_checkable
class Wall(Protocol):
    """
    A platform with something that everybody sees.
    """

    kind: str

    def account_labels(self) -> Sequence[str]: ...

    def wall(self) -> list[Post]:
        """Return the posts, newest first."""


def add_wall(app: web.Application, platform: Wall) -> None:
    """
    Mount the wall of this platform. Call it before the app starts.
    """

    async def page(_request: web.Request) -> web.Response:
        return web.Response(text=draw(platform), content_type="text/html", charset="utf-8", headers=HEADERS)

    async def style(_request: web.Request) -> web.Response:
        return web.Response(body=STYLE, content_type="text/css", charset="utf-8", headers=HEADERS)

    app.add_routes([web.get("/_phone/wall", page), web.get("/_phone/wall.css", style)])


def draw(platform: Wall) -> str:
    return PAGE.format(
        seconds=REFRESH_SECONDS,
        kind=html.escape(platform.kind),
        name=html.escape(NAMES.get(platform.kind, platform.kind)),
        labels=html.escape(", ".join(platform.account_labels())),
        posts="".join(_article(one) for one in platform.wall()) or EMPTY,
    )


def _article(post: Post) -> str:
    at = datetime.fromtimestamp(float(str(post["at"])), UTC) + VIET_NAM
    parts = [f"<h2>{html.escape(str(post['title']))}</h2>"] if post.get("title") else []
    parts.append(f'<p class="text">{html.escape(str(post["text"]))}</p>')
    if post.get("pictures"):
        parts.append(f'<p class="picture">[{html.escape(str(post["pictures"]))} ảnh]</p>')
    if post.get("link"):
        link = html.escape(str(post["link"]))
        parts.append(f'<p><a href="{link}" target="_blank" rel="noopener noreferrer">{link}</a></p>')
    foot = f"{at:%H:%M} ngày {at:%d/%m/%Y}" + (f" · {post['note']}" if post.get("note") else "")
    return f"<article>{''.join(parts)}<footer>{html.escape(foot)}</footer></article>"
