"""
What may go badly, or otherwise than expected, on a given day: switches of the Zalo emulator, all changeable at run time.

Where the sheet says *unverified* there is a switch with the likelier default.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, Literal, get_args, get_origin, get_type_hints

Day = str  # "http_500", "not_json", "hang", "cut", "cut_after", "slow", or an error code such as "-200"


@dataclass
class Weather:
    """
    `api_days`, `send_days` and `oauth_days` are used up first, one entry per request (to the OpenAPI, to the sending of
    messages, to the token endpoint): "http_500", "not_json", "hang", "cut" (before anything was done), "cut_after"
    (done, the answer lost), "slow" (`slow_seconds`), "no_number" (OAuth only: a failure without `error`), "ok", or the
    code of an error.
    """

    # the webhook
    signature: Literal["right", "missing", "wrong", "app_secret", "oa_id_first", "hmac"] = "right"
    signature_spaces: bool = False  # "mac = …"
    timestamp_header: Literal["absent", "same", "signed"] = (
        "absent"  # "signed": another value, and it is the signed one
    )
    json_spaces: bool = False
    json_escaped: bool = False
    failure_policy: Literal["redeliver", "lose"] = "redeliver"  # for answers that are not 200 or come late
    copies: int = 1  # each event arrives 1 to this many times, even after a 200
    shuffle_seconds: float = 0.0  # each event waits up to this long before it leaves
    echo: Literal["after", "before", "none"] = "after"  # oa_send_*; "before" the answer of the API
    receipts: bool = True  # user_received_message
    reads: bool = True  # user_seen_message
    seen_field: Literal["msg_ids", "msg_id"] = "msg_ids"
    buttons_echo: Literal["oa_send_text", "oa_send_template"] = "oa_send_text"
    click_event: bool = False  # a tap also tells user_click_button
    tap_interacts: bool = True  # a tap opens the 48 h again

    # who may be messaged
    free_messages: int = 8  # per interaction; 0 is unlimited
    over_free: Literal["wallet", "-211", "-218"] = "wallet"
    stranger: Literal["-232", "-213", "-230"] = "-232"  # never interacted
    silent: Literal["-230", "-232"] = "-230"  # more than 7 days
    cs_at_night: bool = True
    old_messages: Literal["stopped", "gone", "alive"] = "stopped"  # /message/transaction and /promotion
    buttons_form: Literal["bare", "template_type", "both"] = "bare"

    # the OpenAPI
    requests_per_minute: int = 4000
    rate_header: Literal["X-RateLimit-Remain", "X-RateLimit-Remaining"] = "X-RateLimit-Remain"
    content_type: Literal["application/json", "text/json", "text/plain"] = "application/json"
    require_proof: bool = False  # appsecret_proof
    article_waits: int = 1  # answers -214 this often before an article is ready
    api_error: int = 0  # every call answers this code
    send_error: int = 0  # every send answers this code
    api_down: bool = False  # 503 with a page instead of JSON
    slow_seconds: float = 0.0  # every answer waits this long

    # OAuth
    pkce: Literal["if_given", "required"] = "if_given"
    expires_in: Literal["string", "number"] = "string"
    old_token: Literal["-216", "-220"] = "-216"  # noqa: S105 (a code: what a replaced one answers)
    old_token_grace_seconds: float = 0.0
    lose_refresh_answer: bool = False  # the pair is changed, the connection breaks before the answer
    oauth_without_number: bool = False  # failures have no numeric `error`
    oauth_down: bool = False

    # the clock
    hours_ahead: float = 0.0

    api_days: list[Day] = field(default_factory=list)
    send_days: list[Day] = field(default_factory=list)
    oauth_days: list[Day] = field(default_factory=list)


LABELS = {
    "signature": "Chữ ký của webhook",
    "signature_spaces": "Chữ ký viết có dấu cách",
    "timestamp_header": "Thời điểm ghi cả ở tiêu đề",
    "json_spaces": "JSON có dấu cách",
    "json_escaped": "JSON viết bằng mã ASCII",
    "failure_policy": "Khi máy chủ trả lời sai hoặc chậm",
    "copies": "Mỗi sự kiện đến nhiều nhất mấy lần",
    "shuffle_seconds": "Sự kiện đến lộn xộn trong mấy giây",
    "echo": "Tin của OA báo lại lúc nào",
    "receipts": "Báo đã nhận",
    "reads": "Báo đã xem",
    "seen_field": "Trường của báo đã xem",
    "buttons_echo": "Tên sự kiện báo lại tin có nút",
    "click_event": "Bấm nút còn báo user_click_button",
    "tap_interacts": "Bấm nút tính là tương tác",
    "free_messages": "Số tin miễn phí mỗi lần tương tác (0: không giới hạn)",
    "over_free": "Khi hết tin miễn phí",
    "stranger": "Mã lỗi khi chưa từng tương tác",
    "silent": "Mã lỗi khi quá 7 ngày",
    "cs_at_night": "Được gửi tin tư vấn ban đêm",
    "old_messages": "Tin giao dịch và quảng bá kiểu cũ",
    "buttons_form": "Cách viết nút được nhận",
    "requests_per_minute": "Số lần gọi mỗi phút",
    "rate_header": "Tên tiêu đề số lần gọi còn lại",
    "content_type": "Loại nội dung của câu trả lời",
    "require_proof": "Bắt buộc appsecret_proof",
    "article_waits": "Số lần phải chờ bài viết",
    "api_error": "Mọi lần gọi trả mã lỗi",
    "send_error": "Mọi lần gửi trả mã lỗi",
    "api_down": "OpenAPI ngừng hoạt động",
    "slow_seconds": "Trả lời chậm mấy giây",
    "pkce": "PKCE",
    "expires_in": "Kiểu của expires_in",
    "old_token": "Mã lỗi của token đã đổi",
    "old_token_grace_seconds": "Token cũ còn dùng được mấy giây",
    "lose_refresh_answer": "Mất câu trả lời khi đổi token",
    "oauth_without_number": "Lỗi OAuth không có mã số",
    "oauth_down": "OAuth ngừng hoạt động",
    "hours_ahead": "Đồng hồ chạy trước mấy giờ",
    "api_days": "Các lần gọi OpenAPI tới đây",
    "send_days": "Các lần gửi tin tới đây",
    "oauth_days": "Các lần gọi OAuth tới đây",
}
KINDS = get_type_hints(Weather)


def switches(weather: Weather) -> list[dict[str, Any]]:
    """
    Describe every switch for a page: name, label, kind (bool, number, choice, text), value and choices.
    """
    found = []
    for name, label in LABELS.items():
        kind = KINDS[name]
        switch: dict[str, Any] = {"name": name, "label": label, "value": getattr(weather, name)}
        if get_origin(kind) is Literal:
            switch |= {"kind": "choice", "choices": list(get_args(kind))}
        else:
            switch["kind"] = "bool" if kind is bool else "number"
        if get_origin(kind) is list:
            switch |= {"kind": "text", "value": ", ".join(switch["value"])}
        found.append(switch)
    return found


def turn(weather: Weather, name: str, value: Any) -> None:
    """
    Set one switch; text is read as what the switch holds, and days are separated by commas.

    Raises:
        ValueError: There is no such switch, or it cannot take this value.
    """
    if name not in {each.name for each in fields(Weather)}:
        raise ValueError(f"no switch {name!r}")
    kind = KINDS[name]
    if get_origin(kind) is Literal:
        if value not in get_args(kind):
            raise ValueError(f"{name}={value!r}: one of {', '.join(get_args(kind))}")
    elif get_origin(kind) is list:
        value = [day.strip() for day in value.split(",") if day.strip()] if isinstance(value, str) else list(value)
    elif kind is bool:
        value = value.lower() in ("1", "true", "on", "yes") if isinstance(value, str) else bool(value)
    else:
        value = kind(value)
    setattr(weather, name, value)
