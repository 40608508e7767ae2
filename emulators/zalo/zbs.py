"""
ZBS: template messages by phone number, on the third host. Only what a connector meets; prices and quality are left out.
"""

from __future__ import annotations

from typing import Any

from aiohttp import web

from emulators.zalo import window
from emulators.zalo.core import Core
from emulators.zalo.gate import Arguments, Gate
from emulators.zalo.messages import fill
from emulators.zalo.refusals import Refused
from emulators.zalo.world import Account

DAILY_QUOTA, MAX_TRACKING = 500, 48


class Zbs:
    """
    `reachable` are phone numbers with a Zalo account; None is all.
    """

    def __init__(self, core: Core):
        self._core = core
        self.reachable: set[str] | None = None
        self._left: dict[tuple[str, int], int] = {}
        self._sent: set[str] = set()

    def routes(self, gate: Gate) -> list[web.RouteDef]:
        return [
            web.post("/message/template", gate.api(self.send, sends=True, zbs=True)),
            web.get("/message/status", gate.api(self.status, read="query", zbs=True)),
            web.get("/message/quota", gate.api(self.quota, read="none", zbs=True)),
            web.get("/template/all", gate.api(self.templates, read="query", zbs=True)),
            web.get("/template/info/v2", gate.api(self.template, read="query", zbs=True)),
        ]

    async def send(self, account: Account, body: Arguments) -> Any:
        phone = body.get("phone")
        if not isinstance(phone, str) or not phone.isdecimal() or not phone.startswith("84"):
            raise Refused(-108)
        if len(str(body.get("tracking_id", ""))) > MAX_TRACKING:
            raise Refused(-1121)
        text = fill(account, body.get("template_id"), body.get("template_data"))
        development = body.get("mode") == "development"
        if not development and account.wallet != "funded":
            raise Refused(-115)
        now = self._core.now()
        if window.night(now) and not development:
            raise Refused(-133)
        if self.reachable is not None and phone not in self.reachable:
            raise Refused(-114)
        left = self._remaining(account)
        if left <= 0:
            raise Refused(-144, "Daily quota is used up")
        self._left[account.id, self._day()] = left - 1
        message_id = self._core.new_id()
        self._sent.add(message_id)
        self._core.note_sent(account, message_id, phone, "zbs", text, body)
        return {
            "msg_id": message_id,
            "sent_time": str(int(now * 1000)),
            "sending_mode": str(body.get("sending_mode", "1")),
            "quota": {"dailyQuota": str(DAILY_QUOTA), "remainingQuota": str(left - 1)},
        }

    async def status(self, _account: Account, query: Arguments) -> Any:
        sent = query.get("message_id") in self._sent
        return {"status": 1 if sent else -1, "message": "Sent" if sent else "Not found", "delivery_time": ""}

    async def quota(self, account: Account, _query: Arguments) -> Any:
        return {"dailyQuota": str(DAILY_QUOTA), "remainingQuota": str(self._remaining(account))}

    async def templates(self, account: Account, _query: Arguments) -> Any:
        return [
            {"templateId": id, "templateName": id, "status": "ENABLE" if one.get("enabled", True) else "DISABLE"}
            for id, one in account.templates.items()
        ]

    async def template(self, account: Account, query: Arguments) -> Any:
        id = str(query.get("template_id"))
        if id not in account.templates:
            raise Refused(-131)
        params = account.templates[id].get("params", {})
        return {
            "templateId": id,
            "listParams": [
                {"name": name, "require": True, "type": "STRING", "maxLength": most} for name, most in params.items()
            ],
        }

    def _day(self) -> int:
        return int((self._core.now() + window.VIETNAM_SECONDS) // 86400)

    def _remaining(self, account: Account) -> int:
        return self._left.get((account.id, self._day()), DAILY_QUOTA)
