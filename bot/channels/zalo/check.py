"""
Is a Zalo OA in order: its tokens, the OA itself, what signs the webhook, and how much of its calls is left.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bot.channels.base import SendError
from bot.channels.findings import Finding
from bot.channels.tokens import Pair
from bot.channels.zalo.account import ZaloAccount
from bot.channels.zalo.api import Answer
from bot.channels.zalo.channel import ZaloChannel
from bot.channels.zalo.token import ALARM_DAYS, REFRESH_BELOW_SECONDS

GET_OA = "/v2.0/oa/getoa"
CONNECT = "an administrator of the OA must consent: python -m bot connect zalo {account}"
# What the product reads; what else is subscribed to is taken and ignored.
EVENTS = (
    "user_send_text, user_send_image, user_send_gif, user_send_link, user_send_audio, user_send_video, "
    "user_send_sticker, user_send_location, user_send_file, user_send_business_card, follow, unfollow, "
    "user_click_chatnow, user_submit_info, oa_send_text, oa_send_image, oa_send_gif, oa_send_list, oa_send_file, "
    "oa_send_sticker, oa_send_template, user_received_message, user_seen_message, user_withdraw"
)


async def check(channel: ZaloChannel, account: ZaloAccount) -> list[Finding]:
    """
    Return one finding each; never raises for what Zalo answers. Without a good token the rest is not asked.

    An access token that has run out is refreshed, as for a message; one that is good is left as it is.
    """
    try:
        answer = await channel.api(account.id).get(GET_OA)
    except SendError as error:
        again = "try again in a while; is openapi.zalo.me reachable from here?"
        advice = again if error.trouble == "retry" else CONNECT.format(account=account.id)
        return [Finding(False, "token", str(error), advice), _signature(account)]
    pair = await channel.tokens(account.id).pair()
    return [
        _token(account, pair, channel.now()),
        _grant(account, pair, channel.now()),
        _oa(account, answer.data),
        _package(answer.data),
        _signature(account),
        Finding(True, "webhook", "Zalo does not tell the address", f"it must be …/hook/zalo, with the events {EVENTS}"),
        _calls(answer),
    ]


def _token(account: ZaloAccount, pair: Pair | None, now: float) -> Finding:
    if pair is None or not pair.refresh_token:
        return Finding(False, "token", "good, but cannot be refreshed", CONNECT.format(account=account.id))
    detail = f"good until {_moment(pair.expires_at)}"
    if pair.expires_at - now < REFRESH_BELOW_SECONDS:
        return Finding(False, "token", detail, "it should have been refreshed by now: is the gateway running?")
    return Finding(True, "token", detail)


def _grant(account: ZaloAccount, pair: Pair | None, now: float) -> Finding:
    if pair is None or not pair.refresh_token or pair.refresh_expires_at <= 0:
        return Finding(False, "grant", "its age is not known", CONNECT.format(account=account.id))
    ok = pair.refresh_expires_at - now >= ALARM_DAYS * 86_400
    detail = f"lasts until {_moment(pair.refresh_expires_at)}, and is renewed with every refresh"
    return Finding(ok, "grant", detail, "" if ok else CONNECT.format(account=account.id))


def _oa(account: ZaloAccount, data: dict[str, Any]) -> Finding:
    oa_id = str(data.get("oaid") or data.get("oa_id") or "")
    if oa_id != account.id:
        detail = f"the token is of {oa_id[:40]!r}, the account is {account.id!r}"
        return Finding(False, "rights", detail, "connect with an administrator of this OA, or correct id")
    named = f"speaks for {str(data.get('name') or '')[:100]!r}"
    if data.get("is_verified") in (False, 0, "false", "0"):
        return Finding(False, "rights", f"{named}, which is not verified", "verify the OA in OA Manager")
    return Finding(True, "rights", named)


def _package(data: dict[str, Any]) -> Finding:
    name, until = (str(data.get(field) or "")[:60] for field in ("package_name", "package_valid_through_date"))
    detail = f"package {name or 'unknown'}" + (f", valid until {until}" if until else "")
    return Finding(True, "package", detail, "" if name else "see in OA Manager whether the package allows the OpenAPI")


def _signature(account: ZaloAccount) -> Finding:
    if account.oa_secret is None:
        advice = "copy the OA Secret Key of the console's webhook page into oa_secret"
        return Finding(False, "signature", "oa_secret is not set, the app secret is used; likely wrong", advice)
    return Finding(True, "signature", "oa_secret is set")


def _calls(answer: Answer) -> Finding:
    if answer.calls_left is None:
        return Finding(True, "quota", "Zalo does not say how many calls are left")
    ok = answer.calls_left > 0
    return Finding(ok, "quota", f"{answer.calls_left} calls left in this minute", "" if ok else "wait a minute")


def _moment(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"
