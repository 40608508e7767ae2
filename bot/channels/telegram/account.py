"""
A Telegram bot of ours, as the accounts file describes it.
"""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Field, SecretStr, StringConstraints, field_validator, model_validator

from bot.channels.account import ChannelAccount, Url

OFFICIAL_API = "https://api.telegram.org"
_TOKEN = re.compile(r"[1-9]\d{2,19}:[A-Za-z0-9_-]{20,64}", re.ASCII)
# What setWebhook takes (Bot API, read 2026-11-20).
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}", re.ASCII)
_PROXY = re.compile(r"https?://[^\s/]+/?")
# A public channel has a name, a private one only a number.
ChannelName = Annotated[str, StringConstraints(pattern=r"^(@[A-Za-z][A-Za-z0-9_]{3,31}|-100[0-9]{5,13})$")]


class TelegramAccount(ChannelAccount):
    """
    `id` is the bot's id: the digits before the colon of `token`. Telegram sends `secret_token` with every update.
    `api_url` is the Bot API server, `proxy` the way to it (it may hold a password); `webhook_url` is where Telegram
    reaches us, for `connect` and `check`. With one connection, updates arrive in the order of their ids.
    `public_channel` is the ward's channel of announcements, in which the bot is an administrator that may post.
    """

    token: SecretStr
    secret_token: SecretStr
    api_url: Url = OFFICIAL_API
    proxy: SecretStr | None = None
    webhook_url: Url | None = None
    max_connections: int = Field(default=1, ge=1, le=100)
    public_channel: ChannelName | None = None

    @field_validator("token")
    @classmethod
    def _is_a_token(cls, token: SecretStr) -> SecretStr:
        if not _TOKEN.fullmatch(token.get_secret_value()):
            raise ValueError("is not a bot token as BotFather gives it: digits, a colon, letters")
        return token

    @field_validator("secret_token")
    @classmethod
    def _is_a_secret(cls, secret: SecretStr) -> SecretStr:
        if not _SECRET.fullmatch(secret.get_secret_value()):
            raise ValueError("must be 1 to 256 of A-Z a-z 0-9 _ -")
        return secret

    @field_validator("proxy")
    @classmethod
    def _is_a_proxy(cls, proxy: SecretStr | None) -> SecretStr | None:
        if proxy is not None and not _PROXY.fullmatch(proxy.get_secret_value()):
            raise ValueError("must be http://host:port or https://host:port")
        return proxy

    @model_validator(mode="after")
    def _is_one_bot(self) -> TelegramAccount:
        if self.token.get_secret_value().partition(":")[0] != self.id:
            raise ValueError("id must be the digits before the colon of the token")
        return self
