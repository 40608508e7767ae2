"""
Pure: what an error of the Graph API means for a reply, in one of four classes, and who must do something about it.

Codes and subcodes as listed by Meta on 2026-06-25. A subcode says more than its code, and Meta has been seen to send it
with another code than documented; so it counts first.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from bot.channels.base import Trouble

BUSY_SECONDS = 60.0  # Meta says in a header how long to wait; this is when it does not


class Verdict(NamedTuple):
    """
    `what` is for operators; `advice` is what an officer should do, in Vietnamese, empty when nothing.
    """

    trouble: Trouble
    what: str
    advice: str = ""
    retry_after: float | None = None


_AGAIN = "Chưa cần làm gì: hệ thống tự gửi lại. Nếu kéo dài quá một giờ, anh/chị xem trang trạng thái của Meta."
_TOKEN = "Quản trị Trang tạo lại mã truy cập Trang (page token), ghi vào cấu hình rồi chạy lệnh kiểm tra kênh."  # noqa: S105
_RIGHTS = "Quản trị ứng dụng Meta xem lại quyền pages_messaging, pages_manage_metadata và mức truy cập nâng cao."
_POLICY = "Quản trị Trang mở mục Chất lượng Trang trên Facebook để xem lý do bị hạn chế và gửi yêu cầu xem xét lại."
_TELL_IT = "Báo đơn vị kỹ thuật, kèm mã lỗi này: nội dung gửi đi không đúng quy định của Messenger."
_CALL = "Không nhắn được nữa cho người này qua Messenger. Nếu cần, anh/chị liên hệ bằng cách khác."

_CLOSED = Verdict(
    "recipient",
    "outside the 24 hours after the citizen's last act",
    "Đã quá 24 giờ từ lần cuối người dân nhắn. Chờ người dân nhắn lại, hoặc trả lời tay trong hộp thư của Trang.",
)
_GONE = Verdict("recipient", "the person cannot be reached: blocked, left or deleted", _CALL)
_ATTACHMENT = Verdict("officer", "Meta refused the attachment", _TELL_IT)
_SHAPE = Verdict("officer", "the message's shape is refused", _TELL_IT)
_MENU = Verdict(
    "officer", "the Messenger profile is refused", "Báo đơn vị kỹ thuật: trình đơn của Trang chưa ghi được."
)
_UNCLEAR = Verdict("officer", "listed by Meta without a clear meaning", _TELL_IT)
_BUSY = Verdict("retry", "a call limit is reached", _AGAIN, BUSY_SECONDS)
_PASSING = Verdict("retry", "a passing trouble at Meta", _AGAIN)
_ELSEWHERE = Verdict(
    "retry",
    "another app holds the conversation",
    "Cán bộ đang giữ cuộc trò chuyện trong hộp thư của Trang: trả lời xong thì bấm “Xong” để trợ lý làm tiếp.",
    BUSY_SECONDS,
)

BY_SUBCODE: dict[int, Verdict] = {
    2018278: _CLOSED,
    2534022: _CLOSED,
    2018065: _CLOSED,
    2018108: Verdict("recipient", "the person cannot receive messages now", _CALL),
    1893015: Verdict("recipient", "the person opted out", _CALL),
    2018001: Verdict("recipient", "no such person for this Page", _CALL),
    1545041: _GONE,
    1893063: Verdict("officer", "the Page is restricted for a while", _POLICY),
    2018344: Verdict(
        "officer",
        "the Page's admin has not accepted the privacy terms of inbox labels",
        "Quản trị Trang mở hộp thư của Trang và chấp nhận điều khoản về nhãn.",
    ),
    11357046: Verdict("officer", "an odd answer after a batch, often missing access", _RIGHTS),
    2018354: _BUSY,
    2018338: Verdict("officer", "stopped for abuse of limits or tags", _POLICY),
    33: Verdict("officer", "the object is missing or the token has no right to it", _RIGHTS),
    2018008: Verdict("officer", "Meta could not fetch the address of a file", _TELL_IT),
    2018047: _ATTACHMENT,
    2018074: _ATTACHMENT,
    2018109: Verdict("officer", "the attachment is too big", _TELL_IT),
    2018294: _ATTACHMENT,
    2018015: Verdict("officer", "neither text nor attachment", _TELL_IT),
    2018053: Verdict("officer", "a button without a title", _TELL_IT),
    2018040: Verdict("officer", "a button without a payload", _TELL_IT),
    2018041: Verdict("officer", "a button without an address", _TELL_IT),
    2534037: _ELSEWHERE,
    2018300: _ELSEWHERE,
    458: Verdict("officer", "token dead: the app was removed from the Page", _TOKEN),
    460: Verdict("officer", "token dead: a password was changed, or its maker was logged out", _TOKEN),
    463: Verdict("officer", "token dead: expired", _TOKEN),
    467: Verdict("officer", "token dead: no longer valid", _TOKEN),
    2018028: Verdict(
        "officer",
        "the app is in development mode or not approved for the public",
        "Quản trị ứng dụng Meta chuyển ứng dụng sang chế độ hoạt động và xin duyệt quyền pages_messaging.",
    ),
    2018145: Verdict("officer", "the menu needs a Get Started button", _MENU.advice),
    2018218: _MENU,
    2018247: _MENU,
    2018014: _UNCLEAR,
    2018321: _UNCLEAR,
}  # fmt: skip
BY_CODE: dict[int, Verdict] = {
    1: _PASSING,
    2: Verdict("retry", "a passing trouble at Meta, or the Page is blocked by the person", _AGAIN),
    1200: _PASSING,
    4: _BUSY,
    17: _BUSY,
    32: _BUSY,
    613: _BUSY,
    10: Verdict("officer", "a permission is missing", _RIGHTS),
    100: _SHAPE,
    190: Verdict("officer", "token dead", _TOKEN),
    199: Verdict("officer", "unknown error, often a missing permission", _RIGHTS),
    200: Verdict("officer", "a permission is missing", _RIGHTS),
    368: Verdict("officer", "blocked for a breach of policy", _POLICY),
    551: _GONE,
    2022: _UNCLEAR,
    9000001: Verdict("recipient", "the person's account is deleted", _CALL),
}  # fmt: skip

_NUMBER = re.compile(r"\(#(\d{1,9})\)")


def judge(error: dict[str, Any], *, status: int) -> Verdict:
    """
    Return what the `error` of an answer means.

    The number inside the message counts before the code: bodies with code 200 and "(#551)" in the message exist.
    """
    known = BY_SUBCODE.get(number(error.get("error_subcode")) or 0)
    if known is not None:
        return known
    if error.get("is_transient") is True:
        return _PASSING
    message = error.get("message")
    named = _NUMBER.search(message) if isinstance(message, str) else None
    for code in (int(named[1]) if named else None, number(error.get("code"))):
        # Subcodes of seven digits are also sent as codes.
        known = None if code is None else BY_CODE.get(code) or (BY_SUBCODE.get(code) if code >= 1_000_000 else None)
        if known is not None:
            return known
    return judge_status(status) if status >= 500 else Verdict("officer", "an error that we do not know", _TELL_IT)


def judge_status(status: int) -> Verdict:
    """
    Return what an answer without a readable error means: something between us and Meta spoke.
    """
    if status == 429:
        return _BUSY
    if status == 408 or status >= 500:
        return _PASSING
    return Verdict("officer", "not an answer of the Graph API; is graph_url right?", "Báo đơn vị kỹ thuật, kèm mã này.")


def number(value: Any) -> int | None:
    """
    Return a code as Meta writes it: a number, sometimes as text.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}", value):
        return int(value)
    return value if isinstance(value, int) else None
