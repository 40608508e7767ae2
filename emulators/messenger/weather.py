"""
The scriptable bad days: every switch may be changed while the emulator runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any

from emulators.messenger.errors import MESSAGES

SIGNATURES = ("both", "sha256", "sha1", "wrong", "missing")
ECHOES = ("after", "before", "off")
TOKENS = ("ok", "190/458", "190/460", "190/463", "190/467")
BURSTS = ("613", "613/2018338", "4", "4/2018354", "17", "32")
BLOCKED = ("551/1545041", "200/1545041", "551", "2")
NOT_OWNER = ("2018300", "100/2018300", "100/2534037")
WINDOWS = ("10/2018278", "10/2534022", "10/2018065")
LONG_TITLES = ("refuse", "cut")
BATCHES = ("entries", "elements", "mixed")
FETCHES = ("real", "accept", "fail")
PERMISSIONS = ("", "pages_messaging", "pages_manage_metadata", "pages_manage_posts", "pages_read_engagement")
LOST_POSTS = ("no", "code_2", "cut")


@dataclass
class Weather:
    """
    Rates are between 0 and 1. Seconds are real ones, not divided by the platform's `speed`, unless said.

    Webhook. `signature`: which headers are sent. `duplicates`: up to so many more copies of each request.
    `shuffle_seconds`: each request waits a random time up to this, so requests overtake each other.
    `timestamp_jitter_ms`: citizens' events carry a timestamp up to this much too early.
    `batch`: up to so many events in one request, as `batch_as` says: one entry each, several elements, or both.
    `deadline_seconds`: how long the webhook may take. `silent`: events are thrown away.

    After a send. `echoes`: the echo is posted after the HTTP answer, before it, or not. `deliveries`, `reads`.

    Send API. `token`: 190 with this subcode. `error`: this "code" or "code/subcode" (a key of errors.MESSAGES) for
    `error_times` sends (0: until it is taken away). `transient_rate`: code 2 with is_transient. `html_rate`: HTTP 502 with a page that is not JSON.
    `lost_rate`: the send is done, and the connection breaks before the answer. `slow_seconds`: before each answer.
    `per_second`, `media_per_second`, `thread_per_second`: limits answered with `burst_as`; 0 is none.
    `quota_per_person`: sends in 24 h are limited to this times the people who ever wrote; 0 is none.
    `usage_percent`: what the usage headers say at least.
    `blocked_as`, `window_as`, `not_owner_as`: which of the known variants is answered.
    `long_titles`: a button's or card's title that is too long is refused, or cut (quick replies are always cut).
    `human_agent`: the app may use the tag. `review`: approved for everybody; else citizens get 200/2018028.
    `profile_access`: names of citizens can be read. `missing_permission`: which one the token lacks.
    `proof_required`: calls without appsecret_proof are refused. `fetch`: media URLs are really fetched, or not.
    `template_approval`: utility templates are approved at once; else they stay PENDING.
    `officer_takes_thread`: an officer's word in the inbox takes the thread from the app.

    The Page's feed. `post_error`: this error for `post_error_times` posts (0: until it is taken away), none of which is
    made. `post_lost`: the post is made, and then HTTP 500 with code 2, or a broken connection, for `post_lost_times`.
    `duplicate_seconds`: how long the same text answers 506. `live`: else posts are seen by people with a role on the app
    only. `creates_content`: the token's maker has the CREATE_CONTENT task. `comment_from`: events name who commented.
    """

    signature: str = "both"
    duplicates: int = 0
    shuffle_seconds: float = 0.0
    timestamp_jitter_ms: int = 0
    batch: int = 1
    batch_as: str = "mixed"
    deadline_seconds: float = 5.0
    silent: bool = False
    echoes: str = "after"
    deliveries: bool = True
    reads: bool = True
    token: str = "ok"  # noqa: S105 (a switch)
    error: str = ""
    error_times: int = 0
    transient_rate: float = 0.0
    html_rate: float = 0.0
    lost_rate: float = 0.0
    slow_seconds: float = 0.0
    per_second: int = 300
    media_per_second: int = 10
    thread_per_second: int = 0
    burst_as: str = "613"
    quota_per_person: int = 200
    usage_percent: int = 0
    blocked_as: str = "551/1545041"
    window_as: str = "10/2018278"
    not_owner_as: str = "2018300"
    long_titles: str = "refuse"
    human_agent: bool = False
    review: bool = True
    profile_access: bool = True
    missing_permission: str = ""
    proof_required: bool = False
    fetch: str = "real"
    fetch_seconds: float = 10.0
    template_approval: bool = True
    officer_takes_thread: bool = False
    post_error: str = ""
    post_error_times: int = 0
    post_lost: str = "no"
    post_lost_times: int = 0
    duplicate_seconds: float = 3600.0
    live: bool = True
    creates_content: bool = True
    comment_from: bool = True

    def set(self, name: str, value: Any) -> None:
        """
        Change one switch.

        Raises:
            ValueError: There is no such switch, or it cannot have this value.
        """
        if name not in LABELS:
            raise ValueError(f"there is no switch {name!r}")
        kind = type(getattr(self, name))
        choices = CHOICES.get(name)
        if choices is not None and str(value) not in choices:
            raise ValueError(f"{name} is one of {', '.join(choices)}")
        if kind is bool and isinstance(value, str):
            value = value.lower() in ("1", "true", "yes", "on")
        try:
            setattr(self, name, kind(value))
        except (TypeError, ValueError):
            raise ValueError(f"{name} is a {kind.__name__}") from None

    def switches(self) -> list[dict[str, Any]]:
        """
        Describe every switch for a page: name, label, kind ("bool", "number", "choice"), value, choices.
        """
        described = []
        for field in fields(self):
            value = getattr(self, field.name)
            choices = CHOICES.get(field.name)
            kind = "choice" if choices else "bool" if isinstance(value, bool) else "number"
            switch = {"name": field.name, "label": LABELS[field.name], "kind": kind, "value": value}
            described.append(switch | ({"choices": list(choices)} if choices else {}))
        return described


CHOICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "signature": SIGNATURES,
        "batch_as": BATCHES,
        "echoes": ECHOES,
        "token": TOKENS,
        "error": ("", *MESSAGES),
        "burst_as": BURSTS,
        "blocked_as": BLOCKED,
        "window_as": WINDOWS,
        "not_owner_as": NOT_OWNER,
        "long_titles": LONG_TITLES,
        "missing_permission": PERMISSIONS,
        "post_error": ("", *MESSAGES),
        "post_lost": LOST_POSTS,
        "fetch": FETCHES,
    }
)

LABELS: Mapping[str, str] = MappingProxyType(
    {
        "signature": "Chữ ký của webhook",
        "duplicates": "Gửi lặp mỗi sự kiện (tối đa thêm bao nhiêu lần)",
        "shuffle_seconds": "Sự kiện đến lộn xộn (chậm ngẫu nhiên tối đa, giây)",
        "timestamp_jitter_ms": "Dấu thời gian lệch (tối đa, mili giây)",
        "batch": "Gộp tối đa bao nhiêu sự kiện trong một lần gọi",
        "batch_as": "Cách gộp",
        "deadline_seconds": "Webhook phải trả lời trong (giây)",
        "silent": "Không chuyển sự kiện nào",
        "echoes": "Tin vọng của tin đã gửi",
        "deliveries": "Báo đã nhận",
        "reads": "Báo đã xem",
        "token": "Mã truy cập",
        "error": "Mọi lần gửi đều lỗi (mã hoặc mã/mã phụ)",
        "error_times": "Số lần lỗi (0: đến khi tắt)",
        "transient_rate": "Tỉ lệ lỗi tạm thời (0–1)",
        "html_rate": "Tỉ lệ trả về trang lỗi 502 (0–1)",
        "lost_rate": "Tỉ lệ gửi được nhưng mất câu trả lời (0–1)",
        "slow_seconds": "Trả lời chậm (giây)",
        "per_second": "Số tin mỗi giây của Trang (0: không giới hạn)",
        "media_per_second": "Số tin âm thanh, video mỗi giây (0: không giới hạn)",
        "thread_per_second": "Số tin mỗi giây cho một người (0: không giới hạn)",
        "burst_as": "Mã lỗi khi gửi quá nhanh",
        "quota_per_person": "Số lần gọi trong 24 giờ cho mỗi người đã nhắn (0: không giới hạn)",
        "usage_percent": "Mức đã dùng báo trong tiêu đề (%)",
        "blocked_as": "Mã lỗi khi người dân đã chặn",
        "window_as": "Mã lỗi khi quá 24 giờ",
        "not_owner_as": "Mã lỗi khi cán bộ đang giữ cuộc trò chuyện",
        "long_titles": "Tên nút quá dài",
        "human_agent": "Được dùng nhãn HUMAN_AGENT",
        "review": "Ứng dụng đã được Meta duyệt",
        "profile_access": "Được đọc tên người dân",
        "missing_permission": "Quyền còn thiếu",
        "proof_required": "Bắt buộc appsecret_proof",
        "fetch": "Tải tệp theo đường dẫn",
        "fetch_seconds": "Thời hạn tải tệp (giây)",
        "template_approval": "Duyệt mẫu tin tiện ích ngay",
        "officer_takes_thread": "Cán bộ nhắn thì giữ luôn cuộc trò chuyện",
        "post_error": "Mọi bài đăng đều lỗi (mã hoặc mã/mã phụ)",
        "post_error_times": "Số bài đăng lỗi (0: đến khi tắt)",
        "post_lost": "Bài đăng được nhưng mất câu trả lời",
        "post_lost_times": "Số bài mất câu trả lời (0: đến khi tắt)",
        "duplicate_seconds": "Không cho đăng lại cùng nội dung trong (giây)",
        "live": "Ứng dụng ở chế độ hoạt động (người dân thấy bài đăng)",
        "creates_content": "Tài khoản tạo mã có quyền đăng bài",
        "comment_from": "Sự kiện bình luận có tên người viết",
    }
)
