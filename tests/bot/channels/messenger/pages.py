"""
The Page that these tests speak for. All ids and secrets are invented.
"""

from __future__ import annotations

from typing import Any

from bot.channels.messenger.account import MessengerAccount

PAGE, PERSON, APP, INBOX = "102030405060708", "5566778899001122", "334455667788", "263902037430900"
SECRET, TOKEN, VERIFY = "app-secret-of-tests", "page-token-of-tests", "word-of-tests"


def account(**changes: Any) -> MessengerAccount:
    given = {
        "id": PAGE, "ward": "hoa-binh", "app_id": APP, "app_secret": SECRET, "page_token": TOKEN, "verify_token": VERIFY,
    }  # fmt: skip
    return MessengerAccount.model_validate(given | changes)


ACCOUNT = account()
