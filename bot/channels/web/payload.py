"""
Pure: the JSON that the chat page posts → InboundMessage.

    {"conversation": "43 url-safe characters", "ward": "hoa-binh" | "site": "key", "id": "made by the page",
     "text": "…"                          typed words
     "payload": "/…", "text": "title"     a button
     "event": "open"}                     first contact
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from bot.errors import RequestError
from bot.messages import InboundKind, InboundMessage

MAX_CHARS = 1000
MAX_PAYLOAD_CHARS = 512
# 22 characters of 6 bits: nobody guesses a conversation.
CONVERSATION = re.compile(r"[A-Za-z0-9_-]{22,86}", re.ASCII)
_BROWSER_ID = re.compile(r"[A-Za-z0-9_-]{8,64}", re.ASCII)
_KNOWN = frozenset({"conversation", "ward", "site", "id", "text", "payload", "event"})


def parse(
    body: Any, *, ward_exists: Callable[[str], bool], ward_of_site: Callable[[str], str | None]
) -> InboundMessage:
    """
    Return the message of one post.

    The id is unique within its conversation only, so the two together are what the inbox knows it by.

    Raises:
        RequestError: 404 for an unknown ward or site; 422 with every wrong field named.
    """
    if not isinstance(body, dict):
        raise RequestError(422, "message.invalid", "the body must be a JSON object")
    fields = {name: "unknown field" for name in map(str, body) if name not in _KNOWN}
    conversation = _matching(body, "conversation", CONVERSATION, "22 to 86 url-safe characters", fields)
    browser_id = _matching(body, "id", _BROWSER_ID, "8 to 64 url-safe characters", fields)
    kind, text, payload = _content(body, fields)
    for name in ("ward", "site"):
        if body.get(name) is not None and not isinstance(body[name], str):
            fields[name] = "must be a string"
    if (body.get("ward") is None) == (body.get("site") is None):
        fields.setdefault("ward", "either ward or site must be given")
    if fields:
        too_long = fields.get("text", "").startswith("longer")
        code = "message.too_long" if too_long else "message.invalid"
        raise RequestError(422, code, "the message cannot be used", fields=fields)
    ward = _ward(body.get("ward"), body.get("site"), ward_exists, ward_of_site)
    return InboundMessage("web", ward, conversation, f"{conversation}/{browser_id}", kind, text, payload)


def _matching(body: dict[str, Any], name: str, shape: re.Pattern[str], rule: str, fields: dict[str, str]) -> str:
    value = body.get(name)
    if isinstance(value, str) and shape.fullmatch(value):
        return value
    fields[name] = f"must be {rule}"
    return ""


def _content(body: dict[str, Any], fields: dict[str, str]) -> tuple[InboundKind, str, str | None]:
    event, text, payload = body.get("event"), body.get("text"), body.get("payload")
    if event is not None:
        if event != "open" or text is not None or payload is not None:
            fields["event"] = 'must be "open", without text or payload'
        return "start", "", None
    if not isinstance(text, str) or not text.strip():
        fields["text"] = "must be words"
        return "text", "", None
    if len(text) > MAX_CHARS:
        fields["text"] = f"longer than {MAX_CHARS} characters"
    if payload is None:
        return "text", text, None
    if not isinstance(payload, str) or not payload.startswith("/") or len(payload) > MAX_PAYLOAD_CHARS:
        fields["payload"] = f"must begin with a slash and have at most {MAX_PAYLOAD_CHARS} characters"
        return "button", text, None
    return "button", text, payload


def _ward(
    slug: str | None, site: str | None, ward_exists: Callable[[str], bool], ward_of_site: Callable[[str], str | None]
) -> str:
    if site is not None:
        slug = ward_of_site(site)
        if slug is None:
            raise RequestError(404, "site.unknown", "no portal has this site key", fields={"site": "unknown"})
    if slug is None or not ward_exists(slug):
        raise RequestError(404, "ward.unknown", "this installation has no such ward", fields={"ward": "unknown"})
    return slug
