"""
Is a Page in order: its token, the app's secret, the rights, the webhook, and how much of its calls is used.
"""

from __future__ import annotations

from bot.channels.base import SendError
from bot.channels.findings import Finding
from bot.channels.messenger.account import MessengerAccount
from bot.channels.messenger.channel import MessengerChannel
from bot.channels.messenger.connect import NEEDED, WISHED, subscribed
from bot.channels.messenger.graph import Answer, GraphError

# Above this the next busy morning may reach the limit.
BUSY_PERCENT = 80.0
RENEW = (
    "make a new Page token as an administrator of the Page (best: a system user of the Business portfolio), "
    "put it into page_token"
)
SUBSCRIBE = "subscribe the Page again: python -m bot connect messenger {account}"


async def check(channel: MessengerChannel, account: MessengerAccount) -> list[Finding]:
    """
    Return one finding each; never raises for what Meta answers. Without a good token the rest is not asked.
    """
    token, answer = await _token(channel, account)
    if answer is None:
        return [token]
    return [
        token,
        await _secret(channel, account),
        await _rights(channel, account),
        await _webhook(channel, account),
        _quota(answer),
    ]


async def _token(channel: MessengerChannel, account: MessengerAccount) -> tuple[Finding, Answer | None]:
    try:
        answer = await channel.graph.call(account, "GET", "/me", params={"fields": "id,name"})
    except SendError as error:
        return Finding(False, "token", str(error), _advice(error, RENEW)), None
    page, name = answer.body.get("id"), answer.body.get("name")
    if str(page) != account.id:
        detail = f"the token is of {str(page)[:40]!r}, the account is {account.id!r}"
        return Finding(False, "token", detail, "use the token of this Page, or correct id"), None
    return Finding(True, "token", f"speaks for {str(name)[:100]!r}"), answer


async def _secret(channel: MessengerChannel, account: MessengerAccount) -> Finding:
    """
    Let Meta compare app_secret: a proof made with a wrong one is refused, and webhooks would be refused by us.
    """
    try:
        await channel.graph.call(account, "GET", "/me", params={"fields": "id"}, proof=True)
    except GraphError as error:
        advice = "copy the app secret from the app's settings (Basic) into app_secret; app_id must be of the same app"
        return Finding(False, "signature", str(error), _advice(error, advice))
    except SendError as error:
        return Finding(False, "signature", str(error), _advice(error, ""))
    return Finding(True, "signature", "app_secret belongs to the token's app")


async def _rights(channel: MessengerChannel, account: MessengerAccount) -> Finding:
    try:
        await channel.graph.call(account, "GET", "/me/messenger_profile", params={"fields": "get_started"})
    except SendError as error:
        advice = "the app needs pages_messaging with Advanced Access (App Review), and Live mode to reach citizens"
        return Finding(False, "rights", str(error), _advice(error, advice))
    return Finding(True, "rights", "pages_messaging")


async def _webhook(channel: MessengerChannel, account: MessengerAccount) -> Finding:
    again = SUBSCRIBE.format(account=account.id)
    try:
        fields = await subscribed(channel, account)
    except SendError as error:
        return Finding(False, "webhook", str(error), _advice(error, "the app needs pages_manage_metadata"))
    if fields is None:
        detail = f"app {account.app_id} is not subscribed to this Page: no message arrives"
        return Finding(False, "webhook", detail, again)
    missing = [one for one in NEEDED if one not in fields]
    if missing:
        return Finding(False, "webhook", f"fields missing: {', '.join(missing)}", again)
    without = [one for one in WISHED if one not in fields]
    detail = f"subscribed, without {', '.join(without)}" if without else "subscribed"
    # Where Meta posts to is only shown in the app's settings.
    return Finding(True, "webhook", detail, "the callback address in the app's settings must be …/hook/messenger")


def _quota(answer: Answer) -> Finding:
    if answer.used_percent is None:
        return Finding(True, "quota", "Meta does not say how much is used")
    detail = f"{answer.used_percent:.0f} % of the calls are used"
    if answer.used_percent >= BUSY_PERCENT:
        return Finding(False, "quota", detail, "wait an hour; see the app's Rate Limits page for what uses them")
    return Finding(True, "quota", detail)


def _advice(error: SendError, otherwise: str) -> str:
    if error.trouble == "retry":
        return "try again in a while; is graph.facebook.com reachable from here?"
    return otherwise
