"""
Pure: what an officer reads about a publication that is not there yet, from the problem that its row keeps.

A problem begins with the platform and its code: "zalo -211: …", "facebook 190/460: …", "telegram recipient.unknown: …".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from bot.channels.messenger.trouble import BY_CODE, BY_SUBCODE
from bot.channels.telegram.trouble import ADVICE as OF_TELEGRAM
from bot.channels.zalo.trouble import TABLE as OF_ZALO

_BEGINS = re.compile(r"(?:(zalo|facebook|telegram) )?(-?\d{1,9}(?:/\d{1,9})?|[a-z]+(?:[._][a-z_]+)*)\b", re.ASCII)
UNCLEAR = (
    "Chưa rõ bài đã lên hay chưa: kết nối bị ngắt đúng lúc đăng. Máy không tự đăng lần hai. Anh/chị mở trang ra xem; nếu "
    "chưa thấy bài thì đăng tay."
)
TECHNICIAN = "Anh/chị báo bộ phận kỹ thuật, kèm dòng này: {problem}"
NO_REACH = "Chưa kết nối được. Máy sẽ tự thử lại."
_PAGE_RIGHTS = (
    "Trang Facebook chưa cho phép đăng bài. Quản trị Trang cấp quyền pages_manage_posts và quyền tạo nội dung, rồi tạo lại "
    "mã truy cập."
)
_CHANNEL = "Bot chưa đăng được lên kênh Telegram. Anh/chị kiểm tra tên kênh, và thêm bot làm quản trị viên của kênh, có quyền đăng."
OWN: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("", "rendition.incomplete"): "Bài đăng còn thiếu nội dung. Anh/chị soạn lại, kiểm tra bản xem trước của kênh này.",
        ("", "account.missing"): "Phường, xã chưa kết nối kênh này. Anh/chị báo bộ phận kỹ thuật kết nối kênh.",
        ("", "picture.missing"): "Không còn tìm thấy ảnh của thông báo. Anh/chị soạn lại và tải ảnh lên.",
        ("zalo", "cover.missing"): "Bài viết Zalo cần ảnh bìa. Anh/chị soạn lại và thêm một ảnh, hoặc đặt ảnh bìa chung cho OA.",
        ("zalo", "-211"): "OA đã hết lượt gửi bài trong kỳ này. Chờ kỳ sau, hoặc quản trị OA nâng gói dịch vụ.",
        ("zalo", "-214"): "Zalo còn đang xử lý bài viết. Máy sẽ tự thử lại.",
        ("zalo", "-223"): "OA đã hết lượt tạo bài, hoặc chưa cấp quyền quản lý bài viết. Quản trị OA xem lại gói dịch vụ và "
        "kết nối lại OA.",
        ("zalo", "-234"): "Zalo không gửi bài ban đêm. Máy sẽ tự gửi sau 6 giờ sáng.",
        ("facebook", "368"): "Facebook tạm chặn Trang vì đăng quá nhanh. Máy sẽ tự thử lại sau vài giờ; trong lúc đó đừng "
        "đăng tay nhiều lần.",
        ("facebook", "506"): "Facebook báo vừa có bài cùng nội dung trên Trang. Anh/chị mở Trang ra xem; nếu cần sửa thì sửa "
        "bài đã có.",
        ("facebook", "10"): _PAGE_RIGHTS,
        ("facebook", "200"): _PAGE_RIGHTS,
        ("facebook", "324"): "Facebook không nhận ảnh này. Anh/chị soạn lại với ảnh khác.",
        ("telegram", "rate.exceeded"): "Telegram bắt chờ. Máy sẽ tự thử lại.",
        ("telegram", "message.refused"): "Telegram không nhận bài vì cách trình bày. Anh/chị báo bộ phận kỹ thuật.",
    }
)  # fmt: skip


def advise(state: str, problem: str | None) -> str:
    """
    Return a sentence for the officer; "" for what is sent or has no problem.
    """
    if state == "sent" or not problem:
        return ""
    if state == "uncertain":
        return UNCLEAR
    found = _BEGINS.match(problem)
    platform, code = (found[1] or "", found[2]) if found else ("", "")
    number, _, subcode = code.partition("/")
    own = OWN.get((platform, code)) or OWN.get((platform, number))
    return own or _of_channel(platform, number, subcode) or TECHNICIAN.format(problem=problem)


def _of_channel(platform: str, code: str, subcode: str) -> str:
    """
    Return what the channel's own table says, where it fits a post as well as a reply.
    """
    if code == "not":  # "facebook not reached: …"
        return NO_REACH
    if platform == "zalo" and code.lstrip("-").isdigit():
        known = OF_ZALO.get(int(code))
        return known.advice if known is not None and known.trouble != "recipient" else ""
    if platform == "facebook" and code.isdigit():
        verdict = BY_SUBCODE.get(int(subcode or 0)) or BY_CODE.get(int(code))
        return verdict.advice if verdict is not None and verdict.trouble != "recipient" else ""
    if platform == "telegram":
        if code.startswith("recipient") or code == "chat.migrated":
            return _CHANNEL
        return NO_REACH if code.startswith("api.") else OF_TELEGRAM.get(code, "")
    return ""
