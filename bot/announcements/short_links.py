"""
The ward's own short links, /l/{code}: one per announcement, outlet and address, so that clicks can be told apart.

A click adds one to a number. Nothing is kept of who clicked.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable

import sqlalchemy as sa

from bot.announcements.announcement import Announcement, Outlet
from bot.announcements.renditions.making import page_path
from bot.announcements.tables import short_link
from bot.database import insert

# No 0, 1, i, l, o: a code on a notice board is typed by hand. 31 letters and digits.
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
LENGTH = 9  # 31 ** 9 is more than 2 ** 44
# The page links to itself, and a loudspeaker reads no address.
LINKING: tuple[Outlet, ...] = ("zalo_article", "facebook_post", "telegram_post", "messages", "notice")


def for_announcement(
    connection: sa.Connection, announcement: Announcement, ward: str, public_url: str, *, now: float
) -> dict[Outlet, str]:
    """
    Return outlet → the short address of the announcement's page in this ward, made where there is none yet.
    """
    page = f"{public_url}{page_path(ward, announcement.id)}"
    outlets = [one for one in announcement.outlets if one in LINKING and "web" in announcement.outlets]
    return {one: make(connection, announcement.id, one, page, public_url=public_url, now=now) for one in outlets}


def make(
    connection: sa.Connection, announcement_id: int, outlet: Outlet, url: str, *, public_url: str, now: float
) -> str:
    """
    Return the short address that leads to `url`; the same one whenever it is asked for.
    """
    values = {"announcement_id": announcement_id, "outlet": outlet, "url": url, "made_at": now}
    statement = insert(short_link, connection.dialect.name).values(code=new_code(), **values)
    connection.execute(statement.on_conflict_do_nothing(index_elements=["announcement_id", "outlet", "url"]))
    query = sa.select(short_link.c.code).where(
        short_link.c.announcement_id == announcement_id, short_link.c.outlet == outlet, short_link.c.url == url
    )
    return f"{public_url}/l/{connection.execute(query).scalar_one()}"


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def well_formed(code: str) -> bool:
    return len(code) == LENGTH and set(code) <= set(ALPHABET)


def follow(connection: sa.Connection, code: str, *, counted: bool) -> str | None:
    """
    Return where a code leads, None when there is none; a click that counts is counted.
    """
    if not well_formed(code):
        return None
    if not counted:
        return connection.execute(sa.select(short_link.c.url).where(short_link.c.code == code)).scalar_one_or_none()
    update = sa.update(short_link).where(short_link.c.code == code).values(clicks=short_link.c.clicks + 1)
    return connection.execute(update.returning(short_link.c.url)).scalar_one_or_none()


# What fetches a page to draw its preview is no reader.
_ROBOTS = (
    "bot", "crawl", "spider", "preview", "facebookexternalhit", "facebot", "zalo-", "telegram", "slurp", "curl/", "wget/",
    "python-",
)  # fmt: skip


def is_reader(user_agent: str, robots: Iterable[str] = _ROBOTS) -> bool:
    """
    Say whether a request looks like a person's browser.
    """
    said = user_agent.casefold()
    return bool(said) and not any(one in said for one in robots)
