"""
Pure: renditions as the pages show them: framed as their outlet does, with what is editable, too long or missing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from bot.admin import announcement_wording as say
from bot.announcements import renditions
from bot.announcements.announcement import OUTLETS, Announcement, Outlet
from bot.announcements.renditions import EDITABLE, Rendition, speech
from bot.announcements.submitting import blanks
from bot.wards import Ward

FRAMES: Mapping[Outlet, str] = {
    "messages": "shown message",
    "telegram_post": "shown message",
    "loudspeaker": "shown spoken",
    "notice": "shown paper",
}
# Where the announcement's picture stands on top.
PICTURED: Collection[Outlet] = ("zalo_article", "facebook_post", "telegram_post", "web")


class Part(NamedTuple):
    """
    One field. `made` is what the program wrote, `value` what will be shown; `limit` None is none.
    """

    name: str
    label: str
    value: str
    made: str
    length: int
    limit: int | None
    title: bool


class Link(NamedTuple):
    label: str
    url: str


class Trouble(NamedTuple):
    message: str
    blocking: bool


class Shown(NamedTuple):
    """
    One outlet's. `others`: what else it gets that nobody changes, with its label.
    """

    outlet: Outlet
    label: str
    chosen: bool
    by_hand: bool
    frame: str
    picture: str
    parts: list[Part]
    others: list[tuple[str, str]]
    problems: list[Trouble]
    links: list[Link]


def shown(announcement: Announcement, ward: Ward, *, public_url: str | None) -> list[Shown]:
    """
    Return every outlet's rendition, the chosen ones among them marked.
    """
    every = replace(announcement, outlets=OUTLETS)
    current = renditions.make(every, ward, public_url)
    made = renditions.make(replace(every, by_hand={}), ward, public_url)
    return [
        _shown(announcement, one, current[one], made.get(one, current[one]), chosen=one in announcement.outlets)
        for one in OUTLETS
        if one in current
    ]


def frozen(announcement: Announcement, fields: Mapping[str, Mapping[str, Any]]) -> list[Shown]:
    """
    Return the renditions as they were frozen: outlet → its fields.
    """
    kept = {one: {name: str(value) for name, value in fields[one].items()} for one in OUTLETS if one in fields}
    made = [Rendition(outlet, values) for outlet, values in kept.items()]
    return [_shown(announcement, one.outlet, one, one, chosen=True) for one in made]


def blocking(found: Sequence[Shown]) -> list[tuple[str, str]]:
    """
    Return (outlet, sentence) of what must be mended before somebody is asked to approve it.
    """
    return [
        (one.outlet, say.RENDITION.format(outlet=one.label, problem=problem.message))
        for one in found
        if one.chosen
        for problem in one.problems
        if problem.blocking
    ]


def left_blank(announcement: Announcement) -> list[str]:
    """
    Return the blanks of a template that nobody has filled, each once.
    """
    texts = (announcement.title, announcement.text, announcement.key_line)
    return list(dict.fromkeys(found for text in texts for found in blanks(text)))


def _shown(announcement: Announcement, outlet: Outlet, now: Rendition, made: Rendition, *, chosen: bool) -> Shown:
    parts = [
        Part(
            name,
            say.field(name),
            now.fields.get(name, ""),
            made.fields.get(name, ""),
            now.counts[name].length if name in now.counts else len(now.fields.get(name, "")),
            now.counts[name].limit if name in now.counts else None,
            name == "title",
        )
        for name in EDITABLE[outlet]
        if name in now.fields
    ]
    here = f"/admin/announcements/{announcement.id}"
    picture = f"{here}/upload/{announcement.picture}" if announcement.picture and outlet in PICTURED else ""
    links = {
        "notice": [Link(say.PRINT, f"{here}/notice.pdf")],
        "loudspeaker": [Link(say.SCRIPT, f"{here}/loudspeaker.txt")],
    }.get(outlet, [])
    if outlet == "loudspeaker" and speech.program() is not None:
        links = [*links, Link(say.SOUND, f"{here}/loudspeaker.wav")]
    others = [
        (say.field(name), value)
        for name, value in now.fields.items()
        if name not in EDITABLE[outlet] and name not in say.UNSAID and value.strip()
    ]
    # Of a blank in the announcement itself its own box tells already.
    left = [] if announcement.by_hand.get(outlet) else left_blank(announcement)
    problems = [
        Trouble(one.message_vi, one.blocking)
        for one in now.problems
        if not any(blank in one.message_vi for blank in left)
    ]
    return Shown(
        outlet,
        say.outlet(outlet),
        chosen,
        bool(announcement.by_hand.get(outlet)),
        FRAMES.get(outlet, "shown"),
        picture,
        parts,
        others,
        problems,
        links,
    )
