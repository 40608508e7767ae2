"""
What `python -m bot check` finds out about an account: one line each, with what to do.
"""

from __future__ import annotations

from typing import NamedTuple


class Finding(NamedTuple):
    ok: bool
    name: str  # token, rights, webhook, quota …
    detail: str
    advice: str = ""
