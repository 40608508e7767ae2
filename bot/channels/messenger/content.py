"""
Pure: the values inside a Messenger event, each read so that no JSON makes it raise.
"""

from __future__ import annotations

import math
import re
from typing import Any

from bot.messages import Attachment, AttachmentKind, Place

MAX_ATTACHMENTS = 30
MAX_TEXT_CHARS = 20_000
MAX_URL_CHARS = 2_000
# Everything else that may hang on a message (fallback, template, reel, post, appointment_booking, …) is a card with a link.
FILES: dict[str, AttachmentKind] = {"image": "image", "file": "file", "audio": "audio", "video": "video"}

# A pin that a phone shares today arrives as the address of a map.
_MAP = re.compile(
    r"https://(?:www\.google\.[a-z.]{2,6}/maps|maps\.google\.[a-z.]{2,6}|www\.bing\.com/maps)\S{0,200}?"
    r"[?&](?:q|query|ll|where1)=(-?\d{1,2}(?:\.\d{1,12})?)(?:,|%2C|%20|\+)+(-?\d{1,3}(?:\.\d{1,12})?)(?![\d.])\S{0,300}",
    re.ASCII | re.IGNORECASE,
)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def words(value: Any) -> str:
    """
    Return a text as it can be stored: without NUL, and without halves of characters.
    """
    return _UNSTORABLE.sub("\ufffd", value[:MAX_TEXT_CHARS]) if isinstance(value, str) else ""


def mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def finite(value: Any) -> float | None:
    """
    Return a number as a float, or None for anything that is no usable number.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) and abs(number) < 1e15 else None


def attachments(message: dict[str, Any]) -> tuple[Attachment, ...]:
    found: list[Attachment] = []
    for one in map(mapping, items(message.get("attachments"))[:MAX_ATTACHMENTS]):
        payload, kind = mapping(one.get("payload")), one.get("type")
        if not isinstance(kind, str):
            continue
        url = words(payload.get("url")) or words(one.get("url"))
        name = words(payload.get("title")) or words(one.get("title"))
        found.append(Attachment(FILES.get(kind, "link"), url[:MAX_URL_CHARS], name[:200] or None))
    return tuple(found)


def sticker(message: dict[str, Any]) -> bool:
    """
    Say whether a message is stickers only. Until 2026-08-30 a sticker came as an image with a sticker_id.
    """
    found = [mapping(one) for one in items(message.get("attachments"))]
    return bool(found) and all(
        one.get("type") == "sticker" or mapping(one.get("payload")).get("sticker_id") is not None for one in found
    )


def place(message: dict[str, Any]) -> Place | None:
    """
    Return a shared location: an attachment of that type from old apps, a map's address alone from those of today.
    """
    text = words(message.get("text")).strip()
    for one in map(mapping, items(message.get("attachments"))):
        payload = mapping(one.get("payload"))
        where = mapping(payload.get("coordinates"))
        if one.get("type") == "location" and (found := _on_earth(where.get("lat"), where.get("long"))) is not None:
            return found
        address = words(payload.get("url")) or words(one.get("url"))
        if one.get("type") == "fallback" and text in ("", address) and (pin := _MAP.fullmatch(address)):
            return _on_earth(float(pin[1]), float(pin[2]))
    return None


def _on_earth(latitude: Any, longitude: Any) -> Place | None:
    north, east = finite(latitude), finite(longitude)
    if north is None or east is None or abs(north) > 90 or abs(east) > 180:
        return None
    return Place(north, east)
