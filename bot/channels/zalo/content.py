"""
Pure: the values inside an event, each read so that no JSON makes it raise: ids, numbers, files, places, contacts.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from typing import Any

from bot.messages import Attachment, AttachmentKind, Place

MAX_LINE = 200
MAX_URL = 4096

_FILES: dict[str, AttachmentKind] = {
    "image": "image", "gif": "image", "link": "link", "audio": "audio", "video": "video", "file": "file",
    "business_card": "link",
}  # fmt: skip
_ID = re.compile(r"[A-Za-z0-9_.-]{1,60}", re.ASCII)
_PLATFORM_ID = re.compile(r"[!-~]{1,100}", re.ASCII)


def mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def mappings(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def identity(value: Any) -> str:
    """
    Return the id of a citizen or an OA, "" when it is none. Ids are strings beyond 2^53; a number is taken as well.
    """
    text = _digits(value)
    return text if isinstance(text, str) and _ID.fullmatch(text) else ""


def platform_id(value: Any) -> str:
    """
    Return the id of a message, "" when it is none.
    """
    text = _digits(value)
    return text if isinstance(text, str) and _PLATFORM_ID.fullmatch(text) else ""


def number(value: Any) -> float | None:
    text = _digits(value)
    if not isinstance(text, (float, str)) or (isinstance(text, str) and len(text) > 40):
        return None
    try:
        found = float(text)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def line(value: Any) -> str:
    """
    Return one line of text without control characters, cut at MAX_LINE.
    """
    text = _digits(value)
    if not isinstance(text, str):
        return ""
    words = " ".join(unicodedata.normalize("NFC", text[: MAX_LINE * 4]).split())
    return "".join(one for one in words if unicodedata.category(one)[0] != "C").strip()[:MAX_LINE]


def attachment(one: dict[str, Any]) -> Attachment | None:
    kind = _FILES.get(one["type"]) if isinstance(one.get("type"), str) else None
    payload = mapping(one.get("payload"))
    url = payload.get("url")
    if kind is None or not isinstance(url, str) or not 0 < len(url) <= MAX_URL or not url.isprintable():
        return None
    size = number(payload.get("size"))
    name = line(payload.get("name")) or line(payload.get("title"))
    return Attachment(kind, url, name or None, int(size) if size is not None and 0 <= size < 2**53 else None)


def place(payload: dict[str, Any]) -> Place | None:
    """
    Read coordinates, which may be strings, and stand under `coordinates` or not (the sources differ).
    """
    where = mapping(payload.get("coordinates")) or payload
    latitude, longitude = number(where.get("latitude")), number(where.get("longitude"))
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return Place(latitude, longitude)


def contact(info: dict[str, Any]) -> str:
    """
    Return "Name, phone" of what a citizen handed over; "" when there is neither.
    """
    return ", ".join(filter(None, (line(info.get("name")), line(info.get("phone")))))[:MAX_LINE]


def card(payload: dict[str, Any]) -> str:
    """
    Return the contact of a shared business card: as far as anybody has seen one, its description holds JSON.
    """
    try:
        inside = mapping(json.loads(payload["description"]))
    except (KeyError, TypeError, ValueError, RecursionError):
        return ""
    if not line(inside.get("phone")):
        return ""
    return contact({"name": inside.get("name") or payload.get("title"), "phone": inside["phone"]})


def _digits(value: Any) -> Any:
    """
    Return a whole number as text. Python refuses to write very long ones, so they are nothing.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return str(value) if abs(value) < 10**40 else None
    return value
