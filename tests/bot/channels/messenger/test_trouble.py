"""
What each error of the Graph API means.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.messenger.graph import GraphError, read, usage
from bot.channels.messenger.trouble import BY_CODE, BY_SUBCODE, judge, judge_status
from tests.bot.test_dialogue import JSON

# code, subcode → class, as section 6 of the sheet says.
TABLE: list[tuple[int, int | None, str]] = [
    (1, None, "retry"), (2, None, "retry"), (1200, None, "retry"), (2, 2018344, "officer"), (199, None, "officer"),
    (199, 11357046, "officer"), (11357046, None, "officer"), (4, None, "retry"), (17, None, "retry"), (32, None, "retry"),
    (4, 2018354, "retry"), (613, None, "retry"), (613, 2018338, "officer"), (10, None, "officer"),
    (10, 2018278, "recipient"), (10, 2534022, "recipient"), (10, 2018065, "recipient"), (10, 2018108, "recipient"),
    (10, 1893015, "recipient"), (10, 1893063, "officer"), (100, None, "officer"), (100, 33, "officer"),
    (100, 2018001, "recipient"), (100, 2018008, "officer"), (100, 2018047, "officer"), (100, 2018074, "officer"),
    (100, 2018109, "officer"), (100, 2018294, "officer"), (100, 2018015, "officer"), (100, 2018053, "officer"),
    (100, 2018040, "officer"), (100, 2018041, "officer"), (100, 2534037, "retry"), (2018300, None, "retry"),
    (190, None, "officer"), (190, 458, "officer"), (190, 460, "officer"), (190, 463, "officer"), (190, 467, "officer"),
    (200, None, "officer"), (200, 2018028, "officer"), (551, None, "recipient"), (551, 1545041, "recipient"),
    (200, 1545041, "recipient"), (2018218, None, "officer"), (2018247, None, "officer"), (2022, None, "officer"),
    (2018014, None, "officer"), (2018321, None, "officer"), (368, None, "officer"), (9000001, None, "recipient"),
]  # fmt: skip


def error(code: int, subcode: int | None = None, message: str = "", **more: Any) -> dict[str, Any]:
    made = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "Ax_1-z", **more}
    return made | ({"error_subcode": subcode} if subcode else {})


@pytest.mark.parametrize(("code", "subcode", "trouble"), TABLE)
def test_every_code_of_the_sheet_has_its_class(code: int, subcode: int | None, trouble: str) -> None:
    assert judge(error(code, subcode), status=400).trouble == trouble


@pytest.mark.parametrize(("code", "subcode", "trouble"), [row for row in TABLE if row[1]])
def test_a_subcode_counts_whatever_its_code(code: int, subcode: int, trouble: str) -> None:
    assert judge(error(100 if code != 100 else 200, subcode), status=400).trouble == trouble


def test_the_number_in_the_message_counts_before_the_code() -> None:
    assert judge(error(200, message="(#551) This person isn't available right now."), status=403).trouble == "recipient"


def test_what_meta_calls_transient_is_tried_again() -> None:
    assert judge(error(77777, is_transient=True), status=400).trouble == "retry"


def test_transient_does_not_open_a_closed_window() -> None:
    assert judge(error(10, 2018278, is_transient=True), status=400).trouble == "recipient"


@pytest.mark.parametrize(("status", "trouble"), [(400, "officer"), (500, "retry"), (503, "retry")])
def test_an_unknown_code_goes_by_the_status(status: int, trouble: str) -> None:
    assert judge(error(77777), status=status).trouble == trouble


@pytest.mark.parametrize(
    ("status", "trouble"), [(429, "retry"), (408, "retry"), (502, "retry"), (404, "officer"), (302, "officer")]
)
def test_an_answer_of_somebody_else_goes_by_its_status(status: int, trouble: str) -> None:
    assert judge_status(status).trouble == trouble


def test_every_verdict_says_what_happened_and_every_officer_what_to_do() -> None:
    for verdict in (*BY_CODE.values(), *BY_SUBCODE.values()):
        assert verdict.what
        assert verdict.advice


def test_a_refusal_names_code_and_trace_and_none_of_metas_words() -> None:
    with pytest.raises(GraphError) as refused:
        raise_for(error(10, 2018278, "(#10) sent to 5566778899001122 outside"))

    assert str(refused.value) == (
        "messenger 10/2018278: outside the 24 hours after the citizen's last act (trace Ax_1-z)"
    )
    assert (refused.value.trouble, refused.value.uncertain) == ("recipient", False)


def test_an_error_inside_a_200_is_an_error() -> None:
    with pytest.raises(GraphError):
        read(200, {}, b'{"error":{"code":2}}')


@pytest.mark.parametrize(("status", "uncertain"), [(200, True), (502, True), (504, True), (404, False), (429, False)])
def test_what_cannot_be_read_may_have_been_sent_unless_it_was_refused(status: int, uncertain: bool) -> None:
    with pytest.raises(GraphError) as refused:
        read(status, {}, b"<html>")

    assert refused.value.uncertain is uncertain


def test_how_long_to_wait_is_read_from_the_headers() -> None:
    case = '{"77": [{"type": "messenger", "call_count": 100, "estimated_time_to_regain_access": 12}]}'

    with pytest.raises(GraphError) as refused:
        raise_for(error(613), {"X-Business-Use-Case-Usage": case})

    assert refused.value.retry_after == 720
    assert usage({"X-Business-Use-Case-Usage": case, "X-App-Usage": '{"call_count": 28, "total_time": 3}'}) == (
        100,
        720,
    )


def test_without_a_header_a_limit_waits_a_minute() -> None:
    with pytest.raises(GraphError) as refused:
        raise_for(error(4))

    assert refused.value.retry_after == 60


@given(JSON, st.sampled_from([200, 400, 500]))
def test_any_error_has_a_class(value: Any, status: int) -> None:
    for body in (value, {"error": value}):
        named = body.get("error") if isinstance(body, dict) else None
        if isinstance(named, dict):
            assert judge(named, status=status).trouble in ("retry", "recipient", "officer")


@given(st.dictionaries(st.sampled_from(["code", "error_subcode", "message", "is_transient", "fbtrace_id"]), JSON))
def test_any_error_body_is_a_refusal(value: dict[str, Any]) -> None:
    with pytest.raises(GraphError):
        raise_for(value)


@given(JSON)
def test_any_usage_header_is_read(value: Any) -> None:
    for name in ("X-App-Usage", "X-Business-Use-Case-Usage"):
        usage({name: json.dumps(value)})
        usage({name: json.dumps({"1": [value, {"call_count": value, "estimated_time_to_regain_access": value}]})})


def raise_for(value: dict[str, Any], headers: dict[str, str] | None = None) -> None:
    read(400, headers or {}, json.dumps({"error": value}).encode())
