"""
How Zalo says no: HTTP 200 and a code that is not 0. Match on the number; the wording varies on the real platform too.

Numbers are those of the channel's fact sheet, but for -14001, -14004 and -14012 (what exactly is wrong with an OAuth
request) and -131, -132 (ZBS templates), which no source ties to a meaning: here they are guesses.
"""

from __future__ import annotations

from typing import Any

MESSAGES = {
    -32: "Rate limit is exceeded",
    -100: "Attachment is expired",
    -200: "Send message failed",
    -201: "Params is invalid",
    -204: "OA is disabled or deleted",
    -205: "OA does not exist",
    -209: "API is not supported, app is not activated",
    -210: "Parameter is over the limit",
    -211: "Out of quota",
    -212: "OA has not registered for this API",
    -213: "User has not followed OA",
    -214: "Article is being processed",
    -216: "Access token is invalid",
    -217: "User has blocked messages of OA",
    -218: "Out of quota to receive messages of this user",
    -219: "App is removed or disabled",
    -220: "Access token is expired or revoked",
    -221: "OA has not been verified",
    -223: "OA has not authorised this API",
    -224: "OA package does not support this API, please upgrade",
    -227: "User is banned or has been inactive for more than 45 days",
    -230: "User has not interacted with OA in the past 7 days",
    -232: "User has not interacted with OA, or the interaction is expired",
    -233: "Message type is not supported or allowed",
    -234: "This message is not sent from 22:00 to 06:00",
    -235: "API is not supported for this type of OA",
    -238: "Asset has been used or is expired",
    -240: "Message API v2 is shut down, please use v3",
    -241: "Asset is disabled",
    -242: "appsecret_proof is invalid",
    -244: "User restricts this type of messages",
    -248: "Content violates the policy",
    -249: "Template cannot be sent by user id",
    -320: "App is not linked to a Zalo Cloud Account",
    -321: "Zalo Cloud Account is out of money",
    112: "OA is not linked to the app",
    404: "Empty or invalid API",
    # ZBS
    -108: "Phone number is invalid",
    -114: "User cannot receive this message",
    -115: "Out of balance",
    -124: "Access token is invalid",
    -126: "Development mode: wallet is not enough",
    -127: "Development mode: only for admins of the app",
    -131: "Template is not found",
    -132: "Template data is invalid",
    -133: "This message is not sent at night",
    -146: "Template is disabled",
    -1121: "Parameter is too long",
    # OAuth
    -14001: "Invalid grant type",
    -14002: "Invalid app id",
    -14003: "Invalid redirect uri",
    -14004: "Invalid secret key",
    -14005: "Invalid code",
    -14012: "Invalid code verifier",
    -14014: "Invalid refresh token",
    -14019: "Code is expired",
    -14020: "Refresh token is expired",
}


class Refused(Exception):
    """
    The platform does not do what it was asked.
    """

    def __init__(self, code: int, message: str | None = None):
        super().__init__(message or MESSAGES.get(code, "Unknown error"))
        self.code, self.message = code, str(self)

    @property
    def body(self) -> dict[str, Any]:
        return {"error": self.code, "message": self.message}


def invalid(field: str) -> Refused:
    return Refused(-201, f"{field} is invalid")


def over(field: str, limit: int) -> Refused:
    return Refused(-210, f"{field} is over the limit of {limit}")
