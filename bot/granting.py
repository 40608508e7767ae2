"""
Connects a Zalo OA: its admin consents on Zalo's page, Zalo brings the code back here, and the code becomes tokens.

A grant is a row: who asks (`python -m bot connect zalo`, or an officer's page) and who gets the code back may be two
programs. It works once, and for a quarter of an hour.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

import aiohttp
import sqlalchemy as sa
from aiohttp import web

from bot import wording
from bot.channels.zalo import oauth
from bot.channels.zalo.account import ZaloAccount
from bot.credentials import Credentials
from bot.database import Database, grant
from bot.errors import BotError, RequestError
from bot.log import log
from bot.registry import Connected

LASTS_SECONDS = 900.0
PATH = "/connect/zalo"


class Asked(NamedTuple):
    account: str
    verifier: str | None
    redirect_uri: str
    asked_at: float
    ended_at: float | None
    problem: str | None


class GrantProblem(BotError):
    """
    A consent came back that cannot be used. Its message is for the officer, in Vietnamese.
    """

    code = "grant.unusable"


async def ask(database: Database, account: ZaloAccount, redirect_uri: str, *, now: float) -> oauth.Consent:
    """
    Note that consent is asked for, and return the page where the OA's admin gives it.
    """
    consent = oauth.consent(account, redirect_uri)
    await database.keep(_put, consent, account.id, redirect_uri, now=now)
    return consent


async def use(
    database: Database,
    store: Credentials,
    account: ZaloAccount,
    *,
    state: str,
    code: str,
    oa_id: str,
    clock: Callable[[], float] = time.time,
) -> None:
    """
    Turn what Zalo brought back into tokens, and store them.

    Raises:
        GrantProblem: Nobody asked, too late, another OA, or Zalo refuses.
    """
    asked = await database.read(find, state)
    if asked is None or asked.account != account.id:
        raise GrantProblem(wording.GRANT_UNKNOWN)
    if asked.ended_at is not None or clock() - asked.asked_at > LASTS_SECONDS:
        raise GrantProblem(wording.GRANT_LATE)
    if oa_id and oa_id != account.id:
        await database.keep(_end, state, problem="another OA", now=clock())
        raise GrantProblem(wording.GRANT_OTHER_OA)
    try:
        async with aiohttp.ClientSession() as session:
            pair = await oauth.exchange(session, account, code, asked.verifier, now=clock())
    except (oauth.GrantRefused, oauth.GrantUnclear) as error:
        log.error("grant.refused", account=account.id, code=error.code, problem=str(error))
        await database.keep(_end, state, problem=str(error), now=clock())
        raise GrantProblem(wording.GRANT_REFUSED) from error
    await store.save(account.id, pair)
    for code_ in ("zalo.token_dead", "zalo.token_expiring"):
        await store.clear(account.id, code_)
    await database.keep(_end, state, problem=None, now=clock())
    log.info("grant.used", account=account.id)


def find(connection: sa.Connection, state: str) -> Asked | None:
    columns = (
        grant.c.account,
        grant.c.verifier,
        grant.c.redirect_uri,
        grant.c.asked_at,
        grant.c.ended_at,
        grant.c.problem,
    )
    row = connection.execute(sa.select(*columns).where(grant.c.state == state)).one_or_none()
    return None if row is None else Asked(*row)


def _put(connection: sa.Connection, consent: oauth.Consent, account: str, redirect_uri: str, *, now: float) -> None:
    values = {"state": consent.state, "verifier": consent.verifier, "channel": "zalo", "account": account}
    connection.execute(sa.insert(grant).values(**values, redirect_uri=redirect_uri, asked_at=now))


def _end(connection: sa.Connection, state: str, *, problem: str | None, now: float) -> None:
    statement = sa.update(grant).where(grant.c.state == state)
    connection.execute(statement.values(ended_at=now, problem=problem and problem[:200], verifier=None))


class Granting:
    """
    GET /connect/zalo: where Zalo sends the admin's browser back to.
    """

    def __init__(self, database: Database, connected: Connected, page: Callable[[int, str], web.Response]):
        self._database, self._connected, self._page = database, connected, page

    async def callback(self, request: web.Request) -> web.Response:
        query = request.query
        state, code = query.get("state", "")[:64], query.get("code", "")[:2048]
        asked = await self._database.read(find, state) if state else None
        account = self._connected.zalo.get(asked.account) if asked is not None else None
        store = self._connected.zalo_tokens
        if account is None or store is None or not code:
            return self._page(404, wording.GRANT_UNKNOWN)
        try:
            await use(self._database, store, account, state=state, code=code, oa_id=query.get("oa_id", "")[:64])
        except GrantProblem as problem:
            return self._page(400, str(problem))
        return self._page(200, wording.GRANT_DONE)


def redirect_uri(public_url: str | None) -> str:
    """
    Return the address that must stand as callback in Zalo's developer console.

    Raises:
        RequestError: The gateway does not know how it is reached from outside.
    """
    if not public_url:
        raise RequestError(409, "public_url.missing", "set BOT_PUBLIC_URL to the https address of this gateway")
    return f"{public_url}{PATH}"
