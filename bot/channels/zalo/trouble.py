"""
Pure: what an error code of Zalo means for a reply, in one of four classes, and who must do something about it.

Match on the number alone: the platform's words vary (zalo-oa sheet 6, read 2026-11-20). Errors come with HTTP 200.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import NamedTuple

from bot.channels.base import Trouble

BUSY_SECONDS = 60.0  # 4,000 calls a minute and app; Zalo does not say when the minute is over
# No daylight saving, and containers often lack a time zone database.
_VIET_NAM = timezone(timedelta(hours=7))
_DAY_BEGINS = 6


class Verdict(NamedTuple):
    """
    `what` is for operators; `advice` is what an officer should do, in Vietnamese, empty when nothing.
    """

    trouble: Trouble
    what: str
    advice: str = ""
    retry_after: float | None = None


_CONSOLE = "Quản trị ứng dụng vào trang Zalo for Developers để xem lại ứng dụng và liên kết với OA, rồi kết nối lại OA."
_MANAGER = "Quản trị OA vào OA Manager (oa.zalo.me) để xem tình trạng của OA và làm theo yêu cầu của Zalo."
_PACKAGE = "Quản trị OA xem lại gói dịch vụ và hạn mức của OA trong OA Manager; nâng gói nếu cần."
_WALLET = "Quản trị OA nạp tiền hoặc liên kết tài khoản ZCA (ZBS Account) với OA và ứng dụng."
_TELL_IT = "Báo đơn vị kỹ thuật, kèm mã lỗi này: nội dung gửi đi không đúng quy định của Zalo."
_WAIT = "Chờ người dân nhắn lại; việc cần trả lời ngay thì cán bộ trả lời tay trong OA Manager hoặc gọi điện."
_OTHER_WAY = "Không nhắn được cho người này qua Zalo. Nếu cần, anh/chị liên hệ bằng cách khác."
_AGAIN = "Chưa cần làm gì: hệ thống tự gửi lại. Nếu kéo dài quá một giờ, anh/chị báo đơn vị kỹ thuật."
_CONNECT = "Quản trị OA kết nối lại OA với hệ thống (lệnh connect, hoặc trang quản trị)."

_DEAD_TOKEN = Verdict("token", "the access token is not good", _CONNECT)
_SHAPE = Verdict("officer", "the request's shape is refused", _TELL_IT)

TABLE: dict[int, Verdict] = {
    -32: Verdict("retry", "the call limit of the app or the OA is reached", _AGAIN, BUSY_SECONDS),
    -100: Verdict("retry", "an uploaded file has expired", _AGAIN),
    -200: Verdict("retry", "sending failed, no reason given", _AGAIN),
    -201: Verdict("officer", "a parameter is invalid", _TELL_IT),
    -204: Verdict("officer", "the OA is deleted or disabled", _MANAGER),
    -205: Verdict("officer", "the OA does not exist", _MANAGER),
    -209: Verdict("officer", "the API is not supported: the app is not activated", _CONSOLE),
    -210: Verdict("officer", "a parameter is over its limit", _TELL_IT),
    -211: Verdict("officer", "out of quota", _PACKAGE),
    -212: Verdict("officer", "the app is not registered for this API", _CONSOLE),
    -213: Verdict("recipient", "the person has no relation with the OA", _WAIT),
    -214: Verdict("retry", "an article is still being processed", _AGAIN),
    -216: _DEAD_TOKEN,
    -217: Verdict("recipient", "the person blocks the OA", _OTHER_WAY),
    -218: Verdict("recipient", "the person's quota of messages is used up", _WAIT),
    -219: Verdict("officer", "the app is removed or disabled", _CONSOLE),
    -220: _DEAD_TOKEN,
    -221: Verdict("officer", "the OA is not verified", "Quản trị OA làm thủ tục xác thực OA trong OA Manager."),
    -223: Verdict("officer", "the OA has not granted this right, or its articles are used up",
                  "Quản trị OA kết nối lại OA và đồng ý đủ các quyền."),
    -224: Verdict("officer", "the OA's package is too low", _PACKAGE),
    -227: Verdict("recipient", "the person is banned or inactive for 45 days", _OTHER_WAY),
    -230: Verdict("recipient", "no interaction within 7 days", _WAIT),
    -232: Verdict("recipient", "no interaction yet, or it is too old", _WAIT),
    -233: Verdict("officer", "this type of message is not allowed", _TELL_IT),
    -234: Verdict("retry", "not at night, 22:00 to 06:00", "Chưa cần làm gì: hệ thống gửi lại sau 6 giờ sáng."),
    -235: Verdict("officer", "this type of OA may not use the API", _MANAGER),
    -237: Verdict("recipient", "the group is disabled or expired", _OTHER_WAY),
    -238: Verdict("officer", "an asset of the package is used already", _PACKAGE),
    -240: Verdict("officer", "this version of the API is shut down", _TELL_IT),
    -241: Verdict("officer", "an asset of the package is disabled", _PACKAGE),
    -242: Verdict("officer", "appsecret_proof is wrong",
                  "Báo đơn vị kỹ thuật xem lại app_secret và send_appsecret_proof trong cấu hình."),
    -244: Verdict("recipient", "the person does not want this type of message", _WAIT),
    -248: Verdict("officer", "against the content policy",
                  "Quản trị OA xem thông báo vi phạm trong OA Manager; tạm dừng trợ lý trên Zalo nếu cần."),
    -249: _SHAPE,
    -320: Verdict("officer", "not connected to a ZCA wallet", _WALLET),
    -321: Verdict("officer", "the ZCA wallet has no money", _WALLET),
    -403: Verdict("recipient", "the OA is not in that group", _OTHER_WAY),
    -1340: _SHAPE,
    -1341: _SHAPE,
    -1441: Verdict("recipient", "the person's promotions of the month are used up", _WAIT),
    -1472: Verdict("recipient", "the person's promotions of the day are used up", _WAIT),
    112: Verdict("officer", "the OA is not linked to the app", _CONSOLE),
    404: Verdict("officer", "empty or invalid API; is api_url right?", "Báo đơn vị kỹ thuật xem lại api_url."),
}  # fmt: skip
# -305 and whatever is new: no source says what it means, so it is tried again for a while.
UNKNOWN = Verdict("retry", "a code that we do not know", _AGAIN)


def judge(code: int, *, now: float) -> Verdict:
    """
    Return what a code other than 0 means. `now` (seconds since 1970) tells how long the night is.
    """
    verdict = TABLE.get(code, UNKNOWN)
    return verdict._replace(retry_after=seconds_until_morning(now)) if code == -234 else verdict


def seconds_until_morning(now: float) -> float:
    """
    Return the seconds until it is 06:00 in Viet Nam.
    """
    local = datetime.fromtimestamp(now, _VIET_NAM)
    morning = local.replace(hour=_DAY_BEGINS, minute=0, second=0, microsecond=0)
    if morning <= local:
        morning += timedelta(days=1)
    return (morning - local).total_seconds()
