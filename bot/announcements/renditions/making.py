"""
Pure: Announcement → one Rendition per outlet. What an officer changed by hand wins, and is checked like the rest.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.announcements.announcement import OUTLETS, Announcement, Outlet
from bot.announcements.renditions import article, message, notice, post, telegram_post, web_page
from bot.announcements.renditions.checking import problems_of
from bot.announcements.renditions.loudspeaker import script
from bot.announcements.renditions.rendition import EDITABLE, Count, Problem, Rendition, Ward
from bot.announcements.renditions.shaping import clean, utf16_length

_COMPOSE = {
    "zalo_article": article.compose,
    "facebook_post": post.compose,
    "telegram_post": telegram_post.compose,
    "web": web_page.compose,
    "messages": message.compose,
    "loudspeaker": script.compose,
    "notice": notice.compose,
}
_LIMITS: Mapping[str, Mapping[str, int]] = {
    "zalo_article": article.LIMITS,
    "facebook_post": post.LIMITS,
    "web": web_page.LIMITS,
    "messages": message.LIMITS,
    "notice": notice.LIMITS,
}


def make(
    announcement: Announcement, ward: Ward, public_url: str | None, links: Mapping[Outlet, str] | None = None
) -> dict[Outlet, Rendition]:
    """
    Return the renditions of the announcement's outlets, or of all outlets while none is chosen.

    `links` are the short links of bot.announcements.short_links, outlet by outlet; without them the page's own address
    is used, and without `public_url` no link at all.
    """
    outlets = announcement.outlets or OUTLETS
    # Nothing leads to a page that is not published.
    page = f"{public_url}{page_path(ward.slug, announcement.id)}" if public_url and "web" in outlets else None
    given = links or {}
    return {outlet: render(announcement, ward, outlet, link=page and given.get(outlet, page)) for outlet in outlets}


def render(announcement: Announcement, ward: Ward, outlet: Outlet, *, link: str | None) -> Rendition:
    """
    Return what one outlet gets.
    """
    fields, notes = _COMPOSE[outlet](announcement, ward, link)
    changed = {
        name: clean(value)
        for name, value in announcement.by_hand.get(outlet, {}).items()
        if name in EDITABLE[outlet] and isinstance(value, str)
    }
    if "text" in changed and outlet == "messages":
        changed["text"] = message.with_way_out(changed["text"])
    fields.update(changed)
    if outlet == "loudspeaker":
        fields.update(script.times_of(fields["script"]))
        notes = [*notes, *script.problems_of(fields["script"])]
    # What was said of the made text is over when an officer wrote another one.
    kept = [one for one in notes if one.field not in changed or outlet == "loudspeaker"]
    counts = {name: _count(announcement, outlet, name, fields[name]) for name in EDITABLE[outlet]}
    problems: list[Problem] = [*problems_of(fields, counts, may_be_empty=("author", "place", "signer")), *kept]
    return Rendition(outlet, fields, tuple(dict.fromkeys(problems)), counts)


def page_path(ward: str, announcement_id: int) -> str:
    """
    Return the path of an announcement's public page.
    """
    return f"/thong-bao/{ward}/{announcement_id}"


def _count(announcement: Announcement, outlet: Outlet, name: str, text: str) -> Count:
    if outlet == "telegram_post":
        return Count(utf16_length(text), telegram_post.limits(announcement).get(name))
    return Count(len(text), _LIMITS.get(outlet, {}).get(name))
