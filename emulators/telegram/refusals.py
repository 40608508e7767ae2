"""
The Bot API's refusals: HTTP status, description and parameters as Telegram words them (widely quoted, read 2026-11-20).
"""

from __future__ import annotations

from typing import Any

NAMES = {
    400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 409: "Conflict",
    413: "Request Entity Too Large", 429: "Too Many Requests", 500: "Internal Server Error",
}  # fmt: skip


class Refused(Exception):
    """
    A call is refused: `{"ok": false, "error_code", "description", "parameters"?}` with the same HTTP status.
    """

    def __init__(self, status: int, what: str = "", **parameters: Any):
        self.status, self.parameters = status, parameters
        self.description = f"{NAMES[status]}: {what}" if what else NAMES[status]
        super().__init__(self.description)

    def body(self) -> dict[str, Any]:
        told = {"ok": False, "error_code": self.status, "description": self.description}
        return {**told, "parameters": self.parameters} if self.parameters else told


def bad(what: str, **parameters: Any) -> Refused:
    return Refused(400, what, **parameters)


def too_many(seconds: int) -> Refused:
    return Refused(429, f"retry after {seconds}", retry_after=seconds)


# `raise Refused(*BLOCKED)`
BLOCKED = (403, "bot was blocked by the user")
NEVER_STARTED = (403, "bot can't initiate conversation with a user")
DEACTIVATED = (403, "user is deactivated")
NOT_IN_CHANNEL = (403, "bot is not a member of the channel chat")
CHAT_NOT_FOUND = (400, "chat not found")
QUERY_TOO_OLD = (400, "query is too old and response timeout expired or query ID is invalid")
WEBHOOK_ACTIVE = (
    409,
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
)
OTHER_POLLER = (409, "terminated by other getUpdates request; make sure that only one bot instance is running")
WEBHOOK_SET = (409, "terminated by setWebhook request")
