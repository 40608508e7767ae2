"""
Pure: is a webhook request Zalo's? mac = SHA-256 (not HMAC) of app id + raw body + timestamp + OA secret key.

What the sources disagree about is tried in order, and what matched is said: the timestamp of a header or of the body,
the app id or the OA's id as first term (zalo-oa sheet 7.1, read 2026-11-20).
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from bot.channels.account import reveal
from bot.channels.zalo.account import ZaloAccount

SIGNATURE = "X-ZEvent-Signature"
TIMESTAMP = "X-ZEvent-Timestamp"
_MAC = re.compile(r"(?:mac\s*=\s*)?([0-9a-f]{64})", re.ASCII | re.IGNORECASE)
_MOMENT = re.compile(r"\d{1,20}", re.ASCII)


class Signed(NamedTuple):
    """
    How a request was signed. `at`: seconds since 1970, from the timestamp that the signature covers.
    """

    first: str  # app_id, oa_id
    timestamp: str  # header, body
    at: float


def mac(first: str, raw: bytes, timestamp: str, secret: str) -> str:
    digest = hashlib.sha256(first.encode())
    for piece in (raw, timestamp.encode(), secret.encode()):
        digest.update(piece)
    return digest.hexdigest()


def verify(headers: Mapping[str, str], raw: bytes, body: Any, account: ZaloAccount) -> Signed | None:
    """
    Say how the request is signed with the secret of this account, or None when it is not.
    """
    return _signed(headers, raw, body, account, account.signing_secret)


def signed_with_the_app_secret(headers: Mapping[str, str], raw: bytes, body: Any, account: ZaloAccount) -> bool:
    """
    Say whether a refused request would pass with the other secret: a hint for the operator, never a way in.
    """
    secret = reveal(account.app_secret) or ""
    return account.oa_secret is not None and _signed(headers, raw, body, account, secret) is not None


def _signed(headers: Mapping[str, str], raw: bytes, body: Any, account: ZaloAccount, secret: str) -> Signed | None:
    match = _MAC.fullmatch(headers.get(SIGNATURE, "").strip())
    if match is None:
        return None
    given = match[1].lower()
    for name, timestamp in _timestamps(headers, body):
        for first in ("app_id", "oa_id"):
            if account.sign_first not in (first, "either"):
                continue
            term = account.app_id if first == "app_id" else account.id
            if hmac.compare_digest(mac(term, raw, timestamp, secret), given):
                return Signed(first, name, _seconds(int(timestamp)))
    return None


def _timestamps(headers: Mapping[str, str], body: Any) -> Iterator[tuple[str, str]]:
    header = headers.get(TIMESTAMP, "").strip()
    if _MOMENT.fullmatch(header):
        yield "header", header
    inside = body.get("timestamp") if isinstance(body, dict) else None
    if isinstance(inside, (str, int)) and not isinstance(inside, bool):
        text = str(inside)
        if _MOMENT.fullmatch(text) and text != header:
            yield "body", text


def _seconds(timestamp: int) -> float:
    # The body's is in milliseconds; what a header may hold, no source says.
    return timestamp / 1000 if timestamp > 1e11 else float(timestamp)
