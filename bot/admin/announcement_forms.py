"""
Pure: an announcement as boxes of a form, what was sent with that form, and what keeps it from being submitted.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple, get_args
from urllib.parse import urlsplit

from bot.admin import announcement_wording as say
from bot.admin.announcement_templates import Template
from bot.admin.errors import Refused
from bot.admin.look import TIMEZONE
from bot.announcements import submitting
from bot.announcements.announcement import OUTLETS, Announcement, Audience, Kind, Link, Repeat
from bot.masking import tidy

KINDS: tuple[Kind, ...] = get_args(Kind)
REPEATS: tuple[Repeat, ...] = get_args(Repeat)
MOST_TITLE = 300
MOST_TEXT = 10_000
MOST_LINE = 300
MOST_URL = 500
HAND, MADE = "hand.", "made."


class Problem(NamedTuple):
    """
    `field` is the name of the box, "" for the whole.
    """

    field: str
    sentence: str


class Sent(NamedTuple):
    """
    What a form holds. `problems`: boxes that could not be read; of those the announcement keeps what it had.
    """

    announcement: Announcement
    problems: list[Problem]


def begin(template: Template, ward: str) -> Announcement:
    return Announcement(
        0,
        ward,
        (ward,),
        template.kind,
        template.title,
        template.text,
        key_line=template.key_line,
        topic=template.topic,
        outlets=template.outlets,
    )


def anew(earlier: Announcement, *, wards: Collection[str]) -> Announcement:
    """
    Return a draft with the words of an earlier announcement, without what was of that day: times and texts by hand.
    """
    return replace(
        earlier,
        id=0,
        wards=tuple(one for one in earlier.wards if one == earlier.ward or one in wards),
        by_hand={},
        send_at=None,
        repeat=None,
        repeat_until=None,
        valid_until=None,
        happens_at=None,
    )


def read(form: Any, was: Announcement, *, wards: Collection[str]) -> Sent:
    """
    Return the announcement as the form has it.

    Args:
        form: The posted fields (MultiDict).
        was: What is stored; uploads and what the form does not carry stay.
        wards: Slugs that the officer may publish in.

    Raises:
        Refused: 403, the form names a ward or an outlet that was not offered.
    """
    problems: list[Problem] = []

    def text(name: str, most: int) -> str:
        return tidy(str(form.get(name) or "").replace("\r\n", "\n"))[:most]

    def many(name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(str(one) for one in form.getall(name, []) if one))

    def moment(name: str, before: float | None, *, end: bool = False) -> float | None:
        given = str(form.get(name) or "").strip()
        try:
            return seconds_of(given, end=end) if given else None
        except ValueError:
            problems.append(Problem(name, say.BAD_TIME))
            return before

    chosen = many("wards")
    if foreign := set(chosen) - set(wards) - set(was.wards):
        raise Refused(403, "officer.not_allowed", f"{len(foreign)} wards that were not offered")
    outlets = many("outlets")
    if set(outlets) - set(OUTLETS):
        raise Refused(400, "form.unreadable", "an outlet that there is not")
    kind: Kind = next((one for one in KINDS if one == form.get("kind")), was.kind)
    repeat: Repeat | None = next((one for one in REPEATS if one == form.get("repeat")), None)
    made = replace(
        was,
        wards=tuple(dict.fromkeys((was.ward, *(chosen or was.wards)))) if "wards" in form else was.wards,
        kind=kind,
        title=" ".join(text("title", MOST_TITLE).split()),
        text=text("text", MOST_TEXT),
        key_line=" ".join(text("key_line", MOST_LINE).split()),
        link=_link(text("link_title", MOST_LINE), text("link_url", MOST_URL)),
        button=_link(text("button_title", MOST_LINE), text("button_url", MOST_URL)),
        topic=text("topic", 32) or None,
        tasks=many("tasks"),
        outlets=tuple(one for one in OUTLETS if one in outlets),
        audience=Audience(many("neighbourhoods"), many("topics"), many("channels")),
        by_hand=_by_hand(form),
        send_at=moment("send_at", was.send_at) if form.get("when") == "time" else None,
        repeat=repeat,
        repeat_until=moment("repeat_until", was.repeat_until, end=True) if repeat else None,
        valid_until=moment("valid_until", was.valid_until),
        happens_at=moment("happens_at", was.happens_at),
    )
    if form.get("when") == "time" and made.send_at is None and not problems:
        problems.append(Problem("send_at", say.NO_TIME))
    return Sent(made, problems)


def missing(announcement: Announcement, *, now: float) -> list[Problem]:
    """
    Return what has to be mended before somebody is asked to approve it.
    """
    found = [Problem(name, sentence) for name, sentence in submitting.incomplete(announcement, now=now).items()]
    for name, link in (("link", announcement.link), ("button", announcement.button)):
        if link is not None and not (link.title and _is_address(link.url)):
            found.append(Problem(f"{name}_url", say.LINK_TEXT))
    if announcement.send_at is not None and announcement.send_at < now:
        found.append(Problem("send_at", say.PAST))
    return found


def seconds_of(text: str, *, end: bool = False) -> float:
    """
    "2026-11-20T08:30" or "2026-11-20" in the wards' time → seconds since 1970; `end`: of a day its last minute.

    Raises:
        ValueError: It is no time.
    """
    found = datetime.fromisoformat(text)
    if end and len(text) <= 10:
        found = found.replace(hour=23, minute=59)
    return found.replace(tzinfo=TIMEZONE).timestamp()


def local(seconds: float | None) -> str:
    """
    1795000000.0 → "2026-11-18T18:46", as a box for a time wants it.
    """
    return "" if seconds is None else datetime.fromtimestamp(seconds, TIMEZONE).strftime("%Y-%m-%dT%H:%M")


def _link(title: str, url: str) -> Link | None:
    return Link(" ".join(title.split()), url.strip()) if title or url else None


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and "." in parts.netloc and " " not in url


def _by_hand(form: Any) -> dict[str, dict[str, Any]]:
    """
    Return what an officer wrote in place of the made text: boxes that differ from what stood in them as made.
    """
    found: dict[str, dict[str, Any]] = {}
    for key in form:
        if not key.startswith(HAND):
            continue
        outlet, _, name = key.removeprefix(HAND).partition(".")
        if outlet not in OUTLETS or not name:
            continue
        words = tidy(str(form.get(key) or "").replace("\r\n", "\n"))[:MOST_TEXT]
        made = tidy(str(form.get(f"{MADE}{outlet}.{name}") or "").replace("\r\n", "\n"))
        if words and words != made:
            found.setdefault(outlet, {})[name] = words
    return found
