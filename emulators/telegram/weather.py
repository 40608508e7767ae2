"""
What may go badly on a given day: switches of the Telegram emulator, all changeable at run time.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, Literal, get_args, get_origin, get_type_hints

Day = Literal["ok", "502", "500", "not_json", "no_result", "hang", "cut", "cut_after", "slow"]


@dataclass
class Weather:
    """
    `days` is used up first, one entry per call that sends: "502" (a proxy's page), "500" (Telegram's own JSON),
    "not_json" and "no_result" (done, the answer spoilt), "hang" (done, no answer for `hang_seconds`), "cut" (connection
    reset before anything was done), "cut_after" (done, then reset), "slow" (`slow_seconds`), "ok".
    """

    # calls of the Bot API
    bad_gateway: bool = False  # every call: 502 with a page
    server_error: bool = False  # every call: 500 with JSON
    unauthorized: bool = False  # every call: 401, as after a revoked token
    slow_seconds: float = 0.0  # every answer waits this long
    hang_sends: bool = False  # every send is done, and answered after `hang_seconds`
    hang_seconds: float = 60.0
    cut: Literal["no", "before", "after"] = "no"  # every send: the connection is reset before, or after it was done
    flood_seconds: float = 0.0  # the next send begins a flood wait of this length for the whole bot
    limits: bool = True  # 30/s, 1/s per chat, 20/min per group
    query_seconds: float = 60.0  # how long a tap can be answered (unpublished)

    # the webhook
    signature: Literal["right", "missing", "wrong"] = "right"
    ack_seconds: float = 30.0  # how long Telegram waits for an answer (unpublished)
    duplicates: int = 0  # each update arrives up to this many times more, even after a 200
    lose_acks: int = 0  # the answers to so many deliveries get lost on their way, so they come again
    shuffle_seconds: float = 0.0  # each update waits up to this long before it leaves
    gaps: bool = False  # update ids leave some out
    deaf: bool = False  # nothing is delivered; everything waits

    days: list[Day] = field(default_factory=list)


LABELS = {
    "bad_gateway": "Máy chủ Telegram ngừng (trang lỗi 502)",
    "server_error": "Telegram báo lỗi 500",
    "unauthorized": "Token bị thu hồi",
    "slow_seconds": "Trả lời chậm mấy giây",
    "hang_sends": "Nhận tin rồi nhưng không trả lời",
    "hang_seconds": "Không trả lời trong mấy giây",
    "cut": "Đứt kết nối khi gửi",
    "flood_seconds": "Bắt chờ mấy giây vì gửi quá nhanh",
    "limits": "Áp dụng giới hạn tốc độ",
    "query_seconds": "Lần bấm nút hết hạn sau mấy giây",
    "signature": "Mã bí mật của webhook",
    "ack_seconds": "Chờ máy chủ nhận tin mấy giây",
    "duplicates": "Mỗi tin đến thêm nhiều nhất mấy lần",
    "lose_acks": "Số lần mất tín hiệu đã nhận",
    "shuffle_seconds": "Tin đến lộn xộn trong mấy giây",
    "gaps": "Số thứ tự tin bị nhảy quãng",
    "deaf": "Không chuyển tin đến trợ lý",
}
KINDS = get_type_hints(Weather)


def switches(weather: Weather) -> list[dict[str, Any]]:
    """
    Describe every switch for a page: name, label, kind (bool, number, choice), value and choices.
    """
    found = []
    for name, label in LABELS.items():
        kind = KINDS[name]
        switch: dict[str, Any] = {"name": name, "label": label, "value": getattr(weather, name)}
        if get_origin(kind) is Literal:
            switch |= {"kind": "choice", "choices": list(get_args(kind))}
        else:
            switch["kind"] = "bool" if kind is bool else "number"
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
        value = [one.strip() for one in value.split(",") if one.strip()] if isinstance(value, str) else list(value)
        if wrong := set(value) - set(get_args(Day)):
            raise ValueError(f"{name}: no such day: {', '.join(sorted(wrong))}")
    elif kind is bool:
        value = value.lower() in ("1", "true", "on", "yes") if isinstance(value, str) else bool(value)
    else:
        value = kind(value)
        if value < 0:
            raise ValueError(f"{name} cannot be negative")
    setattr(weather, name, value)
