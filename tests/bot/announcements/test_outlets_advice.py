"""
What an officer reads about a publication that failed: Vietnamese, with what to do, whatever the row keeps.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.announcements.outlets.advice import TECHNICIAN, UNCLEAR, advise
from bot.channels.messenger.trouble import BY_CODE
from bot.channels.zalo.trouble import TABLE


@pytest.mark.parametrize(
    ("problem", "fragment"),
    [
        ("zalo -211: out of quota", "hết lượt gửi bài"),
        ("zalo -234: not at night, 22:00 to 06:00", "6 giờ sáng"),
        ("zalo cover.missing: an article needs a picture", "ảnh bìa"),
        ("zalo -221: the OA is not verified", "xác thực OA"),
        ("zalo not reached: ClientConnectorError", "tự thử lại"),
        ("facebook 368: the Page is held back", "vài giờ"),
        ("facebook 506: the same text", "cùng nội dung"),
        ("facebook 190/460: token dead (trace A1)", "mã truy cập"),
        ("facebook 200: a permission is missing", "pages_manage_posts"),
        ("telegram recipient.unknown: 400: no such chat", "quản trị viên của kênh"),
        ("telegram token.refused: 401 or 404", "BotFather"),
        ("telegram api.unreachable: no connection", "tự thử lại"),
        ("rendition.incomplete: without text", "soạn lại"),
        ("account.missing", "chưa kết nối kênh"),
        ("picture.missing: it is not among the uploads", "tải ảnh lên"),
    ],
)
def test_a_known_problem_says_what_to_do(problem: str, fragment: str) -> None:
    assert fragment in advise("failed", problem)


def test_an_unclear_one_is_looked_at_before_anything_else() -> None:
    assert advise("uncertain", "facebook 2: a passing trouble at Meta") == UNCLEAR
    assert advise("uncertain", "not found among the newest posts") == UNCLEAR


def test_what_is_sent_needs_no_words() -> None:
    assert advise("sent", None) == advise("sent", "facebook 2") == advise("due", None) == ""


@pytest.mark.parametrize(
    "problem", [f"zalo {code}: x" for code in TABLE] + [f"facebook {code}: x" for code in BY_CODE] + ["zalo -99999: x"]
)
def test_every_code_has_a_sentence_about_the_post_and_not_about_a_citizen(problem: str) -> None:
    said = advise("failed", problem)

    assert said
    assert "người này" not in said
    assert "người dân nhắn lại" not in said


@given(st.text(max_size=80))
def test_whatever_stands_there_is_answered(problem: str) -> None:
    said = advise("failed", problem)

    assert bool(said) == bool(problem)
    assert said in TECHNICIAN.format(problem=problem) or said != problem
