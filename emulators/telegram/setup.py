"""
The methods that are about the bot itself: who it is, its webhook, its menu, its chats and files.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from emulators.telegram.courier import leave
from emulators.telegram.polling import end_poll, set_allowed
from emulators.telegram.refusals import WEBHOOK_SET, Refused, bad
from emulators.telegram.sending import Call, find
from emulators.telegram.world import Shape, Webhook

PORTS = (443, 80, 88, 8443)
MAX_CONNECTIONS = 100
MAX_COMMANDS, MAX_COMMAND_DESCRIPTION = 100, 256
MAX_ABOUT = {"description": 512, "short_description": 120}
MAX_DOWNLOAD_BYTES, LINK_SECONDS = 20 * 2**20, 3600.0
CHANNEL_RIGHTS = (
    "can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats",
    "can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories",
    "can_edit_stories", "can_delete_stories", "can_post_messages", "can_edit_messages",
)  # fmt: skip
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}", re.ASCII)
_COMMAND = re.compile(r"[a-z0-9_]{1,32}", re.ASCII)


def get_me(call: Call) -> Shape:
    rights = {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}
    return {**call.bot.user(), **rights}


def set_webhook(call: Call) -> bool:
    given, url = call.given, call.given.text("url")
    if not url:
        return delete_webhook(call)
    _check_address(url, local=call.core.local)
    secret, connections = given.text("secret_token"), given.number("max_connections", 40)
    if secret and not _SECRET.fullmatch(secret):
        raise bad("secret token contains unallowed characters")
    if not 1 <= connections <= MAX_CONNECTIONS:
        raise bad("max_connections is out of range")
    set_allowed(call.bot, given)
    _drop(call)
    end_poll(call.bot, Refused(*WEBHOOK_SET))
    call.bot.hook = Webhook(url, secret, connections, given.text("ip_address"), "certificate" in given.files)
    call.core.start_over(call.bot)
    return True


def delete_webhook(call: Call) -> bool:
    call.bot.hook = Webhook()
    _drop(call)
    return True


def get_webhook_info(call: Call) -> Shape:
    hook = call.bot.hook
    call.core.forget_old(call.bot)
    info: Shape = {
        "url": hook.url,
        "has_custom_certificate": hook.has_certificate,
        "pending_update_count": len(call.bot.pending),
    }
    if hook.url:
        info |= {"max_connections": hook.max_connections, "ip_address": hook.ip_address or "203.0.113.1"}
    if hook.last_error_date:
        info |= {"last_error_date": hook.last_error_date, "last_error_message": hook.last_error_message}
    return info | ({"allowed_updates": list(call.bot.allowed)} if call.bot.allowed is not None else {})


def set_my_commands(call: Call) -> bool:
    commands = call.given.nested("commands")
    if not isinstance(commands, list) or not all(isinstance(one, dict) for one in commands):
        raise bad("can't parse commands JSON object")
    if len(commands) > MAX_COMMANDS:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for one in commands:
        if not _COMMAND.fullmatch(str(one.get("command"))):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(str(one.get("description") or "")) <= MAX_COMMAND_DESCRIPTION:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    call.bot.commands[_scope(call)] = commands
    return True


def get_my_commands(call: Call) -> list[Shape]:
    return call.bot.commands.get(_scope(call), [])


def delete_my_commands(call: Call) -> bool:
    call.bot.commands.pop(_scope(call), None)
    return True


def set_my_description(call: Call) -> bool:
    return _describe(call, "description")


def get_my_description(call: Call) -> Shape:
    return {"description": call.bot.about.get(f"description {call.given.text('language_code')}", "")}


def set_my_short_description(call: Call) -> bool:
    return _describe(call, "short_description")


def get_my_short_description(call: Call) -> Shape:
    return {"short_description": call.bot.about.get(f"short_description {call.given.text('language_code')}", "")}


def get_chat(call: Call) -> Shape:
    chat = find(call)
    gifts = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
    )
    shape = {**chat.shape(), "accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}
    return shape | ({"pinned_message": chat.messages[chat.pinned]} if chat.pinned is not None else {})


def get_chat_member(call: Call) -> Shape:
    """
    In a channel, and about the bot itself; others are no matter of a bot's.
    """
    chat = find(call)
    if call.given.number("user_id", 0) != call.bot.id:
        raise bad("PARTICIPANT_ID_INVALID")
    user = call.bot.user()
    if chat.type != "channel" or not chat.admin:
        return {"user": user, "status": "left"}
    rights = dict.fromkeys(CHANNEL_RIGHTS, False)
    return {"user": user, "status": "administrator", **rights, "can_manage_chat": True, "can_post_messages": True}


def get_file(call: Call) -> Shape:
    file = call.bot.files.get(call.given.text("file_id"))
    if file is None:
        raise bad("invalid file_id")
    if file.size > MAX_DOWNLOAD_BYTES:
        raise bad("file is too big")
    file.link_until = call.core.clock() + LINK_SECONDS
    return {"file_id": file.id, "file_unique_id": file.id[-8:], "file_size": file.size, "file_path": file.path}


def _check_address(url: str, *, local: bool) -> None:
    """
    A Bot API server of one's own (`local`) takes http and any port, the official one does not.
    """
    parts = urlsplit(url)
    if not parts.hostname or parts.scheme not in ("http", "https"):
        raise bad("bad webhook: invalid webhook URL specified")
    if local:
        return
    if parts.scheme != "https":
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if (parts.port or 443) not in PORTS:
        raise bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


def _drop(call: Call) -> None:
    if call.given.flag("drop_pending_updates"):
        for update in list(call.bot.pending.values()):
            leave(call.bot, update)


def _scope(call: Call) -> str:
    return f"{call.given.text('scope', 'default')} {call.given.text('language_code')}"


def _describe(call: Call, what: str) -> bool:
    text = call.given.text(what)
    if len(text) > MAX_ABOUT[what]:
        raise bad(f"BOT_{what.upper()}_INVALID")
    call.bot.about[f"{what} {call.given.text('language_code')}"] = text
    return True
