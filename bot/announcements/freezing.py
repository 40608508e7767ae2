"""
What is approved: the text, its renditions and its rule, in one piece that never changes again, and its hash.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from bot.announcements.store import Row, as_dict

# outlet → the fields of its rendition
Renditions = Mapping[str, Mapping[str, Any]]


def freeze(row: Row, renditions: Mapping[str, Renditions]) -> dict[str, Any]:
    """
    Return what the approver sees and what is sent.

    Args:
        renditions: Ward → outlet → fields, for every ward where it appears.
    """
    announcement = as_dict(row.announcement)
    return {
        "announcement": announcement,
        "renditions": {outlet: dict(fields) for outlet, fields in renditions.get(row.ward, {}).items()},
        "by_ward": {
            ward: {outlet: dict(fields) for outlet, fields in of_ward.items()}
            for ward, of_ward in renditions.items()
            if ward != row.ward
        },
        "audience": announcement["audience"],
        "outlets": announcement["outlets"],
        "wards": announcement["wards"],
        "version": row.version,
    }


def rendition(frozen: Mapping[str, Any], ward: str, outlet: str) -> dict[str, Any]:
    """
    Return the fields that this outlet of this ward gets; the announcement's own ward's where it has none of its own.
    """
    own: Mapping[str, Any] = frozen.get("by_ward", {}).get(ward, {})
    found: dict[str, Any] = own.get(outlet) or frozen["renditions"].get(outlet) or {}
    return found


def digest(frozen: Mapping[str, Any]) -> str:
    """
    Return the sha256 of the canonical JSON: keys sorted, no spaces, letters as they are.
    """
    text = json.dumps(frozen, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def untouched(row: Row) -> bool:
    """
    Say whether what is kept as frozen still is what was hashed when it was frozen.
    """
    return row.frozen is not None and row.hash is not None and hmac.compare_digest(digest(row.frozen), row.hash)
