"""
A page refuses. Unlike other RequestErrors it never becomes JSON: the guard makes a Vietnamese page of it, with the
sentences that wording.PROBLEMS has for its code or its status.
"""

from __future__ import annotations

from bot.errors import RequestError


class Refused(RequestError):
    """
    What was asked for is not done. The message is for the operator.
    """


def not_allowed(permission: str) -> Refused:
    return Refused(403, "officer.not_allowed", f"not allowed: {permission}")


def not_found(what: str) -> Refused:
    return Refused(404, "page.unknown", f"no such {what}")
