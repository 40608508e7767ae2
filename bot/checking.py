"""
Asks a platform about one account: for `python -m bot check` and the office's page of channels.
"""

from __future__ import annotations

from bot.channels.account import ChannelAccount
from bot.channels.base import Channel
from bot.channels.findings import Finding
from bot.channels.messenger import check as messenger
from bot.channels.messenger.account import MessengerAccount
from bot.channels.messenger.channel import MessengerChannel
from bot.channels.telegram import check as telegram
from bot.channels.telegram.account import TelegramAccount
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.zalo import check as zalo
from bot.channels.zalo.account import ZaloAccount
from bot.channels.zalo.channel import ZaloChannel


async def ask(channel: Channel, account: ChannelAccount) -> list[Finding]:
    """
    Return what the platform says: token, rights, webhook, quota.
    """
    if isinstance(channel, MessengerChannel):
        assert isinstance(account, MessengerAccount)
        return await messenger.check(channel, account)
    if isinstance(channel, TelegramChannel):
        assert isinstance(account, TelegramAccount)
        return await telegram.check(channel, account)
    assert isinstance(channel, ZaloChannel)
    assert isinstance(account, ZaloAccount)
    return await zalo.check(channel, account)
