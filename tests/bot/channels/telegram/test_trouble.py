"""
Each way in which a call can fail is one of four kinds of trouble, and says nothing that it should not.
"""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.channels.telegram.trouble import ADVICE, BAD_REQUEST_ROWS, FORBIDDEN_ROWS, find, judge, seconds
from tests.house.test_errors import VIETNAMESE

pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "trouble", "uncertain"),
    [
        (RetryAfter(7), "retry", False),
        (ChatMigrated(-100), "recipient", False),
        (Forbidden("Forbidden: bot was blocked by the user"), "recipient", False),
        (Forbidden("Forbidden: bot can't initiate conversation with a user"), "recipient", False),
        (Forbidden("Forbidden: user is deactivated"), "recipient", False),
        (Forbidden("Forbidden: bot was kicked from the group chat"), "recipient", False),
        (Forbidden("Forbidden: of a new kind"), "recipient", False),
        (BadRequest("Bad Request: chat not found"), "recipient", False),
        (BadRequest("Bad Request: PEER_ID_INVALID"), "recipient", False),
        (BadRequest("Bad Request: message is too long"), "officer", False),
        (BadRequest("Bad Request: message text is empty"), "officer", False),
        (BadRequest("Bad Request: BUTTON_DATA_INVALID"), "officer", False),
        (BadRequest("Bad Request: can't parse entities: …"), "officer", False),
        (BadRequest("Bad Request: of a new kind"), "officer", False),
        (InvalidToken(), "officer", False),
        (Conflict("Conflict: terminated by other getUpdates request"), "officer", False),
        (NetworkError("Internal Server Error"), "retry", False),
        (caused(NetworkError("Bad Gateway (502)"), TelegramError("Invalid server response")), "retry", True),
        (caused(NetworkError("x"), httpx.ConnectError("x")), "retry", False),
        (caused(NetworkError("x"), httpx.ReadError("x")), "retry", True),
        (caused(NetworkError("x"), httpx.RemoteProtocolError("x")), "retry", True),
        (caused(NetworkError("x"), httpx.ProxyError("x")), "retry", False),
        (caused(TimedOut(), httpx.ConnectTimeout("x")), "retry", False),
        (caused(TimedOut(), httpx.PoolTimeout("x")), "retry", False),
        (caused(TimedOut(), httpx.ReadTimeout("x")), "retry", True),
        (caused(TimedOut(), httpx.WriteTimeout("x")), "retry", True),
        (TimedOut(), "retry", True),
        (TelegramError("Invalid server response"), "retry", True),
        (TimeoutError(), "retry", True),
    ],
    ids=lambda one: repr(one)[:60],
)
def test_every_error_is_one_kind_of_trouble(error: Exception, trouble: str, uncertain: bool):
    told = judge(error)

    assert (told.trouble, told.uncertain) == (trouble, uncertain)
    assert told.permanent == (trouble in ("recipient", "officer"))


@pytest.mark.parametrize("as_timedelta", ["", "true"])
def test_retry_after_is_seconds_whether_ptb_says_int_or_timedelta(as_timedelta: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PTB_TIMEDELTA", as_timedelta)

    assert judge(RetryAfter(timedelta(seconds=90))).retry_after == 90.0
    assert (seconds(5), seconds(timedelta(minutes=2))) == (5.0, 120.0)


def test_an_error_is_never_quoted():
    secret = "7000000001:AAInvented"

    for error in (InvalidToken(f"The token `{secret}` was rejected"), NetworkError(secret), BadRequest(secret)):
        assert secret not in str(judge(error))


def test_what_a_person_must_do_is_said_in_vietnamese_for_every_row_that_needs_it():
    rows = [row for _, row in (*FORBIDDEN_ROWS, *BAD_REQUEST_ROWS)]
    rows += [find(one) for one in (InvalidToken(), Conflict("x"), BadRequest("x"))]

    for row in rows:
        assert (row.trouble == "officer") == bool(row.advice) == (row.code in ADVICE)
        assert not row.advice or VIETNAMESE.search(row.advice)
