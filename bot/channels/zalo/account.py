"""
A Zalo Official Account of ours, as the accounts file describes it.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field, SecretStr, StringConstraints, model_validator

from bot.channels.account import ChannelAccount, Url, reveal
from bot.channels.tokens import Pair

OFFICIAL_API = "https://openapi.zalo.me"
OFFICIAL_OAUTH = "https://oauth.zaloapp.com"
# What a pair lives at most (zalo-oa sheet 2.1, read 2026-11-20); the answer of a refresh says the first one itself.
ACCESS_SECONDS = 25 * 3600.0
REFRESH_SECONDS = 90 * 86_400.0

Secret = Annotated[SecretStr, Field(min_length=1, max_length=4096)]
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}", re.ASCII)


class ZaloAccount(ChannelAccount):
    """
    `id` is the OA's id. `app_secret` belongs to OAuth, `oa_secret` signs the webhook; without it the app's does.

    The fields after the tokens are what the sources disagree about, with the likelier choice as default
    (docs/channels/zalo.md says what each one is for).
    """

    app_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
    app_secret: Secret
    oa_secret: Secret | None = None
    access_token: Secret | None = None
    refresh_token: Secret | None = None
    api_url: Url = OFFICIAL_API
    oauth_url: Url = OFFICIAL_OAUTH

    pkce: Literal["per_request", "fixed", "none"] = "per_request"
    code_verifier: Secret | None = None  # only with pkce: fixed
    send_appsecret_proof: bool = False
    sign_first: Literal["app_id", "oa_id", "either"] = "either"
    buttons_template: Literal["none", "button"] = "none"
    tap: Literal["show", "hide"] = "hide"
    replies_per_window: int | None = Field(default=None, ge=1, le=1000)
    paid_window: bool = False
    refuse_older_days: int | None = Field(default=None, ge=1, le=365)
    article_cover: Url | None = None  # of an announcement without a picture; every article needs a cover

    @model_validator(mode="after")
    def _has_the_verifier_it_needs(self) -> ZaloAccount:
        if (self.pkce == "fixed") != (self.code_verifier is not None):
            raise ValueError("code_verifier belongs to pkce: fixed, and only to it")
        verifier = reveal(self.code_verifier)
        if verifier is not None and not _VERIFIER.fullmatch(verifier):
            raise ValueError("code_verifier must be 43 to 128 of A-Z a-z 0-9 - . _ ~")
        return self

    @property
    def signing_secret(self) -> str:
        return (self.oa_secret or self.app_secret).get_secret_value()

    def seed(self) -> Pair | None:
        """
        Return the pair of the accounts file. Nobody knows how old it is, so it counts as run out: the first thing
        done with it is a refresh. Without a refresh token it is used as long as Zalo takes it.
        """
        access, refresh = reveal(self.access_token) or "", reveal(self.refresh_token) or ""
        if not access and not refresh:
            return None
        return Pair(access, refresh, expires_at=0.0, refresh_expires_at=0.0)
