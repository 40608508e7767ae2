"""
The picture of an announcement as the platforms take it: by its bytes, or by the address of its public page.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.announcements import uploads
from bot.announcements.outlets.base import Picture, Pictures, Publication
from bot.announcements.renditions.making import page_path
from bot.channels.base import SendError


def kept_in(files: Path, public_url: str | None) -> Pictures:
    """
    Return what finds the pictures in the bot's folder of files.
    """

    async def find(publication: Publication) -> Picture | None:
        name = publication.fields.get("picture")
        if not name:
            return None
        path = await asyncio.to_thread(uploads.path_of, files, name)
        if path is None:
            raise SendError("picture.missing: it is not among the uploads", trouble="officer")
        page = page_path(publication.ward, publication.announcement_id)
        url = f"{public_url.rstrip('/')}{page}/hinh" if public_url else None
        return Picture(await asyncio.to_thread(path.read_bytes), uploads.media_type(name), url)

    return find
