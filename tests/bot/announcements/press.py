"""
An outlet under test: its publication row in memory, and a worker that may be killed at any moment around a step.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.announcements.announcement import Outlet
from bot.announcements.outlets.base import OutletConnector, Picture, Publication, Published
from bot.channels.base import SendError

NAME = "0" * 64 + ".jpg"
JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 200
TEXT = "THÔNG BÁO CẮT ĐIỆN\n\nNgày 21/11/2026, từ 7 giờ đến 11 giờ, khu phố 3 tạm ngừng cấp điện."


class Killed(BaseException):
    """
    The worker is gone, as with kill -9.
    """


async def pictures(publication: Publication) -> Picture | None:
    if not publication.fields.get("picture"):
        return None
    if publication.fields["picture"] != NAME:
        raise SendError("picture.missing", trouble="officer")
    return Picture(JPEG, "image/jpeg", f"https://phuong-mau.example/{publication.fields['picture']}")


class Row:
    """
    `log`: the steps that were kept, in order. The `kill`-th moment is deadly: each step has one before it is durable and
    one after; the last stands between the platform's answer and ours being durable.
    """

    def __init__(self, outlet: Outlet, fields: Mapping[str, str], *, begun_at: float, kill: int | None = None):
        self.publication = Publication(12, outlet, "hoa-binh", "account", fields, begun_at)
        self.log: list[str | None] = []
        self.published: Published | None = None
        self._moments, self._kill = 0, kill

    async def keep(self, step: str | None, values: Mapping[str, Any]) -> None:
        self._live()
        self.publication = replace(self.publication, step=step, values=dict(values))
        self.log.append(step)
        self._live()

    async def work(self, connector: OutletConnector) -> Published:
        published = await connector.publish(self.publication, self.keep)
        self._live()
        self.published = published
        return published

    def again(self) -> None:
        """
        An officer says that it is not there and is to be published.
        """
        self.publication = replace(self.publication, step=None)

    def _live(self) -> None:
        self._moments += 1
        if self._moments - 1 == self._kill:
            raise Killed


async def lived_through(row: Row, connector: OutletConnector) -> str:
    """
    Work as the gateway does, over a kill: "sent", "uncertain", or "not killed" when its moment never came.
    """
    try:
        await row.work(connector)
    except Killed:
        error = await _trouble(row, connector)
        return "sent" if error is None else "uncertain" if error.uncertain else str(error)
    return "not killed"


async def _trouble(row: Row, connector: OutletConnector) -> SendError | None:
    try:
        await row.work(connector)
    except SendError as error:
        return error
    return None


async def refusal(work: Callable[[], Awaitable[object]]) -> SendError:
    try:
        await work()
    except SendError as error:
        return error
    raise AssertionError("it was not refused")
