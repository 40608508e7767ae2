"""
Pure: what went wrong with a call of the Bot API → what kind of trouble it is, and what a person does about it.

The descriptions are Telegram's own, matched loosely: their wording is widely quoted, but not promised (read 2026-11-20).
"""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

import httpx
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter

from bot.channels.base import SendError, Trouble


class Row(NamedTuple):
    """
    `text` is for the operator, `advice` for the office: only where a person must act.
    """

    code: str
    trouble: Trouble
    text: str
    advice: str = ""


TOKEN = Row(
    "token.refused",
    "officer",
    "401 or 404: the token was revoked, is another bot's, or api_url is no Bot API server",
    "Mã truy cập (token) của bot Telegram không còn dùng được. Vào @BotFather, chọn /mybots, lấy token mới rồi báo bộ phận "
    "kỹ thuật ghi vào tệp tài khoản.",
)
FLOOD = Row("rate.exceeded", "retry", "429: too many messages; Telegram says how long to wait")
UNREACHABLE = Row(
    "api.unreachable", "retry", "no connection to the Bot API; nothing was sent; is the route blocked, the proxy up?"
)
UNKNOWN = Row("send.unknown", "retry", "the request left, no usable answer came: the message may have been sent")
SERVER = Row("api.failed", "retry", "the Bot API answered with an error of its own")
CONFLICT = Row(
    "bot.used_elsewhere",
    "officer",
    "409: another program polls with this token, or a webhook is set",
    "Có một chương trình khác đang dùng chung token của bot Telegram. Báo bộ phận kỹ thuật tắt chương trình đó, hoặc lấy "
    "token mới từ @BotFather.",
)
MIGRATED = Row("chat.migrated", "recipient", "the group became a supergroup; we talk in private chats only")
FORBIDDEN = Row("recipient.refuses", "recipient", "403: this chat takes no messages from the bot")
REFUSED = Row(
    "message.refused",
    "officer",
    "400: Telegram refused the message as it is",
    "Telegram không nhận tin trả lời này vì cách trình bày. Báo bộ phận kỹ thuật, kèm thời điểm xảy ra; người dân chưa "
    "nhận được tin.",
)
# Fragment of the description, small letters → row. The first that fits counts.
FORBIDDEN_ROWS = (
    ("blocked by the user", Row("recipient.blocked", "recipient", "403: the citizen blocked the bot")),
    ("initiate conversation", Row("recipient.never_started", "recipient", "403: the citizen never pressed Start")),
    ("user is deactivated", Row("recipient.deactivated", "recipient", "403: the citizen's account is gone")),
    ("kicked", Row("recipient.kicked", "recipient", "403: the bot was removed from the chat")),
)
BAD_REQUEST_ROWS = (
    ("chat not found", Row("recipient.unknown", "recipient", "400: no such chat for this bot")),
    ("user not found", Row("recipient.unknown", "recipient", "400: no such user for this bot")),
    ("peer_id_invalid", Row("recipient.unknown", "recipient", "400: no such user for this bot")),
    ("too long", REFUSED._replace(text="400: the message is too long")),
    ("text is empty", REFUSED._replace(text="400: the message text is empty")),
    ("button", REFUSED._replace(text="400: a button is not as Telegram wants it")),
    ("parse", REFUSED._replace(text="400: the text or the keyboard cannot be parsed")),
)
ADVICE = {row.code: row.advice for row in (TOKEN, CONFLICT, REFUSED)}
# Raised before a byte of the request left this machine.
NOTHING_LEFT = (
    httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol,
)  # fmt: skip


def judge(error: BaseException) -> SendError:
    """
    Return what a failed call means for the message. Never quotes the error: it may hold the token or the message.
    """
    if isinstance(error, RetryAfter):
        return _send_error(FLOOD, retry_after=seconds(error.retry_after))
    row = find(error)
    return _send_error(row, uncertain=row is UNKNOWN)


def find(error: BaseException) -> Row:
    """
    Return the row of an error of PTB's, or of anything else that a call ended in.
    """
    for kind, row in ((RetryAfter, FLOOD), (ChatMigrated, MIGRATED), (InvalidToken, TOKEN), (Conflict, CONFLICT)):
        if isinstance(error, kind):
            return row
    if isinstance(error, Forbidden):
        return _described(error.message, FORBIDDEN_ROWS, FORBIDDEN)
    if isinstance(error, BadRequest):
        return _described(error.message, BAD_REQUEST_ROWS, REFUSED)
    if isinstance(error, NetworkError):
        if isinstance(error.__cause__, NOTHING_LEFT):
            return UNREACHABLE
        # PTB names no cause when an HTTP error came with JSON: Telegram itself says that it did not do it. A page of a
        # proxy (502), a timeout and a broken connection say nothing about what became of the request.
        return SERVER if type(error) is NetworkError and error.__cause__ is None else UNKNOWN
    return UNKNOWN


def seconds(wait: float | timedelta) -> float:
    """
    Return a retry_after of PTB, an int until its release 23 and a timedelta then.
    """
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def _described(description: str, rows: tuple[tuple[str, Row], ...], otherwise: Row) -> Row:
    return next((row for fragment, row in rows if fragment in description.lower()), otherwise)


def _send_error(row: Row, *, retry_after: float | None = None, uncertain: bool = False) -> SendError:
    message = f"{row.code}: {row.text}"
    return SendError(message, trouble=row.trouble, retry_after=retry_after, uncertain=uncertain)
