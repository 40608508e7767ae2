"""
Which portals may embed the chat: site key → ward and allowed origins.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.errors import SitesError

_KEY = re.compile(r"[a-z0-9-]{8,64}")
_SLUG = re.compile(r"[a-z0-9-]{1,64}")
_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?")


@dataclass(frozen=True)
class Site:
    key: str
    ward: str
    origins: tuple[str, ...]


def load(path: Path) -> dict[str, Site]:
    """
    Read the sites file.

    Raises:
        SitesError: With one line per problem.
    """
    try:
        document = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise SitesError([f"{path} cannot be read: {error}"]) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        raise SitesError([f"{path}{line} is not YAML: {getattr(error, 'problem', error)}"]) from error
    entries = document.get("sites") if isinstance(document, dict) else None
    if entries is None:
        entries = {}
    if not isinstance(entries, dict):
        raise SitesError([f"{path}: 'sites' must list site keys"])
    problems: list[str] = []
    sites = {str(key): _site(str(key), value, problems) for key, value in entries.items()}
    if problems:
        raise SitesError([f"{path}: {problem}" for problem in problems])
    return sites


def _site(key: str, value: Any, problems: list[str]) -> Site:
    if not _KEY.fullmatch(key):
        problems.append(f"site key {key!r} must be 8 to 64 small letters, digits and hyphens")
    if not isinstance(value, Mapping) or not value.keys() <= {"ward", "origins"}:
        problems.append(f"{key}: needs ward and origins, and nothing else")
        return Site(key, "", ())
    ward, origins = value.get("ward"), value.get("origins")
    if not isinstance(ward, str) or not _SLUG.fullmatch(ward):
        problems.append(f"{key}: ward must be the slug of a ward")
    if not isinstance(origins, list) or not origins:
        problems.append(f"{key}: origins must list at least one address such as https://portal.example")
        origins = []
    for origin in origins:
        if not isinstance(origin, str) or not _ORIGIN.fullmatch(origin):
            problems.append(f"{key}: origin {origin!r} must be scheme://host[:port] in small letters, without a path")
    return Site(key, str(ward), tuple(map(str, origins)))
