"""
The methods that put something into a chat: sendMessage, sendPhoto, sendDocument, editMessageText, pinChatMessage,
sendChatAction, answerCallbackQuery. Each checks everything first, then the pace, then does it.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from emulators.telegram import keyboards
from emulators.telegram.entities import Parsed, parse, units
from emulators.telegram.parameters import Given
from emulators.telegram.refusals import (
    BLOCKED,
    CHAT_NOT_FOUND,
    DEACTIVATED,
    NEVER_STARTED,
    NOT_IN_CHANNEL,
    QUERY_TOO_OLD,
    Refused,
    bad,
)
from emulators.telegram.world import Bot, Chat, File, Shape

if TYPE_CHECKING:
    from emulators.telegram.core import Core

MAX_TEXT, MAX_CAPTION, MAX_ANSWER = 4096, 1024, 200
MAX_PHOTO_BYTES, MAX_UPLOAD_BYTES = 10 * 2**20, 50 * 2**20
ACTIONS = frozenset(
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker "
    "find_location record_video_note upload_video_note".split()
)


class Call(NamedTuple):
    core: Core
    bot: Bot
    given: Given


def send_message(call: Call) -> Shape:
    chat = reach(call)
    parsed = _text(call.given)
    return _put(call, chat, {"text": parsed.text, **({"entities": parsed.entities} if parsed.entities else {})})


def send_photo(call: Call) -> Shape:
    chat = reach(call)
    file = _file(call, "photo", MAX_PHOTO_BYTES)
    sizes = [{**_about(file), "width": side, "height": side} for side in (90, 320)]
    return _put(call, chat, {"photo": sizes, **_caption(call.given)})


def send_document(call: Call) -> Shape:
    chat = reach(call)
    file = _file(call, "document", MAX_UPLOAD_BYTES)
    name = file.path.rsplit("/", 1)[-1]
    return _put(call, chat, {"document": {**_about(file), "file_name": name}, **_caption(call.given)})


def edit_message_text(call: Call) -> Shape:
    chat = reach(call)
    message = chat.messages.get(call.given.number("message_id", 0))
    if message is None:
        raise bad("message to edit not found")
    if message.get("from", {}).get("id") != call.bot.id and chat.type != "channel":
        raise bad("message can't be edited")
    parsed, markup = _text(call.given), _markup(call.given, chat)
    if (parsed.text, markup) == (message.get("text"), message.get("reply_markup", {})):
        raise bad(
            "message is not modified: specified new message content and reply markup are exactly the same as a current "
            "content and reply markup of the message"
        )
    call.core.floods.check(call.bot.id, chat.id)
    message |= {"text": parsed.text, "edit_date": int(call.core.clock())}
    message.pop("reply_markup", None)
    if markup:
        message["reply_markup"] = markup
    return message


def pin_chat_message(call: Call) -> bool:
    chat, number = reach(call), call.given.number("message_id", 0)
    if number not in chat.messages:
        raise bad("message to pin not found")
    chat.pinned = number
    return True


def send_chat_action(call: Call) -> bool:
    chat = reach(call)
    if call.given.text("action") not in ACTIONS:
        raise bad("wrong parameter action in request")
    chat.doing = (call.given.text("action"), call.core.clock())
    return True


def answer_callback_query(call: Call) -> bool:
    query = call.bot.queries.get(call.given.text("callback_query_id"))
    if query is None or query.answered or call.core.clock() - query.at > call.core.weather.query_seconds:
        raise Refused(*QUERY_TOO_OLD)
    if len(call.given.text("text")) > MAX_ANSWER:
        raise bad("MESSAGE_TOO_LONG")
    query.answered = True
    call.bot.chats[query.chat].notes.pop(query.message_id, None)
    return True


def find(call: Call) -> Chat:
    """
    Return the chat that a call names, by id or @name.

    Raises:
        Refused: 400.
    """
    asked = call.given.text("chat_id").strip()
    if not asked:
        raise bad("chat_id is empty")
    for chat in call.bot.chats.values():
        if asked == str(chat.id) or (chat.username and asked.lower() == f"@{chat.username}".lower()):
            return chat
    raise Refused(*CHAT_NOT_FOUND)


def reach(call: Call) -> Chat:
    """
    Return the chat that a call names, if the bot may write there.

    Raises:
        Refused: 400 or 403.
    """
    chat = find(call)
    if chat.migrated_to is not None:
        raise bad("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to)
    if chat.type == "channel" and not chat.admin:
        raise Refused(*NOT_IN_CHANNEL)
    if chat.kicked:
        raise Refused(403, f"bot was kicked from the {chat.type} chat")
    if chat.type == "private":
        for stands, why in (
            (chat.deactivated, DEACTIVATED),
            (chat.blocked, BLOCKED),
            (not chat.started, NEVER_STARTED),
        ):
            if stands:
                raise Refused(*why)
    return chat


def _put(call: Call, chat: Chat, content: Shape) -> Shape:
    markup = _markup(call.given, chat)
    call.core.floods.check(call.bot.id, chat.id)
    return call.core.keep(call.bot, call.given, chat, content, markup)


def _text(given: Given) -> Parsed:
    parsed = parse(given.text("text"), given.text("parse_mode"))
    if not any(unicodedata.category(one)[0] not in "ZC" for one in parsed.text):
        raise bad("message text is empty")
    if units(parsed.text) > MAX_TEXT:
        raise bad("message is too long")
    return parsed if parsed.entities else Parsed(parsed.text.strip(), [])


def _caption(given: Given) -> Shape:
    parsed = parse(given.text("caption"), given.text("parse_mode"))
    if units(parsed.text) > MAX_CAPTION:
        raise bad("message caption is too long")
    return {"caption": parsed.text} if parsed.text else {}


def _markup(given: Given, chat: Chat) -> Shape:
    markup = given.nested("reply_markup")
    return keyboards.check(markup, private=chat.type == "private") if markup is not None else {}


def _file(call: Call, name: str, most: int) -> File:
    """
    Return what was uploaded, or what an id or an address names.
    """
    upload = call.given.files.get(name) or call.given.files.get(call.given.text(name).removeprefix("attach://"))
    if upload is not None:
        if len(upload[1]) > most:
            raise Refused(413)
        return call.core.store(call.bot, upload[0], upload[1])
    value = call.given.text(name)
    if value in call.bot.files:
        return call.bot.files[value]
    if value.startswith(("http://", "https://")):
        return call.core.store(call.bot, value.rsplit("/", 1)[-1] or "file", b"")
    raise bad(f"there is no {name} in the request" if not value else "wrong file identifier/HTTP URL specified")


def _about(file: File) -> Shape:
    return {"file_id": file.id, "file_unique_id": file.id[-8:], "file_size": file.size}
