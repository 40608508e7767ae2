"""
The Official Account that these tests speak for, and its events. All ids, secrets and words are invented.
"""

from __future__ import annotations

from typing import Any

from bot.channels.zalo.account import ZaloAccount

OA, APP, CITIZEN, OFFICER = "2810000000000000001", "3600000000000000001", "7420000000000000009", "9910000000000000005"
APP_SECRET, OA_SECRET = "app-secret-of-tests", "oa-secret-of-tests"
NOON = 1_795_150_800.0  # 2026-11-20 12:00 in Vietnam
HOUR, DAY = 3600.0, 86_400.0
ADDRESS = f"{OA}/{CITIZEN}"


def account(**changes: Any) -> ZaloAccount:
    given = {
        "id": OA, "ward": "hoa-binh", "app_id": APP, "app_secret": APP_SECRET, "oa_secret": OA_SECRET,
    }  # fmt: skip
    return ZaloAccount.model_validate(given | changes)


ACCOUNT = account()


def said(text: Any = "Đăng ký khai sinh cần gì?", **changes: Any) -> dict[str, Any]:
    """
    Return the event of a typed text.
    """
    event = {
        "app_id": APP,
        "sender": {"id": CITIZEN},
        "user_id_by_app": "8850000000000000003",
        "recipient": {"id": OA},
        "event_name": "user_send_text",
        "message": {"text": text, "msg_id": "96d3cdf3af150460909"},
        "timestamp": str(int(NOON * 1000)),
    }
    return event | changes
