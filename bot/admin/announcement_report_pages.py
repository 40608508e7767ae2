"""
What an announcement did, as a page and as a file for Excel.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime

import openpyxl
from aiohttp import web
from openpyxl.styles import Font

from bot.admin import announcement_wording as say
from bot.admin import wording
from bot.admin.announcement_pages import ONE
from bot.admin.announcement_reading import Reading
from bot.admin.look import TIMEZONE
from bot.admin.office import Office
from bot.announcements.report import Report
from bot.announcements.store import Row

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Line = tuple[str | int, ...]


def routes(office: Office) -> list[web.RouteDef]:
    reading = Reading(office)

    async def page(request: web.Request) -> web.Response:
        row = await reading.row(request)
        return office.render(
            request,
            "announcement_report.html",
            row=row,
            report=await reading.work.report(row.id),
            names=await reading.names(),
            ward_name=office.ward_name,
            say=say,
        )

    async def export(request: web.Request) -> web.Response:
        row = await reading.row(request)
        body = workbook(row, await reading.work.report(row.id), await reading.names())
        headers = {"Content-Disposition": f'attachment; filename="thong-bao-{row.id}.xlsx"'}
        return web.Response(body=body, content_type=XLSX, headers=headers)

    return [web.get(f"{ONE}/report", page), web.get(f"{ONE}/report.xlsx", export)]


def workbook(row: Row, report: Report, names: dict[int, str]) -> bytes:
    """
    Return the report as a workbook with one sheet.
    """
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Báo cáo"
    for line in _lines(row, report, names):
        sheet.append([_plain(one) for one in line])
        if len(line) == 1:
            sheet.cell(sheet.max_row, 1).font = Font(bold=True)
    sheet.column_dimensions["A"].width = 42
    for column in "BCDEF":
        sheet.column_dimensions[column].width = 18
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _lines(row: Row, report: Report, names: dict[int, str]) -> Iterator[Line]:
    it = row.announcement
    yield (it.title,)
    yield "Trạng thái", say.state(row.state)
    yield "Người soạn", names.get(row.author_id, "")
    yield "Người duyệt", names.get(row.approved_by or 0, ""), _time(row.approved_at)
    yield "Bắt đầu gửi", _time(row.started_at)
    yield "Kết thúc", _time(row.finished_at)
    yield "Mã của bản đã duyệt", (row.hash or "")[:12]
    yield ("Đăng bài",)
    for one in report.publications:
        yield say.outlet(one.outlet), say.PUBLICATIONS[one.state][0], one.url or "", _time(one.sent_at)
    yield ("Tin nhắn",)
    yield "Kênh", "Đã gửi", "Không gửi được", "Chưa rõ", "Đã dừng", "Còn lại"
    for channel, states in report.messages.items():
        yield (
            wording.channel(channel),
            states.get("sent", 0),
            states.get("failed", 0),
            states.get("uncertain", 0),
            states.get("cancelled", 0),
            states.get("due", 0) + states.get("sending", 0),
        )
    for code, times in report.failed.items():
        yield f"Không gửi được: {say.failed(code).lower()}", times
    yield ("Người dân đáp lại",)
    for outlet, times in report.clicks.items():
        yield f"Bấm vào đường dẫn: {say.outlet(outlet).lower()}", times
    yield "Tin nhắn lại trong 24 giờ", report.replies
    yield "Số người nhắn lại", report.repliers
    yield "Người thôi nhận tin trong 24 giờ", report.left
    yield "Câu hỏi trợ lý trả lời từ thông báo này", report.questions


def _time(seconds: float | None) -> str:
    return "" if seconds is None else datetime.fromtimestamp(seconds, TIMEZONE).strftime("%d/%m/%Y %H:%M")


def _plain(value: str | int) -> str | int:
    """
    Keep a spreadsheet from reading words as a formula.
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
