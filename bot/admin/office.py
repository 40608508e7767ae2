"""
What a page of the office works with.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.accounts import Accounts
from bot.admin import navigation
from bot.admin.auth import Passwords
from bot.admin.look import Look
from bot.admin.officers import Officer, Permission
from bot.announcements.service import Announcements
from bot.channels.base import Channel
from bot.database import Database
from bot.delivery.worker import Sender
from bot.fetching import Fetcher
from bot.inbox import Work
from bot.knowledge_api import KnowledgeApi
from bot.phrasing_api import PhrasingApi
from bot.push import Push
from bot.registry import Connected
from bot.wards import Ward, Wards

# What the guard puts into a request of somebody who is signed in; pages take the officer by guard.officer_of.
OFFICER = web.RequestKey("officer", Officer)
CSRF = web.RequestKey("csrf", str)
SESSION = web.RequestKey("session", str)


@dataclass(frozen=True)
class Office:
    """
    One per program. `clock` is seconds since 1970.
    """

    database: Database
    knowledge: KnowledgeApi
    wards: Wards
    sender: Sender
    channels: Mapping[str, Channel]
    accounts: Accounts
    connected: Connected
    push: Push
    look: Look
    public_url: str | None = None
    trusted_proxies: frozenset[str] = frozenset()
    passwords: Passwords = field(default_factory=Passwords)
    clock: Callable[[], float] = time.time
    executor: str = "bot-1"
    begin: Callable[[Work], None] = lambda _work: None  # starts sending; what nobody starts, the engine finds later
    phrasing: PhrasingApi | None = None  # how answers read; pages do without a preview when there is none
    files: Fetcher | None = None  # of citizens
    announcements: Announcements | None = None

    def render(self, request: web.Request, template: str, *, status: int = 200, **values: Any) -> web.Response:
        """
        Answer with a page. A page that is about one ward gives `ward` (a Ward) and `wards`, those to choose from.
        """
        officer = request.get(OFFICER)
        ward = values.get("ward")
        frame = {
            "officer": officer,
            "csrf_token": request.get(CSRF, ""),
            "path": request.path,
            "query": request.query,
            "nav": navigation.items(request, officer, ward=ward.slug if isinstance(ward, Ward) else None),
            "done": self.look.done(request.query.get("done", "")),
            "ward": None,
            "wards": (),
            "now": self.clock(),
        }
        return web.Response(
            text=self.look.page(template, {**frame, **values}),
            status=status,
            content_type="text/html",
            charset="utf-8",
        )

    def wards_of(self, officer: Officer, permission: Permission = "see") -> list[Ward]:
        """
        Return the wards where the officer may do this, by name.
        """
        found = [one for one in self.wards.all() if officer.may(permission, one.slug)]
        return sorted(found, key=lambda one: (one.name, one.slug))

    def ward_name(self, slug: str) -> str:
        """
        Return how a ward is called on pages; the slug when it is gone, words for "" and "*".
        """
        ward = self.wards.get(slug)
        return ward.name if ward is not None else self.look.ward_words.get(slug, slug)
