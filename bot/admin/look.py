"""
How the office looks: its templates and its files.

Templates escape every value. No script and no style stands in a page: the Content-Security-Policy allows none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jinja2
from aiohttp import web
from jinja2.runtime import Context
from markupsafe import Markup

from bot.admin import wording
from bot.admin.errors import not_found

FOLDER = Path(__file__).parent
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
TIMEZONE = ZoneInfo("Asia/Ho_Chi_Minh")


class Look:
    """
    Reads its files once.
    """

    def __init__(self) -> None:
        found = sorted(one for one in (FOLDER / "static").iterdir() if one.suffix in TYPES)
        self._files = {one.name: one.read_bytes() for one in found}
        self._version = hashlib.sha256(b"".join(self._files.values())).hexdigest()[:12]
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(FOLDER / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._templates.globals |= {"static": self.address, "words": wording, "csrf": csrf}
        self._templates.filters |= {
            "time": time_of,
            "date": date_of,
            "number": number,
            "capital": capital,
            "role": wording.role,
        }
        self.ward_words = wording.WARD_WORDS

    def page(self, template: str, values: Mapping[str, Any]) -> str:
        return self._templates.get_template(template).render(values)

    def done(self, code: str) -> str:
        """
        Return what a page says after `?done=code`: only sentences of ours, so that no link can put words on a page.
        """
        return wording.DONE.get(code, "")

    def address(self, name: str) -> str:
        if name not in self._files:
            raise KeyError(f"no file {name} in bot/admin/static")
        return f"/admin/static/{self._version}/{name}"

    async def file(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in self._files:
            raise not_found("file")
        current = request.match_info["version"] == self._version
        headers = {"Cache-Control": "public, max-age=31536000, immutable" if current else "no-cache"}
        kind = TYPES[Path(name).suffix]
        return web.Response(body=self._files[name], content_type=kind, charset="utf-8", headers=headers)


@jinja2.pass_context
def csrf(context: Context) -> Markup:
    """
    Return the hidden field that every form which changes something carries: `{{ csrf() }}`.
    """
    return Markup('<input type="hidden" name="csrf" value="{}">').format(context["csrf_token"])


def time_of(seconds: float | None) -> str:
    """
    1795000000.0 → "18:46 ngày 18/11/2026"; nothing for None.
    """
    return "" if seconds is None else datetime.fromtimestamp(seconds, TIMEZONE).strftime("%H:%M ngày %d/%m/%Y")


def date_of(seconds: float | None) -> str:
    return "" if seconds is None else datetime.fromtimestamp(seconds, TIMEZONE).strftime("%d/%m/%Y")


def number(value: float) -> str:
    """
    12345 → "12.345"
    """
    return f"{value:,.0f}".replace(",", ".")


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]
