"""
The renditions of a draft in one ward, with its short links, at the moment when it is handed to the approvers.
"""

from __future__ import annotations

import sqlalchemy as sa

from bot.announcements import short_links
from bot.announcements.announcement import Announcement
from bot.announcements.freezing import Renditions
from bot.announcements.renditions import make
from bot.errors import RequestError
from bot.wards import Wards


class Rendering:
    def __init__(self, wards: Wards, *, public_url: str | None):
        self._wards, self._public_url = wards, public_url

    def __call__(self, connection: sa.Connection, announcement: Announcement, ward: str, *, now: float) -> Renditions:
        """
        Return outlet → fields.

        Raises:
            RequestError: 422 "announcement.incomplete", with a Vietnamese sentence per "outlet.field" that cannot be sent.
        """
        of = self._wards.get(ward)
        if of is None:
            raise RequestError(
                422, "announcement.incomplete", "no such ward", fields={"wards": "Không có phường, xã này."}
            )
        links = None
        if self._public_url:
            links = short_links.for_announcement(connection, announcement, ward, self._public_url, now=now)
        made = make(announcement, of, self._public_url, links)
        problems = {
            f"{outlet}.{one.field}": one.message_vi
            for outlet, rendition in made.items()
            for one in rendition.problems
            if one.blocking
        }
        if problems:
            raise RequestError(422, "announcement.incomplete", f"not ready: {', '.join(problems)}", fields=problems)
        return {outlet: rendition.fields for outlet, rendition in made.items()}
