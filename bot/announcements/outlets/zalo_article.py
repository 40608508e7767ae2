"""
An article of the OA, then a broadcast of it to all who follow.

The article is made hidden, so that one made twice after a lost answer is seen by nobody; shown by an update, which may be
repeated; and broadcast by the one call that may not. Zalo tells nobody which broadcasts went out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.announcements.announcement import Outlet
from bot.announcements.outlets.base import Keep, Pictures, Publication, Published, complete, of_a_post, unclear
from bot.channels.base import SendError
from bot.channels.zalo.account import ZaloAccount
from bot.channels.zalo.api import Api

CREATED, READY, SHOWN, BROADCASTING = "created", "ready", "shown", "broadcasting"
VERIFY_TRIES, VERIFY_SECONDS = 6, 3.0
LATER_SECONDS = 30.0
OA_MANAGER = "https://oa.zalo.me"


class ZaloArticle:
    outlet: Outlet = "zalo_article"

    def __init__(
        self,
        account: ZaloAccount,
        api: Api,
        pictures: Pictures,
        *,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ):
        self._account, self._api, self._pictures, self._pause = account, api, pictures, pause

    async def publish(self, publication: Publication, keep: Keep) -> Published:
        if publication.step == BROADCASTING:
            raise unclear("zalo")
        complete(publication, "title", "description", "author", "body")
        done = dict(publication.values)
        if not done.get("shown"):
            await self._show(publication, keep, done)
        await keep(BROADCASTING, done)
        try:
            answer = await self._api.post("/v2.0/oa/message", broadcast(done["id"]))
        except SendError as error:
            if not error.uncertain:
                await keep(SHOWN, done)
            raise of_a_post("zalo", error, uncertain=error.uncertain) from None
        return Published(str(answer.data.get("message_id") or done["id"])[:128], done.get("url"))

    async def look(self, publication: Publication) -> Published | None:
        return None

    def where(self, publication: Publication) -> str:
        url = publication.values.get("url")
        return url if isinstance(url, str) else OA_MANAGER

    async def _show(self, publication: Publication, keep: Keep, done: dict[str, Any]) -> None:
        """
        Make the article and show it; afterwards `done` knows its id and address.
        """
        picture = await self._pictures(publication)
        cover = picture.url if picture and picture.url else self._account.article_cover
        if cover is None:
            raise SendError(
                "zalo cover.missing: an article needs a picture at a public address, or article_cover",
                trouble="officer",
            )
        article = body(publication.fields, cover)
        if "id" not in done and "token" not in done:
            answer = await self._harmless("/v2.0/article/create", article)
            if not answer.get("token"):
                raise SendError("zalo article.refused: took an article without a token", trouble="officer")
            done["token"] = str(answer["token"])
            await keep(CREATED, done)
        if "id" not in done:
            done["id"] = await self._verified(done["token"])
            await keep(READY, done)
        await self._harmless("/v2.0/article/update", {**article, "id": done["id"], "status": "show"})
        done |= {"shown": True, "url": await self._link(done["id"])}
        await keep(SHOWN, done)

    async def _verified(self, token: str) -> str:
        """
        Return the article's id, as soon as Zalo has processed it (-214 until then).
        """
        for _ in range(VERIFY_TRIES):
            try:
                answer = await self._harmless("/v2.0/article/verify", {"token": token})
            except SendError as error:
                if error.trouble != "retry" or error.retry_after is not None:
                    raise
                await self._pause(VERIFY_SECONDS)
                continue
            if answer.get("id"):
                return str(answer["id"])
            await self._pause(VERIFY_SECONDS)
        raise SendError("zalo -214: the article is still being processed", retry_after=LATER_SECONDS)

    async def _link(self, article: str) -> str | None:
        """
        Return where the article is read; no source promises that Zalo says it.
        """
        try:
            answer = await self._api.get("/v2.0/article/getdetail", {"id": article})
        except SendError:
            return None
        url = answer.data.get("link_view")
        return url if isinstance(url, str) and url.startswith("https://") and len(url) <= 500 else None

    async def _harmless(self, path: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """
        Make a call that may be made again, whatever became of it.
        """
        try:
            return (await self._api.post(path, given)).data
        except SendError as error:
            raise of_a_post("zalo", error, uncertain=False) from None


def body(fields: Mapping[str, str], cover: str) -> dict[str, Any]:
    """
    Return an article, hidden. Pure.
    """
    paragraphs = [one.strip() for one in fields["body"].split("\n\n")]
    return {
        "type": "normal",
        "title": fields["title"],
        "author": fields["author"],
        "cover": {"cover_type": "photo", "photo_url": cover, "status": "show"},
        "description": fields["description"],
        "body": [{"type": "text", "content": one} for one in paragraphs if one],
        "status": "hide",
        "comment": "hide",
    }


def broadcast(article: str) -> dict[str, Any]:
    """
    Return a broadcast to all followers: nothing narrower than a region exists, and the sources disagree how to write it.
    """
    element = {"media_type": "article", "attachment_id": article}
    payload = {"template_type": "media", "elements": [element]}
    return {
        "recipient": {"target": {"gender": "0"}},
        "message": {"attachment": {"type": "template", "payload": payload}},
    }
