"""
Sending to one citizen: consultation, the old transaction and promotion sends, templates by user id, reactions, quota.
"""

from __future__ import annotations

from typing import Any

from aiohttp import web

from emulators.zalo import window
from emulators.zalo.core import Core
from emulators.zalo.drafts import Draft, FindAsset, draft, unsent
from emulators.zalo.gate import Arguments, Gate
from emulators.zalo.refusals import Refused, invalid
from emulators.zalo.world import Account, Bubble, User

MAX_REACTIONS = 50
# Kinds of the old transaction messages.
OLD_KINDS = tuple(
    "billing order reward contract booking membership event transaction account internal partnership education rating".split()
)
YEAR_SECONDS = 365 * 24 * 3600


class Messages:
    def __init__(self, core: Core, find_asset: FindAsset):
        self._core, self._find_asset = core, find_asset
        self._reactions: dict[str, int] = {}

    def routes(self, gate: Gate) -> list[web.RouteDef]:
        return [
            web.post("/v3.0/oa/message/cs", gate.api(self.cs, sends=True)),
            web.post("/v3.0/oa/message/transaction", gate.api(self.transaction, sends=True)),
            web.post("/v3.0/oa/message/promotion", gate.api(self.promotion, sends=True)),
            web.post("/v3.0/oa/message/template", gate.api(self.template, sends=True)),
            web.post("/v3.0/oa/quota/message", gate.api(self.quota)),
        ]

    async def cs(self, account: Account, body: Arguments) -> Any:
        user_id, user = self._recipient(account, body)
        message = body.get("message")
        checked = draft(message, self._find_asset, self._core.weather)
        quoted = message.get("quote_message_id") if isinstance(message, dict) else None
        if quoted is not None and (user is None or all(bubble.id != quoted for bubble in user.bubbles)):
            raise invalid("quote_message_id")
        taken = window.frame(account, user, self._core.weather, self._core.now())
        if user is None:
            raise invalid(user_id)
        window.spend(account, user, taken)
        return await self._deliver(account, user, checked, body, taken)

    async def transaction(self, account: Account, body: Arguments) -> Any:
        user, checked = self._old_send(account, body, tuple(f"transaction_{kind}" for kind in OLD_KINDS))
        now = self._core.now()
        if user.interacted_at is None or now - user.interacted_at > YEAR_SECONDS:
            raise Refused(-232)
        return await self._deliver(account, user, checked, body, window.Frame("purchase_quota", None, None, now))

    async def promotion(self, account: Account, body: Arguments) -> Any:
        user, checked = self._old_send(account, body, ("promotion",))
        now = self._core.now()
        if window.night(now):
            raise Refused(-234)
        if not user.follows:
            raise Refused(-213)
        return await self._deliver(account, user, checked, body, window.Frame("purchase_quota", None, None, now))

    def _old_send(self, account: Account, body: Arguments, kinds: tuple[str, ...]) -> tuple[User, Draft]:
        if self._core.weather.old_messages != "alive":
            raise unsent(self._core.weather.old_messages)
        _user_id, user = self._recipient(account, body)
        if user is None or user.blocked:
            raise Refused(-217 if user else -213)
        try:
            payload = body["message"]["attachment"]["payload"]
            kind, elements = payload["template_type"], payload["elements"]
            text = "\n".join(str(each["content"]) for each in elements if each.get("type") in ("header", "text"))
        except (KeyError, TypeError, AttributeError):
            raise invalid("attachment") from None
        if kind not in kinds:
            raise invalid("template_type")
        return user, Draft("template", text, [], [])

    async def template(self, account: Account, body: Arguments) -> Any:
        """
        A ZBS template by user id: the way to reach a citizen after the 7 days.
        """
        user = account.users.get(str(body.get("user_id")))
        if user is None:
            raise invalid("user_id")
        text = fill(account, body.get("template_id"), body.get("template_data"))
        if user.blocked:
            raise Refused(-217)
        if account.wallet != "funded":
            raise Refused(-320 if account.wallet == "none" else -321)
        taken = window.Frame("purchase_quota", None, None, self._core.now())
        return await self._deliver(account, user, Draft("template", text, [], []), body, taken)

    async def quota(self, account: Account, body: Arguments) -> Any:
        """
        What is left for one citizen; consistent with what `cs` would do.
        """
        user = account.users.get(str(body.get("user_id")))
        if user is None:
            raise invalid("user_id")
        found: dict[str, Any] = {"promotion": {"daily_remain": 1, "daily_total": 1}}
        if user.interacted_at is not None:
            found["last_interaction"] = str(int(user.interacted_at * 1000))
        left = window.free_left(user, self._core.weather, self._core.now())
        if left is not None:
            found["cs_reply"] = {"remain": left, "total": self._core.weather.free_messages}
        return found

    async def react(self, account: Account, body: Arguments) -> Any:
        _user_id, user = self._recipient(account, body)
        action = body.get("sender_action")
        if not isinstance(action, dict) or not isinstance(action.get("react_icon"), str):
            raise invalid("sender_action")
        message_id = action.get("react_message_id")
        bubble = next((each for each in user.bubbles if each.id == message_id), None) if user else None
        if user is None or bubble is None:
            raise invalid("react_message_id")
        if self._reactions.get(bubble.id, 0) >= MAX_REACTIONS:
            raise Refused(-210)
        self._reactions[bubble.id] = self._reactions.get(bubble.id, 0) + 1
        bubble.note = action["react_icon"]
        return {"message_id": self._core.new_id(), "user_id": user.id}

    def _recipient(self, account: Account, body: Arguments) -> tuple[str, User | None]:
        """
        Return the citizen of `recipient`: by user id, or as the one who sent a message. None was never seen.
        """
        recipient = body.get("recipient")
        if not isinstance(recipient, dict):
            raise invalid("recipient")
        user_id = recipient.get("user_id")
        if user_id is None and isinstance(recipient.get("message_id"), str):
            wanted = recipient["message_id"]
            user_id = next((bubble.user for bubble in reversed(account.chat) if bubble.id == wanted), None)
        if not isinstance(user_id, str):
            raise invalid("user_id")
        user = account.users.get(user_id)
        if user is None and (not user_id.isdecimal() or user_id in self._core.users):
            raise invalid("user_id")
        return user_id, user

    async def _deliver(
        self, account: Account, user: User, checked: Draft, body: Arguments, taken: window.Frame
    ) -> dict[str, Any]:
        core = self._core
        now = core.now()
        bubble = Bubble(
            core.new_id(), user.id, "oa", checked.text, now, checked.kind, checked.buttons, checked.attachments
        )
        core.show(user, bubble)
        quota = _quota(account, taken)
        core.note_sent(
            account, bubble.id, user.id, checked.kind, checked.text, body, buttons=checked.buttons, quota=quota
        )
        if core.weather.echo == "before":
            await core.tell_first(account, core.echo(user, bubble))
        elif core.weather.echo == "after":
            core.tell(account, core.echo(user, bubble))
        core.tell_receipts(user, bubble)
        answer: dict[str, Any] = {"message_id": bubble.id, "user_id": user.id, "sent_time": str(int(now * 1000))}
        if quota is not None:
            answer["quota"] = quota
        return answer


def _quota(account: Account, taken: window.Frame) -> dict[str, str] | None:
    """
    Write a frame as the answer shows it; nothing where nothing is counted.
    """
    if taken.quota_type == "reply" and taken.remain is None:
        return None
    found = {
        "quota_type": taken.quota_type,
        "expired_date": str(int(taken.expires_at * 1000)),
        "owner_type": "OA",
        "owner_id": account.id,
    }
    if taken.remain is not None:
        found["remain"] = str(taken.remain)
    if taken.total is not None:
        found["total"] = str(taken.total)
    return found


def fill(account: Account, template_id: Any, values: Any) -> str:
    """
    Fill a ZBS template: {"text": "… <name> …", "params": {"name": max chars}, "enabled": bool}.

    Raises:
        Refused: -131 no such template, -146 switched off, -132 values missing, -1121 too long.
    """
    template = account.templates.get(str(template_id))
    if template is None:
        raise Refused(-131)
    if not template.get("enabled", True):
        raise Refused(-146)
    if not isinstance(values, dict):
        raise Refused(-132)
    text = str(template.get("text", ""))
    for name, most in template.get("params", {}).items():
        if not isinstance(values.get(name), str):
            raise Refused(-132)
        if len(values[name]) > most:
            raise Refused(-1121)
        text = text.replace(f"<{name}>", values[name])
    return text
