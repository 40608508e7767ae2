"""
What `python -m bot check` says about a bot: is its token good, does Telegram reach us, does it reach the right place,
and may the bot post in its channel.
"""

from __future__ import annotations

import time
from datetime import UTC

from telegram import Bot, ChatMemberAdministrator, WebhookInfo
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.channels.findings import Finding
from bot.channels.telegram.account import TelegramAccount
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.payload import WANTED
from bot.channels.telegram.trouble import TOKEN, UNREACHABLE, find

# An error that Telegram met an hour ago, with nothing waiting, has mended itself.
RECENT_SECONDS = 3600
MANY_WAITING = 100
SECRET_CHARS = 24
CHANNEL_ADVICE = "make the bot an administrator of the channel, with the right to post; is public_channel right?"
UNREACHABLE_ADVICE = (
    "the Bot API cannot be reached from here: carriers in Viet Nam were told to block Telegram (2025-05-21); "
    "set proxy or api_url, or leave the account out"
)


async def check(channel: TelegramChannel, account: TelegramAccount, *, now: float | None = None) -> list[Finding]:
    """
    Ask getMe and getWebhookInfo. `now`: seconds since 1970.
    """
    bot = channel.bot(account)
    try:
        findings = await _about_bot(bot, account)
        info = await bot.get_webhook_info()
        findings += await _channel(bot, account)
    except TelegramError as error:
        row = find(error)
        if row.code == TOKEN.code:
            return [Finding(False, "token", row.text, "take a new token from @BotFather (/mybots, API Token)")]
        advice = UNREACHABLE_ADVICE if row.code == UNREACHABLE.code else "try again in a minute"
        return [Finding(False, "reach", f"{row.code}: {row.text}", advice)]
    return [
        *findings,
        _secret(account),
        _address(account, info),
        _flow(info, time.time() if now is None else now),
        _updates(info),
        Finding(True, "quota", "none; about 30 messages a second overall, one a second per chat"),
    ]


async def _about_bot(bot: Bot, account: TelegramAccount) -> list[Finding]:
    me = await bot.get_me()
    token = Finding(
        me.is_bot and str(me.id) == account.id, "token", f"@{me.username}, id {me.id}", "id is another bot's"
    )
    groups = "may be added to groups; it ignores them" if me.can_join_groups else "private chats only"
    return [token, Finding(True, "rights", groups)]


async def _channel(bot: Bot, account: TelegramAccount) -> list[Finding]:
    """
    Say whether the bot may post in the channel of announcements, where there is one.
    """
    name = account.public_channel
    if name is None:
        return []
    try:
        member = await bot.get_chat_member(name, int(account.id))
    except (BadRequest, Forbidden) as error:
        return [Finding(False, "channel", f"{name}: {find(error).text}", CHANNEL_ADVICE)]
    may = isinstance(member, ChatMemberAdministrator) and bool(member.can_post_messages)
    return [Finding(may, "channel", f"{name}: {member.status}{'' if may else ', may not post'}", CHANNEL_ADVICE)]


def _secret(account: TelegramAccount) -> Finding:
    length = len(account.secret_token.get_secret_value())
    advice = f"make a random one of at least {SECRET_CHARS} characters, then connect again"
    return Finding(length >= SECRET_CHARS, "signature", f"a secret of {length} characters", advice)


def _address(account: TelegramAccount, info: WebhookInfo) -> Finding:
    if not info.url:
        return Finding(
            False, "webhook", "none is set", "run `python -m bot connect telegram`; is a poller using the token?"
        )
    if account.webhook_url is not None and info.url != account.webhook_url:
        return Finding(False, "webhook", f"goes to {info.url}", f"connect again: it should be {account.webhook_url}")
    return Finding(True, "webhook", info.url)


def _flow(info: WebhookInfo, now: float) -> Finding:
    waiting, failed_at = info.pending_update_count, info.last_error_date
    detail = f"{waiting} updates wait"
    recent = failed_at is not None and (waiting > 0 or now - failed_at.timestamp() < RECENT_SECONDS)
    if failed_at is not None and recent:
        why = info.last_error_message or "unknown"
        detail += f"; last failure {failed_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC: {why}"
        return Finding(False, "delivery", detail, _advice(why))
    return Finding(waiting < MANY_WAITING, "delivery", detail, "is the gateway running, and does the address reach it?")


def _advice(why: str) -> str:
    if "403" in why:
        return "secret_token is not the one that was registered: connect again"
    if "ssl" in why.lower() or "certificate" in why.lower():
        return "the certificate of the address is not valid: renew it, with its whole chain"
    return "is the gateway running, and does the address reach it from the internet?"


def _updates(info: WebhookInfo) -> Finding:
    # None is Telegram's default: all kinds but three that we do not want.
    missing = sorted(set(WANTED) - set(info.allowed_updates or WANTED))
    detail = f"missing: {', '.join(missing)}" if missing else ", ".join(info.allowed_updates or ("the default",))
    return Finding(not missing, "updates", detail, "left over from an earlier program: connect again")
