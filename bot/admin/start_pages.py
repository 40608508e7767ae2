"""
The first page after signing in: what waits for this officer, as counts that lead to the work.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import sqlalchemy as sa
from aiohttp import web

from bot import alarms, freshness_notices
from bot.admin import navigation
from bot.admin.guard import officer_of
from bot.admin.office import Office
from bot.admin.officers import Officer
from bot.alarms import Alarm
from bot.announcements.tables import announcement
from bot.database import citizen, officer, question, ticket, wrong_answer

WEEK_SECONDS = 7 * 86_400.0


class Counts(NamedTuple):
    """
    What waits in some wards. `mine`: conversations that this officer has taken.
    """

    tickets: int
    mine: int
    unanswered: int
    wrong: int
    asked: int
    answered: int
    without_password: int
    to_approve: int


def routes(office: Office) -> list[web.RouteDef]:
    async def start(request: web.Request) -> web.Response:
        return await _start(office, request)

    async def slash(_request: web.Request) -> web.Response:
        return web.Response(status=308, headers={"Location": "/admin/"})

    return [web.get("/admin", slash), web.get("/admin/", start)]


async def _start(office: Office, request: web.Request) -> web.Response:
    who = officer_of(request)
    wards = [one.slug for one in office.wards_of(who)]
    answering = [one.slug for one in office.wards_of(who, "answer")]
    managing = {one.slug for one in office.wards_of(who, "manage")}
    found = await office.database.read(count, who, wards=wards, answering=answering, now=office.clock())
    rings = await office.database.read(alarms.ringing)
    ringing = [one for one in rings if one.code != freshness_notices.CODE and _concerns(one, who, managing)]
    editing = {one.slug for one in office.wards_of(who, "edit")} | ({""} if who.may("edit", "") else set())
    return office.render(
        request,
        "start.html",
        counts=found,
        share=round(100 * found.answered / found.asked) if found.asked else None,
        answers=bool(answering),
        edits=who.may_anywhere("edit"),
        manages=who.may_anywhere("manage"),
        ringing=ringing,
        due=freshness_notices.for_editors(rings, editing),
        my_wards=[(one, sorted(_roles(who, one.slug))) for one in office.wards_of(who)],
        ward_name=office.ward_name,
        pages={one.url.partition("?")[0] for one in navigation.items(request, who, ward=None)},
    )


def count(
    connection: sa.Connection, who: Officer, *, wards: Collection[str], answering: Collection[str], now: float
) -> Counts:
    """
    Count what waits in these wards: tickets where the officer answers, the rest wherever the officer has a role.
    """

    def number(table: sa.Table, *where: sa.ColumnElement[bool]) -> int:
        return connection.execute(sa.select(sa.func.count()).select_from(table).where(*where)).scalar_one()

    lately = question.c.ward.in_(wards) & (question.c.asked_at > now - WEEK_SECONDS)
    failed = question.c.outcome.startswith("unanswerable") | question.c.outcome.startswith("error")
    return Counts(
        tickets=number(ticket, ticket.c.ward.in_(answering), ticket.c.state == "open"),
        mine=number(citizen, citizen.c.desk_by == who.id),
        unanswered=number(question, lately, failed, question.c.handled == "open"),
        wrong=number(wrong_answer, wrong_answer.c.ward.in_(wards), wrong_answer.c.state == "open"),
        asked=number(question, lately),
        answered=number(question, lately, question.c.outcome == "answered"),
        without_password=number(officer, officer.c.password_hash.is_(None), officer.c.disabled_at.is_(None))
        if who.may("manage", "")
        else 0,
        to_approve=number(
            announcement,
            announcement.c.state == "submitted",
            announcement.c.ward.in_([one for one in wards if who.may("approve", one)]),
        ),
    )


def _concerns(alarm: Alarm, who: Officer, managing: Collection[str]) -> bool:
    return alarm.ward in managing if alarm.ward else who.may("manage", "")


def _roles(who: Officer, ward: str) -> frozenset[str]:
    return who.roles.get(ward, frozenset()) | who.roles.get("*", frozenset())
