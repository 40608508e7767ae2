"""
The office for tests: its real pages on a real socket with a real database, a clock that tests set, and visitors.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import sqlalchemy as sa
from aiohttp import web
from aiohttp.test_utils import TestServer
from argon2 import PasswordHasher

from bot import accounts, registry
from bot.admin import officers, pages
from bot.admin.auth import Passwords
from bot.admin.guard import guard
from bot.admin.look import Look
from bot.admin.office import Office
from bot.channels.base import Channel
from bot.channels.web.pages import Pages
from bot.database import Database
from bot.delivery.worker import Sender
from bot.knowledge_api import KnowledgeApi
from bot.middleware import add_headers, answer_errors
from bot.phrasing_api import PhrasingApi
from bot.push import Push
from bot.wards import Wards

NOW = 1_795_000_000.0
PASSWORD = "bon tu khong lien quan"
# As weak as argon2 allows: tests hash often. The real parameters are checked in one test.
HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
HASHED = HASHER.hash(PASSWORD)
ACCOUNTS = """
zalo:
- {id: "2345678901234567890", ward: hoa-binh, app_id: "1122334455", app_secret: not-a-secret, name: Zalo phường Hòa Bình}
telegram: []
"""
_CSRF = re.compile(r'name="csrf" value="([^"]*)"')


@dataclass
class Page:
    status: int
    text: str
    headers: Any
    url: str

    @property
    def location(self) -> str:
        return self.headers.get("Location", "")

    @property
    def csrf(self) -> str:
        found = _CSRF.search(self.text)
        return found[1] if found else ""


@dataclass
class Visitor:
    """
    One browser: its cookies, and the token of the last page that had one.
    """

    session: aiohttp.ClientSession
    url: str
    csrf: str = ""

    async def get(self, path: str, **options: Any) -> Page:
        return self._remember(await self._ask("GET", path, **options))

    async def post(self, path: str, fields: Any = None, **options: Any) -> Page:
        """
        Send a form as a page of ours does. A list of pairs sends a name several times; give csrf to send another token.
        """
        pairs = list(fields.items()) if isinstance(fields, dict) else list(fields or ())
        if "csrf" not in {name for name, _ in pairs}:
            pairs.append(("csrf", self.csrf))
        options.setdefault("headers", {"Origin": self.url})
        return self._remember(await self._ask("POST", path, data=pairs, **options))

    async def sign_in(self, login: str, password: str = PASSWORD, **fields: str) -> Page:
        """
        Sign in, and open the first page if it worked.
        """
        page = await self.post("/admin/sign-in", {"login": login, "password": password, **fields})
        if page.status == 303:
            await self.get(page.location)
        return page

    @property
    def cookie(self) -> str | None:
        found = {one.key: one.value for one in self.session.cookie_jar}
        return found.get("office")

    async def _ask(self, method: str, path: str, **options: Any) -> Page:
        options.setdefault("allow_redirects", False)
        async with self.session.request(method, self.url + path, **options) as response:
            return Page(response.status, await response.text(), response.headers, str(response.url))

    def _remember(self, page: Page) -> Page:
        self.csrf = page.csrf or self.csrf
        return page


@dataclass
class Building:
    """
    `now` is what the office's clock says.
    """

    database: Database
    office: Office = field(init=False)
    url: str = field(init=False)
    now: float = NOW
    visitors: list[aiohttp.ClientSession] = field(default_factory=list)

    async def open(self, folder: Path, knowledge_url: str, *, public_url: str | None = None) -> TestServer:
        knowledge = KnowledgeApi(knowledge_url)
        wards = Wards(self.database, knowledge)
        await wards.refresh(now=self.now)
        file = folder / "accounts.yml"
        file.write_text(ACCOUNTS, "utf-8")
        known = accounts.load(file)
        connected = registry.connect(known, self.database, worker="test")
        channels: dict[str, Channel] = dict(connected.channels)
        self.office = Office(
            self.database,
            knowledge,
            wards,
            Sender(self.database, channels),
            channels,
            known,
            connected,
            Push(),
            Look(),
            public_url=public_url,
            trusted_proxies=frozenset({"127.0.0.1"}),
            passwords=Passwords(HASHER),
            clock=lambda: self.now,
            phrasing=PhrasingApi(knowledge_url),
        )
        chat = Pages(wards=wards.all, ward=wards.get, sites={})
        app = web.Application(middlewares=[answer_errors(chat), guard(self.office)], client_max_size=65_536)
        app.on_response_prepare.append(add_headers)
        app.add_routes([*pages.routes(self.office), *chat.routes()])
        server = TestServer(app)
        await server.start_server()
        self.url = str(server.make_url("/")).rstrip("/")
        return server

    async def close(self) -> None:
        for one in self.visitors:
            await one.close()
        await self.office.knowledge.close()
        if self.office.phrasing is not None:
            await self.office.phrasing.close()
        await self.office.connected.close()

    def visitor(self) -> Visitor:
        """
        Open another browser.
        """
        jar = aiohttp.CookieJar(unsafe=True)  # an address in numbers, as the tests' is
        session = aiohttp.ClientSession(cookie_jar=jar)
        self.visitors.append(session)
        return Visitor(session, self.url)

    def hire(self, login: str, roles: Iterable[tuple[str, str]], *, name: str = "", hashed: str = HASHED) -> int:
        """
        Add an officer with a password. Roles: (ward, role) pairs.
        """
        with self.database.engine.begin() as connection:
            found = officers.create(connection, login=login, name=name or f"Cán bộ {login}", roles=roles, now=self.now)
            assert found is not None
            officers.set_password(connection, found, hashed)
        return found

    async def officer(self, login: str, *roles: tuple[str, str], name: str = "") -> Visitor:
        """
        Add an officer, and sign in.
        """
        self.hire(login, roles, name=name)
        visitor = self.visitor()
        assert (await visitor.sign_in(login)).status == 303
        return visitor

    def rows(self, table: sa.Table) -> list[Any]:
        with self.database.engine.connect() as connection:
            return list(connection.execute(sa.select(table)))
