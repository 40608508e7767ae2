"""
Citizens as the Official Account sees them: details, lists, tags, history; and the account's own profile.
"""

from __future__ import annotations

import time
from datetime import date
from typing import Any

from aiohttp import web

from emulators.zalo import events
from emulators.zalo.core import Core
from emulators.zalo.gate import Arguments, Gate
from emulators.zalo.refusals import Refused, invalid, over
from emulators.zalo.window import VIETNAM_SECONDS
from emulators.zalo.world import Account, Bubble, User

MAX_COUNT, MAX_OFFSET, MAX_HISTORY = 50, 9951, 10
DAY = 86400


class People:
    def __init__(self, core: Core):
        self._core = core

    def routes(self, gate: Gate) -> list[web.RouteDef]:
        return [
            web.get("/v3.0/oa/user/getlist", gate.api(self.getlist, read="data")),
            web.get("/v3.0/oa/user/detail", gate.api(self.detail, read="data")),
            web.post("/v3.0/oa/user/update", gate.api(self.update)),
            web.post("/v2.0/oa/updatefollowerinfo", gate.api(self.update)),
            web.post("/v2.0/oa/tag/tagfollower", gate.api(self.tag)),
            web.post("/v2.0/oa/tag/rmfollowerfromtag", gate.api(self.untag)),
            web.post("/v2.0/oa/tag/rmtag", gate.api(self.remove_tag)),
            web.get("/v2.0/oa/tag/gettagsofoa", gate.api(self.tags, read="none")),
            web.get("/v2.0/oa/listrecentchat", gate.api(self.recent_chat, read="data")),
            web.get("/v2.0/oa/conversation", gate.api(self.conversation, read="data")),
            web.get("/v2.0/oa/getoa", gate.api(self.profile, read="none")),
        ]

    async def getlist(self, account: Account, data: Arguments) -> Any:
        offset, count = _number(data, "offset"), _number(data, "count")
        if count > MAX_COUNT or count < 1:
            raise over("count", MAX_COUNT)
        if offset > MAX_OFFSET:
            raise over("offset", MAX_OFFSET)
        tag, follows = data.get("tag_name"), data.get("is_follower")
        since, until = self._period(data.get("last_interaction_period"))
        found = [
            user.id
            for user in account.users.values()
            if (tag is None or tag in user.tags)
            and (follows is None or user.follows == (str(follows).lower() == "true"))
            and (since is None or (user.interacted_at is not None and since <= user.interacted_at < until))
        ]
        page = found[offset : offset + count]
        return {"total": len(found), "count": len(page), "offset": offset, "users": [{"user_id": id} for id in page]}

    def _period(self, period: Any) -> tuple[float | None, float]:
        """
        TODAY, YESTERDAY, L7D, L30D or 2026_11_01:2026_11_20, by the days of Vietnam.
        """
        if period is None:
            return None, 0.0
        now = self._core.now()
        today = now - (now + VIETNAM_SECONDS) % DAY
        named = {"TODAY": (0, 1), "YESTERDAY": (-1, 0), "L7D": (-7, 1), "L30D": (-30, 1)}
        if period in named:
            first, last = named[period]
            return today + first * DAY, today + last * DAY
        try:
            first_day, last_day = (_day(part) for part in str(period).split(":"))
        except ValueError:
            raise invalid("last_interaction_period") from None
        return first_day, last_day + DAY

    async def detail(self, account: Account, data: Arguments) -> Any:
        user = _user(account, data)
        seen = time.gmtime((user.interacted_at or 0) + VIETNAM_SECONDS)
        avatar = f"https://s120-ava-talk.zadn.vn/{user.id}.jpg"
        return {
            "user_id": user.id,
            "user_id_by_app": user.id_by_app,
            "user_external_id": "",
            "display_name": user.name,
            "user_alias": user.alias,
            "is_sensitive": False,
            "user_last_interaction_date": time.strftime("%d/%m/%Y", seen) if user.interacted_at is not None else "",
            "user_is_follower": user.follows,
            "avatar": avatar,
            "avatars": {"120": avatar, "240": avatar.replace("s120", "s240")},
            "tags_and_notes_info": {"notes": user.notes, "tag_names": user.tags},
            "shared_info": user.shared_info,
        }

    async def update(self, account: Account, body: Arguments) -> Any:
        user = _user(account, body)
        user.alias = str(body.get("alias", user.alias))
        if isinstance(body.get("notes"), list):
            user.notes = [str(note) for note in body["notes"]]
        if isinstance(body.get("shared_info"), dict):
            user.shared_info |= {str(name): str(value) for name, value in body["shared_info"].items()}
        return {}

    async def tag(self, account: Account, body: Arguments) -> Any:
        user, tag = _user(account, body), _tag(body)
        if tag not in user.tags:
            user.tags.append(tag)
        self._tell(account, "add_user_to_tag", tag, [user.id])
        return {}

    async def untag(self, account: Account, body: Arguments) -> Any:
        user, tag = _user(account, body), _tag(body)
        if tag in user.tags:
            user.tags.remove(tag)
        self._tell(account, "remove_user_from_tag", tag, [user.id])
        return {}

    async def remove_tag(self, account: Account, body: Arguments) -> Any:
        tag = _tag(body)
        tagged = [user for user in account.users.values() if tag in user.tags]
        if not tagged:
            raise invalid("tag_name")
        for user in tagged:
            user.tags.remove(tag)
        self._tell(account, "remove_tag", tag, [user.id for user in tagged])
        return {}

    def _tell(self, account: Account, name: str, tag: str, user_ids: list[str]) -> None:
        at_ms = int(self._core.now() * 1000)
        self._core.tell(account, events.tagged(account, name, tag, user_ids, at_ms=at_ms))

    async def tags(self, account: Account, _arguments: Arguments) -> Any:
        return list(dict.fromkeys(tag for user in account.users.values() for tag in user.tags))

    async def recent_chat(self, account: Account, data: Arguments) -> Any:
        return _history(account, account.chat, data)

    async def conversation(self, account: Account, data: Arguments) -> Any:
        return _history(account, _user(account, data).bubbles, data)

    async def profile(self, account: Account, _arguments: Arguments) -> Any:
        return {
            "oaid": account.id,
            "name": account.name,
            "description": "",
            "oa_alias": "",
            "is_verified": True,
            "oa_type": 4 if account.government else 2,
            "cate_name": "Cơ quan nhà nước" if account.government else "Doanh nghiệp",
            "num_follower": sum(user.follows for user in account.users.values()),
            "package_name": "Miễn phí",
            "package_valid_through_date": "",
            "linked_zca": "" if account.wallet == "none" else "ZBS",
        }


def _history(account: Account, bubbles: list[Bubble], data: Arguments) -> list[dict[str, Any]]:
    """
    The latest first; a bare array, at most ten.
    """
    offset, count = _number(data, "offset"), _number(data, "count")
    if count > MAX_HISTORY or count < 1:
        raise over("count", MAX_HISTORY)
    end = max(0, len(bubbles) - offset)
    return [_line(account, each) for each in reversed(bubbles[max(0, end - count) : end])]


def _line(account: Account, bubble: Bubble) -> dict[str, Any]:
    user = account.users[bubble.user]
    by_user = bubble.side == "citizen"
    people = ((user.id, user.name), (account.id, account.name))
    (from_id, from_name), (to_id, to_name) = people if by_user else people[::-1]
    kind = bubble.kind if bubble.kind in ("image", "gif", "sticker", "file", "location", "link") else "text"
    line: dict[str, Any] = {
        "src": 1 if by_user else 0,
        "time": int(bubble.at * 1000),
        "type": "photo" if kind == "image" else kind,
        "message": bubble.text,
        "message_id": bubble.id,
        "from_id": from_id,
        "to_id": to_id,
        "from_display_name": from_name,
        "from_avatar": "",
        "to_display_name": to_name,
        "to_avatar": "",
    }
    if bubble.attachments:
        line["url"] = bubble.attachments[0].get("payload", {}).get("url", "")
    return line


def _user(account: Account, arguments: Arguments) -> User:
    user_id = arguments.get("user_id")
    user = account.users.get(user_id) if isinstance(user_id, str) else None
    if user is None:
        raise invalid("user_id")
    return user


def _tag(arguments: Arguments) -> str:
    tag = arguments.get("tag_name")
    if not isinstance(tag, str) or not tag.strip():
        raise invalid("tag_name")
    return tag


def _number(arguments: Arguments, field: str) -> int:
    """
    Raises:
        Refused: -201 when it is no whole number from 0.
    """
    value = arguments.get(field)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise Refused(-201, f"{field} is invalid")
    return value


def _day(text: str) -> float:
    """
    "2026_11_20" → the second at which that day begins in Vietnam.
    """
    year, month, day = (int(part) for part in text.split("_"))
    return (date(year, month, day) - date(1970, 1, 1)).days * DAY - VIETNAM_SECONDS
