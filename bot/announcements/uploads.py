"""
Pictures and files of announcements: kept in a folder under the digest of what they hold, so that what was approved
stays what it is.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Literal

from bot import file_types

What = Literal["picture", "file"]

FOLDER = "announcements"
PICTURE_BYTES = 1_000_000  # Zalo takes no larger cover (zalo-oa.md, 2026-11-20)
FILE_BYTES = 5_000_000
TAKEN: dict[What, dict[str, str]] = {
    "picture": {"image/jpeg": ".jpg", "image/png": ".png"},
    "file": {"application/pdf": ".pdf"},
}
MOST_BYTES: dict[What, int] = {"picture": PICTURE_BYTES, "file": FILE_BYTES}
_NAME = re.compile(r"[0-9a-f]{64}\.(?:jpg|png|pdf)")


class Unfit(ValueError):
    """
    An upload is not taken. `why`: "empty", "large" or "type".
    """

    def __init__(self, why: str):
        super().__init__(why)
        self.why = why


def keep(files: Path, what: What, content: bytes) -> str:
    """
    Keep an upload in the bot's folder of files, and return its name there. What a file is, its first bytes say.

    Raises:
        Unfit: Nothing was kept.
    """
    if not content:
        raise Unfit("empty")
    if len(content) > MOST_BYTES[what]:
        raise Unfit("large")
    suffix = TAKEN[what].get(file_types.sniff(content[: file_types.HEAD_BYTES]))
    if suffix is None:
        raise Unfit("type")
    name = hashlib.sha256(content).hexdigest() + suffix
    path = files / FOLDER / name
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(".part")
        beside.write_bytes(content)
        beside.replace(path)
    return name


def path_of(files: Path, name: str | None) -> Path | None:
    """
    Return where an upload lies; None for what is no name of ours, or is not there.
    """
    if not name or not _NAME.fullmatch(name):
        return None
    path = files / FOLDER / name
    return path if path.is_file() else None


def media_type(name: str) -> str:
    """
    "….jpg" → "image/jpeg"
    """
    for kinds in TAKEN.values():
        for kind, suffix in kinds.items():
            if name.endswith(suffix):
                return kind
    return file_types.UNKNOWN
