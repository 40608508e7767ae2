"""
The statistics of a ward: figures, charts with their tables, and the same as a file for a spreadsheet.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

import sqlalchemy as sa
from aiohttp import web

from bot import statistics
from bot.admin import charts, wording
from bot.admin.diary_answers import AnswersNow, Named
from bot.admin.diary_forms import DAYS
from bot.admin.diary_wording import CHARTS, ENDINGS, PERIODS, SHEETS
from bot.admin.errors import not_found
from bot.admin.guard import officer_of, ward_of
from bot.admin.office import Office
from bot.statistics import DAY_SECONDS, Statistics, Tally
from bot.wards import Ward

# Longer periods are drawn by weeks: bars of a day would be thinner than a line.
MOST_BARS = 92


class Row(NamedTuple):
    label: str
    tally: Tally


def routes(office: Office) -> list[web.RouteDef]:
    pages = Dashboard(office, AnswersNow(office.knowledge, office.clock))
    return [
        web.get("/admin/dashboard", pages.page),
        web.get("/admin/dashboard/chart/{name:[a-z]+}.svg", pages.chart),
        web.get("/admin/dashboard/export.csv", pages.export),
    ]


class Dashboard:
    def __init__(self, office: Office, names: AnswersNow):
        self._office, self._names = office, names

    async def page(self, request: web.Request) -> web.Response:
        ward, days, found = await self._count(request)
        scores = sum(found.scores.values())
        return self._office.render(
            request,
            "dashboard.html",
            ward=ward,
            wards=self._office.wards_of(officer_of(request)),
            days=days,
            periods=PERIODS,
            found=found,
            share=_share,
            charts={name: (CHARTS[name], rows(found)) for name, rows in ROWS.items()},
            endings=ENDINGS,
            entries=found.entries,
            named=await self._named(ward, found),
            scores=scores,
            score=sum(one * times for one, times in found.scores.items()) / scores if scores else None,
        )

    async def chart(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in ROWS:
            raise not_found("chart")
        _ward, _days, found = await self._count(request)
        rows = ROWS[name](found)
        series = {word: [getattr(one.tally, ending) for one in rows] for ending, word in ENDINGS.items()}
        size = "small" if request.query.get("size") == "small" else "wide"
        drawn = charts.stacked([one.label for one in rows], series, size=size)
        headers = {"Content-Security-Policy": charts.POLICY, "X-Content-Type-Options": "nosniff"}
        return web.Response(body=drawn, content_type="image/svg+xml", charset="utf-8", headers=headers)

    async def export(self, request: web.Request) -> web.Response:
        ward, days, found = await self._count(request)
        named = await self._named(ward, found)
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow([SHEETS["about"], SHEETS["of"], SHEETS["all"], *ENDINGS.values()])
        for name, rows in ROWS.items():
            writer.writerows([CHARTS[name], _plain(one.label), one.tally.all, *one.tally] for one in rows(found))
        for id, times in found.entries:
            title = named[id].title if id in named else id
            writer.writerow([SHEETS["entries"], _plain(title), times, times, "", ""])
        for score, times in sorted(found.scores.items()):
            writer.writerow([SHEETS["scores"], score, times, "", "", ""])
        writer.writerow([SHEETS["reported"], "", found.reported, "", "", ""])
        headers = {"Content-Disposition": f'attachment; filename="thong-ke-{ward.slug}-{days}-ngay.csv"'}
        # With its mark in front Excel reads it as UTF-8.
        body = out.getvalue().encode("utf-8-sig")
        return web.Response(body=body, content_type="text/csv", charset="utf-8", headers=headers)

    async def _count(self, request: web.Request) -> tuple[Ward, int, Statistics]:
        ward = ward_of(request, self._office)
        asked = request.query.get("days", "")
        days = next((one for one in PERIODS if str(one) == asked), DAYS)

        def work(connection: sa.Connection) -> Statistics:
            return statistics.count(connection, ward.slug, days=days, now=self._office.clock())

        return ward, days, await self._office.database.read(work)

    async def _named(self, ward: Ward, found: Statistics) -> Mapping[str, Named]:
        return await self._names.entries(ward.slug, [id for id, _ in found.entries])


def _by_day(found: Statistics) -> list[Row]:
    if len(found.days) <= MOST_BARS:
        return [Row(_date(day), tally) for day, tally in found.days.items()]
    return [
        Row(_date(week[0][0]), Tally(*(sum(parts) for parts in zip(*(tally for _, tally in week), strict=True))))
        for week in _sevens(list(found.days.items()))
    ]


def _by_hour(found: Statistics) -> list[Row]:
    return [Row(f"{hour} giờ", tally) for hour, tally in found.hours.items()]


def _by_channel(found: Statistics) -> list[Row]:
    return [Row(wording.channel(kind), tally) for kind, tally in found.channels.items()]


ROWS: dict[str, Callable[[Statistics], list[Row]]] = {"day": _by_day, "hour": _by_hour, "channel": _by_channel}


def _sevens(days: list[tuple[int, Tally]]) -> Iterable[list[tuple[int, Tally]]]:
    for begin in range(0, len(days), 7):
        yield days[begin : begin + 7]


def _date(day: int) -> str:
    """
    20775 → "18/11"
    """
    return datetime.fromtimestamp(day * DAY_SECONDS, UTC).strftime("%d/%m")


def _share(part: int, whole: int) -> str:
    return f"{round(100 * part / whole)}%" if whole else "–"


def _plain(text: str) -> str:
    """
    Keep a spreadsheet from reading a title as a formula.
    """
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
