"""
Our own page: it shows what is published as soon as the row says so, so there is nothing to call and nothing to repeat.
"""

from __future__ import annotations

from bot.announcements.announcement import Outlet
from bot.announcements.outlets.base import Keep, Publication, Published
from bot.announcements.renditions.making import page_path


class WebPage:
    outlet: Outlet = "web"

    def __init__(self, public_url: str | None):
        self._public_url = (public_url or "").rstrip("/")

    async def publish(self, publication: Publication, keep: Keep) -> Published:
        return Published(f"{publication.ward}/{publication.announcement_id}", self.where(publication))

    async def look(self, publication: Publication) -> Published | None:
        return Published(f"{publication.ward}/{publication.announcement_id}", self.where(publication))

    def where(self, publication: Publication) -> str:
        return self._public_url + page_path(publication.ward, publication.announcement_id)
