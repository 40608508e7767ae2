"""
Articles, and broadcasts of them to all who follow.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from emulators.zalo import window
from emulators.zalo.core import Core
from emulators.zalo.gate import Arguments, Gate
from emulators.zalo.messages import Messages
from emulators.zalo.refusals import Refused, invalid, over
from emulators.zalo.world import Account, Bubble

MAX_CHARS = {"title": 150, "author": 50, "description": 300}
BLOCKS = {"text": "content", "image": "url", "video": "url"}


@dataclass
class Article:
    id: str
    token: str
    account: str
    body: dict[str, Any] = field(repr=False)
    waits: int  # answers "still processing" this often
    created_at: float
    reached: list[int] = field(default_factory=list)  # how many people by each broadcast

    @property
    def shown(self) -> bool:
        return self.body.get("status") == "show"


class Publishing:
    def __init__(self, core: Core, messages: Messages):
        self._core, self._messages = core, messages
        self.articles: dict[str, Article] = {}

    def routes(self, gate: Gate) -> list[web.RouteDef]:
        return [
            web.post("/v2.0/oa/message", gate.api(self.message, sends=True)),
            web.post("/v2.0/article/create", gate.api(self.create)),
            web.post("/v2.0/article/verify", gate.api(self.verify)),
            web.post("/v2.0/article/update", gate.api(self.update)),
            web.post("/v2.0/article/remove", gate.api(self.remove)),
            web.get("/v2.0/article/getslice", gate.api(self.getslice, read="data")),
            web.get("/v2.0/article/getdetail", gate.api(self.getdetail, read="data")),
        ]

    async def message(self, account: Account, body: Arguments) -> Any:
        """
        Three things share this address: reactions, broadcasts, and the messages of v2 that are gone.
        """
        recipient = body.get("recipient")
        if "sender_action" in body:
            return await self._messages.react(account, body)
        if isinstance(recipient, dict) and "target" in recipient:
            return self._broadcast(account, recipient["target"], body)
        raise Refused(-240)

    def _broadcast(self, account: Account, target: Any, body: Arguments) -> Any:
        """
        Codes of the target may be text, numbers or lists: all are taken, and nobody is left out by them.
        """
        if not isinstance(target, dict):
            raise invalid("target")
        try:
            payload = body["message"]["attachment"]["payload"]
            (element,) = payload["elements"]
            if (payload["template_type"], element["media_type"]) != ("media", "article"):
                raise Refused(-233)
            article = self._article(account, element["attachment_id"])
        except (KeyError, TypeError, ValueError):
            raise invalid("attachment") from None
        core, now = self._core, self._core.now()
        if window.night(now):
            raise Refused(-234)
        if account.broadcasts_left <= 0:
            raise Refused(-211)
        account.broadcasts_left -= 1
        message_id = core.new_id()
        title = str(article.body["title"])
        reached = [user for user in account.users.values() if user.follows and not user.blocked]
        for user in reached:
            bubble = Bubble(
                core.new_id(), user.id, "oa", f"{title}\n{article.body.get('description', '')}", now, "article"
            )
            bubble.buttons = [{"title": "Xem bài viết", "type": "oa.open.url", "payload": {"url": _link(article)}}]
            core.show(user, bubble)
        article.reached.append(len(reached))
        core.note_sent(account, message_id, "", "broadcast", title, body, users=[user.id for user in reached])
        return {"message_id": message_id}

    async def create(self, account: Account, body: Arguments) -> Any:
        checked = _checked(body)
        core = self._core
        if account.articles_left <= 0:
            raise Refused(-223)
        account.articles_left -= 1
        article = Article(core.new_id(), core.new_id(), account.id, checked, core.weather.article_waits, core.now())
        self.articles[article.id] = article
        return {"token": article.token}

    async def verify(self, account: Account, body: Arguments) -> Any:
        token = body.get("token")
        for article in self.articles.values():
            if article.token == token and article.account == account.id:
                if article.waits > 0:
                    article.waits -= 1
                    raise Refused(-214)
                return {"id": article.id}
        raise invalid("token")

    async def update(self, account: Account, body: Arguments) -> Any:
        article = self._article(account, body.get("id"))
        article.body = _checked(body)
        return {"token": article.token}

    async def remove(self, account: Account, body: Arguments) -> Any:
        del self.articles[self._article(account, body.get("id")).id]
        return {}

    async def getslice(self, account: Account, data: Arguments) -> Any:
        offset, limit = data.get("offset", 0), data.get("limit", 10)
        if not isinstance(offset, int) or not isinstance(limit, int) or offset < 0 or limit < 1:
            raise invalid("offset")
        own = [each for each in self.articles.values() if each.account == account.id and not each.waits]
        medias = [
            {"id": each.id, "type": "normal", "title": each.body["title"], "status": each.body["status"]}
            for each in reversed(own)
        ]
        return {"total": len(own), "medias": medias[offset : offset + limit]}

    async def getdetail(self, account: Account, data: Arguments) -> Any:
        article = self._article(account, data.get("id"))
        return article.body | {"id": article.id, "link_view": _link(article)}

    def wall(self) -> list[dict[str, Any]]:
        """
        Return the articles that everybody sees, newest first.
        """
        return [_seen(each) for each in reversed(self.articles.values()) if each.shown]

    def _article(self, account: Account, id: Any) -> Article:
        article = self.articles.get(id) if isinstance(id, str) else None
        if article is None or article.account != account.id:
            raise invalid("id")
        return article


def _checked(body: Arguments) -> dict[str, Any]:
    """
    Raises:
        Refused: -201 for what is missing or unknown, -210 for what is too long.
    """
    for name, most in MAX_CHARS.items():
        value = body.get(name)
        if not isinstance(value, str) or not value.strip():
            raise invalid(name)
        if len(value) > most:
            raise over(name, most)
    cover = body.get("cover")
    if body.get("type") != "normal":
        raise invalid("type")
    if not isinstance(cover, dict) or cover.get("cover_type") not in ("photo", "video"):
        raise invalid("cover")
    if cover["cover_type"] == "photo" and not str(cover.get("photo_url", "")).startswith("http"):
        raise invalid("photo_url")
    blocks = body.get("body")
    if not isinstance(blocks, list) or not blocks:
        raise invalid("body")
    for block in blocks:
        needed = BLOCKS.get(str(block.get("type"))) if isinstance(block, dict) else None
        if needed is None or not isinstance(block.get(needed), str):
            raise invalid("body")
    for name in ("status", "comment"):
        if body.get(name, "hide") not in ("show", "hide"):
            raise invalid(name)
    return {"status": "hide", "comment": "hide"} | {name: value for name, value in body.items() if name != "id"}


def _seen(article: Article) -> dict[str, Any]:
    body = article.body
    words = [body["description"], *(str(block["content"]) for block in body["body"] if block["type"] == "text")]
    note = ", ".join(f"đã gửi tới {people} người quan tâm" for people in article.reached)
    seen = {"title": body["title"], "text": "\n\n".join(words), "note": note, "at": article.created_at}
    return seen | {"pictures": 1 if body["cover"]["cover_type"] == "photo" else 0, "link": ""}


def _link(article: Article) -> str:
    return f"https://rd.zapps.vn/detail/{article.account}?id={article.id}"
