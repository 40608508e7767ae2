"""
Pure: an officer's text made clean, put together with its links, and cut at a sentence where it must be shorter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from bot.announcements.announcement import Announcement
from bot.announcements.renditions.rendition import Ward

URGENT = "KHẨN: "
MORE = "Xem đầy đủ: {link}"
CUT = "…"

_UNSEEN = re.compile(
    r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]|[\x00-\x08\x0b-\x1f\x7f-\x9f]|[\ud800-\udfff]"
)
_SPACES = re.compile(r"[^\S\n]+")
_SENTENCE_END = re.compile(r"[.!?…][\"”')]*(?=\s)|\n")

Length = Callable[[str], int]


def clean(text: str) -> str:
    """
    Return the text in NFC, without unseen characters, with single spaces and at most one empty line in a row.
    """
    text = _UNSEEN.sub("", unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")))
    lines = [_SPACES.sub(" ", line).strip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def one_line(text: str) -> str:
    return " ".join(clean(text).split())


def utf16_length(text: str) -> int:
    """
    Return the length as Telegram counts it.
    """
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def shorten(text: str, limit: int, length: Length = len) -> str:
    """
    Return the text, or as many of its first sentences as fit into `limit` with a "…" behind them.
    """
    if length(text) <= limit:
        return text
    room = limit - 1 - len(CUT)
    if room < 1:
        return text[: max(0, limit)] if length(text[: max(0, limit)]) <= limit else ""
    part = text[:room]
    while length(part) > room:
        part = part[: len(part) - max(1, (length(part) - room) // 2)]
    ends = [found.end() for found in _SENTENCE_END.finditer(part + " ") if found.end() <= len(part)]
    if ends and ends[-1] >= len(part) // 3:
        return f"{part[: ends[-1]].rstrip()} {CUT}"
    words = part.rsplit(None, 1)
    return f"{words[0].rstrip(' ,;:') if len(words) == 2 else part}{CUT}"


def headline(announcement: Announcement) -> str:
    """
    Return the title; an emergency says so first.
    """
    title = one_line(announcement.title)
    urgent = announcement.kind == "emergency" and not title.casefold().startswith("khẩn")
    return URGENT + title if urgent else title


def links_of(announcement: Announcement, *, button: bool = True) -> str:
    """
    Return the officer's own links, one a line; without that of the button where there is a real one.
    """
    both = (announcement.button if button else None, announcement.link)
    found = [one for one in both if one is not None and one.url.strip()]
    lines = dict.fromkeys(f"{one_line(one.title) or 'Đường dẫn'}: {one.url.strip()}" for one in found)
    return "\n".join(lines)


def join(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)


def fit(head: str, text: str, tail: str, *, limit: int, link: str | None, length: Length = len) -> tuple[str, bool]:
    """
    Return head, text and tail within `limit`, and whether the text had to be cut. Where it is cut, `link` leads on.
    """
    more = MORE.format(link=link) if link else ""
    whole = join(head, text, join(tail) if not more else "\n".join(one for one in (tail, more) if one))
    if length(whole) <= limit:
        return whole, False
    end = "\n".join(one for one in (tail, more) if one)
    room = limit - length(join(head, "", end)) - 4
    return join(head, shorten(text, room, length) if room > 0 else "", end), True


def office_of(ward: Ward) -> str:
    """
    Return who speaks: "UBND phường Hòa Bình".
    """
    return f"UBND {ward.name}"
