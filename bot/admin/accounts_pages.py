"""
The channels of a ward: is each in order, connecting a Zalo OA, and the switch that turns answers off.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode, urlsplit

import sqlalchemy as sa
from aiohttp import web

from bot import checking, granting, switches
from bot.admin import audit, channel_states, wording
from bot.admin.errors import Refused, not_found
from bot.admin.guard import POLICY, require, ward_of
from bot.admin.office import Office
from bot.admin.officers import Officer
from bot.channels.findings import Finding
from bot.log import log
from bot.wards import Ward

MAX_REASON = 200


def routes(office: Office) -> list[web.RouteDef]:
    pages = AccountsPages(office)
    return [
        web.get("/admin/accounts", pages.page),
        web.post("/admin/accounts/off", pages.turn_off),
        web.post("/admin/accounts/on", pages.turn_on),
        web.post("/admin/accounts/zalo/{account}/connect", pages.connect_zalo),
        web.post("/admin/accounts/{channel}/{account}/check", pages.check),
    ]


class AccountsPages:
    def __init__(self, office: Office):
        self._office = office

    async def page(self, request: web.Request) -> web.Response:
        return await self._page(request, ward_of(request, self._office, "manage"))

    async def turn_off(self, request: web.Request) -> web.Response:
        officer, ward, channel = await self._switch(request)
        reason = " ".join(str((await request.post()).get("reason", "")).split())
        if not 5 <= len(reason) <= MAX_REASON:
            return await self._page(request, ward, status=422, problem=wording.NO_REASON, channel=channel)
        await self._office.database.keep(_turn_off, officer, ward.slug, channel, reason, now=self._office.clock())
        log.warning("channel.switched_off", ward=ward.slug, channel=channel, officer=officer.id)
        return _back(ward, "switched_off")

    async def turn_on(self, request: web.Request) -> web.Response:
        officer, ward, channel = await self._switch(request)
        await self._office.database.keep(_turn_on, officer, ward.slug, channel, now=self._office.clock())
        log.info("channel.switched_on", ward=ward.slug, channel=channel, officer=officer.id)
        return _back(ward, "switched_on")

    async def connect_zalo(self, request: web.Request) -> web.Response:
        """
        Send the officer's browser to Zalo's page of consent; Zalo sends it back to /connect/zalo.
        """
        account = self._office.connected.zalo.get(request.match_info["account"])
        if account is None:
            raise not_found("Zalo account")
        officer = require(request, "manage", account.ward)
        if not self._office.public_url:
            raise Refused(409, "public_url.missing", "set BOT_PUBLIC_URL")
        now = self._office.clock()
        callback = granting.redirect_uri(self._office.public_url)
        consent = await granting.ask(self._office.database, account, callback, now=now)
        await self._office.database.write(
            audit.note,
            officer,
            ward=account.ward,
            action="channel.connecting",
            what=f"channel/zalo {account.id}",
            now=now,
        )
        log.info("grant.asked", account=account.id, officer=officer.id)
        return web.Response(status=303, headers={"Location": consent.url})

    async def check(self, request: web.Request) -> web.Response:
        """
        Ask the platform about one account, and show what it says.
        """
        kind, name = request.match_info["channel"], request.match_info["account"]
        account, channel = self._office.accounts.get(kind, name), self._office.channels.get(kind)
        ward = self._office.wards.get(account.ward) if account is not None else None
        require(request, "manage", ward.slug if ward is not None else "")
        if account is None or ward is None or channel is None or not account.enabled:
            raise not_found("account")
        findings = await checking.ask(channel, account)
        return await self._page(request, ward, checked=(kind, name), findings=findings)

    async def _switch(self, request: web.Request) -> tuple[Officer, Ward, str]:
        form = await request.post()
        ward = self._office.wards.get(str(form.get("ward", "")))
        officer = require(request, "manage", ward.slug if ward is not None else "")
        channel = str(form.get("channel", ""))
        if ward is None or channel not in wording.CHANNELS:
            raise not_found("channel")
        return officer, ward, channel

    async def _page(
        self,
        request: web.Request,
        ward: Ward,
        *,
        status: int = 200,
        problem: str = "",
        channel: str = "",
        checked: tuple[str, str] | None = None,
        findings: Sequence[Finding] = (),
    ) -> web.Response:
        found = await self._office.database.read(channel_states.channels, self._office.accounts, ward.slug)
        response = self._office.render(
            request,
            "accounts.html",
            status=status,
            ward=ward,
            wards=self._office.wards_of(require(request, "manage", ward.slug), "manage"),
            channels=found,
            problem=problem,
            problem_at=channel,
            checked=checked,
            findings=findings,
            connectable=set(self._office.connected.zalo) if self._office.public_url else set(),
            public_url=self._office.public_url,
            path="/admin/accounts",
        )
        # A form's redirect counts as its target: without this, browsers stop on the way to Zalo.
        there = sorted({_origin(one.oauth_url) for one in self._office.connected.zalo.values()})
        policy = POLICY.replace("form-action 'self'", " ".join(("form-action 'self'", *there)))
        response.headers["Content-Security-Policy"] = policy
        return response


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _back(ward: Ward, done: str) -> web.Response:
    query = urlencode({"ward": ward.slug, "done": done})
    return web.Response(status=303, headers={"Location": f"/admin/accounts?{query}"})


def _turn_off(connection: sa.Connection, officer: Officer, ward: str, channel: str, reason: str, *, now: float) -> None:
    switches.turn_off(connection, ward=ward, channel=channel, reason=reason, now=now)
    audit.note(
        connection,
        officer,
        ward=ward,
        action="channel.off",
        what=f"channel/{channel}",
        after={"reason": reason},
        now=now,
    )


def _turn_on(connection: sa.Connection, officer: Officer, ward: str, channel: str, *, now: float) -> None:
    # Switched off on the console for all channels at once, it comes back for all at once.
    there = {one.channel: one for one in switches.all_off(connection) if one.ward == ward}
    for name in (channel, switches.ALL_CHANNELS):
        if name in there:
            switches.turn_on(connection, ward=ward, channel=name)
            before = {"reason": there[name].reason}
            audit.note(
                connection, officer, ward=ward, action="channel.on", what=f"channel/{name}", before=before, now=now
            )
