"""
Passwords, and the lockout after wrong ones.

A try is written down as failed before its password is looked at, so that many tries at once count as many. A login
that does not exist is treated as one that does, in words and in time.
"""

from __future__ import annotations

import asyncio
import math
import unicodedata
from typing import NamedTuple

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.database import sign_in

WINDOW_SECONDS = 15 * 60.0
MOST_PER_LOGIN = 5
# An office has one address for all its people, and people mistype.
MOST_PER_ADDRESS = 20
KEEP_SECONDS = 86_400.0
# Any number; together with the login's hash it names the lock.
_LOCK = 20261121
MIN_CHARS, MAX_CHARS = 10, 200
# What people choose when they must have ten characters; compared without case, marks and spaces.
COMMON = frozenset(
    {"1234567890", "0123456789", "12345678910", "0987654321", "1111111111", "0000000000", "qwertyuiop", "matkhau123",
     "matkhau1234", "password123", "password1234", "abc1234567", "abcd123456", "1q2w3e4r5t", "quantri123", "quantri1234",
     "motcua1234", "motcua12345", "canbo12345", "anhyeuem123", "iloveyou123"}
)  # fmt: skip


class Try(NamedTuple):
    """
    `locked_seconds` > 0: the password is not even looked at.
    """

    id: int
    locked_seconds: float


class Passwords:
    """
    Argon2id with the parameters of RFC 9106 for little memory (64 MiB, 3 passes, 4 lanes), in threads, two at a time.
    """

    def __init__(self, hasher: PasswordHasher | None = None):
        self._hasher = hasher or PasswordHasher()
        self._turn = asyncio.Semaphore(2)
        self._nobodys: str | None = None

    async def hash(self, password: str) -> str:
        async with self._turn:
            return await asyncio.to_thread(self._hasher.hash, _same(password))

    async def verify(self, hashed: str | None, password: str) -> bool:
        """
        Say whether the password is right; takes as long when there is no hash.
        """
        if self._nobodys is None:
            self._nobodys = await self.hash("nobody has this password")
        async with self._turn:
            right = await asyncio.to_thread(self._verify, hashed or self._nobodys, _same(password))
        return right and hashed is not None

    def is_dated(self, hashed: str) -> bool:
        return self._hasher.check_needs_rehash(hashed)

    def _verify(self, hashed: str, password: str) -> bool:
        try:
            return self._hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False


def begin_try(connection: sa.Connection, login: str, address: str, *, now: float) -> Try:
    """
    Write down a try. `right` follows when its password was right.
    """
    connection.execute(sa.delete(sign_in).where(sign_in.c.at < now - KEEP_SECONDS))
    login, address = login[:64], address[:64]
    if connection.dialect.name == "postgresql":  # SQLite has one writer; here tries of one login queue up
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK, sa.func.hashtext(login))))
    right = sa.select(sa.func.max(sign_in.c.at)).where(sign_in.c.login == login, sign_in.c.ok)
    since = max(now - WINDOW_SECONDS, connection.execute(right).scalar_one() or 0.0)
    by_login = _failures(connection, sign_in.c.login == login, since=since)
    by_address = _failures(connection, sign_in.c.address == address, since=now - WINDOW_SECONDS)
    until = max(_until(by_login, MOST_PER_LOGIN), _until(by_address, MOST_PER_ADDRESS))
    if until > now:
        return Try(0, until - now)
    values = {"login": login, "address": address, "ok": False, "at": now}
    return Try(connection.execute(sa.insert(sign_in).values(values).returning(sign_in.c.id)).scalar_one(), 0.0)


def right(connection: sa.Connection, try_id: int) -> None:
    connection.execute(sa.update(sign_in).where(sign_in.c.id == try_id).values(ok=True))


def forgive(connection: sa.Connection, login: str) -> None:
    """
    End the lock of a login: its officer has got a new password.
    """
    connection.execute(sa.delete(sign_in).where(sign_in.c.login == login, sa.not_(sign_in.c.ok)))


def _failures(connection: sa.Connection, of: sa.ColumnElement[bool], *, since: float) -> list[float]:
    query = sa.select(sign_in.c.at).where(of, sa.not_(sign_in.c.ok), sign_in.c.at > since)
    return list(connection.execute(query.order_by(sign_in.c.at.desc())).scalars())


def _until(failures: list[float], most: int) -> float:
    # Newest first: the lock ends when the oldest of the last `most` leaves the window.
    return failures[most - 1] + WINDOW_SECONDS if len(failures) >= most else 0.0


def weakness(password: str, *, login: str) -> str | None:
    """
    Say why a password will not do: "short", "long", "common", "login"; None when it will. Pure.
    """
    plain = _bare(password)
    if len(password) < MIN_CHARS:
        return "short"
    if len(password) > MAX_CHARS:
        return "long"
    if plain in COMMON or len(set(plain)) < 4:
        return "common"
    if login and _bare(login) in plain and len(plain) - len(_bare(login)) < MIN_CHARS - 4:
        return "login"
    return None


def minutes(seconds: float) -> int:
    return max(1, math.ceil(seconds / 60))


def _same(password: str) -> str:
    # Two keyboards write "ệ" in two ways; both are the same password.
    return unicodedata.normalize("NFKC", password)


def _bare(text: str) -> str:
    folded = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(one for one in folded if not unicodedata.combining(one) and not one.isspace())
