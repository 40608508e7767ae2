"""
Files of an announcement: its picture and attachment, the sheet for the notice board, the loudspeaker's script and its sound.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from aiohttp import web

from bot.admin.announcement_pages import ONE
from bot.admin.announcement_reading import Reading
from bot.admin.errors import not_found
from bot.admin.office import Office
from bot.announcements import freezing, renditions, uploads
from bot.announcements.announcement import Outlet
from bot.announcements.renditions import notice_pdf, speech
from bot.announcements.store import Row
from bot.log import log

SAFE = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"}


def routes(office: Office) -> list[web.RouteDef]:
    pages = FilePages(office)
    return [
        web.get(f"{ONE}/upload/{{name}}", pages.upload),
        web.get(f"{ONE}/notice.pdf", pages.notice),
        web.get(f"{ONE}/loudspeaker.txt", pages.script),
        web.get(f"{ONE}/loudspeaker.wav", pages.sound),
    ]


class FilePages:
    def __init__(self, office: Office):
        self._office, self._reading = office, Reading(office)

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """
        Answer the picture or the file of an announcement, to those who may see it.
        """
        row, name = await self._reading.row(request), request.match_info["name"]
        files = self._office.files
        path = uploads.path_of(files.folder, name) if files is not None else None
        if path is None or name not in (row.announcement.picture, row.announcement.file):
            raise not_found("upload")
        headers = {"Content-Type": uploads.media_type(name), "Cache-Control": "private, max-age=86400", **SAFE}
        return web.FileResponse(path, headers=headers)

    async def notice(self, request: web.Request) -> web.Response:
        row = await self._reading.row(request)
        made = await asyncio.to_thread(notice_pdf.pdf, self._fields(row, "notice"))
        # A viewer inside the browser needs more than a sandbox allows.
        headers = {
            "Content-Disposition": f'inline; filename="niem-yet-{row.id}.pdf"',
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'",
        }
        return web.Response(body=made, content_type="application/pdf", headers=headers)

    async def script(self, request: web.Request) -> web.Response:
        row = await self._reading.row(request)
        text = self._fields(row, "loudspeaker").get("script", "")
        headers = {"Content-Disposition": f'attachment; filename="loa-{row.id}.txt"', **SAFE}
        # With its mark in front Notepad and Word read it as UTF-8.
        return web.Response(body=text.encode("utf-8-sig"), content_type="text/plain", charset="utf-8", headers=headers)

    async def sound(self, request: web.Request) -> web.Response:
        row = await self._reading.row(request)
        try:
            made = await asyncio.to_thread(speech.wav, self._fields(row, "loudspeaker").get("script", ""))
        except speech.SpeechError as error:
            log.warning("announcement.not_spoken", announcement=row.id)
            return web.Response(status=503, text=str(error), content_type="text/plain", charset="utf-8")
        headers = {"Content-Disposition": f'inline; filename="loa-{row.id}.wav"', **SAFE}
        return web.Response(body=made, content_type="audio/wav", headers=headers)

    def _fields(self, row: Row, outlet: Outlet) -> Mapping[str, str]:
        """
        Return the fields of a rendition: as frozen, or of a draft as they would be now.
        """
        if row.frozen is not None:
            return {name: str(value) for name, value in freezing.rendition(row.frozen, row.ward, outlet).items()}
        place = self._reading.place(row.ward)
        page = f"{self._office.public_url}/thong-bao/{row.ward}/{row.id}" if self._office.public_url else None
        return renditions.render(row.announcement, place, outlet, link=page).fields
