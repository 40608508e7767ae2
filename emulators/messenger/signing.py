"""
How Meta writes and signs a request to a webhook. Pure.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any


def encode(body: Any) -> bytes:
    """
    Write JSON as Meta does: ASCII only, lower-case escapes of four digits, slashes escaped too.
    """
    return json.dumps(body, ensure_ascii=True, separators=(",", ":")).replace("/", "\\/").encode("ascii")


def signatures(secret: str, raw: bytes, how: str) -> dict[str, str]:
    """
    Return the headers that sign these bytes. `how` is one of weather.SIGNATURES.
    """
    if how == "missing":
        return {}
    key = (secret + "-not").encode() if how == "wrong" else secret.encode()
    headers = {"X-Hub-Signature": "sha1=" + hmac.new(key, raw, hashlib.sha1).hexdigest()}
    if how != "sha1":
        headers["X-Hub-Signature-256"] = "sha256=" + hmac.new(key, raw, hashlib.sha256).hexdigest()
    if how == "sha256":
        del headers["X-Hub-Signature"]
    return headers


def proof(secret: str, token: str) -> str:
    """
    Return the appsecret_proof of a token.
    """
    return hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()
