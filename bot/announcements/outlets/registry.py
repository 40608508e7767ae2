"""
Which accounts of a ward an announcement can be published with, by outlet.
"""

from __future__ import annotations

from bot.accounts import Accounts
from bot.announcements.announcement import Outlet
from bot.announcements.outlets.base import OutletConnector, Pictures
from bot.announcements.outlets.facebook_post import FacebookPost
from bot.announcements.outlets.telegram_post import TelegramPost
from bot.announcements.outlets.web import WebPage
from bot.announcements.outlets.zalo_article import ZaloArticle
from bot.channels.messenger.channel import MessengerChannel
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.zalo.channel import ZaloChannel
from bot.registry import Connected


class Outlets:
    """
    The connectors of this installation, over the channels' own clients and tokens.
    """

    def __init__(self, accounts: Accounts, connected: Connected, *, public_url: str | None, pictures: Pictures):
        self._of: dict[Outlet, list[tuple[str, str, OutletConnector]]] = {
            "zalo_article": [],
            "facebook_post": [],
            "telegram_post": [],
        }
        self._web = WebPage(public_url)
        zalo, page, bot = (connected.channels.get(kind) for kind in ("zalo", "messenger", "telegram"))
        if isinstance(zalo, ZaloChannel):
            for oa in accounts.zalo:
                if oa.enabled:
                    self._of["zalo_article"].append((oa.ward, oa.id, ZaloArticle(oa, zalo.api(oa.id), pictures)))
        if isinstance(page, MessengerChannel):
            for one in accounts.messenger:
                if one.enabled:
                    self._of["facebook_post"].append((one.ward, one.id, FacebookPost(one, page.graph, pictures)))
        if isinstance(bot, TelegramChannel):
            for account in accounts.telegram:
                if account.enabled and account.public_channel is not None:
                    connector = TelegramPost(account, bot, pictures)
                    self._of["telegram_post"].append((account.ward, account.id, connector))

    async def find(self, outlet: Outlet, ward: str) -> list[tuple[str, OutletConnector]]:
        """
        Return (account, connector) for every account of the ward; none where it has no such outlet, and for what is not
        published. Our own page has the account "".
        """
        if outlet == "web":
            return [("", self._web)]
        return [(account, connector) for of, account, connector in self._of.get(outlet, []) if of == ward]
