"""
Checks the `message` of a consultation send, rule by rule. Pure: what is right becomes a Draft, the rest is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from emulators.zalo.refusals import Refused, invalid, over
from emulators.zalo.weather import Weather

MAX_TEXT, MAX_BUTTONS, MAX_TITLE, MAX_PAYLOAD = 2000, 5, 100, 1000
MAX_ELEMENTS, MAX_INFO_TITLE, MAX_INFO_SUBTITLE = 5, 100, 500
QUERIES = ("oa.query.show", "oa.query.hide")

Shape = dict[str, Any]
# Says whether an uploaded asset of this kind is there; raises -100 when it is too old.
FindAsset = Callable[[str, str], bool]


class Draft(NamedTuple):
    """
    `buttons` as they came; `attachments` as the echo and the history show them.
    """

    kind: str  # text, buttons, image, gif, sticker, file, list, request_user_info
    text: str
    buttons: list[Shape]
    attachments: list[Shape]


def draft(message: Any, find_asset: FindAsset, weather: Weather) -> Draft:
    """
    Raises:
        Refused: -201 for what is malformed, -210 for what is too long or too many, -100 for an old asset.
    """
    if not isinstance(message, dict):
        raise invalid("message")
    text = message.get("text", "")
    if not isinstance(text, str):
        raise invalid("text")
    attachment = message.get("attachment")
    if attachment is None:
        return Draft("text", _text(text, needed=True), [], [])
    if not isinstance(attachment, dict) or not isinstance(attachment.get("payload"), dict):
        raise invalid("attachment")
    payload = attachment["payload"]
    if attachment.get("type") == "file":
        if not find_asset("file", _string(payload, "token")):
            raise invalid("token")
        return Draft("file", _text(text), [], [{"type": "file", "payload": {"token": payload["token"]}}])
    if attachment.get("type") != "template":
        raise invalid("attachment.type")
    return _template(text, payload, find_asset, weather)


def _template(text: str, payload: Shape, find_asset: FindAsset, weather: Weather) -> Draft:
    kind = payload.get("template_type")
    if kind is None and "buttons" in payload:
        if weather.buttons_form == "template_type":
            raise invalid("template_type")
        return Draft("buttons", _text(text, needed=True), _buttons(payload["buttons"]), [])
    if kind == "button" and weather.buttons_form != "bare":
        inner = payload.get("text", text)
        if not isinstance(inner, str):
            raise invalid("text")
        return Draft("buttons", _text(inner, needed=True), _buttons(payload.get("buttons")), [])
    if kind == "media":
        return _media(text, _elements(payload, 1)[0], find_asset)
    if kind == "request_user_info":
        element = _elements(payload, 1)[0]
        title, subtitle = _string(element, "title"), _string(element, "subtitle")
        _limit("title", title, MAX_INFO_TITLE)
        _limit("subtitle", subtitle, MAX_INFO_SUBTITLE)
        _url(element, "image_url")
        shown = [{"type": "link", "payload": {"title": title, "description": subtitle}}]
        return Draft("request_user_info", _text(text) or f"{title}\n{subtitle}", [], shown)
    if kind == "list":
        return _list(text, payload)
    raise invalid("template_type")


def _media(text: str, element: Shape, find_asset: FindAsset) -> Draft:
    kind = element.get("media_type")
    if kind not in ("image", "gif", "sticker"):
        raise invalid("media_type")
    if kind == "gif" and not all(isinstance(element.get(side), int) for side in ("width", "height")):
        raise invalid("width")
    asset = element.get("attachment_id")
    if kind == "sticker":
        _string(element, "attachment_id")
    elif asset is None:
        _url(element, "url")
    elif not isinstance(asset, str) or not find_asset(kind, asset):
        raise invalid("attachment_id")
    shown = {"type": kind, "payload": {"url": element.get("url") or f"https://photo-stal-1.zdn.vn/{asset}"}}
    return Draft(kind, _text(text), [], [shown])


def _list(text: str, payload: Shape) -> Draft:
    elements = _elements(payload, MAX_ELEMENTS)
    for place, element in enumerate(elements):
        _limit("title", _string(element, "title"), MAX_TITLE)
        if place == 0:
            _string(element, "subtitle")
        _url(element, "image_url", needed=False)
        action = element.get("default_action")
        if action is not None and (not isinstance(action, dict) or action.get("type") not in (*QUERIES, "oa.open.url")):
            raise invalid("default_action")
    buttons = _buttons(payload["buttons"]) if "buttons" in payload else []
    lines = [line for each in elements for line in (each["title"], each.get("subtitle")) if line]
    shown = [{"type": "list", "payload": {"elements": elements}}]
    return Draft("list", _text(text) or "\n".join(lines), buttons, shown)


def _buttons(buttons: Any) -> list[Shape]:
    if not isinstance(buttons, list) or not buttons:
        raise invalid("buttons")
    if len(buttons) > MAX_BUTTONS:
        raise over("buttons", MAX_BUTTONS)
    for button in buttons:
        if not isinstance(button, dict):
            raise invalid("buttons")
        _limit("title", _string(button, "title"), MAX_TITLE)
        kind, payload = button.get("type"), button.get("payload")
        if kind in QUERIES:
            _limit("payload", _string(button, "payload"), MAX_PAYLOAD)
        elif kind not in ("oa.open.url", "oa.open.phone", "oa.open.sms"):
            raise invalid("buttons.type")
        elif not isinstance(payload, dict):
            raise invalid("payload")
        elif kind == "oa.open.url":
            _url(payload, "url")
        else:
            if not _string(payload, "phone_code").lstrip("+").isdecimal():
                raise invalid("phone_code")
            if kind == "oa.open.sms":
                _limit("content", _string(payload, "content"), MAX_PAYLOAD)
    return buttons


def _elements(payload: Shape, most: int) -> list[Shape]:
    elements = payload.get("elements")
    if not isinstance(elements, list) or not elements or not all(isinstance(each, dict) for each in elements):
        raise invalid("elements")
    if len(elements) > most:
        raise over("elements", most)
    return elements


def _text(text: str, *, needed: bool = False) -> str:
    if needed and not text.strip():
        raise invalid("text")
    _limit("text", text, MAX_TEXT)
    return text


def _string(shape: Shape, field: str) -> str:
    value = shape.get(field)
    if not isinstance(value, str) or not value.strip():
        raise invalid(field)
    return value


def _limit(field: str, value: str, most: int) -> None:
    """
    Characters as they came: who sends decomposed Vietnamese pays for every mark.
    """
    if len(value) > most:
        raise over(field, most)


def _url(shape: Shape, field: str, *, needed: bool = True) -> None:
    value = shape.get(field)
    if value is None and not needed:
        return
    if not isinstance(value, str) or not value.startswith(("http://", "https://")):
        raise invalid(field)


def unsent(code: str) -> Refused:
    """
    How the stopped transaction and promotion sends answer: -233, or as if they had never been.
    """
    return Refused(404) if code == "gone" else Refused(-233)
