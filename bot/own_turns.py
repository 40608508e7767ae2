"""
What the gateway answers by itself: files, places, contacts, and numbers or buttons that mean something it sent. Pure.

Rasa answers words. Nothing here guesses what a file contains.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

from bot import wording
from bot.channels.menu import ASK
from bot.inbox import Waiting
from bot.messages import Button, Effect, Reply, Turn
from bot.wards import Ward

# "2", "số 2", "chọn 2 nhé", without marks too.
_NUMBER = re.compile(
    r"(?:(?:chon|chọn|so|số|y|ý|cau|câu)\s+)*0?(\d{1,2})\s*(?:nhe|nhé|a|ạ|di|đi)?[.!)]?", re.IGNORECASE
)
_BACK = frozenset({"tro ly", "trợ lý", "trợ lí", "tro li", "gọi trợ lý", "goi tro ly", "gặp trợ lý", "gap tro ly"})
# "Cơ quan nào gần tôi", "chỉ đường tới ủy ban": a citizen who sends a location means the same.
_OFFICE = re.compile(r"\b(?:co quan|uy ban|ubnd|phuong|xa|mot cua|tru so|trung tam|noi nop|cho nop|noi tiep nhan)\b")
_NEAR = re.compile(
    r"\b(?:(?:o )?gan (?:toi|em|minh|day|nha|nhat|cho toi)|chi duong|duong (?:di|den|toi)|ban do|dinh vi)\b"
)
_SHORT_WORDS = 12
_STORED = re.compile(r"@d(\d{1,18})\.(\d{1,2})")
# "Xóa dữ liệu của tôi", and what confirms it.
_ERASE = re.compile(
    r"(?:xóa|xoá|xoa) (?:hết |het )?(?:dữ liệu|du lieu|tin nhắn|tin nhan|thông tin|thong tin)(?: của| cua)?(?: tôi| toi| em| mình| minh)?",
    re.IGNORECASE,
)
_ERASE_SURE = re.compile(r"(?:đồng ý|dong y) (?:xóa|xoá|xoa)", re.IGNORECASE)


def answer(message: Waiting, ward: Ward | None) -> Turn | None:
    """
    Return the turn for what is not words; None for what Rasa answers.
    """
    name = ward.name if ward else message.ward
    hotline = ward.hotline if ward else None
    if message.kind == "text" and asks_to_erase(message.text):
        return Turn((Reply(wording.ERASE_SURE),), (), "erase_asked")
    if message.kind == "text" and confirms_erasing(message.text):
        return Turn((Reply(wording.DATA_ERASED),), (), "erased")
    if message.kind == "text" and asks_the_way(message.text):
        return Turn((Reply(place(name, ward, hotline)),), (), "answered")
    if message.kind == "attachment":
        kinds = {one.kind for one in message.attachments}
        if kinds == {"audio"}:
            text = wording.RECEIVED_AUDIO
        elif kinds == {"link"}:
            text = wording.RECEIVED_LINK
        else:
            text = wording.RECEIVED_FILE
        effect = Effect("open_ticket", {"reason": "attachment"})
        return Turn((Reply(text, kind="received"),), (effect,), "forwarded")
    if message.kind == "contact" and message.contact is None:
        # Asked for, and already with the ticket (contacts.py).
        return Turn((Reply(wording.RECEIVED_CONTACT, kind="received"),), (), "forwarded")
    if message.kind == "contact":
        effect = Effect("open_ticket", {"reason": "contact", "contact": message.contact})
        return Turn((Reply(wording.RECEIVED_CONTACT, kind="received"),), (effect,), "forwarded")
    if message.kind == "place":
        return Turn((Reply(place(name, ward, hotline)),), (), "answered")
    if message.kind == "sticker":
        return Turn((), (), "no_words")
    return None


def place(name: str, ward: Ward | None, hotline: str | None) -> str:
    """
    Say where the ward's one-stop desk is. An address that nobody has entered is not made up.
    """
    desk = (ward.desk if ward else None) or "Bộ phận Một cửa"
    if ward is None or ward.address is None:
        called = hotline or f"tổng đài dịch vụ công {wording.NATIONAL_LINE}"
        return wording.PLACE_NO_ADDRESS.format(ward=name, desk=desk, hotline=called)
    lines = [wording.PLACE_ADDRESS.format(ward=name, desk=desk, address=ward.address.rstrip("."))]
    if ward.hours:
        lines.append(wording.PLACE_HOURS.format(hours=ward.hours.rstrip(".")))
    if hotline:
        lines.append(wording.PLACE_HOTLINE.format(hotline=hotline))
    # The map service finds the address; the link holds nothing of the citizen's.
    link = ward.map_link or f"https://www.google.com/maps/search/?api=1&query={quote(ward.address)}"
    lines.append(wording.PLACE_MAP.format(link=link))
    return "\n".join(lines)


def number_typed(text: str) -> int | None:
    """
    Return the number that a message consists of.
    """
    match = _NUMBER.fullmatch(text.strip())
    return int(match[1]) if match else None


def calls_the_assistant(text: str) -> bool:
    """
    Say whether a citizen who is talking to a person asks for the assistant again.
    """
    return " ".join(text.casefold().split()).strip(" .!?") in _BACK


def asks_the_way(text: str) -> bool:
    """
    Say whether a short text asks where the office nearby is.
    """
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    folded = " ".join("".join(one for one in plain if not unicodedata.combining(one)).split())
    return len(folded.split()) <= _SHORT_WORDS and bool(_OFFICE.search(folded)) and bool(_NEAR.search(folded))


def is_about_erasing(message: Waiting) -> bool:
    return message.kind == "text" and (asks_to_erase(message.text) or confirms_erasing(message.text))


def asks_to_erase(text: str) -> bool:
    return _ERASE.fullmatch(_plain(text)) is not None


def confirms_erasing(text: str) -> bool:
    return _ERASE_SURE.fullmatch(_plain(text)) is not None


def _plain(text: str) -> str:
    return " ".join(text.split()).strip(" .!?")


def stored_button(payload: str) -> tuple[int, int] | None:
    """
    "@d123.2" → (123, 2): the third button of delivery 123. For platforms whose buttons carry few bytes.
    """
    match = _STORED.fullmatch(payload)
    return (int(match[1]), int(match[2])) if match else None


def as_sent(message: Waiting, button: Button) -> Waiting:
    """
    Return the message as if the citizen had tapped this button.
    """
    if button.payload.startswith(ASK):
        return message._replace(kind="text", text=button.payload.removeprefix(ASK).strip(), payload=None)
    return message._replace(kind="button", text=button.title, payload=button.payload)
