from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.channels.zalo.trouble import BUSY_SECONDS, TABLE, judge, seconds_until_morning
from tests.bot.channels.zalo.oa import HOUR, NOON
from tests.house.repository import ROOT

DOCS = ROOT / "docs/channels/zalo.md"
RETRY, TOKEN = {-32, -100, -200, -214, -234}, {-216, -220}
RECIPIENT = {-213, -217, -218, -227, -230, -232, -237, -244, -403, -1441, -1472}


@pytest.mark.parametrize("code", sorted(TABLE))
def test_every_code_is_in_its_class(code: int) -> None:
    wanted = next((name for name, codes in CLASSES.items() if code in codes), "officer")

    assert judge(code, now=NOON).trouble == wanted


CLASSES = {"retry": RETRY, "token": TOKEN, "recipient": RECIPIENT}


def test_a_code_that_nobody_explains_is_tried_again() -> None:
    assert judge(-305, now=NOON).trouble == "retry"
    assert judge(-999_999, now=NOON).trouble == "retry"


def test_the_call_limit_waits_a_minute() -> None:
    assert judge(-32, now=NOON).retry_after == BUSY_SECONDS


@pytest.mark.parametrize(
    ("hours_after_noon", "wait_hours"), [(10, 8), (11.5, 6.5), (14, 4), (17.5, 0.5), (18, 24), (0, 18)]
)
def test_at_night_the_wait_is_until_six_in_viet_nam(hours_after_noon: float, wait_hours: float) -> None:
    assert judge(-234, now=NOON + hours_after_noon * HOUR).retry_after == wait_hours * HOUR
    assert seconds_until_morning(NOON + hours_after_noon * HOUR) == wait_hours * HOUR


@pytest.mark.parametrize("code", sorted(TABLE))
def test_the_officer_is_told_what_to_do_in_vietnamese(code: int) -> None:
    verdict = TABLE[code]

    assert verdict.what.isascii()
    assert re.search(r"[ạảấầẩậắếềệịọốồộớờợụứừựỳỹđ]", verdict.advice)
    assert verdict.advice.endswith((".", ")."))


def test_the_docs_list_every_code_with_its_class() -> None:
    rows = dict(re.findall(r"^\| `(-?\d+)` \| (\w+) \|", Path(DOCS).read_text("utf-8"), re.MULTILINE))

    assert rows == {str(code): verdict.trouble for code, verdict in TABLE.items()}
