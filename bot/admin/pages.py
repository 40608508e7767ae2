"""
The table of the office's pages: one family per file.
"""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from bot.admin import (
    accounts_pages,
    announcement_file_pages,
    announcement_pages,
    announcement_progress_pages,
    announcement_report_pages,
    announcement_review_pages,
    ask_pages,
    audit_pages,
    citizen_pages,
    content_list_pages,
    content_pages,
    dashboard_pages,
    desk_pages,
    diary_pages,
    excel_pages,
    freshness_pages,
    history_pages,
    officer_pages,
    plan_progress_pages,
    plans_pages,
    sign_in_pages,
    start_pages,
)
from bot.admin.office import Office

Routes = Callable[[Office], list[web.RouteDef]]

FAMILIES: tuple[Routes, ...] = (
    sign_in_pages.routes,
    start_pages.routes,
    desk_pages.routes,
    citizen_pages.routes,
    diary_pages.routes,
    freshness_pages.routes,
    dashboard_pages.routes,
    content_list_pages.routes,
    ask_pages.routes,
    content_pages.routes,
    history_pages.routes,
    excel_pages.routes,
    plans_pages.routes,
    announcement_pages.routes,
    announcement_review_pages.routes,
    announcement_progress_pages.routes,
    announcement_report_pages.routes,
    announcement_file_pages.routes,
    plan_progress_pages.routes,
    accounts_pages.routes,
    officer_pages.routes,
    audit_pages.routes,
)


def routes(office: Office) -> list[web.RouteDef]:
    """
    Return the routes of all families, and the files.
    """
    found = [web.get("/admin/static/{version}/{name}", office.look.file)]
    for family in FAMILIES:
        found += family(office)
    return found
