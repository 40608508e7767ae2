"""
What is kept of one citizen: counted, handed over as a file, erased. For whoever manages the ward, when a citizen asks.
"""

from __future__ import annotations

import orjson
import sqlalchemy as sa
from aiohttp import web

from bot import citizen_data, erasing
from bot.admin import audit
from bot.admin.errors import not_found
from bot.admin.guard import officer_of, require
from bot.admin.office import Office
from bot.admin.officers import Officer
from bot.database import citizen

_DATA = "/admin/desk/{id:[0-9]{1,18}}/data"
SHOWN = ("inbox", "delivery", "web_message", "attachment", "ticket", "question", "wrong_answer", "satisfaction")


def routes(office: Office) -> list[web.RouteDef]:
    pages = CitizenPages(office)
    return [web.get(_DATA, pages.page), web.get(f"{_DATA}/file", pages.file), web.post(f"{_DATA}/erase", pages.erase)]


class CitizenPages:
    def __init__(self, office: Office):
        self._office = office

    async def page(self, request: web.Request) -> web.Response:
        id, ward = await self._asked(request)
        return await self._page(request, id, ward)

    async def file(self, request: web.Request) -> web.Response:
        id, ward = await self._asked(request)
        kept = await self._office.database.keep(_handed_over, officer_of(request), id, ward, now=self._office.clock())
        headers = {
            "Content-Disposition": f'attachment; filename="du-lieu-nguoi-dan-{id}.json"',
            "Cache-Control": "no-store",
        }
        body = orjson.dumps(kept, option=orjson.OPT_INDENT_2)
        return web.Response(body=body, content_type="application/json", headers=headers)

    async def erase(self, request: web.Request) -> web.Response:
        id, ward = await self._asked(request)
        if not (await request.post()).get("sure"):
            return await self._page(request, id, ward, status=422)
        await self._office.database.keep(_erased, officer_of(request), id, ward, now=self._office.clock())
        return web.Response(status=303, headers={"Location": f"/admin/desk/{id}/data?done=citizen_erased"})

    async def _asked(self, request: web.Request) -> tuple[int, str]:
        """
        Raises:
            Refused: 404 when there is no such citizen, 403 in another's ward.
        """
        id = int(request.match_info["id"])
        ward = await self._office.database.read(
            lambda connection: connection.execute(sa.select(citizen.c.ward).where(citizen.c.id == id)).scalar()
        )
        if ward is None:
            require(request, "manage", "")
            raise not_found("citizen")
        require(request, "manage", ward)
        return id, ward

    async def _page(self, request: web.Request, id: int, ward: str, *, status: int = 200) -> web.Response:
        kept = await self._office.database.read(citizen_data.export, id)
        found = kept or {"citizen": {}}
        return self._office.render(
            request, "citizen.html", status=status, id=id, ward_name=self._office.ward_name(ward), of=found["citizen"],
            counts=citizen_data.counts(found, SHOWN), unsure=status != 200,
        )  # fmt: skip


def _handed_over(connection: sa.Connection, officer: Officer, id: int, ward: str, *, now: float) -> object:
    audit.note(connection, officer, ward=ward, action="desk.exported", what=f"conversation/{id}", now=now)
    return citizen_data.export(connection, id)


def _erased(connection: sa.Connection, officer: Officer, id: int, ward: str, *, now: float) -> None:
    erasing.erase(connection, id)
    audit.note(connection, officer, ward=ward, action="desk.erased", what=f"conversation/{id}", now=now)
