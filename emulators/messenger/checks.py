"""
What the Send API takes as a message, and what a phone then shows of it. Pure.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from emulators.messenger.errors import GraphError, bad

MAX_TEXT, MAX_TEMPLATE_TEXT, MAX_METADATA, MAX_PAYLOAD = 2000, 640, 1000, 1000
MAX_QUICK, MAX_BUTTONS, MAX_CARDS, MAX_TITLE, MAX_CARD_TEXT = 13, 3, 10, 20, 80
MEDIA = ("image", "audio", "video", "file")
QUICK_WITHOUT_TITLE = {"user_phone_number": "Gửi số điện thoại", "user_email": "Gửi thư điện tử"}

Button = dict[str, Any]
Shorten = Callable[[Any, int, str], str]


class Bubble(NamedTuple):
    text: str
    buttons: list[Button]


class Content(NamedTuple):
    """
    A message that passed. `media`: (kind, payload) that must still be fetched or found. `echoed`: its part of the echo.
    """

    bubbles: list[Bubble]
    quick: list[Button]
    echoed: dict[str, Any]
    metadata: str | None
    media: tuple[str, dict[str, Any]] | None = None


def read(message: Any, *, cut_titles: bool) -> Content:
    """
    Check a message as the Send API does.

    Raises:
        GraphError: Code 100, with the subcode of the sheet where it has one.
    """
    if not isinstance(message, dict):
        raise bad("param message must be an object.")
    text, attachment, metadata = message.get("text"), message.get("attachment"), message.get("metadata")
    if metadata is not None and (not isinstance(metadata, str) or len(metadata) > MAX_METADATA):
        raise bad(f"Length of param message[metadata] must be less than or equal to {MAX_METADATA}")
    quick = _quick_replies(message["quick_replies"]) if "quick_replies" in message else []
    if attachment is not None:
        if text is not None:
            raise bad("Only one of text and attachment may be given.")
        bubbles, media = _attachment(attachment, cut_titles=cut_titles)
        return Content(bubbles, quick, {"attachments": [attachment]}, metadata, media)
    if not isinstance(text, str) or not text.strip():
        raise GraphError("100/2018015")
    if len(text) > MAX_TEXT:
        raise bad(f"Length of param message[text] must be less than or equal to {MAX_TEXT}")
    return Content([Bubble(text, [])], quick, {"text": text}, metadata)


def _quick_replies(replies: Any) -> list[Button]:
    if not isinstance(replies, list) or not 1 <= len(replies) <= MAX_QUICK:
        raise bad(f"param message[quick_replies] must be an array of 1 to {MAX_QUICK}.")
    return [_quick_reply(reply) for reply in replies]


def _quick_reply(reply: Any) -> Button:
    kind = reply.get("content_type") if isinstance(reply, dict) else None
    if kind in QUICK_WITHOUT_TITLE:
        return {"title": QUICK_WITHOUT_TITLE[kind], "kind": "quick", "payload": None}
    if kind != "text":
        raise bad("param quick_replies[content_type] must be one of {TEXT, USER_PHONE_NUMBER, USER_EMAIL}.")
    title, payload = reply.get("title"), reply.get("payload")
    if not isinstance(title, str) or not title.strip():
        raise bad("param quick_replies[title] must be a non-empty string.")
    if not isinstance(payload, str) or not payload or len(payload) > MAX_PAYLOAD:
        raise bad(f"param quick_replies[payload] must be a string of 1 to {MAX_PAYLOAD} characters.")
    return {"title": title[:MAX_TITLE], "kind": "quick", "payload": payload}


def _attachment(attachment: Any, *, cut_titles: bool) -> tuple[list[Bubble], tuple[str, dict[str, Any]] | None]:
    if not isinstance(attachment, dict):
        raise bad("param message[attachment] must be an object.")
    kind, payload = attachment.get("type"), attachment.get("payload")
    if not isinstance(payload, dict):
        raise bad("param message[attachment][payload] must be an object.")
    if kind in MEDIA:
        return [Bubble(f"[{kind}]", [])], (str(kind), payload)
    if kind != "template":
        raise bad("param message[attachment][type] must be one of {audio, file, image, template, video}.")

    def shorten(text: Any, most: int, name: str) -> str:
        if not isinstance(text, str) or (len(text) > most and not cut_titles):
            raise bad(f"Length of param {name} must be less than or equal to {most}")
        return text[:most]

    if payload.get("template_type") == "button":
        return [_button_template(payload, shorten)], None
    if payload.get("template_type") == "generic":
        return _generic_template(payload, shorten), None
    raise bad("param message[attachment][payload][template_type] must be one of {button, generic}.")


def _button_template(payload: dict[str, Any], shorten: Shorten) -> Bubble:
    text = payload.get("text")
    if not isinstance(text, str) or not text.strip() or len(text) > MAX_TEMPLATE_TEXT:
        raise bad(f"Length of param message[attachment][payload][text] must be between 1 and {MAX_TEMPLATE_TEXT}")
    if not payload.get("buttons"):
        raise bad("param message[attachment][payload][buttons] must be non-empty.")
    return Bubble(text, _buttons(payload["buttons"], shorten))


def _generic_template(payload: dict[str, Any], shorten: Shorten) -> list[Bubble]:
    cards = payload.get("elements")
    if not isinstance(cards, list) or not 1 <= len(cards) <= MAX_CARDS:
        raise bad(f"param message[attachment][payload][elements] must be an array of 1 to {MAX_CARDS}.")
    bubbles = []
    for card in cards:
        if not isinstance(card, dict) or not isinstance(card.get("title"), str) or not card["title"].strip():
            raise bad("param elements[title] must be a non-empty string.")
        lines = [shorten(card["title"], MAX_CARD_TEXT, "elements[title]")]
        if card.get("subtitle"):
            lines.append(shorten(card["subtitle"], MAX_CARD_TEXT, "elements[subtitle]"))
        opened = card.get("default_action")
        if opened is not None and (not isinstance(opened, dict) or opened.get("type") != "web_url"):
            raise bad("param elements[default_action][type] must be web_url.")
        bubbles.append(Bubble("\n".join(lines), _buttons(card.get("buttons") or [], shorten)))
    return bubbles


def _buttons(buttons: Any, shorten: Shorten) -> list[Button]:
    if not isinstance(buttons, list) or len(buttons) > MAX_BUTTONS:
        raise bad(f"param buttons must be an array of at most {MAX_BUTTONS}.")
    return [_button(button, shorten) for button in buttons]


def _button(button: Any, shorten: Shorten) -> Button:
    if not isinstance(button, dict):
        raise bad("param buttons must be an array of objects.")
    kind, payload = button.get("type"), button.get("payload")
    if kind not in ("web_url", "postback", "phone_number"):
        raise bad("param buttons[type] must be one of {web_url, postback, phone_number}.")
    title = button.get("title")
    if not isinstance(title, str) or not title.strip():
        raise GraphError("100/2018053")
    title = shorten(title, MAX_TITLE, "buttons[title]")
    if kind == "web_url":
        url = button.get("url")
        if not url:
            raise GraphError("100/2018041")
        if not isinstance(url, str) or not url.startswith(("https://", "http://")):
            raise bad("param buttons[url] should represent a valid URL")
        return {"title": title, "kind": "url", "url": url}
    if not isinstance(payload, str) or not payload:
        raise GraphError("100/2018040")
    if kind == "phone_number":
        if not payload.startswith("+") or not payload[1:].isdigit():
            raise bad("param buttons[payload] must be a phone number that begins with + and the country code.")
        return {"title": title, "kind": "phone", "url": f"tel:{payload}"}
    if len(payload) > MAX_PAYLOAD:
        raise bad(f"Length of param buttons[payload] must be less than or equal to {MAX_PAYLOAD}")
    return {"title": title, "kind": "postback", "payload": payload}
