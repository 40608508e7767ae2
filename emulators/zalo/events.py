"""
The events as Zalo words them. Pure; `post` of the platform adds the signature. Ids and timestamps are strings.
"""

from __future__ import annotations

import hashlib
from typing import Any

from emulators.zalo.world import Account, Bubble, User

Event = dict[str, Any]

PICTURE = {"thumbnail": "https://photo-stal-1.zdn.vn/t/anh-chup.jpg", "url": "https://photo-stal-1.zdn.vn/anh-chup.jpg"}
# What a citizen can send besides words: action → (event, attachment type, payload).
ATTACHMENTS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "image": ("user_send_image", "image", PICTURE),
    "gif": ("user_send_gif", "gif", PICTURE),
    "link": (
        "user_send_link",
        "link",
        {
            "title": "Cổng Dịch vụ công Quốc gia",
            "url": "https://dichvucong.gov.vn",
            "thumbnail": PICTURE["thumbnail"],
            "description": "Thủ tục hành chính",
        },
    ),
    "audio": ("user_send_audio", "audio", {"url": "https://voice-stal-1.zdn.vn/ghi-am.amr"}),
    "video": (
        "user_send_video",
        "video",
        {"url": "http://video-stal-1.zdn.vn/quay.mp4", "thumbnail": PICTURE["thumbnail"], "description": ""},
    ),
    "sticker": ("user_send_sticker", "sticker", {"id": "46123", "url": "https://zalo-api.zdn.vn/sticker/46123.png"}),
    "location": (
        "user_send_location",
        "location",
        {"coordinates": {"latitude": "21.0285", "longitude": "105.8542"}},
    ),
    "file": (
        "user_send_file",
        "file",
        {
            "url": "https://file-stal-1.zdn.vn/to-khai.pdf",
            "name": "to-khai.pdf",
            "size": "48213",
            "type": "pdf",
            "checksum": hashlib.md5(b"to-khai.pdf", usedforsecurity=False).hexdigest(),
        },
    ),
    "business_card": (
        "user_send_business_card",
        "link",
        {
            "url": "https://zalo.me/84900000000",
            "thumbnail": PICTURE["thumbnail"],
            "description": '{"phone":"84900000000","caption":"Danh thiếp"}',
        },
    ),
}


def from_citizen(user: User, app_id: str, name: str, message: Event, *, at_ms: int) -> Event:
    return {
        "app_id": app_id,
        "sender": {"id": user.id},
        "user_id_by_app": user.id_by_app,
        "recipient": {"id": user.account},
        "event_name": name,
        "message": message,
        "timestamp": str(at_ms),
    }


def from_oa(user: User, app_id: str, name: str, message: Event, *, at_ms: int, admin_id: str | None = None) -> Event:
    sender = {"id": user.account} | ({"admin_id": admin_id} if admin_id else {})
    return {
        "app_id": app_id,
        "sender": sender,
        "user_id_by_app": user.id_by_app,
        "recipient": {"id": user.id},
        "event_name": name,
        "message": message,
        "timestamp": str(at_ms),
    }


def follower(user: User, app_id: str, name: str, *, at_ms: int, source: str = "oa_profile") -> Event:
    """
    follow and unfollow: no sender, no recipient, no message id.
    """
    return {
        "app_id": app_id,
        "oa_id": user.account,
        "follower": {"id": user.id},
        "user_id_by_app": user.id_by_app,
        "event_name": name,
        "source": source,
        "timestamp": str(at_ms),
    }


def about_user(user: User, app_id: str, name: str, *, at_ms: int, **more: Any) -> Event:
    """
    user_click_chatnow, user_withdraw, update_user_info, user_click_button.
    """
    return {
        "app_id": app_id,
        "oa_id": user.account,
        "user_id": user.id,
        "user_id_by_app": user.id_by_app,
        "event_name": name,
        "timestamp": str(at_ms),
        **more,
    }


def submitted_info(user: User, app_id: str, info: dict[str, Any], *, at_ms: int) -> Event:
    event = from_citizen(user, app_id, "user_submit_info", {}, at_ms=at_ms)
    del event["message"]
    return event | {"info": info}


def tagged(account: Account, name: str, tag: str, user_ids: list[str], *, at_ms: int) -> Event:
    """
    add_user_to_tag, remove_user_from_tag, remove_tag.
    """
    return {
        "app_id": account.app_id,
        "oa_id": account.id,
        "event_name": name,
        "tag": {"name": tag, "user_ids": user_ids},
        "timestamp": str(at_ms),
    }


def echo_name(kind: str, buttons_echo: str) -> str:
    """
    Name the echo of a message that the Official Account sent.
    """
    if kind in ("text", "image", "gif", "list", "file", "sticker"):
        return f"oa_send_{kind}"
    return buttons_echo if kind == "buttons" else "oa_send_template"


def echo_message(bubble: Bubble) -> Event:
    message: Event = {"msg_id": bubble.id}
    if bubble.text:
        message["text"] = bubble.text
    if bubble.attachments:
        message["attachments"] = bubble.attachments
    return message


def event_id(event: Event) -> str:
    """
    What makes an event one event: its message and name; without a message the user and time.
    """
    message = event.get("message")
    name = event.get("event_name")
    if isinstance(message, dict):
        ids = message.get("msg_id") or message.get("msg_ids")
        if ids:
            return f"{name}:{ids if isinstance(ids, str) else ','.join(map(str, ids))}"
    return f"{name}:{event_user(event)}:{event.get('timestamp')}"


def event_user(event: Event) -> str:
    """
    Return the citizen whom the event is about, or "".
    """
    name = str(event.get("event_name", ""))
    oa_speaks = name.startswith("oa_") or name in ("user_received_message", "user_seen_message")
    for place, field in (("recipient" if oa_speaks else "sender", "id"), ("follower", "id")):
        value = event.get(place)
        if isinstance(value, dict) and value.get(field):
            return str(value[field])
    return str(event.get("user_id", ""))


def event_account(event: Event) -> str:
    """
    Return the id of the Official Account, or "".
    """
    for value in (event.get("oa_id"), event.get("recipient"), event.get("sender")):
        found = value.get("id") if isinstance(value, dict) else value
        if found and str(found) != event_user(event):
            return str(found)
    return ""
