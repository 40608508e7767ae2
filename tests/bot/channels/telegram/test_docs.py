"""
docs/channels/telegram.md names every field of an account and every code that an operator may meet.
"""

from __future__ import annotations

import re

from bot.channels.telegram import trouble
from bot.channels.telegram.account import TelegramAccount
from bot.channels.telegram.trouble import BAD_REQUEST_ROWS, FORBIDDEN_ROWS, Row
from tests.house.repository import ROOT

TEXT = (ROOT / "docs/channels/telegram.md").read_text("utf-8")


def test_every_field_of_an_account_is_on_the_page_with_its_default():
    fields = dict(
        re.findall(r"^\| `(\w+)` \| (.*?) \|", TEXT.partition("## Fields")[2].partition("##")[0], re.MULTILINE)
    )

    assert list(fields) == list(TelegramAccount.model_fields)
    for name, field in TelegramAccount.model_fields.items():
        given = "needed" if field.is_required() else "(empty)" if field.default in (None, "") else f"`{field.default}`"
        assert fields[name] == given.replace("True", "true")


def test_every_code_is_on_the_page():
    rows = [one for one in vars(trouble).values() if isinstance(one, Row)]
    rows += [row for _, row in (*FORBIDDEN_ROWS, *BAD_REQUEST_ROWS)]

    assert {row.code for row in rows if f"`{row.code}`" not in TEXT} == set()
