"""
Keeps the access token of one Zalo OA good: one refresher at a time among all workers, and never a loop.

A refresh token works once, and a refresh kills the old access token at once. So a new pair is on the disk before it is
used; a worker refreshes only under a lease that outlasts both of its tries; and a refresh that has begun goes on when
whoever wanted it goes away. What remains: a kill between Zalo's answer and the disk loses the grant, and an admin of
the OA must consent again (alarm "zalo.token_dead").
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable

import aiohttp

from bot.channels.base import SendError
from bot.channels.tokens import Pair, TokenStore
from bot.channels.zalo import oauth
from bot.channels.zalo.account import ZaloAccount
from bot.channels.zalo.oauth import HTTP_SECONDS, GrantRefused, GrantUnclear
from bot.log import log

REFRESH_BELOW_SECONDS = 5 * 3600.0  # of 25 hours
LEASE_SECONDS = 4 * HTTP_SECONDS
CHECK_SECONDS = 300.0
# After a refresh that failed there is none for so long, nor after three that were done within that time.
PAUSE_SECONDS = 600.0
MOST_REFRESHES = 3
# Where Zalo was not reached at all, nothing is spent by trying again soon: citizens wait for it.
PAUSES_UNREACHED = (5.0, 15.0, 60.0)
PAUSE_REFUSED_SECONDS = 3600.0
ALARM_DAYS = 14
SAVE_TRIES = 3
_POLL_SECONDS, _POLLS = 0.5, 40

EXPIRING, DEAD, UNCLEAR = "zalo.token_expiring", "zalo.token_dead", "zalo.refresh_failed"
_CONNECT = "quản trị OA cần kết nối lại OA với hệ thống"


class Tokens:
    """
    The tokens of one OA. `session` gives the HTTP client; `pause` sleeps.
    """

    def __init__(
        self,
        account: ZaloAccount,
        store: TokenStore,
        session: Callable[[], aiohttp.ClientSession],
        *,
        clock: Callable[[], float] = time.time,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ):
        self._account, self._store, self._session = account, store, session
        self._clock, self._pause = clock, pause
        self._lock = asyncio.Lock()
        self._known: Pair | None = None
        self._unsaved: tuple[Pair, Pair] | None = None  # (the pair that is replaced, the new one)
        self._refreshing: asyncio.Task[Pair] | None = None
        self._unreached = 0
        self._refreshed_at: deque[float] = deque(maxlen=MOST_REFRESHES)
        self._not_before, self._why = 0.0, SendError("zalo: no refresh yet")
        self._quiet: set[str] = set()  # alarms that surely do not ring

    async def good(self) -> str:
        """
        Return an access token that should work now.

        Raises:
            SendError: There is none: "officer" when somebody must connect the OA, "retry" when it may pass.
        """
        known, now = self._known, self._clock()
        left = known.expires_at - now if known is not None else 0.0
        if known is not None and left > (0.0 if now < self._not_before else REFRESH_BELOW_SECONDS):
            return known.access_token
        return await self._other_than(None)

    async def instead_of(self, refused: str) -> str:
        """
        Return another access token than the one that Zalo has just refused: another worker's, or a refreshed one.

        Raises:
            SendError: As `good`.
        """
        return await self._other_than(refused)

    async def pair(self) -> Pair | None:
        """
        Return what is stored, for people who look: nothing is refreshed.
        """
        return await self._store.get(self._account.id)

    async def keep_fresh(self) -> None:
        """
        Look after the token for ever.
        """
        while True:
            try:
                await self.look_after()
            except SendError as error:
                log.warning("credential.not_refreshed", channel="zalo", account=self._account.id, problem=str(error))
            except Exception:
                log.exception("credential.not_looked_after", channel="zalo", account=self._account.id)
            await self._pause(CHECK_SECONDS)

    async def look_after(self) -> None:
        """
        Refresh when less than 5 hours are left, and ring or end the alarms.
        """
        async with self._lock:
            pair = await self._read()
            if pair is None:
                await self._ring(DEAD, f"OA chưa được kết nối: {_CONNECT}")
                return
            if not pair.refresh_token:
                await self._ring(EXPIRING, f"token nhập tay, không tự đổi được: {_CONNECT}")
                return
            if self._soon(pair) and self._clock() >= self._not_before:
                pair = await self._refreshed(pair, needed=False)
            days = (pair.refresh_expires_at - self._clock()) / 86_400
            if pair.refresh_expires_at > 0 and days < ALARM_DAYS:
                await self._ring(EXPIRING, f"quyền kết nối OA còn {max(0, int(days))} ngày: {_CONNECT}")
            else:
                await self._settle(EXPIRING)
            if not self._soon(pair):
                await self._settle(DEAD, UNCLEAR)

    async def close(self) -> None:
        """
        Wait for a refresh that is under way: without its answer the grant is lost.
        """
        if self._refreshing is not None:
            await asyncio.wait({self._refreshing}, timeout=LEASE_SECONDS)

    async def _other_than(self, refused: str | None) -> str:
        try:
            async with self._lock:
                pair = await self._read()
                if pair is None:
                    raise SendError(f"zalo: the OA {self._account.id} is not connected", trouble="officer")
                if pair.access_token == refused:
                    pair = await self._refreshed(pair, needed=True)
                elif self._soon(pair) and (pair.refresh_token or not pair.access_token):
                    pair = await self._refreshed(pair, needed=pair.expires_at <= self._clock())
                return pair.access_token
        except SendError:
            raise
        except Exception as error:
            log.exception("credential.not_read", channel="zalo", account=self._account.id)
            raise SendError(f"zalo: tokens cannot be read: {type(error).__name__}") from error

    async def _read(self) -> Pair | None:
        if self._unsaved is not None:
            await self._save()
        self._known = await self._store.get(self._account.id)
        return self._known

    async def _refreshed(self, pair: Pair, *, needed: bool) -> Pair:
        """
        Return a newer pair. `needed`: this one is no good any more; else it is kept when nothing newer can be had.
        """
        wait = self._not_before - self._clock()
        if wait > 0:
            if not needed:
                return pair
            raise SendError(str(self._why), trouble=self._why.trouble, retry_after=wait)
        if not pair.refresh_token:
            await self._ring(DEAD, f"không có refresh token: {_CONNECT}")
            raise SendError("zalo: the token is dead and there is no refresh token", trouble="officer")
        if not await self._store.take_lease(self._account.id, pair.refresh_token, seconds=LEASE_SECONDS):
            return await self._other_workers(pair, needed=needed)
        # Shielded: whoever wants the token may be cancelled, the answer of the refresh must not get lost.
        self._refreshing = asyncio.create_task(self._refresh(pair))
        self._refreshing.add_done_callback(lambda task: task.cancelled() or task.exception())
        try:
            return await asyncio.shield(self._refreshing)
        except SendError:
            if needed or pair.expires_at <= self._clock():
                raise
            return pair

    async def _other_workers(self, pair: Pair, *, needed: bool) -> Pair:
        for _ in range(_POLLS):
            found = await self._store.get(self._account.id)
            if found is not None and found.access_token != pair.access_token:
                self._known = found
                return found
            if not needed:
                return pair
            await self._pause(_POLL_SECONDS)
        raise self._hold(SendError("zalo: another worker is refreshing the token"), _POLL_SECONDS * _POLLS)

    async def _refresh(self, pair: Pair) -> Pair:
        account = self._account
        try:
            fresh = await self._ask(pair)
        except GrantRefused as error:
            self._hold(SendError(str(error), trouble="officer"), PAUSE_REFUSED_SECONDS)
            await self._store.end_lease(account.id)
            await self._ring(DEAD, f"Zalo không cấp token mới ({error.number or 'không rõ mã'}): {_CONNECT}")
            raise self._why from error
        except GrantUnclear as error:
            self._hold(SendError(str(error)), self._pause_after(error))
            await self._store.end_lease(account.id)
            if error.sent or pair.expires_at - self._clock() < 3600:
                await self._ring(UNCLEAR, "Zalo không trả lời khi đổi token; hệ thống sẽ thử lại")
            raise self._why from error
        self._unreached = 0
        self._unsaved = (pair, fresh)
        fresh = self._known = await self._save()
        log.info("credential.refreshed", channel="zalo", account=account.id)
        self._refreshed_at.append(self._clock())
        if len(self._refreshed_at) == MOST_REFRESHES and self._refreshed_at[0] > self._clock() - PAUSE_SECONDS:
            self._hold(SendError("zalo refuses every new token"), PAUSE_SECONDS)
        await self._settle(DEAD, UNCLEAR, EXPIRING)
        return fresh

    async def _ask(self, pair: Pair) -> Pair:
        """
        Ask for a new pair, and once more when nobody answers: that works if Zalo never got the first request. If it
        did, the second is refused, and the grant is lost either way.
        """
        try:
            return await oauth.refresh(self._session(), self._account, pair.refresh_token, now=self._clock())
        except GrantUnclear as error:
            log.warning("credential.refresh_unclear", channel="zalo", account=self._account.id, problem=str(error))
        return await oauth.refresh(self._session(), self._account, pair.refresh_token, now=self._clock())

    async def _save(self) -> Pair:
        """
        Put a new pair on the disk and return it, or the stored one if somebody has connected the OA anew meanwhile.
        """
        assert self._unsaved is not None
        old, fresh = self._unsaved
        for attempt in range(1, SAVE_TRIES + 1):
            try:
                stored = await self._store.get(self._account.id)
                if stored is None or stored.refresh_token == old.refresh_token:
                    await self._store.save(self._account.id, fresh)
                    stored = fresh
            except Exception:
                log.exception("credential.not_saved", channel="zalo", account=self._account.id, attempt=attempt)
                if attempt < SAVE_TRIES:
                    await self._pause(1.0)
            else:
                self._unsaved = None
                return stored
        raise SendError("zalo: a new token cannot be stored", retry_after=5.0)

    def _hold(self, why: SendError, seconds: float) -> SendError:
        """
        Refresh no more for a while, and say why to whoever needs it.
        """
        self._not_before, self._why = self._clock() + seconds, why
        why.retry_after = seconds
        return why

    def _pause_after(self, error: GrantUnclear) -> float:
        if error.sent:
            return PAUSE_SECONDS
        self._unreached += 1
        return PAUSES_UNREACHED[min(self._unreached, len(PAUSES_UNREACHED)) - 1]

    def _soon(self, pair: Pair) -> bool:
        return pair.expires_at - self._clock() < REFRESH_BELOW_SECONDS

    async def _ring(self, code: str, detail: str) -> None:
        self._quiet.discard(code)
        await self._store.alarm(self._account.id, code, detail)

    async def _settle(self, *codes: str) -> None:
        for code in codes:
            if code not in self._quiet:
                await self._store.clear(self._account.id, code)
                self._quiet.add(code)
