"""
Subscribe a Page to its app: without this no event arrives, although the webhook's address was accepted.

Meta ends a subscription by itself when the webhook was down for an hour; subscribing again is always safe.
"""

from __future__ import annotations

from bot.channels.messenger.account import MessengerAccount
from bot.channels.messenger.channel import MessengerChannel
from bot.channels.messenger.graph import GraphError

NEEDED = (
    "messages",
    "messaging_postbacks",
    "message_echoes",
    "messaging_handovers",
    "messaging_policy_enforcement",
    "messaging_referrals",
    "message_deliveries",
    "message_reads",
    "message_reactions",
)
# Not offered to every app: when Meta refuses them, the needed ones are asked for alone.
WISHED = ("standby", "message_edits")
_BAD_PARAMETER = 100


async def subscribe(channel: MessengerChannel, account: MessengerAccount) -> list[str]:
    """
    Subscribe the Page and return lines of what was done.

    Raises:
        SendError: Meta refused, or was not reached.
    """
    try:
        await _post(channel, account, (*NEEDED, *WISHED))
    except GraphError as error:
        if error.graph_code != _BAD_PARAMETER:
            raise
        await _post(channel, account, NEEDED)
        return [f"page {account.id}: subscribed to {', '.join(NEEDED)}", f"not offered by Meta: {', '.join(WISHED)}"]
    return [f"page {account.id}: subscribed to {', '.join((*NEEDED, *WISHED))}"]


async def subscribed(channel: MessengerChannel, account: MessengerAccount) -> frozenset[str] | None:
    """
    Return the fields that our app gets of this Page; None when the app is not subscribed at all.

    Raises:
        SendError: Meta refused, or was not reached.
    """
    answer = await channel.graph.call(account, "GET", f"/{account.id}/subscribed_apps")
    apps = answer.body.get("data")
    for app in apps if isinstance(apps, list) else []:
        if isinstance(app, dict) and str(app.get("id")) == account.app_id:
            fields = app.get("subscribed_fields")
            return frozenset(one for one in fields if isinstance(one, str)) if isinstance(fields, list) else frozenset()
    return None


async def _post(channel: MessengerChannel, account: MessengerAccount, fields: tuple[str, ...]) -> None:
    params = {"subscribed_fields": ",".join(fields)}
    await channel.graph.call(account, "POST", f"/{account.id}/subscribed_apps", params=params)
