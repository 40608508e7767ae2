"""
One Facebook Page and the Meta app that speaks for it.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, SecretStr, StringConstraints

from bot.channels.account import ChannelAccount, Url

AppId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Version = Annotated[str, StringConstraints(pattern=r"^v[0-9]{1,3}\.[0-9]{1,2}$")]
# An empty secret would sign for everybody.
Secret = Annotated[SecretStr, Field(min_length=1)]


class MessengerAccount(ChannelAccount):
    """
    `id` is the Page's id. Several accounts may share an app: the same app_id and app_secret, each its own page_token.
    """

    app_id: AppId
    app_secret: Secret  # signs the webhook
    page_token: Secret  # of this Page; does not expire, but dies with its maker's password or role
    verify_token: Secret  # any word of ours; Meta repeats it when the webhook's address is entered

    graph_url: Url = "https://graph.facebook.com"
    version: Version = "v25.0"
    token_in: Literal["header", "query"] = "header"  # noqa: S105
    send_appsecret_proof: bool = False
    human_agent: bool = False  # Meta has approved the Human Agent feature: officers may answer for seven days
    inbox_app_id: AppId = "263902037430900"  # the Page's own inbox, where officers answer by hand
