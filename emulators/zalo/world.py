"""
What the emulated Zalo knows: apps, Official Accounts, citizens, bubbles, tokens. Plain values, no behaviour.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Side = Literal["citizen", "oa", "officer"]
Wallet = Literal["none", "empty", "funded"]


@dataclass
class ZaloApp:
    """
    An app of the developer console. One webhook for all Official Accounts that are linked to it.
    `redirect_uri` and `code_challenge` are what the console holds; None: taken as they come in the address.
    """

    id: str
    secret: str = field(repr=False)  # OAuth: header secret_key
    oa_secret: str = field(repr=False)  # signs the webhook: the "OA Secret Key" of the webhook page
    webhook_url: str | None = None
    webhook_on: bool = True  # False once the retry ladder has failed
    subscribed: frozenset[str] | None = None  # names of events; None is all
    redirect_uri: str | None = None
    code_challenge: str | None = None
    minute: int = 0  # of the rate limit
    calls: int = 0  # in that minute


@dataclass
class Account:
    """
    An Official Account. `trouble`: every call answers this error code (-204, -209, -221, 112, …).
    """

    id: str
    name: str
    app_id: str
    wallet: Wallet = "none"
    package_messages: int = 0  # free messages of the package, used after those of the window
    broadcasts_left: int = 4
    articles_left: int = 100
    uploads_left: int = 5000
    trouble: int = 0
    government: bool = True
    templates: dict[str, dict[str, Any]] = field(default_factory=dict)  # ZBS, by id
    users: dict[str, User] = field(default_factory=dict)
    chat: list[Bubble] = field(default_factory=list)  # of all citizens, oldest first


@dataclass
class User:
    """
    A citizen, as one Official Account knows them. Times are seconds since 1970.
    `trouble`: every send to them answers this error code (-218, -227, -244, -248, …).
    """

    id: str
    account: str
    id_by_app: str
    name: str
    follows: bool = False
    left: bool = False  # unfollowed, and silent since
    blocked: bool = False
    trouble: int = 0
    interacted_at: float | None = None
    used: int = 0  # messages of this window
    stamp: int = 0  # ms of the latest event: two events of one citizen never share a timestamp
    alias: str = ""
    notes: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    shared_info: dict[str, str] = field(default_factory=dict)
    bubbles: list[Bubble] = field(default_factory=list)


@dataclass
class Bubble:
    """
    One thing on the phone. `buttons` are the platform's own; `hidden` ones only stand in the history.
    """

    id: str
    user: str
    side: Side
    text: str
    at: float
    kind: str = "text"
    buttons: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[dict[str, Any]] = field(default_factory=list)
    note: str = ""
    hidden: bool = False


@dataclass
class Grant:
    """
    A pair of tokens. `replaced_at`: when a newer pair took its place.
    """

    account: str
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: float
    refresh_expires_at: float
    spent: bool = False  # the refresh token
    replaced_at: float | None = None
    revoked: bool = False


@dataclass(frozen=True)
class Delivery:
    """
    One attempt at the webhook. `status` None: no answer, `error` says why. `attempt` 0 is the first, 1-5 are num_retry.
    """

    event_id: str
    event: str
    user: str
    attempt: int
    status: int | None
    seconds: float
    at: float
    copy: int = 0
    error: str = ""

    @property
    def good(self) -> bool:
        return self.status == 200
