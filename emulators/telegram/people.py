"""
What citizens do on their phones: each turns into the update that Telegram would send. And what their phones show.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from emulators.telegram.world import Bot, Chat, Query, Shape

if TYPE_CHECKING:
    from emulators.telegram.core import Core

ACTIONS = (
    ("start", "Bấm Bắt đầu (Start)"),
    ("image", "Gửi ảnh"),
    ("album", "Gửi hai ảnh một lần"),
    ("file", "Gửi tệp"),
    ("voice", "Gửi tin thoại"),
    ("video", "Gửi video"),
    ("sticker", "Gửi nhãn dán"),
    ("location", "Gửi vị trí"),
    ("contact", "Gửi số điện thoại"),
    ("edit", "Sửa tin vừa gửi"),
    ("block", "Chặn bot"),
    ("unblock", "Bỏ chặn bot"),
    ("deactivate", "Xóa tài khoản Telegram"),
)
SHOWN = {
    "photo": "[Ảnh]", "document": "[Tệp]", "voice": "[Tin thoại]", "video": "[Video]", "sticker": "[Nhãn dán]",
    "location": "[Vị trí]", "contact": "[Số điện thoại]",
}  # fmt: skip
WAITS, BLOCKED = "Đang chờ…", "Đã chặn bot"
PLACE = {"latitude": 21.028511, "longitude": 105.804817}
PHONE = "0900000000"


def write(core: Core, bot: Bot, chat: Chat, content: Shape) -> Shape:
    """
    A citizen sends something into the chat; a first message starts it.

    Raises:
        ValueError: The citizen blocked the bot, or is gone: their phone does not let them.
    """
    if chat.deactivated or chat.blocked:
        raise ValueError("this citizen has blocked the bot, or is gone")
    chat.started = True
    text = content.get("text", "")
    if text.startswith("/"):
        length = len(text.split()[0])
        content = {**content, "entities": [{"type": "bot_command", "offset": 0, "length": length}]}
    message = stored(core, bot, chat, content, chat.person())
    core.put(bot, "message", message)
    return message


def stored(core: Core, bot: Bot, chat: Chat, content: Shape, sender: Shape | None) -> Shape:
    """
    Return a new message, kept in its chat. Posts in a channel have no sender.
    """
    number, bot.next_message = bot.next_message, bot.next_message + 1
    message = {"message_id": number, "chat": chat.shape(), "date": int(core.clock()), **content}
    message |= {"from": sender} if sender is not None else {"sender_chat": chat.shape()}
    chat.messages[number] = message
    return message


def tap(core: Core, bot: Bot, chat: Chat, bubble_id: str, index: int) -> None:
    """
    Raises:
        KeyError, IndexError: There is no such button.
        ValueError: The citizen blocked the bot, or is gone.
    """
    message = chat.messages[int(bubble_id)] if bubble_id.isdecimal() else {}
    button = _buttons(message)[index]
    if chat.blocked or chat.deactivated:
        raise ValueError("this citizen has blocked the bot, or is gone")
    if "callback_data" in button:
        query = core.new_id()
        bot.queries[query] = Query(chat.id, message["message_id"], core.clock())
        chat.notes[message["message_id"]] = WAITS
        content = {"id": query, "from": chat.person(), "message": message, "chat_instance": str(chat.id)}
        core.put(bot, "callback_query", {**content, "data": button["callback_data"]})
    elif button.get("request_contact"):
        write(core, bot, chat, _contact(chat))
    elif button.get("request_location"):
        write(core, bot, chat, {"location": PLACE})
    elif "url" not in button and "copy_text" not in button:
        write(core, bot, chat, {"text": button["text"]})


def do(core: Core, bot: Bot, chat: Chat, action: str) -> None:
    """
    Raises:
        KeyError: There is no such action.
        ValueError: It cannot be done now.
    """
    if action in ("block", "unblock"):
        _block(core, bot, chat, blocked=action == "block")
    elif action == "deactivate":
        chat.deactivated = True
    elif action == "edit":
        _edit(core, bot, chat)
    else:
        for content in _CONTENTS[action](core, bot, chat):
            write(core, bot, chat, content)


def bubbles(chat: Chat) -> list[Shape]:
    """
    Return what stands on the phone, from top to bottom.
    """
    shown = [bubble(chat, message) for message in list(chat.messages.values())]
    if chat.blocked and shown:
        shown[-1]["note"] = BLOCKED
    return shown


def bubble(chat: Chat, message: Shape) -> Shape:
    number, sender = message["message_id"], message.get("from", {})
    citizen = bool(sender) and not sender.get("is_bot")
    note = chat.notes.get(number) or ("Đã sửa" if "edit_date" in message else "")
    shape = {
        "id": str(number),
        "side": "citizen" if citizen else "oa",
        "text": _words(message),
        "buttons": [_button(one) for one in _buttons(message)],
        "at": float(message["date"]),
    }
    return {**shape, **({"note": note} if note else {})}


def post(message: Shape, chat: Chat) -> Shape:
    """
    Return a channel's post as its readers see it.
    """
    link = next((one["url"] for one in _buttons(message) if "url" in one), "")
    text = message.get("text", message.get("caption", ""))
    pictures = 1 if "photo" in message else 0
    return {"text": text, "pictures": pictures, "link": link, "note": chat.title, "at": float(message["date"])}


def _words(message: Shape) -> str:
    kind = next((SHOWN[name] for name in SHOWN if name in message), "")
    return " ".join(filter(None, (kind, message.get("text", ""), message.get("caption", ""))))


def _buttons(message: Shape) -> list[Shape]:
    markup = message.get("reply_markup") or {}
    rows = markup.get("inline_keyboard") or markup.get("keyboard") or []
    return [button for row in rows for button in row]


def _button(button: Shape) -> Shape:
    kinds = {"callback_data": "callback", "url": "url", "copy_text": "copy"}
    kind = next((kinds[name] for name in kinds if name in button), "quick")
    return {"title": button["text"], "kind": kind, **({"url": button["url"]} if kind == "url" else {})}


def _block(core: Core, bot: Bot, chat: Chat, *, blocked: bool) -> None:
    if chat.blocked == blocked:
        return
    chat.blocked = blocked
    before, after = ("member", "kicked") if blocked else ("kicked", "member")
    left = {"user": bot.user(), "status": "kicked", "until_date": 0}
    there = {"user": bot.user(), "status": "member"}
    statuses = {"kicked": left, "member": there}
    content = {"chat": chat.shape(), "from": chat.person(), "date": int(core.clock())}
    membership = {**content, "old_chat_member": statuses[before], "new_chat_member": statuses[after]}
    core.put(bot, "my_chat_member", membership)


def _edit(core: Core, bot: Bot, chat: Chat) -> None:
    own = [one for one in chat.messages.values() if one.get("from", {}).get("id") == chat.id and "text" in one]
    if not own:
        raise ValueError("nothing was written yet")
    own[-1] |= {"text": own[-1]["text"] + " (sửa)", "edit_date": int(core.clock())}
    core.put(bot, "edited_message", own[-1])


def _contact(chat: Chat) -> Shape:
    return {"contact": {"phone_number": PHONE, "first_name": chat.title, "user_id": chat.id}}


def _file(core: Core, bot: Bot, name: str, **more: Any) -> Shape:
    file = core.store(bot, name, f"{name}\n".encode())
    return {"file_id": file.id, "file_unique_id": file.id[-8:], "file_size": file.size, **more}


def _photo(core: Core, bot: Bot, _chat: Chat) -> Shape:
    return {"photo": [_file(core, bot, "photo.jpg", width=side, height=side) for side in (90, 320, 800)]}


def _album(core: Core, bot: Bot, chat: Chat) -> list[Shape]:
    group = {"media_group_id": core.new_id()}
    return [{**_photo(core, bot, chat), **group, "caption": "Hai trang"}, {**_photo(core, bot, chat), **group}]


_CONTENTS: dict[str, Callable[[Core, Bot, Chat], list[Shape]]] = {
    "start": lambda *_: [{"text": "/start"}],
    "image": lambda *given: [_photo(*given)],
    "album": lambda *given: _album(*given),
    "file": lambda core, bot, _: [
        {"document": _file(core, bot, "don.pdf", file_name="don.pdf", mime_type="application/pdf")}
    ],
    "voice": lambda core, bot, _: [{"voice": _file(core, bot, "voice.oga", duration=3, mime_type="audio/ogg")}],
    "video": lambda core, bot, _: [
        {"video": _file(core, bot, "video.mp4", width=640, height=360, duration=4, mime_type="video/mp4")}
    ],
    "sticker": lambda core, bot, _: [
        {
            "sticker": _file(
                core,
                bot,
                "s.webp",
                width=512,
                height=512,
                type="regular",
                emoji="👍",
                is_animated=False,
                is_video=False,
            )
        }
    ],
    "location": lambda *_: [{"location": dict(PLACE)}],
    "contact": lambda _platform, _bot, chat: [_contact(chat)],
}
