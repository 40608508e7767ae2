"""
A post on the ward's Facebook Page, read back right after.

Meta has no key of ours for a post: a failed call may have published it, and photo posts were seen seven times after one
error that was repeated (arsduo/koala#699, read 2026-11-20). So the picture goes first, as an upload that nobody sees, and
after an unclear answer the Page's own feed is read instead of trying again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.announcements.announcement import Outlet
from bot.announcements.outlets.base import Keep, Pictures, Publication, Published, complete, of_a_post, unclear
from bot.channels.base import SendError
from bot.channels.messenger.account import MessengerAccount
from bot.channels.messenger.graph import Graph, GraphError
from bot.log import log

UPLOADED, POSTING = "uploaded", "posting"
UPLOAD_SECONDS = 60.0
NEWEST = 25  # posts that are looked through
CLOCKS_DIFFER_SECONDS = 300.0
# Meta holds back a Page that posts too fast for hours, not seconds (sheet facebook-page 3, read 2026-11-20).
HELD_BACK_SECONDS = 3 * 3600.0
PASSING, DUPLICATE, HELD_BACK = (1, 2), 506, 368
_ID = re.compile(r"[0-9_]{1,100}", re.ASCII)


class FacebookPost:
    outlet: Outlet = "facebook_post"

    def __init__(self, account: MessengerAccount, graph: Graph, pictures: Pictures):
        self._account, self._graph, self._pictures = account, graph, pictures

    async def publish(self, publication: Publication, keep: Keep) -> Published:
        if publication.step == POSTING:
            raise unclear("facebook")
        complete(publication, "text")
        photo = publication.values.get("photo") if publication.step == UPLOADED else await self._upload(publication)
        if photo and publication.step != UPLOADED:
            await keep(UPLOADED, {"photo": photo})
        body: dict[str, Any] = {"message": publication.fields["text"]}
        if photo:
            body["attached_media"] = [{"media_fbid": photo}]
        elif publication.fields.get("link"):
            # Of a link and a photo Meta drops one.
            body["link"] = publication.fields["link"]
        await keep(POSTING, {})
        try:
            answer = await self._graph.call(self._account, "POST", f"/{self._account.id}/feed", body=body)
        except SendError as error:
            return await self._refused(error, publication, keep)
        post = answer.body.get("id")
        if not isinstance(post, str) or not _ID.fullmatch(post):
            raise SendError("facebook took a post without naming it", trouble="officer", uncertain=True)
        return Published(post, await self._read_back(post))

    async def look(self, publication: Publication) -> Published | None:
        query = {"fields": "id,message,created_time,permalink_url", "limit": str(NEWEST)}
        answer = await self._graph.call(self._account, "GET", f"/{self._account.id}/feed", params=query)
        posts = answer.body.get("data")
        for post in posts if isinstance(posts, list) else []:
            if isinstance(post, dict) and is_ours(post, publication):
                return Published(str(post["id"]), _url(post, str(post["id"])))
        return None

    def where(self, publication: Publication) -> str:
        return f"https://www.facebook.com/{self._account.id}"

    async def _upload(self, publication: Publication) -> str | None:
        """
        Return the id of a photo that is not published; None without a picture. Twice does no harm.
        """
        picture = await self._pictures(publication)
        if picture is None:
            return None
        try:
            answer = await self._graph.call(
                self._account,
                "POST",
                f"/{self._account.id}/photos",
                body={"published": "false"},
                file=(picture.content, picture.content_type),
                seconds=UPLOAD_SECONDS,
            )
        except SendError as error:
            raise _told(error, uncertain=False) from None
        photo = answer.body.get("id")
        if not isinstance(photo, str) or not _ID.fullmatch(photo):
            raise SendError("facebook took a photo without naming it")
        return photo

    async def _refused(self, error: SendError, publication: Publication, keep: Keep) -> Published:
        """
        Raises:
            SendError: Unless the same text turns out to be there already, from a call that seemed to fail.
        """
        code = error.graph_code if isinstance(error, GraphError) else None
        status = error.status if isinstance(error, GraphError) else 0
        if error.uncertain or code in PASSING or status >= 500:
            raise _told(error, uncertain=True) from None
        if code == DUPLICATE:
            found = await self.look(publication)
            if found is not None:
                return found
        await keep(None, {})
        raise _told(error, uncertain=False) from None

    async def _read_back(self, post: str) -> str:
        """
        Return the post's address; it is published, whether it can be read or not.
        """
        try:
            answer = await self._graph.call(
                self._account, "GET", f"/{post}", params={"fields": "permalink_url,created_time,is_published"}
            )
        except SendError as error:
            log.warning("post.not_read_back", account=self._account.id, reason=str(error))
            return _url({}, post)
        if answer.body.get("is_published") is False:
            log.error("post.hidden", account=self._account.id, post=post)
        return _url(answer.body, post)


def is_ours(post: Mapping[str, Any], publication: Publication) -> bool:
    """
    Say whether a post of the feed has our text and is no older than our first try. Pure.
    """
    created, message = _seconds(post.get("created_time")), post.get("message")
    if created is None or not isinstance(message, str) or not _ID.fullmatch(str(post.get("id"))):
        return False
    young = created >= publication.begun_at - CLOCKS_DIFFER_SECONDS
    return young and _plain(message) == _plain(publication.fields["text"])


def _plain(text: str) -> str:
    # Meta trims, and may write letters in another form.
    return " ".join(unicodedata.normalize("NFC", text).split())


def _seconds(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    try:
        return datetime.strptime(value, "%Y-%m-%dT%H:%M:%S%z").timestamp()
    except (TypeError, ValueError):
        return None


def _url(post: Mapping[str, Any], id: str) -> str:
    given = post.get("permalink_url")
    good = isinstance(given, str) and given.startswith("https://") and len(given) <= 500
    return str(given) if good else f"https://www.facebook.com/{id}"


def _told(error: SendError, *, uncertain: bool) -> SendError:
    """
    Return what an error of the Graph API means for a post; for a reply it may mean something else.
    """
    code = error.graph_code if isinstance(error, GraphError) else None
    if code == HELD_BACK:
        wait = max(error.retry_after or 0.0, HELD_BACK_SECONDS)
        return SendError("facebook 368: the Page is held back for posting too fast", retry_after=wait)
    if code == DUPLICATE:
        return SendError("facebook 506: the same text was posted a short while ago", trouble="officer")
    return of_a_post("facebook", error, uncertain=uncertain)
